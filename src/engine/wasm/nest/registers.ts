/**
 * How values of each dtype lie in vector registers, and the way from memory and back.
 *
 * A nest has four lanes; when any of its values is float64 it has two, and 32-bit values take the low half of a register. The rest of a
 * register may hold anything. A bool is a mask: all bits of a lane, or none; with two lanes these are 64-bit lanes.
 */
import type { Dtype } from '../../../structure/dtype.js'
import {
  f32x4,
  f64x2,
  i32,
  i32x4,
  i64x2,
  type Local,
  reinterpret,
  type Statement,
  sequence,
  share,
  type Value,
  type Vector
} from '../assembler.js'
import { bytesOf } from '../kernel.js'

export type Lanes = 2 | 4
export type Register = Value<Vector>
/** A known number of bytes after what a local holds. */
export interface Address {
  readonly local: Local<'i32'> | undefined
  readonly plus: number
}

export const lanesFor = (dtypes: readonly Dtype[]): Lanes => (dtypes.includes('float64') ? 2 : 4)

export const vectorOf = (lanes: Lanes, dtype: Dtype): Vector =>
  dtype === 'float32' ? 'f32x4' : dtype === 'float64' ? 'f64x2' : dtype === 'bool' && lanes === 2 ? 'i64x2' : 'i32x4'

/** One number in every lane. */
export const splat = (lanes: Lanes, dtype: Dtype, value: number): Register => {
  switch (dtype) {
    case 'float32':
      return f32x4.const(value)
    case 'float64':
      return f64x2.const(value)
    case 'int32':
      return i32x4.const(value)
    case 'bool':
      return lanes === 2 ? i64x2.const(value ? -1 : 0) : i32x4.const(value ? -1 : 0)
  }
}

export const asFloat32 = (x: Register): Value<'f32x4'> => reinterpret('f32x4', x)
export const asFloat64 = (x: Register): Value<'f64x2'> => reinterpret('f64x2', x)
export const asInt32 = (x: Register): Value<'i32x4'> => reinterpret('i32x4', x)
/** A mask of 64-bit lanes from one of 32-bit lanes, and back. */
export const widened = (mask: Register): Register => i64x2.widen(asInt32(mask))
export const narrowed = (mask: Register): Register => share(asInt32(mask), m => i32x4.shuffle(m, m, 0, 2, 0, 2))

/** All bits of the first `count` lanes of a dtype. */
export const firstLanes = (lanes: Lanes, dtype: Dtype, count: number): Register =>
  bytesOf[dtype] === 8 || (dtype === 'bool' && lanes === 2)
    ? i64x2.const(...[0, 1].map(lane => (lane < count ? -1 : 0)))
    : i32x4.const(...[0, 1, 2, 3].map(lane => (lane < count ? -1 : 0)))

/** Address and offset of an instruction, whose own offset cannot be negative. */
const reach = ({ local, plus }: Address, bytes = 0): readonly [Value<'i32'>, number] => {
  const offset = plus + bytes
  if (local === undefined) return [i32.const(0), offset]
  return offset >= 0 ? [local, offset] : [i32.add(local, i32.const(offset)), 0]
}

interface Memory<V extends Vector> {
  readonly bytes: number
  readonly lanes: number
  readonly load: (address: Value<'i32'>, offset?: number) => Value<V>
  readonly loadHalf: (address: Value<'i32'>, offset?: number) => Value<V>
  readonly loadSplat: (address: Value<'i32'>, offset?: number) => Value<V>
  readonly loadZero: (address: Value<'i32'>, offset?: number) => Value<V>
  readonly loadLane: (address: Value<'i32'>, into: Value<V>, lane: number, offset?: number) => Value<V>
  readonly store: (address: Value<'i32'>, stored: Value<V>, offset?: number) => Statement
  readonly storeHalf: (address: Value<'i32'>, stored: Value<V>, lane: number, offset?: number) => Statement
  readonly storeLane: (address: Value<'i32'>, stored: Value<V>, lane: number, offset?: number) => Statement
  readonly shuffle: (a: Value<V>, b: Value<V>, ...picked: readonly number[]) => Value<V>
}

/** `count` numbers that lie `step` bytes apart; side by side, more than these may be read. */
const loadNumbers = <V extends Vector>(
  M: Memory<V>,
  lanes: Lanes,
  at: Address,
  step: number,
  count: number
): Value<V> => {
  if (step === 0) return M.loadSplat(...reach(at))
  const whole = lanes === M.lanes
  if (step === M.bytes) return whole ? M.load(...reach(at)) : M.loadHalf(...reach(at))
  if (step === -M.bytes && whole)
    return share(M.load(...reach(at, (lanes - 1) * step)), x =>
      M.shuffle(x, x, ...Array.from({ length: lanes }, (_, lane) => lanes - 1 - lane))
    )
  return Array.from({ length: count - 1 }, (_, i) => i + 1).reduce(
    (into, lane) => {
      const [address, offset] = reach(at, lane * step)
      return M.loadLane(address, into, lane, offset)
    },
    M.loadZero(...reach(at))
  )
}
const loadMasks = (lanes: Lanes, at: Address, step: number, count: number): Register => {
  const byte = (lane: number): Value<'i32'> => i32.sub(i32.const(0), i32.loadByte(...reach(at, lane * step)))
  if (step === 0) return i32x4.splat(byte(0))
  if (step === 1) {
    const mask = i32x4.neg(i32x4.fromBytes(i32x4.loadZero(...reach(at))))
    return lanes === 2 ? widened(mask) : mask
  }
  const gathered = Array.from({ length: count - 1 }, (_, i) => i + 1).reduce(
    (into, lane) => i32x4.withLane(into, lane, byte(lane)),
    i32x4.splat(byte(0))
  )
  return lanes === 2 ? widened(gathered) : gathered
}
/** Elements that lie `step` bytes apart; the first `count` lanes matter, and no others are read unless the elements lie side by side. */
export const load = (lanes: Lanes, dtype: Dtype, at: Address, step: number, count: number): Register => {
  switch (dtype) {
    case 'float32':
      return loadNumbers<'f32x4'>(f32x4, lanes, at, step, count)
    case 'float64':
      return loadNumbers<'f64x2'>(f64x2, lanes, at, step, count)
    case 'int32':
      return loadNumbers<'i32x4'>(i32x4, lanes, at, step, count)
    case 'bool':
      return loadMasks(lanes, at, step, count)
  }
}

const storeNumbers = <V extends Vector>(
  M: Memory<V>,
  lanes: Lanes,
  at: Address,
  step: number,
  count: number,
  stored: Value<V>
): Statement => {
  const half = (8 / M.bytes) as 1 | 2
  if (step === M.bytes && count === M.lanes) {
    const [address, offset] = reach(at)
    return M.store(address, stored, offset)
  }
  if (step === -M.bytes && count === M.lanes && lanes === M.lanes) {
    const [address, offset] = reach(at, (lanes - 1) * step)
    return M.store(
      address,
      M.shuffle(stored, stored, ...Array.from({ length: lanes }, (_, lane) => lanes - 1 - lane)),
      offset
    )
  }
  const parts: Statement[] = []
  let lane = 0
  if (step === M.bytes)
    for (; lane + half <= count; lane += half) {
      const [address, offset] = reach(at, lane * step)
      parts.push(M.storeHalf(address, stored, lane / half, offset))
    }
  for (; lane < count; lane++) {
    const [address, offset] = reach(at, lane * step)
    parts.push(M.storeLane(address, stored, lane, offset))
  }
  return sequence(...parts)
}
const storeMasks = (lanes: Lanes, at: Address, step: number, count: number, stored: Register): Statement => {
  const words = asInt32(stored)
  if (lanes === 4 && count === 4 && step === 1) {
    const [address, offset] = reach(at)
    return i32x4.storeLane(address, i32x4.toBytes(i32x4.and(words, i32x4.const(1))), 0, offset)
  }
  return sequence(
    ...Array.from({ length: count }, (_, lane) => {
      const [address, offset] = reach(at, lane * step)
      return i32.storeByte(address, i32.and(i32x4.lane(words, lanes === 2 ? 2 * lane : lane), i32.const(1)), offset)
    })
  )
}
/** Stores the first `count` lanes, `step` bytes apart, and touches nothing else. `stored` is a local or a constant: it may be repeated. */
export const store = (
  lanes: Lanes,
  dtype: Dtype,
  at: Address,
  step: number,
  count: number,
  stored: Register
): Statement => {
  switch (dtype) {
    case 'float32':
      return storeNumbers<'f32x4'>(f32x4, lanes, at, step, count, asFloat32(stored))
    case 'float64':
      return storeNumbers<'f64x2'>(f64x2, lanes, at, step, count, asFloat64(stored))
    case 'int32':
      return storeNumbers<'i32x4'>(i32x4, lanes, at, step, count, asInt32(stored))
    case 'bool':
      return storeMasks(lanes, at, step, count, stored)
  }
}
/** A whole register as it is, at an address that is known to be free for it. */
export const loadWhole = (vector: Vector, at: Address): Register => ({
  type: vector,
  code: i32x4.load(...reach(at)).code
})
export const storeWhole = (at: Address, stored: Register): Statement => {
  const [address, offset] = reach(at)
  return i32x4.store(address, asInt32(stored), offset)
}
