/** Every law of functions and derivatives on every primitive and every control, found by enumeration. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shape, special } from '../../laws/arbitrary.js'
import { controls } from '../../laws/controls.js'
import { type Case, derivativeLaws, doubleTranspose, leibniz } from '../../laws/derivatives.js'
import { casesOf, type Domain, domains } from '../../laws/domains.js'
import type { Law } from '../../laws/law.js'
import { type PrimitiveName, primitive, primitiveNames, primitives } from '../../laws/primitives.js'
import { commutingLaws, functionLaws, oneMeaning, partlyKnown } from '../../laws/transformations.js'
import { isFloat } from '../../src/structure/dtype.js'
import { apply, type FirstOrder, type Two } from '../../src/tensor/tensor.js'

const folder = join(import.meta.dirname, '../../src/primitive')

test('the table holds every primitive that the library defines', async () => {
  const defined = new Map<string, unknown>()
  for (const file of readdirSync(folder)) {
    const module: Readonly<Record<string, unknown>> = await import(join(folder, file))
    for (const [name, value] of Object.entries(module))
      if (name.endsWith('Primitive')) defined.set(name.replace(/Primitive$/, ''), value)
  }
  expect(primitiveNames.toSorted()).toEqual([...defined.keys()].toSorted())
  for (const name of primitiveNames) {
    expect(primitives[name], name).toBe(defined.get(name))
    expect(primitive(name).name).toBe(name)
  }
})

const cases = (name: PrimitiveName): fc.Arbitrary<Case> => casesOf(primitive(name), domains[name] as Domain<unknown>)
const holds = (law: Law<Case>, of: fc.Arbitrary<Case>, numRuns: number): void =>
  fc.assert(law.property(of), { numRuns })
const kindOf = (name: PrimitiveName) => primitive(name).kind

describe.each(functionLaws)('$name: $statement', law => {
  test.each(primitiveNames)('%s', name => holds(law, cases(name), 60))
  test.each(Object.entries(controls))('%s', (_, of) => holds(law, of, 30))
})
/** A cast to integers has no derivative; to float64 it has. */
const differentiable = (name: PrimitiveName): fc.Arbitrary<Case> =>
  cases(name).filter(({ f, inputs }) => isFloat(f(inputs)))
describe.each([...derivativeLaws, ...commutingLaws])('$name: $statement', law => {
  test.each(primitiveNames.filter(name => kindOf(name) !== 'locallyConstant'))('%s', name =>
    holds(law, differentiable(name), 40)
  )
  test.each(Object.entries(controls))('%s', (_, of) => holds(law, of, 20))
})
test.each(primitiveNames.filter(name => kindOf(name) === 'linear'))(
  `${doubleTranspose.name}: ${doubleTranspose.statement}: %s`,
  name => holds(doubleTranspose, differentiable(name), 60)
)
test.each(primitiveNames.filter(name => kindOf(name) === 'multilinear'))(
  `${leibniz.name}: ${leibniz.statement}: %s`,
  name => holds(leibniz, cases(name), 60)
)

describe('−0, NaN and ∞ mean the same to a program as to a calculation', () => {
  const binary = [
    'add',
    'sub',
    'mul',
    'scale',
    'div',
    'pow',
    'maximum',
    'minimum',
    'less',
    'lessEqual',
    'equal'
  ] as const
  const specials = (name: PrimitiveName): fc.Arbitrary<Case> =>
    shape(2)
      .chain(s => fc.tuple(special(s), special(s)))
      .map(inputs => ({ inputs, f: ([x, y]) => apply(primitive(name) as FirstOrder<Two>, [x!, y!], undefined) }))
  test.each(binary)('%s', name => {
    holds(oneMeaning, specials(name), 200)
    holds(partlyKnown, specials(name), 200)
  })
})
