/**
 * The types of the public operations.
 *
 * An operation's shape rule (see `structure/*-types`) gives the result's shape or a message. Where it gives a message, the
 * argument's type becomes that message (and the result a tensor of unknown shape, so that no second error follows), so that what the compiler says is the sentence that would be thrown at run time:
 *
 *     Argument of type 'Tensor<[5, 3]>' is not assignable to parameter of type
 *       '"matmul: [5, 3] × [4, 2]: inner dimensions 3 and 4 differ"'.
 *
 * Each operation has an alias for its argument and one for its result: the compiler prints those names where it would
 * otherwise print the rule itself.
 */
import type {
  Concat,
  MissingAxis,
  Permute,
  Reduce,
  Squeeze,
  Stack,
  Swap,
  Transpose,
  Unsqueeze
} from '../structure/axis-types.js'
import type { Broadcast, Dot, Matmul, Outer } from '../structure/broadcast-types.js'
import type { Expand, Reshape } from '../structure/reshape-types.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'

/** Element by element: the shape stays. */
export type Unary = <S extends Shape>(x: Tensor<S>) => Tensor<S>

export type BroadcastOperand<A extends Shape, B extends Shape, Name extends string> =
  Broadcast<A, B, Name> extends infer Message extends string ? Message : Tensor<A> | number
export type BroadcastResult<A extends Shape, B extends Shape, Name extends string> =
  Broadcast<A, B, Name> extends infer R extends Shape ? Tensor<R> : Tensor
// A number or scalar fits every shape, known or not, so that code generic in its shapes can scale and shift.
type BinaryOperand<A extends Shape, B extends Shape, Name extends string> = B extends readonly []
  ? Tensor<A> | number
  : BroadcastOperand<A, B, Name>
type BinaryResult<A extends Shape, B extends Shape, Name extends string> = B extends readonly []
  ? Tensor<A>
  : BroadcastResult<A, B, Name>
/** Element by element on two operands, broadcast; a number stands for a tensor of that value. Data last: `sub(b)(a)` is a − b. */
export type Binary<Name extends string = 'broadcast'> = <B extends Shape = []>(
  b: Tensor<B> | number
) => <A extends Shape = []>(a: BinaryOperand<A, B, Name>) => BinaryResult<A, B, Name>

/** Which axes to fold, all if there are none given, and whether to keep them with size 1. */
export interface ReductionOptions<Axis, Keep> {
  readonly axis?: Axis
  readonly keepDimensions?: Keep
}
export type ReductionOperand<S extends Shape, Axis, Keep extends boolean, Name extends string> =
  Reduce<S, Axis, Keep, Name> extends infer Message extends string ? Message : Tensor<S>
export type ReductionResult<S extends Shape, Axis, Keep extends boolean, Name extends string> =
  Reduce<S, Axis, Keep, Name> extends infer R extends Shape ? Tensor<R> : Tensor
/** Folds axes: the shape loses them, or has size 1 there. */
export type Reduction<Name extends string = 'reduction', More = unknown> = <
  const Axis extends number | readonly number[] | undefined = undefined,
  Keep extends boolean = false
>(
  options?: ReductionOptions<Axis, Keep> & More
) => <S extends Shape>(x: ReductionOperand<S, Axis, Keep, Name>) => ReductionResult<S, Axis, Keep, Name>

export type AlongOperand<S extends Shape, Axis, Name extends string> =
  MissingAxis<S, Axis, Name> extends infer Message extends string ? Message : Tensor<S>
/** Along one axis; the shape stays. */
export type Along<Name extends string, More = unknown> = <Axis extends number | undefined = undefined>(
  options?: { readonly axis?: Axis } & More
) => <S extends Shape>(x: AlongOperand<S, Axis, Name>) => Tensor<S>

export type MatmulOperand<A extends Shape, B extends Shape> =
  Matmul<A, B> extends infer Message extends string ? Message : Tensor<A>
export type MatmulResult<A extends Shape, B extends Shape> =
  Matmul<A, B> extends infer R extends Shape ? Tensor<R> : Tensor
export type MatmulSignature = <B extends Shape>(
  b: Tensor<B>
) => <A extends Shape>(a: MatmulOperand<A, B>) => MatmulResult<A, B>

export type DotOperand<A extends Shape, B extends Shape> =
  Dot<A, B> extends infer Message extends string ? Message : Tensor<A>
export type DotSignature = <B extends Shape>(b: Tensor<B>) => <A extends Shape>(a: DotOperand<A, B>) => Tensor<[]>

export type OuterOperand<A extends Shape, B extends Shape> =
  Outer<A, B> extends infer Message extends string ? Message : Tensor<A>
export type OuterResult<A extends Shape, B extends Shape> =
  Outer<A, B> extends infer R extends Shape ? Tensor<R> : Tensor
export type OuterSignature = <B extends Shape>(
  b: Tensor<B>
) => <A extends Shape>(a: OuterOperand<A, B>) => OuterResult<A, B>

export type ReshapeOperand<S extends Shape, To extends Shape> =
  Reshape<S, To> extends infer Message extends string ? Message : Tensor<S>
export type ReshapeResult<S extends Shape, To extends Shape> =
  Reshape<S, To> extends infer R extends Shape ? Tensor<R> : Tensor
export type ReshapeSignature = <const To extends Shape>(
  shape: To
) => <S extends Shape>(x: ReshapeOperand<S, To>) => ReshapeResult<S, To>

export type ExpandOperand<S extends Shape, To extends Shape> =
  Expand<S, To> extends infer Message extends string ? Message : Tensor<S>
export type ExpandResult<S extends Shape, To extends Shape> =
  Expand<S, To> extends infer R extends Shape ? Tensor<R> : Tensor
export type ExpandSignature = <const To extends Shape>(
  shape: To
) => <S extends Shape>(x: ExpandOperand<S, To>) => ExpandResult<S, To>

export type PermuteOperand<S extends Shape, Axes extends Shape> =
  Permute<S, Axes> extends infer Message extends string ? Message : Tensor<S>
export type PermuteResult<S extends Shape, Axes extends Shape> =
  Permute<S, Axes> extends infer R extends Shape ? Tensor<R> : Tensor
export type PermuteSignature = <const Axes extends Shape>(
  axes: Axes
) => <S extends Shape>(x: PermuteOperand<S, Axes>) => PermuteResult<S, Axes>

export type TransposeOperand<S extends Shape> = Transpose<S> extends infer Message extends string ? Message : Tensor<S>
export type TransposeResult<S extends Shape> = Transpose<S> extends infer R extends Shape ? Tensor<R> : Tensor
export type TransposeSignature = <S extends Shape>(x: TransposeOperand<S>) => TransposeResult<S>

export type SwapOperand<S extends Shape, A extends number, B extends number> =
  Swap<S, A, B> extends infer Message extends string ? Message : Tensor<S>
export type SwapResult<S extends Shape, A extends number, B extends number> =
  Swap<S, A, B> extends infer R extends Shape ? Tensor<R> : Tensor
export type SwapAxesSignature = <A extends number, B extends number>(
  axis1: A,
  axis2: B
) => <S extends Shape>(x: SwapOperand<S, A, B>) => SwapResult<S, A, B>

export type SqueezeOperand<S extends Shape, Axis extends number> =
  Squeeze<S, Axis> extends infer Message extends string ? Message : Tensor<S>
export type SqueezeResult<S extends Shape, Axis extends number> =
  Squeeze<S, Axis> extends infer R extends Shape ? Tensor<R> : Tensor
export type SqueezeSignature = <Axis extends number>(
  axis: Axis
) => <S extends Shape>(x: SqueezeOperand<S, Axis>) => SqueezeResult<S, Axis>

export type UnsqueezeOperand<S extends Shape, Axis extends number> =
  Unsqueeze<S, Axis> extends infer Message extends string ? Message : Tensor<S>
export type UnsqueezeResult<S extends Shape, Axis extends number> =
  Unsqueeze<S, Axis> extends infer R extends Shape ? Tensor<R> : Tensor
export type UnsqueezeSignature = <Axis extends number>(
  axis: Axis
) => <S extends Shape>(x: UnsqueezeOperand<S, Axis>) => UnsqueezeResult<S, Axis>

/** The shapes of a list of tensors. */
export type ShapesOf<Tensors extends readonly Tensor[]> = {
  readonly [K in keyof Tensors]: Tensors[K] extends Tensor<infer S> ? S : Shape
}
export type ConcatOperand<Tensors extends readonly Tensor[], Axis extends number> =
  Concat<ShapesOf<Tensors>, Axis> extends infer Message extends string ? Message : Tensors
export type ConcatResult<Tensors extends readonly Tensor[], Axis extends number> =
  Concat<ShapesOf<Tensors>, Axis> extends infer R extends Shape ? Tensor<R> : Tensor
export type ConcatSignature = <Axis extends number>(
  axis: Axis
) => <const Tensors extends readonly Tensor[]>(tensors: ConcatOperand<Tensors, Axis>) => ConcatResult<Tensors, Axis>

export type StackOperand<Tensors extends readonly Tensor[], Axis extends number> =
  Stack<ShapesOf<Tensors>, Axis> extends infer Message extends string ? Message : Tensors
export type StackResult<Tensors extends readonly Tensor[], Axis extends number> =
  Stack<ShapesOf<Tensors>, Axis> extends infer R extends Shape ? Tensor<R> : Tensor
export type StackSignature = <Axis extends number>(
  axis: Axis
) => <const Tensors extends readonly Tensor[]>(tensors: StackOperand<Tensors, Axis>) => StackResult<Tensors, Axis>
