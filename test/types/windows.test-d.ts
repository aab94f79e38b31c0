/** Output sizes of windows, where they are literal, and `number` where they are not. */
import { describe, expectTypeOf, test } from 'vitest'
import type { OfAxis, OverlapExtent, OverlapShape, WindowCount, WindowShape } from '../../src/structure/window-types.js'

describe('how many windows an axis has', () => {
  test('literal sizes', () => {
    expectTypeOf<WindowCount<28, 3>>().toEqualTypeOf<26>()
    expectTypeOf<WindowCount<28, 3, 1, 1>>().toEqualTypeOf<28>()
    expectTypeOf<WindowCount<28, 2, 2>>().toEqualTypeOf<14>()
    expectTypeOf<WindowCount<13, 2, 2>>().toEqualTypeOf<6>()
    expectTypeOf<WindowCount<10, 3, 1, 0, 4>>().toEqualTypeOf<2>()
    expectTypeOf<WindowCount<224, 7, 2, 3>>().toEqualTypeOf<112>()
    expectTypeOf<WindowCount<5, 5>>().toEqualTypeOf<1>()
    expectTypeOf<WindowCount<7, 3, 1, 'same'>>().toEqualTypeOf<7>()
  })
  test('sizes that are not known, and windows that do not fit', () => {
    expectTypeOf<WindowCount<number, 3>>().toEqualTypeOf<number>()
    expectTypeOf<WindowCount<28, number>>().toEqualTypeOf<number>()
    expectTypeOf<WindowCount<28, 3, number>>().toEqualTypeOf<number>()
    expectTypeOf<WindowCount<28, 3, 1, number>>().toEqualTypeOf<number>()
    expectTypeOf<WindowCount<2, 3>>().toEqualTypeOf<number>()
    expectTypeOf<WindowCount<28, 3, 1, number | 'same'>>().toEqualTypeOf<number>()
  })
  test('over several axes, options for all or for each', () => {
    expectTypeOf<WindowShape<[28, 20], 3>>().toEqualTypeOf<[26, 18]>()
    expectTypeOf<WindowShape<[28, 20], readonly [3, 5], 1, readonly [1, 0]>>().toEqualTypeOf<[28, 16]>()
    expectTypeOf<WindowShape<[28, number], 3, 2>>().toEqualTypeOf<[13, number]>()
    expectTypeOf<WindowShape<[28, 20], 3, 1, 'same'>>().toEqualTypeOf<[28, 20]>()
    expectTypeOf<OfAxis<readonly [3, 5], '1'>>().toEqualTypeOf<5>()
  })
})
describe('what windows add up to', () => {
  test('literal sizes', () => {
    expectTypeOf<OverlapExtent<26, 3>>().toEqualTypeOf<28>()
    expectTypeOf<OverlapExtent<7, 4, 2, 1>>().toEqualTypeOf<14>()
    expectTypeOf<OverlapExtent<7, 3, 2, 1, 1, 1>>().toEqualTypeOf<14>()
    expectTypeOf<OverlapExtent<4, 3, 1, 0, 2>>().toEqualTypeOf<8>()
    expectTypeOf<OverlapShape<[7, number], 4, 2, 1>>().toEqualTypeOf<[14, number]>()
  })
})
