/** The types of functions of matrices: what must be square is checked when compiling, where its sizes are literal. */
import type { SameSize, Shape, Show } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'

/** The tensor, or a message where its last two sizes are literal and differ. */
export type SquareOperand<S extends Shape, Name extends string> = number extends S['length']
  ? Tensor<S>
  : S extends readonly [...Shape, infer Rows extends number, infer Columns extends number]
    ? SameSize<Rows, Columns> extends true
      ? Tensor<S>
      : `${Name}: ${Show<S>} is not square`
    : `${Name}: ${Show<S>} has fewer than two axes`

/** The axes before those of the matrices. */
export type Leading<S extends Shape> = number extends S['length']
  ? Shape
  : S extends readonly [...infer L extends Shape, number, number]
    ? L
    : Shape
/** The sizes of all axes but the last. */
export type Rows<S extends Shape> = number extends S['length']
  ? Shape
  : S extends readonly [...infer L extends Shape, number]
    ? L
    : Shape
