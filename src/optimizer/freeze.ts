/** Staying where one is. */
import * as Tree from '../operation/tree.js'
import { uniform } from '../tensor/tensor.js'
import { type Optimizer, stateless } from './optimizer.js'

/** Updates that change nothing: −0, for −0 + 0 is 0, and a parameter of −0 would not stay what it is. */
export const noUpdates: <T>(tree: T) => T = /* @__PURE__ */ Tree.map(leaf => uniform(leaf, -0))

/**
 * No updates: the parameters stay as they are. `optax.set_to_zero`, `requires_grad = False` for a group of `Optimizer.partition`.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * // Only the head of a model is trained.
 * const tuned = Optimizer.partition(path => (path.startsWith('head.') ? 'head' : 'body'))({
 *   head: Optimizer.adam(),
 *   body: Optimizer.freeze
 * })
 * strictEqual(tuned.slots, Optimizer.adam().slots)
 */
export const freeze: Optimizer = /* @__PURE__ */ stateless(noUpdates)
