import { describe, expect, expectTypeOf, test } from 'vitest'
import { sqrt } from '../../src/operation/arithmetic.js'
import { arange, full, ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import * as _ from '../../src/operation/reduction.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { jacfwd } from '../../src/transform/jacobian.js'
import { grad } from '../../src/transform/reverse.js'
import { numbers, sameOnUnknowns, scattered } from './unknowns.js'

const x = tensor([
  [1, 2, 3],
  [4, 5, 6]
])
const nan = Number.NaN

describe('axes', () => {
  test('none, one, several, kept or not', () => {
    expect(toArray(_.sum()(x))).toBe(21)
    expect(toArray(_.sum({ axis: 0 })(x))).toEqual([5, 7, 9])
    expect(toArray(_.sum({ axis: -1 })(x))).toEqual([6, 15])
    expect(toArray(_.sum({ axis: [1, 0] })(x))).toBe(21)
    expect(toArray(_.sum({ axis: 1, keepDimensions: true })(x))).toEqual([[6], [15]])
    expect(toArray(_.sum({ keepDimensions: true })(x))).toEqual([[21]])
    expect(toArray(_.sum({ axis: [] })(x))).toEqual(toArray(x))
  })

  test('that do not exist, or are named twice', () => {
    const of = (axes: readonly number[]) => () => _.mean({ axis: axes })(x)
    expect(of([2])).toThrow('mean: axis 2 is out of range for rank 2')
    expect(of([-3])).toThrow('mean: axis -3 is out of range for rank 2')
    expect(of([0.5])).toThrow('mean: axis 0.5 is out of range for rank 2')
    expect(of([0, -2])).toThrow('mean: axes [0, -2] name an axis twice')
    // @ts-expect-error the compiler says the same
    expect(() => _.sum({ axis: 2 })(x)).toThrow('sum: axis 2 is out of range for rank 2')
    const axis: number = 0
    expect(() => _.argmax({ axis })(scalar(1))).toThrow('argmax: axis 0 is out of range for rank 0')
  })

  test('are known to the compiler', () => {
    expectTypeOf(_.sum()(x)).toEqualTypeOf<Tensor<[]>>()
    expectTypeOf(_.mean({ axis: 0 })(x)).toEqualTypeOf<Tensor<[3]>>()
    expectTypeOf(_.max({ axis: -1, keepDimensions: true })(x)).toEqualTypeOf<Tensor<[2, 1]>>()
    expectTypeOf(_.argmin({ axis: 1 })(x)).toEqualTypeOf<Tensor<[2]>>()
  })
})

describe('dtypes', () => {
  test('sums and products count truth values and keep integers', () => {
    const truths = tensor([true, true, false])
    for (const f of [_.sum(), _.prod()]) {
      expect(dtype(f(truths))).toBe('int32')
      expect(dtype(f(arange(3)))).toBe('int32')
      expect(dtype(f(zeros([2], { dtype: 'float64' })))).toBe('float64')
    }
    expect(toArray(_.sum()(truths))).toBe(2)
    expect(toArray(_.prod()(truths))).toBe(0)
  })
  test('means are floating', () => {
    expect(toArray(_.mean()(tensor([true, false])))).toBe(0.5)
    expect(dtype(_.mean()(arange(3)))).toBe('float32')
    expect(dtype(_.mean()(zeros([2], { dtype: 'float64' })))).toBe('float64')
  })
  test('the largest is one of the elements, its index an int32', () => {
    expect(toArray(_.max()(tensor([false, true])))).toBe(true)
    expect(toArray(_.min()(arange(3)))).toBe(0)
    expect(dtype(_.max()(arange(3)))).toBe('int32')
    expect(dtype(_.argmax()(x))).toBe('int32')
  })
})

describe('nothing', () => {
  const none = zeros([0, 2])
  test('has sum 0, product 1 and no mean', () => {
    expect(toArray(_.sum({ axis: 0 })(none))).toEqual([0, 0])
    expect(toArray(_.prod({ axis: 0 })(none))).toEqual([1, 1])
    expect(toArray(_.mean({ axis: 0 })(none))).toEqual([nan, nan])
    expect(toArray(_.prod()(none))).toBe(1)
  })
  test('along an axis that is kept leaves nothing', () => {
    for (const f of [_.sum, _.prod, _.mean, _.max, _.argmax]) expect(shape(f({ axis: 1 })(none))).toEqual([0])
  })
  test('has no largest element', () => {
    expect(() => _.max()(none)).toThrow('max: no element along axis 0 of [0, 2]')
    expect(() => _.min({ axis: 0 })(none)).toThrow('min: no element along axis 0 of [0, 2]')
    expect(() => _.argmin({ axis: 0 })(none)).toThrow('argmin: no element along axis 0 of [0, 2]')
  })
})

test('scalars', () => {
  for (const f of [_.sum(), _.mean(), _.prod(), _.max(), _.min()]) expect(toArray(f(scalar(3)))).toBe(3)
  expect(toArray(_.argmax()(scalar(3)))).toBe(0)
})

test('one stored element stands for all', () => {
  expect(toArray(_.sum()(full([1000, 1000], 0.5)))).toBe(500000)
  expect(toArray(_.prod({ axis: 0 })(full([5, 2], 2)))).toEqual([32, 32])
})

test('a long float32 sum is rounded once', () => {
  expect(toArray(_.sum()(full([1 << 25], 1)))).toBe(2 ** 25)
  expect(toArray(_.mean()(full([30000000], 0.1)))).toBe(Math.fround(0.1))
})

describe('prod', () => {
  test('any number of factors', () => {
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const factorial = Array.from({ length: n }, (_, i) => i + 1).reduce((a, b) => a * b)
      expect(toArray(_.prod()(arange(n + 1, { start: 1 })))).toBe(factorial)
    }
  })
  test('derivatives where factors are 0', () => {
    const double = { dtype: 'float64' } as const
    expect(toArray(grad(_.prod())(tensor([2, 0, 5], double)))).toEqual([0, 10, 0])
    expect(toArray(grad(_.prod())(tensor([2, 0, 0], double)))).toEqual([0, 0, 0])
    const slope = grad((y: Tensor<[3]>) => _.sum()(grad(_.prod())(y)))
    expect(toArray(slope(tensor([2, 0, 0], double)))).toEqual([0, 2, 2])
  })
})

describe('the largest', () => {
  test('ties share the derivative', () => {
    expect(toArray(grad(_.max())(tensor([1, 3, 3])))).toEqual([0, 0.5, 0.5])
    expect(toArray(grad(_.min())(tensor([1, 3, 1])))).toEqual([0.5, 0, 0.5])
  })
  test('NaN is larger and smaller than all', () => {
    expect(toArray(_.max()(tensor([1, nan, 3])))).toBe(nan)
    expect(toArray(_.min()(tensor([1, nan, 3])))).toBe(nan)
    expect(toArray(_.argmax()(tensor([1, nan, nan])))).toBe(1)
    expect(toArray(_.argmin()(tensor([1, nan, nan])))).toBe(1)
  })
  test('infinities', () => {
    expect(toArray(_.max()(tensor([-Infinity, -Infinity])))).toBe(-Infinity)
    expect(toArray(_.min()(tensor([Infinity, Infinity])))).toBe(Infinity)
  })
  test('its place: the first of several, along an axis or among all', () => {
    const scores = tensor([
      [1, 9, 9],
      [7, 2, 9]
    ])
    expect(toArray(_.argmax({ axis: 1 })(scores))).toEqual([1, 2])
    expect(toArray(_.argmax({ axis: 0 })(scores))).toEqual([1, 0, 0])
    expect(toArray(_.argmin()(scores))).toBe(0)
    expect(toArray(_.argmax()(scores))).toBe(1)
    expect(toArray(_.argmin({ axis: -1, keepDimensions: true })(scores))).toEqual([[0], [1]])
    expect(toArray(_.argmin({ keepDimensions: true })(scores))).toEqual([[0]])
  })
})

test('all mean the same on unknowns', () => {
  const y = scattered([2, 3, 5])
  for (const f of [_.sum, _.mean, _.prod, _.max, _.min]) {
    for (const axis of [0, 2, [0, 2], undefined]) {
      for (const keepDimensions of [false, true]) sameOnUnknowns(f({ axis, keepDimensions }), y)
    }
  }
  for (const f of [_.argmax, _.argmin]) for (const axis of [0, 1, -1, undefined]) sameOnUnknowns(f({ axis }), y)
  sameOnUnknowns(_.sum({ axis: 0 }), ones([0, 3], { dtype: 'float64' }))
  expect(numbers(grad(_.mean())(scattered([4])))).toEqual([0.25, 0.25, 0.25, 0.25])
})

test('the largest has the same derivative both ways where another element has an infinite one', () => {
  const f = (y: Tensor<[2]>) => _.max()(sqrt(y))
  expect([grad(f), jacfwd(f)].map(derivative => toArray(derivative(tensor([0, 4]))))).toEqual([
    [0, 0.25],
    [0, 0.25]
  ])
})
