/**
 * Losses: what a prediction lacks of its target. `loss(target)(prediction)`, a mean over all elements unless told otherwise.
 *
 * Each is least where its comment says, does not change when the examples are put in another order, and never broadcasts
 * target against prediction: [9] against [9, 1] would be compared as [9, 9], the classic silent mistake.
 */
import { div, square, sub } from '../primitive/arithmetic.js'
import { abs } from '../primitive/elementary.js'
import { sumAll } from '../primitive/movement.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape, size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/** Whether the elements' losses are averaged, added, or left alone. */
export type Reduction = 'mean' | 'sum' | 'none'
export interface LossOptions<R extends Reduction> {
  readonly reduction?: R
}
/** The shape of a loss: one number, or the elements' own. */
export type Reduced<R extends Reduction, S extends Shape> = R extends 'none' ? Tensor<S> : Tensor<[]>

const reduce = <R extends Reduction, S extends Shape>(reduction: R, losses: Tensor): Reduced<R, S> =>
  (reduction === 'none'
    ? losses
    : reduction === 'sum'
      ? sumAll(losses)
      : div(sumAll(losses), size(losses.shape))) as Reduced<R, S>

const alike = (operation: string, target: Tensor, prediction: Tensor): void => {
  if (!sameShape(target.shape, prediction.shape)) {
    throw mistake(
      'ShapeMismatch',
      operation,
      `target ${showShape(target.shape)} and prediction ${showShape(prediction.shape)} differ; they are not broadcast, so reshape one of them (Tensor.unsqueeze adds an axis)`
    )
  }
}
const elementwise =
  (operation: string, of: (difference: Tensor) => Tensor) =>
  <const R extends Reduction = 'mean'>({ reduction = 'mean' as R }: LossOptions<R> = {}) =>
  <S extends Shape>(target: Tensor<S>) =>
  (prediction: Tensor<S>): Reduced<R, S> => {
    alike(operation, target, prediction)
    return reduce(reduction, of(sub(prediction, target)))
  }

/**
 * Mean squared error: `mean((prediction − target)²)`, `torch.nn.MSELoss`. Least, 0, where the two are equal.
 *
 * `reduction` is 'mean' unless given.
 *
 * @throws a Mistake if the shapes differ
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Loss.mse()(Tensor.tensor([1, 2]))(Tensor.tensor([1, 4]))), 2)
 */
export const mse = elementwise('mse', square)

/**
 * Mean absolute error: `mean(|prediction − target|)`, `torch.nn.L1Loss`. Least, 0, where the two are equal; its derivative there is 0.
 *
 * `reduction` is 'mean' unless given.
 *
 * @throws a Mistake if the shapes differ
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Loss.l1({ reduction: 'sum' })(Tensor.tensor([1, 2]))(Tensor.tensor([1, 4]))), 2)
 */
export const l1 = elementwise('l1', abs)
