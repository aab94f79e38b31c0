/** Running sums along an axis: float32 is summed in float64 and rounded at every element, as the interpreter does. */
import type { Dtype } from '../../../structure/dtype.js'
import { size } from '../../../structure/shape.js'
import {
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  i32x4,
  type Local,
  local,
  nothing,
  type Statement,
  sequence,
  set,
  type Type,
  type Value
} from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { bool, type Element, float64, int32 } from './element.js'
import { nested, times } from './loops.js'

/** Columns side by side, and the numbers in which they are summed. */
interface Columns<T extends Type> {
  readonly zero: Value<T>
  readonly add: (a: Value<T>, b: Value<T>) => Value<T>
  readonly load: (address: Value<'i32'>, offset: number) => Value<T>
  readonly store: (address: Value<'i32'>, total: Value<T>, offset: number) => Statement
}
/** Code that sums a block of so many columns, from where two pointers point. */
interface Block {
  readonly columns: number
  readonly code: (from: Local<'i32'>, to: Local<'i32'>, extent: number, stepBytes: number) => Statement
}
/** Several totals at once: each addition waits for the one before, and a cache line is used up before the next. */
const block = <T extends Type>(
  columns: number,
  totals: number,
  elementBytes: number,
  { zero, add, load, store }: Columns<T>
): Block => ({
  columns: columns * totals,
  code: (from, to, extent, stepBytes) => {
    const sums = Array.from({ length: totals }, () => local(zero.type))
    const [source, result] = [local('i32'), local('i32')]
    const forward = (pointer: Local<'i32'>): Statement => set(pointer, i32.add(pointer, i32.const(stepBytes)))
    return sequence(
      set(source, from),
      set(result, to),
      ...sums.map(sum => set(sum, zero)),
      times(
        extent,
        ...sums.map((sum, i) => set(sum, add(sum, load(source, i * columns * elementBytes)))),
        ...sums.map((sum, i) => store(result, sum, i * columns * elementBytes)),
        forward(source),
        forward(result)
      )
    )
  }
})
const single = ({ load, store, add, bytes }: Element<'i32'>): Block =>
  block(1, 1, bytes, { zero: i32.const(0), add, load, store })

const halves: Columns<'f64x2'> = {
  zero: f64x2.const(0),
  add: f64x2.add,
  load: (address, offset) => f64x2.promote(f32x4.loadHalf(address, offset)),
  store: (address, total, offset) => f32x4.storeHalf(address, f32x4.demote(total), 0, offset)
}
const pairs: Columns<'f64x2'> = { zero: f64x2.const(0), add: f64x2.add, load: f64x2.load, store: f64x2.store }
const fours: Columns<'i32x4'> = { zero: i32x4.const(0), add: i32x4.add, load: i32x4.load, store: i32x4.store }

/** From wide to narrow. */
const blocks: Readonly<Record<Dtype, readonly Block[]>> = {
  float32: [
    block(2, 8, 4, halves),
    block(2, 1, 4, halves),
    block(1, 1, 4, {
      zero: f64.const(0),
      add: f64.add,
      load: (address, offset) => f64.promote(f32.load(address, offset)),
      store: (address, total, offset) => f32.store(address, f32.demote(total), offset)
    })
  ],
  float64: [block(2, 4, 8, pairs), block(2, 1, 8, pairs), block(1, 1, 8, { zero: f64.const(0), ...float64 })],
  int32: [block(4, 4, 4, fours), block(4, 1, 4, fours), single(int32)],
  bool: [single(bool)]
}

export interface Cumsum {
  readonly source: Place
  readonly result: Place
  readonly axis: number
  readonly backwards: boolean
}
/** Both dense. */
export const cumsum = ({ source, result, axis, backwards }: Cumsum): Statement => {
  const { shape, dtype } = source
  if (size(shape) === 0) return nothing
  const extent = shape[axis]!
  const bytes = bytesOf[dtype]
  const rowBytes = size(shape.slice(axis + 1)) * bytes
  const first = backwards ? (extent - 1) * rowBytes : 0
  const [from, to] = [local('i32'), local('i32')]
  const parts: Statement[] = []
  let begin = 0
  for (const { columns, code } of blocks[dtype]) {
    const blockBytes = columns * bytes
    const count = Math.floor((rowBytes - begin) / blockBytes)
    if (count === 0) continue
    const slabs = { extent: size(shape.slice(0, axis)), steps: [extent * rowBytes, extent * rowBytes] }
    parts.push(
      set(from, i32.const(source.base + first + begin)),
      set(to, i32.const(result.base + first + begin)),
      nested(
        [slabs, { extent: count, steps: [blockBytes, blockBytes] }],
        [from, to],
        code(from, to, extent, backwards ? -rowBytes : rowBytes)
      )
    )
    begin += count * blockBytes
  }
  return sequence(...parts)
}
