/** What the compiler knows of convolutions: the settings as literals, and shapes from shapes. */
import type { Divide, Multiply } from '../structure/digits.js'
import type { SameSize, Shape, Show, Split } from '../structure/shape-types.js'
import type { OfAxis, OverlapShape, Padding, WindowMisfit, WindowShape } from '../structure/window-types.js'
import type { Tensor } from '../tensor/tensor.js'

/** So many numbers, one for each axis of an image. */
export type Sizes<Axes extends 1 | 2 | 3> = Axes extends 1
  ? readonly [number]
  : Axes extends 2
    ? readonly [number, number]
    : readonly [number, number, number]
/** One number for all axes, or one for each. */
export type OnAxes<Axes extends 1 | 2 | 3> = number | Sizes<Axes>

/** Settings of convolutions over images of so many axes. */
export interface ConvolutionSettings<Axes extends 1 | 2 | 3> {
  readonly stride?: OnAxes<Axes>
  readonly padding?: OnAxes<Axes> | 'same'
  readonly dilation?: OnAxes<Axes>
  readonly groups?: number
}
export interface TransposedSettings<Axes extends 1 | 2 | 3> {
  readonly stride?: OnAxes<Axes>
  readonly padding?: OnAxes<Axes>
  readonly outputPadding?: OnAxes<Axes>
  readonly dilation?: OnAxes<Axes>
  readonly groups?: number
}
/** Settings of which none has a name that is not known: of a type parameter the compiler would not say so by itself. */
export type Exactly<S, Known> = S & { readonly [Name in Exclude<keyof S, keyof Known>]: never }

/** A setting, or what it is unless given; unknown where it may be given or not. */
export type SettingOf<S, Name, Default, Unknown = number> = Name extends keyof S
  ? undefined extends S[Name]
    ? Unknown
    : S[Name]
  : Default

/** The numbers of windows in an image. */
export type Convolved<Image extends Shape, Kernel, S> = WindowShape<
  Image,
  Kernel,
  SettingOf<S, 'stride', 1>,
  SettingOf<S, 'padding', 0, Padding>,
  SettingOf<S, 'dilation', 1>
>
/** A message if a kernel is larger than a padded image, else null. */
export type Misfit<Image extends Shape, Kernel, S> = WindowMisfit<
  Image,
  Kernel,
  SettingOf<S, 'padding', 0, Padding>,
  SettingOf<S, 'dilation', 1>
>
/** The extents of the image of which one has the windows. */
export type Deconvolved<Image extends Shape, Kernel, S> = OverlapShape<
  Image,
  Kernel,
  SettingOf<S, 'stride', 1>,
  SettingOf<S, 'padding', 0>,
  SettingOf<S, 'dilation', 1>,
  SettingOf<S, 'outputPadding', 0>
>
/** A kernel's sizes, where it may be given as one number for all axes. */
export type KernelShape<Open extends Shape, Kernel> = { -readonly [A in keyof Open]: OfAxis<Kernel, A> & number }
/** Channels for each group. */
export type PerGroup<Channels extends number, S> = Divide<Channels, SettingOf<S, 'groups', 1> & number>
/** Channels of all groups together. */
export type AllGroups<Channels extends number, S> = Multiply<Channels, SettingOf<S, 'groups', 1> & number>

/** As many open sizes as there are axes. */
export type Open<Axes extends 1 | 2 | 3> = Axes extends 1
  ? [number]
  : Axes extends 2
    ? [number, number]
    : [number, number, number]

type Form<Axes extends 1 | 2 | 3> = Axes extends 1
  ? '[…, channels, length]'
  : Axes extends 2
    ? '[…, channels, height, width]'
    : '[…, channels, depth, height, width]'

/** Leading axes, the channels of an operand and its image, and those that a weight wants and gives, checked; a message where they do not fit. */
type Checked<S extends Shape, W extends Shape, In extends number, Axes extends 1 | 2 | 3, Name extends string> =
  Split<S, [number, ...Open<Axes>]> extends [
    infer Lead extends Shape,
    [infer Channels extends number, ...infer Image extends Shape]
  ]
    ? SameSize<Channels, In> extends true
      ? { readonly lead: Lead; readonly image: Image }
      : `${Name}: input ${Show<S>} has ${Channels} channels, where the weight ${Show<W>} takes ${In}`
    : `${Name}: input ${Show<S>} is not ${Form<Axes>}`

type Convolve<S extends Shape, W extends Shape, O, Axes extends 1 | 2 | 3, Name extends string> = number extends
  | S['length']
  | W['length']
  ? Shape
  : W extends readonly [infer Out extends number, infer In extends number, ...infer Kernel extends Shape]
    ? Kernel['length'] extends Axes
      ? Checked<S, W, AllGroups<In, O>, Axes, Name> extends infer Found
        ? Found extends { readonly lead: infer Lead extends Shape; readonly image: infer Image extends Shape }
          ? Misfit<Image, Kernel, O> extends infer Message extends string
            ? `${Name}: ${Message}`
            : [...Lead, Out, ...Convolved<Image, Kernel, O>]
          : Found
        : never
      : Ranks<W, Axes, Name>
    : Ranks<W, Axes, Name>
type Deconvolve<S extends Shape, W extends Shape, O, Axes extends 1 | 2 | 3, Name extends string> = number extends
  | S['length']
  | W['length']
  ? Shape
  : W extends readonly [infer In extends number, infer Out extends number, ...infer Kernel extends Shape]
    ? Kernel['length'] extends Axes
      ? Checked<S, W, In, Axes, Name> extends infer Found
        ? Found extends { readonly lead: infer Lead extends Shape; readonly image: infer Image extends Shape }
          ? [...Lead, AllGroups<Out, O>, ...Deconvolved<Image, Kernel, O>]
          : Found
        : never
      : Ranks<W, Axes, Name>
    : Ranks<W, Axes, Name>
type Ranks<
  W extends Shape,
  Axes extends 1 | 2 | 3,
  Name extends string
> = `${Name}: the weight ${Show<W>} should have ${Axes extends 1 ? 3 : Axes extends 2 ? 4 : 5} axes: two of channels, then the kernel's`

export type ConvolutionOperand<S extends Shape, W extends Shape, O, Axes extends 1 | 2 | 3, Name extends string> =
  Convolve<S, W, O, Axes, Name> extends infer Message extends string ? Message : Tensor<S>
export type ConvolutionResult<S extends Shape, W extends Shape, O, Axes extends 1 | 2 | 3, Name extends string> =
  Convolve<S, W, O, Axes, Name> extends infer R extends Shape ? Tensor<R> : Tensor
export type ConvolutionSignature<Axes extends 1 | 2 | 3, Name extends string> = <
  const O extends ConvolutionSettings<Axes> = Record<never, never>
>(
  settings?: Exactly<O, ConvolutionSettings<Axes>>
) => <W extends Shape>(
  weight: Tensor<W>
) => <S extends Shape>(x: ConvolutionOperand<S, W, O, Axes, Name>) => ConvolutionResult<S, W, O, Axes, Name>

export type TransposedOperand<S extends Shape, W extends Shape, O, Axes extends 1 | 2 | 3, Name extends string> =
  Deconvolve<S, W, O, Axes, Name> extends infer Message extends string ? Message : Tensor<S>
export type TransposedResult<S extends Shape, W extends Shape, O, Axes extends 1 | 2 | 3, Name extends string> =
  Deconvolve<S, W, O, Axes, Name> extends infer R extends Shape ? Tensor<R> : Tensor
export type TransposedSignature<Axes extends 1 | 2 | 3, Name extends string> = <
  const O extends TransposedSettings<Axes> = Record<never, never>
>(
  settings?: Exactly<O, TransposedSettings<Axes>>
) => <W extends Shape>(
  weight: Tensor<W>
) => <S extends Shape>(x: TransposedOperand<S, W, O, Axes, Name>) => TransposedResult<S, W, O, Axes, Name>
