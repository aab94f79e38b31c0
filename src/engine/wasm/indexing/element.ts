/** Single elements in memory, by dtype. */
import type { Dtype } from '../../../structure/dtype.js'
import { f32, f64, i32, type Scalar, type Statement, type Value } from '../assembler.js'
import { reach } from '../product/address.js'

type Operation<T extends Scalar, R extends Scalar> = (a: Value<T>, b: Value<T>) => Value<R>

export interface Element<T extends Scalar> {
  readonly type: T
  readonly bytes: number
  readonly load: (address: Value<'i32'>, offset?: number) => Value<T>
  readonly store: (address: Value<'i32'>, stored: Value<T>, offset?: number) => Statement
  readonly add: Operation<T, T>
  readonly eq: Operation<T, 'i32'>
  readonly ne: Operation<T, 'i32'>
  readonly lt: Operation<T, 'i32'>
  readonly gt: Operation<T, 'i32'>
  readonly le: Operation<T, 'i32'>
  readonly ge: Operation<T, 'i32'>
}
export const float32: Element<'f32'> = { type: 'f32', bytes: 4, ...f32 }
export const float64: Element<'f64'> = { type: 'f64', bytes: 8, ...f64 }
export const int32: Element<'i32'> = { type: 'i32', bytes: 4, ...i32 }
export const bool: Element<'i32'> = { ...int32, bytes: 1, load: i32.loadByte, store: i32.storeByte }

type Move = (to: Value<'i32'>, from: Value<'i32'>, toOffset?: number, fromOffset?: number) => Statement
const move =
  <T extends Scalar>({ load, store }: Element<T>): Move =>
  (to, from, toOffset = 0, fromOffset = 0) => {
    const [toAddress, toReach] = reach(to, toOffset)
    return store(toAddress, load(...reach(from, fromOffset)), toReach)
  }
/** Copies one element, bit by bit; offsets may be negative. */
export const moveElement: Readonly<Record<Dtype, Move>> = {
  float32: move(int32),
  float64: move(float64),
  int32: move(int32),
  bool: move(bool)
}
