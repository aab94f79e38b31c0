/** Metrics of numbers: how far predictions are from their targets, element by element. */
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { mistake } from '../structure/mistake.js'
import { range, type Shape, size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Elementwise } from './metric.js'
import { elementPairs } from './metric-examples.js'
import { type Mean, meanMonoid, meanOver, readMean } from './metric-mean.js'

const ofError = (
  operation: string,
  measure: (error: number) => number,
  finish: (mean: number) => number
): Elementwise<Mean, number> => ({
  Monoid: meanMonoid,
  observe:
    <S extends Shape>(target: Tensor<S>) =>
    (prediction: Tensor<S>) => {
      const [truths, predictions] = elementPairs(operation, target, prediction)
      return meanOver(truths.length, i => measure(predictions[i]! - truths[i]!))
    },
  read: mean => finish(readMean(mean))
})
const square = (x: number): number => x * x
const itself = (x: number): number => x

/**
 * Mean absolute error over all elements: `mean(|prediction − target|)`, scikit-learn's `mean_absolute_error`. From 0, where the two are equal;
 * NaN of nothing. Computed in float64, whatever the dtypes.
 *
 * @throws a Mistake if the shapes differ, or if the tensors are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Metric.evaluate(Metric.mae())(Tensor.tensor([1, 2]))(Tensor.tensor([1, 4])), 1)
 */
export const mae = (): Elementwise<Mean, number> => ofError('mae', Math.abs, itself)

/**
 * Mean squared error over all elements: `mean((prediction − target)²)`, scikit-learn's `mean_squared_error`. From 0, where the two are equal;
 * NaN of nothing. Computed in float64, whatever the dtypes.
 *
 * @throws a Mistake if the shapes differ, or if the tensors are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Metric.evaluate(Metric.mse())(Tensor.tensor([1, 2]))(Tensor.tensor([1, 4])), 2)
 */
export const mse = (): Elementwise<Mean, number> => ofError('mse', square, itself)

/**
 * The root of the mean squared error over all elements: `√mean((prediction − target)²)`, scikit-learn's `root_mean_squared_error`.
 * From 0, where the two are equal; NaN of nothing. Computed in float64, whatever the dtypes.
 *
 * The root is taken when all batches have been seen: a mean of their roots would be less.
 *
 * @throws a Mistake if the shapes differ, or if the tensors are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Metric.evaluate(Metric.rmse())(Tensor.tensor([1, 2, 3, 4]))(Tensor.tensor([1, 2, 3, 8])), 2)
 */
export const rmse = (): Elementwise<Mean, number> => ofError('rmse', square, Math.sqrt)

/** Of each output: the mean of its targets, the squares of their distances from it, and the squares of the errors. */
export interface Explained {
  readonly count: number
  readonly outputs: readonly {
    readonly mean: number
    readonly spread: number
    readonly residual: number
  }[]
}

// Around the mean of what was seen so far: Σy² − (Σy)²/n loses all digits where the mean is large beside the spread. Equal targets have no spread at all.
const explainedMonoid: Monoid<Explained> = {
  empty: { count: 0, outputs: [] },
  concat: (a, b) => {
    if (a.count === 0) return b
    if (b.count === 0) return a
    if (a.outputs.length !== b.outputs.length)
      throw mistake(
        'ShapeMismatch',
        'r2',
        `batches of ${a.outputs.length} and of ${b.outputs.length} outputs for each example are not about the same`
      )
    const count = a.count + b.count
    return {
      count,
      outputs: a.outputs.map((one, i) => {
        const other = b.outputs[i]!
        const apart = other.mean - one.mean
        return {
          mean: one.mean + apart * (b.count / count),
          spread: one.spread + other.spread + apart * apart * a.count * (b.count / count),
          residual: one.residual + other.residual
        }
      })
    }
  }
}

const explainedBy = (
  truths: ArrayLike<number>,
  predictions: ArrayLike<number>,
  count: number,
  outputs: number
): Explained => ({
  count,
  outputs: range(outputs).map(output => {
    let [mean, spread, residual] = [0, 0, 0]
    for (let example = 0; example < count; example++) {
      const at = example * outputs + output
      const before = truths[at]! - mean
      mean += before / (example + 1)
      spread += before * (truths[at]! - mean)
      residual += square(predictions[at]! - truths[at]!)
    }
    return { mean, spread, residual }
  })
})

/**
 * The coefficient of determination R²: `1 − Σ(prediction − target)² / Σ(target − mean(target))²`, scikit-learn's `r2_score`. At most 1, where
 * the two are equal; 0 for the mean of the targets; below for what is worse than that.
 *
 * The first axis is that of the examples; what an example has of numbers beyond are outputs, whose R² are averaged. Where all targets of
 * an output are equal its R² is 1 if the prediction is too, and 0 otherwise, as scikit-learn has it. NaN of fewer than two examples. Computed in
 * float64 by the method of Welford and of Chan, which keeps its digits where the targets are far from 0.
 *
 * @throws a Mistake if the shapes differ, if there is no axis of examples, if batches have different numbers of outputs, or if the tensors are not
 * known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const target = Tensor.tensor([1, 2, 3])
 * strictEqual(Metric.evaluate(Metric.r2())(target)(target), 1)
 * strictEqual(Metric.evaluate(Metric.r2())(target)(Tensor.tensor([2, 2, 2])), 0)
 */
export const r2 = (): Elementwise<Explained, number> => ({
  Monoid: explainedMonoid,
  observe:
    <S extends Shape>(target: Tensor<S>) =>
    (prediction: Tensor<S>) => {
      const [truths, predictions] = elementPairs('r2', target, prediction)
      const [count, ...rest] = prediction.shape
      if (count === undefined)
        throw mistake(
          'ShapeMismatch',
          'r2',
          'target and prediction [] are scalars; their first axis would be the examples'
        )
      return count === 0 ? explainedMonoid.empty : explainedBy(truths, predictions, count, size(rest))
    },
  read: ({ count, outputs }) => {
    if (count < 2) return Number.NaN
    const each = outputs.map(({ spread, residual }) =>
      spread === 0 ? (residual === 0 ? 1 : 0) : 1 - residual / spread
    )
    return readMean(meanOver(each.length, i => each[i]!))
  }
})
