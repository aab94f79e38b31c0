/** Every expression means itself for all members of a batch at once, on a leading axis. */
import { broadcast } from '../primitive/movement.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import { type Equation, type Many, reapply, type Tensor } from '../tensor/tensor.js'
import { leaves, refill } from '../tensor/tree.js'
import { trace } from './forward.js'
import { interpret } from './graph.js'

interface Member {
  readonly tensor: Tensor
  readonly batched: boolean
}

const batchEquation = (e: Equation, members: readonly Member[]): readonly Member[] => {
  const inputs = members.map(member => member.tensor)
  const batched = members.map(member => member.batched)
  if (!batched.includes(true)) return reapply(e, inputs).map(tensor => ({ tensor, batched: false }))
  const outputs =
    e.primitive.kind === 'control'
      ? e.primitive.batch(inputs, batched, e.attributes)
      : [e.primitive.batch(inputs, batched, e.attributes)]
  return outputs.map(tensor => ({ tensor, batched: true }))
}
/** The roots for each member of a batch of seeds; a root that does not depend on them is repeated. */
export const batch = (n: number, roots: Many, seeds: ReadonlyMap<Tensor, Tensor>): Many => {
  const members = new Map([...seeds].map(([v, tensor]) => [v, { tensor, batched: true }]))
  return interpret<Member>(roots, members, {
    independent: tensor => ({ tensor, batched: false }),
    equation: batchEquation
  }).map(({ tensor, batched }) => (batched ? tensor : broadcast([n, ...tensor.shape])(tensor)))
}

/** The same tree for N members: every leaf has one more, leading, axis. */
export type Batched<T, N extends number> =
  T extends Tensor<infer S> ? Tensor<[N, ...S]> : { readonly [K in keyof T]: Batched<T[K], N> }

/**
 * A function of one example as a function of a batch: `jax.vmap`. Every leaf of every argument, and of the result, has the members along its first axis.
 *
 * Nothing is looped over: each operation works on all members at once. What the function closes over is the same for all.
 *
 * @throws a Mistake if the leading axes differ or are missing
 *
 * @example
 * import { grad, pipe, Tensor, vmap } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[]>) => pipe(x, Tensor.mul(x), Tensor.mul(x))
 * const slopes = vmap(grad(f))(Tensor.tensor([1, 2, 3]))
 * deepStrictEqual(Tensor.toArray(slopes), [3, 12, 27])
 */
export const vmap =
  <A extends readonly unknown[], B>(f: (...xs: A) => B) =>
  <N extends number>(...xs: Batched<A, N>): Batched<B, N> => {
    const whole = leaves(xs, 'vmap')
    const first = whole[0]
    if (first === undefined) throw mistake('InvalidArgument', 'vmap', 'no tensor to take members of')
    const n = first.shape[0]
    for (const x of whole) {
      if (x.shape.length === 0) throw mistake('ShapeMismatch', 'vmap', 'a scalar has no axis to take members along')
      if (x.shape[0] !== n)
        throw mistake(
          'ShapeMismatch',
          'vmap',
          `leading axes differ: ${showShape(first.shape)} and ${showShape(x.shape)}`
        )
    }
    const members = whole.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype }))
    const { variables, tree, roots } = trace('vmap', (ys: A) => f(...ys), xs as readonly unknown[] as A, members)
    return refill(tree, batch(n!, roots, new Map(variables.map((v, i) => [v, whole[i]!])))) as Batched<B, N>
  }
