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

/** The same as a function of some of its floating inputs, chosen by a number, the others being held. */
export const inFloats = ({ f, inputs }: Case, choice: number): { readonly g: Vector; readonly at: Tensors } => {
  const floats = inputs.flatMap((x, i) => (isFloat(x) ? [i] : []))
  const moving = floats.filter((_, j) => j === choice % floats.length || (choice >> (j + 7)) % 3 !== 0)
  return {
    at: moving.map(i => inputs[i]!),
    g: xs => f(inputs.map((x, i) => xs[moving.indexOf(i)] ?? x))
  }
}
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
