/**
 * How an operation of a random program chooses its operands and attributes: by numbers, of which every list means something, so that a program
 * stays one when lines and numbers are taken away from it.
 */
import { add, mul } from '../src/primitive/arithmetic.js'
import { cast } from '../src/primitive/conversion.js'
import { abs } from '../src/primitive/elementary.js'
import { maximum, minimum } from '../src/primitive/extremum.js'
import { broadcast, reshape } from '../src/primitive/movement.js'
import { less } from '../src/primitive/selection.js'
import { pad, slice } from '../src/primitive/window.js'
import { type Dtype, isFloat } from '../src/structure/dtype.js'
import { range, type Shape, sameShape, size } from '../src/structure/shape.js'
import type { Many, Tensor } from '../src/tensor/tensor.js'
import { limited } from './engine-values.js'

const whole = (shape: Shape) => ({ start: shape.map(() => 0), step: shape.map(() => 1) })

const repeats = (from: Shape, to: Shape): boolean =>
  from.length <= to.length &&
  from.every((extent, axis) => extent === 1 || extent === to[to.length - from.length + axis])

/** The tensor under another number of axes: leading ones are added, or put into one. */
const ofRank = (rank: number, x: Tensor): Tensor => {
  const { length } = x.shape
  if (length <= rank) return reshape([...range(rank - length).map(() => 1), ...x.shape])(x)
  if (rank === 0) {
    const flat = reshape([size(x.shape)])(x)
    return reshape([])(shaped([1])(flat))
  }
  const merged = size(x.shape.slice(0, length - rank + 1))
  return reshape([merged, ...x.shape.slice(length - rank + 1)])(x)
}

/** A tensor of a shape that has to do with this one: reshaped or repeated where that is possible, else cut and padded. */
export const shaped =
  (shape: Shape) =>
  (x: Tensor): Tensor => {
    if (sameShape(x.shape, shape)) return x
    if (size(x.shape) === size(shape)) return reshape(shape)(x)
    if (repeats(x.shape, shape)) return broadcast(shape)(x)
    const same = ofRank(shape.length, x)
    const cut = same.shape.map((extent, axis) =>
      extent === 1 && shape[axis]! > 1 ? 1 : Math.min(extent, shape[axis]!)
    )
    const step = same.shape.map((extent, axis) => (cut[axis]! > 1 ? Math.floor((extent - 1) / (cut[axis]! - 1)) : 1))
    const part = sameShape(cut, same.shape) ? same : slice({ start: cut.map(() => 0), step, shape: cut })(same)
    const wide = cut.map((extent, axis) => (extent === 1 ? 1 : shape[axis]!))
    const padded = sameShape(cut, wide) ? part : pad({ ...whole(wide), shape: wide })(part)
    return broadcast(shape)(padded)
  }

/** A tensor of a dtype; a truth value of a number says whether it is negative, a whole number of it is cut to a few. */
export const converted =
  (dtype: Dtype) =>
  (x: Tensor): Tensor =>
    dtype === 'bool' && x.dtype !== 'bool' ? less(x, 0) : cast(dtype)(x)

/** A tensor in the type of another. */
export const inType = (like: Tensor, x: Tensor): Tensor => converted(like.dtype)(shaped(like.shape)(x))

/** Exact, so that programs can stay within bounds without a rounding. */
export const clamped = (x: Tensor, low: number, high: number): Tensor => minimum(maximum(x, low), high)
/** Numbers that keep a function within its range: away from 0 on one side. */
export const lifted = (x: Tensor, by: number): Tensor => add(abs(x), by)
export const scaled = (x: Tensor, by: number): Tensor => (isFloat(x) ? mul(x, by) : x)

/** What an operation chooses with. */
export interface Draw {
  /** The next number of the line, below a bound. */
  readonly number: (below: number) => number
  readonly chance: (one: number) => boolean
  readonly pick: <A>(from: readonly A[]) => A
  readonly any: () => Tensor
  readonly float: () => Tensor
  readonly integer: () => Tensor
  readonly bool: () => Tensor
  /** Of any dtype but bool. */
  readonly numeric: () => Tensor
  /** With an axis at least. */
  readonly ranked: (x: Tensor) => Tensor
  /** Another value, in the shape and dtype of this one, or such that it is repeated to it. */
  readonly like: (x: Tensor) => Tensor
  /** Another value in just this type. */
  readonly ofType: (type: { readonly shape: Shape; readonly dtype: Dtype }) => Tensor
  /** Some of the axes. */
  readonly axes: (of: readonly number[]) => readonly number[]
  /** What the lines inside this one give, on what is around them and further values. */
  readonly run: (further: Many, part?: 'first' | 'second') => Tensor
  /** The same with nothing around. */
  readonly alone: (given: Many) => Tensor
}

export type Operation = (draw: Draw) => Tensor

/** A draw from values, the latest last, by a line's numbers; when they are used up, zeros follow. */
export const drawFrom = (values: Many, numbers: readonly number[], inner: Pick<Draw, 'run' | 'alone'>): Draw => {
  let next = 0
  const number = (below: number): number => (numbers[next++] ?? 0) % below
  /** Mostly one of the latest. */
  const from = (candidates: Many): Tensor => {
    const back = number(0x10000)
    const reach = back % 3 === 0 ? candidates.length : Math.min(4, candidates.length)
    return candidates[candidates.length - 1 - (Math.floor(back / 3) % reach)]!
  }
  const any = (): Tensor => from(values)
  const of = (fits: (x: Tensor) => boolean, otherwise: (x: Tensor) => Tensor): Tensor => {
    const candidates = values.filter(fits)
    return candidates.length > 0 ? from(candidates) : otherwise(any())
  }
  const ofType: Draw['ofType'] = ({ shape, dtype }) => {
    const fitting = values.filter(x => x.dtype === dtype)
    const same = fitting.filter(x => sameShape(x.shape, shape))
    const [wantSame, fallback] = [number(4) > 0, fitting.length > 0 ? fitting : values]
    return converted(dtype)(shaped(shape)(from(wantSame && same.length > 0 ? same : fallback)))
  }
  return {
    number,
    chance: one => number(one) === one - 1,
    pick: all => all[number(all.length)]!,
    any,
    float: () => of(isFloat, x => cast('float32')(x)),
    integer: () =>
      of(
        x => x.dtype === 'int32',
        x => cast('int32')(x)
      ),
    bool: () => of(x => x.dtype === 'bool', converted('bool')),
    numeric: () => of(x => x.dtype !== 'bool', cast('int32')),
    ranked: x => (x.shape.length > 0 ? x : reshape([1])(x)),
    ofType,
    like: x => {
      const kept = number(4)
      // Without leading axes, or with ones in their place: what is repeated on the way into an operation.
      const shape =
        kept === 3
          ? x.shape.slice(number(x.shape.length + 1))
          : kept === 2
            ? x.shape.map(extent => (number(2) === 0 ? extent : 1))
            : x.shape
      return broadcast(x.shape)(ofType({ shape, dtype: x.dtype }))
    },
    axes: of => of.filter(() => number(2) === 1),
    ...inner
  }
}

/** A value of no more than so many elements. */
export const limitedValue = (x: Tensor, limit: number): Tensor => {
  const shape = limited(x.shape, limit)
  return sameShape(shape, x.shape) ? x : slice({ ...whole(shape), shape })(x)
}
