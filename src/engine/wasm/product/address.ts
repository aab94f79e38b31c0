/** Addresses that are known in part when code is generated, and counts cut into blocks. */
import { i32, type Local, repeat, type Statement, sequence, type Value } from '../assembler.js'

/** How far along an axis: known, or what a loop counts. */
export type Index = number | Local<'i32'>

/** The sum of a known number and of what only the running program knows. */
export interface Address {
  readonly known: number
  readonly added?: Value<'i32'>
}
export const address = (known: number, added?: Value<'i32'>): Address => (added ? { known, added } : { known })

/** `index` steps further, each of so many bytes. */
export const moved = ({ known, added }: Address, index: Index, bytes: number): Address => {
  if (typeof index === 'number') return address(known + index * bytes, added)
  if (bytes === 0) return address(known, added)
  const way = bytes === 1 ? index : i32.mul(index, i32.const(bytes))
  return { known, added: added ? i32.add(added, way) : way }
}
export const pointer = ({ known, added }: Address): Value<'i32'> => (added ? displaced(added, known) : i32.const(known))

/** An address plus a known number of bytes, which may be negative. */
export const displaced = (from: Value<'i32'>, bytes: number): Value<'i32'> =>
  bytes === 0 ? from : i32.add(from, i32.const(bytes))

/** Address and offset for an instruction, whose own offset cannot be negative. */
export const reach = (from: Value<'i32'>, bytes: number): readonly [address: Value<'i32'>, offset: number] =>
  bytes >= 0 ? [from, bytes] : [displaced(from, bytes), 0]

/** Blocks one after the other: so many of one size, then so many of another. */
export type Cut = readonly { readonly size: number; readonly times: number }[]

/** Blocks of `size`, and what is left. */
export const cut = (total: number, size: number): Cut =>
  total === 0
    ? []
    : [
        { size, times: Math.floor(total / size) },
        { size: total % size, times: 1 }
      ].filter(part => part.size > 0 && part.times > 0)

/** As few blocks as `limit` allows, whose sizes differ by at most one. */
export const cutEvenly = (total: number, limit: number): Cut => {
  const count = Math.ceil(total / limit)
  const size = Math.ceil(total / count)
  const smaller = size * count - total
  return [
    { size, times: count - smaller },
    { size: size - 1, times: smaller }
  ].filter(part => part.size > 0 && part.times > 0)
}

/** The largest block when `total` is cut into as few as `limit` allows, sizes as equal as multiples of `multiple` can be. */
export const evenSize = (total: number, limit: number, multiple: number): number =>
  Math.ceil(Math.ceil(total / Math.ceil(total / limit)) / multiple) * multiple

/** Code for each block in turn; `start` is where it begins. */
export const walk = (parts: Cut, body: (start: Index, size: number) => Statement): Statement => {
  const begins = parts.map((_, i) => parts.slice(0, i).reduce((sum, { size, times }) => sum + size * times, 0))
  return sequence(
    ...parts.map(({ size, times }, i) => {
      const begin = begins[i]!
      return times === 1
        ? body(begin, size)
        : repeat(i32.const(begin), i32.const(begin + size * times), size, start => body(start, size))
    })
  )
}
