/** Adagrad. */
import * as Tree from '../operation/tree.js'
import { add, div, mul, square } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { sqrt } from '../primitive/elementary.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { chain, identity, make, type Optimizer, stateless } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { nonNegative } from './settings.js'
import { decayedWeights } from './weight-decay.js'

export interface ScaleByAdagradOptions {
  /** Where the sum of squares begins. */
  readonly initialAccumulator?: number
  readonly epsilon?: number
}
const adagradScaling = (
  operation: string,
  { initialAccumulator = 0, epsilon = 1e-10 }: ScaleByAdagradOptions
): Optimizer => {
  nonNegative(operation, 'initialAccumulator', initialAccumulator)
  nonNegative(operation, 'epsilon', epsilon)
  return make<Tree.Tree>({
    init: params => Tree.map(p => uniform(p, initialAccumulator))(params),
    update: (gradients, before) => {
      const sums = Tree.zipWith((sum, g) => add(sum, square(g)))(gradients)(before)
      return [Tree.zipWith((g, sum) => div(g, add(sqrt(sum), epsilon)))(sums)(gradients), sums]
    }
  })
}

/**
 * Gradients divided by the root of the sum of all their squares so far: `optax.scale_by_rss`.
 *
 * `s ← s + g²`, and the update is `g / (√s + ε)`. Defaults: initialAccumulator 0, epsilon 1e-10.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.scaleByAdagrad({ initialAccumulator: 0.1 }).slots, 1)
 */
export const scaleByAdagrad = (options: ScaleByAdagradOptions = {}): Optimizer =>
  adagradScaling('Optimizer.scaleByAdagrad', options)

/** Updates divided by `1 + decay · t`. */
const inverseTimeDecay = (operation: string, decay: number): Optimizer => {
  nonNegative(operation, 'learningRateDecay', decay)
  if (decay === 0) return identity
  return stateless((gradients, _, { step }) => {
    // In float64, so that it does not limit what is; the leaves have their own dtypes.
    const factor = div(1, add(mul(cast('float64')(step), decay), 1)) as Tensor<[]>
    return Tree.scale(factor)(gradients)
  })
}

export interface AdagradOptions extends ScaleByAdagradOptions {
  readonly learningRate?: Rate
  readonly learningRateDecay?: number
  readonly weightDecay?: number
}
/**
 * Adagrad (Duchi, Hazan and Singer 2011): `torch.optim.Adagrad`.
 *
 * `g ← g + weightDecay · p`, `s ← s + g²`, `p ← p − learningRate / (1 + learningRateDecay · t) · g / (√s + ε)`, t being 0 at the first step.
 * Defaults: learningRate 1e-2, learningRateDecay 0, weightDecay 0, initialAccumulator 0 (where `s` begins), epsilon 1e-10.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.adagrad({ learningRateDecay: -1 }), /adagrad: learningRateDecay is -1/)
 */
export const adagrad = ({
  learningRate = 1e-2,
  learningRateDecay = 0,
  weightDecay = 0,
  ...scaling
}: AdagradOptions = {}): Optimizer =>
  chain(
    decayedWeights('adagrad', { weightDecay }),
    adagradScaling('adagrad', scaling),
    inverseTimeDecay('adagrad', learningRateDecay),
    descend('adagrad', learningRate)
  )
