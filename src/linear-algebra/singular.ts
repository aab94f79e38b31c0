/** Singular values, by Jacobi's method on the columns of a matrix (Hestenes 1958). */
import { customJvp } from '../control/call.js'
import { fold } from '../control/scan.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { abs, sqrt } from '../primitive/elementary.js'
import { amax } from '../primitive/extremum.js'
import { argsort, take } from '../primitive/indexing.js'
import { broadcast, sum } from '../primitive/movement.js'
import { less, where } from '../primitive/selection.js'
import { pad, slice } from '../primitive/window.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { paired, rotations, rounds, sizeOf, turn } from './jacobi.js'
import {
  asColumn,
  asRow,
  diagonal,
  extents,
  filled,
  identity,
  indices,
  matrices,
  overLeading,
  product,
  quotient,
  transposed,
  transposedProduct
} from './matrix.js'
import { orthogonalize } from './orthogonal.js'
import { signsOf } from './symmetric.js'

export interface Singular {
  /** `[‥, m, k]`, its columns orthonormal */
  readonly u: Tensor
  /** `[‥, k]`, in descending order, none below 0 */
  readonly values: Tensor
  /** `[‥, n, k]`, its columns orthonormal: V, not its transpose */
  readonly v: Tensor
}
interface Turning {
  /** The columns, as rows. */
  readonly columns: Tensor
  readonly rows: Tensor
}

const step = ({ columns, rows }: Turning): Turning => {
  const [n, length] = extents(columns)
  const half = (which: 0 | 1): Tensor =>
    slice({ start: [(which * n) / 2, 0], step: [1, 1], shape: [n / 2, length] })(columns)
  const [p, q] = [half(0), half(1)]
  const dot = (x: Tensor, y: Tensor): Tensor => sum([1])(mul(x, y))
  const by = rotations(dot(p, p), dot(q, q), dot(p, q))
  return { columns: turn(columns, by), rows: turn(rows, by) }
}

const inverseOrZero = (x: Tensor): Tensor => quotient(uniform(x, 1), x)
/** The lengths of rows, each measured by its largest element, as the squares of small ones would be lost. */
const lengthsOf = (rows: Tensor): Tensor => {
  const [, length] = extents(rows)
  const size = amax([1])(abs(rows))
  // Divided: of the smallest numbers there is no inverse.
  const scaled = quotient(rows, asColumn(size, length))
  return mul(size, sqrt(sum([1])(mul(scaled, scaled))))
}

/** Of a matrix with no fewer rows than columns. */
const decompose = (a: Tensor): Singular => {
  const [m, n] = extents(a)
  const even = paired(n)
  const size = sizeOf(a)
  const start: Turning = {
    columns: pad({ start: [0, 0], step: [1, 1], shape: [even, m] })(transposed(div(a, broadcast(a.shape)(size)))),
    rows: identity(even, a)
  }
  const { columns, rows } = fold((now: Turning, _: Tensor) => step(now))(start, indices(rounds(n)))
  const first = (x: Tensor, length: number): Tensor => slice({ start: [0, 0], step: [1, 1], shape: [n, length] })(x)
  const [own, turned] = [first(columns, m), first(rows, n)]
  const order = argsort({ descending: true })(lengthsOf(own))
  // The columns are orthogonal now, so that R is diagonal; and where some are 0, Q is completed all the same.
  const { q, r } = orthogonalize(transposed(take(order)(own)))
  const lengths = diagonal(r)
  const vectors = transposed(take(order)(turned))
  const [signs, flips] = [where(less(lengths, 0), uniform(lengths, -1), uniform(lengths, 1)), signsOf(vectors)]
  return {
    u: mul(q, asRow(mul(signs, flips), m)),
    values: mul(abs(lengths), broadcast([n])(size)),
    v: mul(vectors, asRow(flips, n))
  }
}

/**
 * With `D = Uᵀ dA V` and `F = 1 / (σⱼ² − σᵢ²)`, 0 on the diagonal: `dσ = diag D`, `dU = U (F ∘ (D Σ + Σ Dᵀ)) + (1 − U Uᵀ) dA V Σ⁻¹` and
 * `dV = V (F ∘ (Σ D + Dᵀ Σ))` (Townsend 2016), for no fewer rows than columns; further derivatives are those of the method.
 */
const tall = customJvp(decompose, (a, da) => {
  const { u, values, v } = decompose(a)
  const [m, n] = extents(a)
  const along = product(da, v)
  const inside = transposedProduct(u, along)
  const [onColumns, onRows] = [asRow(values, n), asColumn(values, n)]
  const squares = mul(values, values)
  const factors = inverseOrZero(sub(asRow(squares, n), asColumn(squares, n)))
  const left = mul(factors, add(mul(inside, onColumns), mul(onRows, transposed(inside))))
  const right = mul(factors, add(mul(onRows, inside), mul(transposed(inside), onColumns)))
  const outside = mul(sub(along, product(u, inside)), asRow(inverseOrZero(values), m))
  return { u: add(product(u, left), outside), values: diagonal(inside), v: product(v, right) }
})
const decomposition = (a: Tensor): Singular => {
  const [m, n] = extents(a)
  if (m >= n) return tall(a)
  const { u, values, v } = tall(transposed(a))
  return { u: v, values, v: u }
}

/**
 * `A = U diag(σ) Vᵀ`, reduced: `torch.linalg.svd(a, full_matrices=False)`, but for V, which is not transposed.
 *
 * `A [‥, m, n]`, `U [‥, m, k]`, `σ [‥, k]` in descending order, `V [‥, n, k]`, k the smaller of m and n. Singular values have derivatives where they
 * are not 0; vectors where the values differ, and functions that do not depend on which vectors are chosen elsewhere too.
 *
 * @throws a Mistake if there are fewer than two axes, or no elements
 *
 * @example
 * import { LinearAlgebra, pipe, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const { values } = LinearAlgebra.svd(Tensor.tensor([[3, 0], [0, -4]]))
 * const distance = pipe(values, Tensor.sub(Tensor.tensor([4, 3])), Tensor.norm())
 * ok(Tensor.item(distance) < 1e-5)
 */
export const svd = (a: Tensor): Singular => overLeading(one => decomposition(one!))(filled('svd', matrices('svd', a)))
