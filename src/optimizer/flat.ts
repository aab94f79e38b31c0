/** Trees of tensors as one vector, for methods that work with inner products and matrices over all parameters. */
import * as Tree from '../operation/tree.js'
import { mul } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { reshape, sum } from '../primitive/movement.js'
import { concat, slice } from '../primitive/window.js'
import { size } from '../structure/shape.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import { precisionOf } from './precision.js'

/** All elements one after the other, in the dtype that holds all: `jax.flatten_util.ravel_pytree`. */
export const flattened = (tree: unknown, dtype = precisionOf(tree)): Tensor => {
  const parts = Tree.leaves(tree).map(leaf => cast(dtype)(reshape([size(leaf.shape)])(leaf)))
  return parts.length === 0 ? zeros({ shape: [0], dtype }) : parts.length === 1 ? parts[0]! : concat(0)(parts)
}

/** The tree again, in the shapes and dtypes of one like it. */
export const unflattened =
  <T>(like: T) =>
  (flat: Tensor): T => {
    let before = 0
    return Tree.map(leaf => {
      const extent = size(leaf.shape)
      const part = slice({ start: [before], step: [1], shape: [extent] })(flat)
      before += extent
      return cast(leaf.dtype)(reshape(leaf.shape)(part))
    })(like)
  }

/** `⟨x, y⟩` of vectors; of matrices, of their columns. */
export const inner = (x: Tensor, y: Tensor): Tensor => sum([0])(mul(x, y))
