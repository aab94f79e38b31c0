/** Systems with a triangular matrix, by substitution: one equation after another. */
import { fold } from '../control/scan.js'
import { div, sub } from '../primitive/arithmetic.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { equal, where } from '../primitive/selection.js'
import { reverse } from '../primitive/window.js'
import type { Shape } from '../structure/shape-types.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import {
  aboveDiagonal,
  asColumn,
  belowDiagonal,
  diagonal,
  indices,
  only,
  overLeading,
  product,
  rightSides,
  squares,
  transposed
} from './matrix.js'
import type { SquareOperand } from './signatures.js'

export interface TriangularOptions {
  /** Whether the matrix has its elements on and below the diagonal, which is so unless told otherwise, or on and above. */
  readonly lower?: boolean
  /** Solve with the transposed matrix. */
  readonly transpose?: boolean
  /** Take the diagonal for ones, whatever stands there. */
  readonly unitDiagonal?: boolean
}

/** One equation: its factors, the pivot among them, its right side, and where its solution goes. */
interface Row {
  readonly factors: Tensor
  readonly pivot: Tensor
  readonly side: Tensor
  readonly place: Tensor
}
/**
 * `T⁻¹ b` for a matrix and columns, without checks. It is written so that it can be differentiated and transposed as it stands,
 * linear in `b`; other rules are made of it.
 */
export const substitute =
  ({ lower = true, transpose = false, unitDiagonal = false }: TriangularOptions) =>
  (triangle: Tensor, b: Tensor): Tensor => {
    const matrix = transpose ? transposed(triangle) : triangle
    const downwards = lower !== transpose
    const n = matrix.shape[0]!
    const columns = b.shape[1]!
    const order = (x: Tensor): Tensor => (downwards ? x : reverse([0])(x))
    // What does not belong to the triangle may be anything, NaN included.
    const others = only(downwards ? belowDiagonal(n) : aboveDiagonal(n), matrix)
    const pivots = diagonal(matrix)
    const places = indices(n)
    return fold((x: Tensor, row: Row) => {
      const rest = sub(reshape([1, columns])(row.side), product(reshape([1, n])(row.factors), x))
      const value = unitDiagonal ? rest : div(rest, broadcast([1, columns])(reshape([1, 1])(row.pivot)))
      const here = equal(places, broadcast([n])(row.place))
      return where(asColumn(here, columns), broadcast([n, columns])(value), x)
    })(zeros(b), { factors: order(others), pivot: order(pivots), side: order(b), place: order(places) })
  }

/**
 * The solution of `T x = b` for triangular matrices: `torch.linalg.solve_triangular`, `jax.scipy.linalg.solve_triangular`.
 *
 * `T [‥, n, n]`, `b [‥, n]` or `[‥, n, m]`; what stands on the other side of T's diagonal is not read. T is lower unless told otherwise.
 * With a 0 on the diagonal the result has infinities or NaN.
 *
 * @throws a Mistake if the matrices are not square, or the right sides do not fit them
 *
 * @example
 * import { LinearAlgebra, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const lower = Tensor.tensor([[2, 0], [1, 4]])
 * const x = pipe(Tensor.tensor([2, 9]), LinearAlgebra.triangularSolve()(lower))
 * deepStrictEqual(Tensor.toArray(x), [1, 2])
 */
export const triangularSolve =
  (options: TriangularOptions = {}) =>
  <S extends Shape>(triangle: SquareOperand<S, 'triangularSolve'>) =>
  <B extends Tensor>(b: B): B => {
    const matrix = squares('triangularSolve', triangle as Tensor)
    const { columns, back } = rightSides('triangularSolve', matrix, b)
    return back(overLeading((t, side) => substitute(options)(t!, side!))(matrix, columns)) as B
  }
