/** Eigenvalues and eigenvectors of symmetric matrices, by Jacobi's method. */
import { customJvp } from '../control/call.js'
import { fold } from '../control/scan.js'
import { div, mul, sub } from '../primitive/arithmetic.js'
import { abs } from '../primitive/elementary.js'
import { argmax } from '../primitive/extremum.js'
import { argsort, take } from '../primitive/indexing.js'
import { broadcast, sum } from '../primitive/movement.js'
import { equal, less, where } from '../primitive/selection.js'
import { pad, slice } from '../primitive/window.js'
import type { Shape } from '../structure/shape-types.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { paired, rotations, rounds, sizeOf, turn } from './jacobi.js'
import {
  asColumn,
  asRow,
  diagonal,
  extents,
  identity,
  indices,
  only,
  overLeading,
  product,
  quotient,
  squares,
  symmetric,
  transposed,
  transposedProduct
} from './matrix.js'
import type { Rows, SquareOperand } from './signatures.js'

export interface Eigen<S extends Shape = Shape> {
  /** `[‥, n]`, in ascending order */
  readonly values: Tensor<Rows<S>>
  /** `[‥, n, n]`, a column each, orthonormal */
  readonly vectors: Tensor<S>
}
interface Turning {
  readonly matrix: Tensor
  /** What has been done to it, as rows. */
  readonly rows: Tensor
}

const part = (x: Tensor, row: number, column: number, size: number): Tensor =>
  slice({ start: [row, column], step: [1, 1], shape: [size, size] })(x)
const step = ({ matrix, rows }: Turning): Turning => {
  const half = matrix.shape[0]! / 2
  const meeting = (row: number, column: number): Tensor => diagonal(part(matrix, row, column, half))
  const by = rotations(meeting(0, 0), meeting(half, half), meeting(0, half))
  // Turning the rows, and of what is then transposed the rows again, turns rows and columns.
  return { matrix: turn(transposed(turn(matrix, by)), by), rows: turn(rows, by) }
}

/** The sign with which each column's largest element is positive: which of two opposite vectors comes out is then no accident. */
export const signsOf = (vectors: Tensor): Tensor => {
  const [m, n] = extents(vectors)
  const isLargest = equal(asColumn(indices(m), n), asRow(argmax(0)(abs(vectors)), m))
  const values = sum([0])(only(isLargest, vectors))
  return where(less(values, 0), uniform(values, -1), uniform(values, 1))
}

const decompose = (a: Tensor): Eigen => {
  const [n] = extents(a)
  const even = paired(n)
  const size = sizeOf(a)
  const scaled = div(a, broadcast(a.shape)(size))
  const start: Turning = {
    matrix: pad({ start: [0, 0], step: [1, 1], shape: [even, even] })(scaled),
    rows: identity(even, a)
  }
  const { matrix, rows } = fold((now: Turning, _: Tensor) => step(now))(start, indices(rounds(n)))
  const values = mul(diagonal(part(matrix, 0, 0, n)), broadcast([n])(size))
  const order = argsort({ descending: false })(values)
  const vectors = transposed(take(order)(part(rows, 0, 0, n)))
  return { values: take(order)(values), vectors: mul(vectors, asRow(signsOf(vectors), n)) }
}

/** `1 / (λⱼ − λᵢ)`, 0 where they are equal: there the vectors have no derivative, and what does not depend on their choice has it all the same. */
const gaps = (values: Tensor): Tensor => {
  const n = values.shape[0]!
  const differences = sub(asRow(values, n), asColumn(values, n))
  return quotient(uniform(differences, 1), differences)
}
/** With `D = Vᵀ dA V`: `dλ = diag D` and `dV = V (D / (λⱼ − λᵢ))`; further derivatives are those of the method. */
const symmetricEigen = customJvp(
  (a: Tensor): Eigen => decompose(symmetric(a)),
  (a, da) => {
    const { values, vectors } = decompose(symmetric(a))
    const inside = transposedProduct(vectors, product(symmetric(da), vectors))
    return { values: diagonal(inside), vectors: product(vectors, mul(gaps(values), inside)) }
  }
)

/**
 * Eigenvalues, ascending, and eigenvectors of symmetric matrices, `A = V diag(λ) Vᵀ`: `torch.linalg.eigh`.
 *
 * `A [‥, n, n]`, of which `(A + Aᵀ) / 2` is taken, as in JAX. Of each vector the largest element is positive. Where eigenvalues are equal their vectors
 * have no derivative; functions that do not depend on which are chosen do.
 *
 * @throws a Mistake if the matrices are not square
 *
 * @example
 * import { LinearAlgebra, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const { values } = LinearAlgebra.eigh(Tensor.tensor([[2, 1], [1, 2]], { dtype: 'float64' }))
 * const [least, largest] = Tensor.toArray(values) as readonly number[]
 * ok(Math.abs(least! - 1) < 1e-12 && Math.abs(largest! - 3) < 1e-12)
 */
export const eigh = <S extends Shape>(a: SquareOperand<S, 'eigh'>): Eigen<S> =>
  overLeading(one => symmetricEigen(one!))(squares('eigh', a as Tensor)) as Eigen<S>
