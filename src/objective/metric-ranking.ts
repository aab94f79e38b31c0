/** Metrics of an order: whether what is "yes" comes before what is not. */
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import type { Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Elementwise } from './metric.js'
import { binaryExamples } from './metric-examples.js'

/**
 * Of each score how many were a yes and how many a no, from the lowest score to the highest. Whatever the order in which examples came, and whatever
 * batches they came in, what is accumulated is the same to the last bit.
 */
export type Ranking = readonly Rank[]
export interface Rank {
  readonly score: number
  readonly yes: number
  readonly no: number
}

const merged = (a: Ranking, b: Ranking): Ranking => {
  const ranks: Rank[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]]
    if (other === undefined || (one !== undefined && one.score < other.score)) {
      ranks.push(one!)
      i++
    } else if (one === undefined || other.score < one.score) {
      ranks.push(other)
      j++
    } else {
      ranks.push({ score: one.score, yes: one.yes + other.yes, no: one.no + other.no })
      i++
      j++
    }
  }
  return ranks
}
const rankingMonoid: Monoid<Ranking> = { empty: [], concat: merged }

const ranked = (truths: ArrayLike<number>, scores: ArrayLike<number>): Ranking => {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((i, j) => {
    const [a, b] = [scores[i]!, scores[j]!]
    // Not a difference: that of two infinities is NaN.
    return a < b ? -1 : a > b ? 1 : 0
  })
  const ranks: Rank[] = []
  for (let start = 0; start < order.length; ) {
    // Adding 0 turns −0 into 0, which it is equal to.
    const score = scores[order[start]!]! + 0
    let [end, yes] = [start, 0]
    for (; end < order.length && scores[order[end]!] === score; end++) yes += truths[order[end]!]!
    ranks.push({ score, yes, no: end - start - yes })
    start = end
  }
  return ranks
}

/**
 * The area under the receiver operating characteristic: how likely it is that of a yes and a no, drawn at random, the yes has the higher score, a tie counting
 * one half; scikit-learn's `roc_auc_score`. From 0 to 1, 0.5 for scores that say nothing; NaN without a yes or without a no.
 *
 * Targets are 1 and 0, predictions scores in the same shape, of any scale: only their order counts. It is exact: Mann and Whitney's count of
 * pairs over all scores seen, not an area over some thresholds. What is accumulated is as large as there are different scores.
 *
 * @throws a Mistake if the shapes differ, if a target is neither 1 nor 0, if a score is NaN, or if the tensors are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Metric, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const target = Tensor.tensor([0, 0, 1, 1])
 * strictEqual(Metric.evaluate(Metric.auc())(target)(Tensor.tensor([0.1, 0.4, 0.35, 0.8])), 0.75)
 */
export const auc = (): Elementwise<Ranking, number> => ({
  Monoid: rankingMonoid,
  observe:
    <S extends Shape>(target: Tensor<S>) =>
    (prediction: Tensor<S>) => {
      const { truths, scores } = binaryExamples('auc', target, prediction)
      return ranked(truths, scores)
    },
  read: ranking => {
    let [pairs, yes, no] = [0, 0, 0]
    for (const rank of ranking) {
      pairs += rank.yes * (no + rank.no / 2)
      yes += rank.yes
      no += rank.no
    }
    return pairs / (yes * no)
  }
})
