/** Closeness of numbers, tensors and trees, and what laws compute with them. */
import { add, mul } from '../src/primitive/arithmetic.js'
import { cast } from '../src/primitive/conversion.js'
import { reshape, sumAll } from '../src/primitive/movement.js'
import { concat, slice } from '../src/primitive/window.js'
import { isFloat } from '../src/structure/dtype.js'
import { sameShape, size } from '../src/structure/shape.js'
import { constant, elements, isConstant, item, type Tensor, uniform } from '../src/tensor/tensor.js'
import { leaves } from '../src/tensor/tree.js'

/** `|a − b| ≤ tolerance · (1 + |a| + |b|)`; NaN is near NaN, and ∞ near ∞. */
export const near = (a: number, b: number, tolerance: number): boolean =>
  Object.is(a, b) ||
  a === b ||
  Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b)) ||
  (Number.isNaN(a) && Number.isNaN(b))

/** Same shape and dtype, and all elements near each other. */
export const nearTensors = (a: Tensor, b: Tensor, tolerance: number): boolean => {
  if (!isConstant(a) || !isConstant(b) || !sameShape(a.shape, b.shape) || a.dtype !== b.dtype) return false
  const [x, y] = [elements(a), elements(b)]
  for (let i = 0; i < x.length; i++) if (!near(x[i]!, y[i]!, tolerance)) return false
  return true
}
/** The same bits, shapes and dtypes; all NaN are one. */
export const sameBits = (a: Tensor, b: Tensor): boolean => {
  if (!isConstant(a) || !isConstant(b) || !sameShape(a.shape, b.shape) || a.dtype !== b.dtype) return false
  const [x, y] = [elements(a), elements(b)]
  for (let i = 0; i < x.length; i++) if (!Object.is(x[i], y[i])) return false
  return true
}
const pairwise =
  (compare: (a: Tensor, b: Tensor) => boolean) =>
  (a: unknown, b: unknown): boolean => {
    const [p, q] = [leaves(a), leaves(b)]
    return p.length === q.length && p.every((x, i) => compare(x, q[i]!))
  }
/** Trees with leaves near each other, in order. */
export const nearTrees = (a: unknown, b: unknown, tolerance: number): boolean =>
  pairwise((x, y) => nearTensors(x, y, tolerance))(a, b)
export const sameTrees = pairwise(sameBits)

/**
 * A tensor like another with numbers that look random, the same for the same choice.
 *
 * None is 0, which times an infinite slope would be no number. They are multiples of 2⁻¹⁰, so that float32 holds them, and what is linear does to them exactly what it should.
 */
export const direction =
  (choice: number) =>
  (like: Tensor, i = 0): Tensor => {
    const data = Float64Array.from(
      { length: size(like.shape) },
      (_, j) => (Math.round(Math.sin((j + 1) * 12.9898 + (choice + i) * 78.233) * 1.7 * 1024) || 1) / 1024
    )
    return constant(like.shape, like.dtype, like.dtype === 'float32' ? Float32Array.from(data) : data)
  }

export const scalar = (value: number): Tensor => uniform({ shape: [], dtype: 'float64' }, value)
/** The inner product of two lists of tensors. */
export const dot = (xs: readonly Tensor[], ys: readonly Tensor[]): Tensor =>
  xs.map((x, i) => sumAll(mul(x, ys[i]!))).reduce((a, b) => add(a, b), scalar(0))
/** The same as a number, in float64 whatever they are. */
export const dotOf = (xs: readonly Tensor[], ys: readonly Tensor[]): number =>
  item('a law')(dot(xs.map(cast('float64')), ys.map(cast('float64'))))

/** One member of a batch. */
export const member = (xs: Tensor, j: number): Tensor => {
  const [, ...rest] = xs.shape
  return reshape(rest)(
    slice({ start: [j, ...rest.map(() => 0)], step: xs.shape.map(() => 1), shape: [1, ...rest] })(xs)
  )
}
/** Members as a batch. */
export const stack = (xs: readonly Tensor[]): Tensor => concat(0)(xs.map(x => reshape([1, ...x.shape])(x)))

/** x a little moved, if it is floating. */
export const moved = (x: Tensor, by: Tensor, h: number): Tensor => (isFloat(x) ? add(x, mul(by, h)) : x)
