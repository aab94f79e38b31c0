/** Metrics of classes that count answers: how many are right, and what is taken for what. */
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape } from '../structure/shape.js'
import { type Constant, constant, elements, known, type Tensor, zeros } from '../tensor/tensor.js'
import type { Elementwise, Metric } from './metric.js'
import { answer, binaryExamples, type ClassExamples, type ClassOptions, classExamples } from './metric-examples.js'
import { type Mean, meanMonoid, meanOver, readMean } from './metric-mean.js'
import { checkOption } from './reduction.js'

const partOfExamples = (
  operation: string,
  options: ClassOptions,
  isRight: (given: ClassExamples, example: number) => boolean
): Metric<Tensor, Tensor, Mean, number> => ({
  Monoid: meanMonoid,
  observe: target => prediction => {
    const given = classExamples(operation, target, prediction, options)
    return meanOver(given.truths.length, example => (isRight(given, example) ? 1 : 0))
  },
  read: readMean
})

/**
 * The part of the examples whose class has the largest score, scikit-learn's `accuracy_score`, torchmetrics' `MulticlassAccuracy(average='micro')`.
 * From 0 to 1; NaN of no example.
 *
 * `target [N, …]` are int32 class numbers, `prediction [N, classes, …]` scores of any kind: logits, probabilities. Of equal scores the first counts, as in
 * `Tensor.argmax`. With `axis` the classes are elsewhere, and examples of the number `ignoreIndex` count nothing, as in `Loss.crossEntropy`.
 *
 * @throws a Mistake if the shapes do not fit, if there is no class of a number and that is not ignored, if a score is NaN, or if the tensors
 * are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const logits = Tensor.tensor([[2, 1, 0], [0, 1, 2]])
 * const target = Tensor.tensor([0, 1], { dtype: 'int32' })
 * strictEqual(Metric.evaluate(Metric.accuracy())(target)(logits), 0.5)
 */
export const accuracy = (options: ClassOptions = {}): Metric<Tensor, Tensor, Mean, number> =>
  partOfExamples('accuracy', options, (given, example) => answer(given, example) === given.truths[example])

/** How many scores come before that of the example's class, of equal ones those of smaller numbers. */
const before = ({ classes, truths, score }: ClassExamples, example: number): number => {
  const truth = truths[example]!
  const own = score(example, truth)
  let count = 0
  for (let other = 0; other < classes; other++) {
    const theirs = score(example, other)
    if (theirs > own || (theirs === own && other < truth)) count++
  }
  return count
}

/**
 * The part of the examples whose class is among those with the k largest scores, scikit-learn's `top_k_accuracy_score`. From 0 to 1; NaN of no example.
 * `topKAccuracy(1)` is `accuracy`, and with as many as there are classes, or more, it is 1.
 *
 * Target, prediction and options are those of `accuracy`; of equal scores the first come first.
 *
 * @throws a Mistake if k is not a whole number of 1 or more, and for all that `accuracy` does not take
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const logits = Tensor.tensor([[2, 1, 0], [0, 1, 2]])
 * const target = Tensor.tensor([0, 1], { dtype: 'int32' })
 * strictEqual(Metric.evaluate(Metric.topKAccuracy(2))(target)(logits), 1)
 */
export const topKAccuracy = (k: number, options: ClassOptions = {}): Metric<Tensor, Tensor, Mean, number> => {
  checkOption('topKAccuracy', 'k', k, x => Number.isInteger(x) && x >= 1, 'a whole number of 1 or more')
  return partOfExamples('topKAccuracy', options, (given, example) => before(given, example) < k)
}

/** Which scores are a yes. */
export interface ThresholdOptions {
  /** Those above this; 0.5 unless given. */
  readonly threshold?: number
}

/**
 * The part of the answers yes or no that are right, torchmetrics' `BinaryAccuracy`. From 0 to 1; NaN of nothing.
 *
 * Targets are 1 and 0, predictions scores in the same shape, of which those above the `threshold` are a yes: 0.5 unless given, which is for
 * probabilities; for logits it is 0.
 *
 * @throws a Mistake if the shapes differ, if a target is neither 1 nor 0, if a score or the threshold is NaN, or if the tensors are not known (inside
 * `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Metric.evaluate(Metric.binaryAccuracy())(Tensor.tensor([1, 0]))(Tensor.tensor([0.9, 0.7])), 0.5)
 */
export const binaryAccuracy = ({ threshold = 0.5 }: ThresholdOptions = {}): Elementwise<Mean, number> => {
  checkThreshold('binaryAccuracy', threshold)
  return {
    Monoid: meanMonoid,
    observe:
      <S extends Shape>(target: Tensor<S>) =>
      (prediction: Tensor<S>) => {
        const { truths, scores } = binaryExamples('binaryAccuracy', target, prediction)
        return meanOver(truths.length, i => (scores[i]! > threshold === (truths[i] === 1) ? 1 : 0))
      },
    read: readMean
  }
}
export const checkThreshold = (operation: string, threshold: number): void =>
  checkOption(operation, 'threshold', threshold, x => !Number.isNaN(x), 'a number')

/** Counts [classes, classes], or [0, 0] where nothing has been seen. */
export type Confusion = Tensor<[number, number]>
const noneSeen = /* @__PURE__ */ zeros({ shape: [0, 0], dtype: 'int32' })
const tallied = (classes: number, count: (add: (row: number, column: number) => void) => void): Constant => {
  const counts = new Int32Array(classes * classes)
  count((row, column) => {
    counts[row * classes + column]!++
  })
  return constant([classes, classes], 'int32', counts)
}
const confusionMonoid = (operation: string): Monoid<Confusion> => ({
  empty: noneSeen as Tensor as Confusion,
  concat: (a, b) => {
    if (a.shape[0] === 0) return b
    if (b.shape[0] === 0) return a
    if (!sameShape(a.shape, b.shape))
      throw mistake(
        'ShapeMismatch',
        operation,
        `batches with ${a.shape[0]} and with ${b.shape[0]} classes are not about the same: ${showShape(a.shape)} and ${showShape(b.shape)}`
      )
    const [xs, ys] = [elements(known(operation)(a)), elements(known(operation)(b))]
    return constant(
      a.shape,
      'int32',
      Int32Array.from(xs, (x, i) => x + ys[i]!)
    ) as Tensor as Confusion
  }
})
/** The confusion matrix that a metric by another name is read off. */
export const confusionOf = <A>(
  operation: string,
  options: ClassOptions,
  read: (counts: Confusion) => A
): Metric<Tensor, Tensor, Confusion, A> => ({
  Monoid: confusionMonoid(operation),
  observe: target => prediction => {
    const given = classExamples(operation, target, prediction, options)
    return tallied(given.classes, add =>
      given.truths.forEach((truth, example) => add(truth, answer(given, example)))
    ) as Tensor as Confusion
  },
  read
})

/**
 * How many examples of each class were taken for each, scikit-learn's `confusion_matrix`: `[classes, classes]` int32, a row for each true class, a column
 * for each answer, which is the class of the largest score, the first of several. `[0, 0]` of no batch.
 *
 * Target, prediction and options are those of `accuracy`.
 *
 * @throws a Mistake for all that `accuracy` does not take, and if batches have different numbers of classes
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const logits = Tensor.tensor([[2, 1], [2, 1], [0, 1]])
 * const target = Tensor.tensor([0, 1, 1], { dtype: 'int32' })
 * deepStrictEqual(Tensor.toArray(Metric.evaluate(Metric.confusionMatrix())(target)(logits)), [[1, 0], [1, 1]])
 */
export const confusionMatrix = (options: ClassOptions = {}): Metric<Tensor, Tensor, Confusion, Confusion> =>
  confusionOf('confusionMatrix', options, counts => counts)
