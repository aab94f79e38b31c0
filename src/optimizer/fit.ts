/** What a least-squares method ends with, and what it tells of the parameters. */
import { identity, productTransposed } from '../linear-algebra/matrix.js'
import { substitute } from '../linear-algebra/triangular.js'
import { div, mul } from '../primitive/arithmetic.js'
import { sqrt } from '../primitive/elementary.js'
import { broadcast, sum } from '../primitive/movement.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { inner } from './flat.js'
import { type Point, type Problem, problemOf, type Residuals, type Tolerances, tolerancesFor } from './residuals.js'
import { nonNegative } from './settings.js'

/** The end of a least-squares method, with `n` parameters, counted over all leaves in order, and `m` residuals. */
export interface Fit<P> {
  readonly params: P
  /** The sum of the squares of the residuals. */
  readonly cost: Tensor<[]>
  /** How many steps were tried, int32. */
  readonly iterations: Tensor<[]>
  /** Whether a criterion of convergence was met, bool. */
  readonly converged: Tensor<[]>
  /** The residual standard deviation `s = √(cost / (m − n))`; it is not a number, and neither is what follows, unless `m > n`. */
  readonly deviation: Tensor<[]>
  /** The covariance of the parameters `s² (Jᵀ J)⁻¹`, `[n, n]`. */
  readonly covariance: Tensor
  /** The square roots of its diagonal, a tree as the parameters are. */
  readonly standardErrors: P
}

const fitOf = <P>(
  { tree }: Problem<P>,
  { position, residual, linear: { triangle } }: Point,
  { iterations, converged }: { readonly iterations: Tensor<[]>; readonly converged: Tensor<[]> }
): Fit<P> => {
  const [m, n] = [residual.shape[0]!, position.shape[0]!]
  const cost = inner(residual, residual)
  // Where no residual is left over, not even the smallest says how far off the parameters are.
  const variance = div(cost, uniform(cost, m > n ? m - n : Number.NaN))
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

/** Where a method ends. */
export interface Ended {
  readonly point: Point
  readonly iterations: Tensor<[]>
  readonly converged: Tensor<[]>
}
/** A method for least squares, once its tolerances are checked: from residuals and a start to the fit where it ends. */
export const methodOf = (
  operation: string,
  given: Partial<Tolerances>,
  solve: (problem: Problem<unknown>, tolerances: Tolerances) => Ended
): (<P>(residuals: Residuals<P>) => (start: P) => Fit<P>) => {
  nonNegative(operation, 'gradientTolerance', given.gradientTolerance ?? 0)
  nonNegative(operation, 'stepTolerance', given.stepTolerance ?? 0)
  return residuals => start => {
    const problem = problemOf(operation, residuals, start)
    const end = solve(problem, tolerancesFor(problem, given))
    return fitOf(problem, end.point, end)
  }
}
