/** A step as a program that can be run again and again: what it changes is carried, and one number tells whether all were finite. */
import { type Program, program } from '../compiler/program.js'
import { checkpoint } from '../control/call.js'
import { captured } from '../control/closed.js'
import { add } from '../primitive/arithmetic.js'
import { sumAll } from '../primitive/movement.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape } from '../structure/shape.js'
import { known, type Tensor, type Type } from '../tensor/tensor.js'
import { entries, leaves, matching } from '../tensor/tree.js'
import { trace } from '../transform/forward.js'
import type { Batch } from './snapshot.js'
import { evaluationOf, type Objective, type State, stepOf } from './step.js'

/** What is carried from step to step: the state, and how many steps were taken, int32. */
export interface Carried<P, B> extends State<P, B> {
  readonly step: Tensor<[]>
}

/** The places, after the carried results, of what a step tells. */
export const told = { loss: 0, watched: 1, validationLoss: 2 } as const

const sameType = (a: Type, b: Type): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape)

/**
 * A number that is finite only if all floating numbers of some tensors are: a sum loses no infinity and no NaN, and infinities of both signs
 * make a NaN. It may overflow where all are finite, which whoever is alarmed has to look into.
 * Tensors of one type are added first: gradients, parameters and moments then cost one fold together.
 */
const watch = (tensors: readonly Tensor[]): Tensor => {
  const sums: Tensor[] = []
  for (const x of tensors.filter(isFloat)) {
    const i = sums.findIndex(sum => sameType(sum, x))
    if (i < 0) sums.push(x)
    else sums[i] = add(sums[i]!, x)
  }
  return sums.map(sumAll).reduce((a, b) => add(a, b))
}

/** The leaves of the state after a step, in the order of those before it, whose types they must have. */
const kept = (before: unknown, after: unknown): readonly Tensor[] => {
  const others = matching('Training', before, after, 'the state after a step')
  entries(before).forEach(([path, leaf], i) => {
    const other = others[i]!
    if (sameType(leaf, other)) return
    throw mistake(
      leaf.dtype === other.dtype ? 'ShapeMismatch' : 'DtypeMismatch',
      'Training',
      `'${path.join('.')}' is ${leaf.dtype} ${showShape(leaf.shape)} before a step and ${other.dtype} ${showShape(other.shape)} after it; layers and optimizers must keep shapes and dtypes of what they remember`
    )
  })
  return others
}

/** A loss as a body of its own: its bits are the same wherever it is computed. */
export const evaluationBody = <P, B, X, Y, T>(objective: Objective<P, B, X, Y, T>) => {
  const evaluate = evaluationOf(objective)
  return checkpoint(
    ([state, batch]: readonly [Pick<State<P, B>, 'params' | 'buffers' | 'key'>, Batch<X, T>]): Tensor<[]> =>
      evaluate(state, batch)
  )
}

/**
 * The program of a step, for states and batches of these types. Its parameters are the leaves of the state, of the batch, and of validation data
 * where there are some, whose loss is that before the step. Step and evaluation are bodies that share nothing, so that a step makes the same
 * bits with validation as without.
 */
export const stepProgram = <P, B, X, Y, T>(
  objective: Objective<P, B, X, Y, T>,
  carried: Carried<P, B>,
  batch: Batch<X, T>,
  validation: Batch<X, T> | undefined
): Program => {
  const step = stepOf(objective)
  const body = checkpoint(([{ step: count, ...state }, given]: readonly [Carried<P, B>, Batch<X, T>]) => {
    const { loss, gradients, state: next } = step(state, count, given)
    const after = kept(state, next)
    return [...after, add(count, 1), loss, watch([loss, ...leaves(gradients), ...after])]
  })
  const evaluate = evaluationBody(objective)
  const given = [carried, batch, ...(validation === undefined ? [] : [validation])] as const
  const { variables, roots } = trace(
    'Training',
    ([state, train, held]: typeof given) => [
      ...body([state, train]),
      ...(held === undefined
        ? []
        : [evaluate([{ params: state.params, buffers: state.buffers, key: state.key }, held])])
    ],
    given
  )
  // Training needs numbers: a model that closes over an unknown of a function around it has none.
  captured(roots, variables).forEach(known('Training'))
  return program(variables, roots)
}
