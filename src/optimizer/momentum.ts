/** Momentum: a running sum of gradients. */
import * as Tree from '../operation/tree.js'
import { add, mul } from '../primitive/arithmetic.js'
import { uniform } from '../tensor/tensor.js'
import { identity, make, type Optimizer } from './optimizer.js'
import { type Rate, rateAt, times } from './rate.js'
import { decayRate, finite } from './settings.js'

export interface MomentumOptions {
  /** The share of the past that is kept, or a schedule of it. */
  readonly momentum: Rate
  readonly dampening?: number
  readonly nesterov?: boolean
}
/** The same for an optimizer that is called otherwise. */
export const runningSum = (
  operation: string,
  { momentum: given, dampening = 0, nesterov = false }: MomentumOptions
): Optimizer => {
  if (typeof given === 'number') decayRate(operation, 'momentum', given)
  finite(operation, 'dampening', dampening)
  if (given === 0) return identity
  const momentumAt = rateAt(operation, 'momentum', given)
  const kept = 1 - dampening
  return make<{ readonly velocity: Tree.Tree; readonly share: Tree.Tree }>({
    // The share of a gradient that is taken in: all of the first, so that PyTorch's first step comes out.
    init: params => ({
      velocity: Tree.zerosLike(params),
      share: Tree.map(p => uniform({ shape: [], dtype: p.dtype }, 1))(params)
    }),
    update: (gradients, { velocity, share }, params, { step }) => {
      const slowed = times(momentumAt(params, step))
      const taken = Tree.zipWith(mul)(share)(gradients)
      const next = Tree.zipWith((v, g) => add(slowed(v), g))(taken)(velocity)
      const updates = nesterov ? Tree.zipWith((g, v) => add(g, slowed(v)))(next)(gradients) : next
      return [updates, { velocity: next, share: Tree.map(s => uniform(s, kept))(share) }]
    }
  })
}

/**
 * A running sum of gradients in place of each, `optax.trace`: `v ← μ v + (1 − dampening) g`, the first `v` being `g` itself as in PyTorch;
 * the update is `v`, or `g + μ v` for Nesterov's. Defaults: dampening 0, nesterov false.
 *
 * @throws a Mistake if the momentum is a number below 0 or not below 1, or the dampening is not finite
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.momentum({ momentum: 0.9 }).slots, 1)
 */
export const momentum = (options: MomentumOptions): Optimizer => runningSum('Optimizer.momentum', options)
