/** Shapes at run time: sizes, strides, axes and broadcasting. */
import { mistake } from './mistake.js'
import type { Shape } from './shape-types.js'

export type { Shape } from './shape-types.js'

export const size = (shape: Shape): number => {
  let product = 1
  for (const extent of shape) product *= extent
  return product
}

/** How far apart neighbours along each axis lie in row-major order. */
export const strides = (shape: Shape): readonly number[] => {
  const found = new Array<number>(shape.length)
  for (let axis = shape.length - 1, stride = 1; axis >= 0; stride *= shape[axis]!, axis--) found[axis] = stride
  return found
}

export const sameShape = (a: Shape, b: Shape): boolean => {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false
  return true
}

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`

export const range = (length: number): readonly number[] => Array.from({ length }, (_, i) => i)

/** A tensor's extents must be whole numbers from 0 on. */
export const checkShape = (operation: string, shape: Shape): Shape => {
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 0)
      throw mistake(
        'InvalidArgument',
        operation,
        `${showShape(shape)} is not a shape: sizes are whole numbers from 0 on`
      )
  }
  return shape
}

/** The common shape of two operands, aligned at their last axes; a size of 1 is repeated. */
export const broadcastShapes = (operation: string, a: Shape, b: Shape): Shape => {
  if (sameShape(a, b)) return a
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const extentA = a[axis - rank + a.length] ?? 1
    const extentB = b[axis - rank + b.length] ?? 1
    if (extentA !== extentB && extentA !== 1 && extentB !== 1) {
      throw mistake(
        'ShapeMismatch',
        operation,
        `shapes ${showShape(a)} and ${showShape(b)} do not broadcast: sizes ${extentA} and ${extentB} at axis ${axis - rank} differ and neither is 1`
      )
    }
    return extentA === 1 ? extentB : extentA
  })
}

/** The axes along which `from` is repeated when it is broadcast to `to`. */
export const repeatedAxes = (from: Shape, to: Shape): readonly number[] => {
  const missing = to.length - from.length
  return range(to.length).filter(axis => axis < missing || (from[axis - missing] === 1 && to[axis] !== 1))
}

/** One axis counted from 0; −1 is the last. */
export const normalizeAxis = (operation: string, rank: number, axis: number): number => {
  const found = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(axis) || found < 0 || found >= rank) {
    throw mistake('ShapeMismatch', operation, `axis ${axis} is out of range for rank ${rank}`)
  }
  return found
}

/** Several axes counted from 0, each once. */
export const normalizeAxes = (operation: string, rank: number, axes: readonly number[]): readonly number[] => {
  const found = axes.map(axis => normalizeAxis(operation, rank, axis))
  if (new Set(found).size !== found.length)
    throw mistake('ShapeMismatch', operation, `axes ${showShape(axes)} name an axis twice`)
  return found
}

/** The shape less some axes. */
export const without = (shape: Shape, axes: readonly number[]): Shape => shape.filter((_, axis) => !axes.includes(axis))
/** The shape with size 1 at some axes. */
export const withOnes = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
/** The shape with another size at one axis. */
export const withExtent = (shape: Shape, axis: number, extent: number): Shape =>
  shape.map((old, i) => (i === axis ? extent : old))
/** Strides into the shape that remains when `axes` are folded away: 0 along those. */
export const foldedStrides = (shape: Shape, axes: readonly number[]): readonly number[] =>
  strides(withOnes(shape, axes)).map((stride, axis) => (axes.includes(axis) ? 0 : stride))
