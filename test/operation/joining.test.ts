import { describe, expect, expectTypeOf, test } from 'vitest'
import { arange, scalar, tensor, zeros } from '../../src/operation/creation.js'
import * as _ from '../../src/operation/joining.js'
import { dtype, equals, shape, toArray } from '../../src/operation/reading.js'
import type { Shape } from '../../src/structure/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { sameOnUnknowns, scattered } from './unknowns.js'

const some = (of: Shape): Tensor => zeros(of)

describe('concat', () => {
  test('along any axis', () => {
    const [a, b] = [tensor([[1, 2]]), tensor([[3, 4]])]
    expect(toArray(_.concat(0)([a, b]))).toEqual([
      [1, 2],
      [3, 4]
    ])
    expect(toArray(_.concat(-1)([a, b]))).toEqual([[1, 2, 3, 4]])
    expectTypeOf(_.concat(0)([a, b, zeros([3, 2])])).toEqualTypeOf<Tensor<[5, 2]>>()
    expect(equals(a)(_.concat(0)([a]))).toBe(true)
    expect(shape(_.concat(0)([some([0, 2]), a, some([0, 2])]))).toEqual([1, 2])
  })
  test('in the dtype that holds all', () => {
    expect(dtype(_.concat(0)([tensor([true]), arange(1)]))).toBe('int32')
    expect(dtype(_.concat(0)([tensor([true]), tensor([false])]))).toBe('bool')
    expect(dtype(_.concat(0)([arange(1), tensor([1]), zeros([1], { dtype: 'float64' })]))).toBe('float64')
  })
  test('what does not fit', () => {
    const of = (axis: number, shapes: readonly Shape[]) => () => _.concat(axis)(shapes.map(some))
    expect(of(0, [])).toThrow('concat: nothing to put together')
    expect(
      of(0, [
        [2, 3],
        [2, 3],
        [2, 4]
      ])
    ).toThrow('concat: shapes [2, 3] and [2, 4] (operand 2) differ apart from axis 0')
    expect(of(1, [[2, 3], [2]])).toThrow('concat: shapes [2, 3] and [2] (operand 1) differ apart from axis 1')
    expect(of(2, [[2, 3]])).toThrow('concat: axis 2 is out of range for rank 2')
    expect(of(0, [[], []])).toThrow('concat: axis 0 is out of range for rank 0')
    // @ts-expect-error the compiler says the same
    expect(() => _.concat(0)([zeros([2, 3]), zeros([2, 4])])).toThrow('differ apart from axis 0')
  })
})

describe('stack', () => {
  test('along a new axis', () => {
    const [a, b] = [tensor([1, 2]), tensor([3, 4])]
    expect(toArray(_.stack(-1)([a, b]))).toEqual([
      [1, 3],
      [2, 4]
    ])
    expectTypeOf(_.stack(0)([a, b, a])).toEqualTypeOf<Tensor<[3, 2]>>()
    expect(toArray(_.stack(0)([scalar(1), scalar(2)]))).toEqual([1, 2])
    expect(toArray(_.stack(0)([scalar(true), scalar(false)]))).toEqual([true, false])
    expect(shape(_.stack(1)([some([0, 3])]))).toEqual([0, 1, 3])
  })
  test('what does not fit', () => {
    const of = (axis: number, shapes: readonly Shape[]) => () => _.stack(axis)(shapes.map(some))
    expect(of(0, [])).toThrow('stack: nothing to put together')
    expect(of(0, [[2], [2], [1]])).toThrow('stack: shapes [2] and [1] (operand 2) differ')
    expect(of(2, [[2]])).toThrow('stack: axis 2 is out of range for rank 2')
  })
})

describe('split and chunk', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
    [10, 11, 12]
  ])
  test('sizes one after another', () => {
    const [first, second, third] = _.split([1, 0, 3], 0)(x)
    expectTypeOf(first).toEqualTypeOf<Tensor<[1, 3]>>()
    expect([shape(first), shape(second), shape(third)]).toEqual([
      [1, 3],
      [0, 3],
      [3, 3]
    ])
    expect(equals(x)(_.concat(0)([first, second, third]))).toBe(true)
  })
  test('one size, the last perhaps less', () => {
    expect(_.split(3, 0)(x).map(part => shape(part))).toEqual([
      [3, 3],
      [1, 3]
    ])
    expect(_.split(9, -1)(x).map(part => shape(part))).toEqual([[4, 3]])
    expect(_.split(2, 0)(some([0])).map(part => shape(part))).toEqual([[0]])
  })
  test('equal parts', () => {
    const [top, bottom] = _.chunk(2, 0)(x)
    expectTypeOf(top).toEqualTypeOf<Tensor<[2, 3]>>()
    expect(toArray(bottom)).toEqual([
      [7, 8, 9],
      [10, 11, 12]
    ])
  })
  test('what does not fit', () => {
    expect(() => _.split([1, 2], 0)(x)).toThrow('split: sizes [1, 2] add up to 3, axis 0 of [4, 3] has 4')
    expect(() => _.split([5, -1], 0)(x)).toThrow('split: a size is -1, which is not a whole number from 0 on')
    expect(() => _.split(0, 0)(x)).toThrow('split: a size is 0, which is not a whole number from 1 on')
    expect(() => _.chunk(2, 1)(x)).toThrow('chunk: axis 1 of [4, 3] has size 3, which 2 does not divide')
    expect(() => _.chunk(0, 1)(x)).toThrow('chunk: 0 parts, which is not a whole number from 1 on')
    // @ts-expect-error the compiler says the same
    expect(() => _.split(1, 2)(x)).toThrow('split: axis 2 is out of range for rank 2')
  })
})

test('all mean the same on unknowns', () => {
  const x = scattered([3, 4])
  const other = scattered([3, 4], 8)
  const operations: readonly ((y: Tensor) => Tensor)[] = [
    y => _.concat(1)([other, y, y]),
    y => _.concat(0)([y, zeros([0, 4])]),
    y => _.stack(1)([y, other, y]),
    y => _.split([1, 3], 1)(y)[1],
    y => _.concat(0)(_.split(2, 0)(y)),
    y => _.stack(0)(_.chunk(2, 1)(y))
  ]
  for (const f of operations) sameOnUnknowns(f, x)
})
