/**
 * Shape rules of windows over axes: convolutions and pools.
 *
 * An option is one for all axes or a tuple with one for each. A size is `number` wherever it depends on something that is not a literal, and where
 * the windows do not fit, which is an error at run time.
 */
import type { Add, ConvolutionSize, Multiply, Subtract } from './digits.js'
import type { Shape, Show } from './shape-types.js'

/** How many zeros are put on both sides of an axis; `'same'` is as many as keep its extent, where the step is 1. */
export type Padding = number | 'same'

/** How many windows an axis has: `⌊(Extent + 2 · Padding − Dilation · (Size − 1) − 1) / Step⌋ + 1`. */
export type WindowCount<
  Extent extends number,
  Size extends number,
  Step extends number = 1,
  Pad extends Padding = 0,
  Dilation extends number = 1
> = [Pad] extends ['same'] ? Extent : Pad extends number ? ConvolutionSize<Extent, Size, Step, Pad, Dilation> : number

/** Whether a window reaches over more elements than there are, padding included; false where that is not known. */
type Exceeds<Extent extends number, Size extends number, Pad extends Padding, Dilation extends number> = [Pad] extends [
  number
]
  ? [Add<Extent, Multiply<2, Pad>>, Add<Multiply<Dilation, Subtract<Size, 1>>, 1>] extends [
      infer Padded extends number,
      infer Span extends number
    ]
    ? number extends Padded | Span
      ? false
      : number extends Subtract<Padded, Span>
        ? true
        : false
    : never
  : false

/** What overlapping windows add up to: `(Count − 1) · Step − 2 · Padding + Dilation · (Size − 1) + OutputPadding + 1`. */
export type OverlapExtent<
  Count extends number,
  Size extends number,
  Step extends number = 1,
  Pad extends number = 0,
  Dilation extends number = 1,
  OutputPadding extends number = 0
> = Subtract<
  Add<
    Step extends 1 ? Subtract<Count, 1> : Multiply<Subtract<Count, 1>, Step>,
    Add<Dilation extends 1 ? Size : Add<Multiply<Dilation, Subtract<Size, 1>>, 1>, OutputPadding>
  >,
  Pad extends 0 ? 0 : Multiply<2, Pad>
>

/** What an option that is one for all axes or a tuple says about one of them. */
export type OfAxis<Option, Axis> = Option extends readonly unknown[] ? Option[Axis & keyof Option] : Option

/** The numbers of windows over some axes. */
export type WindowShape<S extends Shape, Size, Step = 1, Pad = 0, Dilation = 1> = {
  -readonly [A in keyof S]: WindowCount<
    S[A],
    OfAxis<Size, A> & number,
    OfAxis<Step, A> & number,
    OfAxis<Pad, A> & Padding,
    OfAxis<Dilation, A> & number
  >
}
/** The extents of what windows over some axes add up to. */
export type OverlapShape<S extends Shape, Size, Step = 1, Pad = 0, Dilation = 1, OutputPadding = 0> = {
  -readonly [A in keyof S]: OverlapExtent<
    S[A],
    OfAxis<Size, A> & number,
    OfAxis<Step, A> & number,
    OfAxis<Pad, A> & number,
    OfAxis<Dilation, A> & number,
    OfAxis<OutputPadding, A> & number
  >
}

/** A message if windows do not fit into axes, else null. */
export type WindowMisfit<S extends Shape, Size, Pad = 0, Dilation = 1> = true extends {
  [A in keyof S]: Exceeds<S[A], OfAxis<Size, A> & number, OfAxis<Pad, A> & Padding, OfAxis<Dilation, A> & number>
}[number]
  ? `windows of ${ShowSizes<Size>} do not fit into ${Show<S>}${ShowPadding<Pad>}`
  : null
type ShowSizes<Size> = Size extends Shape ? Show<Size> : `${Size & number}`
type ShowPadding<Pad> = [Pad] extends [0] ? '' : ` with padding ${ShowSizes<Pad>}`
