/**
 * For every layer and maker of layers that the library exports, instances of it with arbitrary settings and sizes.
 * One that is missing here is a type error.
 */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import type { AnyLayer } from '../src/layer/types.js'
import { type Subject, smooth } from './layer-case.js'
import { fitting, keeping, probability, scaling, sizes } from './layer-parts.js'
import { activations } from './layer-table-activations.js'
import { attention } from './layer-table-attention.js'
import { combinators } from './layer-table-combinators.js'
import { convolutions } from './layer-table-convolution.js'
import { normalizations } from './layer-table-normalization.js'
import { pools } from './layer-table-pooling.js'
import { recurrent } from './layer-table-recurrent.js'
import { shapeLayers } from './layer-table-shape.js'

export { fitting, keeping, scaling, sizes }

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
  'intermediates',
  'isFrozen',
  'Category',
  'URI'
] as const
export type LayerName = Exclude<keyof typeof Layer, (typeof words)[number]>

const sequence = (layers: readonly AnyLayer[]): AnyLayer => Layer.sequential(...layers)

export const layers: { readonly [Name in LayerName]: fc.Arbitrary<Subject> } = {
  ...convolutions,
  ...normalizations,
  ...shapeLayers,
  ...pools,
  ...recurrent,
  ...attention,
  ...activations,
  ...combinators,
  identity: fc.constant(smooth(Layer.identity)),
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
