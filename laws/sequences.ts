/** What must hold of layers over sequences: that time runs one way where it should, and that order matters only where it should. */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import { untyped } from '../src/layer/layer.js'
import type { Values } from '../src/layer/runtime.js'
import type { AnyLayer } from '../src/layer/types.js'
import { take } from '../src/primitive/indexing.js'
import { permute } from '../src/primitive/movement.js'
import { concat, reverse, slice } from '../src/primitive/window.js'
import { permutation } from '../src/random/distribution.js'
import { key } from '../src/random/key.js'
import { range } from '../src/structure/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { type Law, law } from './law.js'
import { type LayerCase, layerCase, smooth, tensorOf } from './layer-case.js'
import { recurrences } from './layer-table-recurrent.js'
import { close } from './same.js'

const near = close(1e-12)
const apply = (layer: AnyLayer, params: Values, x: Values): Values =>
  untyped(layer).forward(params, 'evaluation')(x)({ buffers: {}, key: key(0) })[0]

/** The axis of time, before that of the features. */
const time = (x: Tensor): number => x.shape.length - 2
const length = (x: Tensor): number => x.shape[time(x)]!
/** Steps from one up to but not including another. */
const part =
  (from: number, to: number) =>
  (x: Tensor): Tensor => {
    const at = time(x)
    const shape = x.shape.map((extent, axis) => (axis === at ? to - from : extent))
    return slice({ start: shape.map((_, axis) => (axis === at ? from : 0)), step: shape.map(() => 1), shape })(x)
  }
/** The steps in another order. */
const reordered =
  (order: Tensor) =>
  (x: Tensor): Tensor => {
    const axes = range(x.shape.length)
    const swapped = permute([time(x), ...axes.filter(axis => axis !== time(x))])(x)
    return permute([...axes.slice(1, -1), 0, x.shape.length - 1])(take(order)(swapped))
  }

/** Of layers that look back only: recurrent ones in one direction, causal attention. */
export const causality: Law<LayerCase> = law(
  'causality',
  'apply(p)(take t xs) ≈ take t (apply(p)(xs)): outputs do not depend on what comes after them',
  ({ layer, params, x }) => {
    const xs = x as Tensor
    const whole = apply(layer, params, xs) as Tensor
    return range(length(xs) + 1)
      .slice(1)
      .every(t => near(apply(layer, params, part(0, t)(xs)), part(0, t)(whole)))
  }
)

/** Of layers that do not know where in a sequence they are: attention to everything without positions. */
export const equivariance: Law<LayerCase> = law(
  'equivariance under order',
  'apply(p)(π xs) ≈ π (apply(p)(xs)) for every order π of the steps',
  ({ layer, params, x, seed }) => {
    const xs = x as Tensor
    const turn = reordered(permutation(length(xs))(key(seed)))
    return near(apply(layer, params, turn(xs)), turn(apply(layer, params, xs) as Tensor))
  }
)

interface WithState {
  readonly input: Tensor
  readonly state: Values
}
/** Of recurrent layers in one direction, with their state carried. */
export const continuation: Law<LayerCase> = law(
  'continuation',
  'run(xs ⧺ ys)(s) ≈ (a ⧺ b, s″) where (a, s′) = run(xs)(s) and (b, s″) = run(ys)(s′), for no steps too',
  ({ layer, params, x }) => {
    const { input, state } = x as WithState
    const run = (xs: Tensor, from: Values) =>
      apply(layer, params, { input: xs, state: from }) as { readonly output: Tensor; readonly state: Values }
    const whole = run(input, state)
    return range(length(input) + 1).every(t => {
      const first = run(part(0, t)(input), state)
      const second = run(part(t, length(input))(input), first.state)
      const output = concat(time(input))([first.output, second.output])
      return near({ output, state: second.state }, whole)
    })
  }
)

/** One recurrent layer in both directions, and the same in one, with the parameters of the former. */
export interface BothWays {
  readonly both: AnyLayer
  readonly one: AnyLayer
  readonly params: Readonly<Record<string, Tensor>>
  readonly x: Tensor
}
export const bothWays: fc.Arbitrary<BothWays> = fc
  .tuple(
    fc.constantFrom(Layer.rnn, Layer.gru, Layer.lstm),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.boolean(),
    fc.nat(1e6),
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
  )
  .chain(([make, features, hidden, bias, seed, lead]) => {
    const of = (bidirectional: boolean): AnyLayer =>
      (make as typeof Layer.gru)(features, hidden, { bidirectional, bias })
    const both = of(true)
    const [params] = untyped(both).init({ dtype: 'float64' })(key(seed))
    return tensorOf([...lead, features]).map(x => ({
      both,
      one: of(false),
      params: params as BothWays['params'],
      x
    }))
  })
/** Of two directions. */
export const directions: Law<BothWays> = law(
  'directions',
  'both(p, q)(xs) ≈ one(p)(xs) ⊕ reverse(one(q)(reverse xs)), side by side',
  ({ both, one, params, x }) => {
    const own = (suffix: string): Values =>
      Object.fromEntries(
        Object.entries(params).flatMap(([name, value]) =>
          name.endsWith('_reverse') === (suffix !== '') ? [[name.replace('_reverse', ''), value]] : []
        )
      )
    const turn = reverse([time(x)])
    const forwards = apply(one, own(''), x) as Tensor
    const backwards = turn(apply(one, own('_reverse'), turn(x)) as Tensor)
    return near(apply(both, params, x), concat(x.shape.length - 1)([forwards, backwards]))
  }
)

const divided = fc.constantFrom<(readonly [number, number])[]>([1, 1], [2, 1], [2, 2], [4, 2])
/** Layers that look back only. */
export const causalLayers: fc.Arbitrary<AnyLayer> = fc.oneof(
  recurrences.filter(({ bidirectional }) => !bidirectional).map(({ layer }): AnyLayer => layer),
  divided.map(([embedding, heads]): AnyLayer => Layer.selfAttention(embedding, heads, { causal: true })),
  fc.tuple(divided, fc.boolean()).map(([[embedding, heads], normFirst]): AnyLayer => {
    const block = Layer.transformerEncoderLayer(embedding, heads, { feedForward: 3, normFirst, causal: true })
    return Layer.sequential(Layer.sinusoidalEncoding(embedding), block as never) as AnyLayer
  }),
  fc.constantFrom(2, 4).map((features): AnyLayer => Layer.selfAttention(features, 1, { causal: true, rotary: true }))
)
/** Layers that see all steps, and not in which order they come. */
export const orderlessLayers: fc.Arbitrary<AnyLayer> = fc.oneof(
  divided.map(([embedding, heads]): AnyLayer => Layer.selfAttention(embedding, heads)),
  fc
    .tuple(divided, fc.boolean())
    .map(
      ([[embedding, heads], normFirst]): AnyLayer =>
        Layer.transformerEncoderLayer(embedding, heads, { feedForward: 3, normFirst })
    )
)
/** Recurrent layers in one direction, with their state carried. */
export const continuing: fc.Arbitrary<AnyLayer> = recurrences
  .filter(({ bidirectional }) => !bidirectional)
  .map(({ layer }): AnyLayer => Layer.carried(layer))

/** Layers at sequences. */
export const sequenceCase = (layers: fc.Arbitrary<AnyLayer>): fc.Arbitrary<LayerCase> => layerCase(layers.map(smooth))
