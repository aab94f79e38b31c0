/** Losses of yes or no: targets are 1 and 0, or any probability between. */
import { customJvp } from '../control/call.js'
import { softplus } from '../operation/activation.js'
import { add, div, mul, neg, scale, sub } from '../primitive/arithmetic.js'
import { log, log1p } from '../primitive/elementary.js'
import { maximum } from '../primitive/extremum.js'
import { less, where } from '../primitive/selection.js'
import type { Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { alike, inDtypeOf, type LossOptions, type Reduced, type Reduction, reduce, weightsFor } from './reduction.js'

/** What the losses are multiplied by, repeated to their shape: a number for each element, or for each example or label. */
export interface BinaryCrossEntropyOptions<R extends Reduction> extends LossOptions<R> {
  readonly weight?: Tensor
}

/** `−log` of something that may be 0 is at most 100, as in PyTorch. */
const cost = (logarithm: Tensor): Tensor => neg(where(less(logarithm, -100), -100, logarithm))
const costOfYes = (probability: Tensor): Tensor => cost(log(probability))
const costOfNo = (probability: Tensor): Tensor => cost(log1p(neg(probability)))

// Near enough to 10⁻¹² as a float32, which is what PyTorch has it as in either dtype.
const smallestSpread = /* @__PURE__ */ Math.fround(1e-12)

interface Judgement {
  readonly probability: Tensor
  readonly target: Tensor
}
/** The slope is bounded apart from the value, as in PyTorch: where the cost is cut off there would be none to learn from. */
const judged = /* @__PURE__ */ customJvp(
  ({ probability, target }: Judgement): Tensor =>
    add(mul(target, costOfYes(probability)), mul(sub(1, target), costOfNo(probability))),
  ({ probability, target }, tangent) => {
    const spread = maximum(mul(probability, sub(1, probability)), smallestSpread)
    return add(
      scale(tangent.probability, div(sub(probability, target), spread)),
      scale(tangent.target, sub(costOfYes(probability), costOfNo(probability)))
    )
  }
)

const weighted = (operation: string, losses: Tensor, weight: Tensor | undefined): Tensor =>
  weight === undefined ? losses : scale(weightsFor(operation, 'weight', weight, losses), losses)

/**
 * Cross-entropy of probabilities: `−(t log p + (1 − t) log(1 − p))`, `torch.nn.BCELoss`. Least where prediction and target are equal; 0 there, if they are 0 or 1.
 *
 * Targets and predictions lie in [0, 1]; outside the loss is NaN. As in PyTorch a logarithm is at least −100, and a slope's divisor
 * `p (1 − p)` at least 1e-12. From logits `binaryCrossEntropyWithLogits` is exact where the probability has been rounded to 0 or 1.
 * `weight` multiplies the losses, to whose shape it is repeated; it does not change what the mean divides by. `reduction` is 'mean' unless given.
 *
 * @throws a Mistake if the shapes differ, or the weight's does not fit
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const loss = Loss.binaryCrossEntropy()(Tensor.tensor([1, 0]))(Tensor.tensor([0.25, 0]))
 * ok(Math.abs(Tensor.item(loss) - Math.log(2)) < 1e-6)
 */
export const binaryCrossEntropy =
  <const R extends Reduction = 'mean'>({ weight, reduction = 'mean' as R }: BinaryCrossEntropyOptions<R> = {}) =>
  <S extends Shape>(target: Tensor<S>) =>
  (prediction: Tensor<S>): Reduced<R, S> => {
    alike('binaryCrossEntropy', target, prediction)
    const floating = inDtypeOf(prediction)
    const losses = judged({ probability: floating(prediction), target: floating(target) })
    return reduce(reduction, weighted('binaryCrossEntropy', losses, weight))
  }

/** Weights of elements, and of the targets' positive parts: above 1 it raises recall, below 1 precision. */
export interface BinaryCrossEntropyWithLogitsOptions<R extends Reduction> extends BinaryCrossEntropyOptions<R> {
  readonly positiveWeight?: Tensor
}

/** log(1 + eˣ), the cost of a logit x where the answer is no. */
const costOfLogit = /* @__PURE__ */ softplus({ threshold: Number.POSITIVE_INFINITY })

/**
 * Cross-entropy of logits: `positiveWeight · t · log(1 + e⁻ˣ) + (1 − t) · log(1 + eˣ)`, `torch.nn.BCEWithLogitsLoss`.
 * Least where `sigmoid(prediction)` is the target; 0 in the limit, if that is 0 or 1.
 *
 * Values and derivatives are finite and exact for logits of any size. Targets lie in [0, 1].
 * `weight` multiplies the losses and `positiveWeight` their positive parts (a number for each label, usually); both are repeated to the shape of
 * the losses, and the mean divides by the number of those. `reduction` is 'mean' unless given.
 *
 * @throws a Mistake if the shapes differ, or a weight's does not fit
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const loss = Loss.binaryCrossEntropyWithLogits({ reduction: 'none' })
 * deepStrictEqual(Tensor.toArray(loss(Tensor.tensor([1, 1, 0]))(Tensor.tensor([700, -700, -700]))), [0, 700, 0])
 */
export const binaryCrossEntropyWithLogits =
  <const R extends Reduction = 'mean'>({
    weight,
    positiveWeight,
    reduction = 'mean' as R
  }: BinaryCrossEntropyWithLogitsOptions<R> = {}) =>
  <S extends Shape>(target: Tensor<S>) =>
  (prediction: Tensor<S>): Reduced<R, S> => {
    const operation = 'binaryCrossEntropyWithLogits'
    alike(operation, target, prediction)
    const floating = inDtypeOf(prediction)
    const [logits, yes] = [floating(prediction), floating(target)]
    // With `scale` what is certain costs nothing, even where the logit is infinite.
    const positive = scale(yes, costOfLogit(neg(logits)))
    const negative = scale(sub(1, yes), costOfLogit(logits))
    const raised =
      positiveWeight === undefined
        ? positive
        : scale(weightsFor(operation, 'positiveWeight', positiveWeight, positive), positive)
    return reduce(reduction, weighted(operation, add(raised, negative), weight))
  }
