/** Shape rules of operations along axes: reductions, and whatever takes, adds or changes an axis. */
import type { Add, DivideExactly, Subtract } from './digits.js'
import type { SameShape, Shape, Show } from './shape-types.js'

/** An axis counted from 0, of a shape with so many axes; never if it lies before the first. */
type FromZero<Axis extends number, Rank extends number> = `${Axis}` extends `-${infer FromEnd extends number}`
  ? number extends Subtract<Rank, FromEnd>
    ? never
    : Subtract<Rank, FromEnd>
  : Axis

/** The position of an axis among the keys of a shape (`'0'`, `'1'`, …); `string` where it is not known; never if there is none. */
type Position<S extends Shape, Axis extends number> = number extends Axis
  ? string
  : `${FromZero<Axis, S['length']>}` extends infer P extends string & keyof S
    ? P
    : never

type OutOfRange<
  Name extends string,
  Axis extends number,
  Rank extends number
> = `${Name}: axis ${Axis} is out of range for rank ${Rank}`

/** The positions of several axes, or the message about the first that does not exist. */
type Positions<
  S extends Shape,
  Axes extends Shape,
  Name extends string,
  Done extends string = never
> = Axes extends readonly [infer First extends number, ...infer Rest extends Shape]
  ? [Position<S, First>] extends [never]
    ? { readonly message: OutOfRange<Name, First, S['length']> }
    : Positions<S, Rest, Name, Done | Position<S, First>>
  : Axes extends readonly []
    ? { readonly positions: Done }
    : { readonly positions: string }

type AsList<Axis> = Axis extends Shape ? Axis : Axis extends number ? readonly [Axis] : readonly []

type Without<
  S extends Shape,
  P extends string,
  Done extends Shape = [],
  Seen extends readonly unknown[] = []
> = S extends readonly [infer First extends number, ...infer Rest extends Shape]
  ? Without<Rest, P, `${Seen['length'] & number}` extends P ? Done : [...Done, First], [...Seen, First]>
  : Done

/** The shape with another size at some positions. */
type At<S extends Shape, P extends string, Size extends number> = {
  -readonly [K in keyof S]: string extends P ? number : K extends P ? Size : S[K]
}

/** What a reduction leaves: without the folded axes, or with size 1 there. No axis given means all of them. */
export type Reduce<S extends Shape, Axis, Keep extends boolean = false, Name extends string = 'reduction'> = [
  Axis
] extends [undefined]
  ? Keep extends true
    ? number extends S['length']
      ? Shape
      : { -readonly [K in keyof S]: 1 }
    : []
  : number extends S['length']
    ? Shape
    : Positions<S, AsList<Axis>, Name> extends infer Found
      ? Found extends { readonly positions: infer P extends string }
        ? true extends Keep
          ? boolean extends Keep
            ? Shape
            : At<S, P, 1>
          : string extends P
            ? Shape
            : Without<S, P>
        : Found extends { readonly message: infer Message }
          ? Message
          : never
      : never

/** The message about a shape that lacks an axis, else null. */
export type MissingAxis<S extends Shape, Axis, Name extends string> = Axis extends number
  ? number extends S['length']
    ? null
    : [Position<S, Axis>] extends [never]
      ? OutOfRange<Name, Axis, S['length']>
      : null
  : null

/** The shape with another size at one axis. */
export type Resize<
  S extends Shape,
  Axis extends number,
  Size extends number,
  Name extends string
> = number extends S['length']
  ? Shape
  : [Position<S, Axis>] extends [never]
    ? OutOfRange<Name, Axis, S['length']>
    : At<S, Position<S, Axis>, Size>

/** Without one axis. */
export type Drop<S extends Shape, Axis extends number, Name extends string> = Reduce<S, Axis, false, Name>

/** Without one axis, which must have size 1. */
export type Squeeze<S extends Shape, Axis extends number> = number extends S['length']
  ? Shape
  : number extends Axis
    ? Shape
    : Position<S, Axis> extends infer P
      ? [P] extends [never]
        ? OutOfRange<'squeeze', Axis, S['length']>
        : P extends string & keyof S
          ? 1 extends S[P]
            ? Without<S, P>
            : number extends S[P]
              ? Without<S, P>
              : `squeeze: axis ${Axis} of ${Show<S>} has size ${S[P] & number}, not 1`
          : Shape
      : never

type Insert<
  S extends Shape,
  P extends string,
  Size extends number,
  Done extends Shape = []
> = `${Done['length']}` extends P
  ? [...Done, Size, ...S]
  : S extends readonly [infer First extends number, ...infer Rest extends Shape]
    ? Insert<Rest, P, Size, [...Done, First]>
    : null

/** With a new axis, counted in the result. */
export type Unsqueeze<
  S extends Shape,
  Axis extends number,
  Size extends number = 1,
  Name extends string = 'unsqueeze'
> = number extends S['length']
  ? Shape
  : number extends Axis
    ? Shape
    : Insert<S, `${FromZero<Axis, [...S, 0]['length']>}`, Size> extends infer R extends Shape
      ? R
      : OutOfRange<Name, Axis, [...S, 0]['length']>

/** Two axes exchanged. */
export type Swap<
  S extends Shape,
  A extends number,
  B extends number,
  Name extends string = 'swapAxes'
> = number extends S['length']
  ? Shape
  : number extends A | B
    ? Shape
    : [Position<S, A>] extends [never]
      ? OutOfRange<Name, A, S['length']>
      : [Position<S, B>] extends [never]
        ? OutOfRange<Name, B, S['length']>
        : Exchanged<S, Position<S, A>, Position<S, B>>
type Exchanged<S extends Shape, P extends string, Q extends string> = {
  -readonly [K in keyof S]: K extends P ? S[Q & keyof S] : K extends Q ? S[P & keyof S] : S[K]
} extends infer R extends Shape
  ? R
  : never

/** The last two axes exchanged. */
export type Transpose<S extends Shape> = number extends S['length']
  ? Shape
  : S extends readonly [...infer Leading extends Shape, infer Rows extends number, infer Columns extends number]
    ? [...Leading, Columns, Rows]
    : `transpose: ${Show<S>} has fewer than two axes`

/** Axes in another order: axis i of the result is axis `Axes[i]` of the operand. */
export type Permute<S extends Shape, Axes extends Shape> = number extends S['length'] | Axes['length'] | Axes[number]
  ? Shape
  : S['length'] extends Axes['length']
    ? [Exclude<keyof S & `${number}`, { [K in keyof Axes]: Position<S, Axes[K]> }[number]>] extends [never]
      ? { -readonly [K in keyof Axes]: S[Position<S, Axes[K]> & keyof S] } extends infer R extends Shape
        ? R
        : never
      : `permute: axes ${Show<Axes>} are not an order of the axes of ${Show<S>}`
    : `permute: axes ${Show<Axes>} are not an order of the axes of ${Show<S>}`

/** A list of shapes put together along one axis. */
export type Concat<Shapes extends readonly Shape[], Axis extends number> = Shapes extends readonly [
  infer First extends Shape,
  ...infer Rest extends readonly Shape[]
]
  ? number extends First['length']
    ? Shape
    : [Position<First, Axis>] extends [never]
      ? OutOfRange<'concat', Axis, First['length']>
      : ConcatRest<First, First, Rest, Position<First, Axis>>
  : Shapes extends readonly []
    ? 'concat: nothing to put together'
    : Shape
type ConcatRest<
  First extends Shape,
  Sum extends Shape,
  Rest extends readonly Shape[],
  P extends string,
  Count extends readonly unknown[] = [0]
> = Rest extends readonly [infer Next extends Shape, ...infer More extends readonly Shape[]]
  ? number extends Next['length']
    ? ConcatRest<First, At<Sum, P, number>, More, P, [...Count, 0]>
    : SameShape<At<First, P, number>, At<Next, P, number>> extends true
      ? ConcatRest<First, At<Sum, P, Add<SizeAt<Sum, P>, SizeAt<Next, P>>>, More, P, [...Count, 0]>
      : `concat: shapes ${Show<First>} and ${Show<Next>} (operand ${Count['length'] & number}) differ apart from axis ${P}`
  : Rest extends readonly []
    ? Sum
    : At<Sum, P, number>
type SizeAt<S extends Shape, P extends string> = P extends keyof S ? S[P] & number : number

/** A list of shapes, all the same, put together along a new axis. */
export type Stack<Shapes extends readonly Shape[], Axis extends number> = Shapes extends readonly [
  infer First extends Shape,
  ...infer Rest extends readonly Shape[]
]
  ? StackRest<First, Rest> extends infer Message extends string
    ? Message
    : Unsqueeze<First, Axis, Shapes['length'], 'stack'>
  : Shapes extends readonly []
    ? 'stack: nothing to put together'
    : Unsqueeze<Shapes[number], Axis, number, 'stack'>
type StackRest<
  First extends Shape,
  Rest extends readonly Shape[],
  Count extends readonly unknown[] = [0]
> = Rest extends readonly [infer Next extends Shape, ...infer More extends readonly Shape[]]
  ? SameShape<First, Next> extends true
    ? StackRest<First, More, [...Count, 0]>
    : `stack: shapes ${Show<First>} and ${Show<Next>} (operand ${Count['length'] & number}) differ`
  : null

/** The shape with one axis half as long. */
export type Halve<S extends Shape, Axis extends number, Name extends string> = number extends S['length']
  ? Shape
  : [Position<S, Axis>] extends [never]
    ? OutOfRange<Name, Axis, S['length']>
    : DivideExactly<SizeAt<S, Position<S, Axis>>, 2> extends infer Half
      ? Half extends number
        ? At<S, Position<S, Axis>, Half>
        : `${Name}: axis ${Axis} of ${Show<S>} has size ${SizeAt<S, Position<S, Axis>>}, which has no two equal halves`
      : never
