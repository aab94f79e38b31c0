/**
 * The laws of engines on programs put together at random: `jit f ≈ f`, for every operation by itself and for thousands of programs.
 *
 * A longer run takes so many programs for each law, and others each time: `FC_NUM_RUNS=20000 npx vitest run test/laws/engines.test.ts`. A failure tells
 * its seed and the smallest program that was found; with `FC_SEED` the same ones are tried again.
 */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { sameBits } from '../../laws/closeness.js'
import { bounded } from '../../laws/engine-bounded.js'
import { exact } from '../../laws/engine-error.js'
import {
  type EngineCase,
  enginePrograms,
  largePrograms,
  operationNames,
  programOf
} from '../../laws/engine-programs.js'
import { indexingPrograms, ofEngine } from '../../laws/engines.js'
import { check, type Law } from '../../laws/law.js'
import { primitiveNames, primitives } from '../../laws/primitives.js'
import { show, trace } from '../../src/compiler/program.js'
import { size } from '../../src/structure/shape.js'
import { elements } from '../../src/tensor/tensor.js'
import { compiledEngines, engines } from '../engine/engines.js'

const { FC_NUM_RUNS: runsGiven, FC_SEED: seedGiven } = process.env
const isFixed = seedGiven === undefined ? runsGiven === undefined : seedGiven !== 'random'
const seed = isFixed ? Number(seedGiven ?? 20) : Date.now() & 0x7fffffff
const hours = 3_600_000

const holds = (law: Law<EngineCase>, subjects: fc.Arbitrary<EngineCase>, runs: number): void => {
  expect(check({ runs, seed })(law)(subjects)).toEqual(E.right(runs))
}

describe.each(engines)('$name', engine => {
  const laws = ofEngine(engine)
  const share = compiledEngines.includes(engine) ? 1 : 0.1
  const runs = (unlessGiven: number): number =>
    Math.ceil(share * (runsGiven === undefined ? unlessGiven : Number(runsGiven)))

  describe('every operation by itself', () => {
    test.each(operationNames)('%s', name => holds(laws.agreement, programOf(name), Math.min(runs(25), 300)))
  })
  test('programs', () => holds(laws.agreement, enginePrograms, runs(1500)), hours)
  // One of these once kept the pass `fuse` busy for ever.
  test('programs of another seed', () => {
    expect(check({ runs: 120, seed: 101 })(laws.agreement)(enginePrograms)).toEqual(E.right(120))
  })
  test('programs on many elements', () => holds(laws.agreement, largePrograms, runs(60)), hours)
  test.each([laws.repetition, laws.company, laws.inputs, laws.results, laws.machine])(
    '$name: $statement',
    law => holds(law, enginePrograms, runs(150)),
    hours
  )
  test('mistakes', () => holds(laws.mistakes, indexingPrograms, runs(300)), hours)
})

describe('the programs', () => {
  const drawn = fc.sample(enginePrograms, { numRuns: 1500, seed: 1 })
  const traced = drawn.map(({ f, inputs }) => trace(f)(inputs))

  test('use every primitive and every control', () => {
    const text = traced.map(show).join('\n')
    for (const name of [
      ...primitiveNames.map(each => primitives[each].name),
      'scan',
      'whileLoop',
      'cond',
      'checkpoint',
      'customJvp'
    ])
      expect(text, name).toMatch(new RegExp(`= ${name}\\b`))
  })
  test('have results that are arguments, constants, and each other', () => {
    expect(traced.some(({ parameters, results }) => results.some(x => parameters.includes(x as never)))).toBe(true)
    expect(traced.some(({ results }) => results.some(x => x.tag === 'constant'))).toBe(true)
    expect(traced.some(({ results }) => new Set(results).size < results.length)).toBe(true)
  })
  test('are mostly decided, mostly to the bit, and seldom undefined', () => {
    // A program counts once, however many elements it has: a single large one would decide otherwise.
    const [some, shares] = [drawn.slice(0, 400), { open: 0, exact: 0, undefined: 0 }]
    some.forEach(({ inputs }, i) => {
      const results = bounded(traced[i]!, inputs.map(exact))
      const total = results.reduce((sum, { error }) => sum + size(error.shape), 0)
      for (const { value, error } of total === 0 ? [] : results) {
        for (const e of elements(error)) {
          if (e === 0) shares.exact += 1 / total
          else if (e === Number.POSITIVE_INFINITY) shares.open += 1 / total
        }
        for (const v of elements(value)) if (Number.isNaN(v)) shares.undefined += 1 / total
      }
    })
    expect(shares.open / some.length).toBeLessThan(0.02)
    expect(shares.exact / some.length).toBeGreaterThan(0.5)
    expect(shares.undefined / some.length).toBeLessThan(0.05)
  })
  test('mean the same equation by equation with errors as they do without', () => {
    drawn.slice(0, 300).forEach(({ f, inputs }, i) => {
      const found = bounded(traced[i]!, inputs.map(exact))
      expect(f(inputs).every((x, j) => sameBits(x, found[j]!.value))).toBe(true)
    })
  })
  test('print as the program that is traced, with its inputs', () => {
    expect(String(drawn[0]!.about())).toMatch(/^\(x0: \w+\[[\d,]*\].*\) =>\n[\s\S]*\nx0 = /)
  })
})
