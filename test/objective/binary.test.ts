/** Losses of yes or no: far out, at certainty, and what is refused. */
import { describe, expect, test } from 'vitest'
import { grad, hvp, jit, Tensor } from '../../src/index.js'
import * as _ from '../../src/objective/binary.js'

const float64 = { dtype: 'float64' } as const
const numbers = (...xs: readonly number[]): Tensor.Tensor => Tensor.tensor(xs, float64) as Tensor.Tensor
const unknown = (...shape: number[]): Tensor.Tensor => Tensor.zeros(shape)

describe('of logits', () => {
  const each = _.binaryCrossEntropyWithLogits({ reduction: 'none' })
  test('what is nearly certain keeps its digits, where PyTorch cancels them', () => {
    // log(1 + e⁻³⁰); PyTorch has 9.348077867343381e-14 for the first.
    expect(Tensor.toArray(each(numbers(0, 1))(numbers(-30, 30)))).toEqual([
      Math.log1p(Math.exp(-30)),
      Math.log1p(Math.exp(-30))
    ])
  })
  test('value, slope and curvature are finite far out, and 0 at infinity where the answer is right', () => {
    const [target, logits] = [
      numbers(0, 1, 0.5, 1, 0),
      numbers(700, -700, 1e6, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
    ]
    expect(Tensor.toArray(each(target)(logits))).toEqual([700, 700, 5e5, 0, 0])
    const sum = _.binaryCrossEntropyWithLogits({ reduction: 'sum' })(target)
    expect(Tensor.toArray(grad(sum)(logits))).toEqual([1, -1, 0.5, 0, 0])
    expect(Tensor.toArray(hvp(sum)(logits, numbers(1, 1, 1, 1, 1)))).toEqual(
      [0, 0, 0, 0, 0].map(() => expect.closeTo(0, 12))
    )
  })
  test('the same in float32, compiled', () => {
    const f = jit(
      (x: Tensor.Tensor): Tensor.Tensor =>
        grad(_.binaryCrossEntropyWithLogits({ reduction: 'sum' })(Tensor.tensor([0, 1, 0]) as Tensor.Tensor))(x)
    )
    expect(Tensor.toArray(f(Tensor.tensor([700, -700, 0])))).toEqual([1, -1, 0.5])
  })
  test('weights of elements, of labels and of positive parts', () => {
    const [target, logits] = [
      Tensor.tensor([
        [1, 0],
        [1, 1]
      ]),
      Tensor.tensor([
        [0, 0],
        [0, 0]
      ])
    ]
    const unit = Math.fround(Math.log(2))
    const options = {
      reduction: 'none',
      weight: Tensor.tensor([[1], [2]]),
      positiveWeight: Tensor.tensor([3, 4])
    } as const
    const losses = _.binaryCrossEntropyWithLogits(options)(target)(logits)
    expect(Tensor.toArray(Tensor.div(unit)(losses))).toEqual([
      [3, 1],
      [6, 8]
    ])
    expect(Tensor.item(_.binaryCrossEntropyWithLogits({ ...options, reduction: 'mean' })(target)(logits))).toBeCloseTo(
      (18 / 4) * unit,
      5
    )
  })
  test('truth values as targets', () => {
    const target = Tensor.tensor([1, 0], { dtype: 'bool' }) as Tensor.Tensor
    expect(Tensor.toArray(each(target)(numbers(30, 30)))).toEqual([Math.log1p(Math.exp(-30)), Math.log1p(Math.exp(30))])
  })
})

describe('of probabilities', () => {
  test('is cut off at 100, and its slope at 10¹²', () => {
    const [target, p] = [numbers(1, 0, 1), numbers(0, 1, 1)]
    expect(Tensor.toArray(_.binaryCrossEntropy({ reduction: 'none' })(target)(p))).toEqual([100, 100, 0])
    const slopes = Tensor.toArray(grad(_.binaryCrossEntropy({ reduction: 'sum' })(target))(p)) as readonly number[]
    expect(slopes.map(slope => Number(slope.toPrecision(6)))).toEqual([-1e12, 1e12, 0])
  })
  test('is NaN for what is no probability', () => {
    expect(Tensor.toArray(_.binaryCrossEntropy({ reduction: 'none' })(numbers(1, 1))(numbers(-0.5, 1.5)))).toEqual([
      Number.NaN,
      Number.NaN
    ])
  })
  test('has a slope in the target', () => {
    const slope = grad((t: Tensor.Tensor) => _.binaryCrossEntropy({ reduction: 'sum' })(t)(numbers(0.25)))(numbers(1))
    expect(Tensor.item(slope)).toBeCloseTo(Math.log(3), 12)
  })
})

describe('refusals', () => {
  test('shapes that differ', () => {
    expect(() => _.binaryCrossEntropy()(unknown(2))(unknown(2, 1))).toThrow(
      'binaryCrossEntropy: target [2] and prediction [2, 1] differ'
    )
    expect(() => _.binaryCrossEntropyWithLogits()(unknown(2))(unknown(2, 1))).toThrow(
      'binaryCrossEntropyWithLogits: target [2] and prediction [2, 1] differ'
    )
  })
  test('weights that would have to be repeated elsewhere, or repeat the losses', () => {
    expect(() => _.binaryCrossEntropy({ weight: unknown(3) })(unknown(2, 2))(unknown(2, 2))).toThrow(
      'binaryCrossEntropy: weight [3] cannot be repeated to [2, 2], the shape of the losses'
    )
    expect(() =>
      _.binaryCrossEntropyWithLogits({ positiveWeight: unknown(2, 2) })(unknown(1, 2))(unknown(1, 2))
    ).toThrow(
      'binaryCrossEntropyWithLogits: positiveWeight [2, 2] cannot be repeated to [1, 2], the shape of the losses'
    )
    expect(() => _.binaryCrossEntropy({ weight: unknown(1, 2) })(unknown(2))(unknown(2))).toThrow(
      'binaryCrossEntropy: weight [1, 2] cannot be repeated to [2], the shape of the losses'
    )
  })
})
