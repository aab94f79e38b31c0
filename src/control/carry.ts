/** What a loop carries from one step to the next: a tree that keeps its names, shapes and dtypes. */
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { leaves, matching } from '../tensor/tree.js'

/** The leaves of the carry after a step, in the order of those before it, whose types they must have. */
export const carriedOn = (operation: string, before: unknown, after: unknown): readonly Tensor[] => {
  const next = matching(operation, before, after, 'the carry that comes out')
  leaves(before).forEach((old, i) => {
    const made = next[i]!
    if (sameShape(old.shape, made.shape) && old.dtype === made.dtype) return
    throw mistake(
      'ShapeMismatch',
      operation,
      `the carry goes in as ${old.dtype} ${showShape(old.shape)} and comes out as ${made.dtype} ${showShape(made.shape)}`
    )
  })
  return next
}
