/**
 * For every layer and maker of layers that the library exports, instances of it with arbitrary settings and sizes.
 * One that is missing here is a type error.
 */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import type { AnyLayer } from '../src/layer/types.js'
import { mul } from '../src/primitive/arithmetic.js'
import { cast } from '../src/primitive/conversion.js'
import { broadcast } from '../src/primitive/movement.js'
import { normal } from '../src/random/distribution.js'
import { draw } from '../src/random/key.js'
import { type Subject, smooth } from './layer-case.js'

/** What `Layer` exports beside layers and their makers: words about layers. */
export const words = [
  'init',
  'initialize',
  'predict',
  'show',
  'summary',
  'spec',
  'namedParameters',
  'parameters',
  'countParameters',
  'intermediates'
] as const
export type LayerName = Exclude<keyof typeof Layer, (typeof words)[number]>

export const sizes = fc.integer({ min: 1, max: 4 })
const probability = fc.constantFrom(0, 0.25, 0.5, 0.9)
const kinked =
  (kinks: readonly number[]) =>
  (layer: AnyLayer): Subject => ({ layer, kinks })

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

const sequence = (layers: readonly AnyLayer[]): AnyLayer => Layer.sequential(...layers)

export const layers: { readonly [Name in LayerName]: fc.Arbitrary<Subject> } = {
  tanh: fc.constant(smooth(Layer.tanh)),
  sigmoid: fc.constant(smooth(Layer.sigmoid)),
  identity: fc.constant(smooth(Layer.identity)),
  relu: fc.constant(kinked([0])(Layer.relu)),
  hardtanh: fc
    .tuple(fc.constantFrom(-1.5, -1, -0.25), fc.constantFrom(0.25, 1, 1.25))
    .map(([min, max]) => kinked([min, max])(Layer.hardtanh({ min, max }))),
  softplus: fc
    .tuple(fc.constantFrom(0.5, 1, 4), fc.constantFrom(2, 20))
    .map(([beta, threshold]) => kinked([threshold / beta])(Layer.softplus({ beta, threshold }))),
  leakyRelu: fc.constantFrom(0, 0.01, 0.3).map(negativeSlope => kinked([0])(Layer.leakyRelu({ negativeSlope }))),
  softmax: fc.constant(smooth(Layer.sequential(Layer.linear(3, 3), Layer.softmax()))),
  linear: fc
    .tuple(sizes, sizes, fc.boolean())
    .map(([inFeatures, outFeatures, bias]) => smooth(Layer.linear(inFeatures, outFeatures, { bias }))),
  dropout: probability.map(p => smooth(Layer.dropout({ probability: p }))),
  runningMean: fc
    .tuple(sizes, fc.constantFrom(0, 0.1, 1))
    .map(([features, momentum]) => smooth(Layer.runningMean(features, { momentum }))),
  make: sizes.map(features => smooth(scaling(features))),
  named: sizes.chain(keeping).map(layer => smooth(Layer.named('inner', layer))),
  sequential: fc.integer({ min: 0, max: 4 }).chain(fitting).map(sequence).map(smooth),
  andThen: fitting(2).map(([f, g]) => smooth(Layer.andThen(g!)(f! as never))),
  parallel: fc
    .array(sizes.chain(keeping), { minLength: 1, maxLength: 3 })
    .map(branches => smooth(Layer.parallel(...branches))),
  residual: sizes.chain(keeping).map(layer => smooth(Layer.residual(layer as typeof Layer.tanh)))
}
