/** Adam, and AdamW, whose decay of weights is apart from it. */
import * as Tree from '../operation/tree.js'
import { add, div } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { sqrt } from '../primitive/elementary.js'
import { maximum } from '../primitive/extremum.js'
import type { Tensor } from '../tensor/tensor.js'
import { average, averageOfSquares, type Betas, correction, noSteps, oneMore } from './moments.js'
import { chain, make, type Optimizer } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { betasOf, nonNegative } from './settings.js'
import { decayedWeights, type WeightDecayOptions } from './weight-decay.js'

export interface ScaleByAdamOptions {
  readonly betas?: Betas
  readonly epsilon?: number
  /** Divide by the largest second moment so far (Reddi et al. 2018). */
  readonly amsgrad?: boolean
}
interface Moments {
  readonly count: Tensor<[]>
  readonly first: Tree.Tree
  readonly second: Tree.Tree
  readonly largest: Tree.Tree
}
/** The same for an optimizer that is called otherwise. */
export const adamScaling = (
  operation: string,
  { betas = [0.9, 0.999], epsilon = 1e-8, amsgrad = false }: ScaleByAdamOptions
): Optimizer => {
  const [beta1, beta2] = betasOf(operation, betas)
  nonNegative(operation, 'epsilon', epsilon)
  return make<Moments>({
    init: params => ({
      count: noSteps,
      first: Tree.zerosLike(params),
      second: Tree.zerosLike(params),
      largest: amsgrad ? Tree.zerosLike(params) : []
    }),
    update: (gradients, { count: before, first, second, largest }) => {
      const count = oneMore(before)
      const [bias, rootOfBias] = [correction(beta1, count), sqrt(correction(beta2, count))]
      const m = average(beta1)(gradients)(first)
      const v = averageOfSquares(beta2)(gradients)(second)
      const bound = amsgrad ? Tree.zipWith(maximum)(v)(largest) : largest
      const updates = Tree.zipWith((mean, size) => {
        const as = cast(mean.dtype)
        return div(div(mean, as(bias)), add(div(sqrt(size), as(rootOfBias)), epsilon))
      })(amsgrad ? bound : v)(m)
      return [updates, { count, first: m, second: v, largest: bound }]
    }
  })
}

/**
 * Gradients divided by their running size: `optax.scale_by_adam`, and Adam without its learning rate.
 *
 * `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, and the update is `m̂ / (√v̂ + ε)` with `m̂ = m / (1 − β₁ᵗ)` and `v̂ = v / (1 − β₂ᵗ)`.
 * Defaults: betas 0.9 and 0.999, epsilon 1e-8, amsgrad false.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const adamByHand = Optimizer.chain(Optimizer.scaleByAdam(), Optimizer.scale(-1e-3))
 * strictEqual(adamByHand.slots, Optimizer.adam().slots)
 */
export const scaleByAdam = (options: ScaleByAdamOptions = {}): Optimizer =>
  adamScaling('Optimizer.scaleByAdam', options)

export interface AdamOptions extends ScaleByAdamOptions {
  readonly learningRate?: Rate
  readonly weightDecay?: number
}
/**
 * Adam (Kingma and Ba 2015): `torch.optim.Adam`.
 *
 * `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `p ← p − learningRate · m̂ / (√v̂ + ε)`
 * with `m̂ = m / (1 − β₁ᵗ)` and `v̂` likewise. Defaults: learningRate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weightDecay 0
 * (added to the gradient), amsgrad false.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.adam({ betas: [0.9, 1] }), /adam: betas\[1\] is 1; it must be at least 0 and below 1/)
 */
export const adam = ({ learningRate = 1e-3, weightDecay = 0, ...scaling }: AdamOptions = {}): Optimizer =>
  chain(decayedWeights('adam', { weightDecay }), adamScaling('adam', scaling), descend('adam', learningRate))

export interface AdamWOptions extends ScaleByAdamOptions, Partial<WeightDecayOptions> {
  readonly learningRate?: Rate
}
/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): `torch.optim.AdamW`.
 *
 * `p ← p − learningRate · (m̂ / (√v̂ + ε) + weightDecay · p)`: the decay does not pass through the moments. Which parameters decay can be said by
 * path. Defaults: learningRate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weightDecay 1e-2, of all parameters, amsgrad false.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const optimizer = Optimizer.adamW({ learningRate: 3e-4, weightDecay: 0.1, mask: path => path.endsWith('weight') })
 * strictEqual(optimizer.slots, 1)
 */
export const adamW = ({ learningRate = 1e-3, weightDecay = 1e-2, mask, ...scaling }: AdamWOptions = {}): Optimizer =>
  chain(adamScaling('adamW', scaling), decayedWeights('adamW', { weightDecay, mask }), descend('adamW', learningRate))
