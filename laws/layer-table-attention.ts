/** Attention, what tells its positions apart, and the bilinear layer, with arbitrary settings, over short sequences. */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import { type Shape, size } from '../src/structure/shape.js'
import { constant, type Tensor } from '../src/tensor/tensor.js'
import { type Subject, smooth, tensorOf } from './layer-case.js'

const few = fc.integer({ min: 1, max: 3 })
/** Features, and a number of heads that divides them. */
const divided = fc.constantFrom<(readonly [number, number])[]>([1, 1], [2, 1], [2, 2])
const chance = fc.constantFrom(0, 0.5)

/** Truth values, of which about a third are true. */
const forbidding = (shape: Shape): fc.Arbitrary<Tensor> =>
  fc
    .array(fc.constantFrom(0, 0, 1), { minLength: size(shape), maxLength: size(shape) })
    .map(bits => constant(shape, 'bool', Uint8Array.from(bits)))

/** Sequences of so many features, most of them short: what is long costs most. */
const sequences =
  (features: number) =>
  (lead: Shape): fc.Arbitrary<Tensor> =>
    fc.constantFrom(1, 2, 2, 3).chain(positions => tensorOf([...lead, positions, features]))

interface Features {
  readonly embedding: number
  readonly key: number
  readonly value: number
}
/** Queries, keys and values, and masks or none: true or false for every pair, or numbers to add. */
export const attended =
  ({ embedding, key, value }: Features) =>
  (lead: Shape): fc.Arbitrary<{ readonly [name: string]: Tensor }> =>
    fc.tuple(fc.constantFrom(1, 2, 2, 3), fc.constantFrom(1, 2, 2, 3)).chain(([queries, keys]) =>
      fc.record(
        {
          query: tensorOf([...lead, queries, embedding]),
          key: tensorOf([...lead, keys, key]),
          value: tensorOf([...lead, keys, value]),
          mask: fc.oneof(forbidding([...lead, queries, keys]), tensorOf([...lead, queries, keys])),
          keyPadding: forbidding([...lead, keys])
        },
        { requiredKeys: ['query', 'key', 'value'] }
      )
    )

export const attention = {
  bilinear: fc
    .tuple(few, few, few, fc.boolean())
    .map(([first, second, out, bias]) => smooth(Layer.bilinear(first, second, out, { bias }))),
  multiHeadAttention: fc
    .tuple(divided, few, few, fc.record({ bias: fc.boolean(), dropout: chance, weights: fc.boolean() }))
    .chain(([[embedding, heads], other, another, options]) =>
      fc.constantFrom({ key: embedding, value: embedding }, { key: other, value: another }).map(
        ({ key, value }): Subject => ({
          layer: Layer.multiHeadAttention(embedding, heads, { ...options, keyFeatures: key, valueFeatures: value }),
          kinks: [],
          input: attended({ embedding, key, value })
        })
      )
    ),
  selfAttention: fc
    .tuple(divided, fc.record({ bias: fc.boolean(), dropout: chance, causal: fc.boolean(), rotary: fc.boolean() }))
    .map(([[embedding, heads], options]): Subject => {
      const rotary = options.rotary && (embedding / heads) % 2 === 0
      return {
        layer: Layer.selfAttention(embedding, heads, { ...options, rotary }),
        kinks: [],
        input: sequences(embedding)
      }
    }),
  sinusoidalEncoding: few.map(features => smooth(Layer.sinusoidalEncoding(features, { maximumLength: 3 }))),
  learnedEncoding: few.map(features => smooth(Layer.learnedEncoding(3, features))),
  rotaryEncoding: fc.constantFrom(2, 4).map(features => smooth(Layer.rotaryEncoding(features))),
  // Relu's kink lies inside, where no input is known to miss it: it is left to examples. A large epsilon, or one feature would always be 0.
  transformerEncoderLayer: fc
    .tuple(divided, fc.record({ dropout: chance, normFirst: fc.boolean(), causal: fc.boolean() }))
    .map(
      ([[embedding, heads], options]): Subject => ({
        layer: Layer.transformerEncoderLayer(embedding, heads, {
          ...options,
          feedForward: 2,
          activation: 'gelu',
          epsilon: 0.5
        }),
        kinks: [],
        input: sequences(embedding)
      })
    )
} satisfies Readonly<Record<string, fc.Arbitrary<Subject>>>
