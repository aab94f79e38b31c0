/**
 * Losses of one class among many: against logits, and against logarithms of probabilities.
 *
 * Which axis holds the classes is PyTorch's choice unless told otherwise: the second, or the only one.
 */
import { logSoftmax } from '../operation/activation.js'
import { add, mul, neg, scale } from '../primitive/arithmetic.js'
import { sum, sumAll } from '../primitive/movement.js'
import { where } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape, size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { type Classes, classesOf, type Examples, isNumbered, type Ones, oneOf, unfit } from './classes.js'
import { checkOption, inDtypeOf, type LossOptions, type Reduced, type Reduction, reduce } from './reduction.js'

export interface NllOptions<R extends Reduction, Axis extends number | undefined> extends LossOptions<R> {
  /** A number for each class, which the losses of its examples are multiplied by. */
  readonly weight?: Tensor
  /** Examples of this number count nothing: a class, or a number that is none, such as PyTorch's −100. All count unless it is given. */
  readonly ignoreIndex?: number
  /** The axis of the classes; 1, or 0 where there is no other, unless given. */
  readonly axis?: Axis
}
export interface CrossEntropyOptions<R extends Reduction, Axis extends number | undefined> extends NllOptions<R, Axis> {
  /** How much of each target is spread evenly over all classes, from 0 to 1; 0 unless given. */
  readonly labelSmoothing?: number
}

/** The class weights in the dtype and beside the axes of a prediction. */
const weightsOf = ({ operation, count, alongClasses }: Classes, weight: Tensor, like: Tensor): Tensor => {
  if (!sameShape(weight.shape, [count]))
    throw mistake(
      'ShapeMismatch',
      operation,
      `weight ${showShape(weight.shape)} is not one number for each of ${count} classes, [${count}]`
    )
  return alongClasses(inDtypeOf(like)(weight))
}

/** What a loss of classes does with its target: how much of each class an example is, and what a mean divides by. */
interface Shares {
  readonly shares: Tensor
  readonly divisor: () => Tensor | number
}

/** `−Σ shares · log p` for each example; a class without a share costs nothing, even where its logarithm is −∞. */
const costs = ({ axis }: Classes, shares: Tensor, logProbabilities: Tensor): Tensor =>
  neg(sum([axis])(scale(logProbabilities, shares)))

const ofNumbers = (
  classes: Classes,
  { hot, kept }: Ones,
  weights: Tensor | undefined,
  smoothing: number,
  float: (x: Tensor) => Tensor
): Shares => {
  const ones = float(hot)
  const evenly = smoothing / classes.count
  const smooth =
    smoothing === 0
      ? ones
      : add(mul(ones, 1 - smoothing), kept === undefined ? evenly : classes.alongExamples(mul(float(kept), evenly)))
  return {
    shares: weights === undefined ? smooth : mul(smooth, weights),
    divisor: () =>
      weights !== undefined
        ? sumAll(mul(ones, weights))
        : kept === undefined
          ? size(classes.examples)
          : sumAll(float(kept))
  }
}

const ofProbabilities = (
  { count, examples }: Classes,
  probabilities: Tensor,
  weights: Tensor | undefined,
  smoothing: number
): Shares => {
  const smooth = smoothing === 0 ? probabilities : add(mul(probabilities, 1 - smoothing), smoothing / count)
  return {
    shares: weights === undefined ? smooth : mul(smooth, weights),
    divisor: () => size(examples)
  }
}

const lossOf = <R extends Reduction, P extends Shape>(
  classes: Classes,
  reduction: R,
  { shares, divisor }: Shares,
  logProbabilities: Tensor,
  valid: Tensor | undefined
): Reduced<R, P> => {
  const losses = costs(classes, shares, logProbabilities)
  return reduce(
    reduction,
    valid === undefined ? losses : where(valid, losses, Number.NaN),
    reduction === 'mean' ? divisor() : 1
  )
}

/**
 * Cross-entropy of classes against logits: `−log softmax(prediction)[target]`, `torch.nn.CrossEntropyLoss`.
 * Least, 0 in the limit, where all weight is on the target's class.
 *
 * `prediction [N, classes, …]` are logits, `target [N, …]` int32 class numbers, or `[N, classes, …]` floating probabilities p,
 * for which the loss is `−Σ p log softmax(prediction)`. With `axis` the classes are elsewhere: −1 where they are features of a layer's output.
 *
 * Each class may have a `weight`. With `labelSmoothing` s a target is 1 − s of itself and s of all classes in equal parts. `reduction` is 'mean' unless
 * given: over examples, not over classes; of class numbers it divides by the weights of the targets (NaN, if all are ignored), of probabilities by
 * the number of examples. Values and derivatives are finite for logits of any size.
 *
 * @throws a Mistake if the shapes do not fit; if there is no class of a known number and that is not ignored (where the numbers are unknown, in
 * a compiled step for one, the loss is NaN then); if labelSmoothing is not from 0 to 1; or if ignoreIndex comes with probabilities
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
  <const R extends Reduction = 'mean', const Axis extends number | undefined = undefined>({
    weight,
    labelSmoothing = 0,
    ignoreIndex,
    axis,
    reduction = 'mean' as R
  }: CrossEntropyOptions<R, Axis> = {}) =>
  (target: Tensor) =>
  <S extends Shape>(prediction: Tensor<S>): Reduced<R, Examples<S, Axis>> => {
    const operation = 'crossEntropy'
    checkOption(operation, 'labelSmoothing', labelSmoothing, x => x >= 0 && x <= 1, 'a number from 0 to 1')
    const classes = classesOf(operation, prediction, axis)
    const logProbabilities: Tensor = logSoftmax({ axis: classes.axis })(prediction as Tensor)
    const float = inDtypeOf(logProbabilities)
    const weights = weight === undefined ? undefined : weightsOf(classes, weight, logProbabilities)
    if (isNumbered(target)) {
      const ones = oneOf(classes, target, ignoreIndex, [
        unfit.numbers(classes.examples),
        unfit.probabilities(prediction.shape)
      ])
      const shares = ofNumbers(classes, ones, weights, labelSmoothing, float)
      return lossOf(classes, reduction, shares, logProbabilities, ones.valid)
    }
    if (!sameShape(target.shape, prediction.shape))
      throw unfit.target(operation, prediction, target, [
        unfit.numbers(classes.examples),
        unfit.probabilities(prediction.shape)
      ])
    if (ignoreIndex !== undefined)
      throw mistake('InvalidArgument', operation, `ignoreIndex ${ignoreIndex} needs class numbers, not probabilities`)
    const shares = ofProbabilities(classes, float(target), weights, labelSmoothing)
    return lossOf(classes, reduction, shares, logProbabilities, undefined)
  }

/**
 * Negative log-likelihood of classes: `−prediction[target]`, where the prediction holds logarithms of probabilities (`Tensor.logSoftmax`), `torch.nn.NLLLoss`.
 * Least, 0, where the target's class has probability 1. `nll ∘ logSoftmax` is `crossEntropy`.
 *
 * `prediction [N, classes, …]`, `target [N, …]` int32 class numbers; `weight`, `ignoreIndex`, `axis` and `reduction` as for `crossEntropy`:
 * the mean divides by the weights of the targets.
 *
 * @throws a Mistake if the shapes do not fit, or if there is no class of a known number and that is not ignored (the loss is NaN for unknown ones)
 *
 * @example
 * import { Loss, pipe, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const logProbabilities = pipe(Tensor.tensor([[0.25, 0.75], [1, 0]]), Tensor.log)
 * const loss = Loss.nll()(Tensor.tensor([0, 0], { dtype: 'int32' }))(logProbabilities)
 * ok(Math.abs(Tensor.item(loss) - Math.log(4) / 2) < 1e-6)
 */
export const nll =
  <const R extends Reduction = 'mean', const Axis extends number | undefined = undefined>({
    weight,
    ignoreIndex,
    axis,
    reduction = 'mean' as R
  }: NllOptions<R, Axis> = {}) =>
  (target: Tensor) =>
  <S extends Shape>(prediction: Tensor<S>): Reduced<R, Examples<S, Axis>> => {
    const classes = classesOf('nll', prediction, axis)
    const float = inDtypeOf(prediction)
    const logProbabilities = float(prediction)
    const weights = weight === undefined ? undefined : weightsOf(classes, weight, logProbabilities)
    const ones = oneOf(classes, target, ignoreIndex, [unfit.numbers(classes.examples)])
    return lossOf(classes, reduction, ofNumbers(classes, ones, weights, 0, float), logProbabilities, ones.valid)
  }
