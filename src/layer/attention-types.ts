/** Attention layers as the compiler sees them, with PyTorch's names of parameters. */
import type { Multiply } from '../structure/digits.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Keeping } from './tail.js'
import type { Empty, Layer, TreeLayer } from './types.js'

type Biased<Bias extends boolean, Record> = [Bias] extends [true]
  ? Record
  : [Bias] extends [false]
    ? unknown
    : Partial<Record>
type Projection<E extends number, Bias extends boolean> = { readonly weight: Tensor<[E, E]> } & Biased<
  Bias,
  { readonly bias: Tensor<[E]> }
>
/** The products with queries, keys and values: stacked where all have as many features, else each by itself. */
type Projections<E extends number, K extends number, V extends number> = [K, V] extends [E, E]
  ? { readonly in_proj_weight: Tensor<[Multiply<3, E>, E]> }
  : {
      readonly q_proj_weight: Tensor<[E, E]>
      readonly k_proj_weight: Tensor<[E, K]>
      readonly v_proj_weight: Tensor<[E, V]>
    }
/** PyTorch's record of the parameters of an attention. */
export type AttentionParams<
  E extends number,
  Bias extends boolean,
  K extends number = E,
  V extends number = E
> = Projections<E, K, V> &
  Biased<Bias, { readonly in_proj_bias: Tensor<[Multiply<3, E>]> }> & { readonly out_proj: Projection<E, Bias> }

/** What several heads attend with, and to. */
// A type and not an interface, which would be no tree of shapes.
export type AttentionInput<E extends number, K extends number = E, V extends number = E> = {
  readonly query: [number, E]
  readonly key: [number, K]
  readonly value: [number, V]
  readonly mask?: [number, number]
  readonly keyPadding?: [number]
}

type Outputs<E extends number, Weights extends boolean> = [Weights] extends [true]
  ? { readonly output: [number, E]; readonly weights: [number, number] }
  : [number, E]
/** Several heads of attention, from `{ query, key, value, mask?, keyPadding? }`. */
export interface MultiHeadAttention<
  E extends number,
  Bias extends boolean = true,
  K extends number = E,
  V extends number = E,
  Weights extends boolean = false
> extends TreeLayer<
    AttentionParams<E, Bias, K, V>,
    AttentionInput<E, K, V>,
    Outputs<E, Weights>,
    Empty,
    'multiHeadAttention'
  > {}
/** Several heads of attention of a sequence to itself. */
export interface SelfAttention<E extends number, Bias extends boolean = true>
  extends Layer<AttentionParams<E, Bias>, [number, E], [number, E], Empty, 'selfAttention', Keeping<[number, E]>> {}
