/** A function at a point: what the laws of functions and of derivatives are about. */
import { add, mul, sub } from '../src/primitive/arithmetic.js'
import { sumAll } from '../src/primitive/movement.js'
import { isFloat } from '../src/structure/dtype.js'
import { item, type Tensor } from '../src/tensor/tensor.js'
import { direction } from './closeness.js'

export type Tensors = readonly Tensor[]
export type Vector = (xs: Tensors) => Tensor
export type Scalar = (xs: Tensors) => Tensor<[]>

/** A function of tensors, and a point of its domain away from kinks. */
export interface Case {
  readonly f: Vector
  readonly inputs: Tensors
  /** What the function is, for whoever reads a counterexample. */
  readonly about?: string
}

/** The same as a function of its floating inputs alone. */
export const inFloats = ({ f, inputs }: Case): { readonly g: Vector; readonly at: Tensors } => ({
  at: inputs.filter(isFloat),
  g: xs => {
    let next = 0
    return f(inputs.map(x => (isFloat(x) ? xs[next++]! : x)))
  }
})
/** The same followed by a fixed weighted sum: a scalar function. */
export const scalarOf = (g: Vector, at: Tensors, choice: number): Scalar => {
  const weight = direction(choice)(g(at))
  return xs => sumAll(mul(weight, g(xs)))
}
/** The same along a line through the point, which is reached at 1: a function of one number. */
export const onLine =
  (s: Scalar, at: Tensors, v: Tensors): Scalar =>
  ([t]) =>
    s(at.map((x, i) => add(x, mul(v[i]!, sub(t!, 1)))))
export const value = (x: Tensor): number => item('a law')(x)
