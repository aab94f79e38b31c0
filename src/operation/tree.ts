/**
 * Trees of tensors as one value: mapped, paired, folded, reached into, and added like vectors.
 *
 * 1. Functor: `map(x => x)(t) = t`, `map(x => g(f(x)))(t) = map(g)(map(f)(t))`
 * 2. Traversal: `fill(leaves(t))(t) = t`, `leaves(fill(xs)(t)) = xs`
 * 3. Lens: `set(get(t))(t) = t`, `get(set(x)(t)) = x`, `set(y)(set(x)(t)) = set(y)(t)`
 * 4. Vector space: `add` is commutative and associative up to rounding, `scale` distributes over it
 */
import { add as addTensors, mul, sub as subTensors } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { sqrt } from '../primitive/elementary.js'
import { sumAll } from '../primitive/movement.js'
import type { Dtype } from '../structure/dtype.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { isTensor, type Tensor, uniform, zeros } from '../tensor/tensor.js'
import * as tree from '../tensor/tree.js'

export type { Like, Tree } from '../tensor/tree.js'

/**
 * The leaves, in order: elements of arrays by index, of records by key. `jax.tree.leaves`.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const params = { weight: Tensor.ones([2]), bias: Tensor.scalar(3) }
 * deepStrictEqual(Tree.leaves(params).map(Tensor.toArray), [[1, 1], 3])
 */
export const leaves = (t: unknown): readonly Tensor[] => tree.leaves(t)

/**
 * The leaves with their paths, names joined by dots: `jax.tree_util.tree_leaves_with_path`.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const params = { hidden: { weight: Tensor.ones([2]) }, scales: [Tensor.scalar(3)] }
 * deepStrictEqual(Tree.entries(params).map(([path]) => path), ['hidden.weight', 'scales.0'])
 */
export const entries = (t: unknown): readonly (readonly [string, Tensor])[] =>
  tree.entries(t).map(([path, leaf]) => [path.join('.'), leaf] as const)

/**
 * The same tree with other leaves, in order, the inverse of `leaves`: `jax.tree.unflatten`.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const params = { weight: Tensor.ones([2]), bias: Tensor.scalar(3) }
 * deepStrictEqual(Tree.fill(['w', 'b'])(params), { weight: 'w', bias: 'b' })
 */
export const fill =
  <L>(values: readonly L[]) =>
  <T>(t: T): tree.Like<T, L> => {
    const expected = tree.leaves(t, 'Tree.fill').length
    if (values.length !== expected)
      throw mistake('TreeMismatch', 'Tree.fill', `${values.length} values for ${expected} leaves`)
    return tree.refill(t, values)
  }

/**
 * A function applied to every leaf: `jax.tree.map`.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const doubled = Tree.map(Tensor.mul(2))({ weight: Tensor.ones([2]), bias: Tensor.scalar(3) })
 * deepStrictEqual(Tree.leaves(doubled).map(Tensor.toArray), [[2, 2], 6])
 */
export const map =
  (f: (leaf: Tensor) => Tensor) =>
  <T>(t: T): T =>
    tree.refill(t, tree.leaves(t, 'Tree.map').map(f)) as T

/**
 * A function applied to every leaf and its path, which is as `entries` gives it: `jax.tree_util.tree_map_with_path`.
 *
 * @example
 * import { pipe, Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const params = { hidden: { weight: Tensor.ones([2]), bias: Tensor.ones([2]) } }
 * const withoutBias = pipe(params, Tree.mapWithPath((path, leaf) => (path.endsWith('bias') ? Tensor.zerosLike(leaf) : leaf)))
 * deepStrictEqual(Tree.leaves(withoutBias).map(Tensor.toArray), [[1, 1], [0, 0]])
 */
export const mapWithPath =
  (f: (path: string, leaf: Tensor) => Tensor) =>
  <T>(t: T): T =>
    tree.refill(
      t,
      entries(t).map(([path, leaf]) => f(path, leaf))
    ) as T

/**
 * A function applied to the leaves of two trees of one kind, which are paired by name: `jax.tree.map`.
 *
 * `zipWith(f)(b)(a)` has `f(a, b)` at each leaf. The update of a step of gradient descent is one.
 *
 * @throws a Mistake that names the path where the trees differ
 *
 * @example
 * import { pipe, Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const params = { w: Tensor.scalar(1), b: Tensor.scalar(0) }
 * const gradients = { w: Tensor.scalar(4), b: Tensor.scalar(2) }
 * const stepped = pipe(params, Tree.zipWith((p, g) => pipe(p, Tensor.sub(pipe(g, Tensor.mul(0.5)))))(gradients))
 * deepStrictEqual(Tree.leaves(stepped).map(Tensor.item), [-1, -1])
 */
export const zipWith =
  (f: (a: Tensor, b: Tensor) => Tensor) =>
  (b: unknown) =>
  <T>(a: T): T => {
    const others = tree.matching('Tree.zipWith', a, b)
    return tree.refill(
      a,
      tree.leaves(a).map((leaf, i) => f(leaf, others[i]!))
    ) as T
  }

/**
 * `zipWith` with the path of each pair: `zipWithPath(f)(b)(a)` has `f(path, a, b)` at each leaf.
 *
 * @throws a Mistake that names the path where the trees differ
 *
 * @example
 * import { pipe, Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const params = { w: Tensor.scalar(1), b: Tensor.scalar(0) }
 * const gradients = { w: Tensor.scalar(4), b: Tensor.scalar(2) }
 * const onlyW = Tree.zipWithPath((path, p, g) => (path === 'w' ? pipe(p, Tensor.sub(g)) : p))
 * deepStrictEqual(Tree.leaves(onlyW(gradients)(params)).map(Tensor.item), [-3, 0])
 */
export const zipWithPath =
  (f: (path: string, a: Tensor, b: Tensor) => Tensor) =>
  (b: unknown) =>
  <T>(a: T): T => {
    const others = tree.matching('Tree.zipWithPath', a, b)
    return tree.refill(
      a,
      entries(a).map(([path, leaf], i) => f(path, leaf, others[i]!))
    ) as T
  }

/**
 * A left fold over the leaves: `jax.tree.reduce`.
 *
 * @example
 * import { pipe, Tensor, Tree } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const params = { weight: Tensor.ones([2, 3]), bias: Tensor.ones([2]) }
 * strictEqual(pipe(params, Tree.reduce(0, (n, leaf) => n + Tensor.size(leaf))), 8)
 */
export const reduce =
  <A>(start: A, f: (accumulated: A, leaf: Tensor) => A) =>
  (t: unknown): A =>
    tree.leaves(t, 'Tree.reduce').reduce(f, start)

/** A way to one part of a tree: what it is, and the tree with another in its place. The shape of a monocle-ts `Lens`. */
export interface Lens {
  readonly get: (t: unknown) => Tensor
  readonly set: (leaf: Tensor) => <T>(t: T) => T
}

/**
 * The way to a leaf by its path, as `entries` gives it.
 *
 * @throws a Mistake if there is no such leaf; the paths that exist are told
 *
 * @example
 * import { pipe, Tensor, Tree } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const params = { hidden: { bias: Tensor.scalar(3) } }
 * const bias = Tree.at('hidden.bias')
 * strictEqual(Tensor.item(bias.get(params)), 3)
 * strictEqual(Tensor.item(pipe(params, bias.set(Tensor.scalar(5)), bias.get)), 5)
 */
export const at = (path: string): Lens => {
  const index = (t: unknown): number => {
    const paths = entries(t).map(([name]) => name)
    const found = paths.indexOf(path)
    if (found < 0)
      throw mistake(
        'TreeMismatch',
        'Tree.at',
        `no leaf '${path}'; there are ${paths.map(name => `'${name}'`).join(', ') || 'none'}`
      )
    return found
  }
  return {
    get: t => tree.leaves(t)[index(t)]!,
    set:
      leaf =>
      <T>(t: T): T => {
        const found = index(t)
        return tree.refill(
          t,
          tree.leaves(t).map((old, i) => (i === found ? leaf : old))
        ) as T
      }
  }
}

/**
 * Zeros of the same shapes and dtypes.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const a = { x: Tensor.tensor([1, 2]), y: Tensor.scalar(3) }
 * deepStrictEqual(Tree.leaves(Tree.zerosLike(a)).map(Tensor.toArray), [[0, 0], 0])
 */
export const zerosLike = map(zeros)

/**
 * Sum of two trees of one kind, leaf by leaf.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const a = { x: Tensor.tensor([1, 2]), y: Tensor.scalar(3) }
 * deepStrictEqual(Tree.leaves(Tree.add(a)(a)).map(Tensor.toArray), [[2, 4], 6])
 */
export const add = zipWith(addTensors)

/**
 * `sub(b)(a)` is a − b, leaf by leaf.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const a = { x: Tensor.tensor([1, 2]), y: Tensor.scalar(3) }
 * deepStrictEqual(Tree.leaves(Tree.sub(a)(a)).map(Tensor.toArray), [[0, 0], 0])
 */
export const sub = zipWith(subTensors)

/**
 * Every leaf times a number or a scalar tensor, in the leaf's own dtype.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const a = { x: Tensor.tensor([1, 2]), y: Tensor.scalar(3) }
 * deepStrictEqual(Tree.leaves(Tree.scale(2)(a)).map(Tensor.toArray), [[2, 4], 6])
 */
export const scale = (factor: number | Tensor<[]>) =>
  map(leaf => mul(leaf, isTensor(factor) ? cast(leaf.dtype)(factor) : factor))

/**
 * Floating leaves in another dtype; integers and bools stay.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const a = { x: Tensor.tensor([1, 2]), y: Tensor.scalar(3) }
 * deepStrictEqual(Tree.leaves(Tree.castFloats('float64')(a)).map(Tensor.dtype), ['float64', 'float64'])
 */
export const castFloats = (dtype: Dtype & `float${number}`) => map(leaf => (isFloat(leaf) ? cast(dtype)(leaf) : leaf))

/**
 * The inner product of two trees of one kind: the sum over all leaves and elements of a · b.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const a = { x: Tensor.tensor([1, 2]), y: Tensor.scalar(3) }
 * strictEqual(Tensor.item(Tree.dot(a)(a)), 14)
 */
export const dot =
  (b: unknown) =>
  (a: unknown): Tensor<[]> => {
    const others = tree.matching('Tree.dot', a, b)
    const parts = tree.leaves(a).map((leaf, i) => sumAll(mul(leaf, others[i]!)))
    return parts.length === 0
      ? uniform({ shape: [], dtype: 'float32' }, 0)
      : parts.reduce((total, part) => addTensors(total, part))
  }

/**
 * The Euclidean norm over all leaves together: `√⟨t, t⟩`, `optax.global_norm`.
 *
 * @example
 * import { Tensor, Tree } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const a = { x: Tensor.tensor([1, 2]), y: Tensor.scalar(3) }
 * deepStrictEqual(Tensor.item(Tree.norm({ x: Tensor.tensor([2, 3]), y: Tensor.scalar(6) })), 7)
 * deepStrictEqual(Tree.leaves(a).length, 2)
 */
export const norm = (t: unknown): Tensor<[]> => sqrt(dot(t)(t))
