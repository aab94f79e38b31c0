/** What laws are tried on: it covers what it should, shrinks to what a person can read, and prints as tensors print. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as _ from '../../laws/arbitrary.js'
import { type Dtype, isFloat } from '../../src/structure/dtype.js'
import { size } from '../../src/structure/shape.js'
import { type Constant, elements, isTensor } from '../../src/tensor/tensor.js'
import { leaves } from '../../src/tensor/tree.js'

const sample = <A>(of: fc.Arbitrary<A>): readonly A[] => fc.sample(of, { numRuns: 300, seed: 4 })
const some = <A>(of: fc.Arbitrary<A>, holds: (a: A) => boolean): void => expect(sample(of).some(holds)).toBe(true)
const all = <A>(of: fc.Arbitrary<A>, holds: (a: A) => boolean): void =>
  expect(sample(of).filter(a => !holds(a))).toEqual([])
const numbers = (x: Constant): readonly number[] => Array.from(elements(x))

test('shapes: scalars, ranks up to the one asked for, sizes from 1, or from 0', () => {
  some(_.shape(), s => s.length === 0)
  some(_.shape(), s => s.length === 3)
  all(_.shape(2), s => s.length <= 2 && size(s) > 0)
  some(_.shape(3, _.extentOrNone), s => size(s) === 0)
})

describe('tensors', () => {
  const kinds: readonly (readonly [
    string,
    (s: readonly number[]) => fc.Arbitrary<Constant>,
    Dtype,
    (x: number) => boolean
  ])[] = [
    ['real', _.real, 'float64', x => Math.abs(x) <= 2],
    ['small', _.small, 'float64', x => Math.abs(x) <= 0.6],
    ['positive', _.positive, 'float64', x => x >= 0.3 && x <= 3],
    ['away from 0', _.away, 'float64', x => Math.abs(x) >= 0.3],
    ['bools', _.bools, 'bool', x => x === 0 || x === 1],
    ['integers', _.integers, 'int32', Number.isInteger],
    ['indices', _.indices(4), 'int32', x => x >= 0 && x < 4],
    ['distinct', _.distinct, 'float64', Number.isFinite]
  ]
  test.each(kinds)('%s', (_name, of, dtype, inside) => {
    all(of([2, 3]), x => x.dtype === dtype && size(x.shape) === 6 && numbers(x).every(inside))
  })
  test('stored once for all indices, now and then', () => {
    some(_.real([2, 3]), x => x.data.length === 1)
    some(_.real([2, 3]), x => x.data.length === 6)
  })
  test('distinct ones differ in every element', () => all(_.distinct([3, 3]), x => new Set(numbers(x)).size === 9))
  test.each([0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE])(
    'special ones hold %d among others',
    value => some(_.special([3]), x => numbers(x).some(y => Object.is(y, value)))
  )
  test('of no elements', () => all(_.real([0, 2]), x => numbers(x).length === 0))
})

test('trees: tensors, records and arrays, empty ones too', () => {
  some(_.tree, isTensor)
  some(_.tree, Array.isArray)
  some(_.tree, t => leaves(t).length === 0)
  some(_.tree, t => leaves(t).length > 3)
  all(_.tree, t => leaves(t).every(isFloat))
})

describe('counterexamples are small and printed as tensors are', () => {
  const smallest = <A>(of: fc.Arbitrary<A>, holds: (a: A) => boolean): string => {
    const { counterexample } = fc.check(fc.property(of, holds), { seed: 1 })
    return fc.stringify(counterexample?.[0])
  }
  test('of a tensor', () => {
    expect(smallest(_.tensor, () => false)).toBe('tensor(0., dtype=float64)')
    expect(smallest(_.tensor, x => x.shape.length < 2)).toBe('tensor([[0.]], dtype=float64)')
    expect(smallest(_.integers([2]), x => numbers(x).every(n => n < 10))).toMatch(
      /^tensor\(\[(10, {2}0|0, 10| 0, 10|10, 10)\], dtype=int32\)$/
    )
  })
  test('of a key', () => expect(smallest(_.keys, () => false)).toBe('tensor([0, 0], dtype=int32)'))
  test('of a tree', () => expect(smallest(_.tree, t => leaves(t).length === 0)).toBe('tensor(0., dtype=float64)'))
})
