/** Every law of functions and derivatives on every control; loops and choices mean what they should. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Case } from '../../laws/case.js'
import { controls, unboundedControls } from '../../laws/controls.js'
import { derivativeLaws } from '../../laws/derivatives.js'
import { forwardLaws } from '../../laws/forward-derivatives.js'
import { loopLaws, loops, words } from '../../laws/loops.js'
import { commutingLaws, functionLaws } from '../../laws/transformations.js'
import { type Many, type Primitive, type Tensor, variable } from '../../src/tensor/tensor.js'
import { dependents } from '../../src/transform/graph.js'
import { holds } from './verdict.js'

const names = Object.keys(controls) as readonly (keyof typeof controls)[]
const unbounded = Object.keys(unboundedControls) as readonly (keyof typeof unboundedControls)[]

describe.each([...functionLaws])('$name: $statement', law => {
  test.each(names)('%s', name => holds(law, controls[name], 20))
  test.each(unbounded)('%s', name => holds(law, unboundedControls[name], 20))
})
describe.each([...derivativeLaws, ...commutingLaws])('$name: $statement', law => {
  test.each(names)('%s', name => holds(law, controls[name], 15))
})
describe.each([...forwardLaws])('$name: $statement', law => {
  test.each(unbounded)('%s', name => holds(law, unboundedControls[name], 15))
})
describe('loops and choices', () => {
  test.each(loopLaws(words))('$name: $statement', law => holds(law, loops, 100))
})

/** The control primitives that a case is made of, those inside programs among them. */
const used = (of: fc.Arbitrary<Case>): ReadonlySet<Primitive> => {
  const found = new Set<Primitive>()
  const look = (parameters: Many, results: Many): void => {
    for (const { primitive, attributes } of dependents(results, new Set<Tensor>(parameters))) {
      found.add(primitive)
      if (primitive.kind === 'control')
        for (const inner of primitive.programs(attributes)) look(inner.parameters, inner.results)
    }
  }
  for (const { f, inputs } of fc.sample(of, { numRuns: 5, seed: 1 })) {
    const unknowns = inputs.map(variable)
    look(unknowns, [f(unknowns)])
  }
  return found
}

test('the cases use every control that the library defines', async () => {
  const defined: unknown[] = []
  const folder = join(import.meta.dirname, '../../src/control')
  for (const file of readdirSync(folder)) {
    const module: Readonly<Record<string, unknown>> = await import(join(folder, file))
    for (const [name, value] of Object.entries(module)) if (name.endsWith('Primitive')) defined.push(value)
  }
  const seen = new Set<unknown>(
    [...Object.values(controls), ...Object.values(unboundedControls)].flatMap(of => [...used(of)])
  )
  expect(defined.length).toBeGreaterThan(2)
  expect(defined.filter(primitive => !seen.has(primitive))).toEqual([])
})
