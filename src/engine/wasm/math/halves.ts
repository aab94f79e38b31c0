/**
 * float32 by way of float64, in two halves: for functions whose rounding errors would add up in float32. In float64 no care has to be taken of
 * digits, of ends of the range or of subnormals, and short polynomials do.
 */
import { f32x4, f64x2, type Local, type Value } from '../assembler.js'
import type { Arithmetic, Name } from './arithmetic.js'
import type { Logarithm } from './logarithm.js'

/** (2 atanh s / s − 2) / s², in s², and (e^r − 1 − r) / r², to 36 and 34 bits. */
const afterSquare = [0.6666666564149133, 0.40000336184690305, 0.2853724014556435, 0.23583538964180378]
const afterLinear = [
  0.5000000076804191, 0.16666666860880572, 0.0416662716757125, 0.008333264219868922, 0.0013946026586385213,
  0.00019918495105639698
]
type Wide = Value<'f64x2'>

export const halves = (
  { F, c, polynomial, mulAdd, biased, powerOf2 }: Arithmetic<'f64x2'>,
  { split }: Logarithm<'f64x2'>
) => {
  /** A function of float64 numbers, applied to float32 ones. */
  const inHalves = <A extends readonly Value<'f32x4'>[]>(
    name: Name,
    f: (...x: { readonly [i in keyof A]: Local<'f64x2'> }) => Wide,
    ...x: A
  ): Value<'f32x4'> => {
    const half = (part: (x: Value<'f32x4'>) => Value<'f32x4'>) => {
      const parts = x.map(x => name(f64x2.promote(part(x))))
      return name(f32x4.demote(f(...(parts as { readonly [i in keyof A]: Local<'f64x2'> }))))
    }
    const low = half(x => x)
    const high = half(x => f32x4.shuffle(x, x, 2, 3, 2, 3))
    return f32x4.shuffle(low, high, 0, 1, 4, 5)
  }
  /** e^x to 32 bits, 0 or ∞ in float32 where x is bounded here. */
  const exp = (name: Name, x: Wide): Wide => {
    const bounded = name(F.pmin(F.pmax(x, c(-200)), c(200)))
    const shifted = name(mulAdd(bounded, c(Math.LOG2E), c(biased)))
    const r = name(F.sub(bounded, F.mul(F.sub(shifted, c(biased)), c(Math.LN2))))
    const power = F.add(F.add(F.mul(F.mul(r, r), polynomial(r, afterLinear)), r), c(1))
    return F.mul(power, powerOf2(shifted))
  }
  /** log x to 36 bits, for positive x that is no infinity. */
  const log = (name: Name, x: Wide): Wide => {
    const { k, f } = split(name, x)
    const s = name(F.div(f, F.add(f, c(2))))
    const z = name(F.mul(s, s))
    return mulAdd(k, c(Math.LN2), F.mul(s, F.add(F.mul(z, polynomial(z, afterSquare)), c(2))))
  }
  return { F, c, polynomial, inHalves, exp, log }
}
export type Halves = ReturnType<typeof halves>
