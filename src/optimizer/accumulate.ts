/** Gradient accumulation: one step for the gradients of several batches. */
import { cond } from '../control/cond.js'
import * as Tree from '../operation/tree.js'
import { add, div } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { equal } from '../primitive/selection.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import { noUpdates } from './freeze.js'
import { noSteps, oneMore } from './moments.js'
import type { Optimizer } from './optimizer.js'
import { precisionOf } from './precision.js'
import { count } from './settings.js'
import { wrapping } from './wrapping.js'

interface Accumulated {
  /** Batches since the last step, and steps so far. */
  readonly count: Tensor<[]>
  readonly taken: Tensor<[]>
  /** The sums of losses and gradients since the last step. */
  readonly loss: Tensor<[]>
  readonly sum: Tree.Tree
}
/**
 * One step of an optimizer for so many batches: `optax.MultiSteps`, and what is done in PyTorch by calling `backward` several times.
 *
 * Between, updates are 0 and the inner optimizer stays as it is; with the last batch it is given the mean of the gradients, the mean of the losses,
 * and how many steps it took itself, so that its schedules count steps and not batches. An inner optimizer that looks again sees the last batch.
 *
 * @throws a Mistake if steps is not a whole number of 1 or more
 *
 * @example
 * import { Optimizer, pipe } from 'cotangent'
 * import { strictEqual, throws } from 'node:assert'
 *
 * const optimizer = pipe(Optimizer.adam(), Optimizer.accumulate({ steps: 8 }))
 * strictEqual(optimizer.slots, 2)
 * throws(() => Optimizer.accumulate({ steps: 0 }), /steps is 0; it must be a whole number of 1 or more/)
 */
export const accumulate = ({ steps }: { readonly steps: number }): ((inner: Optimizer) => Optimizer) => {
  count('Optimizer.accumulate', 'steps', steps)
  return wrapping<Accumulated>({
    init: params => ({
      count: noSteps,
      taken: noSteps,
      loss: zeros({ shape: [], dtype: precisionOf(params) }),
      sum: Tree.zerosLike(params)
    }),
    update: inner => (gradients, state, params, context) => {
      const { count: before, taken, loss, sum } = state.own
      const own: Accumulated = {
        count: oneMore(before),
        taken,
        loss: add(loss, cast(loss.dtype)(context.loss)),
        sum: Tree.add(gradients)(sum)
      }
      type State = typeof state
      // A choice of programs, not of results: whatever the inner optimizer does is done when it is its turn.
      return cond(
        equal(own.count, steps),
        ({ own, inner: memory }: State): readonly [Tree.Tree, State] => {
          const mean = Tree.map(g => div(g, steps))(own.sum)
          const [updates, next] = inner.update(mean, memory, params, {
            ...context,
            loss: cast(context.loss.dtype)(div(own.loss, steps)) as Tensor<[]>,
            step: own.taken
          })
          const cleared = {
            count: noSteps,
            taken: oneMore(own.taken),
            loss: zeros(own.loss) as Tensor<[]>,
            sum: Tree.zerosLike(own.sum)
          }
          return [updates, { own: cleared, inner: next }]
        },
        (kept): readonly [Tree.Tree, State] => [noUpdates(kept.own.sum), kept]
      )({ own, inner: state.inner })
    }
  })
}
