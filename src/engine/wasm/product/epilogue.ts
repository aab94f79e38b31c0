/** What is done to finished elements before they are stored, and what it reads besides. */
import { type Floating, type Floats, f32x4, f64x2, i32, i32x4, i64x2, type Local, type Value } from '../assembler.js'
import { bytesOf } from '../kernel.js'
import { reach } from './address.js'
import { type Problem, problemOf, type Shapes, type Steps } from './problem.js'
import type { Kind, Vectors } from './vectors.js'

/**
 * From a vector of the product and the vectors of the operands at the same elements to what is stored. Written once for float32 and float64, pure.
 * Operands of the product's dtype come as they are, bool ones as masks: all bits of a lane, or none. The code is repeated for every vector
 * of the register block in up to eight instances of it: cheap functions only.
 */
export type Epilogue = <V extends Floating>(
  floats: Floats<V>,
  value: Value<V>,
  operands: readonly Value<V>[]
) => Value<V>

/** An epilogue for vectors of one type, and how its operands lie. */
export interface Finish<V extends Kind> {
  readonly operands: readonly Steps[]
  readonly apply: (value: Value<V>, operands: readonly Value<V>[]) => Value<V>
}

/**
 * Whether an epilogue can read these operands: float products, operands of their dtype or bool, whose neighbours along what is stored side by
 * side lie side by side or are one and the same.
 */
export const epilogueFits = (shapes: Shapes): boolean => {
  const { dtype, operands }: Problem = problemOf(shapes)
  return (
    (dtype === 'float32' || dtype === 'float64') &&
    operands.every(x => (x.dtype === dtype || x.dtype === 'bool') && (x.column === 0 || x.column === bytesOf[x.dtype]))
  )
}

/** One operand at a row and a vector of the block. */
export const readAt = <V extends Kind>(
  F: Vectors<V>,
  { dtype, row, column }: Steps,
  corner: Local<'i32'>,
  i: number,
  j: number
): Value<V> => {
  const at = reach(corner, i * row + j * F.lanes * column)
  if (dtype === 'bool') return { type: F.type, code: maskAt(F.lanes, column === 0, at).code }
  return column === 0 ? F.loadSplat(...at) : F.load(...at)
}

/** Bytes, 0 or 1, as lanes without or with all bits. */
const maskAt = (
  lanes: number,
  repeated: boolean,
  at: readonly [Value<'i32'>, number]
): Value<'i32x4'> | Value<'i64x2'> => {
  if (repeated) return i32x4.splat(i32.sub(i32.const(0), i32.loadByte(...at)))
  const numbers = i32x4.neg(i32x4.fromBytes(i32x4.loadZero(...at)))
  return lanes === 4 ? numbers : i64x2.widen(numbers)
}

/** The epilogue for one of the float dtypes. */
export const finishOf = {
  float32: (epilogue: Epilogue | undefined, { operands }: Problem): Finish<'f32x4'> | undefined =>
    epilogue && { operands, apply: (value, read) => epilogue<'f32x4'>(f32x4, value, read) },
  float64: (epilogue: Epilogue | undefined, { operands }: Problem): Finish<'f64x2'> | undefined =>
    epilogue && { operands, apply: (value, read) => epilogue<'f64x2'>(f64x2, value, read) }
}
