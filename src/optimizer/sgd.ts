/** Gradient descent, with momentum or without. */
import { mistake } from '../structure/mistake.js'
import { type MomentumOptions, runningSum } from './momentum.js'
import { chain, type Optimizer } from './optimizer.js'
import { descend, type Rate } from './rate.js'
import { decayedWeights } from './weight-decay.js'

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
      `nesterov needs a momentum above 0 and no dampening, not ${typeof momentum === 'number' ? momentum : 'a schedule'} and ${dampening}`
    )
  }
  return chain(
    decayedWeights('sgd', { weightDecay }),
    runningSum('sgd', { momentum, dampening, nesterov }),
    descend('sgd', learningRate)
  )
}
