/**
 * The exponential and e^x − 1.
 *
 * x = n ln 2 + r with |r| ≤ ln 2 / 2. Adding 1.5 · 2^mantissa + bias to x / ln 2 rounds it to n *and* leaves n, biased, in the low bits, so that
 * one shift makes 2^n: no conversion to integers. e^r is a minimax polynomial (error below a fifth of a unit in the last place).
 */
import type { Floating, Local, Value } from '../assembler.js'
import { type Arithmetic, compute, type Name } from './arithmetic.js'
import type { Both } from './format.js'

/** (e^r − 1 − r) / r². In float32 closest where r is between 0 and 1/7, because there tanh has no digits to spare. */
const afterLinear: Both<readonly number[]> = {
  float32: [0.5000000596046448, 0.16666555404663086, 0.041664816439151764, 0.008365304209291935, 0.0014024018310010433],
  float64: [
    0.5, 0.16666666666666677, 0.0416666666666667, 0.00833333333332147, 0.0013888888888866561, 0.0001984126988659955,
    2.480158736113674e-5, 2.7557243677251857e-6, 2.755724224409981e-7, 2.5109239794193e-8, 2.0924607072640266e-9
  ]
}
/** Outside of these e^x is 0 or ∞ ... */
const range: Both<readonly [number, number]> = { float32: [-104, 89], float64: [-746, 710] }
/** ... and below this e^x − 1 is −1, and e^x less than a hundredth of a unit in the last place of 1. */
const negligible: Both<number> = { float32: -21, float64: -42 }

export const exponential = <V extends Floating>(a: Arithmetic<V>) => {
  const { F, c, mulAdd, polynomial, biased, powerOf2, lost, wide, bias, tiny, ln2, pick } = a
  type E = Value<V>
  const [low, high] = pick(range)
  const coefficients = pick(afterLinear)

  /** n (also shifted, ready for powerOf2), r, and e^r − 1 − r together with `more` and, in float64, with what rounding took from r. */
  const reduce = (name: Name, x: E, addend?: E) => {
    const whole = name(x)
    const more = addend && name(addend)
    const shifted = name(mulAdd(more ? F.add(whole, more) : whole, c(Math.LOG2E), c(biased)))
    const n = name(F.sub(shifted, c(biased)))
    const above = name(F.sub(whole, F.mul(n, c(ln2[0]))))
    const below = name(more ? F.sub(F.mul(n, c(ln2[1])), more) : F.mul(n, c(ln2[1])))
    const r = name(F.sub(above, below))
    const bent = F.mul(F.mul(r, r), polynomial(r, coefficients))
    return { n, shifted, r, rest: name(wide || more ? F.add(bent, F.sub(F.sub(above, r), below)) : bent) }
  }
  /** 1 + r + rest. */
  const onePlus = (name: Name, r: E, rest: E): E => {
    if (!wide) return F.add(F.add(r, rest), c(1))
    const sum = name(F.add(r, c(1)))
    return F.add(sum, F.add(lost(sum, r, 1), rest))
  }
  /** x · 2^n, with 2^n in two factors: it may lie outside of the range of numbers, and a subnormal result is rounded once. */
  const scaled = (name: Name, x: E, n: E): E => {
    const half = name(F.add(F.mul(n, c(0.5)), c(biased)))
    return F.mul(F.mul(x, powerOf2(half)), powerOf2(F.add(F.sub(n, F.sub(half, c(biased))), c(biased))))
  }
  const bounded = (x: E): E => F.pmin(F.pmax(x, c(low)), c(high))

  /** e^x. Error: 1.05 units in the last place (float32), 0.75 (float64). */
  const exp = (x: E): E =>
    compute(name => {
      const { n, r, rest } = reduce(name, bounded(x))
      return scaled(name, onePlus(name, r, rest), n)
    })
  /** e^x / 2, of x up to a little more than the largest whose e^x is a number. */
  const halfExp = (name: Name, x: E): E => {
    const { n, r, rest } = reduce(name, F.pmin(F.pmax(x, c(low)), c(high + 2)))
    return name(scaled(name, onePlus(name, r, rest), name(F.sub(n, c(1)))))
  }
  /** e^(x + more) · factor, for a small `more`: factor + factor · (e^r − 1), so that rounding the factor and the sum is all that costs digits. */
  const expTimes = (name: Name, x: E, more: E, factor: Local<V>): E => {
    const { n, r, rest } = reduce(name, bounded(x), more)
    return scaled(name, F.add(factor, F.mul(factor, F.add(r, rest))), n)
  }
  /** e^x for x ≤ 0 where a result near the end of the range may be 0: a third cheaper. At the bound the factor 2^n is 0. Error: that of `exp`. */
  const expOfNegative = (x: E): E =>
    compute(name => {
      const { shifted, r, rest } = reduce(name, F.pmax(x, c(-bias * Math.LN2)))
      return F.mul(onePlus(name, r, rest), powerOf2(shifted))
    })

  /** (e^x − 1) / 2^by for x from −60 or so to the end of the range less `by`. */
  const expm1Over = (name: Name, x: E, by: number): E => {
    const { shifted, r, rest } = reduce(name, x)
    const scale = name(powerOf2(by === 0 ? shifted : F.sub(shifted, c(by))))
    return name(F.add(F.mul(F.add(r, rest), scale), F.sub(scale, c(2 ** -by))))
  }
  /**
   * e^x − 1. Computed as a quarter of itself, so that nothing overflows early; the smallest x, which lose digits in that, are their own
   * results. Error: 1.8 units in the last place (float32), 1.55 (float64).
   */
  const expm1 = (x: E): E =>
    compute(name => {
      const argument = name(x)
      const quarter = expm1Over(name, F.pmin(F.pmax(argument, c(pick(negligible))), c(high)), 2)
      return F.select(F.lt(F.abs(argument), c(8 * tiny)), argument, F.mul(quarter, c(4)))
    })

  return { exp, expm1, expOfNegative, halfExp, expTimes, expm1Over, reduce, onePlus, scaled, bounded }
}
export type Exponential<V extends Floating> = ReturnType<typeof exponential<V>>
