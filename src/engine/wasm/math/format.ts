/** The two formats of floating-point numbers that the functions are written for once: their layout, and what depends on it. */
import { type Floating, type Floats, f32x4, f64x2, i32x4, i64x2, type Value, type Vector } from '../assembler.js'

/** Something for each format: a table of coefficients, a bound. */
export interface Both<T> {
  readonly float32: T
  readonly float64: T
}
/** Vectors of integers as wide as the numbers. */
export type Bits<V extends Floating> = V extends 'f32x4' ? 'i32x4' : 'i64x2'
export interface Integers<W extends Vector> {
  readonly type: W
  const(...values: readonly (number | bigint)[]): Value<W>
  neg(a: Value<W>): Value<W>
  add(a: Value<W>, b: Value<W>): Value<W>
  and(a: Value<W>, b: Value<W>): Value<W>
  or(a: Value<W>, b: Value<W>): Value<W>
  shl(a: Value<W>, by: Value<'i32'>): Value<W>
  shrU(a: Value<W>, by: Value<'i32'>): Value<W>
}
export interface Format<V extends Floating> {
  readonly name: keyof Both<unknown>
  readonly F: Floats<V>
  readonly I: Integers<Bits<V>>
  /** Bits after the point. */
  readonly mantissa: number
  /** What is added to exponents: the largest. */
  readonly bias: number
  /** The smallest normal number. */
  readonly tiny: number
  /** Bits at the end that are cleared to leave a factor whose products are exact. */
  readonly tail: number
  readonly bitsOf: (x: number) => bigint
}

export const float32: Format<'f32x4'> = {
  name: 'float32',
  F: f32x4,
  I: i32x4,
  mantissa: 23,
  bias: 127,
  tiny: 2 ** -126,
  tail: 12,
  bitsOf: x => BigInt(new Int32Array(Float32Array.of(x).buffer)[0]!)
}
export const float64: Format<'f64x2'> = {
  name: 'float64',
  F: f64x2,
  I: i64x2,
  mantissa: 52,
  bias: 1023,
  tiny: 2 ** -1022,
  tail: 27,
  bitsOf: x => new BigInt64Array(Float64Array.of(x).buffer)[0]!
}
