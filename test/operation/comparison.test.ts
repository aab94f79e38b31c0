import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { mul, sqrt } from '../../src/operation/arithmetic.js'
import * as _ from '../../src/operation/comparison.js'
import { arange, ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { log } from '../../src/operation/pointwise.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import { sum } from '../../src/operation/reduction.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { slope } from './slope.js'

type OfTwo = (b: Tensor | number) => (a: Tensor | number) => Tensor
const comparisons: readonly (readonly [string, OfTwo, (a: number, b: number) => boolean])[] = [
  ['less', _.less, (a, b) => a < b],
  ['lessEqual', _.lessEqual, (a, b) => a <= b],
  ['greater', _.greater, (a, b) => a > b],
  ['greaterEqual', _.greaterEqual, (a, b) => a >= b],
  ['equal', _.equal, (a, b) => a === b],
  ['notEqual', _.notEqual, (a, b) => a !== b]
]

describe.each(comparisons)('%s', (name, comparison, expected) => {
  const values = [1, 2, 0, -0, Number.NaN, Number.POSITIVE_INFINITY]
  test('compares as numbers do, the data last', () => {
    for (const b of values) {
      expect(toArray(comparison(b)(tensor(values)))).toEqual(values.map(a => expected(a, b)))
      expect(toArray(comparison(tensor(values))(b))).toEqual(values.map(a => expected(b, a)))
    }
  })
  test('gives bools, broadcasts, and takes unknowns', () => {
    const x = comparison(ones([3]))(ones([2, 1]))
    expect([dtype(x), shape(x), shape(comparison(1)(ones([0])))]).toEqual(['bool', [2, 3], [0]])
    expect(toArray(vmap((y: Tensor) => comparison(1)(y))(arange(3)))).toEqual([0, 1, 2].map(a => expected(a, 1)))
  })
  test('names itself and both shapes where they do not fit', () => {
    expect(() => comparison(ones([4]))(ones([2, 3]))).toThrow(
      `${name}: shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 at axis -1 differ and neither is 1`
    )
  })
  test('integers meet fractions in float32', () => {
    expect(toArray(comparison(0.5)(arange(2)))).toEqual([expected(0, 0.5), expected(1, 0.5)])
  })
})

test('isNaN and isFinite', () => {
  const x = tensor([1, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38])
  expect(toArray(_.isNaN(x))).toEqual([false, false, true, false, false, false])
  expect(toArray(_.isFinite(x))).toEqual([true, true, false, false, false, true])
  expect(toArray(_.isFinite(tensor([1e308, 1 / 0], { dtype: 'float64' })))).toEqual([true, false])
  expect(toArray(_.isFinite(arange(2)))).toEqual([true, true])
  expect(toArray(_.isNaN(tensor([true])))).toEqual([false])
})

describe('where', () => {
  const condition = tensor([true, false])
  test('chooses, and broadcasts all three', () => {
    expect(toArray(pipe(condition, _.where(1, 2)))).toEqual([1, 2])
    expect(toArray(pipe(condition, _.where(tensor([1, 2]), 0)))).toEqual([1, 0])
    expect(toArray(pipe(condition, _.where(tensor([[1], [3]]), tensor([5, 6]))))).toEqual([
      [1, 6],
      [3, 6]
    ])
    expect(toArray(pipe(scalar(true), _.where(tensor([1, 2]), 0)))).toEqual([1, 2])
    expect(shape(pipe(zeros([0], { dtype: 'bool' }), _.where(1, 2)))).toEqual([0])
  })
  test('the dtype is the one that holds both values', () => {
    expect(dtype(pipe(condition, _.where(arange(2), 1)))).toBe('int32')
    expect(dtype(pipe(condition, _.where(arange(2), 0.5)))).toBe('float32')
    expect(dtype(pipe(condition, _.where(arange(2), zeros([2], { dtype: 'float64' }))))).toBe('float64')
  })
  test('what is not chosen has no derivative, be its slope infinite or NaN', () => {
    const guarded = (x: Tensor<[]>): Tensor<[]> => pipe(x, _.greater(0), _.where(log(x), 0))
    expect([slope(0)(guarded), slope(-1)(guarded), slope(2)(guarded)]).toEqual([0, 0, 0.5])
    const root = (x: Tensor<[2]>): Tensor<[]> => sum()(pipe(x, _.less(0), _.where(0, sqrt(x))))
    expect(toArray(grad(root)(tensor([-4, 4])))).toEqual([0, 0.25])
    expect(slope(0)(grad((x: Tensor<[]>) => mul(x)(guarded(x))))).toBe(0)
  })
  test('the condition must be bool, and shapes fit', () => {
    expect(() => pipe(ones([2]), _.where(1, 2))).toThrow(
      'where: the condition is float32, not bool; compare it with something'
    )
    const [three, two]: readonly Tensor[] = [ones([3]), ones([2])]
    expect(() => _.where(three!, two!)(scalar(true))).toThrow(
      'where: shapes [3] and [2] do not broadcast: sizes 3 and 2 at axis -1 differ and neither is 1'
    )
    expect(() => pipe(condition as Tensor, _.where(three!, 0))).toThrow('where: shapes [2] and [3] do not broadcast')
    // @ts-expect-error the compiler says the same of the values
    expect(() => _.where(ones([3]), ones([2]))(scalar(true))).toThrow('where: shapes [3] and [2] do not broadcast')
    // @ts-expect-error and of the condition
    expect(() => pipe(condition, _.where(ones([3]), 0))).toThrow('where: shapes [2] and [3] do not broadcast')
  })
  test('between two numbers any shape stays as it is', () => {
    const mask = <S extends readonly number[]>(x: Tensor<S>): Tensor<S> => pipe(x, _.less(0), _.where(1, 0))
    expect(toArray(mask(tensor([-1, 1])))).toEqual([1, 0])
  })
})

test('a number that int32 cannot hold is compared as a number, and does not wrap around', () => {
  const integers = tensor([0, 1], { dtype: 'int32' })
  expect(toArray(_.less(2 ** 31)(integers))).toEqual([true, true])
  expect(toArray(_.equal(2 ** 32)(integers))).toEqual([false, false])
})
