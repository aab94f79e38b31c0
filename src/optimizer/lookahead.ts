/** Lookahead: slow parameters that follow fast ones now and then. */
import * as Tree from '../operation/tree.js'
import { add, mul, sub } from '../primitive/arithmetic.js'
import { equal, where } from '../primitive/selection.js'
import type { Tensor } from '../tensor/tensor.js'
import { noSteps, oneMore } from './moments.js'
import type { Optimizer } from './optimizer.js'
import { count, fraction } from './settings.js'
import { wrapping } from './wrapping.js'

export interface LookaheadOptions {
  /** How many steps the fast parameters take before the slow ones follow: the paper's k. */
  readonly steps?: number
  /** How far the slow parameters follow: the paper's α. */
  readonly rate?: number
}
interface Slow {
  readonly count: Tensor<[]>
  readonly slow: Tree.Tree
}

/**
 * Every k steps of an optimizer, back to a point between where they began and ended: Lookahead (Zhang et al. 2019), `optax.lookahead`.
 *
 * `φ ← φ + rate · (p − φ)`, `p ← φ` after every k-th step of the inner optimizer on `p`. Parameters and gradients are the fast ones;
 * after a multiple of k steps they are the slow ones. Defaults: steps 5, rate 0.5.
 *
 * @throws a Mistake if steps is not a whole number of 1 or more, or the rate not between 0 and 1
 *
 * @example
 * import { Optimizer, pipe } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const optimizer = pipe(Optimizer.radam(), Optimizer.lookahead({ steps: 6 }))
 * strictEqual(optimizer.slots, 2)
 */
export const lookahead = ({ steps = 5, rate = 0.5 }: LookaheadOptions = {}): ((inner: Optimizer) => Optimizer) => {
  count('Optimizer.lookahead', 'steps', steps)
  fraction('Optimizer.lookahead', 'rate', rate)
  return wrapping<Slow>({
    init: params => ({ count: noSteps, slow: params }),
    update: inner => (gradients, state, params, context) => {
      const { count: before, slow } = state.own
      const [fast, next] = inner.update(gradients, state.inner, params, context)
      const after = oneMore(before)
      const follow = equal(after, steps)
      // What is missing from the fast step, which is nothing at a rate of 1.
      const back = Tree.zipWith((s, p) => mul(sub(s, p), 1 - rate))(Tree.add(fast)(params))(slow)
      const updates = Tree.zipWith((u, b) => where(follow, add(u, b), u))(back)(fast)
      const landed = Tree.add(updates)(params)
      const own = {
        count: where(follow, noSteps, after) as Tensor<[]>,
        slow: Tree.zipWith((s, p) => where(follow, p, s))(landed)(slow)
      }
      return [updates, { own, inner: next }]
    }
  })
}
