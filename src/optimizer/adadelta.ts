/** Adadelta. */
import * as Tree from '../operation/tree.js'
import { add, div, mul } from '../primitive/arithmetic.js'
import { sqrt } from '../primitive/elementary.js'
import { averageOfSquares } from './moments.js'
import { chain, make, type Optimizer } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { decayRate, positive } from './settings.js'
import { decayedWeights } from './weight-decay.js'

export interface ScaleByAdadeltaOptions {
  /** The share of the running averages that is kept: PyTorch's `rho`. */
  readonly decay?: number
  readonly epsilon?: number
}
const adadeltaScaling = (operation: string, { decay = 0.9, epsilon = 1e-6 }: ScaleByAdadeltaOptions): Optimizer => {
  decayRate(operation, 'decay', decay)
  // With an epsilon of 0 the first step would be 0, and so would all others.
  positive(operation, 'epsilon', epsilon)
  return make<{ readonly squares: Tree.Tree; readonly squaredUpdates: Tree.Tree }>({
    init: params => ({ squares: Tree.zerosLike(params), squaredUpdates: Tree.zerosLike(params) }),
    update: (gradients, before) => {
      const size = Tree.map(x => sqrt(add(x, epsilon)))
      const squares = averageOfSquares(decay)(gradients)(before.squares)
      const ratio = Tree.zipWith(div)(size(squares))(size(before.squaredUpdates))
      const updates = Tree.zipWith(mul)(gradients)(ratio)
      return [updates, { squares, squaredUpdates: averageOfSquares(decay)(updates)(before.squaredUpdates) }]
    }
  })
}

/**
 * Gradients in the units of the parameters: `optax.scale_by_adadelta`.
 *
 * `v ← ρ v + (1 − ρ) g²`, the update is `u = g · √(d + ε) / √(v + ε)`, and `d ← ρ d + (1 − ρ) u²`. Defaults: decay (ρ) 0.9, epsilon 1e-6.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.scaleByAdadelta({ epsilon: 0 }), /epsilon is 0; it must be above 0/)
 */
export const scaleByAdadelta = (options: ScaleByAdadeltaOptions = {}): Optimizer =>
  adadeltaScaling('Optimizer.scaleByAdadelta', options)

export interface AdadeltaOptions extends ScaleByAdadeltaOptions {
  readonly learningRate?: Rate
  readonly weightDecay?: number
}
/**
 * Adadelta (Zeiler 2012): `torch.optim.Adadelta`.
 *
 * `g ← g + weightDecay · p`, `v ← ρ v + (1 − ρ) g²`, `u = g · √(d + ε) / √(v + ε)`, `d ← ρ d + (1 − ρ) u²`, `p ← p − learningRate · u`.
 * Defaults: learningRate 1, decay 0.9 (ρ, PyTorch's `rho`), epsilon 1e-6, weightDecay 0.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.adadelta({ decay: -0.1 }), /adadelta: decay is -0.1; it must be at least 0 and below 1/)
 */
export const adadelta = ({ learningRate = 1, weightDecay = 0, ...scaling }: AdadeltaOptions = {}): Optimizer =>
  chain(
    decayedWeights('adadelta', { weightDecay }),
    adadeltaScaling('adadelta', scaling),
    descend('adadelta', learningRate)
  )
