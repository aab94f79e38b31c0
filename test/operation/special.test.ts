import { describe, expect, test } from 'vitest'
import { jit } from '../../src/engine/jit.js'
import { ones, scalar, tensor } from '../../src/operation/creation.js'
import { dtype, shape, show, toArray, toData } from '../../src/operation/reading.js'
import type { Unary } from '../../src/operation/signatures.js'
import * as _ from '../../src/operation/special.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { at, type Curve, difference, type Scalar, slope } from './slope.js'

const wide = { dtype: 'float64' } as const
const { POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity, NaN: undefinedNumber } = Number

const gammas: readonly (readonly [string, Unary])[] = [
  ['lgamma', _.lgamma],
  ['digamma', _.digamma],
  ['polygamma of order 0', _.polygamma({ order: 0 })],
  ['polygamma of order 1', _.polygamma({ order: 1 })],
  ['polygamma of order 4', _.polygamma({ order: 4 })]
]
describe.each(gammas)('%s', (_name, f) => {
  test('has derivatives of any order, as differences see them', () => {
    let derivative: Curve = x => f(x)
    for (let order = 1; order <= 4; order++) {
      const [before, after]: readonly [Curve, Curve] = [derivative, grad(derivative)]
      for (const x of [0.7, 1.3, 2.6, 7.9, 8.2, -0.4, -3.6, -9.3])
        expect(at(x)(after) / difference(x, 1e-3 / order)(before), `order ${order} at ${x}`).toBeCloseTo(1, 5)
      derivative = after
    }
  })
  test('keeps shape and real dtype, makes float32 of the others, and takes unknowns', () => {
    expect(shape(f(ones([2, 0])))).toEqual([2, 0])
    const kinds = ['bool', 'int32', 'float32', 'float64'] as const
    expect(kinds.map(kind => dtype(f(ones([], { dtype: kind }))))).toEqual(['float32', 'float32', 'float32', 'float64'])
    const x = tensor([0.5, 2.5], wide)
    expect(show(vmap((y: Tensor) => f(y))(x))).toBe(show(f(x)))
    expect(toArray(f(scalar(undefinedNumber)))).toBe(undefinedNumber)
  })
  test('is the same compiled, but for a few units in the last place', () => {
    const x = tensor([1e-300, 1e-3, 0.7, 1.2, 2, 3.3, 7.9, 8, 30, 1e5, -0.3, -1.6, -7.7, -8.2, -20.4], wide)
    const compiled = toData(jit((y: Tensor) => f(y))(x))
    toData(f(x)).forEach((y, i) => {
      if (!Object.is(compiled[i], y)) expect(Math.abs(compiled[i]! - y)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(y)))
    })
  })
})
describe('lgamma, digamma and polygamma', () => {
  const poles = tensor([0, -0, -1, -2, minusInfinity, infinity], wide)
  const values: readonly (readonly [string, Unary, readonly number[]])[] = [
    ['lgamma', _.lgamma, [infinity, infinity, infinity, infinity, infinity, infinity]],
    ['digamma', _.digamma, [minusInfinity, infinity, undefinedNumber, undefinedNumber, undefinedNumber, infinity]],
    ['polygamma 1', _.polygamma({ order: 1 }), [infinity, infinity, infinity, infinity, undefinedNumber, 0]],
    [
      'polygamma 2',
      _.polygamma({ order: 2 }),
      [minusInfinity, infinity, undefinedNumber, undefinedNumber, undefinedNumber, -0]
    ]
  ]
  test.each(values)('%s at poles and at ±∞', (_name, f, expected) => {
    for (const g of [f, jit((x: Tensor) => f(x))]) {
      expect([...toData(g(poles))]).toEqual(expected)
      expect([...toData(g(tensor([...toData(poles)])))]).toEqual(expected)
    }
  })
  test('are logarithms of factorials, and harmonic numbers', () => {
    const whole = tensor([1, 2, 3, 4, 5, 6], wide)
    const factorials = [1, 1, 2, 6, 24, 120].map(Math.log)
    toData(_.lgamma(whole)).forEach((y, i) => {
      expect(y).toBeCloseTo(factorials[i]!, 14)
    })
    const [first, ...rest] = toData(_.digamma(whole))
    rest.forEach((y, i) => {
      const harmonic = Array.from({ length: i + 1 }, (_, k) => 1 / (k + 1)).reduce((a, b) => a + b, 0)
      expect(y - first!).toBeCloseTo(harmonic, 14)
    })
  })
  test('an order that there is not is a mistake, also of a derivative', () => {
    for (const order of [-1, 1.5, 101, undefinedNumber])
      expect(() => _.polygamma({ order })).toThrow(
        `polygamma: order is ${order}; it must be a whole number from 0 to 100`
      )
    expect(() => slope(1)(_.polygamma({ order: 100 }))).toThrow(
      'polygamma: order is 101; it must be a whole number from 0 to 100'
    )
  })
})

const special = [0, -0, 1, -1, 3, -4, 1e-300, 1e300, -1e308, 5e-324, infinity, minusInfinity, undefinedNumber]
const pairs = special.flatMap(a => special.map(b => [a, b] as const))
const points = [
  [0.3, 0.4],
  [-1.2, 0.7],
  [1.9, -0.2],
  [-0.6, -2.5],
  [1e200, -2e200],
  [3e-200, 4e-200]
] as const
const polars = [
  ['atan2', _.atan2, Math.atan2],
  ['hypot', _.hypot, Math.hypot]
] as const
describe.each(polars)('%s', (name, f, known) => {
  const [a, b] = [
    tensor(
      pairs.map(([x]) => x),
      wide
    ),
    tensor(
      pairs.map(([, y]) => y),
      wide
    )
  ]
  test('is that of JavaScript, compiled as well, at zeros of both signs and infinities too', () => {
    const expected = pairs.map(([x, y]) => known(x, y))
    expect([...toData(f(b)(a))]).toEqual(expected)
    const compiled = toData(jit((x: Tensor, y: Tensor) => f(y as typeof b)(x as typeof a))(a, b))
    const wrong = expected.flatMap((y, i) =>
      Object.is(y, compiled[i]) || (y !== 0 && Math.abs(compiled[i]! - y) <= 4e-16 * Math.abs(y))
        ? []
        : [`${pairs[i]}: ${compiled[i]} instead of ${y}`]
    )
    expect(wrong).toEqual([])
  })
  test('has the slopes that differences see, and so have its slopes', () => {
    for (const [x, y] of points.slice(0, 4)) {
      const curves: readonly Curve[] = [t => f(y)(t), t => f(t)(x) as Scalar]
      curves.forEach((curve, i) => {
        const t = i === 0 ? x : y
        expect(slope(t)(curve)).toBeCloseTo(difference(t)(curve), 10)
        expect(slope(t)(grad(curve))).toBeCloseTo(difference(t)(grad(curve)), 9)
      })
      const crossed: Curve = t => grad((u: Scalar) => f(t)(u) as Scalar)(scalar(x, wide))
      expect(slope(y)(crossed)).toBeCloseTo(difference(y)(crossed), 9)
    }
  })
  test('has slopes where squares overflow or vanish', () => {
    for (const [x, y] of points.slice(4)) {
      const size = Math.hypot(x, y)
      const [dx, dy] = [slope(x)(t => f(y)(t)), slope(y)(t => f(t)(x) as Scalar)]
      const expected = name === 'hypot' ? [x / size, y / size] : [y / size / size, -x / size / size]
      expect(dx / expected[0]!).toBeCloseTo(1, 14)
      expect(dy / expected[1]!).toBeCloseTo(1, 14)
    }
  })
  test('its slopes are numbers at the origin and at infinities', () => {
    for (const [x, y] of [
      [0, 0],
      [infinity, 1],
      [1, minusInfinity],
      [infinity, infinity]
    ] as const)
      for (const t of [slope(x)(u => f(y)(u)), slope(y)(u => f(u)(x) as Scalar)]) expect(Number.isFinite(t)).toBe(true)
    expect(slope(0)(u => f(0)(u))).toBe(0)
    expect(slope(infinity)(u => f(1)(u))).toBe(name === 'hypot' ? 1 : 0)
  })
  test('broadcasts, promotes, and refuses shapes that do not fit', () => {
    expect(shape(f(ones([3]))(ones([2, 1])))).toEqual([2, 3])
    expect(dtype(f(ones([], { dtype: 'int32' }))(ones([], { dtype: 'int32' })))).toBe('float32')
    expect(dtype(f(ones([], wide))(ones([])))).toBe('float64')
    const [two, three]: readonly Tensor[] = [ones([2]), ones([3])]
    expect(() => f(three!)(two!)).toThrow(`${name}: shapes [2] and [3] do not broadcast`)
    // @ts-expect-error the compiler says the same
    expect(() => f(ones([3]))(ones([2]))).toThrow(`${name}: shapes [2] and [3] do not broadcast`)
  })
})
