/** RMSprop. */
import * as Tree from '../operation/tree.js'
import { add, div, square, sub } from '../primitive/arithmetic.js'
import { sqrt } from '../primitive/elementary.js'
import { maximum } from '../primitive/extremum.js'
import { average, averageOfSquares } from './moments.js'
import { runningSum } from './momentum.js'
import { chain, make, type Optimizer } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { decayRate, nonNegative } from './settings.js'
import { decayedWeights } from './weight-decay.js'

export interface ScaleByRmsOptions {
  /** The share of the running average that is kept: PyTorch's `alpha`. */
  readonly decay?: number
  readonly epsilon?: number
  /** Divide by the deviation from the running mean in place of the root of the mean square (Graves 2013). */
  readonly centered?: boolean
}
interface Averages {
  readonly squares: Tree.Tree
  readonly means: Tree.Tree
}
const rmsScaling = (
  operation: string,
  { decay = 0.99, epsilon = 1e-8, centered = false }: ScaleByRmsOptions
): Optimizer => {
  decayRate(operation, 'decay', decay)
  nonNegative(operation, 'epsilon', epsilon)
  return make<Averages>({
    init: params => ({ squares: Tree.zerosLike(params), means: centered ? Tree.zerosLike(params) : [] }),
    update: (gradients, before) => {
      const squares = averageOfSquares(decay)(gradients)(before.squares)
      const means = centered ? average(decay)(gradients)(before.means) : before.means
      // A variance is not negative, but rounding may make it so where the gradient hardly changes: its root would be NaN.
      const sizes = centered ? Tree.zipWith((v, m) => maximum(sub(v, square(m)), 0))(means)(squares) : squares
      const updates = Tree.zipWith((g, size) => div(g, add(sqrt(size), epsilon)))(sizes)(gradients)
      return [updates, { squares, means }]
    }
  })
}

/**
 * Gradients divided by the root of their mean square: `optax.scale_by_rms`, `optax.scale_by_stddev` where centered.
 *
 * `v ← decay · v + (1 − decay) g²`, and the update is `g / (√v + ε)`; where centered, `m` is the running mean of `g`, and `v − m²` stands for `v`.
 * Defaults: decay 0.99, epsilon 1e-8, centered false.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.scaleByRms({ epsilon: -1 }), /epsilon is -1; it must be a finite number of 0 or more/)
 */
export const scaleByRms = (options: ScaleByRmsOptions = {}): Optimizer => rmsScaling('Optimizer.scaleByRms', options)

export interface RmspropOptions extends ScaleByRmsOptions {
  readonly learningRate?: Rate
  readonly weightDecay?: number
  readonly momentum?: Rate
}
/**
 * RMSprop (Tieleman and Hinton 2012; Graves 2013): `torch.optim.RMSprop`.
 *
 * `g ← g + weightDecay · p`, `v ← decay · v + (1 − decay) g²`, then momentum over `g / (√v + ε)`, then `p ← p − learningRate · u`.
 * Defaults: learningRate 1e-2, decay 0.99 (PyTorch's `alpha`), epsilon 1e-8, weightDecay 0, momentum 0, centered false.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.rmsprop({ decay: 1 }), /rmsprop: decay is 1; it must be at least 0 and below 1/)
 */
export const rmsprop = ({
  learningRate = 1e-2,
  weightDecay = 0,
  momentum = 0,
  ...scaling
}: RmspropOptions = {}): Optimizer =>
  chain(
    decayedWeights('rmsprop', { weightDecay }),
    rmsScaling('rmsprop', scaling),
    runningSum('rmsprop', { momentum }),
    descend('rmsprop', learningRate)
  )
