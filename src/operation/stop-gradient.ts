/** Leaving differentiation. */
import { stopGradient as stop } from '../primitive/conversion.js'
import * as Tree from './tree.js'

/**
 * The same tree of tensors, taken to be constant by every derivative: `jax.lax.stop_gradient`, `torch.Tensor.detach`.
 *
 * @example
 * import { grad, pipe, stopGradient, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[]>) => pipe(x, Tensor.mul(stopGradient(x)))
 * strictEqual(Tensor.item(grad(f)(Tensor.scalar(3))), 3)
 */
export const stopGradient: <T>(tree: T) => T = Tree.map(stop)
