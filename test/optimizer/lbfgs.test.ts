/** L-BFGS iteration by iteration against PyTorch's, on functions of which the minimum is known, and what it refuses. */
import { describe, expect, test } from 'vitest'
import { Optimizer, pipe, Random, Tensor, valueAndGrad } from '../../src/index.js'
import * as _ from '../../src/optimizer/lbfgs.js'
import { near } from '../layer/near.js'

const double = { dtype: 'float64' } as const
type Vector = Tensor.Tensor<[number]>
type Loss = (p: Vector) => Tensor.Tensor<[]>
const vector = (...numbers: readonly number[]): Vector => Tensor.tensor(numbers, double) as Vector

/** The parameters and the counts after some steps of the optimizer. */
const minimize = (optimizer: Optimizer.Optimizer, loss: Loss, start: Vector, steps = 1) => {
  const step = (params: Vector, state: Optimizer.OptimizerState, taken: Tensor.Tensor<[]>) => {
    const [value, gradient] = valueAndGrad(loss)(params)
    const context = { loss: value, step: taken, valueAndGrad: valueAndGrad(loss) }
    const [updates, next] = optimizer.update(gradient, state, params, context)
    return [Optimizer.applyUpdates(updates)(params), next] as const
  }
  let [params, state] = [start, optimizer.init(start)]
  for (let taken = 0; taken < steps; taken++)
    [params, state] = step(params, state, Tensor.scalar(taken, { dtype: 'int32' }))
  const { iterations, evaluations } = state[0] as unknown as _.LbfgsState
  return { params, state, iterations: Tensor.item(iterations), evaluations: Tensor.item(evaluations) }
}
const rosenbrock: Loss = p => {
  const [x, y] = [Tensor.select(0, 0)(p), Tensor.select(0, 1)(p)] as [Tensor.Tensor<[]>, Tensor.Tensor<[]>]
  const valley = pipe(y, Tensor.sub(Tensor.square(x)), Tensor.square, Tensor.mul(100))
  return pipe(valley, Tensor.add(Tensor.square(Tensor.sub(1)(x)))) as Tensor.Tensor<[]>
}
const start = vector(-1.2, 1)
const quiet = { gradientTolerance: 1e-10, changeTolerance: 1e-15, evaluations: 1000 } as const

describe('in Rosenbrock’s valley', () => {
  /** Of torch.optim.LBFGS, PyTorch 1.13, with the tolerances above: parameters and evaluations after so many iterations. */
  const references = [
    ['strongWolfe', 1, 100, 1, -1.0245319303460325, 1.0716196202669255, 3],
    ['strongWolfe', 1, 100, 30, 0.9866961395801478, 0.9724067870333176, 39],
    ['strongWolfe', 1, 2, 10, -0.5125309076136765, 0.2187685957466201, 13],
    ['strongWolfe', 1, 2, 30, 0.95983308923538, 0.9164268005257368, 39],
    ['none', 0.3, 100, 20, -0.9282610049021459, 0.8255765851968669, 20],
    ['none', 0.3, 2, 10, -1.0227270476928054, 1.055345397010237, 10]
  ] as const
  test.each(references)('is where PyTorch’s is: line search %s, rate %d, history %d, %d iterations', (...reference) => {
    const [lineSearch, learningRate, history, iterations, x, y, evaluations] = reference
    const found = minimize(_.lbfgs({ ...quiet, lineSearch, learningRate, history, iterations }), rosenbrock, start)
    near(1e-7)(found.params, vector(x, y))
    expect([found.iterations, found.evaluations]).toEqual([iterations, evaluations])
  })
  test('it does not matter how iterations are divided into steps', () => {
    const of = (iterations: number) => _.lbfgs({ ...quiet, lineSearch: 'strongWolfe', iterations })
    const [one, many] = [minimize(of(20), rosenbrock, start), minimize(of(4), rosenbrock, start, 5)]
    near(1e-9)(many.params, one.params)
    expect(many.iterations).toBe(one.iterations)
  })
  test('it ends at the minimum, and stays there', () => {
    const optimizer = _.lbfgs({ ...quiet, lineSearch: 'strongWolfe', iterations: 200 })
    const found = minimize(optimizer, rosenbrock, start)
    near(1e-7)(found.params, vector(1, 1))
    expect(found.iterations).toBeLessThan(60)
    const again = minimize(optimizer, rosenbrock, vector(1, 1), 3)
    expect([Tensor.toArray(again.params), again.iterations, again.evaluations]).toEqual([[1, 1], 0, 3])
  })
})

describe('among waves, where first trials go too far', () => {
  /** `Σ (cos 3 pᵢ + 0.1 pᵢ²) + 10 sin² (x y)` */
  const waves: Loss = p => {
    const [x, y] = [Tensor.select(0, 0)(p), Tensor.select(0, 1)(p)] as [Tensor.Tensor<[]>, Tensor.Tensor<[]>]
    const each = pipe(p, Tensor.mul(3), Tensor.cos, Tensor.add(pipe(p, Tensor.square, Tensor.mul(0.1))), Tensor.sum())
    return pipe(x, Tensor.mul(y), Tensor.sin, Tensor.square, Tensor.mul(10), Tensor.add(each)) as Tensor.Tensor<[]>
  }
  test.each([
    [2, -3, 1, 5, 1.9660591549383664, -3.1850467868215944, 8],
    [2, -3, 8, 5, 1.972677545055191, -3.168821368974264, 12],
    [5, 1, 8, 1, 5.437019702057897, 2.8752730355948377, 7],
    [5, 1, 8, 5, 5.124174484045237, 3.0657523804398075, 17]
  ] as const)('is where PyTorch’s is: from (%d, %d), rate %d, %d iterations', (...reference) => {
    const [x, y, learningRate, iterations, endX, endY, evaluations] = reference
    const optimizer = _.lbfgs({ ...quiet, lineSearch: 'strongWolfe', learningRate, iterations })
    const found = minimize(optimizer, waves, vector(x, y))
    near(1e-8)(found.params, vector(endX, endY))
    expect([found.iterations, found.evaluations]).toEqual([iterations, evaluations])
  })
})

describe('on a bowl', () => {
  /** `½ Σ cᵢ (pᵢ − 1)²` */
  const bowl =
    (curvatures: Tensor.Tensor): Loss =>
    p =>
      pipe(p, Tensor.sub(1), Tensor.square, Tensor.mul(curvatures), Tensor.sum(), Tensor.mul(0.5)) as Tensor.Tensor<[]>
  test.each([1, 5])('a round one of %d axes takes a step to see how it curves, and one to its ground', n => {
    const found = minimize(
      _.lbfgs({ ...quiet, iterations: 2 }),
      bowl(Tensor.full([n], 7, double)),
      Tensor.zeros([n], double)
    )
    near(1e-14)(found.params, Tensor.ones([n], double))
  })
  test('of n axes is learned in some n iterations', () => {
    for (const n of [2, 4, 8]) {
      const curvatures = pipe(Tensor.arange(n, double), Tensor.add(1)) as Tensor.Tensor
      const optimizer = _.lbfgs({ ...quiet, iterations: 2 * n + 5, lineSearch: 'strongWolfe' })
      near(1e-7)(minimize(optimizer, bowl(curvatures), Tensor.zeros([n], double)).params, Tensor.ones([n], double))
    }
  })
  test('the loss never rises from iteration to iteration, if the line search watches', () => {
    const loss = bowl(pipe(Random.uniform([6], double)(Random.key(1)), Tensor.mul(100)) as Tensor.Tensor)
    const losses = Array.from({ length: 6 }, (_n, i) =>
      Tensor.item(
        loss(
          minimize(_.lbfgs({ ...quiet, iterations: i + 1, lineSearch: 'strongWolfe' }), loss, Tensor.zeros([6], double))
            .params
        )
      )
    )
    losses.forEach((value, i) => expect(value).toBeLessThan(losses[i - 1] ?? Number.POSITIVE_INFINITY))
  })
})

describe('a step ends', () => {
  const of = (options: _.LbfgsOptions) =>
    minimize(_.lbfgs({ lineSearch: 'strongWolfe', iterations: 100, ...options }), rosenbrock, start)
  test('after so many iterations', () => expect(of({ ...quiet, iterations: 7 }).iterations).toBe(7))
  test('after so many evaluations, or as many more as a line search takes', () => {
    const { evaluations } = of({ evaluations: 10 })
    expect(evaluations).toBeGreaterThanOrEqual(10)
    expect(evaluations).toBeLessThan(40)
  })
  test('where the gradient is small, or nothing changes', () => {
    const all = of(quiet).iterations
    const flat = of({ ...quiet, gradientTolerance: 5 }).iterations
    const still = of({ ...quiet, changeTolerance: 0.1 }).iterations
    expect([flat < all, still < all, flat > 0, still > 0]).toEqual([true, true, true, true])
    expect(of({ gradientTolerance: 1000 })).toMatchObject({ iterations: 0, evaluations: 1 })
  })
})

describe('mistakes', () => {
  const one = 'it must be a whole number of 1 or more'
  const orMore = 'it must be a finite number of 0 or more'
  test.each([
    [{ learningRate: -1 }, `learningRate is -1; ${orMore}`],
    [{ iterations: 0 }, `iterations is 0; ${one}`],
    [{ iterations: 1.5 }, `iterations is 1.5; ${one}`],
    [{ evaluations: 0 }, `evaluations is 0; ${one}`],
    [{ history: 0 }, `history is 0; ${one}`],
    [{ gradientTolerance: -1 }, `gradientTolerance is -1; ${orMore}`],
    [{ changeTolerance: Number.NaN }, `changeTolerance is NaN; ${orMore}`],
    [{ lineSearch: 'armijo' as 'none' }, "lineSearch is 'armijo'; it must be 'none' or 'strongWolfe'"]
  ] satisfies readonly (readonly [_.LbfgsOptions, string])[])('%o', (options, message) => {
    expect(() => _.lbfgs(options)).toThrow(`lbfgs: ${message}`)
  })
})
