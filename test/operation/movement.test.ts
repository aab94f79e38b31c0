import { describe, expect, expectTypeOf, test } from 'vitest'
import { arange, scalar, tensor, zeros } from '../../src/operation/creation.js'
import * as _ from '../../src/operation/movement.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import type { Shape } from '../../src/structure/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbers, sameOnUnknowns, scattered } from './unknowns.js'

const some = (of: Shape): Tensor => zeros(of)

describe('reshape', () => {
  test('keeps the order of the elements', () => {
    const x = _.reshape([2, 3])(arange(6))
    expect(toArray(x)).toEqual([
      [0, 1, 2],
      [3, 4, 5]
    ])
    expect(dtype(x)).toBe('int32')
    expectTypeOf(x).toEqualTypeOf<Tensor<[2, 3]>>()
    expect(shape(_.reshape([])(zeros([1, 1])))).toEqual([])
    expect(shape(_.reshape([0, 5])(some([3, 0])))).toEqual([0, 5])
  })
  test('finds one size', () => {
    expectTypeOf(_.reshape([-1, 2])(arange(6))).toEqualTypeOf<Tensor<[3, 2]>>()
    expect(shape(_.reshape([-1])(some([])))).toEqual([1])
    expect(shape(_.reshape([2, -1])(some([0, 3])))).toEqual([2, 0])
  })
  test('what does not fit', () => {
    const of = (from: Shape, to: Shape) => () => _.reshape(to)(some(from))
    expect(of([2, 3], [4, 2])).toThrow('reshape: [2, 3] has 6 elements, [4, 2] would have 8')
    expect(of([2, 3], [4, -1])).toThrow('reshape: [2, 3] has 6 elements, [4, -1] would have a multiple of 4')
    expect(of([6], [-1, -1])).toThrow('reshape: [-1, -1] leaves more than one size open')
    expect(of([0], [-1, 0])).toThrow('reshape: [-1, 0] has no elements, whatever -1 stands for')
    expect(of([6], [2, 1.5])).toThrow('reshape: [2, 1.5] is not a shape: sizes are whole numbers from 0 on, or -1')
    // @ts-expect-error the compiler says the same
    expect(() => _.reshape([4, 2])(zeros([2, 3]))).toThrow('[2, 3] has 6 elements, [4, 2] would have 8')
  })
  test('the list may change later', () => {
    const to = [2, 3]
    const x = _.reshape(to)(some([6]))
    to[0] = 7
    expect(shape(x)).toEqual([2, 3])
  })
})

test('flatten', () => {
  const x = zeros([2, 3, 4])
  expect(shape(_.flatten()(some([2, 3, 4])))).toEqual([24])
  expectTypeOf(_.flatten()(x)).toEqualTypeOf<Tensor<[24]>>()
  expectTypeOf(_.flatten({ start: 1 })(x)).toEqualTypeOf<Tensor<[2, 12]>>()
  expect(shape(_.flatten({ start: 1 })(some([2, 3, 4])))).toEqual([2, 12])
  expect(shape(_.flatten({ end: -2 })(x))).toEqual([6, 4])
  expect(shape(_.flatten()(scalar(1)))).toEqual([1])
  expect(() => _.flatten({ start: 2, end: 1 })(x)).toThrow('flatten: axis 2 lies after axis 1')
  expect(() => _.flatten({ start: 3 })(x)).toThrow('flatten: axis 3 is out of range for rank 3')
})

describe('axes in another order', () => {
  const x = _.reshape([1, 2, 3])(arange(6))
  test('transpose', () => {
    expect(toArray(_.transpose(x))).toEqual([
      [
        [0, 3],
        [1, 4],
        [2, 5]
      ]
    ])
    expectTypeOf(_.transpose(x)).toEqualTypeOf<Tensor<[1, 3, 2]>>()
    expect(() => _.transpose(some([3]))).toThrow('transpose: [3] has fewer than two axes')
  })
  test('swapAxes', () => {
    expect(shape(_.swapAxes(0, -1)(some([1, 2, 3])))).toEqual([3, 2, 1])
    expect(shape(_.swapAxes(1, 1)(x))).toEqual([1, 2, 3])
    expect(() => _.swapAxes(0, 3)(some([1, 2, 3]))).toThrow('swapAxes: axis 3 is out of range for rank 3')
  })
  test('permute', () => {
    expect(numbers(_.permute([2, 0, 1])(x))).toEqual([0, 3, 1, 4, 2, 5])
    expect(shape(_.permute([-1, 0, 1])(some([1, 2, 3])))).toEqual([3, 1, 2])
    expectTypeOf(_.permute([2, 0, 1])(x)).toEqualTypeOf<Tensor<[3, 1, 2]>>()
    for (const axes of [
      [0, 1],
      [0, 0, 1],
      [0, 1, 3],
      [0, 1, 2, 3]
    ])
      expect(() => _.permute(axes)(x)).toThrow(
        `permute: axes [${axes.join(', ')}] are not an order of the axes of [1, 2, 3]`
      )
  })
})

describe('expand', () => {
  test('repeats axes of size 1, and along new ones', () => {
    expect(toArray(_.expand([2, 3])(tensor([[1], [2]])))).toEqual([
      [1, 1, 1],
      [2, 2, 2]
    ])
    expect(shape(_.expand([4, -1, 3])(some([2, 1])))).toEqual([4, 2, 3])
    expect(shape(_.expand([0])(some([1])))).toEqual([0])
    expect(shape(_.broadcastTo([2, 2])(scalar(1)))).toEqual([2, 2])
    expectTypeOf(_.expand([4, -1, 3])(zeros([2, 1]))).toEqualTypeOf<Tensor<[4, 2, 3]>>()
  })
  test('what does not fit', () => {
    const of = (from: Shape, to: Shape) => () => _.expand(to)(some(from))
    expect(of([3], [2, 4])).toThrow('expand: [3] does not fit [2, 4]: size 3 at axis -1 is neither 1 nor 4')
    expect(of([2, 3], [3])).toThrow('expand: [2, 3] has more axes than [3]')
    expect(of([3], [-1, 3])).toThrow('expand: [3] does not fit [-1, 3]: a new axis has no size that -1 could keep')
    expect(of([3], [-2])).toThrow('expand: [-2] is not a shape')
  })
})

test('squeeze and unsqueeze', () => {
  const x = zeros([2, 1])
  expectTypeOf(_.squeeze(-1)(x)).toEqualTypeOf<Tensor<[2]>>()
  expect(shape(_.squeeze(-1)(x))).toEqual([2])
  expect(() => _.squeeze(0)(some([2, 1]))).toThrow('squeeze: axis 0 of [2, 1] has size 2, not 1')
  expectTypeOf(_.unsqueeze(1)(x)).toEqualTypeOf<Tensor<[2, 1, 1]>>()
  expect(shape(_.unsqueeze(0)(x))).toEqual([1, 2, 1])
  expect(shape(_.unsqueeze(-1)(scalar(1)))).toEqual([1])
  expect(() => _.unsqueeze(4)(some([2, 1]))).toThrow('unsqueeze: axis 4 is out of range for rank 3')
})

test('all mean the same on unknowns', () => {
  const x = scattered([2, 1, 6])
  const operations: readonly ((y: Tensor) => Tensor)[] = [
    _.reshape([3, -1]),
    _.flatten({ start: 1 }),
    _.transpose,
    _.swapAxes(0, 2),
    _.permute([1, 2, 0]),
    _.expand([3, -1, 4, -1]),
    _.squeeze(1),
    _.unsqueeze(0),
    y => _.transpose(_.transpose(y))
  ]
  for (const f of operations) sameOnUnknowns(f, x)
})
