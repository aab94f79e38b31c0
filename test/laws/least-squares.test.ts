/** The laws of least squares, run on both methods of the library; and methods that break them. */
import { describe, test } from 'vitest'
import * as _ from '../../laws/least-squares.js'
import { Optimizer, Tensor, Tree } from '../../src/index.js'
import type { Fit } from '../../src/optimizer/fit.js'
import { add, mul } from '../../src/primitive/arithmetic.js'
import { fails, holds, named } from './verdict.js'

const { gaussNewton, levenbergMarquardt } = Optimizer
const methods: readonly (readonly [string, _.Method])[] = [
  ['gaussNewton', gaussNewton],
  ['levenbergMarquardt', levenbergMarquardt]
]
describe.each(methods)('%s', (_name, method) => {
  test.each(_.leastSquaresLaws(method))('$name: $statement', law => holds(law, _.problems(), 15))
  test('is compiled', () => holds(_.compiledFit(method), _.problems(), 3))
})
test('gaussNewton: one step', () => holds(_.exactStep(), _.linearProblems, 40))
test('levenbergMarquardt: damping', () => holds(_.shorterStep(), _.linearProblems, 25))

describe('a broken method is caught', () => {
  /** Other residuals than those that are given. */
  const of =
    (change: (found: Tensor.Tensor, params: unknown) => unknown): _.Method =>
    options =>
    <P>(residuals: (params: P) => unknown) =>
      levenbergMarquardt(options)<P>(params => Tree.leaves(residuals(params)).map(leaf => change(leaf, params)))
  /** Another end than that which is found. */
  const to =
    (change: (fit: Fit<unknown>, iterations: number | undefined) => Partial<Fit<unknown>>): _.Method =>
    options =>
    residuals =>
    start => {
      const fit = levenbergMarquardt(options)(residuals)(start)
      return { ...fit, ...(change(fit, options?.iterations) as Partial<typeof fit>) }
    }
  const short: _.Method = () => gaussNewton({ iterations: 1, gradientTolerance: 0.1 })
  const withoutLast = (r: Tensor.Tensor) =>
    mul(r, Tensor.tensor([...Array(r.shape[0]! - 1).fill(1), 0.5], { dtype: 'float64' }))
  const broken: readonly (readonly [string, string, _.Method])[] = [
    ['that stops halfway', 'normal equations', short],
    [
      'that does not tell that it is there',
      'normal equations',
      to(({ cost }) => ({ converged: mul(cost, 0) as Tensor.Tensor<[]> }))
    ],
    ['that stays near its start', 'one end', () => levenbergMarquardt({ iterations: 1, damping: 10 })],
    ['with a ridge', 'linear problems', of((r, params) => [r, Tree.scale(0.1)(params)])],
    ['that tells twice the cost', 'never uphill', to(({ cost }) => ({ cost: mul(cost, 2) as Tensor.Tensor<[]> }))],
    [
      'that turns round',
      'never uphill',
      options => residuals => start =>
        gaussNewton({ iterations: options?.iterations === 2 ? 1 : (options?.iterations ?? 9) % 2 === 0 ? 2 : 1 })(
          residuals
        )(options?.iterations === 4 ? (Tree.scale(9)(start) as typeof start) : start)
    ],
    ['with a ridge', 'units', of((r, params) => [r, Tree.scale(0.1)(params)])],
    ['that takes the last residual half', 'order and signs', of(withoutLast)],
    ['that adds to the residuals', 'order and signs', of(r => add(r, 0.1))],
    ['that bends residuals', 'larger residuals', of(r => Tensor.sinh(r))],
    [
      'that takes one step of many leaves',
      'trees',
      options => residuals => start =>
        gaussNewton(Tree.leaves(start).length > 1 ? { iterations: 1 } : options)(residuals)(start)
    ],
    ['that reads its start', 'many fits', to(({ cost }) => ({ cost: Tensor.scalar(Tensor.item(cost)) }))],
    [
      'that divides by the number of residuals',
      'deviation',
      to(({ deviation }) => ({ deviation: mul(deviation, 0.9) as Tensor.Tensor<[]> }))
    ],
    ['that forgets the deviation', 'covariance', to(({ covariance }) => ({ covariance: mul(covariance, 0.9) }))],
    [
      'that takes variances for errors',
      'covariance',
      to(({ standardErrors }) => ({ standardErrors: Tree.map(x => mul(x, x))(standardErrors) }))
    ]
  ]
  test.each(broken)('%s (%s)', (_name, name, method) => {
    fails(named(_.leastSquaresLaws(method), name), _.problems(), 30)
  })
  test('that reads numbers', () =>
    fails(_.compiledFit(to(({ cost }) => ({ cost: Tensor.scalar(Tensor.item(cost)) }))), _.problems(), 2))
  test('a first step that is damped', () => fails(_.exactStep(levenbergMarquardt), _.linearProblems, 30))
  test('a damping that does nothing', () =>
    fails(
      _.shorterStep(options => gaussNewton({ iterations: options?.iterations ?? 1 })),
      _.linearProblems,
      30
    ))
})
