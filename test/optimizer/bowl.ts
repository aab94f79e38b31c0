/** A bowl of two leaves that depend on each other, to walk down: `½ Σ cᵢ pᵢ² + 0.05 (Σ pᵢ)²`. */
import { Optimizer, pipe, Tensor, Tree, valueAndGrad } from '../../src/index.js'

export interface Place {
  readonly w: Tensor.Tensor<[2]>
  readonly b: Tensor.Tensor<[1]>
}
export type Dtype = 'float32' | 'float64'
export const start = (dtype: Dtype = 'float64'): Place => ({
  w: Tensor.tensor([1, -2], { dtype }),
  b: Tensor.tensor([0.5], { dtype })
})
export const bowl = ({ w, b }: Place): Tensor.Tensor<[]> => {
  const dtype = Tensor.dtype(w) as Dtype
  const half = (p: Tensor.Tensor, c: readonly number[]): Tensor.Tensor<[]> =>
    pipe(p, Tensor.square, Tensor.mul(Tensor.tensor(c, { dtype })), Tensor.sum(), Tensor.mul(0.5))
  const sum = pipe(Tensor.sum()(w), Tensor.add(Tensor.sum()(b)))
  return pipe(half(w, [1, 3]), Tensor.add(half(b, [0.5])), Tensor.add(pipe(sum, Tensor.square, Tensor.mul(0.05))))
}

/** The places after each of some steps, and the states. */
export const descend = (optimizer: Optimizer.Optimizer, steps: number, from: Place = start()) => {
  const differentiated = valueAndGrad(bowl)
  let [params, state] = [from, optimizer.init(from)]
  return Array.from({ length: steps }, (_, step) => {
    const [loss, gradients] = differentiated(params)
    const context = { loss, step: Tensor.scalar(step, { dtype: 'int32' }), valueAndGrad: differentiated }
    const [updates, next] = optimizer.update(gradients, state, params, context)
    params = Optimizer.applyUpdates(updates)(params)
    state = next
    return { params, state, loss: Tensor.item(bowl(params)) }
  })
}
/** All numbers of a tree, in order. */
export const numbers = (tree: unknown): readonly number[] =>
  Tree.leaves(tree).flatMap(leaf => Array.from(Tensor.toData(leaf)))
