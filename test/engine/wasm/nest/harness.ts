/** Runs nests in a memory of their own, and looks at every byte of it. */

import type { Fused } from '../../../../src/compiler/fused.js'
import { assemble, routine, type Statement } from '../../../../src/engine/wasm/assembler.js'
import { bytesOf, type Place } from '../../../../src/engine/wasm/kernel.js'
import { vectorMath } from '../../../../src/engine/wasm/math/math.js'
import { nest, planned } from '../../../../src/engine/wasm/nest/nest.js'
import { type Memory, pageBytes, platform } from '../../../../src/engine/wasm/platform.js'
import { allocate, type Data, type Dtype } from '../../../../src/structure/dtype.js'
import { type Shape, size, strides } from '../../../../src/structure/shape.js'
import type { Constant } from '../../../../src/tensor/tensor.js'
import { evaluator } from '../../../../src/transform/evaluate.js'

export const math = vectorMath(false)

/** How a tensor is laid out in memory: which axes come first, steps along them, and which are reversed or all one element. */
export interface Layout {
  readonly order: readonly number[]
  readonly gaps: readonly number[]
  readonly reversed: readonly boolean[]
  readonly repeated: readonly boolean[]
}
export const plain = (rank: number): Layout => ({
  order: Array.from({ length: rank }, (_, axis) => axis),
  gaps: Array<number>(rank).fill(1),
  reversed: Array<boolean>(rank).fill(false),
  repeated: Array<boolean>(rank).fill(false)
})

export interface Located {
  readonly place: Place
  /** Bytes from the lowest element to the end of the highest. */
  readonly bytes: number
}
/** Strides of a shape under a layout, and where index 0 is from the lowest element. */
export const locate = (
  shape: Shape,
  dtype: Dtype,
  { order, gaps, reversed, repeated }: Layout,
  lowest: number
): Located => {
  const found = Array<number>(shape.length).fill(0)
  let extent = 1
  for (const axis of [...order].reverse()) {
    if (repeated[axis]) continue
    found[axis] = extent * gaps[axis]!
    extent = found[axis]! * Math.max(1, shape[axis]!)
  }
  const span = (axis: number): number => found[axis]! * Math.max(0, shape[axis]! - 1)
  const first = shape.reduce((sum, _, axis) => sum + (reversed[axis] ? span(axis) : 0), 0)
  const total = shape.reduce((sum, _, axis) => sum + span(axis), 1)
  return {
    place: {
      shape,
      dtype,
      base: lowest + first * bytesOf[dtype],
      strides: found.map((step, axis) => (reversed[axis] ? -step : step))
    },
    bytes: (size(shape) === 0 ? 0 : total) * bytesOf[dtype]
  }
}

const viewOf = (memory: ArrayBuffer, dtype: Dtype): Data => {
  switch (dtype) {
    case 'float32':
      return new Float32Array(memory)
    case 'float64':
      return new Float64Array(memory)
    case 'int32':
      return new Int32Array(memory)
    case 'bool':
      return new Uint8Array(memory)
  }
}
/** Every element of a place by the number of its index in row-major order, and where it is, in elements from address 0. */
export const positions = ({ shape, base, dtype, strides: steps }: Place): readonly number[] => {
  const dense = strides(shape)
  return Array.from({ length: size(shape) }, (_, i) =>
    shape.reduce(
      (at, extent, axis) => at + (Math.floor(i / dense[axis]!) % extent) * steps[axis]!,
      base / bytesOf[dtype]
    )
  )
}

/** One memory for all: thousands of short-lived ones would use up what a process can have. */
let shared: Memory | undefined
const memoryFor = (bytes: number): Memory => {
  if (shared === undefined || shared.buffer.byteLength < bytes)
    shared = new (platform().Memory)({ initial: Math.ceil(bytes / pageBytes) })
  return shared
}
export interface Instantiated {
  readonly memory: Memory
  readonly run: () => void
  /** Bytes of code. */
  readonly size: number
}
/** The statement as a function over a memory of at least so many bytes. */
export const instantiate = (body: Statement, bytes: number, memory = memoryFor(bytes)): Instantiated => {
  const { Module, Instance } = platform()
  const code = assemble({ memory: { pages: 1 }, routines: [routine('run', [], body, { exported: true })] })
  const instance = new Instance(new Module(code), { engine: { memory } })
  return { memory, run: () => void instance.exports['run']!(), size: code.length }
}

export interface Trial {
  readonly fused: Fused
  readonly inputs: readonly Constant[]
  readonly layouts?: readonly Layout[]
  readonly outputLayouts?: readonly Layout[]
  /** For results that go where an operand lies, its number. */
  readonly inPlace?: readonly (number | undefined)[]
  readonly flushSubnormals?: readonly boolean[]
}
const canary = 0xab
const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16

/** What the nest makes of the operands, after a look at all memory that it should not have touched. */
export const run = ({
  fused,
  inputs,
  layouts = [],
  outputLayouts = [],
  inPlace = [],
  ...more
}: Trial): readonly Data[] => {
  const { parameters, results } = fused.body
  let end = 64
  const put = (shape: Shape, dtype: Dtype, layout: Layout): Place => {
    const { place, bytes } = locate(shape, dtype, layout, end)
    end = aligned(end + bytes) + 16
    return place
  }
  const ins = parameters.map((p, i) => put(p.shape, p.dtype, layouts[i] ?? plain(p.shape.length)))
  const outs = results.map((x, i) =>
    inPlace[i] === undefined
      ? put(x.shape, x.dtype, outputLayouts[i] ?? plain(x.shape.length))
      : { ...ins[inPlace[i]]!, dtype: x.dtype }
  )
  const scratch = end
  const shapes = { fused, inputs: ins, outputs: outs }
  const kept = planned(shapes).scratchBytes
  end += aligned(kept)
  const made = instantiate(nest({ ...shapes, scratch, math, fusedMultiplyAdd: false, ...more }), end + 64)
  const bytes = new Uint8Array(made.memory.buffer, 0, end + 64).fill(canary)
  ins.forEach((place, i) => {
    const view = viewOf(made.memory.buffer, place.dtype)
    const { data } = inputs[i]!
    positions(place).forEach((at, j) => {
      view[at] = data[data.length === 1 ? 0 : j]!
    })
  })
  const before = bytes.slice()
  made.run()
  const free = new Uint8Array(before.length)
  free.fill(1, scratch, scratch + kept)
  for (const place of outs)
    for (const at of positions(place)) free.fill(1, at * bytesOf[place.dtype], (at + 1) * bytesOf[place.dtype])
  for (let i = 0; i < bytes.length; i++)
    if (!free[i] && bytes[i] !== before[i])
      throw new Error(`byte ${i} is overwritten: results at ${JSON.stringify(outs)}`)
  return outs.map(place => {
    const view = viewOf(made.memory.buffer, place.dtype)
    const data = allocate(place.dtype, size(place.shape))
    positions(place).forEach((at, j) => {
      data[j] = view[at]!
    })
    return data
  })
}
/** What the body means. */
export const meant = ({ fused, inputs }: Trial): readonly Data[] =>
  evaluator(
    fused.body.parameters,
    fused.body.results
  )(inputs).map(x => (x.data.length === size(x.shape) ? x.data : allocate(x.dtype, size(x.shape)).fill(x.data[0]!)))
