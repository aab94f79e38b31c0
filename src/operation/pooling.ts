/** One number for each window over some axes: the largest, or the mean. Axes are counted from 0, in ascending order. */
import { div } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { amax } from '../primitive/extremum.js'
import { reshape, sum } from '../primitive/movement.js'
import { concat, slice } from '../primitive/window.js'
import { span, windows } from '../primitive/windows.js'
import { type Dtype, floating } from '../structure/dtype.js'
import { range, type Shape, withExtent } from '../structure/shape.js'
import { constant, type Tensor, uniform } from '../tensor/tensor.js'

/** Windows along one axis. */
export interface Pool {
  /** The number of elements of a window. */
  readonly size: number
  readonly step: number
  /** How many elements are put on both sides. */
  readonly padding: number
  readonly dilation: number
  /** Whether a last window that reaches beyond the end counts, if it begins before. */
  readonly ceil: boolean
}

/** How many windows an axis of so many elements has. */
export const poolCount = (extent: number, { size, step, padding, dilation, ceil }: Pool): number => {
  const room = extent + 2 * padding - span(size, dilation)
  const counted = Math.max(0, (ceil ? Math.ceil(room / step) : Math.floor(room / step)) + 1)
  // A window that begins behind the elements, in the padding at the end, has nothing to tell.
  return ceil && (counted - 1) * step >= extent + padding ? counted - 1 : counted
}

/** The windows of one axis, behind what fills the margins that they reach into; their elements are the axis after it. */
const cut = (x: Tensor, axis: number, pool: Pool, margin: number): Tensor => {
  const { size, step, padding, dilation } = pool
  const extent = x.shape[axis]!
  const end = (poolCount(extent, pool) - 1) * step + span(size, dilation)
  const block = (width: number): readonly Tensor[] =>
    width > 0 ? [uniform({ shape: withExtent(x.shape, axis, width), dtype: x.dtype }, margin)] : []
  const filled = concat(axis)([...block(padding), x, ...block(end - padding - extent)])
  return windows({ axis, size, step, dilation })(filled)
}
/**
 * A fold of each window, along one axis after the other: of the windows of a plane fewer elements are looked at than they have. Where windows do not overlap
 * all axes could be cut first; then derivatives run over a last axis as short as a window, which takes longer than the pass that it saves.
 */
const folded = (
  x: Tensor,
  axes: readonly number[],
  pools: readonly Pool[],
  margin: number,
  fold: (axes: readonly number[]) => (x: Tensor) => Tensor
): Tensor => axes.reduce((found, axis, i) => fold([axis + 1])(cut(found, axis, pools[i]!, margin)), x)

const least: Readonly<Record<Dtype, number>> = {
  float32: Number.NEGATIVE_INFINITY,
  float64: Number.NEGATIVE_INFINITY,
  int32: -(2 ** 31),
  bool: 0
}
/** The largest element of each window; the padding is less than every element. Elements that tie share the derivative. */
export const maxPool =
  (axes: readonly number[], pools: readonly Pool[]) =>
  (x: Tensor): Tensor =>
    folded(x, axes, pools, least[x.dtype], amax)

/** By how much the sum of each window along an axis is divided. */
const divisors = (extent: number, pool: Pool, countPadding: boolean): readonly number[] => {
  const { size, step, padding } = pool
  const margin = countPadding ? padding : 0
  return range(poolCount(extent, pool)).map(i => {
    const start = i * step - padding
    return Math.min(start + size, extent + margin) - Math.max(start, -margin)
  })
}
/** The mean of each window, over its elements alone, or over the zeros of the padding too; never over what lies behind that. */
export const meanPool =
  (axes: readonly number[], pools: readonly Pool[], countPadding: boolean) =>
  (given: Tensor): Tensor => {
    const x = cast(floating(given.dtype))(given)
    // Windows that do not overlap are pieces: their sums, and what goes back to them, need one pass for all axes.
    const sums = pools.every(({ size, step }) => step >= size)
      ? sum(axes.map((axis, i) => axis + i + 1))(axes.reduce((found, axis, i) => cut(found, axis + i, pools[i]!, 0), x))
      : folded(x, axes, pools, 0, sum)
    const counts = axes.map((axis, i) => divisors(x.shape[axis]!, pools[i]!, countPadding))
    if (counts.every(along => along.every(n => n === along[0])))
      return div(
        sums,
        counts.reduce((product, along) => product * (along[0] ?? 1), 1)
      )
    return axes.reduce((found, axis, i) => {
      const along = counts[i]!
      const shape = found.shape.map((_, a) => (a === axis ? along.length : 1))
      return div(found, cast(x.dtype)(constant(shape, 'float64', Float64Array.from(along))))
    }, sums)
  }

/** Axes cut into pieces of almost equal size: piece i of n is from `⌊i · extent / n⌋` up to `⌈(i + 1) · extent / n⌉`. */
const pieces = (extent: number, n: number): readonly (readonly [start: number, length: number])[] =>
  range(n).map(i => {
    const start = Math.floor((i * extent) / n)
    return [start, Math.ceil(((i + 1) * extent) / n) - start]
  })
/** A fold, over axes that disappear, of each piece. */
export const adaptivePool =
  (fold: (axes: readonly number[]) => (x: Tensor) => Tensor) =>
  (axes: readonly number[], outputs: Shape) =>
  (x: Tensor): Tensor => {
    if (axes.every((axis, i) => x.shape[axis]! % outputs[i]! === 0)) {
      const split = x.shape.flatMap((extent, axis) => {
        const i = axes.indexOf(axis)
        return i < 0 ? [extent] : [outputs[i]!, extent / outputs[i]!]
      })
      return fold(axes.map((axis, i) => axis + i + 1))(reshape(split)(x))
    }
    return axes.reduce((found, axis, i) => {
      const parts = pieces(found.shape[axis]!, outputs[i]!).map(([start, length]) => {
        const window = {
          start: found.shape.map((_, a) => (a === axis ? start : 0)),
          step: found.shape.map(() => 1),
          shape: withExtent(found.shape, axis, length)
        }
        return reshape(withExtent(found.shape, axis, 1))(fold([axis])(slice(window)(found)))
      })
      return concat(axis)(parts)
    }, x)
  }
