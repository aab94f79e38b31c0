/**
 * What must hold of adding updates to parameters, and of measuring gradients.
 *
 * The words are arguments, so that others can be put to the same laws.
 */
import * as Library from '../src/Optimizer.js'
import { concat } from '../src/operation/joining.js'
import * as Tree from '../src/operation/tree.js'
import { reshape } from '../src/primitive/movement.js'
import { size } from '../src/structure/shape.js'
import { elements, isTensor, item, known, type Tensor } from '../src/tensor/tensor.js'
import { near } from './closeness.js'
import { type Law, law } from './law.js'
import { close, identical } from './same.js'

/** What the laws are about. */
export interface UpdateWords {
  readonly applyUpdates: (updates: Tree.Tree) => (params: Tree.Tree) => Tree.Tree
  readonly globalNorm: (options?: Library.NormOptions) => (gradients: Tree.Tree) => Tensor<[]>
}
export const words: UpdateWords = Library

/** Parameters and updates of two steps, all alike, a factor, and the order of a norm, 1 or more. */
export interface UpdateCase {
  readonly params: Tree.Tree
  readonly updates: readonly [Tree.Tree, Tree.Tree]
  readonly factor: number
  readonly order: number
}

const agree = close(1e-12)
const reordered = (tree: Tree.Tree): Tree.Tree =>
  isTensor(tree) || Array.isArray(tree)
    ? tree
    : Object.fromEntries(Object.entries(tree as Readonly<Record<string, Tree.Tree>>).reverse())
const magnitudes = (tree: Tree.Tree): readonly number[] =>
  Tree.leaves(tree).flatMap(leaf => Array.from(elements(known('a law')(leaf)), x => Math.abs(x)))

/** Parameters are acted upon by the sums of updates. */
export const applicationLaws = ({ applyUpdates }: UpdateWords = words): readonly Law<UpdateCase>[] => [
  law('no update', 'applyUpdates 0 = id, but that −0 becomes 0', ({ params }) =>
    close(0)(applyUpdates(Tree.zerosLike(params))(params), params)
  ),
  law(
    'one update after another',
    'applyUpdates v ∘ applyUpdates u ≈ applyUpdates (u + v)',
    ({ params, updates: [u, v] }) =>
      agree(applyUpdates(v)(applyUpdates(u)(params)), applyUpdates(Tree.add(v)(u))(params))
  ),
  law('updates by name', 'the keys of updates may be in any order', ({ params, updates: [u] }) =>
    identical(applyUpdates(reordered(u))(params), applyUpdates(u)(params))
  ),
  law('an update and back', 'applyUpdates (−u) ∘ applyUpdates u ≈ id', ({ params, updates: [u] }) =>
    agree(applyUpdates(Tree.scale(-1)(u))(applyUpdates(u)(params)), params)
  )
]

/** A norm of all leaves as one vector. */
export const normLaws = ({ globalNorm }: UpdateWords = words): readonly Law<UpdateCase>[] => [
  law('length', '‖g‖ₚ = (Σ |gᵢ|ᵖ)^(1/p), the largest |gᵢ| where p is ∞', ({ params, order }) => {
    const all = magnitudes(params)
    const largest = Math.max(...all, 0)
    // The powers of the smallest numbers are 0, unless they are compared with the largest.
    const sum = all.reduce((total, x) => total + (x / largest) ** order, 0)
    const expected = largest === 0 || order === Number.POSITIVE_INFINITY ? largest : largest * sum ** (1 / order)
    return near(item('a law')(globalNorm({ order })(params)), expected, 1e-12)
  }),
  law('as one vector', '‖g‖ is that of one leaf with all elements', ({ params, order }) => {
    const vectors = Tree.leaves(params).map(leaf => reshape([size(leaf.shape)])(leaf))
    return agree(globalNorm({ order })(params), globalNorm({ order })(concat(0)(vectors as never) as Tensor))
  }),
  law('a norm is homogeneous', '‖c g‖ ≈ |c| ‖g‖', ({ params, factor, order }) => {
    const norm = (tree: Tree.Tree): number => item('a law')(globalNorm({ order })(tree))
    return near(norm(Tree.scale(factor)(params)), Math.abs(factor) * norm(params), 1e-12)
  }),
  law('a norm is subadditive', '‖u + v‖ ≤ ‖u‖ + ‖v‖', ({ updates: [u, v], order }) => {
    const norm = (tree: Tree.Tree): number => item('a law')(globalNorm({ order })(tree))
    return norm(Tree.add(v)(u)) <= (norm(u) + norm(v)) * (1 + 1e-12)
  }),
  law('Euclid’s unless told', 'globalNorm () = globalNorm 2 = Tree.norm', ({ params }) =>
    [globalNorm(), globalNorm({ order: 2 })].every(norm => identical(norm(params), Tree.norm(params)))
  )
]

/** All of them. */
export const updateLaws = (given: UpdateWords = words): readonly Law<UpdateCase>[] => [
  ...applicationLaws(given),
  ...normLaws(given)
]
