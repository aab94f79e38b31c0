/** Copies and fills between tensors however they lie, and not a byte beside them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copy } from '../../../../src/engine/wasm/indexing/copy.js'
import { fill } from '../../../../src/engine/wasm/indexing/fill.js'
import { isDense } from '../../../../src/engine/wasm/kernel.js'
import type { Dtype } from '../../../../src/structure/dtype.js'
import { type Shape, size } from '../../../../src/structure/shape.js'
import { dtypes, type Layout, layouts, placed, seeds, shapes } from './arbitrary.js'
import { after, data, memoryBytes, positions, wrong } from './harness.js'

interface Case {
  readonly dtype: Dtype
  readonly shape: Shape
  readonly from: Layout
  readonly to: Layout
  readonly seed: number
}
const cases = (shape: fc.Arbitrary<Shape>): fc.Arbitrary<Case> =>
  shape.chain(shape =>
    fc.record({
      dtype: dtypes,
      shape: fc.constant(shape),
      from: layouts(shape.length, true),
      to: layouts(shape.length, false),
      seed: seeds
    })
  )
/** Elements that share a stored one are equal. */
const stored = (place: Parameters<typeof positions>[0], seed: number) => {
  const values = data(place.dtype, size(place.shape), seed)
  const known = new Map<number, number>()
  positions(place).forEach((at, i) => {
    if (!known.has(at)) known.set(at, values[i]!)
    values[i] = known.get(at)!
  })
  return values
}
const copied = ({ dtype, shape, from, to, seed }: Case): string | undefined => {
  const source = placed(dtype, shape, from, 64 + (seed % 3) * 16)
  const result = placed(dtype, shape, to, after(source.end, 0))
  fc.pre(result.end + 64 < memoryBytes)
  const values = stored(source.place, seed)
  return wrong(
    {
      operands: [{ place: source.place, data: values }],
      result: result.place,
      statement: copy({ source: source.place, result: result.place })
    },
    values
  )
}
describe('copy', () => {
  test('any strides', () => {
    fc.assert(
      fc.property(cases(shapes(0, 5, 3000)), given => copied(given) === undefined),
      { numRuns: 400 }
    )
  })
  test('transposes of ragged sizes', () => {
    const square = fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }))
    fc.assert(
      fc.property(square, dtypes, seeds, fc.nat(2), ([n, rows, columns], dtype, seed, gap) => {
        const shape = [n, rows, columns]
        const none = [false, false, false]
        const lying = { backwards: none, repeated: none }
        expect(
          copied({
            dtype,
            shape,
            seed,
            from: { order: [0, 2, 1], gaps: [1, 1 + gap, 1], ...lying },
            to: { order: [0, 1, 2], gaps: [1, 1, 1], ...lying }
          })
        ).toBeUndefined()
      }),
      { numRuns: 200 }
    )
  })
  test('the code of a copy of many axes is short when they follow one another', () => {
    const place = { shape: [2, 3, 4, 5], dtype: 'float32', strides: [60, 20, 5, 1], base: 64 } as const
    expect(isDense(place)).toBe(true)
    const length = JSON.stringify(copy({ source: place, result: { ...place, base: 4096 } })).length
    const plain = { shape: [120], dtype: 'float32', strides: [1], base: 64 } as const
    expect(length).toBe(JSON.stringify(copy({ source: plain, result: { ...plain, base: 4096 } })).length)
  })
})

describe('fill', () => {
  test('any strides', () => {
    fc.assert(
      fc.property(cases(shapes(0, 5, 3000)), ({ dtype, shape, to, seed }) => {
        const result = placed(dtype, shape, to, 64 + (seed % 3) * 16)
        fc.pre(result.end + 64 < memoryBytes)
        const [value] = data(dtype, 1, seed)
        const expected = data(dtype, size(shape), seed).fill(value!)
        expect(
          wrong(
            { operands: [], result: result.place, statement: fill({ result: result.place, value: value! }) },
            expected
          )
        ).toBeUndefined()
      }),
      { numRuns: 300 }
    )
  })
})
