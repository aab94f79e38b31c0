/**
 * What must hold of a method for least squares: where it ends, what it does not depend on, and what it tells of the parameters.
 *
 * The problems have one solution each, and columns far from dependent: `r(p) = A (p + c sin p) − b`. What a method does from bad starts and in narrow valleys
 * is for problems with certified solutions to tell. The method is an argument, so that another can be put to the same laws.
 */
import fc from 'fast-check'
import { jit } from '../src/engine/jit.js'
import * as LinearAlgebra from '../src/LinearAlgebra.js'
import * as matrix from '../src/linear-algebra/matrix.js'
import * as Library from '../src/Optimizer.js'
import type { Fit } from '../src/optimizer/fit.js'
import type { Residuals } from '../src/optimizer/residuals.js'
import { add, div, mul, sub } from '../src/primitive/arithmetic.js'
import { sin, sqrt } from '../src/primitive/elementary.js'
import { reshape, sum } from '../src/primitive/movement.js'
import { reverse } from '../src/primitive/window.js'
import { range } from '../src/structure/shape.js'
import { constant, elements, item, known, type Tensor } from '../src/tensor/tensor.js'
import { jacrev } from '../src/transform/jacobian.js'
import { vmap } from '../src/transform/vmap.js'
import { real, small } from './arbitrary.js'
import { member, near, stack } from './closeness.js'
import { type Law, law } from './law.js'
import { close } from './same.js'

export interface MethodOptions {
  readonly iterations?: number
  /** Of methods that have one. */
  readonly damping?: number
  readonly acceleration?: boolean
}
/** A method, once it is told how far to go. */
export type Method = (options?: MethodOptions) => <P>(residuals: Residuals<P>) => (start: P) => Fit<P>

/** A problem `r(p) = A (p + c sin p) − b` of `m ≥ n` residuals, and two places to start from. */
export interface Problem {
  readonly matrix: Tensor
  readonly sides: Tensor
  /** From 0, which is a linear problem, to 0.3. */
  readonly bend: number
  readonly starts: readonly [Tensor, Tensor]
  /** How far a method goes that does not go all the way. */
  readonly iterations: number
}
const numbers = (x: Tensor): readonly number[] => Array.from(elements(known('a law')(x)))
const vector = (values: readonly number[]): Tensor => constant([values.length], 'float64', Float64Array.from(values))
const times = (a: Tensor, v: Tensor): Tensor => reshape([a.shape[0]!])(matrix.product(a, reshape([v.shape[0]!, 1])(v)))

export const problems = (bends: fc.Arbitrary<number> = fc.constantFrom(0, 0.1, 0.3)): fc.Arbitrary<Problem> =>
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.nat(3))
    .chain(([n, more]) =>
      fc.record({
        near: small([n + more, n]),
        sides: real([n + more]),
        bend: bends,
        starts: fc.tuple(real([n]), real([n])),
        iterations: fc.integer({ min: 1, max: 4 })
      })
    )
    .map(({ near: small, ...rest }) => {
      const [m, n] = matrix.extents(small)
      const unit = Float64Array.from({ length: m * n }, (_, i) => (i % (n + 1) === 0 && i < n * n ? 2 : 0))
      return { ...rest, matrix: add(small, constant([m, n], 'float64', unit)) }
    })
export const linearProblems: fc.Arbitrary<Problem> = problems(fc.constant(0))

/** Residuals of a vector. */
type Flat = (p: Tensor) => Tensor
const residualsOf =
  ({ matrix: a, sides, bend }: Problem): Flat =>
  p =>
    sub(times(a, add(p, mul(sin(p), bend))), sides)
const jacobianOf = (residuals: Flat, p: Tensor): Tensor => jacrev(residuals)(p) as Tensor
/** Ends agree as far as the methods' tolerances go, for residuals of any size near 1. */
const agree = close(1e-7)
/** Powers of 2, so that nothing is rounded. */
const unitsOf = (p: Tensor, choice: number): Tensor =>
  vector(numbers(p).map((_, i) => 2 ** (((choice >> (3 * i)) % 8) - 4)))
const squares = (x: Tensor): number => numbers(x).reduce((total, r) => total + r * r, 0)

/** Where it ends, and what it does not matter for that. */
const endLaws = (method: Method): readonly Law<Problem>[] => [
  law('normal equations', 'Jᵀ r ≈ 0 at the end, and it is told that it is one', problem => {
    const residuals = residualsOf(problem)
    const { params, converged } = method()(residuals)(problem.starts[0])
    const slope = matrix.transposedProduct(
      jacobianOf(residuals, params),
      reshape([problem.sides.shape[0]!, 1])(residuals(params))
    )
    return item('a law')(converged) === 1 && numbers(slope).every(x => near(x, 0, 1e-7))
  }),
  law('one end', 'the end is the same from every start, if there is but one', problem => {
    const [one, other] = problem.starts.map(method()(residualsOf(problem)))
    return agree([one!.params, one!.cost], [other!.params, other!.cost])
  }),
  law('linear problems', 'of A p − b the end is leastSquares A b', ({ bend: _, ...problem }) => {
    const { params } = method()(residualsOf({ ...problem, bend: 0 }))(problem.starts[0])
    return agree(params, LinearAlgebra.leastSquares(problem.matrix)(problem.sides as never))
  }),
  law('never uphill', 'the cost is ‖r‖² at the end, and after k + 1 steps it is not more than after k', problem => {
    const residuals = residualsOf(problem)
    const [start] = problem.starts
    const costs = range(5).map(k => {
      if (k === 0) return squares(residuals(start))
      const { params, cost } = method({ iterations: k })(residuals)(start)
      return near(item('a law')(cost), squares(residuals(params)), 1e-12) ? item('a law')(cost) : Number.NaN
    })
    return costs.every((cost, k) => k === 0 || cost <= costs[k - 1]! * (1 + 1e-11) + 1e-20)
  })
]

/** What each step goes along with. */
const equivarianceLaws = (method: Method): readonly Law<Problem>[] => [
  law(
    'units',
    'of q ↦ r(u q), from u⁻¹ p, every step leads to u⁻¹ times where that of r leads to',
    (problem, choice) => {
      const residuals = residualsOf(problem)
      const [start] = problem.starts
      const units = unitsOf(start, choice)
      const going = method({ iterations: problem.iterations })
      const scaled = going((q: Tensor) => residuals(mul(q, units)))(div(start, units))
      return agree(mul(scaled.params, units), going(residuals)(start).params)
    }
  ),
  law('order and signs', 'residuals may be in any order, and of any sign', (problem, choice) => {
    const residuals = residualsOf(problem)
    const signs = vector(numbers(problem.sides).map((_, i) => ((choice >> i) % 2 === 0 ? 1 : -1)))
    const going = method({ iterations: problem.iterations })
    const turned = going((p: Tensor) => reverse([0])(mul(residuals(p), signs)))(problem.starts[0])
    return agree(turned.params, going(residuals)(problem.starts[0]).params)
  }),
  law('larger residuals', 'of 8 r every step leads where that of r leads, at 64 times the cost', problem => {
    const residuals = residualsOf(problem)
    const going = method({ iterations: problem.iterations })
    const one = going(residuals)(problem.starts[0])
    const eight = going((p: Tensor) => mul(residuals(p), 8))(problem.starts[0])
    return agree([eight.params, eight.cost], [one.params, mul(one.cost, 64)])
  }),
  law('trees', 'parameters and residuals may be trees: the end is that of their elements in order', problem => {
    const residuals = residualsOf(problem)
    const [start] = problem.starts
    const parts = (x: Tensor): readonly Tensor[] => numbers(x).map((_, i) => member(x, i))
    const together = (tree: { readonly all: readonly Tensor[] }): Tensor => stack(tree.all)
    const found = method()((tree: { readonly all: readonly Tensor[] }) => [{ r: residuals(together(tree)) }])({
      all: parts(start)
    })
    const flat = method()(residuals)(start)
    return agree([together(found.params), together(found.standardErrors)], [flat.params, flat.standardErrors])
  }),
  law('many fits', 'vmap (fit) ≈ map (fit)', problem => {
    const fitted = (start: Tensor): readonly Tensor[] => {
      const { params, cost } = method()(residualsOf(problem))(start)
      return [params, cost]
    }
    const [params, costs] = vmap(fitted)(stack(problem.starts)) as readonly [Tensor, Tensor]
    return problem.starts.every((start, i) => agree([member(params, i), member(costs, i)], fitted(start)))
  })
]

/** What is told of the parameters. */
const certaintyLaws = (method: Method): readonly Law<Problem>[] => [
  law('deviation', 's² (m − n) = ‖r‖², and without more residuals than parameters nothing is told', problem => {
    const [m, n] = matrix.extents(problem.matrix)
    const { deviation, cost, covariance, standardErrors } = method()(residualsOf(problem))(problem.starts[0])
    return m > n
      ? near(item('a law')(deviation) ** 2 * (m - n), item('a law')(cost), 1e-12)
      : [deviation, covariance, standardErrors].every(told => numbers(told).every(Number.isNaN))
  }),
  law('covariance', 'C Jᵀ J ≈ s² 1, and the standard errors are the roots of its diagonal', problem => {
    const [m, n] = matrix.extents(problem.matrix)
    if (m === n) return true
    const residuals = residualsOf(problem)
    const { params, deviation, covariance, standardErrors } = method()(residuals)(problem.starts[0])
    const jacobian = jacobianOf(residuals, params)
    const unit = constant(
      [n, n],
      'float64',
      Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? item('a law')(deviation) ** 2 : 0))
    )
    return (
      agree(matrix.product(covariance, matrix.transposedProduct(jacobian, jacobian)), unit) &&
      agree(standardErrors, sqrt(matrix.diagonal(covariance)))
    )
  })
]

/** Apart from the others, for it costs a compilation: all of it is a program. */
export const compiledFit = (method: Method): Law<Problem> =>
  law('compiled', 'jit (fit) ≈ fit', problem => {
    const fitted = (start: Tensor): readonly Tensor[] => {
      const { params, cost, covariance } = method()(residualsOf(problem))(start)
      return [params, cost, covariance]
    }
    return agree(jit(fitted)(problem.starts[0]), fitted(problem.starts[0]))
  })

/** Laws of every method. */
export const leastSquaresLaws = (method: Method): readonly Law<Problem>[] => [
  ...endLaws(method),
  ...equivarianceLaws(method),
  ...certaintyLaws(method)
]

/** Of Gauss and Newton's. */
export const exactStep = (method: Method = Library.gaussNewton): Law<Problem> =>
  law('one step', 'of a linear problem the first step is exact', problem =>
    close(1e-10)(
      method({ iterations: 1 })(residualsOf(problem))(problem.starts[0]).params,
      LinearAlgebra.leastSquares(problem.matrix)(problem.sides as never)
    )
  )
/** Of Levenberg and Marquardt's, straight. */
export const shorterStep = (method: Method = Library.levenbergMarquardt): Law<Problem> =>
  law(
    'damping',
    'of a linear problem ‖D δ‖, with the lengths of the columns in D, is less for more damping',
    problem => {
      const lengths = sqrt(sum([0])(mul(problem.matrix, problem.matrix)))
      const [start] = problem.starts
      const [none, ...steps] = [1e-12, 1e-3, 0.1, 10, 1e3].map(damping => {
        const { params } = method({ iterations: 1, damping, acceleration: false })(residualsOf(problem))(start)
        return Math.sqrt(squares(mul(sub(params, start), lengths)))
      })
      const all = [none!, ...steps]
      // A start that is the end is not left, and the squares of the shortest steps are 0.
      return none! < 1e-100 || all.every((length, i) => i === 0 || length < all[i - 1]!)
    }
  )
