/** Every law of functions and derivatives on every primitive, found by enumeration. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Case } from '../../laws/case.js'
import * as derivatives from '../../laws/derivatives.js'
import { type Domain, domains, emptyDomains } from '../../laws/domains.js'
import type { Law } from '../../laws/law.js'
import { type PrimitiveName, primitive, primitiveNames, primitives } from '../../laws/primitives.js'
import { commutingLaws, functionLaws, oneMeaning, partlyKnown, simplified } from '../../laws/transformations.js'
import { casesFor, inFloat32, inInt32, integral, onSpecials, onWholes } from '../../laws/variants.js'
import { isFloat } from '../../src/structure/dtype.js'
import { elements, known } from '../../src/tensor/tensor.js'
import { holds } from './verdict.js'

const folder = join(import.meta.dirname, '../../src/primitive')

test('the table holds every primitive that the library defines', async () => {
  const defined = new Map<string, unknown>()
  for (const file of readdirSync(folder)) {
    const module: Readonly<Record<string, unknown>> = await import(join(folder, file))
    for (const [name, value] of Object.entries(module))
      if (name.endsWith('Primitive')) defined.set(name.replace(/Primitive$/, ''), value)
  }
  expect(primitiveNames.toSorted()).toEqual([...defined.keys()].toSorted())
  expect(Object.keys(domains).toSorted()).toEqual(primitiveNames.toSorted())
  for (const name of primitiveNames) {
    expect(primitives[name], name).toBe(defined.get(name))
    expect(primitive(name).name).toBe(name)
  }
})

/** Where a derivative exists: an integer or a truth value has none. */
const smooth = (cases: fc.Arbitrary<Case>): fc.Arbitrary<Case> => cases.filter(({ f, inputs }) => isFloat(f(inputs)))
/** Results that are not floating, at every point. */
const discrete: readonly PrimitiveName[] = [
  'argmax',
  'argmin',
  'argsort',
  'less',
  'lessEqual',
  'equal',
  'bitAnd',
  'bitOr',
  'bitXor',
  'shiftLeft',
  'shiftRight'
]
// It has a derivative of its own making; what that is, `stopGradient` below says.
const differentiable = primitiveNames.filter(name => !discrete.includes(name) && name !== 'stopGradient')
const ofKind = (kind: string) => differentiable.filter(name => primitive(name).kind === kind)

const each = (
  laws: readonly Law<Case>[],
  names: readonly PrimitiveName[],
  cases: (name: PrimitiveName) => fc.Arbitrary<Case>,
  runs: number
): void =>
  describe.each(laws)('$name: $statement', law => {
    test.each(names)('%s', name => holds(law, cases(name), runs))
  })

describe('every function', () => each(functionLaws, primitiveNames, name => casesFor(name), 50))
describe('every differentiable function', () =>
  each([...derivatives.derivativeLaws, ...commutingLaws], differentiable, name => smooth(casesFor(name)), 30))
describe('every differentiable function, with more computed beside it', () =>
  each(derivatives.besideLaws, differentiable, name => smooth(casesFor(name)), 10))
describe('every linear map', () => each(derivatives.linearLaws, ofKind('linear'), name => smooth(casesFor(name)), 60))
describe('every product', () => each(derivatives.productLaws, ofKind('multilinear'), name => casesFor(name), 60))

const { adjointness, checkpointed, customised, gradient, sameJacobians } = derivatives
const atKinksToo = [adjointness, checkpointed, customised, gradient, sameJacobians]

const empty = (name: PrimitiveName): fc.Arbitrary<Case> => casesFor(name, emptyDomains[name])
describe('of tensors without elements', () => {
  each(functionLaws, primitiveNames, empty, 20)
  each([...derivatives.derivativeLaws, ...commutingLaws], differentiable, name => smooth(empty(name)), 10)
})
const of = (name: PrimitiveName): Domain<unknown> => domains[name]
describe('of float32', () => each(functionLaws, primitiveNames, name => casesFor(name, inFloat32(of(name))), 15))
describe('of int32', () => each(functionLaws, integral, name => casesFor(name, inInt32(of(name))), 15))

const atKinks = (name: PrimitiveName): fc.Arbitrary<Case> =>
  smooth(casesFor(name, onWholes(of(name)))).filter(({ f, inputs }) =>
    elements(known('a test')(f(inputs))).every(Number.isFinite)
  )
describe('at kinks and ties, and where slopes are infinite, both modes take the same side', () =>
  each([...atKinksToo, ...commutingLaws], differentiable, atKinks, 30))

describe('−0, NaN and ∞ mean the same to a program as to a calculation', () =>
  each([oneMeaning, partlyKnown, simplified], primitiveNames, name => casesFor(name, onSpecials(of(name))), 80))
