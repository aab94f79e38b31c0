/**
 * Layers as the compiler sees them.
 *
 * A layer maps the last axes of its input, `I`, to the last axes of its output, `O`, over any leading axes: an activation is `[] → []`,
 * `linear(3, 4)` is `[3] → [4]`. `P` is the record of its parameters, `B` that of what it remembers between steps.
 */
import type { State } from 'fp-ts/lib/State.js'
import type { Key } from '../random/key.js'
import type { SameShape, Shape, Split } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Mode, RunLayer } from './runtime.js'

export type { Mode } from './runtime.js'

/** The record without fields: the parameters of an activation, the buffers of most layers. */
export type Empty = { readonly [K in never]: never }

/** A shape, or shapes in a tree, for layers with several inputs or outputs. */
export type ShapeTree = Shape | readonly ShapeTree[] | { readonly [name: string]: ShapeTree }
/** Tensors whose last axes have these shapes. */
export type Tensors<T> = T extends Shape
  ? Tensor<readonly [...Shape, ...T]>
  : { readonly [K in keyof T]: Tensors<T[K]> }

/** From the exact shape of an input to that of the output, where that is more than `O` tells (convolutions, flatten), or to a message if it does not fit. */
export interface ShapeFunction {
  readonly given: unknown
  readonly result: unknown
}

declare const types_: unique symbol
/** What the compiler composes layers by; nothing of it exists at run time. */
interface Types<P, I, O, B, F> {
  readonly params: P
  readonly buffers: B
  readonly function: F
  // Parameters of methods, so that the shapes are compared exactly as tensors' are.
  input(shape: I): void
  output(shape: O): void
}

/** What a forward pass reads and passes on beside the tensors. */
export interface Memory<B> {
  readonly buffers: B
  readonly key: Key
}

interface Common<K extends string, P, I, O, B, F> extends Omit<RunLayer, 'init' | 'buffers' | 'forward' | 'kind'> {
  readonly [types_]: Types<P, I, O, B, F>
  readonly kind: K
  /** Fresh parameters, drawn from a key that is passed on. */
  readonly init: (options: { readonly dtype: 'float32' | 'float64' }) => State<Key, P>
  /** What it remembers before the first step. */
  readonly buffers: B
}

/** `apply` of layers without buffers takes parameters alone. */
type WithBuffers<P, B, R> = [keyof B] extends [never] ? (params: P) => R : (params: P, buffers: B) => R

/** From one tensor to one tensor. */
export interface Layer<
  P,
  I extends Shape,
  O extends Shape,
  B = Empty,
  K extends string = string,
  F extends ShapeFunction = ShapeFunction
> extends Common<K, P, I, O, B, F> {
  /** The forward pass in a mode: it may draw from the key and change the buffers, and passes both on. */
  readonly forward: (
    params: P,
    mode: Mode
  ) => <L extends Shape>(x: Tensor<[...L, ...I]>) => State<Memory<B>, Tensor<[...L, ...O]>>
  /** The output in evaluation mode: a pure function of parameters (and buffers, where there are any) and input. */
  readonly apply: WithBuffers<P, B, <L extends Shape>(x: Tensor<[...L, ...I]>) => Tensor<[...L, ...O]>>
}

/** The leading axes of a tensor whose last axes are those of a shape; those of its first tensor in case of a tree. */
type Leading<X, I> = I extends Shape
  ? X extends Tensor<infer G>
    ? Split<G, I> extends [infer Lead extends Shape, unknown]
      ? Lead
      : Shape
    : Shape
  : I extends readonly [infer First, ...unknown[]]
    ? X extends readonly [infer FirstX, ...unknown[]]
      ? Leading<FirstX, First>
      : Shape
    : Shape
type EndsIn<G extends Shape, I extends Shape> = number extends G['length']
  ? true
  : Split<G, I> extends [unknown, infer Trailing extends Shape]
    ? SameShape<Trailing, I>
    : false
type Wanted<X, I> = I extends Shape
  ? X extends Tensor<infer G>
    ? EndsIn<G, I> extends true
      ? X
      : Tensor<[...Leading<X, I>, ...I]>
    : Tensors<I>
  : { readonly [K in keyof I]: K extends keyof X ? Wanted<X[K], I[K]> : Tensors<I[K]> }
/** The tensors themselves, if their last axes fit; else such as would. */
export type FittingTree<X, I> = X extends Wanted<X, I> ? X : Wanted<X, I>
/** What a layer makes of tensors: each output has the leading axes of the input in its place, or of the first if there is none. */
export type OutputsFor<X, I, O> = O extends Shape
  ? Tensor<[...Leading<X, I>, ...O]>
  : { readonly [K in keyof O]: K extends keyof I & keyof X ? OutputsFor<X[K], I[K], O[K]> : OutputsFor<X, I, O[K]> }

/** From a tree of tensors to a tree of tensors: several inputs or outputs. */
export interface TreeLayer<
  P,
  I extends ShapeTree,
  O extends ShapeTree,
  B = Empty,
  K extends string = string,
  F extends ShapeFunction = ShapeFunction
> extends Common<K, P, I, O, B, F> {
  readonly forward: (params: P, mode: Mode) => <const X>(x: FittingTree<X, I>) => State<Memory<B>, OutputsFor<X, I, O>>
  readonly apply: WithBuffers<P, B, <const X>(x: FittingTree<X, I>) => OutputsFor<X, I, O>>
}

/** Any layer, for constraints. */
export interface AnyLayer {
  readonly [types_]: {
    readonly params: unknown
    readonly buffers: unknown
    readonly function: ShapeFunction
    input(shape: never): void
    output(shape: never): void
  }
  readonly kind: string
}

/** A function of a state whose type is not compared: as a method's, so that the state of any layer will do. */
type Passing<S, A> = { passing(state: S): [A, S] }['passing']
/**
 * A layer from shapes to shapes, whose parameters and buffers have types that nobody needs to know: any layer is one.
 *
 * Only what it has drawn itself fits it, which is checked when it runs.
 */
export interface Arrow<I, O> extends Omit<RunLayer, 'init' | 'buffers' | 'forward'> {
  readonly [types_]: Types<unknown, I, O, unknown, ShapeFunction>
  readonly init: (options: { readonly dtype: 'float32' | 'float64' }) => State<Key, unknown>
  readonly buffers: unknown
  forward(params: unknown, mode: Mode): (x: Tensors<I>) => Passing<Memory<unknown>, Tensors<O>>
  apply(params: unknown, buffers: unknown): (x: Tensors<I>) => Tensors<O>
}

/** The record of a layer's parameters. */
export type Params<L extends AnyLayer> = L[typeof types_]['params']
/** The record of what a layer remembers. */
export type Buffers<L extends AnyLayer> = L[typeof types_]['buffers']
/** The last axes of a layer's input. */
export type Input<L extends AnyLayer> = L[typeof types_]['input'] extends (shape: infer I extends ShapeTree) => void
  ? I
  : never
/** The last axes of a layer's output. */
export type Output<L extends AnyLayer> = L[typeof types_]['output'] extends (shape: infer O extends ShapeTree) => void
  ? O
  : never
/** What more a layer tells of the output's shape. */
export type FunctionOf<L extends AnyLayer> = L[typeof types_]['function']
/** What a layer says against exact input axes; never if nothing. */
export type Complaint<L extends AnyLayer, X extends Shape> = Extract<
  (FunctionOf<L> & { readonly given: X })['result'],
  string
>
/** The exact output for exact input axes. */
export type Refined<L extends AnyLayer, X extends Shape> = (FunctionOf<L> & {
  readonly given: X
})['result'] extends infer Y extends ShapeTree
  ? Y
  : Output<L>

/** Of a layer that gives what it takes: exact input axes are the output's where it keeps them all. */
export interface Kept<L extends AnyLayer> extends ShapeFunction {
  readonly result: this['given'] extends infer X extends Shape
    ? [Complaint<L, X>] extends [never]
      ? [Refined<L, X>, X] extends [X, Refined<L, X>]
        ? X
        : unknown
      : Complaint<L, X>
    : unknown
}

declare const name_: unique symbol
/** A layer that is called by a name where it stands among others. */
export type Named<N extends string, L extends AnyLayer> = L & { readonly [name_]: N }
export type NameOf<L, Default> = L extends { readonly [name_]: infer N extends string } ? N : Default

/** A layer from shapes to shapes, whichever of the two kinds that is. */
export type LayerOf<P, I, O, B, K extends string, F extends ShapeFunction = ShapeFunction> = [I, O] extends [
  infer X extends Shape,
  infer Y extends Shape
]
  ? Layer<P, X, Y, B, K, F>
  : [I, O] extends [infer X extends ShapeTree, infer Y extends ShapeTree]
    ? TreeLayer<P, X, Y, B, K, F>
    : never
/** A layer that does what another does, under its name, perhaps with other parameters. */
export type Around<
  L extends AnyLayer,
  K extends string,
  P = Params<L>,
  F extends ShapeFunction = FunctionOf<L>
> = CalledAs<NameOf<L, never>, LayerOf<P, Input<L>, Output<L>, Buffers<L>, K, F>>
export type CalledAs<N extends string, L extends AnyLayer> = [N] extends [never] ? L : Named<N, L>

/** An activation: element by element, without parameters. */
export interface Pointwise<K extends string = string> extends Layer<Empty, [], [], Empty, K> {}

/** A fully connected layer. */
export interface Linear<I extends number, O extends number>
  extends Layer<{ readonly weight: Tensor<[O, I]>; readonly bias: Tensor<[O]> }, [I], [O], Empty, 'linear'> {}
/** A fully connected layer without a bias. */
export interface Unbiased<I extends number, O extends number>
  extends Layer<{ readonly weight: Tensor<[O, I]> }, [I], [O], Empty, 'linear'> {}
// Two interfaces: a flag would stand in every message, `Linear<12, 1, true>`.
/** A fully connected layer with a bias or without; where that is known at run time only, it may be in the record. */
export type LinearOf<I extends number, O extends number, Bias extends boolean> = [Bias] extends [true]
  ? Linear<I, O>
  : [Bias] extends [false]
    ? Unbiased<I, O>
    : Layer<{ readonly weight: Tensor<[O, I]>; readonly bias?: Tensor<[O]> }, [I], [O], Empty, 'linear'>
