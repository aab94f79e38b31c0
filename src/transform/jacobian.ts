/** Whole derivatives: a linear map applied to all basis vectors at once. */
import { permute, reshape } from '../primitive/movement.js'
import { allocate, type Dtype } from '../structure/dtype.js'
import { range, type Shape, size } from '../structure/shape.js'
import { constant, orZeros, type Tensor, variable, zeros } from '../tensor/tensor.js'
import { type Like, leaves, refill } from '../tensor/tree.js'
import { checkDifferentiable, jvp, linearizeAt } from './forward.js'
import { grad, transpose } from './reverse.js'
import { batch } from './vmap.js'

const basis = (shape: Shape, dtype: Dtype): Tensor => {
  const n = size(shape)
  const data = allocate(dtype, n * n)
  for (let i = 0; i < n; i++) data[i * (n + 1)] = 1
  return constant([n, ...shape], dtype, data)
}

/** At each leaf of B, the tree of A; at each of its leaves the derivative, shaped as the result's leaf and then the argument's. */
export type Jacobian<B, A> =
  B extends Tensor<infer R>
    ? A extends Tensor<infer S>
      ? Tensor<number[] extends R | S ? Shape : [...R, ...S]>
      : { readonly [K in keyof A]: Jacobian<B, A[K]> }
    : { readonly [K in keyof B]: Jacobian<B[K], A> }

/**
 * The whole derivative, a column for each input at once, by forward mode: `jax.jacfwd`. For functions with few inputs.
 *
 * At each leaf of the result stands the tree of x, and at each of its leaves a tensor `[…result, …argument]`.
 *
 * @throws a Mistake if a leaf of x is not floating
 *
 * @example
 * import { jacfwd, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const jacobian = jacfwd((x: Tensor.Tensor<[2]>) => Tensor.square(x))(Tensor.tensor([1, 2]))
 * deepStrictEqual(Tensor.toArray(jacobian), [[2, 0], [0, 4]])
 */
export const jacfwd =
  <A, B>(f: (x: A) => B) =>
  (x: A): Jacobian<B, A> => {
    checkDifferentiable('jacfwd', x)
    const { value, primals, directions, tangents } = linearizeAt('jacfwd', f, x)
    const roots = tangents.map((t, i) => orZeros(t, primals[i]!))
    const columns = leaves(x).map((point, i) => {
      const n = size(point.shape)
      const seeds = new Map<Tensor, Tensor>()
      directions.forEach((d, j) => {
        if (d)
          seeds.set(d, i === j ? basis(point.shape, point.dtype) : zeros({ dtype: d.dtype, shape: [n, ...d.shape] }))
      })
      return batch(n, roots, seeds).map((column, o) => {
        const out = primals[o]!.shape
        return reshape([...out, ...point.shape])(permute([...range(out.length).map(axis => axis + 1), 0])(column))
      })
    })
    const rows = primals.map((_, o) =>
      refill(
        x,
        columns.map(column => column[o]!)
      )
    )
    return refill(value, rows) as Like<B, Like<A, Tensor>> as Jacobian<B, A>
  }

/**
 * The whole derivative, a row for each output at once, by reverse mode: `jax.jacrev`. For functions with few outputs.
 *
 * The same tree of tensors as `jacfwd` gives.
 *
 * @throws a Mistake if a leaf of x is not floating
 *
 * @example
 * import { jacrev, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const jacobian = jacrev((x: Tensor.Tensor<[2]>) => Tensor.sum()(Tensor.square(x)))(Tensor.tensor([1, 2]))
 * deepStrictEqual(Tensor.toArray(jacobian), [2, 4])
 */
export const jacrev =
  <A, B>(f: (x: A) => B) =>
  (x: A): Jacobian<B, A> => {
    checkDifferentiable('jacrev', x)
    const { value, primals, directions, tangents } = linearizeAt('jacrev', f, x)
    const points = leaves(x)
    const known = directions.filter(d => d !== undefined)
    const rows = primals.map((primal, o) => {
      const cotangent = variable(primal)
      const given = transpose([tangents[o]], known, [cotangent])
      const n = size(primal.shape)
      const found = batch(
        n,
        given.map((g, i) => orZeros(g, known[i]!)),
        new Map([[cotangent as Tensor, basis(primal.shape, primal.dtype)]])
      )
      return refill(
        x,
        points.map((point, i) => reshape([...primal.shape, ...point.shape])(found[i]!))
      )
    })
    return refill(value, rows) as Like<B, Like<A, Tensor>> as Jacobian<B, A>
  }

/**
 * The second derivatives of a scalar function over a whole tree, forward over reverse: `jax.hessian`.
 *
 * At each leaf of x stands the tree of x again, and at each of its leaves a tensor `[…first, …second]`.
 *
 * @example
 * import { hessian, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[2]>) => pipe(x, Tensor.mul(x), Tensor.mul(x), Tensor.sum())
 * deepStrictEqual(Tensor.toArray(hessian(f)(Tensor.tensor([1, 2]))), [[6, 0], [0, 12]])
 */
export const hessian =
  <A>(f: (x: A) => Tensor<[]>) =>
  (x: A): Jacobian<A, A> =>
    jacfwd(grad(f))(x)

/**
 * The Hessian times a direction, without the Hessian: at the price of a few gradients, whatever the size of x: `torch.autograd.functional.hvp`.
 *
 * @example
 * import { hvp, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[2]>) => pipe(x, Tensor.mul(x), Tensor.mul(x), Tensor.sum())
 * deepStrictEqual(Tensor.toArray(hvp(f)(Tensor.tensor([1, 2]), Tensor.tensor([1, 10]))), [6, 120])
 */
export const hvp =
  <A>(f: (x: A) => Tensor<[]>) =>
  (x: A, direction: A): A =>
    jvp(grad(f))(x, direction)[1]
