/**
 * Powers: e^(y log |x|), with the logarithm and the product in more digits than the result has, since the exponential makes of an absolute error a
 * relative one. float64 takes two parts, float32 is computed in float64.
 */
import type { Floating, Local, Value } from '../assembler.js'
import { type Arithmetic, compute, type Name } from './arithmetic.js'
import type { Exponential } from './exponential.js'
import type { Halves } from './halves.js'
import type { Logarithm } from './logarithm.js'

/** x^y for positive x that is no infinity, and y that is not NaN. */
export type PositivePower<V extends Floating> = (name: Name, x: Local<V>, y: Local<V>) => Value<V>

/** (3 atanh s / s − 3 − s²) / s⁴, in s². */
const afterCube = [
  0.6000000000000341, 0.4285714285513907, 0.33333333781841007, 0.2727267637033472, 0.23080144682385725,
  0.198850163664704, 0.1979651277055909
]
const twoThirds = [0.6666666567325592, 9.934107462565104e-9] as const

/**
 * In float64: log x = k ln 2 + ⅔ s (3 + s² + r), as in fdlibm's e_pow.c. Each factor that counts has a leading half, whose products are exact, and
 * a rest. Exponents are bounded where their powers are 0 or ∞. Error: 1.2 units in the last place.
 */
export const widePower = (
  { F, c, head, polynomial, tiny, float, ln2, mantissa }: Arithmetic<'f64x2'>,
  { reduce, onePlus, scaled }: Exponential<'f64x2'>,
  { split }: Logarithm<'f64x2'>
): PositivePower<'f64x2'> => {
  /** log x, in two parts. */
  const logarithm = (name: Name, x: Local<'f64x2'>) => {
    const small = name(float(F.lt(x, c(tiny))))
    const lift = mantissa + 2
    const { k: exponent, f } = split(name, F.select(small, F.mul(x, c(2 ** lift)), x))
    const k = name(F.sub(exponent, F.and(small, c(lift))))
    // s = f / (2 + f)
    const below = name(F.add(f, c(2)))
    const inverse = name(F.div(c(1), below))
    const s = name(F.mul(f, inverse))
    const sHead = name(head(s))
    const belowHead = name(head(below))
    const belowRest = F.sub(f, F.sub(belowHead, c(2)))
    const sRest = name(F.mul(inverse, F.sub(F.sub(f, F.mul(sHead, belowHead)), F.mul(sHead, belowRest))))
    // 3 + s² + r
    const z = name(F.mul(s, s))
    const square = name(F.mul(sHead, sHead))
    const r = name(F.add(F.mul(F.mul(z, z), polynomial(z, afterCube)), F.mul(sRest, F.add(sHead, s))))
    const sum = name(head(F.add(F.add(square, c(3)), r)))
    const sumRest = F.sub(r, F.sub(F.sub(sum, c(3)), square))
    // s (3 + s² + r)
    const leading = name(F.mul(sHead, sum))
    const following = name(F.add(F.mul(sRest, sum), F.mul(sumRest, s)))
    const product = name(head(F.add(leading, following)))
    const productRest = F.sub(following, F.sub(product, leading))
    // ⅔ of it, and k ln 2
    const fraction = name(F.mul(product, c(twoThirds[0])))
    const fractionRest = F.add(F.mul(product, c(twoThirds[1])), F.mul(productRest, c(2 / 3)))
    const whole = name(F.mul(k, c(ln2[0])))
    const value = name(F.add(whole, fraction))
    const lost = F.sub(fraction, F.sub(value, whole))
    return { value, rest: name(F.add(lost, F.add(F.mul(k, c(ln2[1])), fractionRest))) }
  }
  const between = (low: number, high: number, x: Value<'f64x2'>) => F.pmin(F.pmax(x, c(low)), c(high))
  return (name, x, exponent) => {
    const { value, rest } = logarithm(name, x)
    const y = name(between(-(2 ** 64), 2 ** 64, exponent))
    const yHead = name(head(y))
    const valueHead = name(head(F.add(value, rest)))
    const valueRest = F.add(F.sub(value, valueHead), rest)
    const product = F.mul(yHead, valueHead)
    const productRest = name(F.add(F.mul(F.sub(y, yHead), valueHead), F.mul(y, valueRest)))
    const { n, r, rest: bent } = reduce(name, between(-748, 712, product), between(-1, 1, productRest))
    return scaled(name, onePlus(name, r, bent), n)
  }
}

/**
 * In float32, by way of float64: what leaves the range of float32, or its normal numbers, does so when it is rounded in the end. Error:
 * 0.51 units in the last place.
 */
export const narrowPower =
  ({ inHalves, exp, log, F }: Halves): PositivePower<'f32x4'> =>
  (name, x, y) =>
    inHalves(name, (x, y) => exp(name, F.mul(y, log(name, x))), x, y)

export const power = <V extends Floating>(
  { F, c, float, sharedPair, signOf }: Arithmetic<V>,
  positivePower: PositivePower<V>
) => {
  const pow = sharedPair('pow', (x, y) =>
    compute(name => {
      const size = name(F.abs(x))
      const zero = name(float(F.eq(size, c(0))))
      // 0 and ∞ to a power are 0 or ∞.
      const end = F.or(zero, float(F.eq(size, c(Infinity))))
      const endValue = F.andNot(c(Infinity), F.xor(zero, float(F.lt(y, c(0)))))
      const positive = name(F.select(end, endValue, positivePower(name, size, y)))
      // The sign of x counts where y is odd; where y is no whole number either, there is no power of a negative x.
      const half = name(F.mul(y, c(0.5)))
      const whole = name(float(F.eq(F.truncate(y), y)))
      const odd = F.and(whole, float(F.ne(F.truncate(half), half)))
      const signed = F.or(positive, F.and(signOf(x), odd))
      const nowhere = F.andNot(F.and(float(F.lt(x, c(0))), float(F.gt(x, c(-Infinity)))), whole)
      // NaN of NaN, and of ±1 ** ±∞; but 1 where y is 0.
      const unknown = F.or(float(F.ne(x, x)), float(F.ne(y, y)))
      const one = F.and(float(F.eq(size, c(1))), float(F.eq(F.abs(y), c(Infinity))))
      const value = F.or(signed, F.or(nowhere, F.or(unknown, one)))
      return F.select(F.eq(y, c(0)), c(1), F.select(F.eq(y, c(2)), F.mul(x, x), value))
    })
  )
  return { pow }
}
