/** Sums of squares: residuals as a function of one vector, their linear part at a point, and steps from one point to another. */
import { cond } from '../control/cond.js'
import { triangularize } from '../linear-algebra/least-squares.js'
import { substitute } from '../linear-algebra/triangular.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { abs, sqrt } from '../primitive/elementary.js'
import { reshape, sum, sumAll } from '../primitive/movement.js'
import { bitAnd, bitOr, less, lessEqual, not, where } from '../primitive/selection.js'
import type { Dtype } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { size } from '../structure/shape.js'
import { type Tensor, uniform, zeros } from '../tensor/tensor.js'
import { leaves } from '../tensor/tree.js'
import { checkDifferentiable } from '../transform/forward.js'
import { jacfwd } from '../transform/jacobian.js'
import { flattened, inner, unflattened } from './flat.js'

/** Residuals of parameters: a tensor of any shape, or a tree of them. */
export type Residuals<P> = (params: P) => unknown

/** The residuals `[m]` as a function of a vector `[n]`. */
export interface Problem<P> {
  readonly start: Tensor
  readonly residuals: (at: Tensor) => Tensor
  readonly tree: (at: Tensor) => P
}
export const problemOf = <P>(operation: string, residuals: Residuals<P>, start: P): Problem<P> => {
  checkDifferentiable(operation, start)
  const flat = flattened(start)
  if (flat.shape[0] === 0) throw mistake('InvalidArgument', operation, 'there are no parameters')
  const tree = unflattened(start)
  return {
    start: flat,
    tree,
    residuals: at => {
      const found = residuals(tree(at))
      if (leaves(found, operation).every(leaf => size(leaf.shape) === 0))
        throw mistake('InvalidArgument', operation, 'there are no residuals')
      return flattened(found, flat.dtype)
    }
  }
}

export const column = (x: Tensor): Tensor => reshape([x.shape[0]!, 1])(x)
export const vector = (x: Tensor): Tensor => reshape([x.shape[0]!])(x)
/** The length of a vector; of a matrix, the lengths of its columns. */
export const norm = (x: Tensor): Tensor => sqrt(inner(x, x))
/** `R⁻¹ y` and `R⁻ᵀ y` for a triangle and a vector. */
export const solveUpper = (triangle: Tensor, y: Tensor): Tensor =>
  vector(substitute({ lower: false })(triangle, column(y)))
export const solveTransposed = (triangle: Tensor, y: Tensor): Tensor =>
  vector(substitute({ lower: false, transpose: true })(triangle, column(y)))

/** The residuals near a point, `r + J δ`, turned by an orthogonal matrix such that J is a triangle. */
export interface Linearization {
  /** `J [m, n]` */
  readonly jacobian: Tensor
  /** `R [n, n]` of `J = Q R` */
  readonly triangle: Tensor
  /** `Qᵀ r [n]` */
  readonly projected: Tensor
}
export interface Point {
  readonly position: Tensor
  readonly residual: Tensor
  readonly linear: Linearization
}
const linearized = (problem: Problem<unknown>, position: Tensor, residual: Tensor): Linearization => {
  const jacobian = jacfwd(problem.residuals)(position) as Tensor
  const { triangle, projected } = triangularize(jacobian, column(residual))
  return { jacobian, triangle, projected: vector(projected) }
}
export const startOf = (problem: Problem<unknown>): Point => {
  const { start: position } = problem
  const residual = problem.residuals(position)
  return { position, residual, linear: linearized(problem, position, residual) }
}

/** Whether all elements are finite; and whether their sum is, which it may not be where they are very large. */
export const allFinite = (x: Tensor): Tensor => less(sumAll(abs(x)), Number.POSITIVE_INFINITY)

/** The relative distance between neighbouring numbers. */
const resolution = (dtype: Dtype): number => (dtype === 'float64' ? 2 ** -52 : 2 ** -23)
/** Sums of squares that differ by less than this part of them may differ by rounding alone. */
const noiseOf = ({ residual }: Point): Tensor => mul(inner(residual, residual), 2 ** 13 * resolution(residual.dtype))

export interface Tolerances {
  readonly gradientTolerance: number
  readonly stepTolerance: number
}
/** What the methods stop at unless told otherwise: near what the dtype can tell apart. */
export const tolerancesFor = ({ start: { dtype } }: Problem<unknown>, given: Partial<Tolerances>): Tolerances => ({
  gradientTolerance: given.gradientTolerance ?? (dtype === 'float64' ? 1e-12 : 1e-6),
  stepTolerance: given.stepTolerance ?? (dtype === 'float64' ? 1e-10 : 1e-5)
})

/** Whether the residuals are as good as orthogonal to the Jacobian's columns: `‖Qᵀ r‖ ≤ tolerance ‖r‖`. */
export const isAtRest = ({ residual, linear }: Point, { gradientTolerance }: Tolerances): Tensor =>
  lessEqual(norm(linear.projected), mul(norm(residual), gradientTolerance))

/** Whether a step changes no parameter by more than a part of it, or else not so that a residual could tell. */
export const isNegligible = (
  { position }: Point,
  step: Tensor,
  units: Tensor,
  { stepTolerance }: Tolerances
): Tensor => {
  const isSmall = lessEqual(abs(step), mul(abs(position), stepTolerance))
  const isLost = lessEqual(mul(abs(step), units), mul(norm(mul(units, position)), resolution(step.dtype)))
  return lessEqual(sum([0])(where(bitOr(isSmall, isLost), zeros(step), uniform(step, 1))), 0)
}

export interface Moved {
  /** Where the step leads, or the point itself, if it is not taken. */
  readonly point: Point
  readonly taken: Tensor
  /** How much the sum of squares falls, as a part of what was predicted. */
  readonly gain: Tensor
  /** The step is so short that the sum of squares cannot tell whether it is good. */
  readonly isBelowNoise: Tensor
  /** It is, and the gradient tells that it is not: there is nothing left to gain. */
  readonly isSettled: Tensor
}
/**
 * A step, if it is good. It is, if the sum of squares falls by a part of what the linear model predicts. Where rounding hides
 * that, half of the digits of the parameters are still to be won: there it is good, if the gradient becomes less.
 */
export const moved = (
  problem: Problem<unknown>,
  from: Point,
  {
    step,
    predicted,
    isTrusted,
    leastGain
  }: { readonly step: Tensor; readonly predicted: Tensor; readonly isTrusted: Tensor; readonly leastGain: number }
): Moved => {
  const { position, residual, linear } = from
  const there = add(position, step)
  const remaining = problem.residuals(there)
  // The difference of the sums of squares, without the cancellation of sums.
  const reduction = inner(sub(residual, remaining), add(residual, remaining))
  const gain = div(reduction, predicted)
  const noise = noiseOf(from)
  const isBelowNoise = bitAnd(lessEqual(predicted, noise), lessEqual(abs(reduction), noise))
  const falls = bitAnd(isTrusted, bitAnd(less(leastGain, gain), allFinite(remaining)))
  const next = cond(
    bitOr(falls, isBelowNoise) as Tensor<[]>,
    ([at, found]: readonly [Tensor, Tensor, Linearization]) => linearized(problem, at, found),
    ([, , old]) => old
  )([there, remaining, linear])
  const flattens = less(norm(next.projected), norm(linear.projected))
  const taken = bitAnd(where(isBelowNoise, flattens, falls), allFinite(next.triangle))
  const choose = (x: Tensor, y: Tensor): Tensor => where(taken, x, y)
  return {
    point: {
      position: choose(there, position),
      residual: choose(remaining, residual),
      linear: {
        jacobian: choose(next.jacobian, linear.jacobian),
        triangle: choose(next.triangle, linear.triangle),
        projected: choose(next.projected, linear.projected)
      }
    },
    taken,
    gain,
    isBelowNoise,
    isSettled: bitAnd(isBelowNoise, not(flattens))
  }
}
