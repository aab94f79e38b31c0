/** Finding out what stopped being finite, by taking the step again in the interpreter. */
import { type Equation, isConstant, type Many, reapply, type Tensor, uniform } from '../tensor/tensor.js'
import { entries, leaves } from '../tensor/tree.js'
import { trace } from '../transform/forward.js'
import { interpret } from '../transform/graph.js'
import { type Diverged, showEquation } from './diverged.js'
import type { Batch, Snapshot } from './snapshot.js'
import type { State, Stepped } from './step.js'

const firstNotFinite = (x: Tensor): number | undefined => {
  if (!isConstant(x) || x.dtype === 'int32' || x.dtype === 'bool') return undefined
  const { data } = x
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return data[i]!
  return undefined
}
/** Whether every number of a tree of known tensors is finite. */
export const allFinite = (tree: unknown): boolean => leaves(tree).every(x => firstNotFinite(x) === undefined)

/** The first equation that makes something that is not finite out of finite operands. */
const culprit = (roots: Many, seeds: ReadonlyMap<Tensor, Tensor>): string => {
  let found: Equation | undefined
  interpret<Tensor>(roots, seeds, {
    independent: x => x,
    equation: (e, inputs) => {
      const outputs = reapply(e, inputs)
      if (
        found === undefined &&
        inputs.every(x => firstNotFinite(x) === undefined) &&
        outputs.some(x => firstNotFinite(x) !== undefined)
      )
        found = e
      return outputs
    }
  })
  return found === undefined ? 'an operand of the step' : showEquation(found)
}

const firstEntry = (tree: unknown): readonly [string, number] | undefined => {
  for (const [path, leaf] of entries(tree)) {
    const value = firstNotFinite(leaf)
    if (value !== undefined) return [path.join('.'), value]
  }
  return undefined
}

/** Why a step from a finite snapshot ended outside the finite numbers. */
export const diagnose = <P, B, X, T>(
  step: (state: State<P, B>, count: Tensor<[]>, batch: Batch<X, T>) => Stepped<P, B>,
  last: Snapshot<P, B>,
  batch: Batch<X, T>
): Diverged<P, B> => {
  const { params, buffers, optimizer, key } = last
  const count = uniform({ shape: [], dtype: 'int32' }, last.step)
  const point = [{ params, buffers, optimizer, key }, count, batch] as const
  const { variables, tree, roots } = trace('Training', (at: typeof point) => step(...at), point)
  const seeds = new Map<Tensor, Tensor>(variables.map((v, i) => [v, leaves(point)[i]!]))
  const again = step(...point)
  const { state } = again
  const parts = [
    ['gradient', again.gradients],
    ['parameter', state.params],
    ['buffer', state.buffers],
    ['optimizer state', state.optimizer]
  ] as const
  const loss = firstNotFinite(again.loss)
  const [what, path, value] =
    loss !== undefined
      ? (['loss', 'loss', loss] as const)
      : (parts.flatMap(([part, tree]) => {
          const entry = firstEntry(tree)
          return entry === undefined ? [] : [[part, ...entry] as const]
        })[0] ?? (['parameter', '?', Number.NaN] as const))
  const order: Many = [tree.loss, ...leaves(tree.gradients), ...roots]
  return {
    _tag: 'Diverged',
    epoch: last.epoch + 1,
    step: last.step + 1,
    what,
    path,
    value,
    equation: culprit(order, seeds),
    last
  }
}
