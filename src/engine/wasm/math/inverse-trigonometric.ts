/**
 * The inverse trigonometric functions: odd minimax polynomials around 0, to where the arguments are brought by
 * asin x = π/2 − 2 asin √((1 − x)/2) and atan x = π/4 + atan ((x − 1)/(x + 1)) = π/2 − atan (1/x).
 */
import type { Floating, Local, Value } from '../assembler.js'
import { type Arithmetic, compute, type Name } from './arithmetic.js'
import type { Both } from './format.js'

/** (asin s / s − 1) / s², in s², for s² ≤ ¼. */
const arcSine: Both<readonly number[]> = {
  float32: [0.16666753590106964, 0.07495241612195969, 0.04547708481550217, 0.024147655814886093, 0.04221848398447037],
  float64: [
    0.16666666666666763, 0.07499999999970267, 0.04464285717511766, 0.030381942683748327, 0.022372215656976797,
    0.01735160014675029, 0.013980960838906386, 0.01139778068552518, 0.01078650425166879, 0.0036831305423876697,
    0.021763294772690154, -0.02107701700942692, 0.032676725458842606
  ]
}
/** (atan t / t − 1) / t², in t², for |t| ≤ tan π/8. */
const arcTangent: Both<readonly number[]> = {
  float32: [
    -0.33333316445350647, 0.19998478889465332, -0.14243629574775696, 0.10594282299280167, -0.060788705945014954
  ],
  float64: [
    -0.333333333333332, 0.19999999999953247, -0.1428571428015973, 0.1111111078149716, -0.09090897697843377,
    0.07692059088855964, -0.06663090560240621, 0.0584778617184169, -0.05038817884433782, 0.03805164373174663,
    -0.017892481126945952
  ]
}
/** What π/2 and π/4, rounded, lack. */
const halfPiRest: Both<number> = { float32: -4.371138828673793e-8, float64: 6.123233995736766e-17 }

export const inverseTrigonometric = <V extends Floating>({
  F,
  c,
  float,
  polynomial,
  head,
  signOf,
  withSign,
  pick,
  shared
}: Arithmetic<V>) => {
  type E = Value<V>
  const rest = pick(halfPiRest)

  /**
   * What asin and acos have in common: whether |x| > ½; s, which is x there where it is not and √((1 − |x|)/2) where it is, c, what rounding took
   * from that root; and s³ P(s²).
   */
  const reduced = (name: Name, x: Local<V>) => {
    const size = name(F.abs(x))
    const outer = name(float(F.gt(size, c(0.5))))
    const z = name(F.select(outer, F.mul(F.sub(c(1), size), c(0.5)), F.mul(x, x)))
    const root = name(F.sqrt(z))
    const start = name(head(root))
    const lostOfRoot = F.div(F.sub(z, F.mul(start, start)), F.add(root, start))
    const bent = name(F.mul(z, polynomial(z, pick(arcSine))))
    return { outer, root, start, lostOfRoot: name(F.select(F.eq(z, c(0)), c(0), lostOfRoot)), bent }
  }
  /**
   * asin x. |x| ≤ ½: x + x³ P; above π/2 − 2 (s + s³ P), the roundings of π/2 and of s put back. Error: 0.9 units in the last place
   * (float32), 0.85 (float64).
   */
  const asin = shared('asin', x =>
    compute(name => {
      const { outer, root, start, lostOfRoot, bent } = reduced(name, x)
      const correction = F.sub(F.mul(F.add(root, root), bent), F.sub(c(rest), F.add(lostOfRoot, lostOfRoot)))
      const above: E = F.sub(c(Math.PI / 4), F.sub(correction, F.sub(c(Math.PI / 4), F.add(start, start))))
      return F.select(outer, withSign(x, above), F.add(x, F.mul(x, bent)))
    })
  )
  /**
   * acos x. |x| ≤ ½: π/2 − (x + x³ P); above 2 (s + s³ P), and below π − 2 (s + s³ P). Error: 0.8 units in the last place (float32), 0.8 (float64).
   */
  const acos = shared('acos', x =>
    compute(name => {
      const { outer, root, start, lostOfRoot, bent } = reduced(name, x)
      const inner = F.sub(c(Math.PI / 2), F.sub(x, F.sub(c(rest), F.mul(x, bent))))
      const arc = name(F.add(start, F.add(F.mul(root, bent), lostOfRoot)))
      const arcBelow = F.add(F.mul(root, bent), F.sub(lostOfRoot, c(rest)))
      const negative = F.sub(c(Math.PI), F.mul(F.add(start, arcBelow), c(2)))
      return F.select(outer, F.select(F.lt(x, c(0)), negative, F.add(arc, arc)), inner)
    })
  )

  /**
   * atan |x| = base + atan t, where t is x, (x − 1) / (x + 1) or −1 / x and the base 0, π/4 or π/2. Error: 1.85 units in the last place (float32),
   * 1.8 (float64).
   */
  const atan = shared('atan', x =>
    compute(name => {
      const size = name(F.abs(x))
      const middle = name(float(F.gt(size, c(Math.SQRT2 - 1))))
      const outer = name(float(F.gt(size, c(Math.SQRT2 + 1))))
      const above = F.select(outer, c(-1), F.sub(size, F.and(middle, c(1))))
      const below = F.select(outer, size, F.add(F.and(middle, size), c(1)))
      const t = name(F.div(above, below))
      const z = name(F.mul(t, t))
      const bent = F.mul(F.mul(t, z), polynomial(z, pick(arcTangent)))
      const isMiddle = name(F.andNot(middle, outer))
      const base = F.or(F.and(outer, c(Math.PI / 2)), F.and(isMiddle, c(Math.PI / 4)))
      const baseRest = F.or(F.and(outer, c(rest)), F.and(isMiddle, c(rest / 2)))
      return F.or(F.add(base, F.add(t, F.add(bent, baseRest))), signOf(x))
    })
  )
  return { asin, acos, atan }
}
