/** Transformations that limit gradients: together, leaf by leaf, and element by element. */
import { stack } from '../operation/joining.js'
import { norm } from '../operation/statistics.js'
import * as Tree from '../operation/tree.js'
import { add, div } from '../primitive/arithmetic.js'
import { maximum, minimum } from '../primitive/extremum.js'
import type { Tensor } from '../tensor/tensor.js'
import { type Optimizer, stateless } from './optimizer.js'
import { nonNegative, positive } from './settings.js'

/** Which norm: 2 is Euclid's, 1 adds magnitudes up, ∞ takes the largest. */
export interface NormOptions {
  readonly order?: number
}
/**
 * The norm of all leaves as one vector, Euclid's unless an order is given: what `clip_grad_norm_` returns, `optax.global_norm`.
 *
 * @throws a Mistake if the order is not above 0
 *
 * @example
 * import { Optimizer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const gradients = { weight: Tensor.tensor([[3, 0]]), bias: Tensor.tensor([-4]) }
 * const orders = [1, 2, Number.POSITIVE_INFINITY]
 * deepStrictEqual(orders.map(order => pipe(gradients, Optimizer.globalNorm({ order }), Tensor.item)), [7, 5, 4])
 */
export const globalNorm = ({ order = 2 }: NormOptions = {}): ((gradients: unknown) => Tensor<[]>) => {
  positive('Optimizer.globalNorm', 'order', order)
  if (order === 2) return Tree.norm
  return gradients => {
    // The norm of the vector of the leaves' norms is that of all their elements.
    const norms = Tree.leaves(gradients).map(leaf => norm({ order })(leaf))
    return norms.length === 0 ? Tree.norm([]) : norm({ order })(stack(0)(norms))
  }
}

export interface ClipOptions extends NormOptions {
  readonly maxNorm: number
}
/** `g · min(1, maxNorm / (‖g‖ + 1e-6))` */
const clipped = (operation: string, { maxNorm, order = 2 }: ClipOptions): (<T>(gradients: T) => T) => {
  nonNegative(operation, 'maxNorm', maxNorm)
  positive(operation, 'order', order)
  const normOf = globalNorm({ order })
  return gradients => Tree.scale(minimum(div(maxNorm, add(normOf(gradients), 1e-6)), 1) as Tensor<[]>)(gradients)
}

/**
 * The gradients, made shorter together where their norm exceeds a bound: `torch.nn.utils.clip_grad_norm_`.
 *
 * `g · min(1, maxNorm / (‖g‖ + 1e-6))`, the norm being that of all leaves as one vector, Euclid's unless an order is given.
 *
 * @throws a Mistake if the bound is negative or not finite, or the order is not above 0
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.clipByGlobalNorm({ maxNorm: -1 }), /maxNorm is -1; it must be a finite number of 0 or more/)
 */
export const clipByGlobalNorm = (options: ClipOptions): Optimizer =>
  stateless(clipped('Optimizer.clipByGlobalNorm', options))

/**
 * The gradients, each leaf made shorter by itself where its norm exceeds a bound: Keras's `clipnorm`.
 *
 * `g · min(1, maxNorm / (‖g‖ + 1e-6))` with the norm of the leaf, Euclid's unless an order is given.
 *
 * @throws a Mistake if the bound is negative or not finite, or the order is not above 0
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.clipByNorm({ maxNorm: 1, order: 0 }), /Optimizer.clipByNorm: order is 0; it must be above 0/)
 */
export const clipByNorm = (options: ClipOptions): Optimizer => {
  const clip = clipped('Optimizer.clipByNorm', options)
  return stateless(gradients => Tree.map(leaf => clip(leaf))(gradients))
}

/**
 * Every element of the gradients limited to ±limit: `torch.nn.utils.clip_grad_value_`.
 *
 * @throws a Mistake if the limit is negative or not finite
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.clipByValue({ limit: 1 }).slots, 0)
 */
export const clipByValue = ({ limit }: { readonly limit: number }): Optimizer => {
  nonNegative('Optimizer.clipByValue', 'limit', limit)
  return stateless(gradients => Tree.map(g => maximum(minimum(g, limit), -limit))(gradients))
}
