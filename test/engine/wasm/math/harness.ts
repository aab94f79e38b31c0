/** Runs a vector function over numbers: a module that maps stretches of memory, block by block, to another. */
import {
  assemble,
  type Floating,
  type Floats,
  i32,
  repeat,
  routine,
  type Value
} from '../../../../src/engine/wasm/assembler.js'
import { platform } from '../../../../src/engine/wasm/platform.js'

/** A function of vectors, of one or two. */
export type Vectors<V extends Floating> = (x: Value<V>, y: Value<V>) => Value<V>
type Numbers = readonly number[] | Float64Array

const block = 1 << 10
const start = 64

/** The results, one for each pair of arguments (the second is not looked at if the function takes one), which are rounded to the width on their way in. */
export const evaluate = <V extends Floating>(
  F: Floats<V>,
  f: Vectors<V>
): ((x: Numbers, y?: Numbers) => Float64Array) => {
  const stretch = block * F.bytes
  const [first, second, third] = [start, start + stretch, start + 2 * stretch] as const
  const mapping = repeat(i32.const(0), i32.const(stretch), 16, i =>
    F.store(i, f(F.load(i, first), F.load(i, second)), third)
  )
  const run = routine('run', [], mapping, { exported: true })
  const bytes = assemble({ memory: { pages: 1 }, routines: [run] })
  const { Memory, Module, Instance } = platform()
  const memory = new Memory({ initial: 1 })
  const { exports } = new Instance(new Module(bytes), { engine: { memory } })
  const view = (address: number) =>
    F.bytes === 4 ? new Float32Array(memory.buffer, address, block) : new Float64Array(memory.buffer, address, block)
  const [x, y, z] = [view(first), view(second), view(third)] as const
  return (a, b = a) => {
    const results = new Float64Array(a.length)
    for (let from = 0; from < a.length; from += block) {
      x.set(a.slice(from, from + block))
      y.set(b.slice(from, from + block))
      exports['run']!()
      results.set(z.subarray(0, Math.min(block, a.length - from)), from)
    }
    return results
  }
}
