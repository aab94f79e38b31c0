/** Composition checked by the compiler: a fold over the layers that ends in a type, or puts a message in the place of the layer that does not fit. */
import type { SameShape, Shape, Show } from '../structure/shape-types.js'
import type {
  AnyLayer,
  Buffers,
  Input,
  Layer,
  ListOf,
  NameOf,
  Output,
  Params,
  Refined,
  Sequential,
  ShapeTree,
  TreeLayer,
  TreeSequential
} from './types.js'

type RankUnknown<S extends Shape> = number extends S['length'] ? true : false
type ShowTree<T> = T extends Shape ? Show<T> : 'a tree of tensors'

/** `[Lead, Tail]` with `S = [...Lead, ...Tail]` and Tail as long as T, or null where S is shorter. */
type SplitAt<S extends Shape, T extends Shape, Tail extends Shape = []> = T extends readonly [
  unknown,
  ...infer Rest extends Shape
]
  ? S extends readonly [...infer Lead extends Shape, infer Last extends number]
    ? SplitAt<Lead, Rest, [Last, ...Tail]>
    : null
  : [S, Tail]

/** A map from A to B, and then L: the whole map `[input, output]`, or null where the sizes differ. */
type ThenShapes<A extends Shape, B extends Shape, L extends AnyLayer, I extends Shape, O extends ShapeTree> =
  RankUnknown<B> extends true
    ? [A, O]
    : RankUnknown<I> extends true
      ? [A, O]
      : SplitAt<B, I> extends [infer Lead extends Shape, infer Tail extends Shape]
        ? SameShape<Tail, I> extends true
          ? [A, Refined<L, Tail> extends infer R extends Shape ? [...Lead, ...R] : O]
          : null
        : SplitAt<I, B> extends [infer Lead extends Shape, infer Tail extends Shape]
          ? SameShape<B, Tail> extends true
            ? [[...Lead, ...A], O]
            : null
          : null
type ThenTrees<A, B, I, O> = [B] extends [I] ? [A, O] : null
type Then<A extends ShapeTree, B extends ShapeTree, L extends AnyLayer> = A extends Shape
  ? B extends Shape
    ? Input<L> extends infer I extends Shape
      ? ThenShapes<A, B, L, I, Output<L>>
      : null
    : ThenTrees<A, B, Input<L>, Output<L>>
  : B extends Shape
    ? Input<L> extends infer I extends Shape
      ? ThenShapes<[], B, L, I, Output<L>> extends [unknown, infer Y]
        ? [A, Y]
        : null
      : null
    : ThenTrees<A, B, Input<L>, Output<L>>

type LengthOfRest<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest['length'] : 0
type LastOf<T extends readonly unknown[]> = T extends readonly [...unknown[], infer Last] ? Last : never
/** How a layer is called in messages: by its name, or by its place and kind. */
type Called<L, Index extends number> = L extends AnyLayer
  ? NameOf<L, never> extends infer N
    ? [N] extends [never]
      ? `layer ${Index} (${L['kind']})`
      : `layer '${N & string}'`
    : never
  : never

type Failure<Layers> = { readonly ok: false; readonly layers: Layers }
type Success<I, O> = { readonly ok: true; readonly input: I; readonly output: O }

type Fold<Ls, A extends ShapeTree, B extends ShapeTree, Done extends readonly unknown[], Names> = Ls extends readonly [
  infer L extends AnyLayer,
  ...infer Rest
]
  ? NameOf<L, never> extends infer N extends string & Names
    ? [N] extends [never]
      ? Step<L, Rest, A, B, Done, Names>
      : Failure<[...Done, `layer name '${N}' is used twice`, ...Rest]>
    : Step<L, Rest, A, B, Done, Names>
  : Ls extends readonly []
    ? Success<A, B>
    : Success<Shape, Shape>
type Step<
  L extends AnyLayer,
  Rest extends readonly unknown[],
  A extends ShapeTree,
  B extends ShapeTree,
  Done extends readonly unknown[],
  Names
> = Done extends readonly []
  ? Fold<Rest, Input<L>, Output<L>, [L], NameOf<L, never>>
  : Then<A, B, L> extends [infer X extends ShapeTree, infer Y extends ShapeTree]
    ? Fold<Rest, X, Y, [...Done, L], Names | NameOf<L, never>>
    : Failure<
        [
          ...Done,
          `${Called<L, Done['length'] & number>} expects input ${ShowTree<Input<L>>} but ${Called<LastOf<Done>, LengthOfRest<Done> & number>} produces ${ShowTree<B>}`,
          ...Rest
        ]
      >

/** The arguments of `sequential`: the layers, with a message in the place of one that does not fit. */
export type Checked<Ls extends readonly AnyLayer[]> =
  Fold<Ls, [], [], [], never> extends { readonly ok: false; readonly layers: infer Wrong extends readonly unknown[] }
    ? Wrong
    : Ls

type At<Ls extends readonly AnyLayer[], K extends keyof Ls> = Ls[K] extends AnyLayer ? Ls[K] : never
type IsEmpty<T> = [keyof T] extends [never] ? true : false
// Conditional types, so that an editor shows the record and not the name of the rule.
/** The parameters of layers in one record, by name or place, without those that have none. */
export type JoinedParams<Ls extends readonly AnyLayer[]> = Ls extends unknown
  ? {
      readonly [K in keyof Ls & `${number}` as IsEmpty<Params<At<Ls, K>>> extends true
        ? never
        : NameOf<Ls[K], K> & string]: Params<At<Ls, K>>
    }
  : never
/** What layers remember in one record, by name or place, without those that remember nothing. */
export type JoinedBuffers<Ls extends readonly AnyLayer[]> = Ls extends unknown
  ? {
      readonly [K in keyof Ls & `${number}` as IsEmpty<Buffers<At<Ls, K>>> extends true
        ? never
        : NameOf<Ls[K], K> & string]: Buffers<At<Ls, K>>
    }
  : never

type Join<Ls extends readonly AnyLayer[], I extends ShapeTree, O extends ShapeTree> = I extends Shape
  ? O extends Shape
    ? Sequential<Ls, JoinedParams<Ls>, I, O, JoinedBuffers<Ls>>
    : TreeSequential<Ls, JoinedParams<Ls>, I, O, JoinedBuffers<Ls>>
  : TreeSequential<Ls, JoinedParams<Ls>, I, O, JoinedBuffers<Ls>>

/** Layers one after the other, as one. */
export type SequentialOf<Ls extends readonly AnyLayer[]> =
  Fold<Ls, [], [], [], never> extends {
    readonly input: infer I extends ShapeTree
    readonly output: infer O extends ShapeTree
  }
    ? Join<Ls, I, O>
    : never

/** The layer before, or a message if the next does not fit it. */
export type Onto<A extends AnyLayer, L extends AnyLayer> =
  Then<Input<A>, Output<A>, L> extends null
    ? `${Called<L, ListOf<A>['length'] & number>} expects input ${ShowTree<Input<L>>} but ${Called<LastOf<ListOf<A>>, LengthOfRest<ListOf<A>> & number>} produces ${ShowTree<Output<A>>}`
    : A
export type Appended<A extends AnyLayer, L extends AnyLayer> = SequentialOf<[...ListOf<A>, L]>

/** A layer whose input and output are of one shape, or a message. */
export type Endo<L extends AnyLayer> =
  Input<L> extends infer I extends Shape
    ? Output<L> extends infer O extends Shape
      ? SameShape<I, O> extends true
        ? L
        : `residual needs equal input and output, got ${Show<I>} → ${Show<O>}`
      : 'residual needs a layer from one tensor to one tensor'
    : 'residual needs a layer from one tensor to one tensor'
export type ResidualOf<L extends AnyLayer> =
  Input<L> extends infer I extends Shape
    ? Output<L> extends infer O extends Shape
      ? Layer<Params<L>, I, O, Buffers<L>, 'residual'>
      : never
    : never

/** Layers side by side, as one from an array of inputs to an array of outputs. */
export type ParallelOf<Ls extends readonly AnyLayer[]> = TreeLayer<
  JoinedParams<Ls>,
  { readonly [K in keyof Ls]: Input<At<Ls, K>> },
  { readonly [K in keyof Ls]: Output<At<Ls, K>> },
  JoinedBuffers<Ls>,
  'parallel'
>

/** A name, or a message if it cannot be one. */
export type LayerName<N extends string> = N extends `${number}` | `${string}.${string}` | ''
  ? `'${N}' cannot be a layer name: no dots, not a number, not empty`
  : N
