/** Running averages of gradients and of their squares, and how much of a start at zero is left in them. */
import * as Tree from '../operation/tree.js'
import { add, mul, square, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { pow } from '../primitive/elementary.js'
import { type Tensor, zeros } from '../tensor/tensor.js'

/** Two rates of the past that is kept: of gradients, and of their squares. */
export type Betas = readonly [number, number]

/** `β m + (1 − β) g`, leaf by leaf. */
export const average =
  (beta: number) =>
  (gradients: Tree.Tree) =>
  (old: Tree.Tree): Tree.Tree =>
    Tree.zipWith((m, g) => add(mul(m, beta), mul(g, 1 - beta)))(gradients)(old)
/** `β v + (1 − β) g²`, leaf by leaf. */
export const averageOfSquares =
  (beta: number) =>
  (gradients: Tree.Tree) =>
  (old: Tree.Tree): Tree.Tree =>
    Tree.zipWith((v, g) => add(mul(v, beta), mul(square(g), 1 - beta)))(gradients)(old)

/** No steps yet. */
export const noSteps: Tensor<[]> = /* @__PURE__ */ zeros({ shape: [], dtype: 'int32' })
/** One step more. */
export const oneMore = (count: Tensor<[]>): Tensor<[]> => add(count, 1)

/**
 * `1 − βᵗ`: the sum of the weights of the t gradients in a running average that began at 0, by which it is divided.
 * It is a float64 scalar, for 1 − 0.999ᵗ loses four digits of a float32 in the first steps; cast the result, not the count.
 */
export const correction = (beta: number, count: Tensor<[]>): Tensor => sub(1, pow(beta, cast('float64')(count)))
