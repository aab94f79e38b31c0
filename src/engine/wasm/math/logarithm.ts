/**
 * Logarithms, by the scheme of fdlibm: x = 2^k (1 + f) with √½ ≤ 1 + f < √2, and log (1 + f) = f − f²/2 + s (f²/2 + R(s²)), s = f / (2 + f),
 * where R is a minimax polynomial.
 */
import { type Floating, i32, type Value } from '../assembler.js'
import { type Arithmetic, compute, type Name } from './arithmetic.js'
import type { Both } from './format.js'

const afterSquare: Both<readonly number[]> = {
  float32: [0.6666677594184875, 0.39977607131004333, 0.29870545864105225],
  float64: [
    0.6666666666666731, 0.39999999999433433, 0.2857142873902321, 0.22222198861351972, 0.181835515742241,
    0.15314331689456817, 0.14793508997571628
  ]
}

export const logarithm = <V extends Floating>(a: Arithmetic<V>) => {
  const { F, I, c, float, bits, polynomial, withSign, lost, bitsOf, mantissa, bias, tiny, ln2, pick } = a
  type E = Value<V>
  const coefficients = pick(afterSquare)
  const offset = bitsOf(1) - bitsOf(Math.SQRT1_2)

  /** k and f of a positive normal number. */
  const split = (name: Name, x: E) => {
    const shifted = name(I.add(bits(x), I.const(offset)))
    const exponent = float(I.or(I.shrU(shifted, i32.const(mantissa)), I.const(bitsOf(2 ** mantissa))))
    const fraction = I.and(shifted, I.const((1n << BigInt(mantissa)) - 1n))
    return {
      k: name(F.sub(exponent, c(2 ** mantissa + bias))),
      f: name(F.sub(float(I.add(fraction, I.const(bitsOf(Math.SQRT1_2)))), c(1)))
    }
  }
  /** k ln 2 + log (1 + f) + more, for a `more` that is small beside 1. */
  const combine = (name: Name, k: E, f: E, more?: E): E => {
    const s = name(F.div(f, F.add(f, c(2))))
    const h = name(F.mul(F.mul(f, f), c(0.5)))
    const z = name(F.mul(s, s))
    const lowPart = F.mul(k, c(ln2[1]))
    const below = F.add(
      F.mul(s, F.add(h, F.mul(z, polynomial(z, coefficients)))),
      more ? F.add(lowPart, more) : lowPart
    )
    return F.add(F.mul(k, c(ln2[0])), F.sub(f, F.sub(h, below)))
  }
  /** The value where x is positive and finite, and what a logarithm is elsewhere. */
  const within = (x: E, value: E): E =>
    F.select(
      F.and(float(F.gt(x, c(0))), float(F.lt(x, c(Infinity)))),
      value,
      F.or(F.select(F.eq(x, c(0)), c(-Infinity), x), float(F.lt(x, c(0))))
    )

  /** log x. Error: 0.85 units in the last place (float32), 0.85 (float64). */
  const log = (x: E): E =>
    compute(name => {
      const argument = name(x)
      const small = name(F.lt(argument, c(tiny)))
      const lift = mantissa + 2
      const { k, f } = split(name, F.select(small, F.mul(argument, c(2 ** lift)), argument))
      return within(argument, combine(name, name(F.sub(k, F.and(float(small), c(lift)))), f))
    })

  /** log (1 + x) · 2^doublings, given 1 + x rounded and what rounding took from it. */
  const logOfSum = (name: Name, sum: E, rest: E, doublings?: E): E => {
    const { k, f } = split(name, sum)
    return within(sum, combine(name, doublings ? name(F.add(k, doublings)) : k, f, name(F.div(rest, sum))))
  }
  /**
   * log (1 + x). The sum rounded, and to the logarithm of that what rounding took, divided by it. Error: 0.9 units in the last place (float32), 0.8
   * (float64).
   */
  const log1p = (x: E): E =>
    compute(name => {
      const argument = name(x)
      const sum = name(F.add(argument, c(1)))
      return withSign(argument, logOfSum(name, sum, lost(sum, argument, 1)))
    })

  return { log, log1p, logOfSum, split, combine, within }
}
export type Logarithm<V extends Floating> = ReturnType<typeof logarithm<V>>
