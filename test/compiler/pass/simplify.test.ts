import { describe, expect, test } from 'vitest'
import { simplify } from '../../../src/compiler/pass/simplify.js'
import { add, div, mul, neg, scale, sub } from '../../../src/primitive/arithmetic.js'
import { cast, stopGradient } from '../../../src/primitive/conversion.js'
import { abs, exp, pow } from '../../../src/primitive/elementary.js'
import { amax, maximum } from '../../../src/primitive/extremum.js'
import { broadcast, permute, reshape, sum } from '../../../src/primitive/movement.js'
import { bitAnd, bitOr, bitXor, less, not, shiftLeft, where } from '../../../src/primitive/selection.js'
import { concat, pad, reverse, slice } from '../../../src/primitive/window.js'
import type { Shape } from '../../../src/structure/shape.js'
import { type Tensor, uniform } from '../../../src/tensor/tensor.js'
import { lines, zeros } from './lines.js'

type Table = readonly (readonly [f: (x: Tensor, y: Tensor) => Tensor, ...expected: readonly string[]])[]

const simplified = (table: Table, ...inputs: readonly Tensor[]): void => {
  for (const [f, ...expected] of table)
    expect(
      lines(simplify)((x, y) => f(x!, y!), ...inputs),
      f.toString()
    ).toEqual(expected)
}
/** Nothing is done: the lines are those that were traced. */
const kept = (fs: readonly ((x: Tensor, y: Tensor) => Tensor)[], ...inputs: readonly Tensor[]): void => {
  const nothing = { ...simplify, run: (p: Parameters<typeof simplify.run>[0]) => p }
  for (const f of fs) {
    const traced = lines(nothing)((x, y) => f(x!, y!), ...inputs)
    expect(
      lines(simplify)((x, y) => f(x!, y!), ...inputs),
      f.toString()
    ).toEqual(traced)
  }
}
const at = (start: Shape, shape: Shape, step = shape.map(() => 1)) => slice({ start, step, shape })

describe('views', () => {
  test('of views are one view', () => {
    simplified(
      [
        [x => permute([1, 0])(permute([1, 0])(x)), 'x0'],
        [x => reshape([2, 3])(reshape([6])(x)), 'x0'],
        [x => broadcast([4, 2, 3])(broadcast([1, 2, 3])(x)), 'broadcast [4,2,3] x0', 't0'],
        [x => at([0, 1], [1, 1])(at([1, 1], [1, 2])(x)), 'slice {"start":[1,2],"step":[1,1]} x0', 't0'],
        [x => at([0, 0], [2, 3])(x), 'x0'],
        [x => reverse([0])(reverse([0, 1])(x)), 'reverse [1] x0', 't0'],
        [x => pad({ start: [0, 0], step: [1, 1], shape: [2, 3] })(x), 'x0'],
        [x => at([1, 0], [2, 3])(pad({ start: [1, 0], step: [1, 1], shape: [4, 3] })(x)), 'x0'],
        [(x, y) => at([2, 0], [2, 3])(concat(0)([x, y])), 'x1'],
        [x => stopGradient(x), 'x0']
      ],
      zeros([2, 3]),
      zeros([2, 3])
    )
    simplified(
      [
        [x => permute([2, 0, 1])(permute([2, 0, 1])(x)), 'permute [1,2,0] x0', 't0'],
        [
          (x, y) => at([3, 0, 0], [1, 2, 4], [1, 1, 1])(concat(0)([x, y])),
          'slice {"start":[0,0,0],"step":[1,1,1]} x1',
          't0'
        ]
      ],
      zeros([3, 2, 4]),
      zeros([2, 2, 4])
    )
  })
  test('that move only axes of size 1 are reshapes', () =>
    simplified([[x => permute([1, 0, 2])(x), 'reshape [3,1,2] x0', 't0']], zeros([1, 3, 2])))
  test('go before a broadcast', () => {
    simplified(
      [
        // Between the rows of a layer and its weights: both permutes disappear.
        [x => permute([1, 0])(broadcast([9, 4])(permute([1, 0])(x))), 'broadcast [4,9] x0', 't0'],
        [x => reshape([9, 1, 4])(broadcast([9, 4])(reshape([4])(x))), 'reshape [4] x0', 'broadcast [9,1,4] t0', 't1'],
        [x => broadcast([5, 4, 1])(x), 'broadcast [5,4,1] x0', 't0'],
        [x => broadcast([1, 1, 4, 1])(x), 'reshape [1,1,4,1] x0', 't0']
      ],
      zeros([4, 1])
    )
    simplified([[x => reshape([6])(broadcast([2, 3])(x)), 'broadcast [6] x0', 't0']], zeros([]))
  })
  test('but not where what is repeated is read by others', () =>
    expect(
      lines(simplify)(
        x => {
          const wide = broadcast([9, 4, 2])(x!)
          return [wide, permute([1, 2, 0])(wide)]
        },
        zeros([4, 2])
      )
    ).toEqual(['broadcast [9,4,2] x0', 'permute [1,2,0] t0', 't0, t1']))
})

describe('arithmetic', () => {
  test('with signs and units', () =>
    simplified(
      [
        [(x, y) => add(x, neg(y)), 'sub x0 x1', 't0'],
        [(x, y) => add(neg(x), y), 'sub x1 x0', 't0'],
        [(x, y) => sub(x, neg(y)), 'add x0 x1', 't0'],
        [(x, y) => mul(neg(x), neg(y)), 'mul x0 x1', 't0'],
        [x => mul(neg(x), 3), 'mul x0 -3', 't0'],
        [x => neg(mul(x, 3)), 'mul x0 -3', 't0'],
        [x => neg(div(x, 3)), 'div x0 -3', 't0'],
        [x => neg(div(3, x)), 'div -3 x0', 't0'],
        [x => abs(neg(x)), 'abs x0', 't0'],
        [x => add(x, x), 'mul x0 2', 't0'],
        [x => maximum(x, x), 'x0'],
        [x => pow(x, 0), '1'],
        [x => scale(x, uniform(x, 3)), 'mul x0 3', 't0'],
        [x => div(x, 4), 'mul x0 0.25', 't0'],
        [x => mul(mul(x, 4), -2), 'mul x0 -8', 't0']
      ],
      zeros([2]),
      zeros([2])
    ))
  test('keeps what −0, NaN, ∞ and rounding would tell apart', () =>
    kept(
      [
        x => mul(x, 0),
        x => add(x, 0),
        x => sub(x, x),
        x => div(x, x),
        x => div(x, 3),
        x => mul(mul(x, 3), 5),
        x => mul(mul(x, 0.5), 2),
        x => mul(mul(x, 2 ** 100), 2 ** 100),
        x => div(x, 2 ** -149),
        x => scale(x, uniform(x, 0)),
        x => scale(x, uniform(x, Number.POSITIVE_INFINITY)),
        (x, y) => neg(sub(x, y)),
        x => sum([0])(x),
        x => cast('float32')(cast('int32')(x))
      ],
      zeros([1]),
      zeros([1])
    ))
  test('keeps the sum of one number, which is never −0', () => kept([x => sum([0])(reshape([1])(x))], zeros([])))
  test('of integers', () =>
    simplified(
      [
        [x => add(x, 0), 'x0'],
        [x => mul(x, 0), '0'],
        [x => sub(x, x), '0'],
        [x => mul(mul(x, 65537), 65537), 'mul x0 131073', 't0'],
        [x => sum([0])(x), 'reshape [] x0', 't0'],
        [x => bitXor(bitXor(x, 5), 5), 'x0'],
        [x => bitOr(x, 0), 'x0'],
        [x => bitAnd(x, -1), 'x0'],
        [x => shiftLeft(x, 0), 'x0']
      ],
      zeros([1], 'int32')
    ))
})

describe('choices and conversions', () => {
  test('between equals, by opposites, twice by the same', () =>
    simplified(
      [
        [(x, y) => where(less(x, y), y, y), 'x1'],
        [(x, y) => where(not(less(x, y)), x, y), 'less x0 x1', 'where t0 x1 x0', 't1'],
        [
          (x, y) => where(less(x, y), where(less(x, y), x, 1), y),
          'less x0 x1',
          'less x0 x1',
          'where t1 x0 1',
          'where t0 t2 x1',
          't3'
        ],
        [
          (x, y) => {
            const c = less(x, y)
            return where(c, where(c, x, exp(x)), y)
          },
          'less x0 x1',
          'where t0 x0 x1',
          't1'
        ]
      ],
      zeros([2]),
      zeros([2])
    ))
  test('that lose nothing cancel', () => {
    simplified([[x => cast('float32')(cast('float64')(x)), 'x0']], zeros([2]))
    simplified([[x => cast('float32')(cast('int32')(x)), 'cast "float32" x0', 't0']], zeros([2], 'bool'))
  })
  test('the largest of one is that one', () => simplified([[x => amax([1])(x), 'reshape [3] x0', 't0']], zeros([3, 1])))
})

test('a sum of all elements does not ask for their shape', () =>
  simplified([[x => sum([0])(reshape([6])(x)), 'sum [0,1] x0', 't0']], zeros([2, 3])))
