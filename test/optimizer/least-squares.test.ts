/** Gauss and Newton's method and Levenberg and Marquardt's: where they end, what they tell, and what they refuse. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jit, LinearAlgebra, pipe, Random, Tensor, vmap } from '../../src/index.js'
import type * as _ from '../../src/optimizer/fit.js'
import { gaussNewton } from '../../src/optimizer/gauss-newton.js'
import { levenbergMarquardt } from '../../src/optimizer/levenberg-marquardt.js'
import { near } from '../layer/near.js'

const double = { dtype: 'float64' } as const
type Vector = Tensor.Tensor<[number]>
type Scalar = Tensor.Tensor<[]>
const vector = (...numbers: readonly number[]): Vector => Tensor.tensor(numbers, double) as Vector
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
const scalar = (value: number): Scalar => Tensor.scalar(value, double)
const at = (p: Vector, i: number): Scalar => Tensor.select(0, i)(p) as Scalar
const stacked = (...parts: readonly Scalar[]): Vector => Tensor.stack(0)(parts) as Vector
const linear = (a: Tensor.Tensor, b: Vector) => (p: Vector) =>
  pipe(a, Tensor.matmul(p as never), Tensor.sub(b)) as Vector

const methods = [
  ['gaussNewton', gaussNewton],
  ['levenbergMarquardt', levenbergMarquardt]
] as const
type Method = typeof gaussNewton | typeof levenbergMarquardt
const solve = (method: Method, residuals: (p: Vector) => Vector, start: Vector, options = {}): _.Fit<Vector> =>
  method(options)(residuals)(start)
const told = ({ cost, iterations, converged }: _.Fit<unknown>) => ({
  cost: Tensor.item(cost),
  iterations: Tensor.item(iterations),
  converged: Tensor.item(converged) === 1
})

/** `[10 (y − x²), 1 − x]`, of which the squares are Rosenbrock's valley. */
const rosenbrock = (p: Vector): Vector => {
  const [x, y] = [at(p, 0), at(p, 1)]
  return stacked(
    pipe(y, Tensor.sub(Tensor.square(x)), Tensor.mul(10)) as Scalar,
    pipe(x, Tensor.neg, Tensor.add(1)) as Scalar
  )
}
/** Powell's function, whose Jacobian is singular at the solution, 0. */
const powell = (p: Vector): Vector => {
  const [a, b, c, d] = [at(p, 0), at(p, 1), at(p, 2), at(p, 3)]
  return stacked(
    pipe(a, Tensor.add(pipe(b, Tensor.mul(10)))) as Scalar,
    pipe(c, Tensor.sub(d), Tensor.mul(Math.sqrt(5))) as Scalar,
    pipe(b, Tensor.sub(pipe(c, Tensor.mul(2))), Tensor.square) as Scalar,
    pipe(a, Tensor.sub(d), Tensor.square, Tensor.mul(Math.sqrt(10))) as Scalar
  )
}
/** Freudenstein and Roth's, with a solution at [5, 4] and a local minimum of cost 48.98… at [11.41…, −0.8968…]. */
const freudenstein = (p: Vector): Vector => {
  const [x, y] = [at(p, 0), at(p, 1)]
  const first = pipe(scalar(5), Tensor.sub(y), Tensor.mul(y), Tensor.sub(2), Tensor.mul(y))
  const second = pipe(y, Tensor.add(1), Tensor.mul(y), Tensor.sub(14), Tensor.mul(y))
  return stacked(
    pipe(x, Tensor.add(first), Tensor.sub(13)) as Scalar,
    pipe(x, Tensor.add(second), Tensor.sub(29)) as Scalar
  )
}

describe('linear residuals', () => {
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.nat(1e6))
    .map(([n, more, seed]) => ({
      a: random([n + more, n], seed),
      b: random([n + more], seed + 1) as Vector,
      start: pipe(random([n], seed + 2), Tensor.mul(10)) as Vector
    }))
  test('one step of Gauss and Newton’s is what LinearAlgebra.leastSquares finds', () => {
    fc.assert(
      fc.property(cases, ({ a, b, start }) => {
        const exact = LinearAlgebra.leastSquares(a)(b as never) as Tensor.Tensor
        near(1e-9)(gaussNewton({ iterations: 1 })(linear(a, b))(start).params, exact)
      }),
      { numRuns: 8 }
    )
  })
  test.each(methods)('%s ends there, and tells how sure it is', (_name, method) => {
    const [a, b] = [random([9, 3], 1), random([9], 2) as Vector]
    const found = solve(method, linear(a, b), vector(5, -5, 50))
    const exact = LinearAlgebra.leastSquares(a)(b as never) as Vector
    near(1e-9)(found.params, exact)
    const residual = linear(a, b)(exact)
    const cost = pipe(residual, Tensor.square, Tensor.sum(), Tensor.item)
    expect(told(found)).toMatchObject({ converged: true, cost: expect.closeTo(cost, 10) })
    expect(Tensor.item(found.deviation)).toBeCloseTo(Math.sqrt(cost / (9 - 3)), 10)
    const gram = Tensor.matmul(a as never)(Tensor.transpose(a) as never) as Tensor.Tensor<[number, number]>
    near(1e-9)(found.covariance, pipe(LinearAlgebra.inverse(gram), Tensor.mul(cost / 6)))
    near(1e-9)(found.standardErrors, pipe(Tensor.diagonal()(found.covariance as never) as Tensor.Tensor, Tensor.sqrt))
    expect([Tensor.dtype(found.iterations), Tensor.dtype(found.converged)]).toEqual(['int32', 'bool'])
  })
  test('with columns that depend on each other have a least sum all the same, which Levenberg and Marquardt’s finds', () => {
    const a = Tensor.tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
        [1, 1, 1]
      ],
      double
    )
    const b = vector(1, 2, 4, 5)
    const two = Tensor.slice({ axis: 1, stop: 2 })(a) as Tensor.Tensor
    const best = gaussNewton()(linear(two, b))(vector(1, 1))
    const found = solve(levenbergMarquardt, linear(a, b), vector(1, 1, 1))
    expect(told(found)).toMatchObject({ converged: true, cost: expect.closeTo(Tensor.item(best.cost), 9) })
    // A parameter that no residual depends on stays where it is.
    const idle = solve(levenbergMarquardt, p => pipe(at(p, 0), Tensor.sub(vector(1, 3))) as Vector, vector(0, 7))
    near(1e-9)(idle.params, vector(2, 7))
    expect(told(idle)).toMatchObject({ converged: true, cost: expect.closeTo(2, 9) })
  })
  test('fewer than parameters are solved, but tell nothing of how sure that is', () => {
    const sum = (p: Vector): Vector => pipe(p, Tensor.sum({ keepDimensions: true }), Tensor.sub(3)) as Vector
    const found = solve(levenbergMarquardt, sum, vector(1, 1, 0))
    expect(told(found)).toMatchObject({ converged: true, cost: expect.closeTo(0, 20) })
    expect(pipe(found.params, Tensor.sum(), Tensor.item)).toBeCloseTo(3, 12)
    const { deviation, covariance, standardErrors } = found
    for (const x of [deviation, covariance, standardErrors]) expect(Tensor.toData(x).every(Number.isNaN)).toBe(true)
  })
})

describe('residuals that are not linear', () => {
  test.each(methods)('%s goes through Rosenbrock’s valley', (_name, method) => {
    const found = solve(method, rosenbrock, vector(-1.2, 1))
    near(1e-12)(found.params, vector(1, 1))
    expect(told(found).converged).toBe(true)
    expect(told(found).iterations).toBeLessThan(60)
    const compiled = jit(method()(rosenbrock))(vector(-1.2, 1))
    near(1e-12)(compiled.params, found.params)
    expect(told(compiled).converged).toBe(true)
  })
  test.each([true, false])(
    'levenbergMarquardt ends in a point where the Jacobian is singular (acceleration: %s)',
    acceleration => {
      const found = solve(levenbergMarquardt, powell, vector(3, -1, 0, 1), { acceleration, iterations: 40 })
      expect(told(found).cost).toBeLessThan(1e-24)
      near(1e-5)(found.params, vector(0, 0, 0, 0))
    }
  )
  test('the cost never rises, from one iteration to the next', () => {
    const problems = [
      [rosenbrock, vector(-1.2, 1)],
      [powell, vector(3, -1, 0, 1)],
      [freudenstein, vector(0.5, -2)]
    ] as const
    for (const [residuals, start] of problems) {
      const costs = Array.from({ length: 8 }, (_, i) =>
        Tensor.item(levenbergMarquardt({ iterations: i + 1 })(residuals)(start).cost)
      )
      const first = pipe(residuals(start), Tensor.square, Tensor.sum(), Tensor.item)
      costs.forEach((cost, i) => expect(cost).toBeLessThanOrEqual(costs[i - 1] ?? first))
      expect(costs.at(-1)!).toBeLessThan(first / 2)
    }
  })
  test('a minimum that is not 0 is one too', () => {
    const found = solve(levenbergMarquardt, freudenstein, vector(0.5, -2))
    expect(told(found)).toMatchObject({ converged: true, cost: expect.closeTo(48.9842536792, 8) })
    near(1e-6)(found.params, vector(11.41277901, -0.89680525))
    near(1e-9)(solve(levenbergMarquardt, freudenstein, vector(6, 5)).params, vector(5, 4))
  })
  test('it does not matter in which units parameters are', () => {
    const units = vector(1e6, 1e-6)
    const scaled = solve(
      levenbergMarquardt,
      p => rosenbrock(pipe(p, Tensor.mul(units)) as Vector),
      vector(-1.2e-6, 1e6)
    )
    near(1e-9)(pipe(scaled.params, Tensor.mul(units)), vector(1, 1))
    expect(told(scaled).iterations).toBe(told(solve(levenbergMarquardt, rosenbrock, vector(-1.2, 1))).iterations)
  })
  test('many are fitted at once, each as alone', () => {
    const rates = vector(0.5, 1, 2)
    const times = vector(0, 0.5, 1, 2, 4)
    const fitted = (rate: Scalar) => {
      const y = pipe(times, Tensor.mul(rate), Tensor.neg, Tensor.exp, Tensor.mul(3)) as Vector
      const residuals = (p: Vector): Vector =>
        pipe(times, Tensor.mul(at(p, 1)), Tensor.neg, Tensor.exp, Tensor.mul(at(p, 0)), Tensor.sub(y)) as Vector
      return levenbergMarquardt()(residuals)(vector(1, 1)).params
    }
    const all = vmap(fitted)(rates) as Tensor.Tensor
    near(1e-9)(all, Tensor.stack(1)([Tensor.full([3], 3, double), rates]) as Tensor.Tensor)
  })
})

describe('parameters and residuals', () => {
  test('may be trees, and errors are a tree as the parameters are', () => {
    interface Line {
      readonly slope: Scalar
      readonly offsets: { readonly first: Tensor.Tensor<[1]> }
    }
    const x = vector(0, 1, 2, 3)
    const start: Line = { slope: scalar(0), offsets: { first: Tensor.tensor([0], double) } }
    const residuals = ({ slope, offsets }: Line) => {
      const line = pipe(x, Tensor.mul(slope), Tensor.add(offsets.first), Tensor.sub(vector(1, 3, 4, 8)))
      return { first: Tensor.slice({ axis: 0, stop: 2 })(line), rest: [Tensor.slice({ axis: 0, start: 2 })(line)] }
    }
    const found = gaussNewton()(residuals)(start)
    expect(Tensor.item(found.params.slope)).toBeCloseTo(2.2, 12)
    expect(Tensor.item(found.params.offsets.first)).toBeCloseTo(0.7, 12)
    expect(Tensor.shape(found.standardErrors.offsets.first)).toEqual([1])
    // Residuals 0.3, −0.1, 1.1 and −0.7: s² = 1.8 / 2, and the sum of squares of x about its mean is 5.
    expect(Tensor.item(found.standardErrors.slope)).toBeCloseTo(Math.sqrt(0.9 / 5), 12)
  })
  test('of float32 stay float32, and end as near as that tells', () => {
    const start = Tensor.tensor([-1.2, 1]) as Vector
    const found = levenbergMarquardt()(rosenbrock)(start)
    expect([Tensor.dtype(found.params), Tensor.dtype(found.cost)]).toEqual(['float32', 'float32'])
    near(1e-5)(found.params, vector(1, 1))
    expect(told(found).converged).toBe(true)
  })
})

describe('a start', () => {
  test.each(methods)('%s: from which nothing can be told comes back as it is', (_name, method) => {
    for (const start of [vector(-1, 1), vector(0, 1), vector(Number.NaN, 1)]) {
      const found = solve(method, p => Tensor.log(p) as Vector, start)
      expect(Tensor.toArray(found.params)).toEqual(Tensor.toArray(start))
      expect(told(found)).toMatchObject({ iterations: 0, converged: false })
      expect(Tensor.item(found.cost)).not.toBeLessThan(Number.POSITIVE_INFINITY)
    }
  })
  test.each(methods)('%s: that is the solution is left at once', (_name, method) => {
    const found = solve(method, rosenbrock, vector(1, 1))
    expect(told(found)).toEqual({ cost: 0, iterations: 0, converged: true })
    expect(Tensor.toArray(found.params)).toEqual([1, 1])
  })
  test.each(methods)('%s: next to what is not finite does not go there', (_name, method) => {
    // A whole first step would lead to the logarithm of a negative number.
    const found = solve(method, p => pipe(Tensor.log(p), Tensor.sub(vector(-3))) as Vector, vector(10))
    near(1e-9)(found.params, vector(Math.exp(-3)))
    expect(told(found).converged).toBe(true)
  })
  test.each(methods)('%s: too far away for so many steps is told', (_name, method) => {
    const found = solve(method, rosenbrock, vector(-1.2, 1), { iterations: 3 })
    expect(told(found)).toMatchObject({ iterations: 3, converged: false })
  })
})

describe('mistakes', () => {
  const one = 'it must be a whole number of 1 or more'
  const orMore = 'it must be a finite number of 0 or more'
  test.each(methods)('%s', (name, method) => {
    expect(() => method({ iterations: 0 })).toThrow(`${name}: iterations is 0; ${one}`)
    expect(() => method({ gradientTolerance: -1 })).toThrow(`${name}: gradientTolerance is -1; ${orMore}`)
    expect(() => method({ stepTolerance: Number.NaN })).toThrow(`${name}: stepTolerance is NaN; ${orMore}`)
    expect(() => method()(() => vector())(vector(1))).toThrow(`${name}: there are no residuals`)
    expect(() => method()(() => [])(vector(1))).toThrow(`${name}: there are no residuals`)
    expect(() => method()(() => vector(1))({})).toThrow(`${name}: there are no parameters`)
    expect(() => method()((p: Vector) => p)(vector())).toThrow(`${name}: there are no parameters`)
    expect(() => method()(() => vector(1))(Tensor.tensor([1], { dtype: 'int32' }))).toThrow(
      `${name}: cannot differentiate with respect to a tensor of int32`
    )
  })
  test('of one of them', () => {
    expect(() => gaussNewton({ halvings: -1 })).toThrow(
      'gaussNewton: halvings is -1; it must be a whole number of 0 or more'
    )
    for (const damping of [0, -1, Number.NaN])
      expect(() => levenbergMarquardt({ damping })).toThrow(
        `levenbergMarquardt: damping is ${damping}; it must be above 0`
      )
  })
})
