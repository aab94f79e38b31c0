/** Gradient descent and Adam. */
import * as Tree from '../operation/tree.js'
import { add, div, mul, square, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { pow, sqrt } from '../primitive/elementary.js'
import { maximum } from '../primitive/extremum.js'
import { mistake } from '../structure/mistake.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import { chain, make, type Optimizer } from './optimizer.js'
import { decayRate, nonNegative } from './settings.js'
import { addDecayedWeights, descend, type MomentumOptions, type Rate, momentum as running } from './transformation.js'

export interface SgdOptions extends Partial<MomentumOptions> {
  /** The length of a step, or a schedule. */
  readonly learningRate: Rate
  readonly weightDecay?: number
}
/**
 * Stochastic gradient descent: `torch.optim.SGD`.
 *
 * `g ← g + weightDecay · p`, then momentum (see `Optimizer.momentum`), then `p ← p − learningRate · v`.
 * Defaults: momentum 0, dampening 0, nesterov false, weightDecay 0.
 *
 * @throws a Mistake for a rate that is NaN, infinite or negative, and for Nesterov's momentum without momentum or with dampening
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Optimizer.sgd({ learningRate: NaN }), /sgd: learningRate is NaN; it must be a finite number of 0 or more/)
 */
export const sgd = ({
  learningRate,
  momentum = 0,
  dampening = 0,
  nesterov = false,
  weightDecay = 0
}: SgdOptions): Optimizer => {
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw mistake(
      'InvalidArgument',
      'sgd',
      `nesterov needs a momentum above 0 and no dampening, not ${momentum} and ${dampening}`
    )
  }
  return chain(
    addDecayedWeights({ weightDecay }),
    running({ momentum, dampening, nesterov }),
    descend('sgd', learningRate)
  )
}

export interface AdamOptions {
  readonly learningRate?: Rate
  readonly betas?: readonly [number, number]
  readonly epsilon?: number
  readonly weightDecay?: number
  /** Divide by the largest second moment so far (Reddi et al. 2018). */
  readonly amsgrad?: boolean
}
interface Moments {
  readonly count: Tensor<[]>
  readonly first: Tree.Tree
  readonly second: Tree.Tree
  readonly largest: Tree.Tree
}
/** Gradients divided by their running size: `m̂ / (√v̂ + ε)`. */
const scaleByAdam = (
  operation: string,
  { betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, amsgrad = false }: AdamOptions
): Optimizer => {
  decayRate(operation, 'betas[0]', beta1)
  decayRate(operation, 'betas[1]', beta2)
  nonNegative(operation, 'epsilon', epsilon)
  return make<Moments>({
    init: params => ({
      count: zeros({ shape: [], dtype: 'int32' }),
      first: Tree.zerosLike(params),
      second: Tree.zerosLike(params),
      largest: amsgrad ? Tree.zerosLike(params) : []
    }),
    update: (gradients, { count: before, first, second, largest }) => {
      const count: Tensor<[]> = add(before, 1)
      // The corrections are computed in float64, for 1 − 0.999ᵗ loses four digits of a float32 in the first steps.
      const steps = cast('float64')(count)
      const correction = (beta: number): Tensor => sub(1, pow(beta, steps))
      const rootOfCorrection = sqrt(correction(beta2))
      const m = Tree.zipWith((old, g) => add(mul(old, beta1), mul(g, 1 - beta1)))(gradients)(first)
      const v = Tree.zipWith((old, g) => add(mul(old, beta2), mul(square(g), 1 - beta2)))(gradients)(second)
      const bound = amsgrad ? Tree.zipWith(maximum)(v)(largest) : largest
      const updates = Tree.zipWith((mean, size) => {
        const as = cast(mean.dtype)
        return div(div(mean, as(correction(beta1))), add(div(sqrt(size), as(rootOfCorrection)), epsilon))
      })(amsgrad ? bound : v)(m)
      return [updates, { count, first: m, second: v, largest: bound }]
    }
  })
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
export const adam = (options: AdamOptions = {}): Optimizer =>
  chain(
    addDecayedWeights({ weightDecay: options.weightDecay ?? 0 }),
    scaleByAdam('adam', options),
    descend('adam', options.learningRate ?? 1e-3)
  )
