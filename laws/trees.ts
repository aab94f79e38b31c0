/** Trees of tensors: a functor, a traversal, with lenses into them, and a vector space. */
import * as Tree from '../src/operation/tree.js'
import { add, mul, sub } from '../src/primitive/arithmetic.js'
import { cast } from '../src/primitive/conversion.js'
import { sin } from '../src/primitive/elementary.js'
import { reshape } from '../src/primitive/movement.js'
import { type Dtype, isFloat } from '../src/structure/dtype.js'
import { sameShape, size } from '../src/structure/shape.js'
import { isTensor, item, type Tensor } from '../src/tensor/tensor.js'
import { direction, near, nearTensors } from './closeness.js'
import { type Law, law } from './law.js'
import { close, identical } from './same.js'

type Leaves = readonly Tensor[]
type Float = Dtype & `float${number}`
type Two = (f: (a: Tensor, b: Tensor) => Tensor) => (b: Tree.Tree) => (a: Tree.Tree) => Tree.Tree

/** What laws of trees are about: this library's words, or an instance that may be wrong. */
export interface TreeWords {
  readonly map: (f: (leaf: Tensor) => Tensor) => (t: Tree.Tree) => Tree.Tree
  readonly leaves: (t: Tree.Tree) => Leaves
  readonly entries: (t: Tree.Tree) => readonly (readonly [string, Tensor])[]
  readonly fill: (values: Leaves) => (t: Tree.Tree) => Tree.Tree
  readonly zipWith: Two
  readonly mapWithPath: (f: (path: string, leaf: Tensor) => Tensor) => (t: Tree.Tree) => Tree.Tree
  readonly zipWithPath: (
    f: (path: string, a: Tensor, b: Tensor) => Tensor
  ) => (b: Tree.Tree) => (a: Tree.Tree) => Tree.Tree
  readonly reduce: <A>(start: A, f: (accumulated: A, leaf: Tensor) => A) => (t: Tree.Tree) => A
  readonly at: (path: string) => {
    readonly get: (t: Tree.Tree) => Tensor
    readonly set: (leaf: Tensor) => (t: Tree.Tree) => Tree.Tree
  }
  readonly castFloats: (dtype: Float) => (t: Tree.Tree) => Tree.Tree
  readonly zerosLike: (t: Tree.Tree) => Tree.Tree
  readonly add: (b: Tree.Tree) => (a: Tree.Tree) => Tree.Tree
  readonly sub: (b: Tree.Tree) => (a: Tree.Tree) => Tree.Tree
  readonly scale: (factor: number) => (t: Tree.Tree) => Tree.Tree
  readonly dot: (b: Tree.Tree) => (a: Tree.Tree) => Tensor
  readonly norm: (t: Tree.Tree) => Tensor
}
export const words: TreeWords = {
  map: f => t => Tree.map(f)(t),
  leaves: Tree.leaves,
  entries: Tree.entries,
  // As if it were one leaf: the type of a filled tree of unknown depth has no end.
  fill: values => t => Tree.fill(values)(t as Tensor),
  zipWith: f => b => a => Tree.zipWith(f)(b)(a),
  mapWithPath: f => t => Tree.mapWithPath(f)(t),
  zipWithPath: f => b => a => Tree.zipWithPath(f)(b)(a),
  reduce: Tree.reduce,
  at: Tree.at,
  castFloats: dtype => t => Tree.castFloats(dtype)(t),
  zerosLike: t => Tree.zerosLike(t),
  add: b => a => Tree.add(b)(a),
  sub: b => a => Tree.sub(b)(a),
  scale: factor => t => Tree.scale(factor)(t),
  dot: Tree.dot,
  norm: Tree.norm
}

/** Records with their keys in the opposite order: the same trees. */
const reordered = (t: Tree.Tree): Tree.Tree =>
  isTensor(t)
    ? t
    : Array.isArray(t)
      ? t.map(reordered)
      : Object.fromEntries(
          Object.entries(t as { readonly [name: string]: Tree.Tree })
            .reverse()
            .map(([name, part]) => [name, reordered(part)])
        )
const double = (x: Tensor): Tensor => mul(x, 2)
const flat = (x: Tensor): Tensor => reshape([size(x.shape)])(x)
/** Another tree of the same kind, the same for the same choice. */
const another = (choice: number, t: Tree.Tree): Tree.Tree => {
  let i = 0
  return Tree.map(x => direction(choice)(x, i++))(t)
}

/** Mapping and visiting: the shape of a tree stays, its leaves are taken in one order. */
export const functorLaws = ({
  map,
  leaves,
  entries,
  fill,
  zipWith,
  mapWithPath,
  zipWithPath,
  reduce
}: TreeWords): readonly Law<Tree.Tree>[] => [
  law('functor identity', 'map id = id', t => identical(map(x => x)(t), t)),
  law('functor composition', 'map (g ∘ f) = map g ∘ map f, whatever they do to shapes', t =>
    identical(map(x => flat(sin(double(x))))(t), map(flat)(map(sin)(map(double)(t))))
  ),
  law('fill after leaves', 'fill (leaves t) t = t', t => identical(fill(leaves(t))(t), t)),
  law('leaves after fill', 'leaves (fill xs t) = xs', (t, choice) => {
    const values = leaves(t).map((x, i) => direction(choice)(x, i))
    return identical(leaves(fill(values)(t)), values)
  }),
  law('last fill wins', 'fill ys (fill xs t) = fill ys t', (t, choice) => {
    const [xs, ys] = [choice, choice + 1].map(n => leaves(t).map((x, i) => direction(n)(x, i)))
    return identical(fill(ys!)(fill(xs!)(t)), fill(ys!)(t))
  }),
  law('map by leaves', 'leaves (map f t) = map f (leaves t)', t =>
    identical(leaves(map(double)(t)), leaves(t).map(double))
  ),
  law('paths', 'entries t are the leaves of t, each under a path of its own', t => {
    const all = entries(t)
    return (
      identical(
        all.map(([, leaf]) => leaf),
        leaves(t)
      ) && new Set(all.map(([path]) => path)).size === all.length
    )
  }),
  law('reduce by leaves', 'reduce f a t = (leaves t).reduce(f, a)', t => {
    const told = (text: string, x: Tensor): string => `${text} ${String(x)}`
    return reduce('', told)(t) === leaves(t).reduce(told, '')
  }),
  law('zip pairs by name', 'zipWith f b a, whatever the order of the keys of b', (t, choice) => {
    const b = another(choice, t)
    return identical(zipWith(sub)(reordered(b))(t), zipWith(sub)(b)(t))
  }),
  law('zip by leaves', 'leaves (zipWith f b a) = f of the leaves of a and of b', (t, choice) => {
    const b = another(choice, t)
    const others = leaves(b)
    return identical(
      leaves(zipWith(sub)(b)(t)),
      leaves(t).map((x, i) => sub(x, others[i]!))
    )
  }),
  law(
    'map with paths',
    'mapWithPath f t has f(path, leaf) for each of entries t, and map f where f looks at no path',
    t => {
      const seen: (readonly [string, Tensor])[] = []
      const mapped = mapWithPath((path, leaf) => {
        seen.push([path, leaf])
        return double(leaf)
      })(t)
      return identical(mapped, map(double)(t)) && identical(seen, entries(t))
    }
  ),
  law(
    'zip with paths',
    'zipWithPath f b a has f(path, leaf of a, leaf of b), whatever the order of the keys of b',
    (t, choice) => {
      const b = another(choice, t)
      const paths: string[] = []
      const zipped = zipWithPath((path, x, y) => {
        paths.push(path)
        return sub(x, y)
      })(reordered(b))(t)
      return (
        identical(zipped, zipWith(sub)(b)(t)) &&
        identical(
          paths,
          entries(t).map(([path]) => path)
        )
      )
    }
  ),
  law('zip and map', 'zipWith f t t = map (x ↦ f(x, x)) t', t => identical(zipWith(add)(t)(t), map(x => add(x, x))(t)))
]

/** Get and set of one leaf of a tree, found by its path. */
export const lensLaws = ({ at, entries }: TreeWords): readonly Law<Tree.Tree>[] => {
  const each = (t: Tree.Tree, holds: (path: string, leaf: Tensor, i: number) => boolean): boolean =>
    entries(t).every(([path, leaf], i) => holds(path, leaf, i))
  return [
    law('set what was got', 'set (get t) t = t', t =>
      each(t, (path, leaf) => identical(at(path).get(t), leaf) && identical(at(path).set(at(path).get(t))(t), t))
    ),
    law('get what was set', 'get (set x t) = x', (t, choice) =>
      each(t, (path, leaf) => {
        const x = flat(direction(choice)(leaf))
        return identical(at(path).get(at(path).set(x)(t)), x)
      })
    ),
    law('last set wins', 'set y (set x t) = set y t', (t, choice) =>
      each(t, (path, leaf) => {
        const [x, y] = [direction(choice)(leaf), direction(choice + 1)(leaf)]
        return identical(at(path).set(y)(at(path).set(x)(t)), at(path).set(y)(t))
      })
    ),
    law('set elsewhere', 'get p (set q x t) = get p t for q ≠ p', (t, choice) =>
      each(t, (path, leaf) => {
        const changed = at(path).set(direction(choice)(leaf))(t)
        return each(t, (other, kept) => other === path || identical(at(other).get(changed), kept))
      })
    )
  ]
}

const floats: readonly Float[] = ['float32', 'float64']
/** A tree with leaves of all dtypes, by a number. */
const mixed = (choice: number, t: Tree.Tree): Tree.Tree => {
  const dtypes: readonly Dtype[] = [...floats, 'int32', 'bool']
  let i = choice
  return Tree.map(x => cast(dtypes[i++ % dtypes.length]!)(x))(t)
}
/** Floating leaves in another precision, and all else as it is. */
export const castLaws = ({ castFloats, entries, leaves }: TreeWords): readonly Law<Tree.Tree>[] => [
  law(
    'cast floats',
    'castFloats d t has the paths, shapes and numbers of t, and dtype d where it is floating',
    (t, choice) => {
      const before = mixed(choice, t)
      return floats.every(dtype => {
        const after = entries(castFloats(dtype)(before))
        return (
          after.length === entries(before).length &&
          entries(before).every(([path, x], i) => {
            const [name, y] = after[i]!
            const numbers = cast('float64')
            return (
              name === path &&
              sameShape(x.shape, y.shape) &&
              (isFloat(x) ? y.dtype === dtype && nearTensors(numbers(x), numbers(y), 1e-7) : identical(x, y))
            )
          })
        )
      })
    }
  ),
  law('cast leaf by leaf', 'leaves (castFloats d t) = map (castFloats d) (leaves t)', (t, choice) => {
    const before = mixed(choice, t)
    return floats.every(dtype => identical(leaves(castFloats(dtype)(before)), leaves(before).map(castFloats(dtype))))
  }),
  law('cast once', 'castFloats d (castFloats d t) = castFloats d t', (t, choice) =>
    floats.every(dtype => {
      const once = castFloats(dtype)(mixed(choice, t))
      return identical(castFloats(dtype)(once), once)
    })
  ),
  law(
    'widened and back',
    'castFloats float32 (castFloats float64 t) = castFloats float32 t: nothing is lost in between',
    (t, choice) => {
      const narrow = castFloats('float32')
      const [before, same] = [mixed(choice, t), narrow(mixed(choice, t))]
      return (
        identical(narrow(castFloats('float64')(before)), same) && identical(narrow(castFloats('float64')(same)), same)
      )
    }
  )
]

/** Sums and multiples; closeness is to 1e-12. */
export const vectorLaws = (w: TreeWords): readonly Law<Tree.Tree>[] => {
  const inner = (a: Tree.Tree, b: Tree.Tree): number => item('a law')(w.dot(b)(a))
  const agree = close(1e-12)
  return [
    law('zero', 't + 0 = t', t => agree(w.add(w.zerosLike(t))(t), t)),
    law('commutative', 'a + b = b + a', (a, choice) => {
      const b = another(choice, a)
      return identical(w.add(b)(a), w.add(a)(b))
    }),
    law('associative', '(a + b) + c ≈ a + (b + c)', (a, choice) => {
      const [b, c] = [another(choice, a), another(choice + 1, a)]
      return agree(w.add(c)(w.add(b)(a)), w.add(w.add(c)(b))(a))
    }),
    law('inverse', 'a − a = 0, (a + b) − b ≈ a', (a, choice) => {
      const b = another(choice, a)
      return agree(w.sub(a)(a), w.zerosLike(a)) && agree(w.sub(b)(w.add(b)(a)), a)
    }),
    law(
      'scaling',
      '1 a = a, s (t a) ≈ (s t) a',
      a => identical(w.scale(1)(a), a) && agree(w.scale(1.5)(w.scale(-0.3)(a)), w.scale(1.5 * -0.3)(a))
    ),
    law('distributive', 's (a + b) ≈ s a + s b, (s + t) a ≈ s a + t a', (a, choice) => {
      const b = another(choice, a)
      return (
        agree(w.scale(1.5)(w.add(b)(a)), w.add(w.scale(1.5)(b))(w.scale(1.5)(a))) &&
        agree(w.scale(1.5 - 0.3)(a), w.add(w.scale(-0.3)(a))(w.scale(1.5)(a)))
      )
    }),
    law('inner product', '⟨s a + b, c⟩ ≈ s ⟨a, c⟩ + ⟨b, c⟩, ⟨a, b⟩ = ⟨b, a⟩', (a, choice) => {
      const [b, c] = [another(choice, a), another(choice + 1, a)]
      return (
        near(inner(w.add(b)(w.scale(1.5)(a)), c), 1.5 * inner(a, c) + inner(b, c), 1e-9) &&
        near(inner(a, b), inner(b, a), 1e-12)
      )
    }),
    law('norm', '‖a‖² ≈ ⟨a, a⟩, ‖s a‖ ≈ |s| ‖a‖, ⟨a, b⟩² ≤ ⟨a, a⟩ ⟨b, b⟩', (a, choice) => {
      const b = another(choice, a)
      const norm = item('a law')(w.norm(a))
      return (
        near(norm ** 2, inner(a, a), 1e-9) &&
        near(item('a law')(w.norm(w.scale(-1.5)(a))), 1.5 * norm, 1e-9) &&
        inner(a, b) ** 2 <= inner(a, a) * inner(b, b) * (1 + 1e-9) + 1e-12
      )
    })
  ]
}

/** Every law of trees. */
export const treeLaws = (w: TreeWords = words): readonly Law<Tree.Tree>[] => [
  ...functorLaws(w),
  ...lensLaws(w),
  ...castLaws(w),
  ...vectorLaws(w)
]
