import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as _ from '../../src/kernel/special.js'
import * as exact from './special-values.js'

/** One unit in the last place of 1: of other numbers, one is between half of it and the whole, times the number. */
const epsilon = Number.EPSILON

const relativeError = (actual: number, expected: number): number =>
  actual === expected ? 0 : Math.abs(actual - expected) / Math.abs(expected)
const expectClose = (actual: number, expected: number, tolerance: number, of: string): void => {
  if (!(relativeError(actual, expected) <= tolerance)) expect.fail(`${of} is ${actual}, not ${expected}`)
}
const expectTable = (f: (x: number) => number, table: exact.Table, tolerance: number): void => {
  for (const [x, y] of table) expectClose(f(x), y, tolerance, `the value at ${x}`)
}

describe('are the exact values to the last digits', () => {
  test.each([
    ['erf', _.erf, exact.erf, 5],
    ['erfc', _.erfc, exact.erfc, 7],
    ['erfinv', _.erfinv, exact.erfinv, 5],
    ['sigmoid', _.sigmoid, exact.sigmoid, 2],
    ['log1pExp', _.log1pExp, exact.log1pExp, 2],
    ['lgamma', _.lgamma, exact.lgamma, 7],
    ['digamma', _.digamma, exact.digamma, 3],
    ['trigamma', _.trigamma, exact.trigamma, 3],
    ['polygamma(2)', _.polygamma(2), exact.polygamma2, 6],
    ['polygamma(3)', _.polygamma(3), exact.polygamma3, 7],
    ['polygamma(10)', _.polygamma(10), exact.polygamma10, 14]
  ] as const)('%s', (_name, f, table, ulps) => expectTable(f, table, ulps * epsilon))

  test.each([
    ['erf', _.erf, exact.pytorch.erf, 1e-15],
    ['erfc', _.erfc, exact.pytorch.erfc, 2e-15],
    ['lgamma', _.lgamma, exact.pytorch.lgamma, 2e-15],
    // PyTorch's own is off by 4 and 9·10⁻¹⁵ at −0.5 and 1.5, near zeros.
    ['digamma', _.digamma, exact.pytorch.digamma, 2e-14]
  ] as const)('%s, as in PyTorch', (_name, f, table, tolerance) => expectTable(f, table, tolerance))

  test('below the normal numbers, erfc to the last bits', () => {
    expect(Math.abs(_.erfc(26.6) - 1.088512588544227e-309)).toBeLessThan(1e-322)
    expect(Math.abs(_.erfc(27) - 5.23705e-319)).toBeLessThan(1e-322)
    expect(_.erfc(27.3)).toBe(0)
  })

  test('around the zeros that are no float64, to an absolute error', () => {
    expect(Math.abs(_.digamma(1.5) - 0.03648997397857652)).toBeLessThan(2e-16)
    // The float64 nearest to each zero, and the exact value there.
    expect(Math.abs(_.digamma(1.4616321449683622) + 9.241265521729427e-17)).toBeLessThan(2e-16)
    expect(Math.abs(_.lgamma(-2.4570247382208006) - 5.619192358950097e-17)).toBeLessThan(2e-15)
  })
})

/** The engine's own, used as they are. */
describe('Math has these to the last digits', () => {
  test.each([
    ['expm1', Math.expm1, exact.expm1],
    ['log1p', Math.log1p, exact.log1p],
    ['tanh', Math.tanh, exact.tanh],
    ['sinh', Math.sinh, exact.sinh],
    ['cosh', Math.cosh, exact.cosh],
    ['asinh', Math.asinh, exact.asinh],
    ['acosh', Math.acosh, exact.acosh],
    ['atanh', Math.atanh, exact.atanh]
  ] as const)('%s', (_name, f, table) => expectTable(f, table, 2 * epsilon))
  test('and keeps −0', () => {
    for (const f of [Math.expm1, Math.log1p, Math.tanh, Math.sinh, Math.asinh, Math.atanh]) expect(f(-0)).toBe(-0)
  })
  test('and has the limits', () => {
    expect([Math.tanh(-Infinity), Math.tanh(Infinity), Math.expm1(-Infinity)]).toEqual([-1, 1, -1])
    expect([Math.sinh(-Infinity), Math.cosh(-Infinity), Math.asinh(-Infinity)]).toEqual([
      -Infinity,
      Infinity,
      -Infinity
    ])
    expect([Math.atanh(-1), Math.atanh(1), Math.acosh(1), Math.log1p(-1)]).toEqual([-Infinity, Infinity, 0, -Infinity])
    expect([Math.acosh(0.5), Math.atanh(1.5), Math.log1p(-1.5)]).toEqual([NaN, NaN, NaN])
  })
})

describe('at special values', () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number
  test.each([
    [
      'erf',
      _.erf,
      [
        [-inf, -1],
        [-0, -0],
        [0, 0],
        [inf, 1],
        [5e-324, 5e-324]
      ]
    ],
    [
      'erfc',
      _.erfc,
      [
        [-inf, 2],
        [-0, 1],
        [0, 1],
        [inf, 0],
        [-30, 2],
        [1e300, 0]
      ]
    ],
    [
      'erfinv',
      _.erfinv,
      [
        [-1, -inf],
        [-0, -0],
        [0, 0],
        [1, inf],
        [1.0000000000000002, nan],
        [-inf, nan]
      ]
    ],
    [
      'sigmoid',
      _.sigmoid,
      [
        [-inf, 0],
        [-745, 5e-324],
        [-800, 0],
        [-0, 0.5],
        [0, 0.5],
        [745, 1],
        [inf, 1]
      ]
    ],
    [
      'log1pExp',
      _.log1pExp,
      [
        [-inf, 0],
        [-745, 5e-324],
        [-800, 0],
        [0, Math.LN2],
        [745, 745],
        [inf, inf]
      ]
    ],
    [
      'lgamma',
      _.lgamma,
      [
        [-inf, inf],
        [-1e300, inf],
        [-3, inf],
        [-0, inf],
        [0, inf],
        [1, 0],
        [2, 0],
        [1e306, inf],
        [inf, inf]
      ]
    ],
    [
      'digamma',
      _.digamma,
      [
        [-inf, nan],
        [-1e300, nan],
        [-3, nan],
        [-0, inf],
        [0, -inf],
        [5e-324, -inf],
        [inf, inf]
      ]
    ],
    [
      'trigamma',
      _.trigamma,
      [
        [-inf, nan],
        [-3, inf],
        [-0, inf],
        [0, inf],
        [1e-200, inf],
        [-1e-200, inf],
        [inf, 0]
      ]
    ],
    [
      'polygamma(2)',
      _.polygamma(2),
      [
        [-inf, nan],
        [-3, nan],
        [-0, inf],
        [0, -inf],
        [1e-200, -inf],
        [-1e-200, inf],
        [inf, -0]
      ]
    ],
    ['polygamma(½)', _.polygamma(0.5), [[1, nan]]],
    ['polygamma(−1)', _.polygamma(-1), [[1, nan]]],
    [
      'roundHalfEven',
      _.roundHalfEven,
      [
        [-inf, -inf],
        [-2.5, -2],
        [-1.5, -2],
        [-0.5, -0],
        [-0.2, -0],
        [-0, -0],
        [0.49999999999999994, 0],
        [0.5, 0],
        [0.75, 1],
        [1.5, 2],
        [2.5, 2],
        [3.5, 4],
        [4503599627370495.5, 4503599627370496],
        [4503599627370497, 4503599627370497],
        [inf, inf]
      ]
    ]
  ] as const)('%s', (_name, f, table) => {
    expect(f(nan)).toBe(nan)
    expect(table.map(([x]) => f(x))).toEqual(table.map(([, y]) => y))
  })
})

describe('laws', () => {
  const between = (min: number, max: number): fc.Arbitrary<number> =>
    fc.double({ min, max, noNaN: true, noDefaultInfinity: true })
  const everywhere = fc.double({ noNaN: true })
  /** Without the subnormals, which have fewer digits. */
  const normal = between(-1, 1).filter(x => Math.abs(x) > 1e-300)
  /** Away from the poles, where one unit of x is many of the value. */
  const offPoles = between(-30, 30).filter(x => Math.abs(x - Math.round(x)) > 1e-3)
  const law = (name: string, x: fc.Arbitrary<number>, holds: (x: number) => void): void =>
    test(name, () =>
      fc.assert(
        fc.property(x, value => void holds(value)),
        { numRuns: 1000 }
      )
    )
  /** Equal up to the rounding of the largest of what is added. */
  const expectSum = (actual: number, expected: number, ...terms: readonly number[]): void => {
    const scale = Math.max(1, ...terms.map(Math.abs))
    if (!(Math.abs(actual - expected) <= 32 * epsilon * scale)) expect.fail(`${actual} is not ${expected}`)
  }

  law('erf(−x) = −erf(x)', everywhere, x => expect(_.erf(-x)).toBe(-_.erf(x)))
  law('−1 ≤ erf(x) ≤ 1', everywhere, x => expect(Math.abs(_.erf(x))).toBeLessThanOrEqual(1))
  law('erf(x) + erfc(x) = 1', everywhere, x => expectSum(_.erf(x) + _.erfc(x), 1))
  law('erfc(x) + erfc(−x) = 2', everywhere, x => expectSum(_.erfc(x) + _.erfc(-x), 2))
  law('x e^x² erfc(x) grows to 1/√π', between(5, 26), x => {
    // Between the first two bounds of its asymptotic series; e^x² as a product, for x² rounded is off by too much.
    const coarse = Math.fround(x)
    const scaled = x * Math.exp((x - coarse) * (x + coarse)) * (_.erfc(x) * Math.exp(coarse * coarse))
    const limit = 1 / Math.sqrt(Math.PI)
    expect(scaled).toBeLessThan(limit)
    expect(scaled).toBeGreaterThan(limit * (1 - 1 / (2 * x * x) - 4 * epsilon))
  })
  law('erfinv(−y) = −erfinv(y)', between(-1, 1), y => expect(_.erfinv(-y)).toBe(-_.erfinv(y)))
  law('erf(erfinv(y)) = y', normal, y => expectClose(_.erf(_.erfinv(y)), y, 16 * epsilon, `back from ${y}`))
  // The next float64 to erf(x) has an x this far away: (√π/2) e^x² ulp.
  law('erfinv(erf(x)) = x', between(-5, 5), x =>
    expect(Math.abs(_.erfinv(_.erf(x)) - x)).toBeLessThanOrEqual(
      8 * epsilon * Math.max(Math.abs(x), Math.exp(x * x) / 8)
    )
  )
  law('erfc(erfinv(1 − q)) = q', between(1e-12, 0.5), q => {
    const y = 1 - q
    expectClose(_.erfc(_.erfinv(y)), 1 - y, 400 * epsilon, `the tail of ${y}`)
  })

  law('σ(x) + σ(−x) = 1', everywhere, x => expectSum(_.sigmoid(x) + _.sigmoid(-x), 1))
  law('σ(x) = (1 + tanh(x/2)) / 2', everywhere, x => expectSum(_.sigmoid(x), (1 + Math.tanh(x / 2)) / 2))
  law('log1pExp(x) − log1pExp(−x) = x', between(-1e3, 1e3), x =>
    expectSum(_.log1pExp(x) - _.log1pExp(-x), x, _.log1pExp(x), _.log1pExp(-x))
  )
  law('log1pExp(−x) = −log σ(x)', between(-700, 700), x =>
    expectSum(_.log1pExp(-x), -Math.log(_.sigmoid(x)), _.log1pExp(-x))
  )

  law('lgamma(x + 1) = lgamma(x) + log |x|', offPoles, x => {
    const next = x + 1
    fc.pre(next - 1 === x)
    expectSum(_.lgamma(next), _.lgamma(x) + Math.log(Math.abs(x)), _.lgamma(x), _.lgamma(next), 100)
  })
  law('lgamma(x) + lgamma(1 − x) = log π − log |sin πx|', offPoles, x => {
    fc.pre(1 - (1 - x) === x)
    const sine = Math.sin(Math.PI * (x - Math.round(x)))
    expectSum(_.lgamma(x) + _.lgamma(1 - x), Math.log(Math.PI / Math.abs(sine)), 100)
  })
  test('lgamma(n + 1) = log n!', () => {
    for (let n = 1, factorial = 1; n <= 170; factorial *= ++n)
      expectClose(_.lgamma(n + 1), Math.log(factorial), 8 * epsilon, `lgamma(${n + 1})`)
  })
  law('digamma(x + 1) = digamma(x) + 1/x', offPoles, x => {
    const next = x + 1
    fc.pre(next - 1 === x)
    expectSum(_.digamma(next), _.digamma(x) + 1 / x, _.digamma(x), 1 / x)
  })
  law('digamma(1 − x) − digamma(x) = π cot πx', offPoles, x => {
    fc.pre(1 - (1 - x) === x)
    const cotangent = Math.PI / Math.tan(Math.PI * (x - Math.round(x)))
    expectSum(_.digamma(1 - x) - _.digamma(x), cotangent, cotangent, 10)
  })
  law('trigamma(x + 1) = trigamma(x) − 1/x²', offPoles, x => {
    const next = x + 1
    fc.pre(next - 1 === x)
    expectSum(_.trigamma(next), _.trigamma(x) - 1 / (x * x), _.trigamma(x))
  })
  law('trigamma(1 − x) + trigamma(x) = (π / sin πx)²', offPoles, x => {
    fc.pre(1 - (1 - x) === x)
    const ratio = Math.PI / Math.sin(Math.PI * (x - Math.round(x)))
    expectSum(_.trigamma(1 - x) + _.trigamma(x), ratio * ratio, ratio * ratio)
  })
  test('polygamma(n)(x + 1) = polygamma(n)(x) + (−1)ⁿ n! / xⁿ⁺¹', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), between(0.25, 20), (n, x) => {
        let step = -1 / x
        for (let k = 1; k <= n; k++) step *= -k / x
        const [here, next] = [_.polygamma(n)(x), _.polygamma(n)(x + 1)]
        expect(Math.abs(next - (here - step)) / Math.abs(here)).toBeLessThan(32 * epsilon)
      }),
      { numRuns: 1000 }
    ))

  /** Central differences with a step of 6·10⁻⁶ are good to about 10⁻¹⁰. */
  test.each([
    ['erf', _.erf, (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)],
    ['erfc', _.erfc, (x: number) => (-2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)],
    ['log1pExp', _.log1pExp, _.sigmoid],
    ['lgamma', _.lgamma, _.digamma],
    ['digamma', _.digamma, _.trigamma],
    ['trigamma', _.trigamma, _.polygamma(2)],
    ['polygamma(2)', _.polygamma(2), _.polygamma(3)]
  ] as const)('the slope of %s is the next one', (_name, f, slope) =>
    fc.assert(
      fc.property(between(0.75, 12), x => {
        const step = 6e-6
        const difference = (f(x + step) - f(x - step)) / (2 * step)
        expect(Math.abs(difference - slope(x))).toBeLessThan(1e-8)
      })
    )
  )

  law('roundHalfEven is nearest, and even between two', between(-1e6, 1e6), x => {
    const rounded = _.roundHalfEven(x)
    expect(Number.isInteger(rounded)).toBe(true)
    expect(Math.abs(rounded - x)).toBeLessThanOrEqual(0.5)
    expect(Object.is(_.roundHalfEven(-x), -rounded)).toBe(true)
  })
  law('roundHalfEven of a half is even', fc.integer({ min: -1e6, max: 1e6 }), n =>
    expect(Math.abs(_.roundHalfEven(n + 0.5) % 2)).toBe(0)
  )
})
