/** Layers to put into others: small ones, with and without parameters, randomness and memory. */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import type { AnyLayer } from '../src/layer/types.js'
import { mul } from '../src/primitive/arithmetic.js'
import { cast } from '../src/primitive/conversion.js'
import { broadcast } from '../src/primitive/movement.js'
import { normal } from '../src/random/distribution.js'
import { draw } from '../src/random/key.js'

export const sizes = fc.integer({ min: 1, max: 4 })
export const probability = fc.constantFrom(0, 0.25, 0.5, 0.9)

/** A user's own layer, with a parameter. */
export const scaling = (features: number): AnyLayer =>
  Layer.make({
    name: 'scaling',
    input: [features],
    output: [features],
    init: key => {
      const [factor, rest] = draw(normal([features]))(key)
      return [{ factor }, rest]
    },
    apply:
      ({ factor }) =>
      x =>
        mul(x, broadcast(x.shape)(cast(x.dtype)(factor)))
  })

/** Layers that keep the size, without kinks: to put into others. */
export const keeping = (features: number): fc.Arbitrary<AnyLayer> =>
  fc.oneof(
    fc.constantFrom<AnyLayer>(Layer.tanh, Layer.sigmoid, Layer.identity, Layer.softplus()),
    probability.map(p => Layer.dropout({ probability: p })),
    fc.boolean().map(bias => Layer.linear(features, features, { bias })),
    fc.constant(Layer.runningMean(features)),
    fc.constant(scaling(features)),
    fc.constant(Layer.residual(Layer.linear(features, features)))
  )

/** Layers of which each fits the one before, some of them under a name. */
export const fitting = (count: number): fc.Arbitrary<readonly AnyLayer[]> =>
  fc
    .tuple(sizes, fc.array(fc.tuple(sizes, fc.boolean(), fc.boolean()), { minLength: count, maxLength: count }))
    .chain(([first, steps]) => {
      let features = first
      return fc.tuple(
        ...steps.map(([next, changes, isNamed], i) => {
          const before = features
          if (changes) features = next
          const layer = changes ? fc.constant<AnyLayer>(Layer.linear(before, next)) : keeping(before)
          return isNamed ? layer.map(l => Layer.named(`layer_${i}` as 'layer', l)) : layer
        })
      )
    })
