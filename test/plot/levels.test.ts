import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { extent, levels } from '../../src/plot/levels.js'

test.each([
  [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [-4, 28, [-5, 0, 5, 10, 15, 20, 25, 30]],
  [0.3, 0.31, [0.3, 0.302, 0.304, 0.306, 0.308, 0.31]]
])('linear from %s to %s', (low, high, expected) => {
  expect(levels('linear', low, high, 7)).toEqual(expected)
})

test.each([
  [1, 100, [1, 2, 5, 10, 20, 50, 100]],
  [2.9, 83, [2, 5, 10, 20, 50, 100]],
  [0.004, 300, [0.001, 0.01, 0.1, 1, 10, 100, 1000]]
])('logarithmic from %s to %s', (low, high, expected) => {
  expect(levels('log', low, high, 7)).toEqual(expected)
})

test('levels rise, enclose the range, and are about as many as asked for', () => {
  const exponent = fc.double({ min: -30, max: 30, noNaN: true })
  fc.assert(
    fc.property(
      fc.constantFrom('linear', 'log'),
      exponent,
      exponent,
      fc.integer({ min: 2, max: 12 }),
      (scale, a, b, count) => {
        const [low, high] = [10 ** Math.min(a, b), 10 ** Math.max(a, b)]
        const found = levels(scale, low, high, count)
        expect(found[0]).toBeLessThanOrEqual(low * (1 + 1e-6))
        expect(found.at(-1)).toBeGreaterThanOrEqual(high * (1 - 1e-6))
        expect(found.length).toBeGreaterThanOrEqual(2)
        expect(found.length).toBeLessThanOrEqual(count + 4)
        for (const [i, next] of found.slice(1).entries()) expect(next).toBeGreaterThan(found[i] ?? Number.NaN)
      }
    ),
    { numRuns: 1000 }
  )
})

test('the extent of finite numbers', () => {
  expect(extent([3, Number.NaN, -1, Infinity])).toEqual([-1, 3])
  expect(extent([])).toBeUndefined()
})
