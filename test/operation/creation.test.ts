import { describe, expect, test } from 'vitest'
import * as _ from '../../src/operation/creation.js'
import type { Nested } from '../../src/operation/nested.js'
import { dtype, shape, show, toArray, toData } from '../../src/operation/reading.js'
import type { Shape } from '../../src/structure/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { vmap } from '../../src/transform/vmap.js'

const wrong = (values: unknown): (() => unknown) => {
  return () => _.tensor(values as Nested)
}

describe('tensor', () => {
  test('takes its shape from the nesting', () => {
    expect(shape(_.tensor(3))).toEqual([])
    expect(shape(_.tensor([3]))).toEqual([1])
    expect(shape(_.tensor([[[1], [2]]]))).toEqual([1, 2, 1])
    expect(shape(_.tensor([]))).toEqual([0])
    expect(shape(_.tensor([[], []]))).toEqual([2, 0])
  })

  test('the compiler knows the shape of what is written out, and the rank of what is not', () => {
    const rows: number[][] = [[1, 2]]
    const written: Tensor<[2, 2]> = _.tensor([
      [1, 2],
      [3, 4]
    ])
    const given: Tensor<[number, number]> = _.tensor(rows)
    // @ts-expect-error a matrix is no vector
    const vector: Tensor<[number]> = _.tensor(rows)
    expect([shape(written), shape(given), shape(vector)]).toEqual([
      [2, 2],
      [1, 2],
      [1, 2]
    ])
  })

  test('numbers are float32, booleans bool, and a mixture counts truth as 1', () => {
    expect(dtype(_.tensor([1, 2]))).toBe('float32')
    expect(dtype(_.tensor([]))).toBe('float32')
    expect(dtype(_.tensor([[true], [false]]))).toBe('bool')
    expect(toArray(_.tensor([true, 2]))).toEqual([1, 2])
    expect(dtype(_.tensor([true], { dtype: 'float64' }))).toBe('float64')
  })

  test('elements are rounded as the dtype needs', () => {
    expect(toArray(_.tensor(0.1))).toBe(Math.fround(0.1))
    expect(toArray(_.tensor(0.1, { dtype: 'float64' }))).toBe(0.1)
    expect(toArray(_.tensor([1.9, -1.9, 1e10, Number.NaN], { dtype: 'int32' }))).toEqual([1, -1, 2147483647, 0])
    expect(toArray(_.tensor([0, -0, 0.5, Number.NaN], { dtype: 'bool' }))).toEqual([false, false, true, true])
  })

  test('ragged arrays are told apart by place and length', () => {
    expect(
      wrong([
        [1, 2, 3],
        [1, 2]
      ])
    ).toThrow('tensor: ragged array: row 1 has 2 elements where row 0 has 3')
    expect(wrong([[[1]], [[1, 2]]])).toThrow('tensor: ragged array: row [1, 0] has 2 elements where row [0, 0] has 1')
    expect(wrong([[1, 2], 3])).toThrow('tensor: ragged array: row 1 is a number where row 0 has 2')
    expect(wrong([1, [true]])).toThrow('tensor: ragged array: row 1 has 1 element where row 0 is a number')
    expect(wrong([[], [1]])).toThrow('tensor: ragged array: row 1 has 1 element where row 0 has 0')
  })

  test('nothing but numbers and booleans is an element', () => {
    expect(wrong([1, '2'])).toThrow('tensor: an element is "2", neither number nor boolean')
    expect(wrong([undefined])).toThrow('tensor: an element is undefined, neither number nor boolean')
  })

  test('what it is made of may change afterwards', () => {
    const [rows, sizes, data] = [[1, 2], [2], new Float32Array([1, 2])]
    const made = [_.tensor(rows), _.full(sizes, 1), _.fromData(sizes, data), _.fromData([2], Buffer.from([1, 1]))]
    const before = made.map(show)
    rows[0] = 9
    sizes[0] = 9
    data[0] = 9
    expect(made.map(show)).toEqual(before)
  })
})

test('scalar has no axes', () => {
  expect(show(_.scalar(1.5))).toBe('tensor(1.5000)')
  expect(show(_.scalar(true))).toBe('tensor(true, dtype=bool)')
  expect(show(_.scalar(2, { dtype: 'int32' }))).toBe('tensor(2, dtype=int32)')
})

describe('fromData', () => {
  test('the kind of array says the dtype', () => {
    expect(dtype(_.fromData([1], new Float32Array(1)))).toBe('float32')
    expect(dtype(_.fromData([1], new Float64Array(1)))).toBe('float64')
    expect(dtype(_.fromData([1], new Int32Array(1)))).toBe('int32')
    expect(toArray(_.fromData([3], new Uint8Array([0, 1, 7])))).toEqual([false, true, true])
    expect(toData(_.fromData([3], new Uint8Array([0, 1, 7])))).toEqual(new Uint8Array([0, 1, 1]))
  })

  test('the length must be that of the shape, also where one element could stand for all', () => {
    expect(() => _.fromData([2, 2], new Float32Array(3))).toThrow('fromData: 3 elements where shape [2, 2] has 4')
    expect(() => _.fromData([2, 2], new Float32Array(1))).toThrow('fromData: 1 elements where shape [2, 2] has 4')
    expect(shape(_.fromData([0, 3], new Float32Array(0)))).toEqual([0, 3])
    expect(toArray(_.fromData([], new Float32Array([5])))).toBe(5)
  })
})

test('zeros, ones and full', () => {
  expect(toArray(_.zeros([2, 1]))).toEqual([[0], [0]])
  expect(toArray(_.ones([], { dtype: 'int32' }))).toBe(1)
  expect(toArray(_.full([2], 2.5, { dtype: 'int32' }))).toEqual([2, 2])
  expect(toArray(_.full([2], true))).toEqual([true, true])
  expect(toArray(_.full([0, 2], 1))).toEqual([])
  for (const sizes of [[-1], [1.5], [Number.NaN]] satisfies Shape[]) {
    expect(() => _.zeros(sizes)).toThrow(`zeros: [${sizes[0]}] is not a shape: sizes are whole numbers from 0 on`)
  }
})

test('like another: shape and dtype, unless told otherwise', () => {
  const x = _.tensor([[1, 2]], { dtype: 'int32' })
  expect(show(_.zerosLike(x))).toBe('tensor([[0, 0]], dtype=int32)')
  expect(show(_.onesLike(x, { dtype: 'float64' }))).toBe('tensor([[1., 1.]], dtype=float64)')
  expect(show(_.fullLike(7)(x))).toBe('tensor([[7, 7]], dtype=int32)')
})

describe('arange', () => {
  test('stops before the end', () => {
    expect(toArray(_.arange(3))).toEqual([0, 1, 2])
    expect(toArray(_.arange(0))).toEqual([])
    expect(toArray(_.arange(-3))).toEqual([])
    expect(toArray(_.arange(5, { start: 2 }))).toEqual([2, 3, 4])
    expect(toArray(_.arange(1, { step: 0.25 }))).toEqual([0, 0.25, 0.5, 0.75])
    expect(toArray(_.arange(-3, { step: -2 }))).toEqual([0, -2])
  })
  test('is int32 where all that was given is whole', () => {
    expect(dtype(_.arange(3))).toBe('int32')
    expect(dtype(_.arange(3, { step: 0.5 }))).toBe('float32')
    expect(dtype(_.arange(3, { dtype: 'float64' }))).toBe('float64')
  })
  test('must end', () => {
    expect(() => _.arange(3, { step: 0 })).toThrow('arange: no numbers from 0 up to 3 in steps of 0')
    expect(() => _.arange(Number.POSITIVE_INFINITY)).toThrow('arange: no numbers from 0 up to Infinity in steps of 1')
  })
})

test('linspace meets both ends', () => {
  const tenths = toData(_.linspace(0, 1, 11, { dtype: 'float64' }))
  expect([tenths[0], tenths[5], tenths[10]]).toEqual([0, 0.5, 1])
  expect(toArray(_.linspace(3, 8, 1))).toEqual([3])
  expect(toArray(_.linspace(3, 8, 2))).toEqual([3, 8])
  expect(toArray(_.linspace(3, 8, 0))).toEqual([])
  expect(() => _.linspace(0, 1, -1)).toThrow('linspace: [-1] is not a shape')
})

test('eye', () => {
  expect(toArray(_.eye(3))).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1]
  ])
  expect(toArray(_.eye(1, { dtype: 'bool' }))).toEqual([[true]])
  expect(toArray(_.eye(0))).toEqual([])
})

describe('oneHot', () => {
  test('has a new last axis', () => {
    const indices = _.tensor(
      [
        [0, 2],
        [1, 5]
      ],
      { dtype: 'int32' }
    )
    expect(toArray(_.oneHot(3)(indices))).toEqual([
      [
        [1, 0, 0],
        [0, 0, 1]
      ],
      [
        [0, 1, 0],
        [0, 0, 0]
      ]
    ])
    expect(toArray(_.oneHot(2, { dtype: 'bool' })(_.scalar(1, { dtype: 'int32' })))).toEqual([false, true])
  })
  test('takes unknown indices', () => {
    expect(toArray(vmap((i: Tensor) => _.oneHot(2)(i))(_.arange(2)))).toEqual([
      [1, 0],
      [0, 1]
    ])
  })
  test('wants integers', () => {
    expect(() => _.oneHot(3)(_.tensor([1]))).toThrow("oneHot: indices are float32, not int32; use cast('int32')")
  })
})
