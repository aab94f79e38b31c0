/** Tensors before they have addresses: views of buffers. What only moves elements about is arithmetic on strides and costs nothing. */
import type { Window } from '../../primitive/window.js'
import { type Windows, windowCount } from '../../primitive/windows.js'
import { range, type Shape, size, strides } from '../../structure/shape.js'
import type { Type } from '../../tensor/tensor.js'
import { bytesOf, isDense } from './kernel.js'

/** A stretch of memory for the elements of one tensor, told apart from others only by being another object. */
export interface Buffer {
  readonly bytes: number
  /** The innermost loop in which it is made; nothing of it lives from one iteration to the next. */
  readonly scope: Scope
  /**
   * `kept` is in memory before the program runs and is never overwritten: constants, and operands that stay.
   * `carried` is in memory before the program runs, and what the program leaves there is in memory when it runs again.
   */
  readonly kind: 'temporary' | 'operand' | 'kept' | 'carried'
}
/** A loop, or the program itself, which is in none. */
export interface Scope {
  readonly parent: Scope | undefined
}

/** Elements of a buffer: where the first lies and how far apart neighbours along each axis are, in elements. */
export interface View extends Type {
  readonly buffer: Buffer
  readonly offset: number
  readonly strides: readonly number[]
}

export const bufferFor = ({ shape, dtype }: Type, scope: Scope, kind: Buffer['kind'] = 'temporary'): Buffer => ({
  bytes: size(shape) * bytesOf[dtype],
  scope,
  kind
})
/** All of a buffer, row by row. */
export const whole = (buffer: Buffer, { shape, dtype }: Type): View => ({
  shape,
  dtype,
  buffer,
  offset: 0,
  strides: strides(shape)
})
/** One stored element, seen everywhere. */
export const everywhere = (buffer: Buffer, { shape, dtype }: Type): View => ({
  shape,
  dtype,
  buffer,
  offset: 0,
  strides: shape.map(() => 0)
})
/** Whether the elements are those of the buffer, row by row from its beginning. */
export const isWhole = (view: View): boolean => view.offset === 0 && isDense(view)

export const permuteView = (axes: readonly number[], { shape, strides, ...rest }: View): View => ({
  ...rest,
  shape: axes.map(axis => shape[axis]!),
  strides: axes.map(axis => strides[axis]!)
})
/** The view with its last two axes exchanged. */
export const flipped = (x: View): View => {
  const rank = x.shape.length
  return permuteView([...range(rank - 2), rank - 1, rank - 2], x)
}
export const broadcastView = (shape: Shape, view: View): View => {
  const missing = shape.length - view.shape.length
  return {
    ...view,
    shape,
    strides: shape.map((_, axis) =>
      axis < missing || view.shape[axis - missing] === 1 ? 0 : view.strides[axis - missing]!
    )
  }
}
export const sliceView = ({ start, step, shape }: Window, view: View): View => ({
  ...view,
  shape,
  offset: size(shape) === 0 ? 0 : view.strides.reduce((sum, stride, axis) => sum + start[axis]! * stride, view.offset),
  strides: view.strides.map((stride, axis) => stride * step[axis]!)
})
export const reverseView = (axes: readonly number[], view: View): View => ({
  ...view,
  offset: axes.reduce(
    (sum, axis) => sum + Math.max(0, view.shape[axis]! - 1) * view.strides[axis]!,
    size(view.shape) === 0 ? 0 : view.offset
  ),
  strides: view.strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride))
})
/** Windows are two axes in the place of one, of which they take larger steps and smaller ones; elements that several windows have are there once. */
export const windowsView = ({ axis, size, step, dilation }: Windows, view: View): View => {
  const stride = view.strides[axis]!
  const count = windowCount(view.shape[axis]!, { size, step, dilation })
  const replaced = (list: readonly number[], ...by: readonly number[]): readonly number[] => [
    ...list.slice(0, axis),
    ...by,
    ...list.slice(axis + 1)
  ]
  return {
    ...view,
    shape: replaced(view.shape, count, size),
    offset: count === 0 ? 0 : view.offset,
    strides: replaced(view.strides, stride * step, stride * dilation)
  }
}

/** The same elements in order under another shape, if strides can say it; otherwise they have to be copied first. */
export const reshapeView = (shape: Shape, view: View): View | undefined => {
  if (size(shape) === 0) return { ...view, shape, offset: 0, strides: strides(shape) }
  // Both shapes are cut into the same groups of axes; inside a group old neighbours must follow one another evenly.
  const from = view.shape.flatMap((extent, axis) => (extent === 1 ? [] : [{ extent, stride: view.strides[axis]! }]))
  const found: number[] = []
  let [i, j] = [0, 0]
  while (j < shape.length) {
    if (shape[j] === 1) {
      found[j++] = 0
      continue
    }
    const first = j
    let [old, wanted] = [from[i]!.extent, shape[j]!]
    const begin = i
    while (old !== wanted) {
      if (old < wanted) old *= from[++i]!.extent
      else wanted *= shape[++j]!
    }
    for (let axis = begin; axis < i; axis++)
      if (from[axis]!.stride !== from[axis + 1]!.stride * from[axis + 1]!.extent) return undefined
    for (let axis = j, stride = from[i]!.stride; axis >= first; stride *= shape[axis]!, axis--) found[axis] = stride
    i++
    j++
  }
  return { ...view, shape, strides: found }
}
