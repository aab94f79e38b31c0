/**
 * Combinators as the compiler sees them: what they take and give, and a message in the place of the layer that does not fit.
 *
 *     Argument of type 'Linear<4, 1>' is not assignable to parameter of type
 *       '"branch: layer 1 (linear) expects input [4] but layer 0 (linear) expects [3]"'.
 */
import type { Concat } from '../structure/axis-types.js'
import type { SameShape, Shape, Show } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import type {
  Called,
  Failure,
  IsEmpty,
  JoinedBuffers,
  JoinedParams,
  Layers,
  ShowTree,
  Then,
  Twice,
  Under
} from './composition-types.js'
import type {
  AnyLayer,
  Around,
  Buffers,
  CalledAs,
  Empty,
  Input,
  Kept,
  Layer,
  LayerOf,
  Mode,
  NameOf,
  Output,
  Params,
  ShapeFunction,
  ShapeTree,
  Tensors,
  TreeLayer
} from './types.js'

type Same<A, B> = [A, B] extends [B, A] ? true : false

/** What all layers take, X being what those so far do; or the layers with a message. */
type Common<
  Name extends string,
  Ls,
  X,
  Done extends readonly unknown[],
  Names,
  Before extends string
> = Ls extends readonly [infer L extends AnyLayer, ...infer Rest]
  ? Twice<L, Names> extends infer Message extends string
    ? Failure<[...Done, Message, ...Rest]>
    : Then<X, X, L> extends infer Next
      ? Next extends [infer Longer, unknown]
        ? Common<
            Name,
            Rest,
            Longer,
            [...Done, L],
            Names | NameOf<L, never>,
            Same<X, Longer> extends true ? Before : Called<L, Done['length']>
          >
        : Failure<
            [
              ...Done,
              Next extends string
                ? `${Name}: ${Called<L, Done['length']>}: ${Next}`
                : `${Name}: ${Called<L, Done['length']>} expects input ${ShowTree<Input<L>>} but ${Before} expects ${ShowTree<X>}`,
              ...Rest
            ]
          >
      : never
  : X
type CommonInput<Name extends string, Ls extends Layers> = Ls extends readonly [infer L extends AnyLayer, ...unknown[]]
  ? Common<Name, Ls, Input<L>, [], never, Called<L, 0>>
  : Ls extends readonly []
    ? Failure<[`${Name}: needs at least one layer`]>
    : Input<Ls[number]>

/** What each layer gives for an input that fits all. */
type OutputsFrom<X, Ls extends Layers> = {
  readonly [K in keyof Ls]: Then<X, X, Ls[K]> extends [unknown, infer O extends ShapeTree] ? O : ShapeTree
}

/** What layers say against an input; never if nothing. */
type Complaints<X, Ls extends Layers> = Extract<
  { readonly [K in keyof Ls]: Extract<Then<X, X, Ls[K]>, string> }[number],
  string
>

/** The arguments of `branch`: the layers, with a message in the place of one that does not fit those before. */
export type Fanned<Ls extends Layers> =
  CommonInput<'branch', Ls> extends Failure<infer Messages extends readonly unknown[]> ? Messages : Ls
interface BranchShape<Ls extends Layers> extends ShapeFunction {
  readonly result: this['given'] extends infer X extends Shape
    ? [Complaints<X, Ls>] extends [never]
      ? OutputsFrom<X, Ls>
      : Complaints<X, Ls>
    : unknown
}
/** One input to several layers, as one from a tensor to a list of them. */
export interface Branch<Ls extends Layers, I extends ShapeTree, O extends ShapeTree>
  extends TreeLayer<JoinedParams<Ls>, I, O, JoinedBuffers<Ls>, 'branch', BranchShape<Ls>> {}
export type BranchOf<Ls extends Layers> =
  CommonInput<'branch', Ls> extends infer I extends ShapeTree
    ? OutputsFrom<I, Ls> extends infer O extends ShapeTree
      ? Branch<Ls, I, O>
      : never
    : Branch<Ls, Shape, readonly Shape[]>

/** Outputs joined along an axis; or the layers with a message. */
type Join<
  Axis extends number,
  Ls,
  Outputs,
  Sum,
  First extends string,
  FirstOutput,
  Done extends readonly unknown[]
> = Ls extends readonly [infer L extends AnyLayer, ...infer Rest]
  ? Outputs extends readonly [infer O, ...infer Others]
    ? O extends Shape
      ? Concat<Sum extends Shape ? [Sum, O] : [O], Axis> extends infer R
        ? R extends Shape
          ? Join<Axis, Rest, Others, R, First, FirstOutput, [...Done, L]>
          : Sum extends Shape
            ? Failure<
                [
                  ...Done,
                  `concat: ${Called<L, Done['length']>} produces ${ShowTree<O>} but ${First} produces ${ShowTree<FirstOutput>}: they differ apart from axis ${Axis}`,
                  ...Rest
                ]
              >
            : Failure<[...Done, R, ...Rest]>
        : never
      : Failure<[...Done, `concat: ${Called<L, Done['length']>} produces ${ShowTree<O>}, not one tensor`, ...Rest]>
    : Shape
  : Sum extends Shape
    ? Sum
    : Shape
type Joined<Axis extends number, Ls extends Layers, X> =
  OutputsFrom<X, Ls> extends infer Outputs extends readonly unknown[]
    ? Ls extends readonly [infer L extends AnyLayer, ...unknown[]]
      ? Join<Axis, Ls, Outputs, null, Called<L, 0>, Outputs[0], []>
      : Shape
    : Shape

/** The arguments of `concat`: the layers, with a message in the place of one that does not fit those before. */
export type Joining<Axis extends number, Ls extends Layers> =
  CommonInput<'concat', Ls> extends infer X
    ? X extends Failure<infer Messages extends readonly unknown[]>
      ? Messages
      : Joined<Axis, Ls, X> extends Failure<infer Messages extends readonly unknown[]>
        ? Messages
        : Ls
    : never
interface ConcatShape<Axis extends number, Ls extends Layers> extends ShapeFunction {
  readonly result: this['given'] extends infer X extends Shape
    ? [Complaints<X, Ls>] extends [never]
      ? Joined<Axis, Ls, X> extends infer O
        ? O extends Failure<infer Messages extends readonly unknown[]>
          ? Extract<Messages[number], string>
          : O
        : never
      : Complaints<X, Ls>
    : unknown
}
export type ConcatOf<Axis extends number, Ls extends Layers> =
  CommonInput<'concat', Ls> extends infer I extends ShapeTree
    ? Joined<Axis, Ls, I> extends infer O extends Shape
      ? LayerOf<JoinedParams<Ls>, I, O, JoinedBuffers<Ls>, 'concat', ConcatShape<Axis, Ls>>
      : Layer<JoinedParams<Ls>, Shape, Shape, JoinedBuffers<Ls>, 'concat'>
    : Layer<JoinedParams<Ls>, Shape, Shape, JoinedBuffers<Ls>, 'concat'>

/** An axis counted from the end, or a message. */
export type FromEnd<Axis extends number> = number extends Axis
  ? Axis
  : `${Axis}` extends `-${string}`
    ? Axis
    : `concatAlong: axis is ${Axis}; it is counted from the end, so that leading axes do not matter: -1 is the last`

/** A layer that gives what it takes, or a message. */
export type Keeping<Name extends string, L extends AnyLayer> =
  Input<L> extends infer I extends Shape
    ? Output<L> extends infer O extends Shape
      ? SameShape<I, O> extends true
        ? L
        : `${Name}: needs a layer with equal input and output, not ${Show<I>} to ${Show<O>}`
      : `${Name}: needs a layer with equal input and output`
    : // `SameTree` does not end where L is not known yet.
      [Input<L>] extends [Output<L>]
      ? L
      : [Output<L>] extends [Input<L>]
        ? L
        : `${Name}: needs a layer with equal input and output`
/** `'0' | '1' | …`, so many of them; any number where that is not known, or large. */
type Places<N extends number, Done extends readonly unknown[] = []> = number extends N
  ? number
  : `${N}` extends
        | `-${string}`
        | `${string}.${string}`
        | `${string}e${string}`
        | `${infer _}${infer _}${infer _}${infer _}${string}`
    ? number
    : Done['length'] extends N
      ? keyof Done & `${number}`
      : Places<N, [...Done, null]>
type Copies<N extends number, P> =
  IsEmpty<P> extends true ? Empty : [Places<N>] extends [never] ? Empty : { readonly [K in Places<N>]: P }
export type RepeatOf<N extends number, L extends AnyLayer> = LayerOf<
  Copies<N, Params<L>>,
  Input<L>,
  Output<L>,
  Copies<N, Buffers<L>>,
  'repeat',
  Kept<L>
>

/** When a layer is applied: always or never, in one of the modes, or as one bool made of the input says. */
export type Condition<I> = boolean | Mode | ((x: Tensors<I>) => Tensor)
export type WhenOf<L extends AnyLayer> = Around<L, 'when', Params<L>, Kept<L>>

interface LiftedShape<L extends AnyLayer> extends ShapeFunction {
  readonly result: this['given'] extends infer X extends Shape
    ? Then<X, X, L> extends infer Next
      ? Next extends [unknown, infer O]
        ? O
        : Next extends string
          ? Next
          : unknown
      : never
    : unknown
}
/** A layer with more axes among its features. */
export type Lifted<Leading extends Shape, L extends AnyLayer> = CalledAs<
  NameOf<L, never>,
  LayerOf<Params<L>, Under<Leading, Input<L>>, Under<Leading, Output<L>>, Buffers<L>, 'lift', LiftedShape<L>>
>
