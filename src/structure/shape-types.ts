/**
 * Shapes as the compiler sees them.
 *
 * Shapes are checked gradually. A literal size is checked when compiling; `number`, and `Shape` for a rank that is not known,
 * stand for what is known at run time only, fit everything, and are checked there.
 */

/** The sizes of a tensor's axes: `readonly [5, 3]`, `readonly [number, 3]` (some 3 columns), or just a list of numbers. */
export type Shape = readonly number[]

/** The key of the phantom property by which the compiler tells tensors of different shapes apart; no tensor has it. */
export declare const shape_: unique symbol

// biome-ignore lint/suspicious/noExplicitAny: gradual typing needs a type that fits everything in both directions
type Unchecked = any

/**
 * What the phantom property holds: the shape, unchecked where it is not known. With `undefined` in it, the compiler does not
 * suggest `exactOptionalPropertyTypes` as the remedy when shapes differ.
 */
export type Dyn<S extends Shape> = number extends S['length']
  ? Unchecked
  : { readonly [K in keyof S]: number extends S[K] ? Unchecked : S[K] } | undefined

type ShowSizes<S extends Shape, Done extends string = ''> = S extends readonly [
  infer First extends number,
  ...infer Rest extends Shape
]
  ? ShowSizes<Rest, `${Done}${Done extends '' ? '' : ', '}${number extends First ? '?' : First}`>
  : Done
/** A shape as messages show it: `[5, ?, 3]`, or `[...]` where the rank is unknown. */
export type Show<S extends Shape> = number extends S['length'] ? '[...]' : `[${ShowSizes<S>}]`

/** Whether one size may stand where another is expected: equal, or one of them not known. */
export type SameSize<A extends number, B extends number> = number extends A | B ? true : [A] extends [B] ? true : false

/** Whether one shape may stand where another is expected. */
export type SameShape<A extends Shape, B extends Shape> = [Dyn<A>] extends [Dyn<B>] ? true : false

/** `[Leading, Trailing]` with `S = [...Leading, ...Trailing]` and Trailing as long as T, or null where S is shorter. */
export type Split<S extends Shape, T extends Shape, Trailing extends Shape = []> = T extends readonly [
  unknown,
  ...infer Rest extends Shape
]
  ? S extends readonly [...infer Leading extends Shape, infer Last extends number]
    ? Split<Leading, Rest, [Last, ...Trailing]>
    : null
  : [S, Trailing]
