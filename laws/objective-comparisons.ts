/** Cases of losses of several predictions: distributions with a spread, pairs and triplets. */
import fc from 'fast-check'
import * as Loss from '../src/Loss.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { batchShape, float64, type LossCase, large, listOf, lossCase, number, orderOf, sign } from './objective-case.js'

const extent = fc.integer({ min: 1, max: 3 })

/** Means and variances in rows, for which one variance may stand. */
const ofGaussians: fc.Arbitrary<LossCase> = fc
  .tuple(fc.tuple(extent, extent), fc.boolean(), fc.boolean())
  .chain(([shape, shared, full]) => {
    const spread: Shape = shared ? [shape[0], 1] : shape
    const [n, m] = [size(shape), size(spread)]
    return fc
      .tuple(
        listOf(fc.tuple(number(), number(), large), n),
        listOf(fc.tuple(number(0.3, 3), fc.constantFrom(0, 1e-9, 1)), m),
        orderOf(shape[0])
      )
      .map(([numbers, variances, order]) => {
        const part = (i: 0 | 1 | 2): Tensor =>
          float64(
            shape,
            numbers.map(each => each[i])
          )
        const spreads = (of: (each: readonly [number, number]) => number): Tensor => float64(spread, variances.map(of))
        return lossCase({
          loss: options => Loss.gaussianNll({ ...options, full }),
          target: part(0),
          prediction: { mean: part(1), variance: spreads(([v]) => v) },
          optimum: { mean: part(0), variance: spreads(() => 1e-6) },
          extreme: { mean: part(2), variance: spreads(([, v]) => v) },
          order,
          throughTarget: true
        })
      })
  })

/** Scores in pairs, not just as far apart as the margin. */
const ofRankings: fc.Arbitrary<LossCase> = fc.tuple(batchShape, fc.constantFrom(0, 0.5)).chain(([shape, margin]) => {
  const pair = fc
    .record({ wanted: sign, first: number(), second: number(), far: fc.tuple(large, large) })
    .filter(({ wanted, first, second }) => Math.abs(margin - wanted * (first - second)) > 0.05)
  return fc.tuple(listOf(pair, size(shape)), orderOf(shape[0]!)).map(([pairs, order]) => {
    const of = (f: (pair: (typeof pairs)[number]) => number): Tensor => float64(shape, pairs.map(f))
    return lossCase({
      loss: options => (target: Tensor) => (prediction: readonly [Tensor, Tensor]) =>
        Loss.marginRanking({ ...options, margin })(target)(prediction),
      target: of(p => p.wanted),
      prediction: [of(p => p.first), of(p => p.second)] as const,
      optimum: [of(p => p.wanted), of(p => -p.wanted)] as const,
      extreme: [of(p => p.far[0]), of(p => p.far[1])] as const,
      order
    })
  })
})

/** So many vectors, as a batch, or as a batch of rows. */
const vectorShape = fc
  .tuple(batchShape, extent)
  .map(([examples, width]) => ({ examples, width, shape: [...examples, width] }))

const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, a, i) => sum + a * y[i]!, 0)

/** Vectors of some length, at an angle whose cosine is not just the margin. */
const ofAngles: fc.Arbitrary<LossCase> = fc
  .tuple(vectorShape, fc.constantFrom(0, 0.3))
  .chain(([{ examples, width, shape }, margin]) => {
    const vector = listOf(number(), width).filter(x => dot(x, x) > 0.1)
    const pair = fc
      .record({ wanted: sign, first: vector, second: vector, far: listOf(large, width) })
      .filter(
        ({ first, second }) =>
          Math.abs(dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second)) - margin) > 0.05
      )
    return fc.tuple(listOf(pair, size(examples)), orderOf(shape[0]!)).map(([pairs, order]) => {
      const of = (f: (pair: (typeof pairs)[number]) => readonly number[]): Tensor => float64(shape, pairs.flatMap(f))
      const first = of(p => p.first)
      return lossCase({
        loss: options => (target: Tensor) => (prediction: readonly [Tensor, Tensor]) =>
          Loss.cosineEmbedding({ ...options, margin })(target)(prediction),
        target: float64(
          examples,
          pairs.map(p => p.wanted)
        ),
        prediction: [first, of(p => p.second)] as const,
        optimum: [first, of(p => p.first.map(x => p.wanted * x))] as const,
        extreme: [of(p => p.far), of(p => p.second.map(() => 0))] as const,
        order
      })
    })
  })

const distance = (p: number, x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, a, i) => sum + Math.abs(a - y[i]!) ** p, 0) ** (1 / p)
/** So far from 0 that the slope of a distance does not bend faster than differences can see. */
const apart = (...xs: readonly number[]): boolean => xs.every(x => Math.abs(x) > 0.15)

/** Three vectors, away from every change of sides: of the signs of differences, of the smaller distance, of the margin. */
const ofTriplets: fc.Arbitrary<LossCase> = fc
  .tuple(vectorShape, fc.record({ margin: fc.constantFrom(0.5, 1), p: fc.constantFrom(1, 2, 3), swap: fc.boolean() }))
  .chain(([{ examples, width, shape }, given]) => {
    const { margin, p, swap } = given
    const vector = listOf(number(), width)
    const triplet = fc
      .record({ anchor: vector, positive: vector, negative: vector, far: listOf(large, width) })
      .filter(({ anchor, positive, negative }) => {
        const [near, far, other] = [
          distance(p, anchor, positive),
          distance(p, anchor, negative),
          distance(p, positive, negative)
        ]
        const differences = range(width).flatMap(i => [
          anchor[i]! - positive[i]!,
          anchor[i]! - negative[i]!,
          positive[i]! - negative[i]!
        ])
        return apart(...differences, far - other, near - (swap ? Math.min(far, other) : far) + margin)
      })
    return fc.tuple(listOf(triplet, size(examples)), orderOf(shape[0]!)).map(([triplets, order]) => {
      const of = (f: (triplet: (typeof triplets)[number]) => readonly number[]): Tensor =>
        float64(shape, triplets.flatMap(f))
      const anchor = of(t => t.anchor)
      return lossCase({
        loss: options => () => Loss.tripletMargin({ ...options, ...given }),
        target: {},
        prediction: { anchor, positive: of(t => t.positive), negative: of(t => t.negative) },
        optimum: { anchor, positive: anchor, negative: of(t => t.anchor.map(x => x + 100)) },
        extreme: { anchor: of(t => t.far), positive: of(t => t.far), negative: of(t => t.negative) },
        order
      })
    })
  })

export const comparisonTable = {
  gaussianNll: ofGaussians,
  marginRanking: ofRankings,
  cosineEmbedding: ofAngles,
  tripletMargin: ofTriplets
}
