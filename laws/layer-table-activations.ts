/** Instances of every activation, with the inputs at which it has no derivative. */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import type { AnyLayer } from '../src/layer/types.js'
import { type Subject, smooth } from './layer-case.js'

const kinked =
  (...kinks: readonly number[]) =>
  (layer: AnyLayer): Subject => ({ layer, kinks })
const always = (layer: AnyLayer): fc.Arbitrary<Subject> => fc.constant(smooth(layer))
const atKinks = (layer: AnyLayer, ...kinks: readonly number[]): fc.Arbitrary<Subject> =>
  fc.constant(kinked(...kinks)(layer))
const alpha = fc.constantFrom(0.5, 1, 1.75)
const lambda = fc.constantFrom(0, 0.5, 1.25)
const axis = fc.constantFrom(-1 as const, -2 as const)
/** A layer along the last axis of three features that a linear one makes, so that there is more than one of them. */
const alongThree = (layer: AnyLayer): AnyLayer => Layer.sequential(Layer.linear(3, 3), layer as typeof Layer.tanh)

export const activations = {
  tanh: always(Layer.tanh),
  sigmoid: always(Layer.sigmoid),
  logSigmoid: always(Layer.logSigmoid),
  silu: always(Layer.silu),
  mish: always(Layer.mish),
  tanhshrink: always(Layer.tanhshrink),
  gelu: fc.constantFrom('none' as const, 'tanh' as const).map(approximate => smooth(Layer.gelu({ approximate }))),
  softplus: fc
    .tuple(fc.constantFrom(0.5, 1, 4), fc.constantFrom(2, 20))
    .map(([beta, threshold]) => kinked(threshold / beta)(Layer.softplus({ beta, threshold }))),
  softsign: atKinks(Layer.softsign, 0),

  relu: atKinks(Layer.relu, 0),
  leakyRelu: fc.constantFrom(0, 0.01, 0.3).map(negativeSlope => kinked(0)(Layer.leakyRelu({ negativeSlope }))),
  elu: alpha.map(alpha => kinked(0)(Layer.elu({ alpha }))),
  selu: atKinks(Layer.selu, 0),
  celu: alpha.map(alpha => kinked(0)(Layer.celu({ alpha }))),
  prelu: fc
    .tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(0 as const, 1 as const))
    .map(([parameters, spatial]) => kinked(0)(Layer.prelu({ parameters, spatial, initial: 0.5 }))),

  relu6: atKinks(Layer.relu6, 0, 6),
  hardtanh: fc
    .tuple(fc.constantFrom(-1.5, -1, -0.25), fc.constantFrom(0.25, 1, 1.25))
    .map(([min, max]) => kinked(min, max)(Layer.hardtanh({ min, max }))),
  hardsigmoid: atKinks(Layer.hardsigmoid, -3, 3),
  hardswish: atKinks(Layer.hardswish, -3, 3),
  softshrink: lambda.map(lambda => kinked(-lambda, lambda)(Layer.softshrink({ lambda }))),
  hardshrink: lambda.map(lambda => kinked(-lambda, lambda)(Layer.hardshrink({ lambda }))),
  threshold: fc
    .tuple(fc.constantFrom(-0.5, 0.25), fc.constantFrom(0, -2))
    .map(([threshold, value]) => kinked(threshold)(Layer.threshold({ threshold, value }))),

  softmax: axis.map(axis => smooth(axis === -1 ? alongThree(Layer.softmax()) : Layer.softmax({ axis }))),
  logSoftmax: axis.map(axis => smooth(axis === -1 ? alongThree(Layer.logSoftmax()) : Layer.logSoftmax({ axis }))),
  softmin: axis.map(axis => smooth(axis === -1 ? alongThree(Layer.softmin()) : Layer.softmin({ axis }))),
  glu: fc
    .constantFrom(2, 4)
    .map(features => smooth(Layer.sequential(Layer.linear(3, features), Layer.glu() as unknown as typeof Layer.tanh)))
}
