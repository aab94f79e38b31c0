/**
 * Layers as the arrows of a category, with their parameters hidden: an fp-ts `Category`, whose objects are shapes.
 *
 * 1. `compose(h, compose(g, f)) = compose(compose(h, g), f)`
 * 2. `compose(id(), f) = f = compose(f, id())`
 *
 * These hold on the nose, records of parameters included, because a composition is the list of its factors, and the identity the empty list.
 * There is no `Profunctor`, and so no `Strong` or `Choice`: a function between shapes is no function between tensors. What arrows do with
 * pairs are the layers `first`, `second`, `split` and `fanout`.
 */
import type { Category2 } from 'fp-ts/lib/Category.js'
import { sequentialOf } from './composition.js'
import { identity, typed, untyped } from './layer.js'
import type { RunLayer } from './runtime.js'
import type { AnyLayer, Arrow, Input, Output } from './types.js'

export type { Arrow } from './types.js'

/** By which fp-ts finds the type of arrows. */
export const URI = 'cotangent/Layer'
export type URI = typeof URI

declare module 'fp-ts/HKT.js' {
  interface URItoKind2<E, A> {
    readonly [URI]: Arrow<E, A>
  }
}

const kind = 'arrow'
/** A composition is the list of its factors; any other layer is a list of one, and the identity of none. */
const factorsOf = (layer: RunLayer): readonly RunLayer[] => {
  if (layer === untyped(identity)) return []
  return layer.kind === kind && layer.name === undefined ? layer.children.map(child => child.layer) : [layer]
}
const composed = (factors: readonly RunLayer[]): AnyLayer => {
  const [first, ...rest] = factors
  if (first === undefined) return identity
  if (rest.length === 0) return first as RunLayer & AnyLayer
  // Under their places: arrows that have one name can be composed as well.
  return typed({ ...sequentialOf(factors.map(({ name: _, ...factor }) => factor)), kind })
}

/**
 * A layer as an arrow from shape to shape, its parameters hidden. Every layer may stand where an arrow is expected; this forgets what else is known.
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const arrows: readonly Layer.Arrow<[2], [2]>[] = [Layer.arrow(Layer.linear(2, 2)), Layer.lift([2])(Layer.tanh)]
 * const outputs = arrows.map(f => Layer.predict(f)({ params: Layer.initialize(f)(Random.key(1)), buffers: f.buffers })(Tensor.ones([5, 2])))
 * deepStrictEqual(outputs.map(Tensor.shape), [[5, 2], [5, 2]])
 */
export const arrow = <L extends AnyLayer>(layer: L): Arrow<Input<L>, Output<L>> =>
  layer as AnyLayer as Arrow<Input<L>, Output<L>>

/**
 * Layers under composition, an fp-ts `Category`: `compose(g, f)` is f and then g. An activation gets its shape by `lift`.
 *
 * Compositions are not nested: the parameters of one are a record by the places "0", "1", … of its factors, whatever the grouping.
 *
 * @throws a Mistake, from `compose`, if the layers do not fit; where the sizes are literal, it does not compile
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const { compose, id } = Layer.Category
 * const f = compose(Layer.linear(13, 1), compose(Layer.lift([13])(Layer.tanh), Layer.linear(1, 13)))
 * const params = Layer.initialize(compose(f, id()))(Random.key(1))
 * deepStrictEqual(Tensor.shape(f.apply(params, f.buffers)(Tensor.ones([9, 1]))), [9, 1])
 */
export const Category: Category2<URI> = {
  URI,
  compose: <A, B, C>(after: Arrow<B, C>, before: Arrow<A, B>): Arrow<A, C> =>
    composed([...factorsOf(untyped(before)), ...factorsOf(untyped(after))]) as Arrow<A, C>,
  id: <A>(): Arrow<A, A> => identity as AnyLayer as Arrow<A, A>
}
