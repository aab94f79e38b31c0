/** Length and angle of a point of the plane. */
import type { Value } from '../assembler.js'
import { type Arithmetic, compute } from './arithmetic.js'
import type { Halves } from './halves.js'

export interface Polar<V extends 'f32x4' | 'f64x2'> {
  readonly hypot: (x: Value<V>, y: Value<V>) => Value<V>
  readonly atan2: (y: Value<V>, x: Value<V>) => Value<V>
}

/** Of these the squares are neither 0 nor ∞; others are multiplied by a power of 2 or its inverse first, which is exact. */
const manageable = 2 ** 500
const shift = 2 ** 600
/** What π, rounded, lacks. */
const piRest = 1.2246467991473532e-16

export const widePolar = (
  { F, c, float, signOf, withSign, sharedPair }: Arithmetic<'f64x2'>,
  { atan }: { readonly atan: (x: Value<'f64x2'>) => Value<'f64x2'> }
): Polar<'f64x2'> => {
  /** √(x² + y²). Error: 1.0 units in the last place. */
  const hypot = sharedPair('hypot', (x, y) =>
    compute(name => {
      const [a, b] = [name(F.abs(x)), name(F.abs(y))]
      const larger = name(F.pmax(a, b))
      const isLarge = name(float(F.gt(larger, c(manageable))))
      const isSmall = name(float(F.lt(larger, c(1 / manageable))))
      const factor = name(F.select(isLarge, c(1 / shift), F.select(isSmall, c(shift), c(1))))
      const back = F.select(isLarge, c(shift), F.select(isSmall, c(1 / shift), c(1)))
      const [p, q] = [name(F.mul(a, factor)), name(F.mul(b, factor))]
      const value = F.mul(F.sqrt(F.add(F.mul(p, p), F.mul(q, q))), back)
      // ∞ wins over NaN.
      return F.select(F.eq(a, c(Infinity)), a, F.select(F.eq(b, c(Infinity)), b, value))
    })
  )
  /** atan |y / x|, or π less that where x has a minus, and the sign of y. Error: 1.75 units in the last place. */
  const atan2 = sharedPair('atan2', (y, x) =>
    compute(name => {
      const [a, b] = [name(F.abs(y)), name(F.abs(x))]
      // 0 beside 0, and ∞ beside ∞, have an angle, though no quotient.
      const ratio = F.select(F.eq(a, b), F.and(c(1), float(F.ne(a, c(0)))), F.div(a, b))
      const angle = name(atan(ratio))
      const isLeft = F.lt(F.or(signOf(x), c(1)), c(0))
      return withSign(y, F.select(isLeft, F.sub(c(Math.PI), F.sub(angle, c(piRest))), angle))
    })
  )
  return { hypot, atan2 }
}

/** In float32, by way of float64, where no square leaves the range. Error: 0.51 units in the last place. */
export const narrowPolar = (
  { sharedPair }: Arithmetic<'f32x4'>,
  { inHalves, F, c }: Halves,
  wide: Polar<'f64x2'>
): Polar<'f32x4'> => ({
  hypot: sharedPair('hypot', (x, y) =>
    compute(name =>
      inHalves(
        name,
        (x, y) => {
          const sum = name(F.add(F.mul(x, x), F.mul(y, y)))
          const beside = F.select(F.eq(F.abs(y), c(Infinity)), c(Infinity), F.sqrt(sum))
          return F.select(F.eq(F.abs(x), c(Infinity)), c(Infinity), beside)
        },
        x,
        y
      )
    )
  ),
  atan2: sharedPair('atan2', (y, x) => compute(name => inHalves(name, (y, x) => wide.atan2(y, x), y, x)))
})
