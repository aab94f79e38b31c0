/** Trees of tensors: a functor, a traversal, with lenses into them, and a vector space. */
import * as Tree from '../src/operation/tree.js'
import { add, mul, sub } from '../src/primitive/arithmetic.js'
import { sin } from '../src/primitive/elementary.js'
import { item, type Tensor } from '../src/tensor/tensor.js'
import { direction, near, nearTrees, sameTrees } from './closeness.js'
import { type Law, law } from './law.js'

/** What laws of trees are about: this library's words, or an instance that may be wrong. */
export interface TreeWords {
  readonly map: (f: (leaf: Tensor) => Tensor) => (t: Tree.Tree) => Tree.Tree
  readonly leaves: (t: Tree.Tree) => readonly Tensor[]
  readonly fill: (values: readonly Tensor[]) => (t: Tree.Tree) => Tree.Tree
  readonly zipWith: (f: (a: Tensor, b: Tensor) => Tensor) => (b: Tree.Tree) => (a: Tree.Tree) => Tree.Tree
}
export const words: TreeWords = {
  map: f => t => Tree.map(f)(t),
  leaves: Tree.leaves,
  // As if it were one leaf: the type of a filled tree of unknown depth has no end.
  fill: values => t => Tree.fill(values)(t as Tensor),
  zipWith: f => b => a => Tree.zipWith(f)(b)(a)
}
/** Records with their keys in the opposite order: the same trees. */
const reordered = (t: Tree.Tree): Tree.Tree =>
  Array.isArray(t)
    ? t.map(reordered)
    : typeof t === 'object' && !('tag' in t)
      ? Object.fromEntries(
          Object.entries(t as { readonly [name: string]: Tree.Tree })
            .reverse()
            .map(([name, part]) => [name, reordered(part)])
        )
      : t
const double = (x: Tensor): Tensor => mul(x, 2)

export const treeLaws = ({ map, leaves, fill, zipWith }: TreeWords): readonly Law<Tree.Tree>[] => [
  law(
    'functor identity',
    'map id = id',
    t => sameTrees(map(x => x)(t), t) && leaves(map(x => x)(t)).length === leaves(t).length
  ),
  law('functor composition', 'map (g ∘ f) = map g ∘ map f', t =>
    sameTrees(map(x => sin(double(x)))(t), map(sin)(map(double)(t)))
  ),
  law('fill after leaves', 'fill (leaves t) t = t', t => sameTrees(fill(leaves(t))(t), t)),
  law('leaves after fill', 'leaves (fill xs t) = xs', (t, choice) => {
    const values = leaves(t).map((x, i) => direction(choice)(x, i))
    return sameTrees(leaves(fill(values)(t)), values)
  }),
  law('map by leaves', 'leaves (map f t) = map f (leaves t)', t =>
    sameTrees(leaves(map(double)(t)), leaves(t).map(double))
  ),
  law('zip pairs by name', 'zipWith f b a, whatever the order of the keys of b', t =>
    sameTrees(zipWith(sub)(reordered(map(double)(t)))(t), zipWith(sub)(map(double)(t))(t))
  ),
  law('zip and map', 'zipWith f t t = map (x ↦ f(x, x)) t', t => sameTrees(zipWith(add)(t)(t), map(x => add(x, x))(t)))
]

/** Get and set of one leaf of a tree, found by its path. */
export const lensLaws: readonly Law<Tree.Tree>[] = [
  law('set what was got', 'set (get t) t = t', t =>
    Tree.entries(t).every(([path]) => sameTrees(Tree.at(path).set(Tree.at(path).get(t))(t), t))
  ),
  law('get what was set', 'get (set x t) = x', (t, choice) =>
    Tree.entries(t).every(([path, leaf]) =>
      sameTrees(Tree.at(path).get(Tree.at(path).set(direction(choice)(leaf))(t)), direction(choice)(leaf))
    )
  ),
  law('last set wins', 'set y (set x t) = set y t', (t, choice) =>
    Tree.entries(t).every(([path, leaf]) => {
      const { set } = Tree.at(path)
      const [x, y] = [direction(choice)(leaf), direction(choice + 1)(leaf)]
      return sameTrees(set(y)(set(x)(t)), set(y)(t))
    })
  )
]

export const vectorLaws: readonly Law<Tree.Tree>[] = [
  law('zero', 't + 0 = t', t => nearTrees(Tree.add(Tree.zerosLike(t))(t), t, 0)),
  law('commutative', 'a + b = b + a', (a, choice) => {
    const b = Tree.map(direction(choice))(a)
    return sameTrees(Tree.add(b)(a), Tree.add(a)(b))
  }),
  law('distributive', 's (a + b) ≈ s a + s b', (a, choice) => {
    const b = Tree.map(direction(choice))(a)
    return nearTrees(Tree.scale(1.5)(Tree.add(b)(a)), Tree.add(Tree.scale(1.5)(b))(Tree.scale(1.5)(a)), 1e-12)
  }),
  law('inverse', 'a − a = 0', a => nearTrees(Tree.sub(a)(a), Tree.zerosLike(a), 0)),
  law('Cauchy and Schwarz', '⟨a, b⟩² ≤ ⟨a, a⟩ ⟨b, b⟩, ‖a‖² = ⟨a, a⟩', (a, choice) => {
    const b = Tree.map(direction(choice))(a)
    const inner = (x: unknown, y: unknown): number => item('a law')(Tree.dot(y)(x))
    return (
      inner(a, b) ** 2 <= inner(a, a) * inner(b, b) * (1 + 1e-9) + 1e-12 &&
      near(item('a law')(Tree.norm(a)) ** 2, inner(a, a), 1e-9)
    )
  })
]
