import { describe, expect, expectTypeOf, test } from 'vitest'
import { mul } from '../../src/operation/arithmetic.js'
import { arange, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import { sum } from '../../src/operation/reduction.js'
import * as _ from '../../src/operation/sorting.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { sameOnUnknowns, scattered } from './unknowns.js'

const x = tensor([
  [3, 1, 2],
  [5, 6, 4]
])
const nan = Number.NaN

describe('sort and argsort', () => {
  test('along any axis, either way', () => {
    expect(toArray(_.sort()(x))).toEqual([
      [1, 2, 3],
      [4, 5, 6]
    ])
    expect(toArray(_.sort({ axis: 0, descending: true })(x))).toEqual([
      [5, 6, 4],
      [3, 1, 2]
    ])
    expect(toArray(_.argsort({ axis: 1 })(x))).toEqual([
      [1, 2, 0],
      [2, 0, 1]
    ])
    expect(dtype(_.argsort()(x))).toBe('int32')
    expectTypeOf(_.sort()(x)).toEqualTypeOf<Tensor<[2, 3]>>()
  })
  test('equal elements keep their order, NaN is largest', () => {
    expect(toArray(_.argsort()(tensor([1, 0, 1, 0])))).toEqual([1, 3, 0, 2])
    expect(toArray(_.argsort({ descending: true })(tensor([1, 0, 1, 0])))).toEqual([0, 2, 1, 3])
    expect(toArray(_.sort()(tensor([nan, 1, Infinity])))).toEqual([1, Infinity, nan])
    expect(toArray(_.sort({ descending: true })(tensor([1, nan, Infinity])))).toEqual([nan, Infinity, 1])
  })
  test('integers, truth values, nothing', () => {
    expect(toArray(_.sort({ descending: true })(arange(3)))).toEqual([2, 1, 0])
    expect(toArray(_.sort()(tensor([true, false])))).toEqual([false, true])
    expect(toArray(_.sort()(zeros([0])))).toEqual([])
    expect(shape(_.sort({ axis: 0 })(zeros([3, 0])))).toEqual([3, 0])
  })
  test('the derivative follows the elements', () => {
    const weights = tensor([1, 10, 100])
    const weighted = (y: Tensor<[3]>): Tensor<[]> => sum()(mul(weights)(_.sort()(y)))
    expect(toArray(grad(weighted)(tensor([3, 1, 2])))).toEqual([100, 1, 10])
  })
  test('along axes that exist', () => {
    // @ts-expect-error the compiler says the same
    expect(() => _.sort({ axis: 2 })(x)).toThrow('sort: axis 2 is out of range for rank 2')
    expect(() => _.argsort()(scalar(1) as Tensor)).toThrow('argsort: axis -1 is out of range for rank 0')
  })
})

describe('topk', () => {
  test('largest or smallest', () => {
    const top = _.topk(2)(x)
    expect(toArray(top.values)).toEqual([
      [3, 2],
      [6, 5]
    ])
    expect(toArray(top.indices)).toEqual([
      [0, 2],
      [1, 0]
    ])
    expectTypeOf(top.values).toEqualTypeOf<Tensor<[2, 2]>>()
    expect(toArray(_.topk(1, { axis: 0, largest: false })(x).values)).toEqual([[3, 1, 2]])
    expect(shape(_.topk(0)(x).values)).toEqual([2, 0])
  })
  test('not more than there are', () => {
    for (const k of [4, -1, 1.5])
      expect(() => _.topk(k)(x)).toThrow(
        `topk: k is ${k}, and not a whole number from 0 to 3, the size of axis -1 of [2, 3]`
      )
  })
})

test('all mean the same on unknowns', () => {
  const y = scattered([3, 4])
  for (const axis of [0, 1]) {
    for (const descending of [true, false]) {
      sameOnUnknowns(_.sort({ axis, descending }), y)
      sameOnUnknowns(_.argsort({ axis, descending }), y)
    }
    sameOnUnknowns(z => _.topk(2, { axis })(z).values, y)
    sameOnUnknowns(z => _.topk(2, { axis, largest: false })(z).indices, y)
  }
})
