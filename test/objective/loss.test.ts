/** Losses: PyTorch's numbers, and what they refuse. */
import { describe, expect, test } from 'vitest'
import { grad, Loss, Tensor } from '../../src/index.js'

describe('values', () => {
  const [target, prediction] = [Tensor.tensor([1, 2, 3, 4]), Tensor.tensor([1, 4, 0, 4])]
  test('mse and l1 in every reduction', () => {
    expect(Tensor.item(Loss.mse()(target)(prediction))).toBe(3.25)
    expect(Tensor.item(Loss.mse({ reduction: 'sum' })(target)(prediction))).toBe(13)
    expect(Tensor.toArray(Loss.mse({ reduction: 'none' })(target)(prediction))).toEqual([0, 4, 9, 0])
    expect(Tensor.item(Loss.l1()(target)(prediction))).toBe(1.25)
    expect(Tensor.toArray(Loss.l1({ reduction: 'none' })(target)(prediction))).toEqual([0, 2, 3, 0])
  })
  test('the gradient of mse is 2 (p − t) / n, that of l1 is sign(p − t) / n and 0 at the target', () => {
    expect(Tensor.toArray(grad(Loss.mse()(target))(prediction))).toEqual([0, 1, -1.5, 0])
    expect(Tensor.toArray(grad(Loss.l1()(target))(prediction))).toEqual([0, 0.25, -0.25, 0])
  })
  test('cross-entropy survives logits that are far apart', () => {
    const classes = Tensor.tensor([0, 1], { dtype: 'int32' })
    const logits = Tensor.tensor([
      [700, -700],
      [-700, 700]
    ])
    expect(Tensor.item(Loss.crossEntropy()(classes)(logits))).toBe(0)
    const wrong = Tensor.tensor([1, 0], { dtype: 'int32' })
    expect(Tensor.item(Loss.crossEntropy()(wrong)(logits))).toBe(1400)
  })
})

describe('refusals', () => {
  const unknown = (...shape: number[]): Tensor.Tensor => Tensor.zeros(shape)
  test('target and prediction of different shapes', () => {
    const message =
      'mse: target [9] and prediction [9, 1] differ; they are not broadcast, so reshape one of them (Tensor.unsqueeze adds an axis)'
    expect(() => Loss.mse()(unknown(9))(unknown(9, 1))).toThrow(message)
    expect(() => Loss.l1()(unknown(9, 1))(unknown(1, 1))).toThrow('l1: target [9, 1] and prediction [1, 1] differ')
    expect(() => Loss.mse()(unknown())(unknown(1))).toThrow('mse: target [] and prediction [1] differ')
  })
  test('the same where the shapes are known to the compiler', () => {
    // @ts-expect-error the prediction is [9, 1] and the target [9]
    expect(() => Loss.mse()(Tensor.zeros([9]))(Tensor.zeros([9, 1]))).toThrow(
      'mse: target [9] and prediction [9, 1] differ'
    )
  })
  test('classes that do not fit the logits', () => {
    expect(() => Loss.crossEntropy()(Tensor.zeros([3], { dtype: 'int32' }))(unknown(2, 4))).toThrow(
      'crossEntropy: prediction [2, 4] needs a target of class numbers [2] (int32) or probabilities [2, 4], not int32 [3]'
    )
    expect(() => Loss.crossEntropy()(unknown())(unknown())).toThrow('a scalar prediction has no axis of classes')
  })
})
