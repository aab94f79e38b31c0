/** Levenberg and Marquardt: Gauss and Newton's steps, damped as far as the linear model is not to be trusted. */
import { whileLoop } from '../control/while.js'
import { triangularize } from '../linear-algebra/least-squares.js'
import { asColumn, onDiagonal, only, product, transposedProduct } from '../linear-algebra/matrix.js'
import { add, mul, neg, sub } from '../primitive/arithmetic.js'
import { sqrt } from '../primitive/elementary.js'
import { maximum } from '../primitive/extremum.js'
import { bitAnd, bitOr, equal, less, lessEqual, not, where } from '../primitive/selection.js'
import { concat } from '../primitive/window.js'
import { type Tensor, uniform, zeros } from '../tensor/tensor.js'
import { jvp } from '../transform/forward.js'
import { type Fit, methodOf } from './fit.js'
import { noSteps, oneMore } from './moments.js'
import {
  allFinite,
  column,
  isAtRest,
  isNegligible,
  moved,
  norm,
  type Point,
  type Residuals,
  solveTransposed,
  solveUpper,
  startOf,
  type Tolerances,
  vector
} from './residuals.js'
import { count, positive } from './settings.js'

export interface LevenbergMarquardtOptions extends Partial<Tolerances> {
  /** The most steps that are tried. */
  readonly iterations?: number
  /** The damping of the first step, in units of the squared lengths of the Jacobian's columns. */
  readonly damping?: number
  /** Bend the steps by the second derivative along them (Transtrum and Sethna 2012). */
  readonly acceleration?: boolean
}

interface Iterate {
  readonly point: Point
  /** The length that each column of the Jacobian has, or had not long ago: what a parameter is measured in. */
  readonly units: Tensor
  readonly damping: Tensor
  /** By how much the damping grows, if the next step is not taken. */
  readonly growth: Tensor
  readonly iterations: Tensor<[]>
  readonly converged: Tensor<[]>
  readonly isOver: Tensor<[]>
}

/** A step is taken, if the sum of squares falls by this part of what the linear model predicts. */
const leastGain = 1e-3
/** A step is not to be trusted, if it bends by more than this part of its length. */
const mostBend = 0.75
/** Where the damping is less, a step that is short is so because the end is near, not because it is damped. */
const lightDamping = 1
/** With more damping there is no step any more. */
const mostDamping = 1e60

const square = (x: Tensor): Tensor => mul(x, x)
/** How much of the damping remains after a step that gained so much: a third at best (Nielsen 1999). */
const remaining = (gain: Tensor): Tensor => {
  const surplus = sub(mul(gain, 2), 1)
  return maximum(sub(1, mul(surplus, square(surplus))), 1 / 3)
}

/**
 * The parameters for which a sum of squares is least (Levenberg 1944; Marquardt 1963): MINPACK's `lmder`, `scipy.optimize.least_squares(method='lm')`.
 *
 * `levenbergMarquardt(options)(residuals)(start)`: the residuals are any tensor, or tree of tensors, that is computed from a tree of parameters. Each step solves
 * `min ‖r + J δ‖² + λ ‖D δ‖²` by a QR decomposition, with J by forward mode and D the lengths of its columns, so that it does not matter in which units parameters are. The
 * damping λ follows the ratio of what the step gains to what the linear model promises; the step is bent by half of the second derivative along it. It stops
 * where `‖Qᵀ r‖ ≤ gradientTolerance ‖r‖`, where a step changes no parameter by more than a part of stepTolerance, where rounding hides every gain, or after so many steps.
 * The sum of squares never rises but by rounding. What comes back is a `Fit`: parameters, their standard errors and more; a start at which residuals
 * are not finite comes back as it is, not converged. Defaults: iterations 1000, gradientTolerance 1e-12 and stepTolerance 1e-10
 * (in float32 1e-6 and 1e-5), damping 1e-3, acceleration true.
 *
 * It is a function of tensors like others: `jit` makes it fast, `vmap` fits many at once. Use float64 where digits matter.
 *
 * @throws a Mistake for settings out of range, parameters that are not floating, or none, and if there are no residuals
 *
 * @example
 * import { jit, Optimizer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // Biochemical oxygen demand (NIST StRD, BoxBOD): y = b1 (1 − exp(−b2 x)).
 * const x = Tensor.tensor([1, 2, 3, 5, 7, 10], { dtype: 'float64' })
 * const y = Tensor.tensor([109, 149, 149, 191, 213, 224], { dtype: 'float64' })
 * interface Params { readonly b1: Tensor.Tensor<[]>; readonly b2: Tensor.Tensor<[]> }
 * const residuals = ({ b1, b2 }: Params) =>
 *   pipe(x, Tensor.mul(b2), Tensor.neg, Tensor.exp, Tensor.neg, Tensor.add(1), Tensor.mul(b1), Tensor.sub(y))
 * const one = Tensor.scalar(1, { dtype: 'float64' })
 * const { params, standardErrors } = jit(Optimizer.levenbergMarquardt()(residuals))({ b1: one, b2: one })
 * const digits = (tensor: Tensor.Tensor<[]>) => Tensor.item(tensor).toPrecision(9)
 * deepStrictEqual([params.b1, params.b2].map(digits), ['213.809409', '0.547237485'])
 * deepStrictEqual([standardErrors.b1, standardErrors.b2].map(digits), ['12.3545152', '0.104559932'])
 */
export const levenbergMarquardt = ({
  iterations: most = 1000,
  damping: first = 1e-3,
  acceleration = true,
  ...given
}: LevenbergMarquardtOptions = {}): (<P>(residuals: Residuals<P>) => (start: P) => Fit<P>) => {
  count('levenbergMarquardt', 'iterations', most)
  positive('levenbergMarquardt', 'damping', first)
  return methodOf('levenbergMarquardt', given, (problem, tolerances) => {
    const scalar = (value: number): Tensor => uniform({ shape: [], dtype: problem.start.dtype }, value)

    /** `½ δ̈` for `δ̈ = −(Jᵀ J + λ D²)⁻¹ Jᵀ r̈`, r̈ being the second derivative of the residuals along a step. */
    const bendOf = ({ position, linear }: Point, damped: Tensor, step: Tensor): Tensor => {
      const along = (t: Tensor): Tensor => problem.residuals(add(position, mul(step, t)))
      const speed = (t: Tensor): Tensor => jvp(along)(t, scalar(1))[1]
      const [, curved] = jvp(speed)(scalar(0), scalar(1))
      const pull = vector(transposedProduct(linear.jacobian, column(curved)))
      return mul(solveUpper(damped, solveTransposed(damped, pull)), -0.5)
    }

    const iterate = ({ point, units, damping, growth, iterations: tried }: Iterate): Iterate => {
      const { triangle, projected } = point.linear
      const [n] = units.shape
      const stiffness = mul(units, sqrt(damping))
      const damped = triangularize(
        concat(0)([triangle, only(onDiagonal(n!), asColumn(stiffness, n!))]),
        column(concat(0)([neg(projected), zeros(projected)]))
      )
      const straight = solveUpper(damped.triangle, vector(damped.projected))
      const bend = acceleration ? bendOf(point, damped.triangle, straight) : zeros(straight)
      const step = add(straight, bend)
      const {
        point: next,
        taken,
        gain,
        isBelowNoise,
        isSettled
      } = moved(problem, point, {
        step,
        predicted: add(
          square(norm(vector(product(triangle, column(straight))))),
          mul(square(norm(mul(stiffness, straight))), 2)
        ),
        isTrusted: lessEqual(mul(norm(mul(units, bend)), 2), mul(norm(mul(units, straight)), mostBend)),
        leastGain
      })
      const columns = norm(next.linear.jacobian)
      const isShort = bitAnd(isNegligible(point, step, units, tolerances), less(damping, lightDamping))
      const converged = bitOr(bitOr(isShort, isSettled), isAtRest(next, tolerances)) as Tensor<[]>
      const eased = mul(damping, where(isBelowNoise, 0.1, remaining(gain)))
      const changed = where(taken, eased, mul(damping, growth))
      const iterations = oneMore(tried)
      return {
        point: next,
        // They may shrink, but not so fast that a column that nearly vanishes sends its parameter far away.
        units: where(equal(columns, 0), units, maximum(mul(units, 0.5), columns)),
        damping: changed,
        growth: where(taken, 2, mul(growth, 2)),
        iterations,
        converged,
        isOver: bitOr(converged, bitOr(lessEqual(most, iterations), not(less(changed, mostDamping)))) as Tensor<[]>
      }
    }

    const point = startOf(problem)
    const columns = norm(point.linear.jacobian)
    const converged = isAtRest(point, tolerances) as Tensor<[]>
    return whileLoop(({ isOver }: Iterate) => not(isOver) as Tensor<[]>)(iterate)({
      point,
      units: where(equal(columns, 0), 1, columns),
      damping: scalar(first),
      growth: scalar(2),
      iterations: noSteps,
      converged,
      isOver: bitOr(converged, not(allFinite(point.linear.projected))) as Tensor<[]>
    })
  })
}
