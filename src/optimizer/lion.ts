/** Lion: steps of one size, along the signs of an average. */
import * as Tree from '../operation/tree.js'
import { sign } from '../primitive/selection.js'
import { average, type Betas } from './moments.js'
import { chain, make, type Optimizer } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { betasOf } from './settings.js'
import { decayedWeights, type WeightDecayOptions } from './weight-decay.js'

export interface ScaleByLionOptions {
  readonly betas?: Betas
}
const lionScaling = (operation: string, { betas = [0.9, 0.99] }: ScaleByLionOptions): Optimizer => {
  const [beta1, beta2] = betasOf(operation, betas)
  return make<Tree.Tree>({
    init: params => Tree.zerosLike(params),
    update: (gradients, before) => [
      Tree.map(sign)(average(beta1)(gradients)(before)),
      average(beta2)(gradients)(before)
    ]
  })
}

/**
 * The sign of a running average in place of each gradient: `optax.scale_by_lion`.
 *
 * The update is `sign(β₁ m + (1 − β₁) g)`, and then `m ← β₂ m + (1 − β₂) g`. Defaults: betas 0.9 and 0.99.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.scaleByLion().slots, 1)
 */
export const scaleByLion = (options: ScaleByLionOptions = {}): Optimizer =>
  lionScaling('Optimizer.scaleByLion', options)

export interface LionOptions extends ScaleByLionOptions, Partial<WeightDecayOptions> {
  readonly learningRate?: Rate
}
/**
 * Lion (Chen et al. 2023): `optax.lion`.
 *
 * `p ← p − learningRate · (sign(β₁ m + (1 − β₁) g) + weightDecay · p)`, then `m ← β₂ m + (1 − β₂) g`. It wants a rate three to ten times smaller
 * than Adam's, and a decay as much larger. Defaults: learningRate 1e-4, betas 0.9 and 0.99, weightDecay 0 (decoupled), of all parameters.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.lion({ betas: [1, 0.99] }), /lion: betas\[0\] is 1; it must be at least 0 and below 1/)
 */
export const lion = ({ learningRate = 1e-4, weightDecay = 0, mask, ...scaling }: LionOptions = {}): Optimizer =>
  chain(lionScaling('lion', scaling), decayedWeights('lion', { weightDecay, mask }), descend('lion', learningRate))
