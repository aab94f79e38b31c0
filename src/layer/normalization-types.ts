/** Normalizing layers as the compiler sees them. */
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Keeping } from './tail.js'
import type { Empty, Layer } from './types.js'

/** A scale and a shift of one shape, or neither; where that is known at run time only, they may be in the record. */
export type Affine<S extends Shape, Has extends boolean> = [Has] extends [true]
  ? { readonly weight: Tensor<S>; readonly bias: Tensor<S> }
  : [Has] extends [false]
    ? Empty
    : { readonly weight?: Tensor<S>; readonly bias?: Tensor<S> }
/** A scale without a shift. */
export type Scale<S extends Shape, Has extends boolean> = [Has] extends [true]
  ? { readonly weight: Tensor<S> }
  : [Has] extends [false]
    ? Empty
    : { readonly weight?: Tensor<S> }

/** What is remembered of the batches so far, by PyTorch's names. */
export interface RunningStatistics<C extends number> {
  readonly running_mean: Tensor<[C]>
  readonly running_var: Tensor<[C]>
  /** How many batches there were, int32. */
  readonly num_batches_tracked: Tensor<[]>
}
/** Statistics that run, or none. */
export type Tracked<C extends number, Has extends boolean> = [Has] extends [true]
  ? RunningStatistics<C>
  : [Has] extends [false]
    ? Empty
    : Partial<RunningStatistics<C>>

/** One size as a shape. */
export type AsShape<S extends number | Shape> = S extends number ? [S] : S extends Shape ? [...S] : never

/** Normalized over its last axes. */
export interface LayerNorm<S extends Shape, Has extends boolean = true>
  extends Layer<Affine<S, Has>, S, S, Empty, 'layerNorm'> {}
/** Divided by its root mean square over its last axes. */
export interface RmsNorm<S extends Shape, Has extends boolean = true>
  extends Layer<Scale<S, Has>, S, S, Empty, 'rmsNorm'> {}

/** Channels, and behind them so many axes of any size. */
export type Channels<C extends number, Spatial extends number> = Spatial extends 0
  ? [C]
  : Spatial extends 1
    ? [C, number]
    : Spatial extends 2
      ? [C, number, number]
      : Spatial extends 3
        ? [C, number, number, number]
        : Shape
/** Normalized over groups of channels. */
export interface GroupNorm<C extends number, Spatial extends number = 2, Has extends boolean = true>
  extends Layer<
    Affine<[C], Has>,
    Channels<C, Spatial>,
    Channels<C, Spatial>,
    Empty,
    'groupNorm',
    Keeping<Channels<C, Spatial>>
  > {}

/** Each channel normalized, with statistics that may run. */
export interface ChannelNorm<
  C extends number,
  Spatial extends number,
  Has extends boolean,
  Tracks extends boolean,
  K extends string
> extends Layer<
    Affine<[C], Has>,
    Channels<C, Spatial>,
    Channels<C, Spatial>,
    Tracked<C, Tracks>,
    K,
    Keeping<Channels<C, Spatial>>
  > {}
