/** Layers as an fp-ts `Category`: its laws hold on the nose, records of parameters included. */
import type { Category2 } from 'fp-ts/lib/Category.js'
import { Category, type URI } from '../src/layer/category.js'
import { untyped } from '../src/layer/layer.js'
import type { AnyLayer, Arrow } from '../src/layer/types.js'
import { key as keyOf } from '../src/random/key.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { agree, type Chain, library } from './composition.js'
import { type Law, law } from './law.js'
import { identical } from './same.js'

/** Sizes are not known of layers that are drawn at random. */
type Some = Arrow<readonly number[], readonly number[]>
const some = (layer: AnyLayer): Some => layer as Some

/** The same draws in the same records, the same outputs, masks and memories. */
const same = (a: AnyLayer, b: AnyLayer, x: Tensor, seed: number): boolean => {
  const drawn = (layer: AnyLayer) => untyped(layer).init({ dtype: 'float64' })(keyOf(seed))
  return agree(a, b, x, seed) && identical(drawn(a), drawn(b))
}

export const categoryLaws = ({ compose, id }: Category2<URI> = Category): readonly Law<Chain>[] => [
  law('category: identity', 'compose(id, f) = f = compose(f, id)', ({ layers, x, seed }) =>
    layers.map(some).every((f, i) => {
      if (i > 0) return true
      return (
        same(compose(id<readonly number[]>(), f), f, x, seed) && same(compose(f, id<readonly number[]>()), f, x, seed)
      )
    })
  ),
  law(
    'category: identity of compositions',
    'compose(id, f ⋙ g) = f ⋙ g = compose(f ⋙ g, id)',
    ({ layers, x, seed }) => {
      const [f, g] = layers.map(some)
      if (f === undefined || g === undefined) return true
      const both = compose(g, f)
      return (
        same(compose(id<readonly number[]>(), both), both, x, seed) &&
        same(compose(both, id<readonly number[]>()), both, x, seed)
      )
    }
  ),
  law('category: associativity', 'compose(h, compose(g, f)) = compose(compose(h, g), f)', ({ layers, x, seed }) => {
    const [f, g, h] = layers.map(some)
    if (f === undefined || g === undefined || h === undefined) return true
    return same(compose(h, compose(g, f)), compose(compose(h, g), f), x, seed)
  }),
  law(
    'category: composition',
    'compose(g, f) = sequential(f, g), in outputs, leaves and masks',
    ({ layers, x, seed }) => {
      const [f, g] = layers
      if (f === undefined || g === undefined) return true
      return agree(compose(some(g), some(f)), library.sequential(f, g), x, seed)
    }
  )
]
