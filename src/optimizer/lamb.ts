/** LAMB: Adam whose steps are, leaf by leaf, as long as the parameters are. */
import * as Tree from '../operation/tree.js'
import { div, mul } from '../primitive/arithmetic.js'
import { bitAnd, less, where } from '../primitive/selection.js'
import { adamScaling } from './adam.js'
import type { Betas } from './moments.js'
import { chain, type Optimizer, stateless } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { decayedWeights, type WeightDecayOptions } from './weight-decay.js'

/**
 * Every leaf of the updates made as long as that leaf of the parameters: `optax.scale_by_trust_ratio`.
 *
 * `u · ‖p‖ / ‖u‖` with Euclid's norms of the leaf, and `u` itself where one of them is 0. After `addDecayedWeights` and before momentum it makes
 * LARS (You, Gitman and Ginsburg 2017), after Adam's scaling LAMB.
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const lars = Optimizer.chain(
 *   Optimizer.addDecayedWeights({ weightDecay: 1e-4 }),
 *   Optimizer.scaleByTrustRatio(),
 *   Optimizer.scale(-1e-3),
 *   Optimizer.momentum({ momentum: 0.9 })
 * )
 * strictEqual(lars.slots, 1)
 */
export const scaleByTrustRatio = (): Optimizer =>
  stateless((gradients, params) =>
    Tree.zipWith((u, p) => {
      const [ofParams, ofUpdate] = [Tree.norm(p), Tree.norm(u)]
      const both = bitAnd(less(0, ofParams), less(0, ofUpdate))
      return mul(u, where(both, div(ofParams, where(both, ofUpdate, 1)), 1))
    })(params)(gradients)
  )

export interface LambOptions extends Partial<WeightDecayOptions> {
  readonly learningRate?: Rate
  readonly betas?: Betas
  readonly epsilon?: number
}
/**
 * LAMB (You et al. 2020): `optax.lamb`.
 *
 * `r = m̂ / (√v̂ + ε) + weightDecay · p`, `p ← p − learningRate · ‖p‖ / ‖r‖ · r`, leaf by leaf; the ratio is 1 where a norm is 0.
 * Defaults: learningRate 1e-3, betas 0.9 and 0.999, epsilon 1e-6, weightDecay 0 (decoupled), of all parameters.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.lamb({ epsilon: -1 }), /lamb: epsilon is -1; it must be a finite number of 0 or more/)
 */
export const lamb = ({
  learningRate = 1e-3,
  betas = [0.9, 0.999],
  epsilon = 1e-6,
  weightDecay = 0,
  mask
}: LambOptions = {}): Optimizer =>
  chain(
    adamScaling('lamb', { betas, epsilon }),
    decayedWeights('lamb', { weightDecay, mask }),
    scaleByTrustRatio(),
    descend('lamb', learningRate)
  )
