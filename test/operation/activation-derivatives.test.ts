/** Values and derivatives of every activation, far out and close to 0, at once and compiled. */
import { describe, expect, test } from 'vitest'
import { jit } from '../../src/engine/jit.js'
import * as activation from '../../src/operation/activation.js'
import { scalar } from '../../src/operation/creation.js'
import { sigmoid } from '../../src/operation/pointwise.js'
import { dtype, item } from '../../src/operation/reading.js'
import type { Unary } from '../../src/operation/signatures.js'
import { jvp } from '../../src/transform/forward.js'
import { grad } from '../../src/transform/reverse.js'
import { bends, instances } from './activations.js'
import { at, type Curve, difference, type Scalar, slope } from './slope.js'

test('the table holds all of them', () => {
  expect(Object.keys(bends).sort()).toEqual([...Object.keys(activation), 'tanh', 'sigmoid'].sort())
})

/** The derivative pushed forward. */
const pushed =
  (f: Curve): Curve =>
  x =>
    jvp(f)(x, scalar(1, { dtype: dtype(x) as 'float64' }))[1]
/** The value, and first and second derivatives in every combination of modes. */
const orders: readonly (readonly [string, (f: Curve) => Curve])[] = [
  ['value', f => f],
  ['reverse', f => grad(f)],
  ['forward', pushed],
  ['reverse over reverse', f => grad(grad(f))],
  ['forward over reverse', f => pushed(grad(f))],
  ['reverse over forward', f => grad(pushed(f))],
  ['forward over forward', f => pushed(pushed(f))]
]
const near = (found: number, expected: number, tolerance: number): boolean =>
  Object.is(found, expected) || Math.abs(found - expected) <= tolerance * (1 + Math.abs(expected))

describe.each(instances)('%s', (_name, { f, kinks, ends }) => {
  const points = [-9.3, -4.1, -2.2, -1.1, -0.7, -0.05, 0.06, 0.4, 1.8, 2.9, 5, 11].filter(x =>
    kinks.every(kink => Math.abs(x - kink) > 0.01)
  )
  test('gradients, and gradients of gradients, are what differences see', () => {
    const [first, second] = [grad(f), grad(grad(f))]
    const wrong = points.flatMap(x => [
      ...(near(slope(x)(f), difference(x)(f), 1e-10) ? [] : [['first', x, slope(x)(f), difference(x)(f)]]),
      ...(near(slope(x)(first), difference(x)(first), 1e-10)
        ? []
        : [['second', x, slope(x)(first), difference(x)(first)]]),
      ...(near(slope(x)(second), difference(x)(second), 1e-9)
        ? []
        : [['third', x, slope(x)(second), difference(x)(second)]])
    ])
    expect(wrong).toEqual([])
  })
  test.each(['float64', 'float32'] as const)('far out all of them are finite, in %s', dtype => {
    const far = [-1e4, -700, -90, -20, 0, 20, 90, 700, 1e4]
    const bad = orders.flatMap(([order, derivative]) => {
      const [plain, compiled] = [derivative(f), jit(derivative(f))]
      return far.flatMap(x => {
        const found = [plain, compiled].map(g => item(g(scalar(x, { dtype }))))
        return found.every(Number.isFinite) ? [] : [`${order} at ${x}: ${found.join(', ')}`]
      })
    })
    expect(bad).toEqual([])
  })
  test('both ends are limits, with derivatives that are numbers', () => {
    const infinities = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (const g of [f, jit(f)])
      expect(infinities.map((x, i) => [x, near(at(x)(g), ends[i]!, 1e-14) ? ends[i] : at(x)(g)])).toEqual(
        infinities.map((x, i) => [x, ends[i]])
      )
    const bad = orders.flatMap(([order, derivative]) =>
      infinities
        .filter((x, i) => !Number.isNaN(ends[i]) && Number.isNaN(at(x)(derivative(f))))
        .map(x => `${order} at ${x}`)
    )
    expect(bad).toEqual([])
  })
  test('NaN stays NaN', () => {
    for (const g of [f, jit(f)]) expect(at(Number.NaN)(g)).toBeNaN()
  })
})

/** From mpmath at 40 digits: x, the value, the first and the second derivative. */
const tails: readonly (readonly [string, Unary, readonly (readonly [number, number, number, number])[]])[] = [
  [
    'sigmoid',
    sigmoid,
    [
      [-30, 9.357622968839299e-14, 9.357622968838423e-14, 9.357622968836672e-14],
      [-600, 2.6503965530043108e-261, 2.6503965530043108e-261, 2.6503965530043108e-261]
    ]
  ],
  [
    'softplus',
    activation.softplus({ threshold: Number.POSITIVE_INFINITY }),
    [
      [-600, 2.6503965530043108e-261, 2.6503965530043108e-261, 2.6503965530043108e-261],
      [-30, 9.357622968839737e-14, 9.357622968839299e-14, 9.357622968838423e-14],
      [-1, 0.3132616875182228, 0.2689414213699951, 0.19661193324148185],
      [1, 1.3132616875182228, 0.7310585786300049, 0.19661193324148185]
    ]
  ],
  [
    'logSigmoid',
    activation.logSigmoid,
    [
      [1, -0.3132616875182228, 0.2689414213699951, -0.19661193324148185],
      [30, -9.357622968839737e-14, 9.357622968839299e-14, -9.357622968838423e-14],
      [600, -2.6503965530043108e-261, 2.6503965530043108e-261, -2.6503965530043108e-261]
    ]
  ],
  [
    'silu',
    activation.silu,
    [
      [-600, -1.5902379318025866e-258, -1.587587535249582e-258, -1.5849371386965778e-258],
      [-30, -2.8072868906517896e-12, -2.713710660963134e-12, -2.620134431274233e-12],
      [-3, -0.14227761953270035, -0.08810410601516962, -0.032321404521006174],
      [3, 2.8577223804672998, 1.0881041060151697, -0.032321404521006174]
    ]
  ],
  [
    'gelu',
    activation.gelu(),
    [
      [-30, -1.472014178144456e-196, -4.416031690708495e-195, -1.3233342291209357e-193],
      [-8, -4.976768459417427e-15, -3.979607261086796e-14, -3.1324080717928733e-13],
      [-2, -0.04550026389635842, -0.0852318010781969, -0.1079819330263761],
      [2, 1.9544997361036416, 1.085231801078197, -0.1079819330263761]
    ]
  ],
  [
    'gelu',
    activation.gelu({ approximate: 'tanh' }),
    [
      [-8, -3.1077829375011112e-21, -4.7147845041068414e-20, -7.0458213960972915e-19],
      [-3, -0.003637392081773019, -0.011584166630969726, -0.031767658886074704],
      [2, 1.954597694087775, 1.0860992566236183, -0.10787507995107845]
    ]
  ],
  [
    'mish',
    activation.mish,
    [
      [-300, -1.5444600667236042e-128, -1.5393118665011922e-128, -1.5341636662787801e-128],
      [-30, -2.807286890651921e-12, -2.713710660963392e-12, -2.620134431274741e-12],
      [-3, -0.14564746127562458, -0.09339311453232084, -0.03992871324212925],
      [3, 2.9865350049679575, 1.0211069109294437, -0.03026649663932699]
    ]
  ],
  [
    'softsign',
    activation.softsign,
    [
      [-1000000, -0.999999000001, 9.99998000003e-13, 1.999994000012e-18],
      [-1, -0.5, 0.25, 0.25],
      [0.5, 0.3333333333333333, 0.4444444444444444, -0.5925925925925926],
      [1000000000, 0.999999999, 9.99999998e-19, -1.999999994e-27]
    ]
  ]
]
describe('close to 0 values and derivatives have their digits', () => {
  test.each(tails)('%s', (_name, f, rows) => {
    for (const [x, ...exact] of rows) {
      const curve = (y: Scalar): Scalar => f(y)
      const found = [at(x)(curve), slope(x)(curve), slope(x)(grad(curve))]
      found.forEach((y, i) => {
        expect(Math.abs(y - exact[i]!) / Math.abs(exact[i]!), `derivative ${i} at ${x}: ${y}`).toBeLessThan(2e-12)
      })
    }
  })
})
