/** RAdam: Adam that trusts its second moments only when it has seen enough. */
import * as Tree from '../operation/tree.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { pow, sqrt } from '../primitive/elementary.js'
import { less, where } from '../primitive/selection.js'
import type { Tensor } from '../tensor/tensor.js'
import { average, averageOfSquares, type Betas, correction, noSteps, oneMore } from './moments.js'
import { chain, make, type Optimizer } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { betasOf, nonNegative } from './settings.js'
import { decayedWeights } from './weight-decay.js'

export interface ScaleByRadamOptions {
  readonly betas?: Betas
  readonly epsilon?: number
}
interface Moments {
  readonly count: Tensor<[]>
  readonly first: Tree.Tree
  readonly second: Tree.Tree
}
/** The length of an average over so many steps at which its variance is finite. */
const enough = 5

const radamScaling = (operation: string, { betas = [0.9, 0.999], epsilon = 1e-8 }: ScaleByRadamOptions): Optimizer => {
  const [beta1, beta2] = betasOf(operation, betas)
  nonNegative(operation, 'epsilon', epsilon)
  const longest = 2 / (1 - beta2) - 1
  /** Whether there is enough behind the second moments, and by what to multiply then; float64. */
  const rectification = (count: Tensor<[]>, bias: Tensor): readonly [Tensor, Tensor] => {
    const steps = cast('float64')(count)
    const length = sub(longest, div(mul(mul(steps, 2), pow(beta2, steps)), bias))
    const rectified = less(enough, length)
    // Under the root is a length that has one, whether it is used or not.
    const known = where(rectified, length, enough)
    const product = mul(sub(known, 4), sub(known, 2))
    const root = sqrt(div(mul(product, longest), mul(known, (longest - 4) * (longest - 2))))
    return [rectified, mul(root, sqrt(bias))]
  }
  return make<Moments>({
    init: params => ({ count: noSteps, first: Tree.zerosLike(params), second: Tree.zerosLike(params) }),
    update: (gradients, before) => {
      const count = oneMore(before.count)
      const first = average(beta1)(gradients)(before.first)
      const second = averageOfSquares(beta2)(gradients)(before.second)
      const bias = correction(beta1, count)
      const means = Tree.map(m => div(m, cast(m.dtype)(bias)))(first)
      const state = { count, first, second }
      // An average that forgets so fast is never long enough.
      if (longest <= enough) return [means, state]
      const [rectified, factor] = rectification(count, correction(beta2, count))
      const updates = Tree.zipWith((m, v) =>
        where(rectified, div(mul(m, cast(m.dtype)(factor)), add(sqrt(v), epsilon)), m)
      )(second)(means)
      return [updates, state]
    }
  })
}

/**
 * Adam's scaling, rectified: `optax.scale_by_radam`, and RAdam without its learning rate.
 *
 * With `ρ∞ = 2 / (1 − β₂) − 1` and `ρₜ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)` the update is `m̂` until `ρₜ > 5`, and from then on
 * `m̂ · √(1 − β₂ᵗ) / (√v + ε) · √((ρₜ − 4)(ρₜ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρₜ))`. Defaults: betas 0.9 and 0.999, epsilon 1e-8.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.scaleByRadam().slots, 1)
 */
export const scaleByRadam = (options: ScaleByRadamOptions = {}): Optimizer =>
  radamScaling('Optimizer.scaleByRadam', options)

export interface RadamOptions extends ScaleByRadamOptions {
  readonly learningRate?: Rate
  readonly weightDecay?: number
}
/**
 * RAdam (Liu et al. 2020): `torch.optim.RAdam`. A warm-up is built in; see `Optimizer.scaleByRadam` for the formula.
 *
 * Defaults: learningRate 1e-3, betas 0.9 and 0.999, epsilon 1e-8, weightDecay 0 (added to the gradient).
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.radam({ learningRate: -1 }), /radam: learningRate is -1; it must be a finite number of 0 or more/)
 */
export const radam = ({ learningRate = 1e-3, weightDecay = 0, ...scaling }: RadamOptions = {}): Optimizer =>
  chain(decayedWeights('radam', { weightDecay }), radamScaling('radam', scaling), descend('radam', learningRate))
