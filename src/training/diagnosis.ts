/** Finding out what stopped being finite, by taking the step again. */
import type { Engine } from '../compiler/program.js'
import { jit } from '../engine/jit.js'
import { isFloat } from '../structure/dtype.js'
import { type Equation, isConstant, type Many, reapply, type Tensor, uniform } from '../tensor/tensor.js'
import { entries, leaves } from '../tensor/tree.js'
import { trace } from '../transform/forward.js'
import { interpret } from '../transform/graph.js'
import { type Diverged, showEquation } from './diverged.js'
import type { Batch, Snapshot } from './snapshot.js'
import { type Objective, type State, stepOf } from './step.js'

const firstNotFinite = (x: Tensor): number | undefined => {
  if (!isConstant(x) || !isFloat(x)) return undefined
  const { data } = x
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return data[i]!
  return undefined
}
const allFinite = (xs: Many): boolean => xs.every(x => firstNotFinite(x) === undefined)
const firstEntry = (tree: unknown): readonly [string, number] | undefined => {
  for (const [path, leaf] of entries(tree)) {
    const value = firstNotFinite(leaf)
    if (value !== undefined) return [path.join('.'), value]
  }
  return undefined
}

/** The first equation that makes something that is not finite out of finite operands, in the interpreter. */
const culprit = (roots: Many, seeds: ReadonlyMap<Tensor, Tensor>): string => {
  let found: Equation | undefined
  let finite = allFinite([...seeds.values()])
  interpret<Tensor>(roots, seeds, {
    independent: x => x,
    equation: (e, inputs) => {
      const outputs = reapply(e, inputs)
      if (!allFinite(outputs)) {
        finite = false
        if (found === undefined && allFinite(inputs)) found = e
      }
      return outputs
    }
  })
  if (found !== undefined) return showEquation(found)
  return finite ? 'no equation where the interpreter takes the step, which rounds otherwise' : 'an operand of the step'
}

/** What a step came to that may have left the finite numbers: where it began and ended, and its loss. */
export interface Suspect<P, B, X, T> {
  readonly before: Snapshot<P, B>
  readonly batch: Batch<X, T>
  readonly loss: number
  readonly after: Snapshot<P, B>
}
export type Diagnose<P, B, X, T> = (suspect: Suspect<P, B, X, T>) => Diverged<P, B> | undefined

/**
 * Why a step ended outside the finite numbers; nothing if it did not, and only the sum over its numbers overflowed.
 * The gradients, which no step gives away, are computed again; the interpreter looks for the equation.
 */
export const diagnosis = <P, B, X, Y, T>(objective: Objective<P, B, X, Y, T>, engine: Engine): Diagnose<P, B, X, T> => {
  const step = stepOf(objective)
  type Point = readonly [State<P, B>, Tensor<[]>, Batch<X, T>]
  const gradientsAt = jit((...point: Point) => step(...point).gradients, { engine })
  return ({ before, batch, loss, after }) => {
    const { params, buffers, optimizer, key } = before
    const count: Tensor<[]> = uniform({ shape: [], dtype: 'int32' }, before.step)
    const point: Point = [{ params, buffers, optimizer, key }, count, batch]
    const parts = [
      ['gradient', () => gradientsAt(...point)],
      ['parameter', () => after.params],
      ['buffer', () => after.buffers],
      ['optimizer state', () => after.optimizer]
    ] as const
    const ofPart = () => {
      for (const [part, tree] of parts) {
        const entry = firstEntry(tree())
        if (entry !== undefined) return [part, ...entry] as const
      }
      return undefined
    }
    const first = Number.isFinite(loss) ? ofPart() : (['loss', 'loss', loss] as const)
    if (first === undefined) return undefined
    const [what, path, value] = first
    const { variables, tree, roots } = trace('Training', (at: Point) => step(...at), point)
    const given = leaves(point)
    const order: Many = [tree.loss, ...leaves(tree.gradients), ...roots]
    const equation = culprit(order, new Map(variables.map((v, i) => [v, given[i]!])))
    return {
      _tag: 'Diverged',
      epoch: before.epoch + 1,
      step: before.step + 1,
      what,
      path,
      value,
      equation,
      last: before
    }
  }
}
