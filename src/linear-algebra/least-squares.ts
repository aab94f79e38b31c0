/** Overdetermined systems, by Householder's reflections: as exact as the matrix allows, where the normal equations lose half of the digits. */
import { customJvp } from '../control/call.js'
import { fold } from '../control/scan.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { abs, sqrt } from '../primitive/elementary.js'
import { amax } from '../primitive/extremum.js'
import { take } from '../primitive/indexing.js'
import { broadcast, sum } from '../primitive/movement.js'
import { equal, less, lessEqual, where } from '../primitive/selection.js'
import { concat, slice } from '../primitive/window.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import {
  asColumn,
  extents,
  filled,
  indices,
  matrices,
  only,
  onOrAboveDiagonal,
  outer,
  overLeading,
  product,
  rightSides,
  transposed,
  transposedProduct
} from './matrix.js'
import { substitute } from './triangular.js'

/** `A = Q R` without Q: `R [n, n]`, and `Qᵀ B [n, k]`. */
export interface Triangularized {
  readonly triangle: Tensor
  readonly projected: Tensor
}

const nonZero = (x: Tensor): Tensor => where(equal(x, 0), 1, x)

/** The reflection that takes what is below the diagonal of a column to 0, applied to the whole matrix. */
const reflected = (matrix: Tensor, place: Tensor): Tensor => {
  const [m, n] = extents(matrix)
  const column = take(place)(transposed(matrix))
  const places = indices(m)
  const at = broadcast([m])(place)
  const rest = only(lessEqual(at, places), column)
  // Scaled by the largest element: squares neither overflow nor vanish.
  const size = amax([0])(abs(rest))
  const scaled = div(rest, broadcast([m])(nonZero(size)))
  const norm = sqrt(sum([0])(mul(scaled, scaled)))
  const first = take(place)(scaled)
  // With the sign of the element on the diagonal nothing cancels.
  const pivot = add(first, where(less(first, 0), mul(norm, -1), norm))
  const mirror = where(equal(places, at), broadcast([m])(pivot), scaled)
  // ‖v‖² / 2 = ‖x‖ (‖x‖ + |x₁|)
  const half = nonZero(mul(norm, abs(pivot)))
  const along = div(sum([0])(mul(asColumn(mirror, n), matrix)), broadcast([n])(half))
  return sub(matrix, outer(mirror, along))
}

const part = (x: Tensor, rows: number, from: number, to: number): Tensor =>
  slice({ start: [0, from], step: [1, 1], shape: [rows, to - from] })(x)

/** Of `A [m, n]` and `B [m, k]`; rows of zeros are added where there are too few. */
export const triangularize = (matrix: Tensor, sides: Tensor): Triangularized => {
  const [m, n] = extents(matrix)
  const whole = concat(1)([matrix, sides])
  const width = whole.shape[1]!
  const tall = m >= n ? whole : concat(0)([whole, zeros({ shape: [n - m, width], dtype: whole.dtype })])
  const made = fold(reflected)(tall, indices(n))
  return { triangle: only(onOrAboveDiagonal(n), part(made, n, 0, n)), projected: part(made, n, n, width) }
}

interface System {
  readonly matrix: Tensor
  readonly sides: Tensor
}
const solved = ({ matrix, sides }: System): Tensor => {
  const { triangle, projected } = triangularize(matrix, sides)
  return substitute({ lower: false })(triangle, projected)
}
/** `dX = A⁺ (dB − dA X) + (Aᵀ A)⁻¹ dAᵀ (B − A X)` */
const solution = customJvp(solved, ({ matrix, sides }, tangent) => {
  const { triangle, projected } = triangularize(matrix, sides)
  const x = substitute({ lower: false })(triangle, projected)
  const inverse = (y: Tensor): Tensor =>
    substitute({ lower: false })(triangle, substitute({ lower: false, transpose: true })(triangle, y))
  const change = sub(tangent.sides, product(tangent.matrix, x))
  const residual = sub(sides, product(matrix, x))
  return inverse(add(transposedProduct(matrix, change), transposedProduct(tangent.matrix, residual)))
})

/**
 * The x for which `‖A x − b‖` is least: `torch.linalg.lstsq`, by Householder's QR decomposition.
 *
 * `A [‥, m, n]` with independent columns, `m ≥ n`; `b [‥, m]` or `[‥, m, k]`, x accordingly. `leastSquares(A)(b)`; it has derivatives in both.
 * Where columns depend on each other the result has infinities or NaN.
 *
 * @throws a Mistake if A has fewer rows than columns, or the right sides do not fit it
 *
 * @example
 * import { LinearAlgebra, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // The line that is nearest to three points.
 * const a = Tensor.tensor([[1, 0], [1, 1], [1, 2]], { dtype: 'float64' })
 * const x = pipe(Tensor.tensor([1, 3, 5], { dtype: 'float64' }), LinearAlgebra.leastSquares(a))
 * deepStrictEqual((Tensor.toArray(x) as readonly number[]).map(value => value.toFixed(9)), ['1.000000000', '2.000000000'])
 */
export const leastSquares =
  (a: Tensor) =>
  (b: Tensor): Tensor => {
    const matrix = filled('leastSquares', matrices('leastSquares', a))
    const [m, n] = extents(matrix)
    if (m < n)
      throw mistake(
        'ShapeMismatch',
        'leastSquares',
        `needs matrices with no fewer rows than columns, not ${showShape(a.shape)}`
      )
    const { columns, back } = rightSides('leastSquares', matrix, b)
    return back(overLeading((one, sides) => solution({ matrix: one!, sides: sides! }))(matrix, columns))
  }
