/** Layers of attention: every position reads from all others that it may attend to. */
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape } from '../structure/shape.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import { attending, checkHeads, type HeadInput, type HeadSettings, initHeads, printedHeads } from './attention-heads.js'
import type { MultiHeadAttention, SelfAttention } from './attention-types.js'
import { typed } from './layer.js'
import { checkRotated, rotated } from './positional.js'
import { empty, type RunLayer, type RunShape, unknownSize, type Values } from './runtime.js'
import { ending } from './tail.js'
import type { AnyLayer } from './types.js'

/** The settings that all layers of attention have. */
export interface AttentionOptions<Bias extends boolean> {
  /** True unless given. */
  readonly bias?: Bias
  /** The probability with which a weight is dropped in training, 0 unless given. */
  readonly dropout?: number
}

/** What all layers of attention are at run time. */
const attentive = (kind: string, settings: HeadSettings, more: RunLayer['settings']) => {
  checkHeads(`Layer.${kind}`, settings)
  return {
    kind,
    printed: printedHeads(settings),
    settings: { ...settings, ...more },
    children: [],
    // A mask of dropout has a coin for every weight.
    batchCoupled: false,
    init: initHeads(settings),
    buffers: empty
  }
}

const multiHeadOf = (settings: HeadSettings, withWeights: boolean): RunLayer => {
  const kind = 'multiHeadAttention'
  const { embedding, keyFeatures, valueFeatures } = settings
  const shared = attentive(kind, settings, { weights: withWeights })
  const attend = attending(kind, settings, false)
  const input = {
    query: [unknownSize, embedding],
    key: [unknownSize, keyFeatures],
    value: [unknownSize, valueFeatures]
  }
  const output: Shape = [unknownSize, embedding]
  const rules = Object.entries(input).map(([name, own]) => [name, ending(`${kind}: ${name}`, own, x => x)] as const)
  /** The shapes of queries, keys and values, if they fit each other. */
  const checked = (shapes: Readonly<Record<string, Shape | undefined>>): readonly [Shape, Shape] => {
    const [query, key, value] = rules.map(([name, rule]) => {
      const shape = shapes[name]
      if (shape === undefined)
        throw mistake(
          'TreeMismatch',
          kind,
          `takes a record { query, key, value, mask?, keyPadding? } of tensors, and ${name} is none`
        )
      return rule(shape)
    }) as [Shape, Shape, Shape]
    const lead = query.slice(0, -2)
    if (!sameShape(key.slice(0, -1), value.slice(0, -1)) || !sameShape(lead, key.slice(0, -2)))
      throw mistake(
        'ShapeMismatch',
        kind,
        `query ${showShape(query)}, key ${showShape(key)} and value ${showShape(value)}: leading axes must be the same, and there must be as many keys as values`
      )
    return [query, [...lead, query[query.length - 2]!, key[key.length - 2]!]]
  }
  const result = (first: Values, second: () => Values): Values =>
    withWeights ? { output: first, weights: second() } : first
  return {
    ...shared,
    input,
    output: result(output, () => [unknownSize, unknownSize]) as RunShape,
    shapeOf: given => {
      const [first, second] = checked(given as unknown as Readonly<Record<string, Shape>>)
      return result(first, () => second) as RunShape
    },
    forward: (params, mode) => {
      const run = attend(params, mode)
      return given => memory => {
        const inputs = (given ?? {}) as HeadInput
        checked(
          Object.fromEntries(Object.entries(inputs).flatMap(([name, x]) => (isTensor(x) ? [[name, x.shape]] : [])))
        )
        const { output: first, weights, memory: after } = run(inputs, memory)
        return [result(first, weights), after]
      }
    }
  }
}

export const selfAttentionOf = (
  settings: HeadSettings,
  { causal, rotary }: { readonly causal: boolean; readonly rotary: boolean }
): RunLayer => {
  const kind = 'selfAttention'
  const own: Shape = [unknownSize, settings.embedding]
  const shapeOf = ending(kind, own, x => x)
  const shared = attentive(kind, settings, { causal, rotary })
  if (rotary) checkRotated(`Layer.${kind}`, 'the features of a head', settings.embedding / settings.heads)
  const attend = attending(kind, settings, causal, rotary ? rotated(10000) : undefined)
  return {
    ...shared,
    input: own,
    output: own,
    shapeOf,
    forward: (params, mode) => {
      const run = attend(params, mode)
      return given => memory => {
        const x = given as Tensor
        shapeOf(x.shape)
        const { output, memory: after } = run({ query: x, key: x, value: x }, memory)
        return [output, after]
      }
    }
  }
}

/**
 * Attention of several heads, each over its own part of the features, `W_o concat(head₁, …) + b_o` with
 * `headᵢ = softmax(Qᵢ Kᵢᵀ / √features of a head + mask) Vᵢ`: `torch.nn.MultiheadAttention` (Vaswani et al. 2017).
 *
 * It takes `{ query: […, queries, embedding], key: […, keys, keyFeatures], value: […, keys, valueFeatures] }` and gives
 * `[…, queries, embedding]`; with `weights: true` it gives `{ output, weights }`, the mean of the heads' weights `[…, queries, keys]` beside it.
 * As in PyTorch's module, a bool `mask [queries, keys]` is true where a query may **not** attend to a key
 * (`Tensor.scaledDotProductAttention` has it the other way round, as PyTorch's function has), and `keyPadding [keys]` is true where a key is
 * only padding; of numbers they are added to the scores. Either may have the inputs' leading axes or none, and is the same for all heads.
 * A query that may attend to nothing has weights 0, where PyTorch before 2.5 has NaN.
 *
 * Parameters: `in_proj_weight [3 · embedding, embedding]` (queries, keys, values; where keys or values have other features it is
 * `q_proj_weight [embedding, embedding]`, `k_proj_weight [embedding, keyFeatures]`, `v_proj_weight [embedding, valueFeatures]`), equally likely from
 * ±√(6 / (rows + columns)), `in_proj_bias [3 · embedding]`, 0, and `out_proj`, whose `weight [embedding, embedding]` is equally likely from ±1/√embedding and
 * whose `bias [embedding]` is 0. Defaults: `bias` true, `dropout` (of weights, in training) 0, `keyFeatures` and `valueFeatures` as many as
 * `embedding`, `weights` false.
 *
 * @throws a Mistake if a size is not a whole number of 1 or more, `heads` does not divide `embedding`, or `dropout` is no probability;
 * when applied, if leading axes differ, there are not as many values as keys, or a mask has another shape
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual, strictEqual } from 'node:assert'
 *
 * // Five queries into seven memories, of which the last two are padding.
 * const attention = Layer.multiHeadAttention(8, 2, { weights: true })
 * const params = Layer.initialize(attention)(Random.key(1))
 * const memory = Tensor.ones([7, 8])
 * const keyPadding = Tensor.tensor([false, false, false, false, false, true, true])
 * const { output, weights } = attention.apply(params)({ query: Tensor.ones([5, 8]), key: memory, value: memory, keyPadding })
 * deepStrictEqual([Tensor.shape(output), Tensor.shape(weights)], [[5, 8], [5, 7]])
 * const hidden = pipe(weights, Tensor.slice({ axis: -1, start: 5, stop: 7 }), Tensor.sum(), Tensor.item)
 * strictEqual(hidden, 0)
 */
export const multiHeadAttention = <
  E extends number,
  Bias extends boolean = true,
  K extends number = E,
  V extends number = E,
  Weights extends boolean = false
>(
  embedding: E,
  heads: number,
  {
    bias = true as Bias,
    dropout = 0,
    keyFeatures = embedding as number as K,
    valueFeatures = embedding as number as V,
    weights = false as Weights
  }: AttentionOptions<Bias> & {
    readonly keyFeatures?: K
    readonly valueFeatures?: V
    /** Whether to give the weights too. */
    readonly weights?: Weights
  } = {}
): MultiHeadAttention<E, Bias, K, V, Weights> =>
  typed<AnyLayer>(
    multiHeadOf({ embedding, heads, bias, dropout, keyFeatures, valueFeatures }, weights)
  ) as MultiHeadAttention<E, Bias, K, V, Weights>

/**
 * Attention of a sequence to itself: `torch.nn.MultiheadAttention` with one tensor for query, key and value.
 *
 * Shapes: `[…, positions, embedding] → […, positions, embedding]`. Parameters and their initialisation are those of `multiHeadAttention`.
 * With `causal`, a position attends to itself and to those before it only. With `rotary`, queries and keys are turned by their
 * positions (see `rotaryEncoding`), so that scores know how far apart they are. Without it the order of positions is not known to the layer.
 * Defaults: `causal` false, `rotary` false, `bias` true, `dropout` (of weights, in training) 0.
 *
 * @throws a Mistake if a size is not a whole number of 1 or more, `heads` does not divide `embedding`, `dropout` is no probability, or
 * the features of a head are odd and `rotary` is true
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const attention = Layer.selfAttention(8, 2, { causal: true })
 * const params = Layer.initialize(attention)(Random.key(1))
 * deepStrictEqual(Object.keys(params), ['in_proj_weight', 'in_proj_bias', 'out_proj'])
 * deepStrictEqual(Tensor.shape(attention.apply(params)(Tensor.ones([3, 5, 8]))), [3, 5, 8])
 */
export const selfAttention = <E extends number, Bias extends boolean = true>(
  embedding: E,
  heads: number,
  {
    bias = true as Bias,
    dropout = 0,
    causal = false,
    rotary = false
  }: AttentionOptions<Bias> & { readonly causal?: boolean; readonly rotary?: boolean } = {}
): SelfAttention<E, Bias> =>
  typed<AnyLayer>(
    selfAttentionOf(
      { embedding, heads, bias, dropout, keyFeatures: embedding, valueFeatures: embedding },
      { causal, rotary }
    )
  ) as SelfAttention<E, Bias>
