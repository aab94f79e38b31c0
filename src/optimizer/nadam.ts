/** NAdam: Adam with Nesterov's momentum. */
import * as Tree from '../operation/tree.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { pow, sqrt } from '../primitive/elementary.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { average, averageOfSquares, type Betas, correction, noSteps, oneMore } from './moments.js'
import { chain, make, type Optimizer } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { betasOf, nonNegative } from './settings.js'
import { decayedWeights } from './weight-decay.js'

export interface ScaleByNadamOptions {
  readonly betas?: Betas
  readonly epsilon?: number
  readonly momentumDecay?: number
}
interface Moments {
  readonly count: Tensor<[]>
  /** The product of all momenta so far, float64 as the corrections are. */
  readonly product: Tensor<[]>
  readonly first: Tree.Tree
  readonly second: Tree.Tree
}
const nadamScaling = (
  operation: string,
  { betas = [0.9, 0.999], epsilon = 1e-8, momentumDecay = 4e-3 }: ScaleByNadamOptions
): Optimizer => {
  const [beta1, beta2] = betasOf(operation, betas)
  nonNegative(operation, 'epsilon', epsilon)
  nonNegative(operation, 'momentumDecay', momentumDecay)
  /** `β₁ (1 − ½ 0.96^{tψ})`, float64. */
  const momentumAt = (count: Tensor<[]>): Tensor =>
    mul(sub(1, mul(pow(0.96, mul(cast('float64')(count), momentumDecay)), 0.5)), beta1)
  return make<Moments>({
    init: params => ({
      count: noSteps,
      product: uniform({ shape: [], dtype: 'float64' }, 1),
      first: Tree.zerosLike(params),
      second: Tree.zerosLike(params)
    }),
    update: (gradients, before) => {
      const count = oneMore(before.count)
      const [momentum, next] = [momentumAt(count), momentumAt(oneMore(count))]
      const product = mul(before.product, momentum) as Tensor<[]>
      const ofGradient = div(sub(1, momentum), sub(1, product))
      const ofAverage = div(next, sub(1, mul(product, next)))
      const rootOfBias = sqrt(correction(beta2, count))
      const first = average(beta1)(gradients)(before.first)
      const second = averageOfSquares(beta2)(gradients)(before.second)
      const ahead = Tree.zipWith((g, m) => {
        const as = cast(g.dtype)
        return add(mul(g, as(ofGradient)), mul(m, as(ofAverage)))
      })(first)(gradients)
      const updates = Tree.zipWith((x, v) => div(x, add(div(sqrt(v), cast(x.dtype)(rootOfBias)), epsilon)))(second)(
        ahead
      )
      return [updates, { count, product, first, second }]
    }
  })
}

/**
 * Adam's scaling with the momentum of the next step: NAdam without its learning rate.
 *
 * `μₜ = β₁ (1 − ½ 0.96^{tψ})`; the update is `((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ μₜ₊₁) · m) / (√v̂ + ε)` with `Πₜ = μ₁ … μₜ`.
 * Defaults: betas 0.9 and 0.999, epsilon 1e-8, momentumDecay (ψ) 4e-3.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.scaleByNadam({ momentumDecay: 0 }).slots, 1)
 */
export const scaleByNadam = (options: ScaleByNadamOptions = {}): Optimizer =>
  nadamScaling('Optimizer.scaleByNadam', options)

export interface NadamOptions extends ScaleByNadamOptions {
  readonly learningRate?: Rate
  readonly weightDecay?: number
}
/**
 * NAdam (Dozat 2016): `torch.optim.NAdam`.
 *
 * `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `μₜ = β₁ (1 − ½ 0.96^{tψ})`, `Πₜ = μ₁ … μₜ`,
 * `p ← p − learningRate · ((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ₊₁) · m) / (√v̂ + ε)`.
 * Defaults: learningRate 2e-3, betas 0.9 and 0.999, epsilon 1e-8, weightDecay 0 (added to the gradient), momentumDecay (ψ) 4e-3.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.nadam({ momentumDecay: -1 }), /nadam: momentumDecay is -1/)
 */
export const nadam = ({ learningRate = 2e-3, weightDecay = 0, ...scaling }: NadamOptions = {}): Optimizer =>
  chain(decayedWeights('nadam', { weightDecay }), nadamScaling('nadam', scaling), descend('nadam', learningRate))
