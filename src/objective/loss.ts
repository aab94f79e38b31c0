/**
 * Losses: what a prediction lacks of its target. `loss(target)(prediction)`, a mean over all elements unless told otherwise.
 *
 * Each is least where its comment says, does not change when the examples are put in another order, and never broadcasts
 * target against prediction: [9] against [9, 1] would be compared as [9, 9], the classic silent mistake.
 */
import { logSoftmax } from '../operation/activation.js'
import { div, neg, scale, square, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { abs } from '../primitive/elementary.js'
import { broadcast, reshape, sum, sumAll } from '../primitive/movement.js'
import { equal } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import { range, type Shape, sameShape, showShape, size, withExtent, without } from '../structure/shape.js'
import { constant, type Tensor } from '../tensor/tensor.js'

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

/** The axis of the classes: the second, as in PyTorch, or the only one. */
const classAxis = (logits: Tensor): number => (logits.shape.length === 1 ? 0 : 1)

/**
 * Cross-entropy of classes against logits: `−log softmax(prediction)[target]`, `torch.nn.CrossEntropyLoss`.
 * Least, 0 in the limit, where all weight is on the target's class.
 *
 * `prediction [N, classes, …]` are logits, `target [N, …]` int32 class numbers, or `[N, classes, …]` floating probabilities.
 * `reduction` is 'mean' unless given: over examples, not over classes.
 *
 * @throws a Mistake if the shapes do not fit
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const logits = Tensor.tensor([[0, 0], [0, 100]])
 * const classes = Tensor.tensor([0, 1], { dtype: 'int32' })
 * ok(Math.abs(Tensor.item(Loss.crossEntropy()(classes)(logits)) - Math.log(2) / 2) < 1e-6)
 */
export const crossEntropy =
  <const R extends Reduction = 'mean'>({ reduction = 'mean' as R }: LossOptions<R> = {}) =>
  (target: Tensor) =>
  (prediction: Tensor): Reduced<R, Shape> => {
    if (prediction.shape.length === 0)
      throw mistake('ShapeMismatch', 'crossEntropy', 'a scalar prediction has no axis of classes')
    const axis = classAxis(prediction)
    const perExample = without(prediction.shape, [axis])
    const asClasses = target.dtype === 'int32' || target.dtype === 'bool'
    const wanted = asClasses ? perExample : prediction.shape
    if (!sameShape(target.shape, wanted)) {
      throw mistake(
        'ShapeMismatch',
        'crossEntropy',
        `prediction ${showShape(prediction.shape)} needs a target of class numbers ${showShape(perExample)} (int32) or probabilities ${showShape(prediction.shape)}, not ${target.dtype} ${showShape(target.shape)}`
      )
    }
    const logProbabilities: Tensor = logSoftmax({ axis })(prediction)
    const probabilities = asClasses ? oneHotAlong(axis, prediction, target) : target
    // With `scale` a class of probability 0 counts nothing, even where its logit is −∞.
    const losses = neg(sum([axis])(scale(logProbabilities, cast(logProbabilities.dtype)(probabilities))))
    return reduce(reduction, losses)
  }

const oneHotAlong = (axis: number, prediction: Tensor, target: Tensor): Tensor => {
  const classes = prediction.shape[axis]!
  const numbers = constant([classes], 'int32', Int32Array.from(range(classes)))
  const lift = (x: Tensor, shape: Shape): Tensor => broadcast(prediction.shape)(reshape(shape)(x))
  return equal(
    lift(cast('int32')(target), withExtent(prediction.shape, axis, 1)),
    lift(
      numbers,
      prediction.shape.map((extent, i) => (i === axis ? extent : 1))
    )
  )
}
