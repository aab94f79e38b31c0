/** Losses of distributions: their ends, training with one, and what is refused. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { grad, Layer, Optimizer, Random, Tensor, Training } from '../../src/index.js'
import * as _ from '../../src/objective/probabilistic.js'

const float64 = { dtype: 'float64' } as const
const numbers = (...xs: readonly number[]): Tensor.Tensor => Tensor.tensor(xs, float64) as Tensor.Tensor
const unknown = (...shape: number[]): Tensor.Tensor => Tensor.zeros(shape)
const data = (x: Tensor.Tensor): readonly number[] => Array.from(Tensor.toData(x))

describe('divergence', () => {
  test('a target of probability 0 counts nothing, even where the prediction is −∞', () => {
    const prediction = numbers(Number.NEGATIVE_INFINITY, 0)
    expect(data(_.klDivergence({ reduction: 'none' })(numbers(0, 1))(prediction))).toEqual([0, 0])
    expect(data(grad(_.klDivergence({ reduction: 'sum' })(numbers(0, 1)))(prediction))).toEqual([-0, -1])
    const logarithms = numbers(Number.NEGATIVE_INFINITY, 0)
    expect(data(_.klDivergence({ logTarget: true, reduction: 'none' })(logarithms)(prediction))).toEqual([0, 0])
  })
  test('batchmean divides by the examples, mean by all elements', () => {
    const [target, prediction] = [Tensor.full([2, 4], 0.25, float64), Tensor.full([2, 4], Math.log(0.125), float64)]
    const divergence = Math.log(2)
    expect(Tensor.item(_.klDivergence({ reduction: 'batchmean' })(target)(prediction))).toBeCloseTo(divergence, 12)
    expect(Tensor.item(_.klDivergence()(target)(prediction))).toBeCloseTo(divergence / 4, 12)
  })
})

describe('counts', () => {
  test('with Stirling’s approximation above 1, as PyTorch has it', () => {
    const losses = data(_.poissonNll({ full: true, reduction: 'none' })(numbers(0, 1, 2, 5))(numbers(0, 1, 2, 700)))
    const expected = [1, 1.718281828459045, 4.040862583535186, 1.0142320547350045e304]
    losses.forEach((loss, i) => expect(loss / expected[i]!).toBeCloseTo(1, 12))
  })
  test('a rate of 0 for a count of 0', () => {
    const loss = _.poissonNll({ logInput: false, epsilon: 0, reduction: 'sum' })(numbers(0))
    expect(Tensor.item(loss(numbers(0)))).toBe(0)
    expect(data(grad(loss)(numbers(0)))).toEqual([1])
  })
})

describe('normal distributions', () => {
  test('full is the likelihood itself', () => {
    const loss = _.gaussianNll({ full: true, reduction: 'none' })(numbers(1))({
      mean: numbers(2),
      variance: numbers(4)
    })
    const density = Math.exp(-1 / 8) / Math.sqrt(8 * Math.PI)
    expect(Tensor.item(loss)).toBeCloseTo(-Math.log(density), 12)
  })
  test('a variance that is cut off keeps the slope that it has there', () => {
    const loss = _.gaussianNll({ epsilon: 0.5, reduction: 'sum' })(numbers(0))
    const at = (variance: number) => grad(loss)({ mean: numbers(1), variance: numbers(variance) }).variance
    expect(data(at(-1e9))).toEqual(data(at(0.5)))
  })
  test('a model of mean and variance learns both', () => {
    const model = Layer.parallel(Layer.linear(1, 1), Layer.sequential(Layer.linear(1, 1), Layer.softplus()))
    const trainer = Training.make({
      model,
      loss:
        (target: Tensor.Tensor) =>
        ([mean, variance]: readonly [Tensor.Tensor, Tensor.Tensor]) =>
          _.gaussianNll()(target)({ mean, variance }),
      optimizer: Optimizer.sgd({ learningRate: 0.1 }),
      dtype: 'float64'
    })
    const x = Tensor.zeros([4, 1], float64)
    const y = Tensor.tensor([[1], [3], [1], [3]], float64)
    const end = trainer.epochs(1000)({ x: [x, x] as const, y })(trainer.initialize(Random.key(1)))
    if (E.isLeft(end)) throw new Error('diverged')
    const [mean, variance] = Layer.predict(model)(end.right)([x, x])
    expect(data(mean)).toEqual([2, 2, 2, 2].map(wanted => expect.closeTo(wanted, 6)))
    expect(data(variance)).toEqual([1, 1, 1, 1].map(wanted => expect.closeTo(wanted, 6)))
  })
})

describe('refusals', () => {
  test('shapes that differ', () => {
    expect(() => _.klDivergence()(unknown(2))(unknown(1, 2))).toThrow(
      'klDivergence: target [2] and prediction [1, 2] differ'
    )
    expect(() => _.poissonNll()(unknown(2))(unknown(1))).toThrow('poissonNll: target [2] and prediction [1] differ')
    expect(() => _.gaussianNll()(unknown(2))({ mean: unknown(1), variance: unknown(2) })).toThrow(
      'gaussianNll: target [2] and mean [1] differ'
    )
    expect(() => _.gaussianNll()(unknown(2, 3))({ mean: unknown(2, 3), variance: unknown(1, 3) })).toThrow(
      'gaussianNll: variance [1, 3] is neither one for each element of mean [2, 3] nor one for each row, [2, 1]'
    )
  })
  test('an epsilon that does not fit', () => {
    expect(() => _.poissonNll({ epsilon: -1 })(unknown(1))(unknown(1))).toThrow(
      'poissonNll: epsilon is -1, and not a number of 0 or more'
    )
    expect(() => _.gaussianNll({ epsilon: 0 })(unknown(1))({ mean: unknown(1), variance: unknown(1) })).toThrow(
      'gaussianNll: epsilon is 0, and not a number above 0'
    )
  })
})
