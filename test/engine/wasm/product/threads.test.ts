import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { sequence } from '../../../../src/engine/wasm/assembler.js'
import { product } from '../../../../src/engine/wasm/product/product.js'
import { availableThreads, workers } from '../../../../src/engine/wasm/product/workers.js'
import type { Dtype } from '../../../../src/structure/dtype.js'
import { type Case, holds, plainly, prepare } from './case.js'
import { type Join, machine } from './machine.js'

const control = 16
const crew = workers(3, control)!
afterAll(() => crew.stop())
const nobody: Join = () => () => undefined

/** Products large enough to be divided: along columns, rows or an outer axis, packed or not. */
const large: fc.Arbitrary<Case> = fc
  .record({
    dtype: fc.constantFrom<Dtype>('float32', 'float64', 'int32'),
    sizes: fc.constantFrom(
      { outer: [], m: 131, n: 129, k: 300 },
      { outer: [], m: 700, n: 13, k: 600 },
      { outer: [9], m: 70, n: 67, k: 130 },
      { outer: [], m: 1, n: 2500, k: 2048 },
      { outer: [], m: 3, n: 1999, k: 900 },
      { outer: [], m: 150, n: 40, k: 1030 },
      { outer: [2], m: 40, n: 1100, k: 60 }
    ),
    left: fc.boolean(),
    right: fc.boolean(),
    mask: fc.boolean()
  })
  .map(({ dtype, sizes, left, right, mask }) => {
    const rank = sizes.outer.length + 2
    const stored = (swapped: boolean) => {
      const plain = plainly(rank)
      return swapped ? { ...plain, order: [...plain.order.slice(0, -2), rank - 1, rank - 2] } : plain
    }
    const operand = { dtype: mask ? ('bool' as const) : dtype, storage: plainly(rank) }
    return {
      ...sizes,
      dtype,
      left: stored(left),
      right: stored(right),
      resultGap: 0,
      operands: dtype === 'int32' ? [] : [operand],
      fusedMultiplyAdd: false,
      inPlace: false
    }
  })

const bits = (buffer: ArrayBufferLike, from: number): Uint8Array => new Uint8Array(buffer).slice(from)

describe('products in parts', () => {
  it('are right, and write nothing else, whether others help or nobody does', () => {
    fc.assert(
      fc.property(large, c => {
        holds(prepare(c, { team: crew, join: nobody }))
        holds(prepare(c, { team: crew, join: crew.join }))
      }),
      { numRuns: 8 }
    )
  })

  it('have the bits of one thread', () => {
    const {
      product: p,
      memory,
      run
    } = prepare({ ...wide, left: { ...plainly(2), order: [1, 0] } }, { team: crew, join: crew.join })
    // Sums that depend on their order.
    const numbers = new Float32Array(memory.buffer, p.left.base, 256 * 200)
    numbers.set(numbers.map((_, i) => Math.sin(i)))
    const { team: _, ...alone } = p
    machine(product(alone), memory)()
    const expected = bits(memory.buffer, p.result.base)
    new Float32Array(memory.buffer, p.result.base, 256 * 100).fill(Number.NaN)
    run()
    expect(Buffer.compare(bits(memory.buffer, p.result.base), expected)).toBe(0)
  })

  it('are right thousands of times, two programs in turn', () => {
    const one = prepare(wide, { team: crew, join: crew.join })
    // The same memory, another module, another number.
    const other = machine(sequence(product(one.product)), one.memory, crew.join)
    one.run()
    const result = new Uint8Array(one.memory.buffer, one.product.result.base, 256 * 100 * 4)
    const expected = result.slice()
    for (let time = 0; time < 3000; time++) {
      result.fill(0xff)
      if (time % 3 === 0) other()
      else one.run()
      if (Buffer.compare(result, expected) !== 0) expect.fail(`wrong at ${time}`)
    }
  })

  it('are computed by others too', async () => {
    const {
      product: p,
      memory,
      run
    } = prepare({ ...wide, right: { ...plainly(2), order: [1, 0] } }, { team: crew, join: crew.join })
    // Each thread packs into scratch memory of its own; the first is this one's.
    const half = new Uint8Array(memory.buffer, p.scratch, p.left.base - p.scratch)
    let helped = false
    for (let left = 200; left > 0 && !helped; left--) {
      half.fill(0xff)
      run()
      helped = half.subarray(Math.floor(half.length / 2)).some((x, i, all) => i < all.length - 64 && x !== 0xff)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    expect(helped).toBe(availableThreads() > 1)
  })
})
const wide: Case = {
  dtype: 'float32',
  outer: [],
  m: 256,
  n: 100,
  k: 200,
  left: plainly(2),
  right: plainly(2),
  resultGap: 0,
  operands: [],
  fusedMultiplyAdd: false,
  inPlace: false
}

describe('workers', () => {
  it('do not hold a process open', async () => {
    const script = fileURLToPath(new URL('./lonely.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script], { timeout: 20_000 })
    expect(stdout).toBe('done\n')
  })
  it('are none where there is one thread', () => {
    expect(workers(1, control)).toBeUndefined()
  })
})
