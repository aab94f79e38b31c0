/**
 * Gaussian elimination with pivots, as a fold over the columns, and what it gives: LU, solutions, inverses, determinants.
 *
 * A step subtracts multiples of the pivot's row from the rows below; the multiples stay where the zeros would stand.
 */
import { customJvp } from '../control/call.js'
import { fold } from '../control/scan.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { abs, log } from '../primitive/elementary.js'
import { argmax } from '../primitive/extremum.js'
import { take } from '../primitive/indexing.js'
import { broadcast, reshape, sum } from '../primitive/movement.js'
import { bitAnd, equal, less, lessEqual, sign, where } from '../primitive/selection.js'
import type { Shape } from '../structure/shape-types.js'
import { type Tensor, uniform, zeros } from '../tensor/tensor.js'
import {
  asColumn,
  asRow,
  belowDiagonal,
  corner,
  diagonal,
  extents,
  filled,
  identity,
  indices,
  matrices,
  onDiagonal,
  only,
  onOrAboveDiagonal,
  outer,
  overLeading,
  product,
  quotient,
  rightSides,
  squares,
  transposed
} from './matrix.js'
import type { Leading, SquareOperand } from './signatures.js'
import { substitute } from './triangular.js'

/** Rows and columns in their new order, the factors below the diagonal and U on and above it, and the sign of the reordering. */
interface Eliminated {
  readonly packed: Tensor
  readonly rows: Tensor
  readonly columns: Tensor
  readonly parity: Tensor
}
/** `0 … n − 1` with two places exchanged. */
const exchanged = (n: number, a: Tensor, b: Tensor): Tensor => {
  const places = indices(n)
  const [first, second] = [broadcast([n])(a), broadcast([n])(b)]
  return where(equal(places, first), second, where(equal(places, second), first, places))
}
const marksFrom = (n: number, step: Tensor): Tensor => lessEqual(broadcast([n])(step), indices(n))
/** The place of the largest marked element. */
const largest = (marks: Tensor, x: Tensor): Tensor => argmax(0)(where(marks, x, uniform(x, -1)))

/**
 * The elimination of a matrix with any number of rows and columns. The pivot of a step is the largest element of its column, or with `complete`
 * of all that is left: then zeros come last, so that the derivative of the product of pivots is right where one of them is 0.
 */
const eliminate = (matrix: Tensor, complete: boolean): Eliminated => {
  const [m, n] = extents(matrix)
  const start: Eliminated = {
    packed: matrix,
    rows: indices(m),
    columns: indices(n),
    parity: uniform({ shape: [], dtype: matrix.dtype }, 1)
  }
  return fold(({ packed, rows, columns, parity }: Eliminated, step: Tensor): Eliminated => {
    const [rowsLeft, columnsLeft] = [marksFrom(m, step), marksFrom(n, step)]
    const sizes = abs(packed)
    const best = complete
      ? largest(reshape([m * n])(bitAnd(asColumn(rowsLeft, n), asRow(columnsLeft, m))), reshape([m * n])(sizes))
      : largest(rowsLeft, take(step)(transposed(sizes)))
    const [row, column] = complete ? placeIn(n, best) : [best, step]
    const rowOrder = exchanged(m, step, row)
    const ordered = take(rowOrder)(packed)
    const columnOrder = complete ? exchanged(n, step, column) : undefined
    const arranged = columnOrder ? transposed(take(columnOrder)(transposed(ordered))) : ordered
    const turned = (place: Tensor): Tensor => where(equal(place, step), uniform(parity, 1), uniform(parity, -1))
    const pivotRow = take(step)(arranged)
    const pivotColumn = take(step)(transposed(arranged))
    const below = less(broadcast([m])(step), indices(m))
    const right = less(broadcast([n])(step), indices(n))
    const factors = only(below, quotient(pivotColumn, broadcast([m])(take(step)(pivotRow))))
    const cleared = sub(arranged, outer(factors, only(right, pivotRow)))
    const here = bitAnd(asColumn(below, n), asRow(equal(broadcast([n])(step), indices(n)), m))
    return {
      packed: where(here, asColumn(factors, n), cleared),
      rows: take(rowOrder)(rows),
      columns: columnOrder ? take(columnOrder)(columns) : columns,
      parity: mul(mul(parity, turned(row)), complete ? turned(column) : uniform(parity, 1))
    }
  })(start, indices(Math.min(m, n)))
}
/** Row and column of a place counted row by row. */
const placeIn = (columns: number, place: Tensor): readonly [Tensor, Tensor] => {
  const exact = cast('float64')(place)
  const row = cast('int32')(div(add(exact, 0.5), columns))
  return [row, sub(place, mul(row, columns))]
}

export interface Factors {
  /** `[‥, m, m]`, of zeros and ones */
  readonly permutation: Tensor
  /** `[‥, m, k]`, ones on the diagonal and zeros above */
  readonly lower: Tensor
  /** `[‥, k, n]`, zeros below the diagonal */
  readonly upper: Tensor
}
/**
 * `A = P L U` with partial pivoting: `torch.linalg.lu`.
 *
 * `A [‥, m, n]`, `P [‥, m, m]` a permutation, `L [‥, m, k]` unit lower triangular, `U [‥, k, n]` upper triangular, k the smaller of m and n.
 * L and U have derivatives; P is constant where it does not jump.
 *
 * @throws a Mistake if there are fewer than two axes, or no elements
 *
 * @example
 * import { LinearAlgebra, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const { permutation, lower, upper } = LinearAlgebra.lu(Tensor.tensor([[1, 2], [4, 4]]))
 * deepStrictEqual(Tensor.toArray(lower), [[1, 0], [0.25, 1]])
 * deepStrictEqual(Tensor.toArray(upper), [[4, 4], [0, 1]])
 * deepStrictEqual(pipe(permutation, Tensor.matmul(lower), Tensor.matmul(upper), Tensor.toArray), [[1, 2], [4, 4]])
 */
export const lu = (a: Tensor): Factors =>
  overLeading((matrix): Factors => {
    const x = matrix!
    const [m, n] = extents(x)
    const k = Math.min(m, n)
    const { packed, rows } = eliminate(x, false)
    const lowest = corner(packed, m, k)
    return {
      // Row i of P L is row i of A, which went to where `rows` names it.
      permutation: cast(x.dtype)(equal(asColumn(indices(m), m), asRow(rows, m))),
      lower: where(onDiagonal(m, k), uniform(lowest, 1), only(belowDiagonal(m, k), lowest)),
      upper: only(onOrAboveDiagonal(k, n), corner(packed, k, n))
    }
  })(filled('lu', matrices('lu', a)))

/** `A⁻¹ b` and `A⁻ᵀ b` by factors that are held fixed: linear in b. */
const solver = (a: Tensor): ((b: Tensor) => Tensor) => {
  const { packed, rows } = eliminate(a, false)
  return b => substitute({ lower: false })(packed, substitute({ unitDiagonal: true })(packed, take(rows)(b)))
}
interface System {
  readonly a: Tensor
  readonly b: Tensor
}
/** `dx = A⁻¹ (db − dA x)` */
const solution = customJvp(
  ({ a, b }: System): Tensor => solver(a)(b),
  ({ a, b }, { a: da, b: db }) => {
    const inverted = solver(a)
    return inverted(sub(db, product(da, inverted(b))))
  }
)

/**
 * The solution of `A x = b`: `torch.linalg.solve(a, b)`, by elimination with partial pivoting.
 *
 * `A [‥, n, n]`, `b [‥, n]` or `[‥, n, m]`, the result as b. Where A is singular the result has infinities or NaN.
 *
 * @throws a Mistake if the matrices are not square, or the right sides do not fit them
 *
 * @example
 * import { LinearAlgebra, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const a = Tensor.tensor([[0, 2], [4, 0]])
 * deepStrictEqual(pipe(Tensor.tensor([2, 8]), LinearAlgebra.solve(a), Tensor.toArray), [2, 1])
 */
export const solve =
  <S extends Shape>(a: SquareOperand<S, 'solve'>) =>
  <B extends Tensor>(b: B): B => {
    const matrix = squares('solve', a as Tensor)
    const { columns, back } = rightSides('solve', matrix, b)
    return back(overLeading((one, side) => solution({ a: one!, b: side! }))(matrix, columns)) as B
  }

const inverseOf = (a: Tensor): Tensor => solution({ a, b: identity(a.shape[0]!, a) })
/**
 * The inverse matrix: `torch.linalg.inv`. To solve a system, `solve` is faster and rounds less.
 *
 * `[‥, n, n] → [‥, n, n]`. Of a singular matrix it has infinities or NaN.
 *
 * @throws a Mistake if the matrices are not square
 *
 * @example
 * import { LinearAlgebra, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(LinearAlgebra.inverse(Tensor.tensor([[0, 2], [4, 0]]))), [[0, 0.25], [0.5, 0]])
 */
export const inverse = <S extends Shape>(a: SquareOperand<S, 'inverse'>): Tensor<S> =>
  overLeading(one => inverseOf(one!))(squares('inverse', a as Tensor)) as Tensor<S>

/** The product of the elements, whose derivative needs no division. */
const productOf = (x: Tensor): Tensor =>
  fold((whole: Tensor, factor: Tensor) => mul(whole, factor))(uniform({ shape: [], dtype: x.dtype }, 1), x)

/**
 * The determinant: `torch.linalg.det`, by elimination with complete pivoting.
 *
 * `[‥, n, n] → [‥]`. Its gradient, the matrix of cofactors, is right for singular matrices too.
 *
 * @throws a Mistake if the matrices are not square
 *
 * @example
 * import { grad, LinearAlgebra, Tensor } from 'cotangent'
 * import { deepStrictEqual, strictEqual } from 'node:assert'
 *
 * const det = (a: Tensor.Tensor<[2, 2]>) => LinearAlgebra.det(a)
 * strictEqual(Tensor.item(det(Tensor.tensor([[1, 2], [3, 4]]))), -2)
 * deepStrictEqual(Tensor.toArray(grad(det)(Tensor.tensor([[1, 2], [2, 4]]))), [[4, -2], [-2, 1]])
 */
export const det = <S extends Shape>(a: SquareOperand<S, 'det'>): Tensor<Leading<S>> =>
  overLeading(one => {
    const { packed, parity } = eliminate(one!, true)
    return mul(parity, productOf(diagonal(packed)))
  })(squares('det', a as Tensor)) as Tensor<Leading<S>>

export interface SignAndLogarithm<L extends Shape = Shape> {
  readonly sign: Tensor<L>
  readonly logAbs: Tensor<L>
}
const signAndLogarithm = customJvp(
  (a: Tensor): SignAndLogarithm => {
    const { packed, parity } = eliminate(a, false)
    const pivots = diagonal(packed)
    // Added to 0, no sign is −0.
    return { sign: add(mul(parity, productOf(sign(pivots))), 0), logAbs: sum([0])(log(abs(pivots))) }
  },
  (a, da) => ({ sign: zeros({ shape: [], dtype: a.dtype }), logAbs: sum([0])(diagonal(solver(a)(da))) })
)
/**
 * The sign of the determinant and the logarithm of its size, which do not overflow: `torch.linalg.slogdet`.
 *
 * `[‥, n, n] → { sign [‥], logAbs [‥] }`; of a singular matrix 0 and −∞. The gradient of `logAbs` is `A⁻ᵀ`.
 *
 * @throws a Mistake if the matrices are not square
 *
 * @example
 * import { LinearAlgebra, Tensor } from 'cotangent'
 * import { ok, strictEqual } from 'node:assert'
 *
 * const { sign, logAbs } = LinearAlgebra.slogdet(Tensor.tensor([[0, 2], [4, 0]]))
 * strictEqual(Tensor.item(sign), -1)
 * ok(Math.abs(Tensor.item(logAbs) - Math.log(8)) < 1e-6)
 */
export const slogdet = <S extends Shape>(a: SquareOperand<S, 'slogdet'>): SignAndLogarithm<Leading<S>> =>
  overLeading(one => signAndLogarithm(one!))(squares('slogdet', a as Tensor)) as SignAndLogarithm<Leading<S>>
