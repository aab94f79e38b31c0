/**
 * What kernels share: where their operands lie, and what they promise.
 *
 * Addresses are known when code is generated. Every buffer starts at a multiple of 16 bytes, at 64 or later, and is padded to a multiple of 16
 * bytes; memory goes on for at least 64 bytes after the last. So a read may run past the end of a buffer by up to 64 bytes (the
 * lanes hold anything), and a whole vector may be stored where a dense buffer ends; nothing else may be written.
 * A bool is one byte, 0 or 1.
 */
import type { Shape } from '../../structure/shape.js'
import type { Type } from '../../tensor/tensor.js'

/** A tensor in memory: the address of its first element, in bytes, and how far apart neighbours along each axis lie, in elements. */
export interface Place extends Type {
  readonly base: number
  readonly strides: readonly number[]
}

export { bytesOf } from '../../structure/dtype.js'

/** Neighbours along the last axis lie side by side, rows follow one another. Axes of one element may have any stride. */
export const isDense = ({
  shape,
  strides
}: {
  readonly shape: Shape
  readonly strides: readonly number[]
}): boolean => {
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    if (shape[axis] === 0) return true
    if (shape[axis] !== 1 && strides[axis] !== stride) return false
    stride *= shape[axis]!
  }
  return true
}
