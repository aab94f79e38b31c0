/** Statements assembled and run over a memory of their own, for tests. */
import { assemble, type Code, type Routine, routine, type Statement } from '../../../../src/engine/wasm/assembler.js'
import { bytesOf, type Place } from '../../../../src/engine/wasm/kernel.js'
import { type CompiledModule, type Memory, pageBytes, platform } from '../../../../src/engine/wasm/platform.js'
import { ring } from '../../../../src/engine/wasm/product/team.js'
import type { Data, Dtype } from '../../../../src/structure/dtype.js'
import { size } from '../../../../src/structure/shape.js'

/** The routines that code calls, each once. */
export const routinesIn = (entry: Routine): readonly Routine[] => {
  const found = new Set<Routine>([entry])
  const visit = (code: Code): void => {
    if (typeof code === 'number') return
    if (Array.isArray(code)) for (const part of code as readonly Code[]) visit(part)
    else {
      const one = code as Exclude<Code, number | readonly Code[]>
      if (one.kind === 'block') visit(one.body)
      if (one.kind === 'routine' && !found.has(one)) {
        found.add(one)
        visit(one.body.code)
      }
    }
  }
  visit(entry.body.code)
  return [...found]
}

export const pagesFor = (bytes: number): number => Math.ceil(bytes / pageBytes)

export const memoryOf = (pages: number, shared = false): Memory =>
  new (platform().Memory)({ initial: pages, ...(shared ? { maximum: pages, shared } : {}) })

/** What is called when a product is divided, for a module over a memory. */
export type Join = (module: CompiledModule, memory: Memory) => (product: number) => void

/** A function that runs the statement over a memory. */
export const machine = (statement: Statement, memory: Memory, join?: Join): (() => void) => {
  const pages = pagesFor(memory.buffer.byteLength)
  const isShared = !(memory.buffer instanceof ArrayBuffer)
  const main = routine('main', [], statement, { exported: true })
  const { Module, Instance } = platform()
  const limits = isShared ? { pages, maximum: pages, shared: true } : { pages }
  const bytes = assemble({ memory: limits, imports: join ? [ring] : [], routines: routinesIn(main) })
  const module = new Module(bytes)
  const imports = join ? { memory, ring: join(module, memory) } : { memory }
  const run = new Instance(module, { engine: imports }).exports['main']!
  return () => {
    run()
  }
}

const view = (buffer: ArrayBufferLike, dtype: Dtype): Data =>
  dtype === 'float32'
    ? new Float32Array(buffer)
    : dtype === 'float64'
      ? new Float64Array(buffer)
      : dtype === 'int32'
        ? new Int32Array(buffer)
        : new Uint8Array(buffer)

/** Where each element lies, in elements of the dtype from the start of memory, in row-major order of the indices. */
export const elements = ({ shape, strides, base, dtype }: Place): Float64Array => {
  const found = new Float64Array(size(shape)).fill(base / bytesOf[dtype])
  let block = found.length
  for (const [axis, extent] of shape.entries()) {
    if (block === 0) return found
    block /= extent
    for (let at = 0; at < found.length; at++) found[at]! += (Math.floor(at / block) % extent) * strides[axis]!
  }
  return found
}
export const read = (buffer: ArrayBufferLike, place: Place): Float64Array => {
  const data = view(buffer, place.dtype)
  return elements(place).map(at => data[at]!)
}
export const write = (buffer: ArrayBufferLike, place: Place, value: (index: number) => number): void => {
  const data = view(buffer, place.dtype)
  elements(place).forEach((at, i) => {
    data[at] = value(i)
  })
}
