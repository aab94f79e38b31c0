/** The square root of a positive definite matrix, as a fold over its columns. */
import { customJvp } from '../control/call.js'
import { scan } from '../control/scan.js'
import { div, mul, sub } from '../primitive/arithmetic.js'
import { sqrt } from '../primitive/elementary.js'
import { take } from '../primitive/indexing.js'
import { broadcast } from '../primitive/movement.js'
import { lessEqual } from '../primitive/selection.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import {
  belowDiagonal,
  identity,
  indices,
  only,
  outer,
  overLeading,
  product,
  squares,
  symmetric,
  transposed
} from './matrix.js'
import type { SquareOperand } from './signatures.js'
import { substitute } from './triangular.js'

/** Column by column: each is that of what is left, and its products are taken away from the rest. */
const factor = (matrix: Tensor): Tensor => {
  const n = matrix.shape[0]!
  const [, columns] = scan((left: Tensor, step: Tensor) => {
    // What is left is symmetric: its row is its column.
    const row = take(step)(left)
    const column = only(lessEqual(broadcast([n])(step), indices(n)), div(row, broadcast([n])(sqrt(take(step)(row)))))
    return [sub(left, outer(column, column)), column] as const
  })(matrix, indices(n))
  return transposed(columns as Tensor)
}
/** The part below the diagonal and half of the diagonal. */
const lowerHalf = (x: Tensor): Tensor => {
  const n = x.shape[0]!
  return sub(only(belowDiagonal(n), x), mul(mul(identity(n, x), x), -0.5))
}
/** `dL = L Φ(L⁻¹ dA L⁻ᵀ)`, Φ the lower half (Murray 2016); further derivatives are those of the fold. */
const root = customJvp(
  (a: Tensor): Tensor => factor(symmetric(a)),
  (a, da) => {
    const lower = factor(symmetric(a))
    const half = substitute({})(lower, symmetric(da))
    return product(lower, lowerHalf(substitute({})(lower, transposed(half))))
  }
)

/**
 * The lower triangular L with `L Lᵀ = A`: `torch.linalg.cholesky`.
 *
 * `[‥, n, n] → [‥, n, n]`, of `(A + Aᵀ) / 2`, as in JAX, so that gradients are symmetric. Where that is not positive definite, there are NaN.
 *
 * @throws a Mistake if the matrices are not square
 *
 * @example
 * import { LinearAlgebra, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(LinearAlgebra.cholesky(Tensor.tensor([[4, 2], [2, 5]]))), [[2, 0], [1, 2]])
 */
export const cholesky = <S extends Shape>(a: SquareOperand<S, 'cholesky'>): Tensor<S> =>
  overLeading(one => root(one!))(squares('cholesky', a as Tensor)) as Tensor<S>
