/** Shapes and places for tests of kernels. */
import fc from 'fast-check'
import { bytesOf, type Place } from '../../../../src/engine/wasm/kernel.js'
import type { Dtype } from '../../../../src/structure/dtype.js'
import { type Shape, size } from '../../../../src/structure/shape.js'

export const dtypes: fc.Arbitrary<Dtype> = fc.constantFrom('float32', 'float64', 'int32', 'bool')
export const seeds = fc.nat(1_000_000)
const extents = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 2, arbitrary: fc.integer({ min: 7, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 16, 17, 31, 32, 33, 64, 65, 127, 300) }
)
export const shapes = (minRank: number, maxRank: number, limit = 4000): fc.Arbitrary<Shape> =>
  fc.array(extents, { minLength: minRank, maxLength: maxRank }).filter(shape => size(shape) <= limit)

/** How the elements of a tensor may lie in memory, to be made into a place for a shape. */
export interface Layout {
  readonly order: readonly number[]
  readonly gaps: readonly number[]
  readonly backwards: readonly boolean[]
  readonly repeated: readonly boolean[]
}
const few = (weight: number): fc.Arbitrary<boolean> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight, arbitrary: fc.constant(true) })
export const layouts = (rank: number, repeats: boolean): fc.Arbitrary<Layout> =>
  fc.record({
    order: fc.oneof(
      fc.constant(Array.from({ length: rank }, (_, i) => i)),
      fc.shuffledSubarray(
        Array.from({ length: rank }, (_, i) => i),
        { minLength: rank, maxLength: rank }
      )
    ),
    gaps: fc.array(
      fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constantFrom(2, 3) }),
      {
        minLength: rank,
        maxLength: rank
      }
    ),
    backwards: fc.array(few(1), { minLength: rank, maxLength: rank }),
    repeated: fc.array(repeats ? few(1) : fc.constant(false), { minLength: rank, maxLength: rank })
  })

/** The place that begins, in memory, at an address, and the first address after it. */
export const placed = (
  dtype: Dtype,
  shape: Shape,
  { order, gaps, backwards, repeated }: Layout,
  address: number
): { readonly place: Place; readonly end: number } => {
  const found = shape.map(() => 0)
  let stride = 1
  let first = 0
  for (const axis of [...order].reverse()) {
    stride *= gaps[axis]!
    const step = repeated[axis] ? 0 : backwards[axis] ? -stride : stride
    found[axis] = step
    if (step < 0) first -= step * Math.max(0, shape[axis]! - 1)
    if (step !== 0) stride *= Math.max(1, shape[axis]!)
  }
  const bytes = bytesOf[dtype]
  return {
    place: { shape, dtype, strides: found, base: address + (size(shape) === 0 ? 0 : first * bytes) },
    end: address + stride * bytes
  }
}
