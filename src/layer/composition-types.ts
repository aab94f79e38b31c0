/**
 * Composition checked by the compiler: a fold over the layers that ends in a type, or puts a message in the place of the layer
 * that does not fit, so that the compiler complains about that argument and no other:
 *
 *     Argument of type 'Linear<12, 1>' is not assignable to parameter of type
 *       '"layer 2 (linear) expects input [12] but layer 1 (tanh) produces [13]"'.
 */
import type { SameShape, Shape, Show, Split } from '../structure/shape-types.js'
import type {
  AnyLayer,
  Buffers,
  Complaint,
  Empty,
  Input,
  Kept,
  Layer,
  NameOf,
  Output,
  Params,
  Refined,
  ShapeFunction,
  ShapeTree,
  TreeLayer
} from './types.js'

export type Layers = readonly AnyLayer[]

declare const list_: unique symbol
declare const branches_: unique symbol
/** Layers one after the other. */
export interface Sequential<Ls extends Layers, I extends Shape, O extends Shape>
  extends Layer<JoinedParams<Ls>, I, O, JoinedBuffers<Ls>, 'sequential', Following<Ls>> {
  readonly [list_]: Ls
}
/** Layers one after the other, with several inputs or outputs. */
export interface TreeSequential<Ls extends Layers, I extends ShapeTree, O extends ShapeTree>
  extends TreeLayer<JoinedParams<Ls>, I, O, JoinedBuffers<Ls>, 'sequential'> {
  readonly [list_]: Ls
}
/** Layers side by side, as one from an array of inputs to an array of outputs. */
export interface Parallel<Ls extends Layers>
  extends TreeLayer<JoinedParams<Ls>, Inputs<Ls>, Outputs<Ls>, JoinedBuffers<Ls>, 'parallel'> {
  readonly [branches_]: Ls
}
type Inputs<Ls extends Layers> = { readonly [K in keyof Ls]: Input<Ls[K]> }
type Outputs<Ls extends Layers> = { readonly [K in keyof Ls]: Output<Ls[K]> }

/** The layers of a sequence; any other layer, and a sequence with a name, is a sequence of one. */
type ListOf<L extends AnyLayer> = [NameOf<L, never>] extends [never]
  ? L extends { readonly [list_]: infer Ls extends Layers }
    ? Ls
    : [L]
  : [L]
/** The layers side by side that a layer is, or null. */
type BranchesOf<L> = L extends { readonly [branches_]: infer Ls } ? Ls : null

/** Shapes as messages show them: `[5, 3]`, or `([5, 3], [4])` for a list of them. */
export type ShowTree<T> = T extends Shape
  ? Show<T>
  : T extends readonly unknown[]
    ? `(${ShowItems<T>})`
    : 'a record of tensors'
type ShowItems<T, Done extends string = ''> = T extends readonly [infer First, ...infer Rest]
  ? ShowItems<Rest, `${Done}${Done extends '' ? '' : ', '}${ShowTree<First>}`>
  : Done

/** The tree with more leading axes in each of its shapes. */
export type Under<Leading extends Shape, T> = T extends Shape
  ? [...Leading, ...T]
  : { readonly [K in keyof T]: Under<Leading, T[K]> }

/** Whether one tree of shapes may stand where another is expected. */
type SameTree<A, B> = A extends Shape
  ? B extends Shape
    ? SameShape<A, B>
    : false
  : B extends Shape
    ? false
    : [keyof A, keyof B] extends [keyof B, keyof A]
      ? false extends { [K in keyof A]: K extends keyof B ? SameTree<A[K], B[K]> : false }[keyof A & keyof B & Item<A>]
        ? false
        : true
      : false
/** The keys of a tree's parts: those of a record, or the positions in a list. */
type Item<T> = T extends readonly unknown[] ? `${number}` : keyof T

/** A map from A to B, and then L: the whole map `[input, output]`, or null where the sizes differ, or what L says against them. */
export type Then<A, B, L extends AnyLayer> = B extends Shape
  ? Input<L> extends infer I extends Shape
    ? ThenShape<A, B, I, L>
    : null
  : BranchesOf<L> extends infer Branches extends Layers
    ? ThenBranches<A, B, Branches>
    : SameTree<B, Input<L>> extends true
      ? [A, Output<L>]
      : null

type ThenShape<A, B extends Shape, I extends Shape, L extends AnyLayer> = number extends B['length'] | I['length']
  ? [A, Output<L>]
  : Split<B, I> extends [infer Leading extends Shape, infer Trailing extends Shape]
    ? SameShape<Trailing, I> extends true
      ? [Complaint<L, Trailing>] extends [never]
        ? [A, Under<Leading, Refined<L, Trailing>>]
        : Complaint<L, Trailing>
      : null
    : // The layers so far act on fewer axes than this one: they are lifted.
      Split<I, B> extends [infer Leading extends Shape, infer Trailing extends Shape]
      ? SameShape<B, Trailing> extends true
        ? [Under<Leading, A>, Output<L>]
        : null
      : null

export type Part<T, K> = K extends keyof T ? T[K] : null
/** Branches follow branches one by one; where A has as many parts as they are, each of them was made by its own branch. */
type ThenBranches<A, B, Branches extends Layers> =
  Branches['length'] extends Part<B, 'length'>
    ? Pairs<Branches['length'] extends Part<A, 'length'> ? A : B, B, Branches> extends infer Both extends
        readonly unknown[]
      ? null extends Both[number]
        ? null
        : [
            Branches['length'] extends Part<A, 'length'> ? { readonly [K in keyof Both]: Part<Both[K], '0'> } : A,
            { readonly [K in keyof Both]: Part<Both[K], '1'> }
          ]
      : null
    : null
type Pairs<A, B, Branches extends Layers> = {
  readonly [K in keyof Branches]: Then<Part<A, K>, Part<B, K>, Branches[K]>
}

/** How a layer is called in messages: by its name, or by its place and kind. */
export type Called<L extends AnyLayer, Index> =
  NameOf<L, never> extends infer N extends string
    ? [N] extends [never]
      ? `layer ${Index & number} (${L['kind']})`
      : `layer '${N}'`
    : never

export type Failure<Messages> = { readonly ok: false; readonly layers: Messages }
type Success<I, O> = { readonly ok: true; readonly input: I; readonly output: O }

/** The message about a name that is in use; null if there is none. Of names that are not literal nothing is known. */
export type Twice<L, Names> =
  NameOf<L, never> extends infer N extends string & Names
    ? [N] extends [never]
      ? null
      : string extends N
        ? null
        : `layer name '${N}' is used twice`
    : null

type Fold<Ls, A, B, Done extends readonly unknown[], Names, Before extends string> = Ls extends readonly [
  infer L extends AnyLayer,
  ...infer Rest
]
  ? Twice<L, Names> extends infer Message extends string
    ? Failure<[...Done, Message, ...Rest]>
    : Then<A, B, L> extends infer Next
      ? Next extends [infer I, infer O]
        ? Fold<Rest, I, O, [...Done, L], Names | NameOf<L, never>, Called<L, Done['length']>>
        : Failure<
            [
              ...Done,
              Next extends string
                ? `${Called<L, Done['length']>}: ${Next}`
                : `${Called<L, Done['length']>} expects input ${ShowTree<Input<L>>} but ${Before} produces ${ShowTree<B>}`,
              ...Rest
            ]
          >
      : never
  : Ls extends readonly []
    ? Success<A, B>
    : Success<Shape, Shape>
/** The first layer says what comes in; no layers at all are the identity. */
type Folded<Ls extends Layers> = Ls extends readonly [infer L extends AnyLayer, ...infer Rest]
  ? Fold<Rest, Input<L>, Output<L>, [L], NameOf<L, never>, Called<L, 0>>
  : Ls extends readonly []
    ? Success<[], []>
    : Success<Shape, Shape>

/** What a sequence makes of exact axes: layer by layer. */
interface Following<Ls extends Layers> extends ShapeFunction {
  readonly result: this['given'] extends infer X extends Shape
    ? Fold<Ls, X, X, [], never, 'the input'> extends infer Through
      ? Through extends Success<unknown, infer O>
        ? O
        : Through extends Failure<infer Messages extends readonly unknown[]>
          ? Extract<Messages[number], string>
          : unknown
      : unknown
    : unknown
}

/** The arguments of `sequential`: the layers, with a message in the place of one that does not fit. */
export type Checked<Ls extends Layers> =
  Folded<Ls> extends Failure<infer Messages extends readonly unknown[]> ? Messages : Ls

export type IsEmpty<T> = unknown extends T ? false : [keyof T] extends [never] ? true : false
type Joined<Ls extends Layers, Parts extends readonly unknown[]> = number extends Ls['length']
  ? IsEmpty<Parts[number]> extends true
    ? Empty
    : { readonly [position: number]: Parts[number] }
  : {
      readonly [K in keyof Ls & keyof Parts & `${number}` as IsEmpty<Parts[K]> extends true
        ? never
        : NameOf<Ls[K], K> & string]: Parts[K]
    }
/** The parameters of layers in one record, by name or place, without those that have none. */
export type JoinedParams<Ls extends Layers> = Joined<Ls, { readonly [K in keyof Ls]: Params<Ls[K]> }>
/** What layers remember in one record, by name or place, without those that remember nothing. */
export type JoinedBuffers<Ls extends Layers> = Joined<Ls, { readonly [K in keyof Ls]: Buffers<Ls[K]> }>

type Join<Ls extends Layers, I, O> = [I, O] extends [infer X extends Shape, infer Y extends Shape]
  ? Sequential<Ls, X, Y>
  : [I, O] extends [infer X extends ShapeTree, infer Y extends ShapeTree]
    ? TreeSequential<Ls, X, Y>
    : never

/** Layers one after the other, as one. Where they do not fit, its shapes are unknown, so that no second error follows. */
export type SequentialOf<Ls extends Layers> =
  Folded<Ls> extends Success<infer I, infer O> ? Join<Ls, I, O> : Join<Ls, Shape, Shape>

/** The layer before, or a message if the next does not fit it. */
export type Onto<A extends AnyLayer, L extends AnyLayer> =
  Folded<[...ListOf<A>, L]> extends Failure<readonly [...unknown[], infer Message extends string]> ? Message : A
export type Appended<A extends AnyLayer, L extends AnyLayer> = SequentialOf<[...ListOf<A>, L]>

/** A layer whose input and output are of one shape, or a message. */
export type Endo<L extends AnyLayer> =
  Input<L> extends infer I extends Shape
    ? Output<L> extends infer O extends Shape
      ? SameShape<I, O> extends true
        ? L
        : `residual: needs a layer with equal input and output, not ${Show<I>} to ${Show<O>}`
      : 'residual: needs a layer from one tensor to one tensor'
    : 'residual: needs a layer from one tensor to one tensor'
export type ResidualOf<L extends AnyLayer> =
  Input<L> extends infer I extends Shape
    ? Output<L> extends infer O extends Shape
      ? Layer<Params<L>, I, O, Buffers<L>, 'residual', Kept<L>>
      : never
    : never

/** The arguments of `parallel`: the layers, with a message in the place of one whose name is in use. */
export type Distinct<Ls extends Layers, Done extends readonly unknown[] = [], Names = never> = Ls extends readonly [
  infer L extends AnyLayer,
  ...infer Rest extends Layers
]
  ? Twice<L, Names> extends infer Message extends string
    ? [...Done, Message, ...Rest]
    : Distinct<Rest, [...Done, L], Names | NameOf<L, never>>
  : Ls extends readonly []
    ? Done
    : Ls

/** A name, or a message if it cannot be one. */
export type LayerName<N extends string> = string extends N
  ? N
  : N extends `${number}` | `${string}.${string}` | ''
    ? `'${N}' cannot be a layer name: names have no dots, are not numbers and not empty`
    : N
