/** Losses of comparisons: whether what belongs together is near, and what does not is far, by a margin. */
import { norm } from '../operation/statistics.js'
import { add, div, mul, neg, square, sub } from '../primitive/arithmetic.js'
import { sqrt } from '../primitive/elementary.js'
import { minimum } from '../primitive/extremum.js'
import { sum } from '../primitive/movement.js'
import { equal, less, where } from '../primitive/selection.js'
import type { Reduce } from '../structure/axis-types.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import {
  alike,
  checkOption,
  checkSigns,
  inDtypeOf,
  type LossOptions,
  type Reduced,
  type Reduction,
  reduce
} from './reduction.js'

/** By how much what does not belong together must be apart. */
export interface MarginOptions<R extends Reduction> extends LossOptions<R> {
  readonly margin?: number
}

/** The shape without its last axis, that of the vectors. */
export type Vectors<S extends Shape> = Reduce<S, -1> extends infer Rest extends Shape ? Rest : Shape

/** max(0, x), with the slope 1 at 0, as PyTorch has it in these losses. */
const positivePart = (x: Tensor): Tensor => where(less(x, 0), 0, x)

/**
 * Distances that should be small where the target is 1, and at least `margin` where it is −1: `d`, and `max(0, margin − d)`,
 * `torch.nn.HingeEmbeddingLoss`. Of distances, which are not negative, least, 0, at 0 and from the margin on.
 *
 * `margin` is 1 unless given, `reduction` 'mean'.
 *
 * @throws a Mistake if the shapes differ, or if a known target is neither 1 nor −1
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const loss = Loss.hingeEmbedding({ reduction: 'none' })
 * deepStrictEqual(Tensor.toArray(loss(Tensor.tensor([1, -1, -1]))(Tensor.tensor([0.5, 0.25, 2]))), [0.5, 0.75, 0])
 */
export const hingeEmbedding =
  <const R extends Reduction = 'mean'>({ margin = 1, reduction = 'mean' as R }: MarginOptions<R> = {}) =>
  <S extends Shape>(target: Tensor<S>) =>
  (prediction: Tensor<S>): Reduced<R, S> => {
    alike('hingeEmbedding', target, prediction)
    checkSigns('hingeEmbedding', target)
    const distance = inDtypeOf(prediction)(prediction)
    const apart = where(equal(target, 1), 0, positivePart(sub(margin, distance)))
    return reduce(reduction, add(apart, where(equal(target, -1), 0, distance)))
  }

/**
 * Scores of which the first should be larger than the second, by `margin`, where the target is 1, and smaller where it is −1:
 * `max(0, −target · (first − second) + margin)`, `torch.nn.MarginRankingLoss`. Least, 0, where they are that far apart.
 *
 * `margin` is 0 unless given, `reduction` 'mean'. All three have one shape.
 *
 * @throws a Mistake if the shapes differ, or if a known target is neither 1 nor −1
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const loss = Loss.marginRanking({ margin: 0.5, reduction: 'none' })
 * const scores = [Tensor.tensor([2, 2]), Tensor.tensor([1, 1])] as const
 * deepStrictEqual(Tensor.toArray(loss(Tensor.tensor([1, -1]))(scores)), [0, 1.5])
 */
export const marginRanking =
  <const R extends Reduction = 'mean'>({ margin = 0, reduction = 'mean' as R }: MarginOptions<R> = {}) =>
  <S extends Shape>(target: Tensor<S>) =>
  ([first, second]: readonly [first: Tensor<S>, second: Tensor<S>]): Reduced<R, S> => {
    alike('marginRanking', target, first, ['target', 'first prediction'])
    alike('marginRanking', first, second, ['first prediction', 'second prediction'])
    checkSigns('marginRanking', target)
    const wanted = inDtypeOf(first)(target)
    return reduce(reduction, positivePart(add(mul(neg(wanted), sub(first, second)), margin)))
  }

/** x · y / (‖x‖ ‖y‖) along the last axis, with a little added to the squared lengths, as in PyTorch, so that zeros have one too. */
const cosine = (x: Tensor, y: Tensor): Tensor => {
  const dot = sum([x.shape.length - 1])
  const length = (v: Tensor): Tensor => sqrt(add(dot(square(v)), 1e-12))
  return div(dot(mul(x, y)), mul(length(x), length(y)))
}

/**
 * Vectors that should point the same way where the target is 1, and not where it is −1: `1 − cos`, and `max(0, cos − margin)`,
 * `torch.nn.CosineEmbeddingLoss`. Least, 0, at an angle of 0, and where the cosine is at most the margin.
 *
 * Predictions `[…, D]`, target `[…]`. `margin` is 0 unless given, from −1 to 1; `reduction` is 'mean'.
 *
 * @throws a Mistake if the shapes do not fit, if a known target is neither 1 nor −1, or if the margin is not a cosine
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const vectors = [Tensor.tensor([[3, 0], [0, 2]]), Tensor.tensor([[0, 1], [0, 1]])] as const
 * const loss = Loss.cosineEmbedding({ reduction: 'none' })(Tensor.tensor([1, -1]))(vectors)
 * deepStrictEqual(Tensor.toArray(loss), [1, 1])
 */
export const cosineEmbedding =
  <const R extends Reduction = 'mean'>({ margin = 0, reduction = 'mean' as R }: MarginOptions<R> = {}) =>
  (target: Tensor) =>
  <S extends Shape>([first, second]: readonly [first: Tensor<S>, second: Tensor<S>]): Reduced<R, Vectors<S>> => {
    const operation = 'cosineEmbedding'
    checkOption(operation, 'margin', margin, x => x >= -1 && x <= 1, 'a cosine: a number from -1 to 1')
    alike(operation, first, second, ['first prediction', 'second prediction'])
    if (first.shape.length === 0 || !sameShape(target.shape, first.shape.slice(0, -1)))
      throw mistake(
        'ShapeMismatch',
        operation,
        `predictions ${showShape(first.shape)} are no vectors with a target each of ${showShape(target.shape)}; a target has their shape without the last axis`
      )
    checkSigns(operation, target)
    const float = inDtypeOf(first)
    const along = cosine(float(first), float(second))
    const apart = where(equal(target, -1), positivePart(sub(along, margin)), 0)
    return reduce(reduction, where(equal(target, 1), sub(1, along), apart))
  }

export interface TripletMarginOptions<R extends Reduction> extends MarginOptions<R> {
  /** The order of the norm that distances are measured in; 2 unless given. */
  readonly p?: number
  /** What is added to each difference before the norm is taken, so that no distance is 0; 1e-6 unless given. */
  readonly epsilon?: number
  /** Whether the distance from the positive to the negative counts, where it is smaller than that from the anchor. */
  readonly swap?: boolean
}
/** Vectors: an anchor, one that belongs to it, and one that does not. */
export interface Triplet<S extends Shape> {
  readonly anchor: Tensor<S>
  readonly positive: Tensor<S>
  readonly negative: Tensor<S>
}

/**
 * Triplets whose negative should be farther from the anchor than the positive, by `margin`:
 * `max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin)`, `torch.nn.TripletMarginLoss`. Least, 0, where it is.
 *
 * All three are predictions `[…, D]`, and there is no target: `loss: (_: unknown) => Loss.tripletMargin()` is a loss for training.
 * `margin` is 1 unless given, the norm's order `p` 2, `epsilon` 1e-6, `reduction` 'mean'. With `swap` the negative must be as far from the positive too.
 * (Balntas et al., *Learning local feature descriptors with triplets and shallow convolutional neural networks*, 2016.)
 *
 * @throws a Mistake if the shapes differ, or are those of scalars, or if p is not above 0
 *
 * @example
 * import { Loss, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const [anchor, positive, negative] = [Tensor.tensor([[0, 0]]), Tensor.tensor([[3, 4]]), Tensor.tensor([[0, 5.5]])]
 * const loss = Loss.tripletMargin({ margin: 1 })({ anchor, positive, negative })
 * ok(Math.abs(Tensor.item(loss) - 0.5) < 1e-5)
 */
export const tripletMargin =
  <const R extends Reduction = 'mean'>({
    margin = 1,
    p = 2,
    epsilon = 1e-6,
    swap = false,
    reduction = 'mean' as R
  }: TripletMarginOptions<R> = {}) =>
  <S extends Shape>({ anchor, positive, negative }: Triplet<S>): Reduced<R, Vectors<S>> => {
    const operation = 'tripletMargin'
    checkOption(operation, 'p', p, x => x > 0, 'the order of a norm: a number above 0')
    alike(operation, anchor, positive, ['anchor', 'positive'])
    alike(operation, anchor, negative, ['anchor', 'negative'])
    if (anchor.shape.length === 0)
      throw mistake('ShapeMismatch', operation, 'scalars have no distance; the last axis holds a vector')
    const length = norm({ axis: -1, order: p }) as (x: Tensor) => Tensor
    const distance = (x: Tensor, y: Tensor): Tensor => length(add(sub(x, y), epsilon))
    const far = distance(anchor, negative)
    const farther = swap ? minimum(far, distance(positive, negative)) : far
    return reduce(reduction, positivePart(add(sub(distance(anchor, positive), farther), margin)))
  }
