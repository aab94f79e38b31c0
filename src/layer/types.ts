/**
 * Layers as the compiler sees them.
 *
 * A layer maps the last axes of its input, `I`, to the last axes of its output, `O`, over any leading axes: an activation is `[] → []`,
 * `linear(3, 4)` is `[3] → [4]`. `P` is the record of its parameters, `B` that of what it remembers between steps.
 */
import type { State } from 'fp-ts/lib/State.js'
import type { Key } from '../random/key.js'
import type { Shape } from '../structure/shape-types.js'
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

/** From the exact shape of an input to that of the output, where that is more than `O` tells (convolutions, flatten). */
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

/** From a tree of tensors to a tree of tensors: several inputs or outputs. */
export interface TreeLayer<P, I extends ShapeTree, O extends ShapeTree, B = Empty, K extends string = string>
  extends Common<K, P, I, O, B, ShapeFunction> {
  readonly forward: (params: P, mode: Mode) => (x: Tensors<I>) => State<Memory<B>, Tensors<O>>
  readonly apply: WithBuffers<P, B, (x: Tensors<I>) => Tensors<O>>
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
/** The exact output for exact input axes. */
export type Refined<L extends AnyLayer, X extends Shape> = (L[typeof types_]['function'] & {
  readonly given: X
})['result'] extends infer Y extends Shape
  ? Y
  : Output<L>
export type FunctionOf<L extends AnyLayer> = L[typeof types_]['function']

declare const name_: unique symbol
/** A layer that is called by a name where it stands among others. */
export type Named<N extends string, L extends AnyLayer> = L & { readonly [name_]: N }
export type NameOf<L, Default> = L extends { readonly [name_]: infer N extends string } ? N : Default

declare const list_: unique symbol
/** Layers one after the other. */
export interface Sequential<Ls extends readonly AnyLayer[], P, I extends Shape, O extends Shape, B>
  extends Layer<P, I, O, B, 'sequential'> {
  readonly [list_]: Ls
}
export interface TreeSequential<Ls extends readonly AnyLayer[], P, I extends ShapeTree, O extends ShapeTree, B>
  extends TreeLayer<P, I, O, B, 'sequential'> {
  readonly [list_]: Ls
}
export type ListOf<L extends AnyLayer> = L extends { readonly [list_]: infer Ls extends readonly AnyLayer[] } ? Ls : [L]

/** An activation: element by element, without parameters. */
export interface Pointwise<K extends string = string> extends Layer<Empty, [], [], Empty, K> {}

/** The parameters of a fully connected layer; without a bias the record has none. */
export type LinearParams<I extends number, O extends number, Bias extends boolean> = Bias extends true
  ? { readonly weight: Tensor<[O, I]>; readonly bias: Tensor<[O]> }
  : { readonly weight: Tensor<[O, I]> }
export interface Linear<I extends number, O extends number, Bias extends boolean = true>
  extends Layer<LinearParams<I, O, Bias>, [I], [O], Empty, 'linear'> {}
