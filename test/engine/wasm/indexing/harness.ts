/** Kernels run on operands in a memory full of canaries: what is right, and that nothing else was written. */
import { assemble, routine, type Statement } from '../../../../src/engine/wasm/assembler.js'
import { bytesOf, type Place } from '../../../../src/engine/wasm/kernel.js'
import { platform } from '../../../../src/engine/wasm/platform.js'
import { allocate, type Data, type Dtype } from '../../../../src/structure/dtype.js'
import { type Shape, size, strides } from '../../../../src/structure/shape.js'
import { type Constant, constant, type Type } from '../../../../src/tensor/tensor.js'

const pages = 4
// One for all runs: thousands of live memories exhaust a process.
const memory = new (platform().Memory)({ initial: pages })
const bytes = new Uint8Array(memory.buffer)
const numbers: Readonly<Record<Dtype, Data>> = {
  float32: new Float32Array(memory.buffer),
  float64: new Float64Array(memory.buffer),
  int32: new Int32Array(memory.buffer),
  bool: bytes
}
export const memoryBytes = bytes.length

export const compiled = (statement: Statement): (() => void) => {
  const main = routine('main', [], statement, { exported: true })
  const { Module, Instance } = platform()
  const module = new Module(assemble({ memory: { pages }, routines: [main] }))
  return new Instance(module, { engine: { memory } }).exports['main'] as () => void
}

/** Where each element lies, in elements from the start of memory, in row-major order of the indices. */
export const positions = ({ shape, strides: steps, base, dtype }: Place): Int32Array => {
  const found = new Int32Array(size(shape))
  const dense = strides(shape)
  for (let i = 0; i < found.length; i++) {
    let at = base / bytesOf[dtype]
    for (let axis = 0; axis < shape.length; axis++) at += (Math.floor(i / dense[axis]!) % shape[axis]!) * steps[axis]!
    found[i] = at
  }
  return found
}
export const densePlace = ({ shape, dtype }: Type, base: number): Place => ({
  shape,
  dtype,
  base,
  strides: strides(shape)
})

/** The first place for so many bytes after others, with room for canaries. */
export const after = (address: number, length: number): number => Math.ceil((address + length) / 16) * 16 + 32

const canaries = Uint8Array.from({ length: bytes.length }, (_, i) => (i * 37 + 11) & 255)
const same = (a: number, b: number): boolean => Object.is(a, b)

export interface Run {
  readonly operands: readonly { readonly place: Place; readonly data: Data }[]
  readonly result: Place
  /** Bytes that may hold anything afterwards. */
  readonly scratch?: { readonly from: number; readonly bytes: number }
  readonly statement: Statement
}
/**
 * What is wrong with a kernel: nothing (`undefined`) if the elements of the result are the expected ones, bit by bit but for the kind of
 * NaN, and all other bytes of memory are as before. `'trap'` is expected to stop.
 */
export const wrong = ({ operands, result, scratch, statement }: Run, expected: Data | 'trap'): string | undefined => {
  bytes.set(canaries)
  for (const { place, data } of operands) {
    const target = numbers[place.dtype]
    positions(place).forEach((at, i) => {
      target[at] = data[i]!
    })
  }
  const before = bytes.slice()
  const run = compiled(statement)
  if (expected === 'trap') {
    try {
      run()
    } catch (error) {
      return error instanceof Error && error.name === 'RuntimeError' ? undefined : String(error)
    }
    return 'did not stop'
  }
  run()
  const found = numbers[result.dtype]
  const width = bytesOf[result.dtype]
  const at = positions(result)
  for (let i = 0; i < at.length; i++) {
    if (!same(found[at[i]!]!, expected[i]!)) return `element ${i} is ${found[at[i]!]}, not ${expected[i]}`
    before.set(bytes.subarray(at[i]! * width, (at[i]! + 1) * width), at[i]! * width)
  }
  if (scratch) before.set(bytes.subarray(scratch.from, scratch.from + scratch.bytes), scratch.from)
  if (Buffer.compare(before, bytes) === 0) return undefined
  return `byte ${before.findIndex((byte, i) => byte !== bytes[i])} was written`
}

const special: Readonly<Record<Dtype, readonly number[]>> = {
  float32: [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    -0,
    1,
    -1,
    1e-45,
    3.4028235e38,
    16777216
  ],
  float64: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 5e-324, 1.7e308, 2 ** 53],
  int32: [0, 1, -1, 2147483647, -2147483648, 7],
  bool: [0, 1]
}
/** Numbers from a seed: few different ones, many different ones, or special ones among them. */
export const data = (dtype: Dtype, length: number, seed: number): Data => {
  let state = seed | 0
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) / 2 ** 24
  }
  const [kind, among] = [seed % 3, special[dtype]]
  return allocate(dtype, length).map(() => {
    if (dtype === 'bool') return Number(next() < 0.5)
    if (kind === 2 && next() < 0.3) return among[Math.floor(next() * among.length)]!
    const x = (next() - 0.5) * (kind === 0 ? 7 : 1000)
    return dtype === 'int32' || kind === 0 ? Math.round(x) : x
  })
}
export const random = (dtype: Dtype, shape: Shape, seed: number): Constant =>
  constant(shape, dtype, data(dtype, size(shape), seed))
