/** Metrics that are a mean over examples or elements: how many there were and what they sum to. */
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { mistake } from '../structure/mistake.js'
import { elements, known, type Tensor } from '../tensor/tensor.js'
import type { Metric } from './metric.js'
import { answer, type ClassExamples, type ClassOptions, classExamples } from './metric-examples.js'

/** So many things, and the sum of what was measured of each. */
export interface Mean {
  readonly count: number
  readonly sum: number
}
export const meanMonoid: Monoid<Mean> = {
  empty: { count: 0, sum: 0 },
  concat: (a, b) => ({ count: a.count + b.count, sum: a.sum + b.sum })
}
/** NaN of nothing. */
export const readMean = ({ count, sum }: Mean): number => sum / count

/** The mean of what a function says of each of some numbers. */
export const meanOver = (count: number, measure: (i: number) => number): Mean => {
  let sum = 0
  for (let i = 0; i < count; i++) sum += measure(i)
  return { count, sum }
}

/**
 * The mean of a loss over all examples, whatever their batches, torchmetrics' `MeanMetric`: of a loss that is not reduced,
 * `meanOf(Loss.mse({ reduction: 'none' }))`.
 * Of `Loss.crossEntropy({ reduction: 'none' })` it is scikit-learn's `log_loss`. NaN of no example.
 *
 * It divides by the number of losses, where PyTorch's mean divides by the weights of the classes, if there are any. An example that is ignored
 * counts as a loss of 0. The losses are computed in their dtype, and added up in float64.
 *
 * @throws a Mistake if the loss gives one number for a batch, as it does when it is reduced, or if the losses are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Loss, Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const huber = Metric.meanOf(Loss.huber({ reduction: 'none' }))
 * strictEqual(Metric.evaluate(huber)(Tensor.tensor([0, 0]))(Tensor.tensor([1, 2])), 1)
 */
export const meanOf = <L extends (target: never) => (prediction: never) => Tensor>(
  loss: L
): Metric<Parameters<L>[0], Parameters<ReturnType<L>>[0], Mean, number> => ({
  Monoid: meanMonoid,
  observe: target => {
    const against = loss(target as never)
    return prediction => {
      const losses = against(prediction as never)
      if (losses.shape.length === 0)
        throw mistake(
          'ShapeMismatch',
          'meanOf',
          `the loss gives one number, not one for each example; tell it { reduction: 'none' }`
        )
      const values = elements(known('meanOf')(losses))
      return meanOver(values.length, i => values[i]!)
    }
  },
  read: readMean
})

/** `log Σ exp`, from the largest score on, which overflows nowhere. */
const logSumExp = (given: ClassExamples, example: number): number => {
  const largest = given.score(example, answer(given, example))
  let sum = 0
  for (let of = 0; of < given.classes; of++) sum += Math.exp(given.score(example, of) - largest)
  return largest + Math.log(sum)
}

/**
 * Perplexity: `exp(mean(−log softmax(prediction)[target]))`, torchmetrics' `Perplexity`. From 1, where all weight is on the targets' classes;
 * of equal logits it is the number of classes. NaN of no example.
 *
 * `target [N, …]` are int32 class numbers, `prediction [N, classes, …]` logits, as `Loss.crossEntropy` has them; with `axis: -1` the classes are last, as
 * they are where a model of sequences ends in a linear layer. Computed in float64.
 *
 * @throws a Mistake if the shapes do not fit, if there is no class of a number and that is not ignored, if a logit is NaN, or if the tensors
 * are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const target = Tensor.tensor([1, 3, -100], { dtype: 'int32' })
 * const perplexity = Metric.evaluate(Metric.perplexity({ ignoreIndex: -100 }))(target)(Tensor.zeros([3, 5]))
 * ok(Math.abs(perplexity - 5) < 1e-12)
 */
export const perplexity = (options: ClassOptions = {}): Metric<Tensor, Tensor, Mean, number> => ({
  Monoid: meanMonoid,
  observe: target => prediction => {
    const given = classExamples('perplexity', target, prediction, options)
    return meanOver(
      given.truths.length,
      example => logSumExp(given, example) - given.score(example, given.truths[example]!)
    )
  },
  read: mean => Math.exp(readMean(mean))
})
