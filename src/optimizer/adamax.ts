/** Adamax: Adam with the largest gradient in place of the mean square. */
import * as Tree from '../operation/tree.js'
import { add, div, mul } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { abs } from '../primitive/elementary.js'
import { maximum } from '../primitive/extremum.js'
import type { Tensor } from '../tensor/tensor.js'
import { average, type Betas, correction, noSteps, oneMore } from './moments.js'
import { chain, make, type Optimizer } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { betasOf, nonNegative } from './settings.js'
import { decayedWeights } from './weight-decay.js'

export interface ScaleByAdamaxOptions {
  readonly betas?: Betas
  readonly epsilon?: number
}
interface Moments {
  readonly count: Tensor<[]>
  readonly first: Tree.Tree
  readonly largest: Tree.Tree
}
const adamaxScaling = (
  operation: string,
  { betas = [0.9, 0.999], epsilon = 1e-8 }: ScaleByAdamaxOptions
): Optimizer => {
  const [beta1, beta2] = betasOf(operation, betas)
  nonNegative(operation, 'epsilon', epsilon)
  return make<Moments>({
    init: params => ({ count: noSteps, first: Tree.zerosLike(params), largest: Tree.zerosLike(params) }),
    update: (gradients, before) => {
      const count = oneMore(before.count)
      const bias = correction(beta1, count)
      const first = average(beta1)(gradients)(before.first)
      const largest = Tree.zipWith((u, g) => maximum(mul(u, beta2), add(abs(g), epsilon)))(gradients)(before.largest)
      const updates = Tree.zipWith((m, u) => div(div(m, cast(m.dtype)(bias)), u))(largest)(first)
      return [updates, { count, first, largest }]
    }
  })
}

/**
 * Gradients divided by the largest magnitude of late: `optax.scale_by_adamax`.
 *
 * `m ← β₁ m + (1 − β₁) g`, `u ← max(β₂ u, |g| + ε)`, and the update is `m / ((1 − β₁ᵗ) u)`.
 * Defaults: betas 0.9 and 0.999, epsilon 1e-8.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.scaleByAdamax({ betas: [0.8, 0.99] }).slots, 1)
 */
export const scaleByAdamax = (options: ScaleByAdamaxOptions = {}): Optimizer =>
  adamaxScaling('Optimizer.scaleByAdamax', options)

export interface AdamaxOptions extends ScaleByAdamaxOptions {
  readonly learningRate?: Rate
  readonly weightDecay?: number
}
/**
 * Adamax (Kingma and Ba 2015): `torch.optim.Adamax`.
 *
 * `m ← β₁ m + (1 − β₁) g`, `u ← max(β₂ u, |g| + ε)`, `p ← p − learningRate · m / ((1 − β₁ᵗ) u)`.
 * Defaults: learningRate 2e-3, betas 0.9 and 0.999, epsilon 1e-8, weightDecay 0 (added to the gradient).
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.adamax({ betas: [0.9, 2] }), /adamax: betas\[1\] is 2; it must be at least 0 and below 1/)
 */
export const adamax = ({ learningRate = 2e-3, weightDecay = 0, ...scaling }: AdamaxOptions = {}): Optimizer =>
  chain(decayedWeights('adamax', { weightDecay }), adamaxScaling('adamax', scaling), descend('adamax', learningRate))
