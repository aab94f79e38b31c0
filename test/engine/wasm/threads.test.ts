/** Large products are shared between threads, with the bits of one, and nobody waits for a thread at the end. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jit } from '../../../src/engine/jit.js'
import { wasmWith } from '../../../src/engine/wasm/wasm.js'
import { uniform } from '../../../src/random/distribution.js'
import { key } from '../../../src/random/key.js'
import * as T from '../../../src/Tensor.js'
import { told } from '../../told.js'

const root = join(import.meta.dirname, '../../..')

describe('threads', () => {
  const draw = (shape: readonly [number, number], seed: number): T.Tensor => uniform(shape)(key(seed))
  /** Relu of a product of more than ten million operations, some of its columns summed. */
  const f = (x: T.Tensor, y: T.Tensor): readonly T.Tensor[] => {
    const z = T.relu(T.matmul(y)(x))
    return [z, T.sum({ axis: 0 })(z)]
  }
  test.each([
    [200, 200, 200],
    [131, 401, 203]
  ])('give the bits of one thread: %d × %d × %d', async (m, k, n) => {
    const [x, y] = [draw([m, k], 1), draw([k, n], 2)]
    const expected = jit(f, { engine: wasmWith({ threads: 1 }) })(x, y)
    const shared = jit(f, { engine: wasmWith({ threads: 3 }) })
    for (let i = 0; i < 20; i++) {
      shared(x, y).forEach((z, j) => {
        expect(T.equals(expected[j]!)(z)).toBe(true)
      })
      // The workers are there from one of these calls on.
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  })
  test('do not hold a process open', () => {
    const program = `
      import { Engine, jit, Tensor } from 'cotangent'
      const x = Tensor.ones([300, 300])
      const f = jit(a => Tensor.matmul(a)(a), { engine: Engine.wasmWith({ threads: 2 }) })
      for (let i = 0; i < 5; i++) f(x)
      console.log(Tensor.toData(f(x))[0])`
    const said = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      cwd: root,
      encoding: 'utf8',
      timeout: 30_000
    })
    expect(said.trim()).toBe('300')
  })
  test('are a whole number', () => {
    expect(told(() => wasmWith({ threads: 0 }))).toMatch(
      /Engine\.wasmWith: threads is 0; it must be a whole number of 1 or more/
    )
  })
})
