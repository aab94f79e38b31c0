/**
 * Attention: each query's mean of values, weighted by how well it meets the keys. Queries, keys and values lie along the axis before the last.
 *
 * A query that may attend to nothing has the weights 0, as in PyTorch from 2.5 on, and not NaN: its output is 0, and so are all
 * derivatives through it.
 */
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { matmul as multiply } from '../primitive/contraction.js'
import { cast, stopGradient } from '../primitive/conversion.js'
import { exp } from '../primitive/elementary.js'
import { amax } from '../primitive/extremum.js'
import { broadcast, reshape, sum } from '../primitive/movement.js'
import { bitAnd, equal, less, where } from '../primitive/selection.js'
import type { Swap } from '../structure/axis-types.js'
import type { Matmul } from '../structure/broadcast-types.js'
import { floating, promote } from '../structure/dtype.js'
import { type Mistake, mistake } from '../structure/mistake.js'
import { broadcastShapes, type Shape, showShape } from '../structure/shape.js'
import type { SameSize, Show } from '../structure/shape-types.js'
import { constant, type Tensor } from '../tensor/tensor.js'
import { softmax } from './activation.js'

/** Where a query may attend to a key, and what is added to its score there; both broadcast to the scores. */
export interface Masks {
  readonly allowed?: Tensor | undefined
  readonly added?: Tensor | undefined
}

/** Position i may attend to positions up to i: `[queries, keys]`. */
export const causalMask = (queries: number, keys: number): Tensor =>
  constant(
    [queries, keys],
    'bool',
    Uint8Array.from({ length: queries * keys }, (_, i) => (i % keys <= Math.floor(i / keys) ? 1 : 0))
  )

/** Where both allow. */
export const both = (a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined =>
  a === undefined || b === undefined ? (a ?? b) : bitAnd(a, b)

/** The softmax of scores along the last axis, where that is allowed. */
export const attentionWeights = (scores: Tensor, { allowed, added }: Masks): Tensor => {
  const { shape, dtype } = scores
  if (allowed === undefined && added === undefined) return softmax()(scores) as Tensor
  const keys = shape[shape.length - 1]!
  if (keys === 0) return scores
  const moved = added === undefined ? scores : add(scores, broadcast(shape)(cast(dtype)(added)))
  const masked = allowed === undefined ? moved : where(broadcast(shape)(allowed), moved, Number.NEGATIVE_INFINITY)
  const last = [shape.length - 1]
  const column = reshape([...shape.slice(0, -1), 1])
  // Where every score is −∞ there is nothing to subtract: −∞ less −∞ would be NaN.
  const largest = stopGradient(column(amax(last)(masked)))
  const shift = where(less(Number.NEGATIVE_INFINITY, largest), largest, 0)
  const weights = exp(sub(masked, broadcast(shape)(shift)))
  const total = column(sum(last)(weights))
  return div(weights, broadcast(shape)(where(equal(total, 0), 1, total)))
}

/** The scores `scale · Q Kᵀ`, for equal leading axes. */
export const attentionScores = (query: Tensor, key: Tensor, scale: number): Tensor =>
  multiply({ left: false, right: true })(mul(query, scale), key)

type Last<S extends Shape> = S extends readonly [...unknown[], infer L extends number] ? L : number
type Rows<S extends Shape> = S extends readonly [...unknown[], infer R extends number, number] ? R : number
/** The shape of an attention's output, or what is wrong. */
type Attended<Q extends Shape, K extends Shape, V extends Shape> =
  SameSize<Last<Q>, Last<K>> extends false
    ? `scaledDotProductAttention: query ${Show<Q>} and key ${Show<K>} differ in features`
    : SameSize<Rows<K>, Rows<V>> extends false
      ? `scaledDotProductAttention: key ${Show<K>} and value ${Show<V>} differ in number`
      : Swap<K, -2, -1> extends infer Columns extends Shape
        ? Matmul<Q, Columns> extends infer Scores extends Shape
          ? Matmul<Scores, V>
          : Matmul<Q, Columns>
        : Shape
export type AttentionOperand<Q extends Shape, K extends Shape, V extends Shape> =
  Attended<Q, K, V> extends infer Message extends string ? Message : Tensor<Q>
export type AttentionResult<Q extends Shape, K extends Shape, V extends Shape> =
  Attended<Q, K, V> extends infer R extends Shape ? Tensor<R> : Tensor

/** Keys and values, and how they are attended to. */
export interface Attention<K extends Shape = Shape, V extends Shape = Shape> {
  readonly key: Tensor<K>
  readonly value: Tensor<V>
  /** Bool: where a query may attend to a key (true = takes part). Of numbers: what is added to the scores. */
  readonly mask?: Tensor
  /** Whether query i attends to keys 0 … i only; false unless given. */
  readonly causal?: boolean
  /** What the products of queries and keys are multiplied by, 1/√features unless given. */
  readonly scale?: number
}

const attend = ({ key, value, mask, causal = false, scale }: Attention, query: Tensor): Tensor => {
  const wrong = (what: string): Mistake => mistake('ShapeMismatch', 'scaledDotProductAttention', what)
  for (const [name, { shape }] of Object.entries({ query, key, value }))
    if (shape.length < 2)
      throw wrong(`${name} ${showShape(shape)} needs two axes: […, ${name === 'query' ? 'queries' : 'keys'}, features]`)
  const [queries, features] = query.shape.slice(-2) as [number, number]
  const [keys, keyFeatures] = key.shape.slice(-2) as [number, number]
  const [values, valueFeatures] = value.shape.slice(-2) as [number, number]
  if (features !== keyFeatures)
    throw wrong(`query ${showShape(query.shape)} and key ${showShape(key.shape)} differ in features`)
  if (keys !== values) throw wrong(`key ${showShape(key.shape)} and value ${showShape(value.shape)} differ in number`)
  const leading = [query, key, value]
    .map(x => x.shape.slice(0, -2))
    .reduce<Shape>((a, b) => broadcastShapes('scaledDotProductAttention', a, b), [])
  const dtype = floating([query, key, value].map(x => x.dtype).reduce(promote))
  const lift = (x: Tensor): Tensor => broadcast([...leading, ...x.shape.slice(-2)])(cast(dtype)(x))
  const scores = attentionScores(lift(query), lift(key), scale ?? 1 / Math.sqrt(features))
  if (
    mask !== undefined &&
    broadcastShapes('scaledDotProductAttention', mask.shape, scores.shape).length > scores.shape.length
  )
    throw wrong(`mask ${showShape(mask.shape)} has more axes than the scores ${showShape(scores.shape)}`)
  const isAllowed = mask?.dtype === 'bool'
  const weights = attentionWeights(scores, {
    allowed: both(isAllowed ? mask : undefined, causal ? causalMask(queries, keys) : undefined),
    added: isAllowed ? undefined : mask
  })
  const output = multiply({ left: false, right: false })(weights, lift(value))
  return reshape([...leading, queries, valueFeatures])(output)
}

/**
 * Attention, `softmax(scale · Q Kᵀ + mask) V`: `torch.nn.functional.scaled_dot_product_attention` (Vaswani et al. 2017).
 *
 * Shapes: query `[…, queries, features]`, key `[…, keys, features]`, value `[…, keys, out]` → `[…, queries, out]`, leading axes
 * (examples, heads) broadcast. As in PyTorch's function of this name, a bool `mask` is true where a query **takes part**, that is may
 * attend to a key (`Layer.multiHeadAttention` has it the other way round, as PyTorch's module has); one of numbers is added to the scores,
 * −∞ forbids. It broadcasts to `[…, queries, keys]`, and goes together with `causal`. A query that may attend to nothing gives 0.
 * Defaults: no mask, `causal` false, `scale` 1/√features.
 *
 * @throws a Mistake if queries and keys differ in features, keys and values in number, or leading axes or the mask do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // The query meets both keys equally well.
 * const key = Tensor.tensor([[1, 0], [0, 1]])
 * const value = Tensor.tensor([[2, 4, 6], [4, 8, 10]])
 * const query = Tensor.tensor([[5, 5], [5, 5]])
 * deepStrictEqual(pipe(query, Tensor.scaledDotProductAttention({ key, value }), Tensor.toArray), [[3, 6, 8], [3, 6, 8]])
 * const causal = Tensor.scaledDotProductAttention({ key, value, causal: true })
 * deepStrictEqual(pipe(query, causal, Tensor.toArray), [[2, 4, 6], [3, 6, 8]])
 */
export const scaledDotProductAttention =
  <K extends Shape, V extends Shape>(attention: Attention<K, V>) =>
  <Q extends Shape>(query: AttentionOperand<Q, K, V>): AttentionResult<Q, K, V> =>
    attend(attention as Attention, query as Tensor) as AttentionResult<Q, K, V>
