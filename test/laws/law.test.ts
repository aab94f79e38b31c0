/** A law is data: it can be tried without a test runner, told of its outcome, and carried over to other subjects. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import * as Laws from '../../laws/index.js'
import * as _ from '../../laws/law.js'
import { sin } from '../../src/primitive/elementary.js'
import type { Tensor } from '../../src/tensor/tensor.js'

const even = _.law<number>('even', 'n mod 2 = 0', n => n % 2 === 0)

test('check says how often a law was found to hold', () => {
  expect(_.check({ runs: 7 })(even)(fc.constantFrom(2, 4))).toEqual(E.right(7))
  expect(_.check()(even)(fc.constant(0))).toEqual(E.right(100))
})
test('or tells the law and its smallest counterexample, with a seed to find it again', () => {
  const low = _.law<number>('low', 'n < 10', n => n < 10)
  const verdict = _.check({ seed: 3 })(low)(fc.nat())
  const report = E.isLeft(verdict) ? verdict.left : ''
  expect(report).toContain('low (n < 10) does not hold')
  expect(report).toContain('seed: 3')
  expect(report).toContain('Counterexample: [10,0]')
})
test('the same seed gives the same verdict', () => {
  const rare = _.law<number>('rare', 'n < 1000', n => n < 1000)
  const once = _.check({ seed: 5, runs: 20 })(rare)(fc.nat(1100))
  expect(_.check({ seed: 5, runs: 20 })(rare)(fc.nat(1100))).toEqual(once)
})
test('what a law throws is a counterexample too', () => {
  const throwing = _.law<number>('throwing', 'n', () => {
    throw new Error('not so')
  })
  expect(_.check({ seed: 1 })(throwing)(fc.nat())).toMatchObject({
    _tag: 'Left',
    left: expect.stringContaining('not so')
  })
})
test('a law is a fast-check property, and whoever has a runner may assert it', () => {
  fc.assert(even.property(fc.nat().map(n => 2 * n)))
  expect(() => fc.assert(even.property(fc.constant(1)))).toThrow('Property failed')
})
test('a law of one kind of subject is one of another that the first can be made of', () => {
  const ofTexts = _.contramap((text: string) => text.length)(even)
  expect([ofTexts.name, ofTexts.holds('ab', 0), ofTexts.holds('abc', 0)]).toEqual(['even', true, false])
})

describe("a user's own function", () => {
  const { Arbitrary, check, Derivative } = Laws
  const cases = Arbitrary.real([2, 3]).map(x => ({ inputs: [x], f: ([y]: readonly Tensor[]) => sin(y!) }))
  test.each(Derivative.derivativeLaws)('$name', law => {
    expect(check({ runs: 10, seed: 1 })(law)(cases)).toEqual(E.right(10))
  })
})

test('names are not used twice within a family, and every statement is one line', () => {
  const families: readonly (readonly Pick<Laws.Law<never>, 'name' | 'statement'>[])[] = [
    Laws.Derivative.derivativeLaws,
    Laws.Transformation.functionLaws,
    Laws.Loop.loopLaws(Laws.Loop.words),
    Laws.Tree.treeLaws(),
    Laws.Random.randomLaws()
  ]
  for (const laws of families) {
    expect(new Set(laws.map(l => l.name)).size).toBe(laws.length)
    for (const { statement } of laws) expect(statement).toMatch(/^[^\n]+$/)
  }
})
