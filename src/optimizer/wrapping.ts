/** Optimizers around other optimizers. */
import type * as Tree from '../operation/tree.js'
import { type Context, make, type Optimizer, type OptimizerState } from './optimizer.js'

/** What one remembers, and what the optimizer inside does. */
interface Both<S> {
  readonly own: S
  readonly inner: OptimizerState
}

/**
 * An optimizer with a state of one tree, which calls another: the states are its own, then those of the other, in one flat list as those of a
 * chain are.
 */
export const wrapping =
  <S>({
    init,
    update
  }: {
    readonly init: (params: Tree.Tree) => S
    readonly update: (
      inner: Optimizer
    ) => (
      gradients: Tree.Tree,
      state: Both<S>,
      params: Tree.Tree,
      context: Context<Tree.Tree>
    ) => readonly [Tree.Tree, Both<S>]
  }): ((inner: Optimizer) => Optimizer) =>
  inner => {
    const both = make<Both<S>>({
      init: params => ({ own: init(params), inner: inner.init(params) }),
      update: update(inner)
    })
    const flat = ([state]: OptimizerState): OptimizerState => {
      const { own, inner } = state as unknown as Both<Tree.Tree>
      return [own, ...inner]
    }
    return {
      slots: inner.slots + 1,
      init: params => flat(both.init(params)),
      update: (gradients, [own, ...rest], params, context) => {
        const state = { own: own!, inner: rest }
        const [updates, next] = both.update(gradients, [state], params, context)
        return [updates, flat(next)]
      }
    }
  }
