/** Losses of comparisons: PyTorch's choices at margins and at zeros, training with one, and what is refused. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { grad, Layer, Optimizer, Random, Tensor, Training } from '../../src/index.js'
import * as _ from '../../src/objective/embedding.js'

const float64 = { dtype: 'float64' } as const
const numbers = (...xs: readonly number[]): Tensor.Tensor => Tensor.tensor(xs, float64) as Tensor.Tensor
const row = (...xs: readonly number[]): Tensor.Tensor => Tensor.tensor([[...xs]], float64) as Tensor.Tensor
const unknown = (...shape: number[]): Tensor.Tensor => Tensor.zeros(shape)
const data = (x: Tensor.Tensor): readonly number[] => Array.from(Tensor.toData(x))
const sum = { reduction: 'sum' } as const

describe('just at the margin the slope is that of what is too near, as in PyTorch', () => {
  test('hingeEmbedding', () => {
    expect(data(grad(_.hingeEmbedding(sum)(numbers(-1, -1, 1)))(numbers(1, 2, 0)))).toEqual([-1, 0, 1])
  })
  test('marginRanking', () => {
    const loss = _.marginRanking({ ...sum, margin: 0.5 })(numbers(1, -1))
    const [first, second] = grad(loss)([numbers(1, 1), numbers(0.5, 1.5)] as const)
    expect([data(first), data(second)]).toEqual([
      [-1, 1],
      [1, -1]
    ])
  })
  test('cosineEmbedding', () => {
    const [first, second] = grad(_.cosineEmbedding(sum)(numbers(-1)))([row(1, 0), row(0, 1)] as const)
    expect(data(first)).toEqual([0, expect.closeTo(1, 11)])
    expect(data(second)).toEqual([expect.closeTo(1, 11), 0])
  })
  test('tripletMargin', () => {
    const triplet = { anchor: row(0, 0), positive: row(3, 4), negative: row(0, 6) }
    const slopes = grad(_.tripletMargin({ ...sum, epsilon: 0 }))(triplet)
    expect(data(slopes.anchor)).toEqual([expect.closeTo(-0.6, 12), expect.closeTo(0.2, 12)])
    expect(data(slopes.positive)).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.8, 12)])
    expect(data(slopes.negative)).toEqual([0, -1])
  })
})

describe('zeros', () => {
  test('have no angle, and finite slopes', () => {
    const [first, second] = grad(_.cosineEmbedding(sum)(numbers(1)))([row(0, 0), row(0, 1)] as const)
    expect(data(first)[1]! / -1000000.0019974014).toBeCloseTo(1, 5)
    expect(data(second)).toEqual([0, 0].map(() => expect.closeTo(0, 12)))
    expect(
      data(_.cosineEmbedding({ reduction: 'none' })(numbers(1, -1))([Tensor.zeros([2, 3]), Tensor.zeros([2, 3])]))
    ).toEqual([1, 0])
  })
  test('apart by nothing but epsilon have slopes of length 1', () => {
    const slopes = grad(_.tripletMargin(sum))({ anchor: row(0, 0), positive: row(0, 0), negative: row(0, 0) })
    expect(data(slopes.anchor)).toEqual([0, 0].map(() => expect.closeTo(0, 12)))
    expect(data(slopes.positive)).toEqual([0, 0].map(() => expect.closeTo(-Math.SQRT1_2, 12)))
    expect(data(slopes.negative)).toEqual([0, 0].map(() => expect.closeTo(Math.SQRT1_2, 12)))
  })
})

describe('triplets', () => {
  test('in the largest difference', () => {
    const loss = _.tripletMargin({ p: Number.POSITIVE_INFINITY, reduction: 'none' })
    expect(data(loss({ anchor: row(0, 0), positive: row(3, 4), negative: row(0, 4.5) }))).toEqual([
      expect.closeTo(0.5, 12)
    ])
  })
  test('are a loss for training without a target', () => {
    const trainer = Training.make({
      model: Layer.parallel(Layer.linear(2, 2), Layer.linear(2, 2), Layer.linear(2, 2)),
      loss:
        (_target: unknown) =>
        ([anchor, positive, negative]: readonly [Tensor.Tensor, Tensor.Tensor, Tensor.Tensor]) =>
          _.tripletMargin()({ anchor, positive, negative }),
      optimizer: Optimizer.sgd({ learningRate: 0.1 })
    })
    const x = Tensor.ones([3, 2])
    const end = trainer.epochs(100)({ x: [x, x, x] as const, y: {} })(trainer.initialize(Random.key(1)))
    expect(E.isRight(end) && trainer.evaluate({ x: [x, x, x] as const, y: {} })(end.right)).toBe(0)
  })
})

describe('refusals', () => {
  test('shapes that differ', () => {
    expect(() => _.hingeEmbedding()(unknown(2))(unknown(1))).toThrow(
      'hingeEmbedding: target [2] and prediction [1] differ'
    )
    expect(() => _.marginRanking()(unknown(2))([unknown(1), unknown(2)])).toThrow(
      'marginRanking: target [2] and first prediction [1] differ'
    )
    expect(() => _.marginRanking()(unknown(2))([unknown(2), unknown(1)])).toThrow(
      'marginRanking: first prediction [2] and second prediction [1] differ'
    )
    expect(() => _.cosineEmbedding()(unknown(2))([unknown(2, 3), unknown(1, 3)])).toThrow(
      'cosineEmbedding: first prediction [2, 3] and second prediction [1, 3] differ'
    )
    expect(() => _.cosineEmbedding()(unknown(2, 3))([unknown(2, 3), unknown(2, 3)])).toThrow(
      'cosineEmbedding: predictions [2, 3] are no vectors with a target each of [2, 3]; a target has their shape without the last axis'
    )
    const triplet = { anchor: unknown(2, 3), positive: unknown(2, 3), negative: unknown(2, 3) }
    expect(() => _.tripletMargin()({ ...triplet, positive: unknown(3) })).toThrow(
      'tripletMargin: anchor [2, 3] and positive [3] differ'
    )
    expect(() => _.tripletMargin()({ ...triplet, negative: unknown(1, 3) })).toThrow(
      'tripletMargin: anchor [2, 3] and negative [1, 3] differ'
    )
    expect(() => _.tripletMargin()({ anchor: unknown(), positive: unknown(), negative: unknown() })).toThrow(
      'tripletMargin: scalars have no distance; the last axis holds a vector'
    )
  })
  test('a known target that is neither 1 nor −1', () => {
    expect(() => _.hingeEmbedding()(numbers(0, 1))(numbers(0, 1))).toThrow('hingeEmbedding: a target is 1 or -1, not 0')
    expect(() => _.marginRanking()(numbers(0.5))([numbers(0), numbers(0)])).toThrow(
      'marginRanking: a target is 1 or -1, not 0.5'
    )
    expect(() => _.cosineEmbedding()(numbers(2))([row(1), row(1)])).toThrow(
      'cosineEmbedding: a target is 1 or -1, not 2'
    )
  })
  test('options that do not fit', () => {
    expect(() => _.cosineEmbedding({ margin: 2 })(numbers(1))([row(1), row(1)])).toThrow(
      'cosineEmbedding: margin is 2, and not a cosine: a number from -1 to 1'
    )
    expect(() => _.tripletMargin({ p: 0 })({ anchor: row(1), positive: row(1), negative: row(1) })).toThrow(
      'tripletMargin: p is 0, and not the order of a norm: a number above 0'
    )
  })
})
