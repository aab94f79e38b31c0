/** Node 24 gives the bits of the Node that started it; fused multiply-adds, which it has and Node 20 has not, change them only where they are asked for. */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { enginePrograms, largePrograms } from '../../laws/engine-programs.js'
import { ofEngine } from '../../laws/engines.js'
import { check } from '../../laws/law.js'
import { Engine, jit, pipe, Tensor } from '../../src/index.js'
import { differences } from '../browser/differences.js'
import { bits, everything, type Name, programs, scattered } from '../browser/programs.js'
import { type Before, findingsFile } from './findings.js'

const before = JSON.parse(readFileSync(findingsFile, 'utf8')) as Before

test('this is Node 24', () => {
  expect(process.version).toMatch(/^v24\./)
})

test.each(Object.keys(programs) as Name[])('%s: the bits of the Node before', async name => {
  expect(differences(before.findings[name], await everything[name]())).toEqual([])
})

test('threads share a product, with the bits of the Node before', async () => {
  const { product, ...rest } = await everything.threads()
  const several = String(availableParallelism() > 1)
  expect(rest).toEqual({ same: 'true', shared: several, helped: several })
  expect(product === before.findings.threads['product']).toBe(true)
})

describe('fused multiply-adds', () => {
  const asked = () => Engine.wasmWith({ fusedMultiplyAdd: true })
  const [a, b] = [scattered([8, 4096]), pipe(scattered([8, 4096]), Tensor.transpose)]
  const product = (engine: Engine.Engine): string => bits(jit((x: typeof a) => Tensor.matmul(b)(x), { engine })(a))
  afterEach(() => {
    vi.restoreAllMocks()
  })

  test('are used where they are asked for, and are near the interpreter', () => {
    expect(everything.fused()).toEqual({ 'differs from the default': 'true', 'is near the interpreter': 'true' })
  })
  test('change nothing in Node 20', () => {
    expect(before.findings.fused['differs from the default']).toBe(String(!before.version.startsWith('v20.')))
  })
  test('change nothing where validate says that there are none', () => {
    const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: { validate: () => boolean } }
    const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    expect(product(asked())).toBe(product(Engine.wasm))
    expect(validate).toHaveBeenCalledOnce()
  })
  test('are not looked for unless they are asked for', () => {
    const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: { validate: () => boolean } }
    const validate = vi.spyOn(WebAssembly, 'validate')
    product(Engine.wasmWith())
    expect(validate).not.toHaveBeenCalled()
  })
  test.each([
    ['programs', enginePrograms, 400],
    ['programs on many elements', largePrograms, 30]
  ] as const)('%s agree with the interpreter within the bounds of each', (_name, subjects, runs) => {
    expect(check({ runs, seed: 20 })(ofEngine(asked()).agreement)(subjects)).toEqual(E.right(runs))
  })
})
