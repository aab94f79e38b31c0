/** What the factorisations share: matrices under any leading axes, checked, and products of them. */
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { matmul } from '../primitive/contraction.js'
import { cast } from '../primitive/conversion.js'
import { broadcast, permute, reshape, sum } from '../primitive/movement.js'
import { equal, less, lessEqual, where } from '../primitive/selection.js'
import { slice } from '../primitive/window.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { range, type Shape, showShape, size } from '../structure/shape.js'
import { constant, type Tensor, uniform, zeros } from '../tensor/tensor.js'
import { leaves, refill } from '../tensor/tree.js'
import { vmap } from '../transform/vmap.js'

/** The last two axes. */
export const extents = ({ shape }: Tensor): readonly [number, number] => [
  shape[shape.length - 2]!,
  shape[shape.length - 1]!
]

/** A tensor of floating matrices; whole numbers become float32. */
export const matrices = (operation: string, x: Tensor): Tensor => {
  if (x.shape.length < 2)
    throw mistake('ShapeMismatch', operation, `${showShape(x.shape)} is no matrix: it has fewer than two axes`)
  return isFloat(x) ? x : cast('float32')(x)
}
/** The same, of which each has as many rows as columns, at least one. */
export const squares = (operation: string, x: Tensor): Tensor => {
  const floats = matrices(operation, x)
  const [rows, columns] = extents(floats)
  if (rows !== columns)
    throw mistake(
      'ShapeMismatch',
      operation,
      `needs square matrices, with as many rows as columns, not ${showShape(x.shape)}`
    )
  return filled(operation, floats)
}
/** Factorisations of nothing are refused: no pivot, no largest element, no norm. */
export const filled = (operation: string, x: Tensor): Tensor => {
  const [rows, columns] = extents(x)
  if (rows === 0 || columns === 0)
    throw mistake('ShapeMismatch', operation, `needs matrices with elements, not ${showShape(x.shape)}`)
  return x
}

/** A function of matrices that have one set of leading axes, as one of all members at once. */
export const overLeading =
  <B>(f: (...xs: readonly Tensor[]) => B) =>
  (...xs: readonly Tensor[]): B => {
    const lead = xs[0]!.shape.slice(0, -2)
    if (lead.length === 0) return f(...xs)
    const flat = xs.map(x => reshape([size(lead), ...x.shape.slice(lead.length)])(x))
    const results = vmap((...members: readonly Tensor[]) => f(...members))(...flat)
    return refill(
      results,
      leaves(results).map(leaf => reshape([...lead, ...leaf.shape.slice(1)])(leaf))
    ) as B
  }

export const product = matmul({ left: false, right: false })
/** `aᵀ b` */
export const transposedProduct = matmul({ left: true, right: false })
/** `a bᵀ` */
export const productTransposed = matmul({ left: false, right: true })
export const transposed: (x: Tensor) => Tensor = permute([1, 0])

const counted = (n: number): Tensor => constant([n], 'int32', Int32Array.from(range(n)))
/** `0 … n − 1` */
export const indices = counted
export const identity = (n: number, { dtype }: Tensor): Tensor => cast(dtype)(onDiagonal(n))

const compare =
  (f: (row: Tensor, column: Tensor) => Tensor) =>
  (rows: number, columns = rows): Tensor =>
    f(asColumn(counted(rows), columns), asRow(counted(columns), rows))
export const onDiagonal = compare(equal)
export const belowDiagonal = compare((row, column) => less(column, row))
export const aboveDiagonal = compare(less)
export const onOrBelowDiagonal = compare((row, column) => lessEqual(column, row))
export const onOrAboveDiagonal = compare(lessEqual)

/** What is marked, and 0 elsewhere, whatever stands there. */
export const only = (marks: Tensor, x: Tensor): Tensor => where(marks, x, zeros(x))

/** The quotient, 0 where the divisor is: with derivatives, which are 0 there too. */
export const quotient = (x: Tensor, divisor: Tensor): Tensor => {
  const none = equal(divisor, 0)
  return where(none, zeros(x), div(x, where(none, uniform(divisor, 1), divisor)))
}
/** The part of a matrix in its first rows and columns. */
export const corner = (x: Tensor, rows: number, columns: number): Tensor =>
  slice({ start: [0, 0], step: [1, 1], shape: [rows, columns] })(x)

/** A vector as the column of a matrix, and as its row, repeated. */
export const asColumn = (vector: Tensor, columns: number): Tensor =>
  broadcast([vector.shape[0]!, columns])(reshape([vector.shape[0]!, 1])(vector))
export const asRow = (vector: Tensor, rows: number): Tensor => broadcast([rows, vector.shape[0]!])(vector)
export const outer = (column: Tensor, row: Tensor): Tensor =>
  mul(asColumn(column, row.shape[0]!), asRow(row, column.shape[0]!))
/** The diagonal of a square matrix. */
export const diagonal = (x: Tensor): Tensor => sum([1])(only(onDiagonal(x.shape[0]!), x))

/** `(a + aᵀ) / 2` */
export const symmetric = (a: Tensor): Tensor => mul(add(a, transposed(a)), 0.5)
/** What `a` would be as the part below the diagonal of a skew matrix: `tril(a, −1) − tril(a, −1)ᵀ`. */
export const skewed = (a: Tensor): Tensor => {
  const lower = only(belowDiagonal(a.shape[0]!), a)
  return sub(lower, transposed(lower))
}

/** `b` for matrices with these leading axes and rows: vectors where it has one axis fewer, which become columns; and the way back. */
export const rightSides = (
  operation: string,
  a: Tensor,
  b: Tensor
): { readonly columns: Tensor; readonly back: (x: Tensor) => Tensor } => {
  const [rows] = extents(a)
  const lead: Shape = a.shape.slice(0, -2)
  const wanted = [...lead, rows]
  const fits = (shape: Shape): boolean =>
    shape.length >= wanted.length && wanted.every((extent, axis) => extent === shape[axis])
  if (!fits(b.shape) || b.shape.length > wanted.length + 1)
    throw mistake(
      'ShapeMismatch',
      operation,
      `matrices ${showShape(a.shape)} need right sides ${showShape(wanted)} or ${showShape([...wanted]).replace(']', ', …]')}, not ${showShape(b.shape)}`
    )
  if (b.dtype !== a.dtype)
    throw mistake(
      'DtypeMismatch',
      operation,
      `matrices are ${a.dtype}, and right sides ${b.dtype}; Tensor.cast converts`
    )
  if (b.shape.length > wanted.length) return { columns: b, back: x => x }
  return {
    columns: reshape([...wanted, 1])(b),
    back: x => reshape(x.shape.slice(0, -1))(x)
  }
}
