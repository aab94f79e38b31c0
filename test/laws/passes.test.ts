/** The laws of passes, on programs of all kinds, and wrong passes that they catch. */
import { readdirSync } from 'node:fs'
import type fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Case } from '../../laws/case.js'
import { domains } from '../../laws/domains.js'
import { type EngineCase, enginePrograms } from '../../laws/engine-programs.js'
import { contramap } from '../../laws/law.js'
import { passPrograms } from '../../laws/pass-programs.js'
import { ofPass, passes, passLaws, wholes } from '../../laws/passes.js'
import { primitiveNames } from '../../laws/primitives.js'
import { programs } from '../../laws/programs.js'
import { casesFor, inFloat32, inInt32, integral, onSpecials } from '../../laws/variants.js'
import type { Constant } from '../../src/tensor/tensor.js'
import { holds } from './verdict.js'

/** A function of tensors as a program with one result; the second point is the first. */
const asProgram = ({ f, inputs, about }: Case): EngineCase => ({
  f: xs => [f(xs)],
  inputs: inputs as readonly Constant[],
  others: inputs as readonly Constant[],
  about: () => about ?? ''
})
const all = Object.entries({ ...passes, ...wholes })

test('the table has every pass', async () => {
  const folder = new URL('../../src/compiler/pass/', import.meta.url)
  const modules = await Promise.all(
    readdirSync(folder).map(
      file => import(/* @vite-ignore */ new URL(file, folder).href) as Promise<Record<string, unknown>>
    )
  )
  const found = modules.flatMap(module =>
    Object.entries(module).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && 'run' in value && 'statement' in value ? [name] : []
    )
  )
  expect(found.sort()).toEqual(Object.keys(passes).sort())
})

describe.each(all)('%s', (_, promised) => {
  test.each(passLaws(promised))('$name: $statement', law => {
    holds(law, passPrograms, 300)
    holds(law, enginePrograms, 60)
    holds(contramap(asProgram)(law), programs, 60)
  })
  test('every primitive', () => {
    const { meaning } = ofPass(promised)
    for (const name of primitiveNames) {
      const domain = domains[name] as fc.Arbitrary<never>
      const variants = [
        domain,
        inFloat32(domain),
        onSpecials(domain),
        ...(integral.includes(name) ? [inInt32(domain)] : [])
      ]
      for (const variant of variants) holds(contramap(asProgram)(meaning), casesFor(name, variant), 4)
    }
  })
})
