/** Sums, largest and smallest elements: accumulators in registers, a few for each fold, so that they do not wait for one another. */
import type { Dtype } from '../../../structure/dtype.js'
import { mistake } from '../../../structure/mistake.js'
import {
  type Floating,
  type Floats,
  f32x4,
  f64x2,
  i32x4,
  type Local,
  local,
  reinterpret,
  type Statement,
  sequence,
  set,
  share,
  type Value,
  type Vector
} from '../assembler.js'
import type { Fold, FoldName } from './graph.js'
import { asFloat32, asFloat64, asInt32, firstLanes, type Lanes, type Register, splat, vectorOf } from './registers.js'

/** How one kind of fold goes. */
interface Monoid {
  readonly identity: Register
  readonly append: (a: Register, b: Register) => Register
  /** Marks the lanes with NaN, if `append` loses them. */
  readonly lost?: (x: Register) => Register
}
const floatMonoid = <V extends Floating>(F: Floats<V>, name: FoldName): Monoid => {
  const as = (x: Register): Value<V> => reinterpret(F.type as V, x)
  const binary =
    (f: (a: Value<V>, b: Value<V>) => Value<V>) =>
    (a: Register, b: Register): Register =>
      f(as(a), as(b))
  const lost = (x: Register): Register => F.ne(as(x), as(x))
  switch (name) {
    case 'sum':
      return { identity: F.const(0), append: binary(F.add) }
    // One instruction instead of eight, which keeps what it has when it meets NaN: those are remembered apart.
    case 'amax':
      return { identity: F.const(Number.NEGATIVE_INFINITY), append: binary(F.pmax), lost }
    case 'amin':
      return { identity: F.const(Number.POSITIVE_INFINITY), append: binary(F.pmin), lost }
  }
}
const integers = { sum: [0, i32x4.add], amax: [-2147483648, i32x4.max], amin: [2147483647, i32x4.min] } as const
const truths = { amax: [0, i32x4.or], amin: [1, i32x4.and] } as const

const monoidOf = (lanes: Lanes, name: FoldName, dtype: Dtype): Monoid => {
  if (dtype === 'float32') return floatMonoid<'f32x4'>(f32x4, name)
  if (dtype === 'float64') return floatMonoid<'f64x2'>(f64x2, name)
  if (dtype === 'bool' && name === 'sum')
    throw mistake('InvalidArgument', 'jit', 'the WebAssembly engine has no sum of bool; cast to int32')
  const [identity, append] = dtype === 'int32' ? integers[name] : truths[name as keyof typeof truths]
  return { identity: splat(lanes, dtype, identity), append: (a, b) => append(asInt32(a), asInt32(b)) }
}

const either = (a: Register, b: Register): Register => i32x4.or(asInt32(a), asInt32(b))
/** All lanes of a vector in one, in every lane that matters. */
const across = (
  lanes: Lanes,
  vector: Vector,
  x: Register,
  append: (a: Register, b: Register) => Register
): Register => {
  if (vector === 'f64x2' || vector === 'i64x2')
    return share(asFloat64(x), v => append(v, f64x2.shuffle(v, v, 1, 0)) as Value<Vector>)
  const swapped = (v: Value<'f32x4'>): Register => append(v, f32x4.shuffle(v, v, 1, 0, 3, 2))
  if (lanes === 2) return share(asFloat32(x), swapped)
  return share(asFloat32(x), v => share(asFloat32(append(v, f32x4.shuffle(v, v, 2, 3, 0, 1))), swapped))
}

export interface Accumulation {
  readonly start: Statement
  /** Takes in a vector of which the first `count` lanes matter. */
  readonly take: (way: number, x: Register, count: number) => Statement
  /** What each way has come to, to be read once. */
  readonly ofWay: (way: number) => Register
  /** What all ways have come to in each lane, and then what all lanes have, in every one. */
  readonly ofWays: Register
  readonly ofAll: Register
}

const locals = <T extends Vector>(type: T, count: number): readonly Local<T>[] =>
  Array.from({ length: count }, () => local(type))

/** A few accumulators, one for each way. */
export const accumulation = (lanes: Lanes, { name, dtype }: Fold, ways: number): Accumulation => {
  const { identity, append, lost } = monoidOf(lanes, name, dtype)
  const vector = vectorOf(lanes, dtype)
  const sums = locals<Vector>(vector, ways)
  const nans = locals<Vector>(vector, lost === undefined ? 0 : ways)
  const typed = ({ code }: Register): Register => ({ type: vector, code })
  const withNans = (x: Register, marks: Register | undefined): Register =>
    marks === undefined ? x : typed(either(x, marks))
  const masked = (x: Register, count: number): Register =>
    count >= lanes ? x : typed(i32x4.select(firstLanes(lanes, dtype, count), asInt32(x), asInt32(identity)))
  const sum = sums.slice(1).reduce<Register>(append, sums[0]!)
  const marks = nans.slice(1).reduce<Register | undefined>((a, b) => a && either(a, b), nans[0])
  return {
    start: sequence(...sums.map(s => set(s, identity)), ...nans.map(nan => set(nan, splat(lanes, dtype, 0)))),
    take: (way, x, count) => {
      const taken = local<Vector>(vector)
      return sequence(
        set(taken, masked(x, count)),
        set(sums[way]!, append(sums[way]!, taken)),
        ...(lost ? [set(nans[way]!, either(nans[way]!, lost(taken)))] : [])
      )
    },
    ofWay: way => withNans(sums[way]!, nans[way]),
    ofWays: withNans(sum, marks),
    ofAll: withNans(across(lanes, vector, sum, append), marks && across(lanes, vector, marks, either))
  }
}

/** Whether sums of this kind are rounded. */
export const isRounded = ({ name, dtype }: Fold): boolean =>
  name === 'sum' && (dtype === 'float32' || dtype === 'float64')

/** An accumulation with something to be done after each block of terms, and at the end. */
export interface InBlocks extends Accumulation {
  readonly flush: Statement
}
/**
 * For long sums: now and then the accumulators are added to totals in float64 and begin anew, so that a sum of a million numbers loses no more than
 * that of a block. The ways have totals together if all is added up in the end.
 */
export const longAccumulation = (lanes: Lanes, fold: Fold, ways: number, acrossLanes: boolean): InBlocks => {
  const sums = accumulation(lanes, fold, ways)
  if (!isRounded(fold)) return { ...sums, flush: sequence() }
  const isHalf = fold.dtype === 'float32'
  const width = isHalf && lanes === 4 ? 2 : 1
  const banks = Array.from({ length: acrossLanes ? 1 : ways }, () => locals('f64x2', width))
  const parts = (x: Local<Vector>): readonly Value<'f64x2'>[] => {
    if (!isHalf) return [asFloat64(x)]
    const [low, all] = [f64x2.promote(asFloat32(x)), asFloat32(x)]
    return width === 1 ? [low] : [low, f64x2.promote(f32x4.shuffle(all, all, 2, 3, 2, 3))]
  }
  const narrow = (low: Value<'f64x2'>, high: Value<'f64x2'>): Register =>
    width === 2 ? f32x4.shuffle(f32x4.demote(low), f32x4.demote(high), 0, 1, 4, 5) : isHalf ? f32x4.demote(low) : low
  const zero = f64x2.const(0)
  return {
    ...sums,
    start: sequence(sums.start, ...banks.flat().map(total => set(total, zero))),
    flush: sequence(
      ...banks.flatMap((totals, bank) => {
        const x = local<Vector>(vectorOf(lanes, fold.dtype))
        const added = parts(x).map((part, i) => set(totals[i]!, f64x2.add(totals[i]!, part)))
        return [set(x, acrossLanes ? sums.ofWays : sums.ofWay(bank)), ...added]
      }),
      sums.start
    ),
    ofWay: way => narrow(banks[way]![0]!, banks[way]!.at(-1)!),
    ofAll: share(
      across(2, 'f64x2', banks[0]!.slice(1).reduce<Value<'f64x2'>>(f64x2.add, banks[0]![0]!), (a, b) =>
        f64x2.add(asFloat64(a), asFloat64(b))
      ),
      total => narrow(asFloat64(total), asFloat64(total))
    )
  }
}
