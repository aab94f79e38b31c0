/** Losses of distributions: what a prediction that is a distribution makes of its target. */

import { add, div, mul, scale, square, sub } from '../primitive/arithmetic.js'
import { stopGradient } from '../primitive/conversion.js'
import { exp, log } from '../primitive/elementary.js'
import { broadcast, sumAll } from '../primitive/movement.js'
import { less, where } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape, withExtent } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { alike, checkOption, inDtypeOf, type LossOptions, type Reduced, type Reduction, reduce } from './reduction.js'

/** `batchmean` divides the sum by the number of examples, the first axis, which is what the divergence of a batch is. */
export type DivergenceReduction = Reduction | 'batchmean'
export interface KlDivergenceOptions<R extends DivergenceReduction> {
  /** Whether the target holds logarithms of probabilities too; not, unless told so. */
  readonly logTarget?: boolean
  readonly reduction?: R
}

/**
 * Kullback and Leibler's divergence of a target distribution from a predicted one: `t (log t − prediction)`, where the prediction holds logarithms
 * of probabilities, `torch.nn.KLDivLoss`. Among distributions least where the two are equal: their sum is 0 there.
 *
 * With `logTarget` the target t holds logarithms too: `eᵗ (t − prediction)`. A target of probability 0 counts nothing.
 * `reduction` is 'mean' unless given, over all elements; 'batchmean', the sum divided by the first axis, is the mean divergence of a batch.
 *
 * @throws a Mistake if the shapes differ
 *
 * @example
 * import { Loss, pipe, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const target = Tensor.tensor([[0, 1], [0.5, 0.5]])
 * const prediction = pipe(Tensor.tensor([[0.5, 0.5], [0.5, 0.5]]), Tensor.log)
 * const loss = Loss.klDivergence({ reduction: 'batchmean' })(target)(prediction)
 * ok(Math.abs(Tensor.item(loss) - Math.log(2) / 2) < 1e-6)
 */
export const klDivergence =
  <const R extends DivergenceReduction = 'mean'>({
    logTarget = false,
    reduction = 'mean' as R
  }: KlDivergenceOptions<R> = {}) =>
  <S extends Shape>(target: Tensor<S>) =>
  (prediction: Tensor<S>): Reduced<R, S> => {
    alike('klDivergence', target, prediction)
    const float = inDtypeOf(prediction)
    const [t, x] = [float(target), float(prediction)]
    const losses = logTarget ? scale(exp(t), sub(t, x)) : sub(scale(t, log(t)), scale(t, x))
    return (
      reduction === 'batchmean' ? div(sumAll(losses), prediction.shape[0] ?? 1) : reduce(reduction as Reduction, losses)
    ) as Reduced<R, S>
  }

export interface PoissonNllOptions<R extends Reduction> extends LossOptions<R> {
  /** Whether the prediction holds logarithms of rates, as unless told otherwise, or rates. */
  readonly logInput?: boolean
  /** Whether Stirling's approximation of log t! is added, as it is not unless told so. */
  readonly full?: boolean
  /** What is added to a rate before its logarithm is taken; 1e-8 unless given. */
  readonly epsilon?: number
}

/** `log t! ≈ t log t − t + log(2π t)/2` for counts above 1, 0 for others. */
const stirling = (count: Tensor): Tensor => {
  const many = less(1, count)
  // The logarithm is taken of 1 where it is not used, so that derivatives stay finite there.
  const t = where(many, count, 1)
  return where(many, add(sub(mul(t, log(t)), t), mul(log(mul(t, 2 * Math.PI)), 0.5)), 0)
}

/**
 * Negative log-likelihood of counts under Poisson distributions: `e^prediction − target · prediction`, `torch.nn.PoissonNLLLoss`.
 * Least where the rate e^prediction is the target.
 *
 * With `logInput: false` the prediction holds the rates themselves: `prediction − target · log(prediction + epsilon)`. With `full` the part that does
 * not depend on the prediction is added too, by Stirling's approximation. `epsilon` is 1e-8 unless given, `reduction` 'mean'.
 *
 * @throws a Mistake if the shapes differ, or if epsilon is negative
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const loss = Loss.poissonNll({ reduction: 'none' })
 * deepStrictEqual(Tensor.toArray(loss(Tensor.tensor([0, 3]))(Tensor.tensor([0, 0]))), [1, 1])
 */
export const poissonNll =
  <const R extends Reduction = 'mean'>({
    logInput = true,
    full = false,
    epsilon = 1e-8,
    reduction = 'mean' as R
  }: PoissonNllOptions<R> = {}) =>
  <S extends Shape>(target: Tensor<S>) =>
  (prediction: Tensor<S>): Reduced<R, S> => {
    checkOption('poissonNll', 'epsilon', epsilon, x => x >= 0, 'a number of 0 or more')
    alike('poissonNll', target, prediction)
    const float = inDtypeOf(prediction)
    const [t, x] = [float(target), float(prediction)]
    const losses = logInput ? sub(exp(x), scale(t, x)) : sub(x, scale(t, log(add(x, epsilon))))
    return reduce(reduction, full ? add(losses, stirling(t)) : losses)
  }

export interface GaussianNllOptions<R extends Reduction> extends LossOptions<R> {
  /** Whether log(2π)/2 is added, as it is not unless told so. */
  readonly full?: boolean
  /** The smallest variance; 1e-6 unless given. */
  readonly epsilon?: number
}
/** A normal distribution for each element; along the last axis one variance may stand for all. */
export interface Gaussian<S extends Shape, V extends Shape = Shape> {
  readonly mean: Tensor<S>
  readonly variance: Tensor<V>
}

/**
 * Negative log-likelihood under normal distributions: `(log variance + (mean − target)² / variance) / 2`, `torch.nn.GaussianNLLLoss`.
 * Least where the mean is the target and the variance as small as it may be.
 *
 * `mean` has the shape of the target; so has `variance`, or size 1 in its last axis. A variance below `epsilon`, 1e-6 unless given, counts
 * as that, and its derivative is the one at that. With `full` log(2π)/2 is added, so that it is the likelihood itself. `reduction` is 'mean' unless given.
 *
 * @throws a Mistake if the shapes do not fit, or if epsilon is not above 0
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const mean = Tensor.tensor([0, 1])
 * const variance = Tensor.tensor([1, 0.25])
 * const loss = Loss.gaussianNll({ reduction: 'none' })(Tensor.tensor([2, 1]))({ mean, variance })
 * deepStrictEqual(Tensor.toArray(loss), [2, Math.fround(Math.log(0.25) / 2)])
 */
export const gaussianNll =
  <const R extends Reduction = 'mean'>({
    full = false,
    epsilon = 1e-6,
    reduction = 'mean' as R
  }: GaussianNllOptions<R> = {}) =>
  <S extends Shape>(target: Tensor<S>) =>
  <V extends Shape>({ mean, variance }: Gaussian<S, V>): Reduced<R, S> => {
    const operation = 'gaussianNll'
    checkOption(operation, 'epsilon', epsilon, x => x > 0, 'a number above 0')
    alike(operation, target, mean, ['target', 'mean'])
    const shape: Shape = mean.shape
    const shared = shape.length > 0 ? withExtent(shape, shape.length - 1, 1) : shape
    if (!sameShape(variance.shape, shape) && !sameShape(variance.shape, shared))
      throw mistake(
        'ShapeMismatch',
        operation,
        `variance ${showShape(variance.shape)} is neither one for each element of mean ${showShape(shape)} nor one for each row, ${showShape(shared)}`
      )
    const float = inDtypeOf(mean)
    const v = float(variance)
    // Where it is cut off the derivative is kept: v less its own value is exactly 0 with slope 1.
    const positive = where(less(v, epsilon), add(sub(v, stopGradient(v)), epsilon), v)
    const spread = broadcast(shape)(positive)
    const losses = mul(add(log(spread), div(square(sub(float(mean), float(target))), spread)), 0.5)
    return reduce(reduction, full ? add(losses, Math.log(2 * Math.PI) / 2) : losses)
  }
