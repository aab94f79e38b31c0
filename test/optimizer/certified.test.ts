/**
 * Certified values of nonlinear regressions beyond those of `examples/nist.ts`, from both of their starting points: problems on which methods
 * fail that do not scale their parameters (MGH10, whose parameters differ by eight orders of magnitude) or that step too far (BoxBOD, Eckerle4, MGH09).
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
  },
  'Thurber: (b1 + b2 x + b3 x² + b4 x³) / (1 + b5 x + b6 x² + b7 x³)': {
    x: [
      -3.067, -2.981, -2.921, -2.912, -2.84, -2.797, -2.702, -2.699, -2.633, -2.481, -2.363, -2.322, -1.501, -1.46,
      -1.274, -1.212, -1.1, -1.046, -0.915, -0.714, -0.566, -0.545, -0.4, -0.309, -0.109, -0.103, 0.01, 0.119, 0.377,
      0.79, 0.963, 1.006, 1.115, 1.572, 1.841, 2.047, 2.2
    ],
    y: [
      80.574, 84.248, 87.264, 87.195, 89.076, 89.608, 89.868, 90.101, 92.405, 95.854, 100.696, 101.06, 401.672, 390.724,
      567.534, 635.316, 733.054, 759.087, 894.206, 990.785, 1090.109, 1080.914, 1122.643, 1178.351, 1260.531, 1273.514,
      1288.339, 1327.543, 1353.863, 1414.509, 1425.208, 1421.384, 1442.962, 1464.35, 1468.705, 1447.894, 1457.628
    ],
    starts: [
      [1000, 1000, 400, 40, 0.7, 0.3, 0.03],
      [1300, 1500, 500, 75, 1, 0.4, 0.05]
    ],
    certified: [
      1.28813968e3, 1.4910792535e3, 5.8323836877e2, 7.5416644291e1, 9.6629502864e-1, 3.9797285797e-1, 4.9727297349e-2
    ],
    model: (b, x) => {
      const polynomial = ([least, ...others]: readonly Scalar[]): Numbers =>
        others.length === 0
          ? pipe(x, Tensor.mul(0), Tensor.add(least!))
          : pipe(polynomial(others), Tensor.mul(x), Tensor.add(least!))
      return pipe(polynomial(b.slice(0, 4)), Tensor.div(polynomial([one, ...b.slice(4)])))
    }
  },
  // The first start has its peak at the end of the data, and twice as wide.
  'Eckerle4: b1 / b2 exp(−(x − b3)² / (2 b2²))': {
    x: [
      400, 405, 410, 415, 420, 425, 430, 435, 436.5, 438, 439.5, 441, 442.5, 444, 445.5, 447, 448.5, 450, 451.5, 453,
      454.5, 456, 457.5, 459, 460.5, 462, 463.5, 465, 470, 475, 480, 485, 490, 495, 500
    ],
    y: [
      0.0001575, 0.0001699, 0.000235, 0.0003102, 0.0004917, 0.000871, 0.0017418, 0.00464, 0.0065895, 0.0097302,
      0.0149002, 0.023731, 0.0401683, 0.0712559, 0.1264458, 0.2073413, 0.2902366, 0.3445623, 0.3698049, 0.3668534,
      0.3106727, 0.2078154, 0.1164354, 0.0616764, 0.03372, 0.0194023, 0.0117831, 0.0074357, 0.0022732, 0.00088,
      0.0004579, 0.0002345, 0.0001586, 0.0001143, 0.000071
    ],
    starts: [
      [1, 10, 500],
      [1.5, 5, 450]
    ],
    certified: [1.5543827178, 4.0888321754, 4.5154121844e2],
    model: (b, x) => {
      const [height, width, center] = [parameter(b, 1), parameter(b, 2), parameter(b, 3)]
      const distance = pipe(x, Tensor.sub(center), Tensor.div(width), Tensor.square)
      return pipe(distance, Tensor.mul(-0.5), Tensor.exp, Tensor.mul(pipe(height, Tensor.div(width))))
    }
  },
  'Roszman1: b1 − b2 x − arctan(b3 / (x − b4)) / π': {
    x: [
      -4868.68, -4868.09, -4867.41, -3375.19, -3373.14, -3372.03, -2473.74, -2472.35, -2469.45, -1894.65, -1893.4,
      -1497.24, -1495.85, -1493.41, -1208.68, -1206.18, -1206.04, -997.92, -996.61, -996.31, -834.94, -834.66, -710.03,
      -530.16, -464.17
    ],
    y: [
      0.252429, 0.252141, 0.251809, 0.297989, 0.296257, 0.295319, 0.339603, 0.337731, 0.33382, 0.38951, 0.386998,
      0.438864, 0.434887, 0.427893, 0.471568, 0.461699, 0.461144, 0.513532, 0.506641, 0.505062, 0.535648, 0.533726,
      0.568064, 0.612886, 0.624169
    ],
    starts: [
      [0.1, -0.00001, 1000, -100],
      [0.2, -0.000005, 1200, -150]
    ],
    certified: [2.0196866396e-1, -6.1953516256e-6, 1.2044556708e3, -1.8134269537e2],
    model: (b, x) => {
      const angle = pipe(parameter(b, 3), Tensor.div(pipe(x, Tensor.sub(parameter(b, 4)))), Tensor.atan)
      const line = pipe(x, Tensor.mul(parameter(b, 2)), Tensor.neg, Tensor.add(parameter(b, 1)))
      return pipe(line, Tensor.sub(pipe(angle, Tensor.div(Math.PI))))
    }
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
