/** The laws of functions and derivatives on programs put together at random: what no table of single cases can hold. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { derivativeLaws, secondDifference } from '../../laws/derivatives.js'
import { instructionNames, programs } from '../../laws/programs.js'
import { commutingLaws, functionLaws } from '../../laws/transformations.js'
import { holds } from './verdict.js'

test('every instruction is drawn, inside others too', () => {
  const drawn = fc.sample(programs, { numRuns: 1000, seed: 1 }).map(({ about }) => about ?? '')
  for (const name of instructionNames) expect(drawn.some(text => text.includes(`${name} `))).toBe(true)
  expect(drawn.some(text => /\(.*\(.*\)/.test(text))).toBe(true)
})

describe('programs', () => {
  // Second derivatives of such programs can be too steep for the step of a difference; the other laws do not mind.
  const laws = [...functionLaws, ...derivativeLaws, ...commutingLaws].filter(law => law !== secondDifference)
  test.each(laws)('$name: $statement', law => holds(law, programs, 80))
})
