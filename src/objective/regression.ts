/** Losses of numbers: functions of the error, prediction − target, element by element. */
import { div, mul, square, sub } from '../primitive/arithmetic.js'
import { abs } from '../primitive/elementary.js'
import { lessEqual, where } from '../primitive/selection.js'
import type { Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { alike, checkOption, type LossOptions, type Reduced, type Reduction, reduce } from './reduction.js'

const ofError =
  <R extends Reduction>(operation: string, reduction: R, of: (error: Tensor) => Tensor) =>
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
export const mse = <const R extends Reduction = 'mean'>({ reduction = 'mean' as R }: LossOptions<R> = {}) =>
  ofError('mse', reduction, square)

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
export const l1 = <const R extends Reduction = 'mean'>({ reduction = 'mean' as R }: LossOptions<R> = {}) =>
  ofError('l1', reduction, abs)

/** The error between two ends, and what is left of it outside: `c (e − c/2)` is e²/2 within and a line beyond, and overflows nowhere. */
const squareThenLine =
  (end: number) =>
  (error: Tensor): Tensor => {
    const within = where(lessEqual(error, -end), -end, where(lessEqual(end, error), end, error))
    return mul(within, sub(error, mul(within, 0.5)))
  }
const isFinitePositive = (x: number): boolean => x > 0 && Number.isFinite(x)

/** From which error on the loss is a line; 1 unless given. */
export interface SmoothL1Options<R extends Reduction> extends LossOptions<R> {
  readonly beta?: number
}

/**
 * The absolute error with its kink made smooth: `e²/(2 beta)` for an error |e| < beta, `|e| − beta/2` beyond, `torch.nn.SmoothL1Loss`.
 * Least, 0, where target and prediction are equal.
 *
 * `beta` is 1 unless given, and with 0 this is `l1`; `reduction` is 'mean'. The slope is from −1 to 1.
 *
 * @throws a Mistake if the shapes differ, or if beta is negative or not finite
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const loss = Loss.smoothL1({ reduction: 'none' })
 * deepStrictEqual(Tensor.toArray(loss(Tensor.tensor([0, 0]))(Tensor.tensor([0.5, 3]))), [0.125, 2.5])
 */
export const smoothL1 = <const R extends Reduction = 'mean'>({
  beta = 1,
  reduction = 'mean' as R
}: SmoothL1Options<R> = {}) => {
  checkOption('smoothL1', 'beta', beta, x => x === 0 || isFinitePositive(x), 'a finite number of 0 or more')
  const smooth = squareThenLine(beta)
  return ofError('smoothL1', reduction, beta === 0 ? abs : error => div(smooth(error), beta))
}

/** From which error on the loss is a line; 1 unless given. */
export interface HuberOptions<R extends Reduction> extends LossOptions<R> {
  readonly delta?: number
}

/**
 * Huber's loss: `e²/2` for an error |e| < delta, `delta (|e| − delta/2)` beyond, `torch.nn.HuberLoss`; delta times `smoothL1`.
 * Least, 0, where target and prediction are equal.
 *
 * `delta` is 1 unless given, `reduction` 'mean'. The slope is from −delta to delta. (Huber, *Robust estimation of a location parameter*, 1964.)
 *
 * @throws a Mistake if the shapes differ, or if delta is not above 0 and finite
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const loss = Loss.huber({ delta: 2, reduction: 'none' })
 * deepStrictEqual(Tensor.toArray(loss(Tensor.tensor([0, 0]))(Tensor.tensor([1, -4]))), [0.5, 6])
 */
export const huber = <const R extends Reduction = 'mean'>({
  delta = 1,
  reduction = 'mean' as R
}: HuberOptions<R> = {}) => {
  checkOption('huber', 'delta', delta, isFinitePositive, 'a finite number above 0')
  return ofError('huber', reduction, squareThenLine(delta))
}
