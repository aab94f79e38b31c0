/** Weight decay: a share of the parameters beside the gradients. */
import * as Tree from '../operation/tree.js'
import { add, mul } from '../primitive/arithmetic.js'
import { identity, type Optimizer, stateless } from './optimizer.js'
import { nonNegative } from './settings.js'

export interface WeightDecayOptions {
  readonly weightDecay: number
  /** Which parameters decay, by path, as `Tree.entries` gives it; all unless given. */
  readonly mask?: ((path: string) => boolean) | undefined
}
/** The same for an optimizer that is called otherwise. */
export const decayedWeights = (operation: string, { weightDecay, mask }: WeightDecayOptions): Optimizer => {
  nonNegative(operation, 'weightDecay', weightDecay)
  if (weightDecay === 0) return identity
  return stateless((gradients, params) =>
    Tree.zipWithPath((path, g, p) => (mask === undefined || mask(path) ? add(g, mul(p, weightDecay)) : g))(params)(
      gradients
    )
  )
}

/**
 * The gradients plus a share of the parameters, `g + weightDecay · p`: `optax.add_decayed_weights`.
 *
 * Before a rule that looks at the size of gradients it is L2 regularisation, as PyTorch's `weight_decay` of SGD and Adam; after it,
 * it is decoupled (Loshchilov and Hutter 2019), as in AdamW. Biases and scales of norms are mostly left out, by `mask`.
 *
 * @throws a Mistake if weightDecay is negative or not finite
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.addDecayedWeights({ weightDecay: 0 }), Optimizer.identity)
 * const decay = Optimizer.addDecayedWeights({ weightDecay: 1e-2, mask: path => path.endsWith('weight') })
 * strictEqual(decay.slots, 0)
 */
export const addDecayedWeights = (options: WeightDecayOptions): Optimizer =>
  decayedWeights('Optimizer.addDecayedWeights', options)
