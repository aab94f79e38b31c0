/** Gauss and Newton: the least squares of the linear model, again and again. */
import { whileLoop } from '../control/while.js'
import { mul, neg, sub } from '../primitive/arithmetic.js'
import { bitAnd, bitOr, lessEqual, not, where } from '../primitive/selection.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { type Fit, methodOf } from './fit.js'
import { noSteps, oneMore } from './moments.js'
import {
  allFinite,
  isAtRest,
  isNegligible,
  moved,
  norm,
  type Point,
  type Residuals,
  solveUpper,
  startOf,
  type Tolerances
} from './residuals.js'
import { count, countOrNone } from './settings.js'

export interface GaussNewtonOptions extends Partial<Tolerances> {
  /** The most steps that are tried, halved ones among them. */
  readonly iterations?: number
  /** How often in a row a step is halved, if the sum of squares does not fall. */
  readonly halvings?: number
}

interface Iterate {
  readonly point: Point
  /** The part of the whole step that is tried, and how often it was halved. */
  readonly part: Tensor
  readonly halved: Tensor<[]>
  readonly iterations: Tensor<[]>
  readonly converged: Tensor<[]>
  readonly isOver: Tensor<[]>
}

/**
 * The parameters for which a sum of squares is least, by steps that solve the linearised problem, `δ = −J⁺ r`: R's `nls`.
 *
 * `gaussNewton(options)(residuals)(start)`, as `levenbergMarquardt`, which gets along with bad starts and dependent columns, as this does not. Of linear residuals
 * one step is exact. A step by which the sum of squares does not fall is halved. It stops where `‖Qᵀ r‖ ≤ gradientTolerance ‖r‖`, where a whole step changes no parameter by
 * more than a part of stepTolerance, where rounding hides every gain, or, not converged, where no step is short enough, or after so many. Defaults:
 * iterations 100, halvings 20, gradientTolerance 1e-12 and stepTolerance 1e-10 (in float32 1e-6 and 1e-5).
 *
 * @throws a Mistake for settings out of range, parameters that are not floating, or none, and if there are no residuals
 *
 * @example
 * import { Optimizer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // A line through three points: one step, and one that shows that there is no better.
 * const [x, y] = [Tensor.tensor([0, 1, 2], { dtype: 'float64' }), Tensor.tensor([1, 3, 5], { dtype: 'float64' })]
 * interface Line { readonly slope: Tensor.Tensor<[]>; readonly offset: Tensor.Tensor<[]> }
 * const residuals = ({ slope, offset }: Line) => pipe(x, Tensor.mul(slope), Tensor.add(offset), Tensor.sub(y))
 * const zero = Tensor.scalar(0, { dtype: 'float64' })
 * const { params } = Optimizer.gaussNewton()(residuals)({ slope: zero, offset: zero })
 * deepStrictEqual([params.slope, params.offset].map(value => Tensor.item(value).toFixed(9)), ['2.000000000', '1.000000000'])
 */
export const gaussNewton = ({
  iterations: most = 100,
  halvings = 20,
  ...given
}: GaussNewtonOptions = {}): (<P>(residuals: Residuals<P>) => (start: P) => Fit<P>) => {
  count('gaussNewton', 'iterations', most)
  countOrNone('gaussNewton', 'halvings', halvings)
  return methodOf('gaussNewton', given, (problem, tolerances) => {
    const whole = uniform({ shape: [], dtype: problem.start.dtype }, 1)
    const always = uniform({ shape: [], dtype: 'bool' }, 1)

    const iterate = ({ point, part, halved, iterations: tried }: Iterate): Iterate => {
      const { triangle, projected, jacobian } = point.linear
      const full = solveUpper(triangle, neg(projected))
      const size = norm(projected)
      const {
        point: next,
        taken,
        isSettled
      } = moved(problem, point, {
        step: mul(full, part),
        // ‖r‖² − ‖r + t J δ‖² = t (2 − t) ‖Qᵀ r‖²
        predicted: mul(mul(part, sub(2, part)), mul(size, size)),
        isTrusted: always,
        leastGain: 0
      })
      const isShort = isNegligible(point, full, norm(jacobian), tolerances)
      const converged = bitOr(bitOr(isShort, isSettled), isAtRest(next, tolerances)) as Tensor<[]>
      const iterations = oneMore(tried)
      const stuck = bitAnd(not(taken), lessEqual(halvings, halved))
      return {
        point: next,
        part: where(taken, whole, mul(part, 0.5)),
        halved: where(taken, noSteps, oneMore(halved)) as Tensor<[]>,
        iterations,
        converged,
        isOver: bitOr(converged, bitOr(stuck, lessEqual(most, iterations))) as Tensor<[]>
      }
    }

    const point = startOf(problem)
    const converged = isAtRest(point, tolerances) as Tensor<[]>
    return whileLoop(({ isOver }: Iterate) => not(isOver) as Tensor<[]>)(iterate)({
      point,
      part: whole,
      halved: noSteps,
      iterations: noSteps,
      converged,
      isOver: bitOr(converged, not(allFinite(point.linear.projected))) as Tensor<[]>
    })
  })
}
