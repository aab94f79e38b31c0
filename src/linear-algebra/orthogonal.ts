/** The QR decomposition by Householder's reflections, as a fold over the columns. */
import { customJvp } from '../control/call.js'
import { fold } from '../control/scan.js'
import { add, sub } from '../primitive/arithmetic.js'
import { concat, slice } from '../primitive/window.js'
import type { Tensor } from '../tensor/tensor.js'
import { mirrorOf, reflected } from './householder.js'
import {
  corner,
  extents,
  filled,
  identity,
  indices,
  matrices,
  only,
  onOrAboveDiagonal,
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

/** Reflections that make the columns of a matrix upper triangular, one after another. */
const reflect = (matrix: Tensor, always: boolean): Reflected => {
  const [m, n] = extents(matrix)
  return fold(({ left, whole }: Reflected, place: Tensor): Reflected => {
    const mirror = mirrorOf(left, place, always)
    return { left: reflected(mirror, left), whole: transposed(reflected(mirror, transposed(whole))) }
  })({ left: matrix, whole: identity(m, matrix) }, indices(Math.min(m, n)))
}

/** The decomposition of a matrix that has no fewer rows than columns, or of the first columns of one that has. */
const decompose = (matrix: Tensor, always: boolean): Orthogonal => {
  const [m, n] = extents(matrix)
  const k = Math.min(m, n)
  const { left, whole } = reflect(matrix, always)
  return { q: corner(whole, m, k), r: only(onOrAboveDiagonal(k, n), corner(left, k, n)) }
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
  const { q, r } = tall(corner(matrix, m, m))
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
