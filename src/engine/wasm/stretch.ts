/** Copies of stretches of bytes whose length is known. */
import { copyBytes, f64x2, i32, type Statement, sequence, share, type Value } from './assembler.js'

/** Up to here a handful of loads and stores costs less than the instruction for any length, which V8 makes a call of. */
const unrolled = 128

/** Copies exactly so many bytes between stretches that do not overlap. */
export const copyStretch = (to: Value<'i32'>, from: Value<'i32'>, count: number): Statement => {
  if (count === 0) return sequence()
  if (count > unrolled) return copyBytes(to, from, i32.const(count))
  return share(to, target =>
    share(from, source => {
      const parts: Statement[] = []
      let at = 0
      for (; at + 16 <= count; at += 16) parts.push(f64x2.store(target, f64x2.load(source, at), at))
      for (; at + 8 <= count; at += 8) parts.push(f64x2.storeHalf(target, f64x2.loadHalf(source, at), 0, at))
      for (; at + 4 <= count; at += 4) parts.push(i32.store(target, i32.load(source, at), at))
      for (; at < count; at++) parts.push(i32.storeByte(target, i32.loadByte(source, at), at))
      return sequence(...parts)
    })
  )
}
