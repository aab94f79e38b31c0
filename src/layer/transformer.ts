/** A block of a transformer: attention, and a network for every position by itself, each added to what goes into it. */

import { relu } from '../operation/activation.js'
import { gelu } from '../operation/activation-smooth.js'
import { add } from '../primitive/arithmetic.js'
import { mistake } from '../structure/mistake.js'
import type { Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { selfAttentionOf } from './attention.js'
import { checkHeads } from './attention-heads.js'
import type { AttentionParams } from './attention-types.js'
import { composite, forwardChild } from './composition.js'
import { typed, untyped } from './layer.js'
import { linearOf } from './linear.js'
import { layerNorm } from './normalization.js'
import type { Affine } from './normalization-types.js'
import { type Memory, type RunLayer, unknownSize } from './runtime.js'
import { dropoutOf } from './stateful.js'
import { checkWhole, ending, type Keeping } from './tail.js'
import type { AnyLayer, Empty, Layer, Linear, Params } from './types.js'

const activations = { relu, gelu: gelu() } as const

interface EncoderSettings {
  readonly embedding: number
  readonly heads: number
  readonly feedForward: number
  readonly dropout: number
  readonly activation: keyof typeof activations
  readonly normFirst: boolean
  readonly causal: boolean
  readonly epsilon: number
  readonly rotary: boolean
}

const encoderLayerOf = (settings: EncoderSettings): RunLayer => {
  const kind = 'transformerEncoderLayer'
  const { embedding, heads, feedForward, dropout, activation, normFirst, causal, epsilon, rotary } = settings
  const attention = { embedding, heads, bias: true, dropout, keyFeatures: embedding, valueFeatures: embedding }
  checkHeads(`Layer.${kind}`, attention)
  checkWhole(`Layer.${kind}`, 'feedForward', feedForward)
  const bend = activations[activation]
  if (bend === undefined)
    throw mistake('InvalidArgument', `Layer.${kind}`, `activation is ${activation}; it must be relu or gelu`)
  const norm = untyped(layerNorm(embedding, { epsilon }))
  const coins = dropoutOf({ kind: 'dropout', name: 'Dropout', probability: dropout, shared: 0 })
  // In PyTorch's order, and by its names.
  const inside = {
    self_attn: selfAttentionOf(attention, { causal, rotary }),
    linear1: linearOf(embedding, feedForward, true),
    dropout: coins,
    linear2: linearOf(feedForward, embedding, true),
    norm1: norm,
    norm2: norm,
    dropout1: coins,
    dropout2: coins
  }
  const children = Object.entries(inside).map(([name, layer]) => ({ name, layer }))
  const own: Shape = [unknownSize, embedding]
  const shapeOf = ending(kind, own, x => x)
  const { batchCoupled, ...rest } = composite(kind, 'TransformerEncoderLayer', children)
  return {
    ...rest,
    batchCoupled,
    settings: { ...settings },
    input: own,
    output: own,
    shapeOf,
    shapesInside: given => {
      const shape = shapeOf(given)
      const wide = [...shape.slice(0, -1), feedForward]
      return children.map(({ name }) => (name === 'dropout' || name === 'linear2' ? wide : shape))
    },
    forward: (params, mode, look) => {
      const runs = Object.fromEntries(
        children.map(child => [child.name, forwardChild(child, params, mode, look)] as const)
      )
      return given => memory => {
        shapeOf((given as Tensor).shape)
        let now: Memory = memory
        /** Through one child or more, in order, with what they draw threaded through. */
        const through =
          (...names: readonly (keyof typeof inside)[]) =>
          (x: Tensor): Tensor =>
            names.reduce((value, name) => {
              const [output, after] = runs[name]!(value, now)
              now = { ...now, key: after.key }
              return output as Tensor
            }, x)
        const attend = through('self_attn', 'dropout1')
        const feed = (x: Tensor): Tensor => through('dropout', 'linear2', 'dropout2')(bend(through('linear1')(x)))
        const [norm1, norm2] = [through('norm1'), through('norm2')]
        const x = given as Tensor
        if (normFirst) {
          const attended = add(x, attend(norm1(x)))
          return [add(attended, feed(norm2(attended))), now]
        }
        const attended = norm1(add(x, attend(x)))
        return [norm2(add(attended, feed(attended))), now]
      }
    }
  }
}

/** PyTorch's record of the parameters of an encoder's block. */
export type EncoderLayerParams<E extends number, F extends number> = {
  readonly self_attn: AttentionParams<E, true>
  readonly linear1: Params<Linear<E, F>>
  readonly linear2: Params<Linear<F, E>>
  readonly norm1: Affine<[E], true>
  readonly norm2: Affine<[E], true>
}
/** A block of a transformer's encoder. */
export interface TransformerEncoderLayer<E extends number, F extends number = 2048>
  extends Layer<
    EncoderLayerParams<E, F>,
    [number, E],
    [number, E],
    Empty,
    'transformerEncoderLayer',
    Keeping<[number, E]>
  > {}

/**
 * A block of a transformer, `torch.nn.TransformerEncoderLayer` (Vaswani et al. 2017): self-attention A, then at each position
 * the network `F(x) = W₂ f(W₁ x + b₁) + b₂`, each added to its input and normalized by a layer norm N.
 *
 * `y = N₁(x + A(x))`, `N₂(y + F(y))`; with `normFirst`, `y = x + A(N₁(x))`, `y + F(N₂(y))`. In training elements of A(x), f(…), F(x) and
 * weights of the attention are dropped. Shapes: `[…, positions, embedding] → […, positions, embedding]`. The parameters
 * `self_attn`, `linear1`, `linear2`, `norm1`, `norm2` are those of `selfAttention(embedding, heads)`, `linear(embedding, feedForward)`,
 * `linear(feedForward, embedding)` and `layerNorm(embedding)`. With `causal`, positions attend to themselves and those before only: a
 * block of a decoder such as GPT's. Defaults: `feedForward` 2048, `dropout` 0.1, `activation` relu (or gelu), `normFirst` false,
 * `causal` false, `epsilon` (of the norms) 1e-5, `rotary` (positions, see `rotaryEncoding`) false. Without `rotary`, add a positional encoding before the first block.
 *
 * @throws a Mistake if a size is not a whole number of 1 or more, `heads` does not divide `embedding`, `dropout` is no probability, or epsilon not positive
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const block = Layer.transformerEncoderLayer(8, 2, { feedForward: 16, normFirst: true, causal: true })
 * const model = Layer.sequential(Layer.sinusoidalEncoding(8), block, Layer.layerNorm(8), Layer.linear(8, 3))
 * const params = Layer.initialize(model)(Random.key(1))
 * deepStrictEqual(Object.keys(params[1]), ['self_attn', 'linear1', 'linear2', 'norm1', 'norm2'])
 * deepStrictEqual(Tensor.shape(model.apply(params)(Tensor.ones([4, 5, 8]))), [4, 5, 3])
 */
export const transformerEncoderLayer = <E extends number, F extends number = 2048>(
  embedding: E,
  heads: number,
  {
    feedForward = 2048 as F,
    dropout = 0.1,
    activation = 'relu',
    normFirst = false,
    causal = false,
    epsilon = 1e-5,
    rotary = false
  }: {
    readonly feedForward?: F
    readonly dropout?: number
    readonly activation?: 'relu' | 'gelu'
    readonly normFirst?: boolean
    readonly causal?: boolean
    readonly epsilon?: number
    readonly rotary?: boolean
  } = {}
): TransformerEncoderLayer<E, F> =>
  typed<AnyLayer>(
    encoderLayerOf({ embedding, heads, feedForward, dropout, activation, normFirst, causal, epsilon, rotary })
  ) as TransformerEncoderLayer<E, F>
