import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Point } from '../../src/plot/specification.js'
import { thin } from '../../src/plot/thin.js'

const series = fc
  .array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 300 })
  .map(ys => ys.map((y, i) => [i, y] as const))

test('few points are all kept', () => {
  fc.assert(fc.property(series, points => thin(300)(points) === points))
})

test('of many a part is kept, in order, with both ends, the lowest and the highest', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 20 }), (points, strips) => {
      const kept = thin(strips)(points)
      expect(kept.length).toBeLessThanOrEqual(Math.max(4 * strips, 1))
      expect(points.filter(point => kept.includes(point))).toEqual(kept)
      expect(kept[0]).toBe(points[0])
      expect(kept.at(-1)).toBe(points.at(-1))
      const heights = (of: readonly Point[]): readonly number[] => of.map(([, y]) => y)
      expect(Math.min(...heights(kept))).toBe(Math.min(...heights(points)))
      expect(Math.max(...heights(kept))).toBe(Math.max(...heights(points)))
    })
  )
})

test('a gap stays a gap', () => {
  const points = Array.from({ length: 1000 }, (_, i) => [i, i === 500 ? Number.NaN : i % 7] as const)
  expect(thin(10)(points)).toContainEqual([500, Number.NaN])
})
