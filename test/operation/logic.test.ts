import { describe, expect, test } from 'vitest'
import { ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import * as _ from '../../src/operation/logic.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { vmap } from '../../src/transform/vmap.js'

type OfTwo = (b: Tensor | number) => (a: Tensor | number) => Tensor
const [yes, no] = [tensor([true, false, true, false]), tensor([true, true, false, false])]

describe('truth values', () => {
  const tables: readonly (readonly [string, OfTwo, readonly boolean[]])[] = [
    ['logicalAnd', _.logicalAnd, [true, false, false, false]],
    ['logicalOr', _.logicalOr, [true, true, true, false]],
    ['logicalXor', _.logicalXor, [false, true, true, false]]
  ]
  test.each(tables)('%s', (name, operation, table) => {
    expect(toArray(operation(no)(yes))).toEqual(table)
    expect(toArray(operation(tensor([2, 0.5, 0, -0]))(tensor([Number.NaN, 0, 1, 0])))).toEqual(table)
    expect([dtype(operation(1)(ones([2]))), shape(operation(ones([3]))(ones([2, 1])))]).toEqual(['bool', [2, 3]])
    expect(toArray(vmap((x: Tensor) => operation(1)(x))(yes))).toEqual(toArray(operation(1)(yes)))
    expect(() => operation(ones([2]))(ones([3]))).toThrow(`${name}: shapes [3] and [2] do not broadcast`)
  })
  test('a number is true unless it is 0', () => {
    expect([0.5, Number.NaN, -1, 0, -0].map(x => toArray(_.logicalAnd(x)(scalar(true))))).toEqual([
      true,
      true,
      true,
      false,
      false
    ])
  })
  test('logicalNot', () => {
    expect(toArray(_.logicalNot(yes))).toEqual([false, true, false, true])
    expect(toArray(_.logicalNot(tensor([0, 0.5, Number.NaN])))).toEqual([true, false, false])
    expect(shape(_.logicalNot(zeros([0])))).toEqual([0])
  })
})

describe('any and all', () => {
  const x = tensor([
    [true, true],
    [false, true]
  ])
  test('fold axes', () => {
    expect([toArray(_.any()(x)), toArray(_.all()(x))]).toEqual([true, false])
    expect(toArray(_.all({ axis: 0 })(x))).toEqual([false, true])
    expect(toArray(_.any({ axis: -1, keepDimensions: true })(_.logicalNot(x)))).toEqual([[false], [true]])
    expect(toArray(_.any()(tensor([0, 0.5])))).toBe(true)
  })
  test('of nothing are false and true', () => {
    expect(toArray(_.any({ axis: 1 })(zeros([2, 0])))).toEqual([false, false])
    expect(toArray(_.all({ axis: 1 })(zeros([2, 0])))).toEqual([true, true])
    expect(toArray(_.all()(scalar(true)))).toBe(true)
  })
  test('take unknowns', () => {
    expect(toArray(vmap((row: Tensor) => _.all()(row))(x))).toEqual([true, false])
  })
  test('the axis must exist', () => {
    expect(() => _.any({ axis: 2 })(x as Tensor)).toThrow('any: axis 2 is out of range for rank 2')
    // @ts-expect-error the compiler says the same
    expect(() => _.all({ axis: 2 })(x)).toThrow('all: axis 2 is out of range for rank 2')
  })
})

describe('bits', () => {
  const integer = { dtype: 'int32' } as const
  const words = [0b1100, -1, 0, 2147483647, -2147483648]
  const tables: readonly (readonly [string, OfTwo, (a: number, b: number) => number])[] = [
    ['bitAnd', _.bitAnd, (a, b) => a & b],
    ['bitOr', _.bitOr, (a, b) => a | b],
    ['bitXor', _.bitXor, (a, b) => a ^ b],
    ['shiftLeft', _.shiftLeft, (a, b) => a << b],
    ['shiftRight', _.shiftRight, (a, b) => (a >>> b) | 0]
  ]
  test.each(tables)('%s', (name, operation, expected) => {
    for (const b of [0, 1, 5, 31]) {
      expect(toArray(operation(b)(tensor(words, integer)))).toEqual(words.map(a => expected(a, b)))
    }
    expect(dtype(operation(1)(scalar(1, integer)))).toBe('int32')
    expect(() => operation(1)(tensor([1]))).toThrow(`${name}: float32 has no bits to work on; use int32`)
    expect(() => operation(0.5)(tensor([1], integer))).toThrow(`${name}: float32 has no bits to work on; use int32`)
    expect(toArray(vmap((x: Tensor) => operation(1)(x))(tensor(words, integer)))).toEqual(
      words.map(a => expected(a, 1))
    )
  })
  test('of truth values are truth values, but have no places', () => {
    expect(toArray(_.bitXor(no)(yes))).toEqual([false, true, true, false])
    expect(() => _.shiftLeft(yes)(yes)).toThrow('shiftLeft: bool has no bits to work on; use int32')
  })
})
