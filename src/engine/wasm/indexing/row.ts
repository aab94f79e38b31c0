/** Elements side by side: copied, or set to one value. Exactly these bytes are written. */
import {
  branchIf,
  copyBytes,
  f64x2,
  fillBytes,
  i32,
  i32x4,
  type Local,
  label,
  local,
  loop,
  nothing,
  type Statement,
  sequence,
  set,
  share,
  type Value,
  type Vector
} from '../assembler.js'
import { copyStretch } from '../stretch.js'

const inline = 128
/** From here on the instruction for any length, which V8 makes a call of, is faster than a loop of vectors. */
const long = 1024

/** Four vectors a round, then what is left of so many bytes, with pointers that have come that far. */
const rounds = (
  count: number,
  pointers: readonly Value<'i32'>[],
  vector: (pointers: readonly Local<'i32'>[], offset: number) => Statement,
  rest: (pointers: readonly Local<'i32'>[], count: number) => Statement
): Statement => {
  const moving = pointers.map(() => local('i32'))
  const [end, again] = [local('i32'), label()]
  const looped = count - (count % 64)
  return sequence(
    ...moving.map((p, i) => set(p, pointers[i]!)),
    ...(looped > 0
      ? [
          set(end, i32.add(moving[0]!, i32.const(looped))),
          loop(
            again,
            ...[0, 16, 32, 48].map(offset => vector(moving, offset)),
            ...moving.map(p => set(p, i32.add(p, i32.const(64)))),
            branchIf(again, i32.ne(moving[0]!, end))
          )
        ]
      : []),
    rest(moving, count % 64)
  )
}

/** Between stretches that do not overlap. */
export const copyRow = (to: Value<'i32'>, from: Value<'i32'>, bytes: number): Statement => {
  if (bytes <= inline) return copyStretch(to, from, bytes)
  if (bytes >= long) return copyBytes(to, from, i32.const(bytes))
  return rounds(
    bytes,
    [to, from],
    ([target, source], offset) => f64x2.store(target!, f64x2.load(source!, offset), offset),
    ([target, source], rest) => copyStretch(target!, source!, rest)
  )
}

/** Stores the first so many bytes, fewer than a vector has. */
const storePart = (to: Value<'i32'>, value: Local<'i32x4'>, bytes: number, offset: number): readonly Statement[] => {
  const [eight, four] = [bytes & 8, bytes & 4]
  return [
    ...(eight ? [i32x4.storeHalf(to, value, 0, offset)] : []),
    ...(four ? [i32x4.storeLane(to, value, 0, offset + eight)] : []),
    ...Array.from({ length: bytes & 3 }, (_, i) => i32.storeByte(to, i32x4.lane(value, 0), offset + eight + four + i))
  ]
}

/** The value is repeated over the whole vector, whatever the size of its elements. */
export const fillRow = (to: Value<'i32'>, repeated: Value<Vector>, bytes: number): Statement => {
  if (bytes === 0) return nothing
  const value: Value<'i32x4'> = { type: 'i32x4', code: repeated.code }
  return share(value, v => {
    const parts = ([target]: readonly Value<'i32'>[], count: number): Statement =>
      sequence(
        ...Array.from({ length: count >> 4 }, (_, i) => i32x4.store(target!, v, 16 * i)),
        ...storePart(target!, v, count & 15, count & ~15)
      )
    return bytes <= inline
      ? share(to, target => parts([target], bytes))
      : rounds(bytes, [to], ([target], offset) => i32x4.store(target!, v, offset), parts)
  })
}

export const zeroRow = (to: Value<'i32'>, bytes: number): Statement =>
  bytes >= long ? fillBytes(to, i32.const(0), i32.const(bytes)) : fillRow(to, i32x4.const(0), bytes)
