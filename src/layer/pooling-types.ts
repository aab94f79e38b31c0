/** Pools as the compiler sees them: where sizes and settings are literal, so are the sizes of what comes out. */
import type { Shape } from '../structure/shape-types.js'
import type { OfAxis, WindowMisfit, WindowShape } from '../structure/window-types.js'
import type { Empty, Layer, ShapeFunction } from './types.js'

/** One number for all axes, or one for each. */
export type PerAxis<Axes extends Shape> = number | { readonly [A in keyof Axes]: number }

export interface PoolOptions<Size, Step, Padding, Ceil extends boolean> {
  /** The number of elements of a window along each axis. */
  readonly kernelSize: Size
  /** How far apart windows begin; as far as they are large unless given. */
  readonly stride?: Step
  /** How many elements are put on both sides, at most half a window. */
  readonly padding?: Padding
  /** Whether a last window that reaches beyond the end counts too. */
  readonly ceilMode?: Ceil
}
export interface MaxPoolOptions<Size, Step, Padding, Dilation, Ceil extends boolean>
  extends PoolOptions<Size, Step, Padding, Ceil> {
  /** How far apart neighbours inside a window lie. */
  readonly dilation?: Dilation
}
export interface AvgPoolOptions<Size, Step, Padding, Ceil extends boolean>
  extends PoolOptions<Size, Step, Padding, Ceil> {
  /** Whether the zeros of the padding count in the mean. */
  readonly countIncludePad?: boolean
}

interface Pooling<Size, Step, Padding, Dilation> extends ShapeFunction {
  readonly result: this['given'] extends infer S extends Shape
    ? Beyond<Step, WindowMisfit<S, Size, Padding, Dilation>> extends infer Message extends string
      ? Message
      : WindowShape<S, Size, Step, Padding, Dilation>
    : unknown
}
/** Where windows may reach beyond the end, which is where nothing is known of the step, it takes more for them not to fit. */
type Beyond<Step, Message> = number extends Step ? null : Message
/** One number for each window over the last axes. */
export interface Pool<Axes extends Shape, Size, Step, Padding, Dilation, K extends string>
  extends Layer<Empty, Axes, Axes, Empty, K, Pooling<Size, Step, Padding, Dilation>> {}
/** The step, unless some windows may reach beyond the end: then their number is known at run time. */
export type Steps<Step, Ceil extends boolean> = [Ceil] extends [false] ? Step : number

type Outputs<Axes extends Shape, Output> = { [A in keyof Axes]: OfAxis<Output, A> & number }
/** As many numbers along the last axes as are asked for. */
export interface AdaptivePool<Axes extends Shape, Output, K extends string>
  extends Layer<Empty, Axes, Outputs<Axes, Output>, Empty, K> {}
