/** One step of training as one function of tensors: forward, backward, update. */
import { applyUpdates, type Optimizer, type OptimizerState } from '../optimizer/optimizer.js'
import type { Key } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { entries, leaves, refill } from '../tensor/tree.js'
import { valueAndGradAux } from '../transform/reverse.js'
import type { Batch } from './snapshot.js'

/** What training needs of a model: its forward pass, random and stateful, in one of two modes. */
export type Forward<P, B, X, Y> = (
  params: P,
  mode: 'training' | 'evaluation'
) => (
  x: X
) => (state: { readonly buffers: B; readonly key: Key }) => readonly [Y, { readonly buffers: B; readonly key: Key }]
export interface Objective<P, B, X, Y, T> {
  readonly forward: Forward<P, B, X, Y>
  readonly loss: (target: T) => (prediction: Y) => Tensor<[]>
  readonly optimizer: Optimizer
  /** Whether the parameter at a path stays as it is; none does, unless told. */
  readonly isFrozen?: (path: readonly string[]) => boolean
}

/** What a step changes. */
export interface State<P, B> {
  readonly params: P
  readonly buffers: B
  readonly optimizer: OptimizerState
  readonly key: Key
}
export interface Stepped<P, B> {
  readonly loss: Tensor<[]>
  readonly gradients: P
  readonly state: State<P, B>
}

const checkLoss = (loss: Tensor<[]>): Tensor<[]> => {
  const { shape }: Tensor = loss
  if (shape.length === 0) return loss
  throw mistake(
    'NotScalar',
    'Training',
    `the loss must be one number, not a tensor of shape ${showShape(shape)}; a loss with reduction 'mean' or 'sum' gives one`
  )
}

/** The parameters after an update, but for those that stay as they are, whatever the optimizer makes of them. */
const updated = <P>(params: P, updates: P, isFrozen: (path: readonly string[]) => boolean): P => {
  const moved = leaves(applyUpdates(updates)(params))
  const at = entries(params)
  return refill(
    params,
    at.map(([path, leaf], i) => (isFrozen(path) ? leaf : moved[i]!))
  ) as P
}

/** The step as a pure function of the state, the number of steps before it, and a batch. */
export const stepOf =
  <P, B, X, Y, T>({ forward, loss, optimizer, isFrozen = () => false }: Objective<P, B, X, Y, T>) =>
  (
    { params, buffers, optimizer: memory, key }: State<P, B>,
    step: Tensor<[]>,
    { x, y }: Batch<X, T>
  ): Stepped<P, B> => {
    const objective = (at: P) => {
      const [prediction, after] = forward(at, 'training')(x)({ buffers, key })
      return [checkLoss(loss(y)(prediction)), after] as const
    }
    const differentiated = valueAndGradAux(objective)
    const [[value, after], gradients] = differentiated(params)
    const [updates, nextMemory] = optimizer.update(gradients, memory, params, {
      loss: value,
      step,
      valueAndGrad: at => {
        const [[other], gradient] = differentiated(at)
        return [other, gradient]
      }
    })
    return {
      loss: value,
      gradients,
      state: {
        params: updated(params, updates, isFrozen),
        buffers: after.buffers,
        optimizer: nextMemory,
        key: after.key
      }
    }
  }

/** The loss in evaluation mode. */
export const evaluationOf =
  <P, B, X, Y, T>({ forward, loss }: Objective<P, B, X, Y, T>) =>
  ({ params, buffers, key }: Pick<State<P, B>, 'params' | 'buffers' | 'key'>, { x, y }: Batch<X, T>): Tensor<[]> =>
    loss(y)(forward(params, 'evaluation')(x)({ buffers, key })[0])
