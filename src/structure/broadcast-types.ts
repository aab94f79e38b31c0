/**
 * Shape rules of operations on two operands: element by element, and matrix products.
 *
 * A shape rule is a type that gives the shape of a result, or, where the operands do not fit, the message of the mistake
 * that would be thrown at run time, as a string literal type.
 */
import type { SameSize, Shape, Show } from './shape-types.js'

/** The size of an axis of which two operands have sizes A and B; null where neither is 1 and they differ. */
type BroadcastSize<A extends number, B extends number> = number extends A
  ? 1 extends B
    ? A
    : B
  : number extends B
    ? 1 extends A
      ? B
      : A
    : [A] extends [B]
      ? A
      : 1 extends A
        ? B
        : 1 extends B
          ? A
          : null

type BroadcastSizes<
  A extends Shape,
  B extends Shape,
  Name extends string,
  AllA extends Shape,
  AllB extends Shape,
  Done extends Shape
> = A extends readonly [...infer RestA extends Shape, infer LastA extends number]
  ? B extends readonly [...infer RestB extends Shape, infer LastB extends number]
    ? BroadcastSize<LastA, LastB> extends infer Size extends number
      ? BroadcastSizes<RestA, RestB, Name, AllA, AllB, [Size, ...Done]>
      : `${Name}: shapes ${Show<AllA>} and ${Show<AllB>} do not broadcast: sizes ${LastA} and ${LastB} at axis -${[
          0,
          ...Done
        ]['length'] &
          number} differ and neither is 1`
    : number extends B['length']
      ? Shape
      : [...A, ...Done]
  : number extends A['length']
    ? Shape
    : number extends B['length']
      ? Shape
      : [...B, ...Done]

/** The common shape of two operands: aligned at the last axis, a size of 1 repeated. */
export type Broadcast<A extends Shape, B extends Shape, Name extends string = 'broadcast'> = B extends readonly []
  ? A
  : number extends A['length']
    ? Shape
    : number extends B['length']
      ? Shape
      : BroadcastSizes<A, B, Name, A, B, []>

/** The leading axes of both operands, broadcast, then rows and columns. */
type Batches<A extends Shape, B extends Shape, LeadingA extends Shape, LeadingB extends Shape, Trailing extends Shape> =
  Broadcast<LeadingA, LeadingB> extends infer Leading extends Shape
    ? number extends Leading['length']
      ? Shape
      : [...Leading, ...Trailing]
    : `matmul: ${Show<A>} × ${Show<B>}: leading axes ${Show<LeadingA>} and ${Show<LeadingB>} do not broadcast`

type InnerDiffer<
  A extends Shape,
  B extends Shape,
  InnerA extends number,
  InnerB extends number
> = `matmul: ${Show<A>} × ${Show<B>}: inner dimensions ${InnerA} and ${InnerB} differ`

/**
 * The matrix product of the last two axes of each operand, leading axes broadcast.
 * A vector stands for one row on the left and one column on the right, and that axis is not in the result.
 */
export type Matmul<A extends Shape, B extends Shape> = number extends B['length']
  ? Shape
  : B extends readonly []
    ? `matmul: ${Show<A>} × []: a scalar has no axis to sum over; use mul`
    : A extends readonly []
      ? `matmul: [] × ${Show<B>}: a scalar has no axis to sum over; use mul`
      : A extends readonly [...infer RowsA extends Shape, infer InnerA extends number]
        ? B extends readonly [infer InnerB extends number]
          ? SameSize<InnerA, InnerB> extends true
            ? RowsA
            : InnerDiffer<A, B, InnerA, InnerB>
          : B extends readonly [
                ...infer LeadingB extends Shape,
                infer InnerB extends number,
                infer Columns extends number
              ]
            ? SameSize<InnerA, InnerB> extends true
              ? LeadingB extends readonly []
                ? [...RowsA, Columns]
                : RowsA extends readonly []
                  ? [...LeadingB, Columns]
                  : RowsA extends readonly [...infer LeadingA extends Shape, infer Rows extends number]
                    ? Batches<A, B, LeadingA, LeadingB, [Rows, Columns]>
                    : Shape
              : InnerDiffer<A, B, InnerA, InnerB>
            : Shape
        : Shape

/** The sum of the products of two vectors. */
export type Dot<A extends Shape, B extends Shape> = number extends A['length']
  ? []
  : number extends B['length']
    ? []
    : [A, B] extends [readonly [infer InnerA extends number], readonly [infer InnerB extends number]]
      ? SameSize<InnerA, InnerB> extends true
        ? []
        : `dot: ${Show<A>} · ${Show<B>}: sizes ${InnerA} and ${InnerB} differ`
      : `dot: ${Show<A>} · ${Show<B>}: both operands must be vectors; use matmul`

/** All products of the elements of two vectors. */
export type Outer<A extends Shape, B extends Shape> = number extends A['length']
  ? readonly [number, number]
  : number extends B['length']
    ? readonly [number, number]
    : [A, B] extends [readonly [infer Rows extends number], readonly [infer Columns extends number]]
      ? [Rows, Columns]
      : `outer: ${Show<A>} and ${Show<B>}: both operands must be vectors`
