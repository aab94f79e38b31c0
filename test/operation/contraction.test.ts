import { describe, expect, expectTypeOf, test } from 'vitest'
import * as _ from '../../src/operation/contraction.js'
import { arange, fromData, ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { transpose } from '../../src/operation/movement.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import type { Shape } from '../../src/structure/shape.js'
import { size } from '../../src/structure/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbers, sameOnUnknowns, scattered } from './unknowns.js'

/** Of a shape that the compiler is not told. */
const some = (of: Shape): Tensor => zeros(of)
const counting = (of: Shape): Tensor =>
  fromData(
    of,
    Float64Array.from({ length: size(of) }, (_, i) => i + 1)
  )

describe('matmul', () => {
  test('vectors, matrices and batches', () => {
    const cases: readonly (readonly [Shape, Shape, Shape])[] = [
      [[3], [3], []],
      [[2, 3], [3], [2]],
      [[3], [3, 2], [2]],
      [
        [2, 3],
        [3, 4],
        [2, 4]
      ],
      [
        [5, 2, 3],
        [3, 4],
        [5, 2, 4]
      ],
      [[6, 5, 2, 3], [3], [6, 5, 2]],
      [
        [5, 2, 3],
        [5, 3, 4],
        [5, 2, 4]
      ],
      [
        [2, 3],
        [5, 3, 4],
        [5, 2, 4]
      ],
      [[3], [5, 3, 4], [5, 4]],
      [
        [6, 1, 2, 3],
        [5, 3, 4],
        [6, 5, 2, 4]
      ],
      [
        [1, 2, 3],
        [5, 3, 4],
        [5, 2, 4]
      ]
    ]
    for (const [a, b, product] of cases) expect(shape(_.matmul(some(b))(some(a)))).toEqual(product)
  })
  test('values', () => {
    const [a, b] = [counting([2, 2, 3]), counting([3, 2])]
    expect(numbers(_.matmul(b)(a))).toEqual([22, 28, 49, 64, 76, 100, 103, 136])
    expect(numbers(_.matmul(counting([2, 3, 1]))(counting([1, 3])))).toEqual([14, 32])
    expect(toArray(_.matmul(tensor([1, 2, 3]))(tensor([4, 5, 6])))).toBe(32)
    expect(
      toArray(
        _.matmul(tensor([1, 2]))(
          tensor([
            [1, 2],
            [3, 4]
          ])
        )
      )
    ).toEqual([5, 11])
    expect(
      toArray(
        _.matmul(
          tensor([
            [1, 2],
            [3, 4]
          ])
        )(tensor([1, 2]))
      )
    ).toEqual([7, 10])
  })
  test('the compiler knows the shape', () => {
    expectTypeOf(_.matmul(zeros([3, 4]))(zeros([5, 2, 3]))).toEqualTypeOf<Tensor<[5, 2, 4]>>()
  })
  test('what does not fit: both shapes, and why', () => {
    const of = (a: Shape, b: Shape) => () => _.matmul(some(b))(some(a))
    expect(of([9, 12], [13, 1])).toThrow('matmul: [9, 12] × [13, 1]: inner dimensions 12 and 13 differ')
    expect(of([3], [4])).toThrow('matmul: [3] × [4]: inner dimensions 3 and 4 differ')
    expect(of([3], [4, 3])).toThrow('matmul: [3] × [4, 3]: inner dimensions 3 and 4 differ')
    expect(of([2, 3], [2])).toThrow('matmul: [2, 3] × [2]: inner dimensions 3 and 2 differ')
    expect(of([], [2])).toThrow('matmul: [] × [2]: a scalar has no axis to sum over; use mul')
    expect(of([2, 2], [])).toThrow('matmul: [2, 2] × []: a scalar has no axis to sum over; use mul')
    expect(of([2, 1, 3], [3, 3, 1])).toThrow('matmul: [2, 1, 3] × [3, 3, 1]: leading axes [2] and [3] do not broadcast')
    // @ts-expect-error the compiler says the same
    expect(() => _.matmul(zeros([4, 3, 6]))(zeros([2, 5, 3]))).toThrow('leading axes [2] and [4] do not broadcast')
    // @ts-expect-error the compiler says the same
    expect(() => _.matmul(zeros([13, 1]))(zeros([9, 12]))).toThrow('inner dimensions 12 and 13 differ')
  })
  test('dtypes are promoted, truth values counted', () => {
    expect(dtype(_.matmul(ones([2], { dtype: 'float64' }))(ones([2])))).toBe('float64')
    expect(dtype(_.matmul(arange(2))(ones([2])))).toBe('float32')
    const truths = _.matmul(tensor([true, true]))(tensor([true, true]))
    expect([dtype(truths), toArray(truths)]).toEqual(['int32', 2])
  })
  test('empty axes: sums of nothing are 0', () => {
    expect(toArray(_.matmul(zeros([0, 2]))(zeros([1, 0])))).toEqual([[0, 0]])
    expect(shape(_.matmul(some([3, 4]))(some([0, 2, 3])))).toEqual([0, 2, 4])
    expect(shape(_.matmul(some([3, 0]))(some([2, 3])))).toEqual([2, 0])
    expect(toArray(_.matmul(zeros([0]))(zeros([0])))).toBe(0)
  })
  test('reading an operand transposed changes no bit', () => {
    const [a, b] = [scattered([4, 3]), scattered([5, 3])]
    sameOnUnknowns(x => _.matmul(transpose(b))(x), a)
    sameOnUnknowns(x => _.matmul(transpose(x))(a), b)
    sameOnUnknowns(x => _.matmul(x)(transpose(x)), a)
  })
})

describe('dot and outer', () => {
  const [a, b] = [tensor([1, 2, 3]), tensor([4, 5, 6])]
  test('values and shapes', () => {
    expect(toArray(_.dot(b)(a))).toBe(32)
    expect(toArray(_.outer(tensor([1, 10]))(a))).toEqual([
      [1, 10],
      [2, 20],
      [3, 30]
    ])
    expectTypeOf(_.outer(tensor([1, 10]))(a)).toEqualTypeOf<Tensor<[3, 2]>>()
    expect(shape(_.outer(some([0]))(some([2])))).toEqual([2, 0])
  })
  test('take vectors', () => {
    expect(() => _.dot(some([2]))(a)).toThrow('dot: [3] · [2]: sizes 3 and 2 differ')
    expect(() => _.dot(some([3, 1]))(a)).toThrow('dot: [3] · [3, 1]: both operands must be vectors; use matmul')
    expect(() => _.outer(scalar(1) as Tensor)(a)).toThrow('outer: [3] and []: both operands must be vectors')
  })
})

test('all mean the same on unknowns', () => {
  const cases: readonly (readonly [Shape, Shape])[] = [
    [[3], [3]],
    [[2, 3], [3]],
    [[3], [3, 2]],
    [
      [2, 3],
      [3, 4]
    ],
    [
      [5, 2, 3],
      [3, 4]
    ],
    [
      [2, 3],
      [5, 3, 4]
    ],
    [
      [6, 1, 2, 3],
      [5, 3, 4]
    ]
  ]
  for (const [a, b] of cases) {
    const [x, y] = [scattered(a), scattered(b, 7)]
    sameOnUnknowns(z => _.matmul(y)(z), x)
    sameOnUnknowns(z => _.matmul(z)(x), y)
  }
  sameOnUnknowns(z => _.dot(scattered([4]))(z), scattered([4], 3))
  sameOnUnknowns(z => _.outer(z)(z), scattered([4]))
})
