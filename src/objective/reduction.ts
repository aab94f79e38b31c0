/**
 * How the losses of elements become one loss, and what target and prediction must have in common.
 *
 * Nothing is broadcast: [9] against [9, 1] would be compared as [9, 9], the classic silent mistake.
 */
import { div } from '../primitive/arithmetic.js'
import { cast, type Operand } from '../primitive/conversion.js'
import { broadcast, sumAll } from '../primitive/movement.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape, size } from '../structure/shape.js'
import { isConstant, type Tensor } from '../tensor/tensor.js'

/** Whether the elements' losses are averaged, added, or left alone. */
export type Reduction = 'mean' | 'sum' | 'none'
export interface LossOptions<R extends Reduction> {
  readonly reduction?: R
}
/** The shape of a loss: one number, or the elements' own. */
export type Reduced<R extends string, S extends Shape> = R extends 'none' ? Tensor<S> : Tensor<[]>

/** The losses as they are asked for; a mean is the sum divided by their number, or by another divisor. */
export const reduce = <R extends Reduction, S extends Shape>(
  reduction: R,
  losses: Tensor,
  divisor: Operand = size(losses.shape)
): Reduced<R, S> =>
  (reduction === 'none'
    ? losses
    : reduction === 'sum'
      ? sumAll(losses)
      : div(sumAll(losses), divisor)) as unknown as Reduced<R, S>

/** Two tensors have one shape; they are called target and prediction unless told otherwise. */
export const alike = (
  operation: string,
  one: Tensor,
  other: Tensor,
  [first, second]: readonly [string, string] = ['target', 'prediction']
): void => {
  if (!sameShape(one.shape, other.shape)) {
    throw mistake(
      'ShapeMismatch',
      operation,
      `${first} ${showShape(one.shape)} and ${second} ${showShape(other.shape)} differ; they are not broadcast, so reshape one of them (Tensor.unsqueeze adds an axis)`
    )
  }
}

/** A tensor in the floating dtype of another. */
export const inDtypeOf = (other: Tensor): ((x: Tensor) => Tensor) => cast(floating(other.dtype))

/** Weights beside losses, to which they are repeated; never the losses to them. */
export const weightsFor = (operation: string, name: string, weights: Tensor, losses: Tensor): Tensor => {
  const missing = losses.shape.length - weights.shape.length
  if (missing < 0 || weights.shape.some((extent, axis) => extent !== 1 && extent !== losses.shape[missing + axis]))
    throw mistake(
      'ShapeMismatch',
      operation,
      `${name} ${showShape(weights.shape)} cannot be repeated to ${showShape(losses.shape)}, the shape of the losses`
    )
  return broadcast(losses.shape)(inDtypeOf(losses)(weights))
}

/** Targets that say whether two things belong together, 1, or not, −1: others are a mistake where they are known. */
export const checkSigns = (operation: string, target: Tensor): void => {
  if (!isConstant(target) || size(target.shape) === 0) return
  const wrong = target.data.find(sign => sign !== 1 && sign !== -1)
  if (wrong !== undefined) throw mistake('InvalidArgument', operation, `a target is 1 or -1, not ${wrong}`)
}

/** An option that is a number of some kind. */
export const checkOption = (
  operation: string,
  name: string,
  value: number,
  fits: (value: number) => boolean,
  kind: string
): void => {
  if (!fits(value)) throw mistake('InvalidArgument', operation, `${name} is ${value}, and not ${kind}`)
}
