/** Derivatives of functions of one number, as `grad` finds them and as differences do. */

import { scalar } from '../../src/operation/creation.js'
import { item } from '../../src/operation/reading.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'

export type Scalar = Tensor<[]>
export type Curve = (x: Scalar) => Scalar

export const at =
  (x: number) =>
  (f: Curve): number =>
    item(f(scalar(x, { dtype: 'float64' })))

export const slope =
  (x: number) =>
  (f: Curve): number =>
    at(x)(grad(f))

/** Central differences, Richardson's extrapolation of two steps: good to about 1e-11 where f is smooth. */
export const difference =
  (x: number, step = 1e-3) =>
  (f: Curve): number => {
    const central = (h: number): number => (at(x + h)(f) - at(x - h)(f)) / (2 * h)
    return (4 * central(step / 2) - central(step)) / 3
  }
