import { describe, expect, expectTypeOf, test } from 'vitest'
import { arange, eye, scalar, tensor, zeros } from '../../src/operation/creation.js'
import * as _ from '../../src/operation/diagonal.js'
import { reshape } from '../../src/operation/movement.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import type { Shape } from '../../src/structure/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbers, sameOnUnknowns, scattered } from './unknowns.js'

const some = (of: Shape): Tensor => zeros(of)
const x = reshape([2, 3])(arange(6))
/** Elements of a matrix, by their definition. */
const where = (rows: number, columns: number, inside: (row: number, column: number) => boolean): readonly number[] =>
  Array.from({ length: rows * columns }, (_, i) => i).filter(i => inside(Math.floor(i / columns), i % columns))

test('triangles at every offset, of wide and tall matrices', () => {
  for (const [rows, columns] of [
    [2, 4],
    [4, 2],
    [3, 3]
  ] as const) {
    const numbered = reshape([rows, columns])(arange(rows * columns))
    for (let offset = -5; offset <= 5; offset++) {
      const left = numbers(_.tril({ offset })(numbered)).filter(i => i > 0)
      const right = numbers(_.triu({ offset })(numbered)).filter(i => i > 0)
      expect(left).toEqual(where(rows, columns, (row, column) => column - row <= offset).filter(i => i > 0))
      expect(right).toEqual(where(rows, columns, (row, column) => column - row >= offset).filter(i => i > 0))
      expect(numbers(_.diagonal({ offset })(numbered))).toEqual(
        where(rows, columns, (row, column) => column - row === offset)
      )
    }
  }
})

describe('triangles', () => {
  test('of each matrix, in its dtype', () => {
    expect(shape(_.tril()(some([5, 2, 3])))).toEqual([5, 2, 3])
    expect(dtype(_.triu()(tensor([[true]])))).toBe('bool')
    expect(shape(_.tril()(some([0, 3])))).toEqual([0, 3])
    expectTypeOf(_.tril()(x)).toEqualTypeOf<Tensor<[2, 3]>>()
  })
  test('what is none', () => {
    expect(() => _.tril()(tensor([1]))).toThrow('tril: [1] has fewer than two axes')
    expect(() => _.triu()(scalar(1))).toThrow('triu: [] has fewer than two axes')
    expect(() => _.triu({ offset: 0.5 })).toThrow('triu: offset is 0.5, which is not a whole number')
  })
})

test('diagonal', () => {
  expect(toArray(_.diagonal()(x))).toEqual([0, 4])
  expect(shape(_.diagonal({ offset: 1 })(some([5, 2, 3])))).toEqual([5, 2])
  expect(shape(_.diagonal()(some([0, 3])))).toEqual([0])
  expectTypeOf(_.diagonal()(zeros([5, 3, 3]))).toEqualTypeOf<Tensor<[5, 3]>>()
  expectTypeOf(_.diagonal()(x)).toEqualTypeOf<Tensor<[number]>>()
  expect(() => _.diagonal()(some([3]))).toThrow('diagonal: [3] has fewer than two axes')
})

describe('diag', () => {
  test('to a matrix and back', () => {
    const v = tensor([1, 2])
    expect(toArray(_.diag()(v))).toEqual([
      [1, 0],
      [0, 2]
    ])
    expectTypeOf(_.diag()(v)).toEqualTypeOf<Tensor<[2, 2]>>()
    for (const offset of [-3, -1, 0, 1, 2]) {
      const matrix = _.diag({ offset })(v as Tensor)
      expect(shape(matrix)).toEqual([2 + Math.abs(offset), 2 + Math.abs(offset)])
      expect(toArray(_.diag({ offset })(matrix))).toEqual([1, 2])
    }
    expect(toArray(_.diag()(eye(3)))).toEqual([1, 1, 1])
    expect(shape(_.diag()(some([0])))).toEqual([0, 0])
    expect(toArray(_.diag({ offset: -1 })(zeros([0])))).toEqual([[0]])
  })
  test('of nothing else', () => {
    const message = 'is neither a vector nor a matrix; use diagonal'
    expect(() => _.diag()(some([1, 2, 3]))).toThrow(`diag: [1, 2, 3] ${message}`)
    // @ts-expect-error the compiler says the same
    expect(() => _.diag()(scalar(1))).toThrow(`diag: [] ${message}`)
  })
})

test('all mean the same on unknowns', () => {
  for (const offset of [-1, 0, 1, 4]) {
    for (const f of [_.tril, _.triu, _.diagonal]) sameOnUnknowns(f({ offset }), scattered([2, 3, 4]))
    for (const of of [[3], [3, 4]]) sameOnUnknowns(_.diag({ offset }), scattered(of))
  }
})
