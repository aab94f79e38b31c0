/** Metrics of yes and no, and of classes one against the rest: precision, recall and what lies between them. */
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { mistake } from '../structure/mistake.js'
import type { Shape } from '../structure/shape.js'
import { elements, known, type Tensor } from '../tensor/tensor.js'
import type { Elementwise, Metric } from './metric.js'
import { type Confusion, checkThreshold, confusionOf, type ThresholdOptions } from './metric-classification.js'
import { binaryExamples, type ClassOptions } from './metric-examples.js'
import { checkOption } from './reduction.js'

/** Of a class against the rest: what was taken for it rightly and wrongly, and what of it was missed. */
export interface Answers {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
}
const none: Answers = { truePositives: 0, falsePositives: 0, falseNegatives: 0 }
const together = (a: Answers, b: Answers): Answers => ({
  truePositives: a.truePositives + b.truePositives,
  falsePositives: a.falsePositives + b.falsePositives,
  falseNegatives: a.falseNegatives + b.falseNegatives
})
const answersMonoid: Monoid<Answers> = { empty: none, concat: together }

/**
 * How the classes' numbers become one: the mean over the classes (`macro`), the mean weighted by how many examples are of each (`weighted`), or the number
 * of all answers counted together (`micro`).
 */
export type Average = 'macro' | 'micro' | 'weighted'

/** Of yes and no unless an average says how classes come together. */
export interface BinaryOptions extends ThresholdOptions {
  readonly average?: 'binary'
}
export interface AverageOptions extends ClassOptions {
  readonly average: Average
}

/** 0 where nothing was counted, as scikit-learn has it: of no answer none was right. */
const part = (numerator: number, denominator: number): number => (denominator === 0 ? 0 : numerator / denominator)

type Score = (answers: Answers) => number
const precisionOf: Score = ({ truePositives, falsePositives }) => part(truePositives, truePositives + falsePositives)
const recallOf: Score = ({ truePositives, falseNegatives }) => part(truePositives, truePositives + falseNegatives)
const fOf =
  (beta: number): Score =>
  ({ truePositives, falsePositives, falseNegatives }) => {
    const weighted = (1 + beta * beta) * truePositives
    return part(weighted, weighted + beta * beta * falseNegatives + falsePositives)
  }

const binary = (operation: string, score: Score, threshold: number): Elementwise<Answers, number> => {
  checkThreshold(operation, threshold)
  return {
    Monoid: answersMonoid,
    observe:
      <S extends Shape>(target: Tensor<S>) =>
      (prediction: Tensor<S>) => {
        const { truths, scores } = binaryExamples(operation, target, prediction)
        let [truePositives, falsePositives, falseNegatives] = [0, 0, 0]
        for (let i = 0; i < truths.length; i++) {
          const [is, said] = [truths[i] === 1, scores[i]! > threshold]
          if (is && said) truePositives++
          else if (said) falsePositives++
          else if (is) falseNegatives++
        }
        return { truePositives, falsePositives, falseNegatives }
      },
    read: score
  }
}

/** Each class against the rest, off a confusion matrix, whose rows are the true classes. */
const oneAgainstRest = (operation: string, matrix: Tensor): readonly Answers[] => {
  const counts = elements(known(operation)(matrix))
  const classes = matrix.shape[0] ?? 0
  const at = (row: number, column: number): number => counts[row * classes + column] ?? 0
  return Array.from({ length: classes }, (_, own) => {
    let [row, column] = [0, 0]
    for (let other = 0; other < classes; other++) {
      row += at(own, other)
      column += at(other, own)
    }
    const truePositives = at(own, own)
    return { truePositives, falsePositives: column - truePositives, falseNegatives: row - truePositives }
  })
}

/** Classes that are neither among the targets nor among the answers are none: they would pull every mean to 0. */
const averaged = (average: Average, score: Score, classes: readonly Answers[]): number => {
  if (average === 'micro') return score(classes.reduce(together, none))
  const weight = ({ truePositives, falsePositives, falseNegatives }: Answers): number =>
    average === 'weighted'
      ? truePositives + falseNegatives
      : Number(truePositives + falsePositives + falseNegatives > 0)
  let [sum, total] = [0, 0]
  for (const one of classes) {
    sum += weight(one) * score(one)
    total += weight(one)
  }
  return part(sum, total)
}

/** A metric of yes and no, or of classes. */
export type Agreement<O> = O extends AverageOptions
  ? Metric<Tensor, Tensor, Confusion, number>
  : Elementwise<Answers, number>

const isBinary = (options: BinaryOptions | AverageOptions): options is BinaryOptions =>
  options.average === undefined || options.average === 'binary'
const averages: readonly unknown[] = ['binary', 'macro', 'micro', 'weighted'] satisfies (Average | 'binary')[]
const agreement = <O extends BinaryOptions | AverageOptions>(
  operation: string,
  score: Score,
  options: O
): Agreement<O> => {
  const given: BinaryOptions | AverageOptions = options
  if (given.average !== undefined && !averages.includes(given.average))
    throw mistake(
      'InvalidArgument',
      operation,
      `average is ${String(given.average)}, and not 'binary', 'macro', 'micro' or 'weighted'`
    )
  const of = isBinary(given)
    ? binary(operation, score, given.threshold ?? 0.5)
    : confusionOf(operation, given, matrix => averaged(given.average, score, oneAgainstRest(operation, matrix)))
  // Which of the two it is follows from `average`, as the type has it.
  return of as Agreement<O>
}

/**
 * The part of the answers "yes" that are right: `true positives / (true positives + false positives)`, scikit-learn's `precision_score`.
 * From 0 to 1; 0 if there is no such answer, as in scikit-learn.
 *
 * Of yes and no unless an `average` is given: targets are 1 and 0, predictions scores in the same shape, of which those above the `threshold` (0.5) are a
 * yes. With `average` of classes, each against the rest, `macro`, `micro` or `weighted`: target, prediction and other options are those of
 * `accuracy`, and classes that occur neither among targets nor among answers are left out.
 *
 * @throws a Mistake if the shapes do not fit, for a target, a score, an option out of range, if batches have different numbers of classes,
 * or if the tensors are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const target = Tensor.tensor([1, 0, 1, 1])
 * strictEqual(Metric.evaluate(Metric.precision())(target)(Tensor.tensor([0.9, 0.8, 0.1, 0.2])), 0.5)
 */
export const precision = <const O extends BinaryOptions | AverageOptions = BinaryOptions>(
  options: O = {} as O
): Agreement<O> => agreement('precision', precisionOf, options)

/**
 * The part of what is "yes" that was found: `true positives / (true positives + false negatives)`, scikit-learn's `recall_score`.
 * From 0 to 1; 0 if there is no yes, as in scikit-learn. With `average: 'weighted'` or `'micro'` it is the accuracy.
 *
 * Options, targets and predictions are those of `precision`.
 *
 * @throws a Mistake for all that `precision` does not take
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const logits = Tensor.tensor([[2, 1], [2, 1], [0, 1]])
 * const target = Tensor.tensor([0, 1, 1], { dtype: 'int32' })
 * strictEqual(Metric.evaluate(Metric.recall({ average: 'macro' }))(target)(logits), (1 + 1 / 2) / 2)
 */
export const recall = <const O extends BinaryOptions | AverageOptions = BinaryOptions>(
  options: O = {} as O
): Agreement<O> => agreement('recall', recallOf, options)

/**
 * The weighted harmonic mean of precision and recall: `(1 + β²) precision · recall / (β² precision + recall)`, scikit-learn's `fbeta_score`. Recall counts β times
 * as much as precision. From 0 to 1; 0 if there is neither a yes nor an answer yes, as in scikit-learn.
 *
 * Options, targets and predictions are those of `precision`; averages are means of the classes' numbers, not numbers of the means.
 *
 * @throws a Mistake if β is not a finite number of 0 or more, and for all that `precision` does not take
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const target = Tensor.tensor([1, 0, 1, 1])
 * strictEqual(Metric.evaluate(Metric.fBeta(0))(target)(Tensor.tensor([0.9, 0.8, 0.1, 0.2])), 0.5)
 */
export const fBeta = <const O extends BinaryOptions | AverageOptions = BinaryOptions>(
  beta: number,
  options: O = {} as O
): Agreement<O> => {
  checkOption('fBeta', 'beta', beta, x => x >= 0 && x < Infinity, 'a finite number of 0 or more')
  return agreement('fBeta', fOf(beta), options)
}

/**
 * The harmonic mean of precision and recall: `2 · true positives / (2 · true positives + false positives + false negatives)`, scikit-learn's `f1_score`.
 * From 0 to 1; 0 if there is neither a yes nor an answer yes, as in scikit-learn.
 *
 * Options, targets and predictions are those of `precision`; averages are means of the classes' numbers, not numbers of the means.
 *
 * @throws a Mistake for all that `precision` does not take
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const target = Tensor.tensor([1, 0, 1, 1])
 * strictEqual(Metric.evaluate(Metric.f1())(target)(Tensor.tensor([0.9, 0.8, 0.1, 0.2])), 2 / 5)
 */
export const f1 = <const O extends BinaryOptions | AverageOptions = BinaryOptions>(
  options: O = {} as O
): Agreement<O> => agreement('f1', fOf(1), options)
