import { describe, expect, test } from 'vitest'
import { arange, fromData, full, scalar, tensor, zeros } from '../../src/operation/creation.js'
import * as _ from '../../src/operation/reading.js'
import { isMistake } from '../../src/structure/mistake.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'

test('shape, rank and size, also of unknowns', () => {
  const x = zeros([2, 0, 3])
  expect([_.shape(x), _.rank(x), _.size(x)]).toEqual([[2, 0, 3], 3, 0])
  expect(_.size(scalar(1))).toBe(1)
  grad((y: Tensor<[]>) => {
    expect([_.shape(y), _.rank(y), _.dtype(y)]).toEqual([[], 0, 'float64'])
    return y
  })(scalar(1, { dtype: 'float64' }))
})

test('a shape that was read belongs to the reader', () => {
  const x = zeros([2, 3])
  const read: number[] = _.shape(x)
  read[0] = 9
  expect(_.shape(x)).toEqual([2, 3])
})

describe('item', () => {
  test('takes any rank, but one element', () => {
    expect(_.item(scalar(2))).toBe(2)
    expect(_.item(tensor([[2]]))).toBe(2)
    expect(_.item(scalar(true))).toBe(1)
    expect(() => _.item(zeros([2, 1]))).toThrow('item: a tensor of shape [2, 1] has 2 elements, not one')
    expect(() => _.item(zeros([0]))).toThrow('item: a tensor of shape [0] has 0 elements, not one')
  })
})

describe('toArray', () => {
  test('is the inverse of tensor', () => {
    for (const nested of [1, [1, 2], [[1], [2]], [], [[], []], [[[1, 2, 3]], [[4, 5, 6]]]]) {
      expect(_.toArray(tensor(nested))).toEqual(nested)
    }
  })
  test('gives truth values of bools, and keeps −0, NaN and infinities', () => {
    expect(_.toArray(tensor([[true], [false]]))).toEqual([[true], [false]])
    const special = [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    expect(_.toArray(tensor(special))).toEqual(special)
  })
  test('spells out what is stored once', () => {
    expect(_.toArray(full([2, 2], 3))).toEqual([
      [3, 3],
      [3, 3]
    ])
  })
  test('is typed by the rank', () => {
    const matrix: readonly (readonly number[])[] = _.toArray(zeros([1, 1]))
    const number: number = _.toArray(scalar(1))
    // @ts-expect-error a vector is no matrix
    const vector: readonly (readonly number[])[] = _.toArray(zeros([1]))
    expect([matrix, number, vector]).toEqual([[[0]], 1, [0]])
  })
})

test('toData is a copy of all elements', () => {
  const x = fromData([2], new Float64Array([1, 2]))
  _.toData(x)[0] = 9
  expect(_.toData(x)).toEqual(new Float64Array([1, 2]))
  expect(_.toData(full([3], 2, { dtype: 'int32' }))).toEqual(new Int32Array([2, 2, 2]))
  expect(_.toData(tensor([true, false]))).toEqual(new Uint8Array([1, 0]))
  // It has a buffer of its own, so that whoever moves it to another thread takes nothing else along.
  const long = _.toData(arange(100))
  expect(long.buffer.byteLength).toBe(long.byteLength)
})

test('show is what a string conversion gives', () => {
  const x = tensor([
    [1, 2.5],
    [-3, 4]
  ])
  expect(_.show(x)).toBe('tensor([[ 1.0000,  2.5000],\n        [-3.0000,  4.0000]])')
  expect(`${x}`).toBe(_.show(x))
  grad((y: Tensor<[]>) => {
    expect(_.show(y)).toBe('unknown float32 [], an argument of a transformed function')
    return y
  })(scalar(1))
})

test('isTensor', () => {
  expect([scalar(1), { shape: [], dtype: 'float32', tag: 'constant' }, null, 1].map(x => _.isTensor(x))).toEqual([
    true,
    false,
    false,
    false
  ])
})

describe('Eq', () => {
  const some = [
    scalar(0),
    scalar(-0),
    scalar(Number.NaN),
    scalar(0, { dtype: 'float64' }),
    tensor([0]),
    tensor([0, 0]),
    tensor([0, -0]),
    tensor([[0, 0]]),
    zeros([0]),
    zeros([0, 1])
  ]
  test('tells all of these apart, and each is itself', () => {
    some.forEach((x, i) => {
      some.forEach((y, j) => {
        expect(_.Eq.equals(x, y)).toBe(i === j)
        expect(_.equals(y)(x)).toBe(i === j)
      })
    })
  })
  test('sees values, not how they are stored', () => {
    expect(_.Eq.equals(full([2], 3), tensor([3, 3]))).toBe(true)
    expect(_.Eq.equals(scalar(Number.NaN), scalar(Number.NaN))).toBe(true)
  })
})

test('what would read an unknown names itself, and offers something else', () => {
  const readers: Readonly<Record<string, (x: Tensor<[]>) => unknown>> = {
    item: _.item,
    toArray: _.toArray,
    toData: _.toData,
    equals: _.equals(scalar(1)),
    'coercion to a number': x => Number(x)
  }
  for (const [name, read] of Object.entries(readers)) {
    const reading = (x: Tensor<[]>) => {
      read(x)
      return x
    }
    for (const run of [() => grad(reading)(scalar(1)), () => vmap((x: Tensor) => reading(x))(zeros([2]))]) {
      try {
        run()
        expect.unreachable()
      } catch (error) {
        expect(isMistake(error) && error._tag).toBe('UnknownValue')
        expect(String(error)).toContain(
          `${name}: an argument, float32 [], is not known inside a transformed function (grad, jvp, vmap, jit); use where, Control.cond or Control.fold`
        )
      }
    }
  }
})
