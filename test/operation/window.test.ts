import { describe, expect, expectTypeOf, test } from 'vitest'
import { arange, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { reshape } from '../../src/operation/movement.js'
import { dtype, shape, toArray } from '../../src/operation/reading.js'
import * as _ from '../../src/operation/window.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbers, sameOnUnknowns, scattered } from './unknowns.js'

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6]
])

describe('slice', () => {
  /** What Python's slices select, by its own definition: walk from start in steps until stop. */
  const walk = (n: number, start: number | undefined, stop: number | undefined, step: number): readonly number[] => {
    const bound = (at: number): number => (at < 0 ? at + n : at)
    const from = start === undefined ? (step > 0 ? 0 : n - 1) : bound(start)
    const to = stop === undefined ? (step > 0 ? n : -1) : bound(stop)
    const found: number[] = []
    // Whatever is left of the beginning or right of the end is passed over, but where a slice starts beyond an end it starts at that end.
    const first = step > 0 ? Math.max(from, 0) : Math.min(from, n - 1)
    for (let i = first; step > 0 ? i < to : i > to; i += step) if (i >= 0 && i < n) found.push(i)
    return found
  }
  test('every start, stop and step is as in Python', () => {
    const positions = [undefined, -9, -5, -4, -2, -1, 0, 1, 3, 5, 8]
    for (const start of positions) {
      for (const stop of positions) {
        for (const step of [-7, -2, -1, 1, 2, 3, 7]) {
          const range = { ...(start === undefined ? {} : { start }), ...(stop === undefined ? {} : { stop }), step }
          expect(numbers(_.slice({ axis: 0, ...range })(arange(5))), JSON.stringify(range)).toEqual(
            walk(5, start, stop, step)
          )
        }
      }
    }
  })
  test('along any axis', () => {
    expect(toArray(_.slice({ axis: -1, start: 1 })(matrix))).toEqual([
      [2, 3],
      [5, 6]
    ])
    expect(toArray(_.slice({ axis: 0, stop: 1 })(matrix))).toEqual([[1, 2, 3]])
    expect(shape(_.slice({ axis: 1, start: 3 })(matrix))).toEqual([2, 0])
    expectTypeOf(_.slice({ axis: 0, stop: 1 })(matrix)).toEqualTypeOf<Tensor<[number, 3]>>()
    expect(shape(_.slice({ axis: 0, step: -1 })(zeros([0, 2])))).toEqual([0, 2])
  })
  test('what makes no sense', () => {
    expect(() => _.slice({ axis: 0, step: 0 })(matrix)).toThrow('slice: step is 0')
    expect(() => _.slice({ axis: 0, start: 0.5 })(matrix)).toThrow('slice: start is 0.5, which is not a whole number')
    expect(() => _.slice({ axis: 0 })(scalar(1) as Tensor)).toThrow('slice: axis 0 is out of range for rank 0')
  })
  test('several axes at once', () => {
    expect(toArray(_.slices([{ step: -1 }, { start: -2 }])(matrix))).toEqual([
      [5, 6],
      [2, 3]
    ])
    expect(toArray(_.slices([])(matrix))).toEqual(toArray(matrix))
    expect(() => _.slices([{}, {}, {}])(matrix)).toThrow('slices: 3 ranges for the 2 axes of [2, 3]')
  })
})

test('select', () => {
  expect(toArray(_.select(0, 1)(matrix))).toEqual([4, 5, 6])
  expect(toArray(_.select(-1, -1)(matrix))).toEqual([3, 6])
  expect(toArray(_.select(0, 0)(arange(3)))).toBe(0)
  expectTypeOf(_.select(0, 1)(matrix)).toEqualTypeOf<Tensor<[3]>>()
  for (const index of [3, -4, 0.5])
    expect(() => _.select(1, index)(matrix)).toThrow(`select: no position ${index} along axis 1 of [2, 3]`)
})

describe('pad', () => {
  test('before and after each axis', () => {
    expect(
      toArray(
        _.pad([
          [1, 0],
          [0, 1]
        ])(matrix)
      )
    ).toEqual([
      [0, 0, 0, 0],
      [1, 2, 3, 0],
      [4, 5, 6, 0]
    ])
    expectTypeOf(
      _.pad([
        [1, 0],
        [0, 1]
      ])(matrix)
    ).toEqualTypeOf<Tensor<[3, 4]>>()
    expect(toArray(_.pad([])(scalar(3)))).toBe(3)
    expect(toArray(_.pad([[1, 1]], { value: 5 })(zeros([0])))).toEqual([5, 5])
  })
  test('the value takes the dtype, if it fits', () => {
    const of = (x: Tensor, value: number) => {
      const padded = _.pad([[1, 0]], { value })(x)
      return [dtype(padded), numbers(padded)]
    }
    expect(of(tensor([true, false]), 1)).toEqual(['bool', [1, 1, 0]])
    expect(of(tensor([true, false]), 0)).toEqual(['bool', [0, 1, 0]])
    expect(of(arange(2), 7)).toEqual(['int32', [7, 0, 1]])
    expect(of(arange(2), 0.5)).toEqual(['float32', [0.5, 0, 1]])
    expect(of(zeros([1], { dtype: 'float64' }), -0)).toEqual(['float64', [-0, 0]])
    expect(of(tensor([2]), Number.NEGATIVE_INFINITY)).toEqual(['float32', [Number.NEGATIVE_INFINITY, 2]])
  })
  test('widths that do not fit', () => {
    expect(() => _.pad([[1, 1]] as _.Widths)(matrix)).toThrow('pad: 1 pairs of widths for 2 axes')
    expect(() =>
      _.pad([
        [1, 1],
        [0, -1]
      ] as _.Widths)(matrix)
    ).toThrow('pad: a width is -1, which is not a whole number from 0 on')
  })
})

test('flip', () => {
  expect(toArray(_.flip(1)(matrix))).toEqual([
    [3, 2, 1],
    [6, 5, 4]
  ])
  expect(toArray(_.flip([0, -1])(matrix))).toEqual([
    [6, 5, 4],
    [3, 2, 1]
  ])
  expect(toArray(_.flip([])(matrix))).toEqual(toArray(matrix))
  expect(() => _.flip([0, 0])(matrix)).toThrow('flip: axes [0, 0] name an axis twice')
})

describe('roll', () => {
  test('round and round', () => {
    const x = arange(4)
    expect(toArray(_.roll({ shift: 1, axis: 0 })(x))).toEqual([3, 0, 1, 2])
    expect(toArray(_.roll({ shift: -1, axis: 0 })(x))).toEqual([1, 2, 3, 0])
    expect(toArray(_.roll({ shift: 9, axis: 0 })(x))).toEqual([3, 0, 1, 2])
    expect(toArray(_.roll({ shift: -8, axis: 0 })(x))).toEqual([0, 1, 2, 3])
    expect(toArray(_.roll({ shift: 1 })(matrix))).toEqual([
      [6, 1, 2],
      [3, 4, 5]
    ])
    expect(shape(_.roll({ shift: 1, axis: 0 })(zeros([0, 2])))).toEqual([0, 2])
  })
  test('whole steps along axes that exist', () => {
    expect(() => _.roll({ shift: 0.5, axis: 0 })(matrix)).toThrow('roll: shift is 0.5, which is not a whole number')
    // @ts-expect-error the compiler says the same
    expect(() => _.roll({ shift: 1, axis: 2 })(matrix)).toThrow('roll: axis 2 is out of range for rank 2')
  })
})

test('tile', () => {
  expect(toArray(_.tile([2])(matrix))).toEqual([
    [1, 2, 3, 1, 2, 3],
    [4, 5, 6, 4, 5, 6]
  ])
  expect(toArray(_.tile([2, 1])(tensor([1, 2])))).toEqual([
    [1, 2],
    [1, 2]
  ])
  expect(shape(_.tile([3, 0, 1])(matrix))).toEqual([3, 0, 3])
  expect(() => _.tile([-1])(matrix)).toThrow('tile: a count is -1, which is not a whole number from 0 on')
})

test('all mean the same on unknowns', () => {
  const x = scattered([3, 4])
  const operations: readonly ((y: Tensor) => Tensor)[] = [
    _.slice({ axis: 0, start: 1 }),
    _.slice({ axis: 1, start: -1, step: -2 }),
    _.slice({ axis: 0, start: 3 }),
    _.slices([{ stop: 2 }, { step: 3 }]),
    _.select(1, 2),
    _.pad([
      [1, 2],
      [0, 1]
    ] as _.Widths),
    _.pad(
      [
        [1, 2],
        [0, 1]
      ] as _.Widths,
      { value: 2 }
    ),
    _.flip([0, 1]),
    _.roll({ shift: 1, axis: 1 }),
    _.roll({ shift: 5 }),
    _.tile([2, 1, 3])
  ]
  for (const f of operations) sameOnUnknowns(f, x)
  sameOnUnknowns(_.slice({ axis: 0, step: -1 }), reshape([0, 2])(scattered([0])))
})
