/**
 * Arithmetic on literal sizes, in types: decimal, digit by digit.
 *
 * Counting with the lengths of tuples is shorter to write and far slower to check (500 products of sizes: 43 s instead of 0.1).
 * Inside this file a number is a string of its digits, the last digit first, because that is the order in which carries run.
 * Wherever an operand is not a literal whole number, the result is `number`: it is known at run time.
 */

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'

/** `Sums[a][b]`: a carry and a digit. The column for ten is nine with a carry. */
type Sums = [
  ['00', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10'],
  ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11'],
  ['02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'],
  ['03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '13'],
  ['04', '05', '06', '07', '08', '09', '10', '11', '12', '13', '14'],
  ['05', '06', '07', '08', '09', '10', '11', '12', '13', '14', '15'],
  ['06', '07', '08', '09', '10', '11', '12', '13', '14', '15', '16'],
  ['07', '08', '09', '10', '11', '12', '13', '14', '15', '16', '17'],
  ['08', '09', '10', '11', '12', '13', '14', '15', '16', '17', '18'],
  ['09', '10', '11', '12', '13', '14', '15', '16', '17', '18', '19']
]
/** `Times[a][b]`: tens and ones. */
type Times = [
  ['00', '00', '00', '00', '00', '00', '00', '00', '00', '00'],
  ['00', '01', '02', '03', '04', '05', '06', '07', '08', '09'],
  ['00', '02', '04', '06', '08', '10', '12', '14', '16', '18'],
  ['00', '03', '06', '09', '12', '15', '18', '21', '24', '27'],
  ['00', '04', '08', '12', '16', '20', '24', '28', '32', '36'],
  ['00', '05', '10', '15', '20', '25', '30', '35', '40', '45'],
  ['00', '06', '12', '18', '24', '30', '36', '42', '48', '54'],
  ['00', '07', '14', '21', '28', '35', '42', '49', '56', '63'],
  ['00', '08', '16', '24', '32', '40', '48', '56', '64', '72'],
  ['00', '09', '18', '27', '36', '45', '54', '63', '72', '81']
]
/** A digit and a carry, as a column of `Sums`. */
type Carried = {
  readonly '0': ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
  readonly '1': ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']
}
type Carry = keyof Carried
/** What is missing to nine: a subtraction is the addition of complements. */
type Complement = ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']
type Next = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '9']

type Reverse<Text extends string, Done extends string = ''> = Text extends `${infer First}${infer Rest}`
  ? Reverse<Rest, `${First}${Done}`>
  : Done
type WithoutLeadingZeros<Text extends string> = Text extends `0${infer Rest}`
  ? Rest extends ''
    ? Text
    : WithoutLeadingZeros<Rest>
  : Text

/** The digits of a literal size, the last one first; null for everything else. */
type Digits<N extends number> = number extends N
  ? null
  : `${N}` extends `${string}${'-' | '.' | 'e'}${string}`
    ? null
    : Reverse<`${N}`>
/** The literal with these digits. */
type Literal<A> = A extends string
  ? WithoutLeadingZeros<Reverse<A>> extends `${infer N extends number}`
    ? N
    : number
  : number

type AddDigits<
  A extends string,
  B extends string,
  C extends Carry = '0',
  Done extends string = ''
> = A extends `${infer FirstA extends Digit}${infer RestA}`
  ? B extends `${infer FirstB extends Digit}${infer RestB}`
    ? Sums[FirstA][Carried[C][FirstB]] extends `${infer NextC extends Carry}${infer D}`
      ? AddDigits<RestA, RestB, NextC, `${Done}${D}`>
      : never
    : C extends '0'
      ? `${Done}${A}`
      : AddDigits<A, '1', '0', Done>
  : B extends ''
    ? C extends '0'
      ? Done
      : `${Done}1`
    : AddDigits<B, '', C, Done>

/** The difference, or null where it is negative. Without a carry in the complement there is a borrow. */
type SubtractDigits<
  A extends string,
  B extends string,
  C extends Carry = '1',
  Done extends string = ''
> = A extends `${infer FirstA extends Digit}${infer RestA}`
  ? B extends `${infer FirstB extends Digit}${infer RestB}`
    ? Sums[FirstA][Carried[C][Complement[FirstB]]] extends `${infer NextC extends Carry}${infer D}`
      ? SubtractDigits<RestA, RestB, NextC, `${Done}${D}`>
      : never
    : C extends '1'
      ? `${Done}${A}`
      : SubtractDigits<A, '0', C, Done>
  : `${B}${C}` extends '1'
    ? Done
    : null

type TimesDigit<
  A extends string,
  D extends Digit,
  Ones extends string = '',
  Tens extends string = '0'
> = A extends `${infer First extends Digit}${infer Rest}`
  ? Times[First][D] extends `${infer T}${infer O}`
    ? TimesDigit<Rest, D, `${Ones}${O}`, `${Tens}${T}`>
    : never
  : AddDigits<Ones, Tens>
type MultiplyDigits<
  A extends string,
  B extends string,
  Shift extends string = '',
  Done extends string = '0'
> = B extends `${infer First extends Digit}${infer Rest}`
  ? MultiplyDigits<A, Rest, `${Shift}0`, AddDigits<Done, `${Shift}${TimesDigit<A, First>}`>>
  : Done

/** How often B goes into a remainder (at most nine times), and what remains. */
type Quotient<Remainder extends string, B extends string, Count extends Digit = '0'> =
  SubtractDigits<Remainder, B> extends infer Less extends string ? Quotient<Less, B, Next[Count]> : [Count, Remainder]
/** Long division: of `Forward`, whose first digit comes first. Gives quotient, first digit first, and remainder. */
type DivideDigits<
  Forward extends string,
  B extends string,
  Remainder extends string = '',
  Done extends string = ''
> = Forward extends `${infer First}${infer Rest}`
  ? Quotient<`${First}${Remainder}`, B> extends [infer Q extends string, infer R extends string]
    ? DivideDigits<Rest, B, R, `${Done}${Q}`>
    : never
  : [Done, Remainder]

type ProductDigits<Sizes extends readonly number[], Done extends string = '1'> = Sizes extends readonly [
  infer First extends number,
  ...infer Rest extends readonly number[]
]
  ? Digits<First> extends infer D extends string
    ? ProductDigits<Rest, D extends '1' ? Done : Done extends '1' ? D : MultiplyDigits<Done, D>>
    : null
  : Sizes extends readonly []
    ? Done
    : null

/** `A + B`. */
export type Add<A extends number, B extends number> = B extends 0
  ? A
  : Digits<A> extends infer X extends string
    ? Digits<B> extends infer Y extends string
      ? Literal<AddDigits<X, Y>>
      : number
    : number

/** `A − B`; `number` where that is negative, which is no size. */
export type Subtract<A extends number, B extends number> = B extends 0
  ? A
  : Digits<A> extends infer X extends string
    ? Digits<B> extends infer Y extends string
      ? Literal<SubtractDigits<X, Y>>
      : number
    : number

/** `A · B`. */
export type Multiply<A extends number, B extends number> = Product<[A, B]>

/** `⌊A / B⌋`. */
export type Divide<A extends number, B extends number> = B extends 1
  ? A
  : B extends 0
    ? number
    : Digits<A> extends infer _ extends string
      ? Digits<B> extends infer Y extends string
        ? DivideDigits<`${A}`, Y> extends [infer Q extends string, unknown]
          ? Literal<Reverse<Q>>
          : never
        : number
      : number

/** `A / B` where that is whole, null where it is not. */
export type DivideExactly<A extends number, B extends number> = B extends 0
  ? number
  : Digits<A> extends infer _ extends string
    ? Digits<B> extends infer Y extends string
      ? DivideDigits<`${A}`, Y> extends [infer Q extends string, infer R extends string]
        ? Literal<R> extends 0
          ? Literal<Reverse<Q>>
          : null
        : never
      : number
    : number

/** The product of all sizes: how many elements a shape has. */
export type Product<Sizes extends readonly number[]> = 0 extends Sizes[number]
  ? number extends Sizes[number]
    ? number
    : 0
  : Literal<ProductDigits<Sizes>>

/** The size of a convolution's output: `⌊(Size + 2 · Padding − Dilation · (Kernel − 1) − 1) / Stride⌋ + 1`. */
export type ConvolutionSize<
  Size extends number,
  Kernel extends number,
  Stride extends number = 1,
  Padding extends number = 0,
  Dilation extends number = 1
> = Add<
  Divide<
    Subtract<
      Padding extends 0 ? Size : Add<Size, Multiply<2, Padding>>,
      Dilation extends 1 ? Kernel : Add<Multiply<Dilation, Subtract<Kernel, 1>>, 1>
    >,
    Stride
  >,
  1
>
