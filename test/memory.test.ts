/** Memory is the garbage collector's: long loops leave nothing behind, and long chains neither overflow the stack nor are lost. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { grad, pipe, Tensor } from '../src/index.js'

const megabyte = 2 ** 20
const growth = async (loop: 'eager' | 'training' | 'history'): Promise<number> => {
  const script = fileURLToPath(new URL('memory-loop.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import', 'tsx', script, loop])
  return Number(stdout)
}

test('100,000 eager operations keep memory flat', async () => {
  expect(await growth('eager')).toBeLessThan(2 * megabyte)
})
test('100,000 training steps keep memory flat', async () => {
  expect(await growth('training')).toBeLessThan(2 * megabyte)
})
test('1,000,000 epochs of a history, each looked at, keep memory flat', async () => {
  expect(await growth('history')).toBeLessThan(2 * megabyte)
})
test('a chain of 100,000 operations inside grad does not overflow the stack', () => {
  const chain = (x: Tensor.Tensor<[]>): Tensor.Tensor<[]> => {
    let y = x
    for (let i = 0; i < 50_000; i++) y = pipe(y, Tensor.mul(1 + 1e-6), Tensor.add(1))
    return y
  }
  const slope = Tensor.item(grad(chain)(Tensor.scalar(1, { dtype: 'float64' })))
  expect(slope).toBeCloseTo((1 + 1e-6) ** 50_000, 9)
})
