/**
 * Certified values of nonlinear regressions beyond those of `examples/nist.ts`, from both of their starting points: problems on which methods
 * fail that do not scale their parameters (MGH10, whose parameters differ by eight orders of magnitude) or that step too far (BoxBOD, MGH09).
 *
 * Data: National Institute of Standards and Technology, Statistical Reference Datasets, Nonlinear Regression.
 */
import { describe, expect, test } from 'vitest'
import { jit, Optimizer, pipe, Tensor } from '../../src/index.js'

type Numbers = Tensor.Tensor<[number]>
type Scalar = Tensor.Tensor<[]>
interface Problem {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly starts: readonly (readonly number[])[]
  readonly certified: readonly number[]
  readonly model: (b: readonly Scalar[], x: Numbers) => Numbers
}
const precise = { dtype: 'float64' } as const
const one = Tensor.scalar(1, precise)
const parameter = (b: readonly Scalar[], i: number): Scalar => b[i - 1] ?? one

const monomolecular = {
  x: [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0],
  y: [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78]
}

const problems: Readonly<Record<string, Problem>> = {
  'Misra1c: b1 (1 − (1 + 2 b2 x)^−½)': {
    ...monomolecular,
    starts: [
      [500, 0.0001],
      [600, 0.0002]
    ],
    certified: [6.3642725809e2, 2.0813627256e-4],
    model: (b, x) =>
      pipe(
        one,
        Tensor.sub(pipe(x, Tensor.mul(parameter(b, 2)), Tensor.mul(2), Tensor.add(1), Tensor.rsqrt)),
        Tensor.mul(parameter(b, 1))
      )
  },
  'Misra1d: b1 b2 x / (1 + b2 x)': {
    ...monomolecular,
    starts: [
      [500, 0.0001],
      [450, 0.0003]
    ],
    certified: [4.3736970754e2, 3.0227324449e-4],
    model: (b, x) => {
      const part = pipe(x, Tensor.mul(parameter(b, 2)))
      return pipe(part, Tensor.div(Tensor.add(1)(part)), Tensor.mul(parameter(b, 1)))
    }
  },
  'Rat42: b1 / (1 + exp(b2 − b3 x))': {
    x: [9, 14, 21, 28, 42, 57, 63, 70, 79],
    y: [8.93, 10.8, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08],
    starts: [
      [100, 1, 0.1],
      [75, 2.5, 0.07]
    ],
    certified: [7.2462237576e1, 2.6180768402, 6.7359200066e-2],
    model: (b, x) =>
      pipe(x, Tensor.mul(parameter(b, 3)), Tensor.sub(parameter(b, 2)), Tensor.sigmoid, Tensor.mul(parameter(b, 1)))
  },
  'MGH09: b1 (x² + x b2) / (x² + x b3 + b4)': {
    x: [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625],
    y: [0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246],
    starts: [
      [25, 39, 41.5, 39],
      [0.25, 0.39, 0.415, 0.39]
    ],
    certified: [1.9280693458e-1, 1.9128232873e-1, 1.2305650693e-1, 1.3606233068e-1],
    model: (b, x) => {
      const quadratic = (linear: Scalar): Numbers => pipe(x, Tensor.add(linear), Tensor.mul(x))
      return pipe(
        quadratic(parameter(b, 2)),
        Tensor.div(pipe(quadratic(parameter(b, 3)), Tensor.add(parameter(b, 4)))),
        Tensor.mul(parameter(b, 1))
      )
    }
  },
  'MGH10: b1 exp(b2 / (x + b3))': {
    x: [50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100, 105, 110, 115, 120, 125],
    y: [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872],
    starts: [
      [2, 400000, 25000],
      [0.02, 4000, 250]
    ],
    certified: [5.609636471e-3, 6.1813463463e3, 3.4522363462e2],
    model: (b, x) =>
      pipe(parameter(b, 2), Tensor.div(Tensor.add(parameter(b, 3))(x)), Tensor.exp, Tensor.mul(parameter(b, 1)))
  },
  'BoxBOD: b1 (1 − exp(−b2 x))': {
    x: [1, 2, 3, 5, 7, 10],
    y: [109, 149, 149, 191, 213, 224],
    starts: [
      [1, 1],
      [100, 0.75]
    ],
    certified: [2.1380940889e2, 5.4723748542e-1],
    model: (b, x) =>
      pipe(x, Tensor.mul(parameter(b, 2)), Tensor.neg, Tensor.expm1, Tensor.neg, Tensor.mul(parameter(b, 1)))
  }
}

describe('levenbergMarquardt reaches certified parameters to eight digits', () => {
  for (const [name, { x, y, starts, certified, model }] of Object.entries(problems)) {
    const [inputs, answers] = [Tensor.tensor(x, precise), Tensor.tensor(y, precise)]
    const solve = jit(
      Optimizer.levenbergMarquardt()((b: readonly Scalar[]) => pipe(model(b, inputs), Tensor.sub(answers)))
    )
    test.for(starts.map((start, i) => [i + 1, start] as const))(`${name}, start %i`, ([, start]) => {
      const { params } = solve(start.map(value => Tensor.scalar(value, precise)))
      certified.forEach((value, i) => {
        expect(Math.abs(Tensor.item(parameter(params, i + 1)) / value - 1)).toBeLessThan(1e-8)
      })
    })
  }
})
