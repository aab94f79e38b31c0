/**
 * The order that sorts the last axis: a stable merge sort of numbers and their positions, from pairs upwards, between two pieces of memory.
 * Which of two comes first is added, not branched on: half of such branches would be mispredicted.
 */
import type { Dtype } from '../../../structure/dtype.js'
import { size } from '../../../structure/shape.js'
import type { Type } from '../../../tensor/tensor.js'
import {
  branchIf,
  i32,
  type Local,
  label,
  local,
  loop,
  nothing,
  repeat,
  type Scalar,
  type Statement,
  select,
  sequence,
  set,
  share,
  type Value
} from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { bool, type Element, float32, float64, int32 } from './element.js'
import { nested } from './loops.js'

export interface Argsort {
  readonly source: Place
  readonly result: Place
  readonly descending: boolean
  /** Where `argsortScratchBytes` are free. */
  readonly scratch: number
}
const keyBytes = (dtype: Dtype): number => (dtype === 'float64' ? 8 : 4)
const inVectors = (bytes: number): number => Math.ceil(bytes / 16) * 16

/** Numbers twice, and positions once: the other time they are in the result. */
export const argsortScratchBytes = ({ shape, dtype }: Type): number => {
  const length = shape[shape.length - 1]!
  return 2 * inVectors(length * keyBytes(dtype)) + inVectors(length * 4)
}

/** Whether b, which is behind a, has to go before it: b < a, or a alone is NaN; descending, b > a, or b alone is NaN. */
type Overtakes<T extends Scalar> = (a: Value<T>, b: Value<T>) => Value<'i32'>
const overtakes =
  <T extends Scalar>({ ge, le, eq }: Element<T>, descending: boolean): Overtakes<T> =>
  (given, other) =>
    share(given, a =>
      share(other, b => (descending ? i32.and(i32.eqz(le(b, a)), eq(a, a)) : i32.and(i32.eqz(ge(b, a)), eq(b, b))))
    )

/** Addresses of numbers, and of their positions in the row. */
interface Pairs {
  readonly numbers: Local<'i32'>
  readonly positions: Local<'i32'>
}
const pairs = (): Pairs => ({ numbers: local('i32'), positions: local('i32') })
const at = (base: Value<'i32'>, index: Value<'i32'>, bytes: number): Value<'i32'> =>
  i32.add(base, i32.shl(index, i32.const(Math.log2(bytes))))
const add = (x: Local<'i32'>, by: Value<'i32'>): Statement => set(x, i32.add(x, by))
const swap = (a: Local<'i32'>, b: Local<'i32'>): Statement => share(a, old => sequence(set(a, b), set(b, old)))

/** Two neighbouring sorted runs, `left` to `middle` and `right = middle` to `end`, as one. */
const merge = <T extends Scalar>(
  keys: Element<T>,
  overtaking: Overtakes<T>,
  [source, target]: readonly [Pairs, Pairs],
  { out, left, middle, right, end }: Readonly<Record<'out' | 'left' | 'middle' | 'right' | 'end', Local<'i32'>>>
): Statement => {
  const again = label()
  const number = (index: Local<'i32'>): Value<T> => keys.load(at(source.numbers, index, keys.bytes))
  return loop(
    again,
    share(i32.and(i32.lt(right, end), i32.or(i32.ge(left, middle), overtaking(number(left), number(right)))), isRight =>
      // By bits: V8 makes a branch of `select`.
      share(i32.xor(left, i32.and(i32.xor(left, right), i32.sub(i32.const(0), isRight))), first =>
        sequence(
          keys.store(at(target.numbers, out, keys.bytes), number(first)),
          i32.store(at(target.positions, out, 4), i32.load(at(source.positions, first, 4))),
          add(right, isRight),
          add(left, i32.eqz(isRight))
        )
      )
    ),
    add(out, i32.const(1)),
    branchIf(again, i32.lt(out, end))
  )
}

const sortRow = <T extends Scalar>(
  read: Element<T>,
  keys: Element<T>,
  { scratch, descending }: Argsort,
  length: number,
  from: Local<'i32'>,
  to: Local<'i32'>
): Statement => {
  const levels = Math.ceil(Math.log2(length))
  const otherNumbers = scratch + inVectors(length * keys.bytes)
  const otherPositions = otherNumbers + inVectors(length * keys.bytes)
  const [source, target] = [pairs(), pairs()]
  // After the last level the positions have to be in the result.
  const [first, second] = levels % 2 === 0 ? [source, target] : [target, source]
  const width = local('i32')
  const cursors = {
    out: local('i32'),
    left: local('i32'),
    middle: local('i32'),
    right: local('i32'),
    end: local('i32')
  }
  const { out, left, middle, right, end } = cursors
  const n = i32.const(length)
  const atMost = (x: Value<'i32'>): Value<'i32'> => share(x, y => select(i32.lt(y, n), y, n))
  const [level, runs] = [label(), label()]
  return sequence(
    set(source.numbers, i32.const(scratch)),
    set(target.numbers, i32.const(otherNumbers)),
    set(first.positions, to),
    set(second.positions, i32.const(otherPositions)),
    repeat(i32.const(0), n, 1, k =>
      sequence(
        keys.store(at(source.numbers, k, keys.bytes), read.load(at(from, k, read.bytes))),
        i32.store(at(source.positions, k, 4), k)
      )
    ),
    ...(levels === 0
      ? []
      : [
          set(width, i32.const(1)),
          loop(
            level,
            set(out, i32.const(0)),
            loop(
              runs,
              set(left, out),
              set(middle, atMost(i32.add(left, width))),
              set(right, middle),
              set(end, atMost(i32.add(right, width))),
              merge(keys, overtakes(keys, descending), [source, target], cursors),
              branchIf(runs, i32.lt(out, n))
            ),
            swap(source.numbers, target.numbers),
            swap(source.positions, target.positions),
            set(width, i32.shl(width, i32.const(1))),
            branchIf(level, i32.lt(width, n))
          )
        ])
  )
}

/** Both dense. NaN comes after all numbers, descending before them; −0 and 0 are equal. */
export const argsort = (operands: Argsort): Statement => {
  const { shape, dtype, base } = operands.source
  if (size(shape) === 0) return nothing
  const length = shape[shape.length - 1]!
  const [from, to] = [local('i32'), local('i32')]
  const row = (): Statement => {
    switch (dtype) {
      case 'float32':
        return sortRow(float32, float32, operands, length, from, to)
      case 'float64':
        return sortRow(float64, float64, operands, length, from, to)
      case 'int32':
        return sortRow(int32, int32, operands, length, from, to)
      case 'bool':
        return sortRow(bool, int32, operands, length, from, to)
    }
  }
  return sequence(
    set(from, i32.const(base)),
    set(to, i32.const(operands.result.base)),
    nested([{ extent: size(shape) / length, steps: [length * bytesOf[dtype], length * 4] }], [from, to], row())
  )
}
