/** The QR decomposition by Householder's reflections, as a fold over the columns. */
import { customJvp } from '../control/call.js'
import { fold } from '../control/scan.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { abs, sqrt } from '../primitive/elementary.js'
import { amax } from '../primitive/extremum.js'
import { take } from '../primitive/indexing.js'
import { broadcast, sum } from '../primitive/movement.js'
import { equal, less, lessEqual, where } from '../primitive/selection.js'
import { concat, slice } from '../primitive/window.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import {
  asColumn,
  asRow,
  extents,
  filled,
  identity,
  indices,
  matrices,
  only,
  outer,
  overLeading,
  product,
  skewed,
  transposed,
  transposedProduct
} from './matrix.js'
import { substitute } from './triangular.js'

export interface Orthogonal {
  /** `[‥, m, k]`, its columns orthonormal */
  readonly q: Tensor
  /** `[‥, k, n]`, zeros below the diagonal */
  readonly r: Tensor
}
interface Reflected {
  readonly left: Tensor
  /** The product of the reflections so far. */
  readonly whole: Tensor
}

/** Zero where both are. */
const ratio = (x: Tensor, by: Tensor): Tensor => {
  const none = equal(by, 0)
  return where(none, uniform(x, 0), div(x, where(none, uniform(by, 1), by)))
}

/** Rows and columns of the upper left part. */
const upperLeft = (x: Tensor, rows: number, columns: number): Tensor =>
  slice({ start: [0, 0], step: [1, 1], shape: [rows, columns] })(x)

/** `H x` for the reflection `1 − β v vᵀ`, and `x H`. */
const reflectRows = (x: Tensor, v: Tensor, scale: Tensor): Tensor => {
  const [m, n] = extents(x)
  const along = sum([0])(mul(asColumn(v, n), x))
  return sub(x, outer(mul(v, broadcast([m])(scale)), along))
}
const reflectColumns = (x: Tensor, v: Tensor, scale: Tensor): Tensor => transposed(reflectRows(transposed(x), v, scale))

/**
 * Reflections that make the columns of a matrix upper triangular, one after another, as LAPACK does: the diagonal of R has the signs
 * opposite to what stood there, so that nothing cancels. A column that is triangular already is left alone, where `always` does not ask for it:
 * that is a jump, which those who mend the signs themselves have no use for.
 */
const reflect = (matrix: Tensor, always: boolean): Reflected => {
  const [m, n] = extents(matrix)
  return fold(({ left, whole }: Reflected, step: Tensor): Reflected => {
    const places = indices(m)
    const at = broadcast([m])(step)
    const column = take(step)(transposed(left))
    const below = only(less(at, places), column)
    const first = take(step)(column)
    // Scaled by the largest element: squares neither overflow nor vanish.
    const size = amax([0])(abs(only(lessEqual(at, places), column)))
    const rest = sum([0])(mul(ratio(below, broadcast([m])(size)), ratio(below, broadcast([m])(size))))
    const norm = mul(size, sqrt(add(mul(ratio(first, size), ratio(first, size)), rest)))
    const done = equal(always ? norm : rest, 0)
    const diagonal = where(less(first, 0), norm, mul(norm, -1))
    const pivot = sub(first, diagonal)
    const v = add(ratio(below, broadcast([m])(pivot)), where(equal(places, at), uniform(below, 1), uniform(below, 0)))
    const scale = where(done, uniform(norm, 0), ratio(mul(pivot, -1), diagonal))
    return { left: reflectRows(left, v, scale), whole: reflectColumns(whole, v, scale) }
  })({ left: matrix, whole: identity(m, matrix) }, indices(Math.min(m, n)))
}

const isUpper = (rows: number, columns: number): Tensor =>
  lessEqual(asColumn(indices(rows), columns), asRow(indices(columns), rows))

/** The decomposition of a matrix that has no fewer rows than columns, or of the first columns of one that has. */
const decompose = (matrix: Tensor, always: boolean): Orthogonal => {
  const [m, n] = extents(matrix)
  const k = Math.min(m, n)
  const { left, whole } = reflect(matrix, always)
  return { q: upperLeft(whole, m, k), r: only(isUpper(k, n), upperLeft(left, k, n)) }
}
/**
 * With `C = Qᵀ dA R⁻¹` and Ω the skew matrix that has C's part below the diagonal: `dQ = Q Ω + (1 − Q Qᵀ) dA R⁻¹` and `dR = (C − Ω) R`
 * (Walter and Lehmann 2018), for matrices of full rank with no fewer rows than columns; further derivatives are those of the fold.
 */
const tall = customJvp(
  (a: Tensor) => decompose(a, false),
  (a, da) => {
    const { q, r } = decompose(a, false)
    // X R⁻¹ is the transpose of R⁻ᵀ Xᵀ.
    const divided = transposed(substitute({ lower: false, transpose: true })(r, transposed(da)))
    const inside = transposedProduct(q, divided)
    const turning = skewed(inside)
    return {
      q: add(product(q, sub(turning, inside)), divided),
      r: product(sub(inside, turning), r)
    }
  }
)
const decomposition = (matrix: Tensor): Orthogonal => {
  const [m, n] = extents(matrix)
  if (m >= n) return tall(matrix)
  const { q, r } = tall(upperLeft(matrix, m, m))
  const others = slice({ start: [0, m], step: [1, 1], shape: [m, n - m] })(matrix)
  return { q, r: concat(1)([r, transposedProduct(q, others)]) }
}

/**
 * `A = Q R`, Q with orthonormal columns and R upper triangular: `torch.linalg.qr`, reduced, with LAPACK's signs.
 *
 * `A [‥, m, n]`, `Q [‥, m, k]`, `R [‥, k, n]`, k the smaller of m and n. It has derivatives where the first k columns are independent.
 *
 * @throws a Mistake if there are fewer than two axes, or no elements
 *
 * @example
 * import { LinearAlgebra, pipe, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const a = Tensor.tensor([[3, 1], [4, 2]])
 * const { q, r } = LinearAlgebra.qr(a)
 * const distance = pipe(q, Tensor.matmul(r), Tensor.sub(a), Tensor.norm())
 * ok(Tensor.item(distance) < 1e-5)
 */
export const qr = (a: Tensor): Orthogonal => overLeading(one => decomposition(one!))(filled('qr', matrices('qr', a)))
/** Q and R with signs that never jump, and only the derivatives of the method, for whom they are a means. */
export const orthogonalize = (a: Tensor): Orthogonal => decompose(a, true)
