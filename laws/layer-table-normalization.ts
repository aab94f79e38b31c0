/** Normalizing layers with arbitrary settings. Small epsilons are left to examples: where a spread is as small as they are, differences see nothing. */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import { type Subject, smooth } from './layer-case.js'

const epsilon = fc.constantFrom(0.25, 1)
const few = fc.integer({ min: 1, max: 3 })
const momentum = fc.constantFrom(0, 0.1, 1, null)
const channelOptions = fc.record({ epsilon, momentum, affine: fc.boolean(), trackRunningStatistics: fc.boolean() })

export const normalizations = {
  layerNorm: fc
    .tuple(fc.oneof(few, fc.array(few, { minLength: 1, maxLength: 2 })), epsilon, fc.boolean())
    .map(([shape, epsilon, affine]) => smooth(Layer.layerNorm(shape, { epsilon, affine }))),
  rmsNorm: fc
    .tuple(fc.oneof(few, fc.array(few, { minLength: 1, maxLength: 2 })), epsilon, fc.boolean())
    .map(([shape, epsilon, affine]) => smooth(Layer.rmsNorm(shape, { epsilon, affine }))),
  groupNorm: fc
    .tuple(fc.constantFrom([1, 1], [1, 2], [2, 2], [2, 4]), fc.constantFrom(0, 1, 2), epsilon, fc.boolean())
    .map(([[groups, channels], spatial, epsilon, affine]) =>
      smooth(Layer.groupNorm(groups!, channels!, { epsilon, affine, spatial }))
    ),
  batchNorm1d: fc
    .tuple(few, channelOptions, fc.boolean())
    .map(([features, options, sequence]) => smooth(Layer.batchNorm1d(features, { ...options, sequence }))),
  batchNorm2d: fc.tuple(few, channelOptions).map(([channels, options]) => smooth(Layer.batchNorm2d(channels, options))),
  instanceNorm1d: fc
    .tuple(few, channelOptions)
    .map(([channels, options]) => smooth(Layer.instanceNorm1d(channels, options))),
  instanceNorm2d: fc
    .tuple(few, channelOptions)
    .map(([channels, options]) => smooth(Layer.instanceNorm2d(channels, options)))
} satisfies Readonly<Record<string, fc.Arbitrary<Subject>>>
