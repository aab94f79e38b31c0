import { describe, expect, expectTypeOf, test } from 'vitest'
import { arange, full, tensor, zeros } from '../../src/operation/creation.js'
import { dtype, toArray } from '../../src/operation/reading.js'
import * as _ from '../../src/operation/statistics.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { hessian } from '../../src/transform/jacobian.js'
import { grad } from '../../src/transform/reverse.js'
import { numbers, sameOnUnknowns, scattered } from './unknowns.js'

const double = { dtype: 'float64' } as const
const infinite = Number.POSITIVE_INFINITY

describe('variance', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 4, 4]
  ])
  test('along axes, unbiased or not', () => {
    expect(toArray(_.variance({ axis: 1 })(x))).toEqual([1, 0])
    expect(toArray(_.variance({ axis: 0, correction: 0 })(x))).toEqual([2.25, 1, 0.25])
    expect(toArray(_.variance({ axis: 1, correction: 0, keepDimensions: true })(x))).toEqual([
      [Math.fround(2 / 3)],
      [0]
    ])
    expectTypeOf(_.variance({ axis: 1, correction: 0 })(x)).toEqualTypeOf<Tensor<[2]>>()
    expect(dtype(_.variance()(arange(3)))).toBe('float32')
  })
  test('of one element or none', () => {
    expect(toArray(_.variance()(tensor([5])))).toBe(Number.NaN)
    expect(toArray(_.variance({ correction: 0 })(tensor([5])))).toBe(0)
    expect(toArray(_.variance()(zeros([0])))).toBe(Number.NaN)
  })
  test('far from 0', () => {
    expect(toArray(_.variance()(tensor([1e9, 1e9 + 1, 1e9 + 2], double)))).toBe(1)
  })
})

describe('standardDeviation', () => {
  test('is the root of the variance', () => {
    expect(toArray(_.standardDeviation({ axis: 0, correction: 0 })(tensor([[1], [7]])))).toEqual([3])
  })
  test('has a derivative where all are equal', () => {
    expect(toArray(grad(_.standardDeviation())(full([3], 2)))).toEqual([0, 0, 0])
  })
})

describe('norm', () => {
  const x = tensor([3, -4, 0])
  test('of every order', () => {
    const of = (order: number) => toArray(_.norm({ order })(x))
    expect([of(2), of(1), of(infinite), of(-infinite), of(0)]).toEqual([5, 7, 4, 0, 2])
    expect(of(3)).toBeCloseTo(91 ** (1 / 3), 6)
    expect(() => of(Number.NaN)).toThrow('norm: order is NaN')
    expect(toArray(_.norm()(arange(2)))).toBe(1)
  })
  test('of nothing', () => {
    expect(toArray(_.norm()(zeros([0])))).toBe(0)
    expect(() => _.norm({ order: infinite })(zeros([0]))).toThrow(
      'norm: no element of [0] for a norm of order Infinity'
    )
  })
  test('of a negative order is no root at 0', () => {
    expect(toArray(_.norm({ order: -1 })(tensor([infinite, infinite])))).toBe(infinite)
    expect(toArray(_.norm({ order: -1 })(tensor([0, 2])))).toBe(0)
  })
  test('has a derivative at 0', () => {
    for (const order of [1, 1.5, 2, 3]) {
      expect(toArray(grad(_.norm({ order }))(zeros([2], double)))).toEqual([0, 0])
      expect(
        toArray(hessian(_.norm({ order }))(zeros([2], double)))
          .flat()
          .map(Math.abs)
      ).toEqual([0, 0, 0, 0])
    }
  })
})

describe('logsumexp', () => {
  test('neither end overflows', () => {
    const x = tensor(
      [
        [700, 700],
        [-700, -700],
        [1000, 0]
      ],
      double
    )
    expect(toArray(_.logsumexp({ axis: 1 })(x))).toEqual([700 + Math.log(2), -700 + Math.log(2), 1000])
    expect(toArray(_.logsumexp()(arange(1)))).toBe(0)
  })
  test('infinities: no NaN in values or derivatives', () => {
    const rows = tensor(
      [
        [-infinite, -infinite],
        [-infinite, 0],
        [infinite, 0]
      ],
      double
    )
    expect(toArray(_.logsumexp({ axis: 1 })(rows))).toEqual([-infinite, 0, infinite])
    for (const row of [
      [-infinite, -infinite],
      [-infinite, 0]
    ]) {
      const slopes = numbers(grad(_.logsumexp())(tensor(row, double)))
      expect(slopes.some(Number.isNaN)).toBe(false)
      expect(numbers(hessian(_.logsumexp())(tensor(row, double))).some(Number.isNaN)).toBe(false)
    }
    expect(toArray(grad(_.logsumexp())(tensor([-infinite, 0, 0], double)))).toEqual([0, 0.5, 0.5])
  })
  test('of nothing', () => {
    expect(toArray(_.logsumexp({ axis: 0 })(zeros([0, 2])))).toEqual([-infinite, -infinite])
  })
  test('the second derivative at a far point', () => {
    const curvature = numbers(hessian(_.logsumexp())(tensor([700, 700], double)))
    expect(curvature).toEqual([0.25, -0.25, -0.25, 0.25])
  })
})

describe('cumsum', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6]
  ])
  test('along an axis, from either end', () => {
    expect(toArray(_.cumsum({ axis: 0 })(x))).toEqual([
      [1, 2, 3],
      [5, 7, 9]
    ])
    expect(toArray(_.cumsum({ axis: -1, reverse: true })(x))).toEqual([
      [6, 5, 3],
      [15, 11, 6]
    ])
    expectTypeOf(_.cumsum({ axis: 0 })(x)).toEqualTypeOf<Tensor<[2, 3]>>()
  })
  test('counts truth values, keeps integers, takes nothing', () => {
    expect(toArray(_.cumsum({ axis: 0 })(tensor([true, false, true])))).toEqual([1, 1, 2])
    expect(dtype(_.cumsum({ axis: 0 })(arange(3)))).toBe('int32')
    expect(toArray(_.cumsum({ axis: 0 })(zeros([0])))).toEqual([])
  })
  test('needs its axis', () => {
    // @ts-expect-error the compiler says the same
    expect(() => _.cumsum({ axis: 2 })(x)).toThrow('cumsum: axis 2 is out of range for rank 2')
  })
})

test('all mean the same on unknowns', () => {
  const x = scattered([2, 3, 4])
  for (const axis of [0, 1, -1, [0, 2], undefined]) {
    for (const keepDimensions of [true, false]) {
      sameOnUnknowns(_.variance({ axis, keepDimensions }), x)
      sameOnUnknowns(_.variance({ axis, keepDimensions, correction: 0 }), x)
      sameOnUnknowns(_.standardDeviation({ axis, keepDimensions }), x)
      sameOnUnknowns(_.logsumexp({ axis, keepDimensions }), x)
      for (const order of [1, 2, 3, 0, infinite, -infinite]) sameOnUnknowns(_.norm({ axis, keepDimensions, order }), x)
    }
  }
  for (const axis of [0, 1, -1]) for (const reverse of [true, false]) sameOnUnknowns(_.cumsum({ axis, reverse }), x)
})
