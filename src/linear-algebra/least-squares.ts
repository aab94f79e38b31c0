/** Overdetermined systems, by Householder's reflections: as exact as the matrix allows, where the normal equations lose half of the digits. */
import { customJvp } from '../control/call.js'
import { fold } from '../control/scan.js'
import { add, sub } from '../primitive/arithmetic.js'
import { concat, slice } from '../primitive/window.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import { mirrorOf, reflected } from './householder.js'
import {
  extents,
  filled,
  indices,
  matrices,
  only,
  onOrAboveDiagonal,
  overLeading,
  product,
  rightSides,
  transposedProduct
} from './matrix.js'
import { substitute } from './triangular.js'

/** `A = Q R` without Q: `R [n, n]`, and `Qᵀ B [n, k]`. */
export interface Triangularized {
  readonly triangle: Tensor
  readonly projected: Tensor
}

const part = (x: Tensor, rows: number, from: number, to: number): Tensor =>
  slice({ start: [0, from], step: [1, 1], shape: [rows, to - from] })(x)

/** Of `A [m, n]` and `B [m, k]`; rows of zeros are added where there are too few. */
export const triangularize = (matrix: Tensor, sides: Tensor): Triangularized => {
  const [m, n] = extents(matrix)
  const whole = concat(1)([matrix, sides])
  const width = whole.shape[1]!
  const tall = m >= n ? whole : concat(0)([whole, zeros({ shape: [n - m, width], dtype: whole.dtype })])
  const made = fold((left: Tensor, place: Tensor) => reflected(mirrorOf(left, place, true), left))(tall, indices(n))
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
