/** Matrices and their diagonals. An `offset` of 1 is the diagonal above the main one, −1 the one below. */
import { reshape } from '../primitive/movement.js'
import { where } from '../primitive/selection.js'
import { pad, slice } from '../primitive/window.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, showShape } from '../structure/shape.js'
import type { Show } from '../structure/shape-types.js'
import { constant, type Tensor, zeros } from '../tensor/tensor.js'

export interface DiagonalOptions<Offset extends number = number> {
  readonly offset?: Offset
}

const checkOffset = (operation: string, offset: number): number => {
  if (!Number.isInteger(offset))
    throw mistake('InvalidArgument', operation, `offset is ${offset}, which is not a whole number`)
  return offset
}
const rowsAndColumns = (operation: string, x: Tensor): readonly [number, number] => {
  const rank = x.shape.length
  if (rank < 2) throw mistake('ShapeMismatch', operation, `${showShape(x.shape)} has fewer than two axes`)
  return [x.shape[rank - 2]!, x.shape[rank - 1]!]
}

const triangle =
  (operation: string, inside: (row: number, column: number) => boolean) =>
  (x: Tensor): Tensor => {
    const [rows, columns] = rowsAndColumns(operation, x)
    const data = allocate('bool', rows * columns)
    for (let i = 0; i < data.length; i++) data[i] = inside(Math.floor(i / columns), i % columns) ? 1 : 0
    return where(constant([rows, columns], 'bool', data), x, zeros(x))
  }

/**
 * The elements on and below a diagonal of each matrix, zeros above: `torch.tril`. The main diagonal unless `offset` is given.
 *
 * @throws a Mistake if there are fewer than two axes, or the offset is not a whole number
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2], [3, 4]]), Tensor.tril(), Tensor.toArray), [[1, 0], [3, 4]])
 */
export const tril = ({ offset = 0 }: DiagonalOptions = {}): (<S extends Shape>(x: Tensor<S>) => Tensor<S>) => {
  const at = checkOffset('tril', offset)
  return triangle('tril', (row, column) => column - row <= at)
}

/**
 * The elements on and above a diagonal of each matrix, zeros below: `torch.triu`. The main diagonal unless `offset` is given.
 *
 * @throws a Mistake if there are fewer than two axes, or the offset is not a whole number
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2], [3, 4]]), Tensor.triu({ offset: 1 }), Tensor.toArray), [[0, 2], [0, 0]])
 */
export const triu = ({ offset = 0 }: DiagonalOptions = {}): (<S extends Shape>(x: Tensor<S>) => Tensor<S>) => {
  const at = checkOffset('triu', offset)
  return triangle('triu', (row, column) => column - row >= at)
}

/** One after another, the elements of a diagonal lie one row and one column apart. */
export const diagonalOf = (x: Tensor, offset: number): Tensor => {
  const [rows, columns] = rowsAndColumns('diagonal', x)
  const leading = x.shape.slice(0, -2)
  const extent = Math.max(0, Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)))
  return slice({
    start: [...leading.map(() => 0), offset > 0 ? offset : Math.abs(offset) * columns],
    step: [...leading.map(() => 1), columns + 1],
    shape: [...leading, extent]
  })(reshape([...leading, rows * columns])(x))
}

type Leading<S extends Shape> = S extends readonly [...infer L extends Shape, number, number] ? L : Shape
type DiagonalSize<S extends Shape, Offset extends number> = S extends readonly [
  ...Shape,
  infer Rows extends number,
  infer Columns extends number
]
  ? [Rows, Columns, Offset] extends [Columns, Rows, 0]
    ? Rows
    : number
  : number
export type DiagonalResult<S extends Shape, Offset extends number> = number extends S['length']
  ? Tensor
  : Tensor<[...Leading<S>, DiagonalSize<S, Offset>]>
export type DiagonalOperand<S extends Shape> = S['length'] extends 0 | 1
  ? `diagonal: ${Show<S>} has fewer than two axes`
  : Tensor<S>
export type DiagonalSignature = <Offset extends number = 0>(
  options?: DiagonalOptions<Offset>
) => <S extends Shape>(x: DiagonalOperand<S>) => DiagonalResult<S, Offset>

/**
 * A diagonal of each matrix, that is, of the last two axes: `torch.diagonal(x, offset, -2, -1)`. The main diagonal unless `offset` is given.
 *
 * @throws a Mistake if there are fewer than two axes, or the offset is not a whole number
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[[1, 2], [3, 4]]]), Tensor.diagonal(), Tensor.toArray), [[1, 4]])
 */
export const diagonal = (({ offset = 0 }: DiagonalOptions = {}) =>
  (x: Tensor): Tensor =>
    diagonalOf(x, checkOffset('diagonal', offset))) as DiagonalSignature

/** The vector lies in the rows of the matrix, one after another, as far apart as elements of a diagonal are. */
const spread = (x: Tensor, offset: number): Tensor => {
  const extent = x.shape[0]! + Math.abs(offset)
  const flat = pad({
    start: [offset > 0 ? offset : Math.abs(offset) * extent],
    step: [extent + 1],
    shape: [extent * extent]
  })(x)
  return reshape([extent, extent])(flat)
}

export type DiagOperand<S extends Shape> = number extends S['length']
  ? Tensor<S>
  : S['length'] extends 1 | 2
    ? Tensor<S>
    : `diag: ${Show<S>} is neither a vector nor a matrix; use diagonal`
export type DiagResult<S extends Shape, Offset extends number> = number extends S['length']
  ? Tensor
  : S extends readonly [infer N extends number]
    ? Tensor<Offset extends 0 ? [N, N] : [number, number]>
    : DiagonalResult<S, Offset>
export type DiagSignature = <Offset extends number = 0>(
  options?: DiagonalOptions<Offset>
) => <S extends Shape>(x: DiagOperand<S>) => DiagResult<S, Offset>

/**
 * Of a vector the square matrix that has it on a diagonal and zeros elsewhere; of a matrix its diagonal: `torch.diag`.
 *
 * The main diagonal unless `offset` is given.
 *
 * @throws a Mistake for what is neither vector nor matrix, or if the offset is not a whole number
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const scaling = pipe(Tensor.tensor([2, 3]), Tensor.diag())
 * deepStrictEqual(Tensor.toArray(scaling), [[2, 0], [0, 3]])
 * deepStrictEqual(pipe(scaling, Tensor.diag(), Tensor.toArray), [2, 3])
 */
export const diag = (({ offset = 0 }: DiagonalOptions = {}) =>
  (x: Tensor): Tensor => {
    const at = checkOffset('diag', offset)
    if (x.shape.length === 1) return spread(x, at)
    if (x.shape.length === 2) return diagonalOf(x, at)
    throw mistake('ShapeMismatch', 'diag', `${showShape(x.shape)} is neither a vector nor a matrix; use diagonal`)
  }) as DiagSignature
