/** Convolutions as the compiler sees them: the settings are in their types, so that sizes of outputs are known where sizes of inputs are. */
import type {
  ConvolutionSettings,
  Convolved,
  Deconvolved,
  KernelShape,
  Misfit,
  OnAxes,
  Open,
  PerGroup,
  SettingOf,
  Sizes,
  TransposedSettings
} from '../operation/convolution-types.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Empty, Layer, ShapeFunction } from './types.js'

type Axes = 1 | 2 | 3

/** What layers have beside what the operations have. */
interface LayerSettings<A extends Axes> {
  readonly kernelSize: OnAxes<A>
  readonly bias?: boolean
  /** The sizes of the images, if they are to be known before there are any. */
  readonly size?: Sizes<A>
}
export interface ConvolutionLayerSettings<A extends Axes> extends ConvolutionSettings<A>, LayerSettings<A> {}
export interface TransposedLayerSettings<A extends Axes> extends TransposedSettings<A>, LayerSettings<A> {}

/** The image that a layer is made for: that of its setting `size`, or of any size. */
type Image<A extends Axes, S> = S extends { readonly size: infer Size extends Shape } ? [...Size] : Open<A>
type Kernel<A extends Axes, S> = S extends { readonly kernelSize: infer K } ? KernelShape<Open<A>, K> : Open<A>
/** A weight, and a bias if there is one; where that is known at run time only, it may be there. */
type Parameters<Weight extends Shape, Out extends number, S> =
  SettingOf<S, 'bias', true, boolean> extends infer Bias
    ? [Bias] extends [true]
      ? { readonly weight: Tensor<Weight>; readonly bias: Tensor<[Out]> }
      : [Bias] extends [false]
        ? { readonly weight: Tensor<Weight> }
        : { readonly weight: Tensor<Weight>; readonly bias?: Tensor<[Out]> }
    : never

/** From an image to the windows in it. */
interface Windows<Out extends number, K, S> extends ShapeFunction {
  readonly result: this['given'] extends readonly [number, ...infer I extends Shape]
    ? Misfit<I, K, S> extends infer Message extends string
      ? Message
      : [Out, ...Convolved<I, K, S>]
    : unknown
}
/** From windows to the image. */
interface Overlap<Out extends number, K, S> extends ShapeFunction {
  readonly result: this['given'] extends readonly [number, ...infer I extends Shape]
    ? [Out, ...Deconvolved<I, K, S>]
    : unknown
}

type ConvolutionOf<A extends Axes, In extends number, Out extends number, S, Name extends string> = Layer<
  Parameters<[Out, PerGroup<In, S>, ...Kernel<A, S>], Out, S>,
  [In, ...Image<A, S>],
  [Out, ...Convolved<Image<A, S>, Kernel<A, S>, S>],
  Empty,
  Name,
  Windows<Out, Kernel<A, S>, S>
>
type TransposedOf<A extends Axes, In extends number, Out extends number, S, Name extends string> = Layer<
  Parameters<[In, PerGroup<Out, S>, ...Kernel<A, S>], Out, S>,
  [In, ...Image<A, S>],
  [Out, ...Deconvolved<Image<A, S>, Kernel<A, S>, S>],
  Empty,
  Name,
  Overlap<Out, Kernel<A, S>, S>
>

// Interfaces, so that messages show names and not what they stand for.
/** A convolution of sequences, `[In, length] → [Out, count]`. */
export interface Conv1d<In extends number, Out extends number, S> extends ConvolutionOf<1, In, Out, S, 'conv1d'> {}
/** A convolution of images, `[In, height, width] → [Out, height′, width′]`. */
export interface Conv2d<In extends number, Out extends number, S> extends ConvolutionOf<2, In, Out, S, 'conv2d'> {}
/** A convolution of volumes, `[In, depth, height, width] → [Out, depth′, height′, width′]`. */
export interface Conv3d<In extends number, Out extends number, S> extends ConvolutionOf<3, In, Out, S, 'conv3d'> {}
/** A transposed convolution of sequences. */
export interface ConvTranspose1d<In extends number, Out extends number, S>
  extends TransposedOf<1, In, Out, S, 'convTranspose1d'> {}
/** A transposed convolution of images. */
export interface ConvTranspose2d<In extends number, Out extends number, S>
  extends TransposedOf<2, In, Out, S, 'convTranspose2d'> {}
