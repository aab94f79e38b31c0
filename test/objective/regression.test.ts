/** Losses of numbers: PyTorch's numbers, its choices at kinks, and what is refused. */
import { describe, expect, test } from 'vitest'
import { grad, Tensor } from '../../src/index.js'
import * as _ from '../../src/objective/regression.js'

const unknown = (...shape: number[]): Tensor.Tensor => Tensor.zeros(shape)

describe('values', () => {
  const [target, prediction] = [Tensor.tensor([1, 2, 3, 4]), Tensor.tensor([1, 4, 0, 4])]
  test('mse and l1 in every reduction', () => {
    expect(Tensor.item(_.mse()(target)(prediction))).toBe(3.25)
    expect(Tensor.item(_.mse({ reduction: 'sum' })(target)(prediction))).toBe(13)
    expect(Tensor.toArray(_.mse({ reduction: 'none' })(target)(prediction))).toEqual([0, 4, 9, 0])
    expect(Tensor.item(_.l1()(target)(prediction))).toBe(1.25)
    expect(Tensor.toArray(_.l1({ reduction: 'none' })(target)(prediction))).toEqual([0, 2, 3, 0])
  })
  test('the gradient of mse is 2 (p − t) / n, that of l1 is sign(p − t) / n and 0 at the target', () => {
    expect(Tensor.toArray(grad(_.mse()(target))(prediction))).toEqual([0, 1, -1.5, 0])
    expect(Tensor.toArray(grad(_.l1()(target))(prediction))).toEqual([0, 0.25, -0.25, 0])
  })
  test('a target of integers', () => {
    expect(
      Tensor.item(_.mse()(Tensor.tensor([1, 2], { dtype: 'int32' }) as Tensor.Tensor)(Tensor.tensor([1, 4])))
    ).toBe(2)
  })
  test('of nothing the mean is NaN and the sum 0', () => {
    expect(Tensor.item(_.mse()(unknown(0))(unknown(0)))).toBeNaN()
    expect(Tensor.item(_.mse({ reduction: 'sum' })(unknown(0))(unknown(0)))).toBe(0)
  })
})

describe('a square that becomes a line', () => {
  const [target, prediction] = [Tensor.tensor([0, 0, 0]), Tensor.tensor([0.5, -0.5, 0])]
  test('has the slopes of both where it does', () => {
    const smooth = _.smoothL1({ beta: 0.5, reduction: 'sum' })(target)
    expect(Tensor.item(smooth(prediction))).toBe(0.5)
    expect(Tensor.toArray(grad(smooth)(prediction))).toEqual([1, -1, 0])
    const huber = _.huber({ delta: 0.5, reduction: 'sum' })(target)
    expect(Tensor.item(huber(prediction))).toBe(0.25)
    expect(Tensor.toArray(grad(huber)(prediction))).toEqual([0.5, -0.5, 0])
  })
  test('never squares what is large, and keeps NaN', () => {
    const far = Tensor.tensor([1e30, -1e30, Number.NaN])
    const losses = Tensor.toArray(_.huber({ reduction: 'none' })(target)(far))
    expect(losses).toEqual([Math.fround(1e30), Math.fround(1e30), Number.NaN])
    expect(Tensor.toArray(grad(_.huber({ reduction: 'sum' })(target))(far)).slice(0, 2)).toEqual([1, -1])
  })
  test('is the absolute error if beta is 0', () => {
    expect(Tensor.toArray(_.smoothL1({ beta: 0, reduction: 'none' })(target)(prediction))).toEqual([0.5, 0.5, 0])
    expect(Tensor.toArray(grad(_.smoothL1({ beta: 0, reduction: 'sum' })(target))(prediction))).toEqual([1, -1, 0])
  })
})

describe('refusals', () => {
  test('target and prediction of different shapes', () => {
    const message =
      'mse: target [9] and prediction [9, 1] differ; they are not broadcast, so reshape one of them (Tensor.unsqueeze adds an axis)'
    expect(() => _.mse()(unknown(9))(unknown(9, 1))).toThrow(message)
    expect(() => _.l1()(unknown(9, 1))(unknown(1, 1))).toThrow('l1: target [9, 1] and prediction [1, 1] differ')
    expect(() => _.mse()(unknown())(unknown(1))).toThrow('mse: target [] and prediction [1] differ')
    expect(() => _.smoothL1()(unknown(2))(unknown(1))).toThrow('smoothL1: target [2] and prediction [1] differ')
    expect(() => _.huber()(unknown(2))(unknown(1))).toThrow('huber: target [2] and prediction [1] differ')
  })
  test('the same where the shapes are known to the compiler', () => {
    // @ts-expect-error the prediction is [9, 1] and the target [9]
    expect(() => _.mse()(Tensor.zeros([9]))(Tensor.zeros([9, 1]))).toThrow(
      'mse: target [9] and prediction [9, 1] differ'
    )
  })
  test('a beta or delta that is none', () => {
    expect(() => _.smoothL1({ beta: -1 })).toThrow('smoothL1: beta is -1, and not a finite number of 0 or more')
    expect(() => _.huber({ delta: 0 })).toThrow('huber: delta is 0, and not a finite number above 0')
    expect(() => _.huber({ delta: Number.NaN })).toThrow('huber: delta is NaN, and not a finite number above 0')
  })
})
