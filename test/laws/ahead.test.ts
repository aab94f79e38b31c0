/** Functions compiled ahead keep their laws on either engine, and ways to compile that are wrong are seen to be. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AheadCase, aheadLaws, compiledAhead, type Precompile } from '../../laws/ahead.js'
import { real } from '../../laws/arbitrary.js'
import type { Case, Tensors, Vector } from '../../laws/case.js'
import { casesFor } from '../../laws/variants.js'
import { defaultEngine } from '../../src/engine/default.js'
import { interpreter } from '../../src/engine/interpreter.js'
import { jit, precompile } from '../../src/engine/jit.js'
import { matmul } from '../../src/primitive/contraction.js'
import { cast, stopGradient } from '../../src/primitive/conversion.js'
import { sin, tanh } from '../../src/primitive/elementary.js'
import { isConstant } from '../../src/tensor/tensor.js'
import { fails, holds, named } from './verdict.js'

const product = matmul({ left: false, right: false })
const layer: fc.Arbitrary<Case> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([n, m]) => fc.tuple(real([n, m]), real([2, n])))
  .map(inputs => ({ inputs, f: ([w, x]) => tanh(product(sin(x!), w!)) }))
const subjects = fc.oneof(layer, casesFor('mul'), casesFor('exp'), casesFor('sum'))
const drawn = fc.sample(subjects, { numRuns: 16, seed: 1 })

const engines = { 'the default engine': defaultEngine, 'the interpreter': interpreter }
const ahead = async (compile: Precompile, engine = interpreter): Promise<fc.Arbitrary<AheadCase>> =>
  fc.constantFrom(...(await compiledAhead(compile, engine)(drawn)()))

describe.each(Object.entries(engines))('compiled ahead by %s', (_, engine) => {
  test.each(aheadLaws)('$name: $statement', async law => holds(law, await ahead(precompile, engine), 40))
})

test('the default engine is one that compiles later', () => expect(defaultEngine.compileLater).toBeDefined())

const broken: readonly (readonly [string, string, Precompile])[] = [
  [
    'a result that is kept',
    'compiled ahead',
    f => xs => async () => {
      const kept = f(xs)
      return () => kept
    }
  ],
  [
    'the types that it was given for all',
    'compiled ahead',
    (f, options) => given => async () => {
      const compiled = await precompile(f, options)(given)()
      return xs => compiled(xs.map((x, i) => cast(given[i]!.dtype)(x)))
    }
  ],
  [
    'float32 in between',
    'the same function ahead',
    f => () => async () => {
      const rounded: Vector = xs => cast('float64')(cast('float32')(f(xs)))
      return rounded
    }
  ],
  [
    'a function that is not compiled before it is called',
    'traced ahead',
    (f, options) => () => async () => jit(f, options)
  ],
  ['no compilation at all', 'traced ahead', f => () => async () => f],
  [
    'a function without a derivative',
    'transformed when compiled',
    (f, options) => given => async () => {
      const compiled = await precompile(f, options)(given)()
      return (xs: Tensors) => (xs.every(isConstant) ? compiled(xs) : stopGradient(compiled(xs)))
    }
  ]
]
describe('a broken way to compile ahead is caught', () => {
  test.each(broken)('%s (%s)', async (_, name, wrong) => fails(named(aheadLaws, name), await ahead(wrong), 40))
})
