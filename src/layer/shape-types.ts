/** Layers that change shapes, as the compiler sees them. */
import type { DivideExactly, Multiply, Product } from '../structure/digits.js'
import type { Reshape } from '../structure/reshape-types.js'
import type { Shape, Show } from '../structure/shape-types.js'
import type { Empty, Layer, ShapeFunction } from './types.js'

/** So many axes of any size. */
export type Open<Axes extends number, Done extends Shape = []> = number extends Axes
  ? Shape
  : Done['length'] extends Axes
    ? Done
    : Done['length'] extends 8
      ? Shape
      : Open<Axes, [...Done, number]>

interface Flattening extends ShapeFunction {
  readonly result: this['given'] extends infer S extends Shape ? [Product<S>] : unknown
}
/** The last axes as one. */
export interface Flatten<I extends Shape> extends Layer<Empty, I, [Product<I>], Empty, 'flatten', Flattening> {}
/** One axis as several. */
export interface Unflatten<O extends Shape> extends Layer<Empty, [Product<O>], O, Empty, 'unflatten'> {}

type ReshapeResult<From extends Shape, To extends Shape> = Reshape<From, To> extends infer O extends Shape ? O : Shape
/** The new shape, or a message if it has another number of elements. */
export type ReshapeTo<From extends Shape, To extends Shape> =
  Reshape<From, To> extends infer Message extends string ? Message : To
/** The same elements in a new shape. */
export interface Reshaped<From extends Shape, To extends Shape>
  extends Layer<Empty, [...From], ReshapeResult<From, To>, Empty, 'reshape'> {}

type Image = [number, number, number]
interface Shuffling<Factor extends number> extends ShapeFunction {
  readonly result: this['given'] extends readonly [
    infer C extends number,
    infer H extends number,
    infer W extends number
  ]
    ? DivideExactly<C, Multiply<Factor, Factor>> extends infer Channels
      ? Channels extends number
        ? [Channels, Multiply<H, Factor>, Multiply<W, Factor>]
        : `${C} channels of ${Show<[C, H, W]>} are not a multiple of ${Multiply<Factor, Factor>}, the square of the factor`
      : unknown
    : unknown
}
interface Unshuffling<Factor extends number> extends ShapeFunction {
  readonly result: this['given'] extends readonly [
    infer C extends number,
    infer H extends number,
    infer W extends number
  ]
    ? DivideExactly<H, Factor> extends infer Height
      ? Height extends number
        ? DivideExactly<W, Factor> extends infer Width
          ? Width extends number
            ? [Multiply<C, Multiply<Factor, Factor>>, Height, Width]
            : `${W} columns of ${Show<[C, H, W]>} are not a multiple of ${Factor}, the factor`
          : unknown
        : `${H} rows of ${Show<[C, H, W]>} are not a multiple of ${Factor}, the factor`
      : unknown
    : unknown
}
/** Channels become pixels. */
export interface PixelShuffle<Factor extends number>
  extends Layer<Empty, Image, Image, Empty, 'pixelShuffle', Shuffling<Factor>> {}
/** Pixels become channels. */
export interface PixelUnshuffle<Factor extends number>
  extends Layer<Empty, Image, Image, Empty, 'pixelUnshuffle', Unshuffling<Factor>> {}

type FactorAt<Factor, Axis extends 0 | 1> = Factor extends readonly [infer H extends number, infer W extends number]
  ? [H, W][Axis]
  : Factor extends number
    ? Factor
    : number
interface Upsampling<Factor> extends ShapeFunction {
  readonly result: this['given'] extends readonly [infer H extends number, infer W extends number]
    ? [Multiply<H, FactorAt<Factor, 0>>, Multiply<W, FactorAt<Factor, 1>>]
    : unknown
}
/** More pixels. */
export interface Upsample<Factor>
  extends Layer<Empty, [number, number], [number, number], Empty, 'upsample', Upsampling<Factor>> {}
