/** What a least-squares method ends with, and what it tells of the parameters. */
import { identity, productTransposed } from '../linear-algebra/matrix.js'
import { substitute } from '../linear-algebra/triangular.js'
import { div, mul } from '../primitive/arithmetic.js'
import { sqrt } from '../primitive/elementary.js'
import { broadcast, sum } from '../primitive/movement.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { inner, type Point, type Problem } from './residuals.js'

/** The end of a least-squares method, with `n` parameters, counted over all leaves in order, and `m` residuals. */
export interface Fit<P> {
  readonly params: P
  /** The sum of the squares of the residuals. */
  readonly cost: Tensor<[]>
  /** How many steps were tried, int32. */
  readonly iterations: Tensor<[]>
  /** Whether a criterion of convergence was met, bool. */
  readonly converged: Tensor<[]>
  /** The residual standard deviation `s = √(cost / (m − n))`. */
  readonly deviation: Tensor<[]>
  /** The covariance of the parameters `s² (Jᵀ J)⁻¹`, `[n, n]`. */
  readonly covariance: Tensor
  /** The square roots of its diagonal, a tree as the parameters are. */
  readonly standardErrors: P
}

export const fitOf = <P>(
  { tree }: Problem<P>,
  { position, residual, linear: { triangle } }: Point,
  { iterations, converged }: { readonly iterations: Tensor<[]>; readonly converged: Tensor<[]> }
): Fit<P> => {
  const [m, n] = [residual.shape[0]!, position.shape[0]!]
  const cost = inner(residual, residual)
  const variance = div(cost, uniform(cost, m - n))
  const deviation = sqrt(variance)
  const root = substitute({ lower: false })(triangle, identity(n, triangle))
  return {
    params: tree(position),
    cost: cost as Tensor<[]>,
    iterations,
    converged,
    deviation: deviation as Tensor<[]>,
    covariance: mul(broadcast([n, n])(variance), productTransposed(root, root)),
    standardErrors: tree(mul(deviation, sqrt(sum([1])(mul(root, root)))))
  }
}
