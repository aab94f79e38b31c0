/**
 * The complement of the error function, with all its digits where it is small. For positive x it is e^−x² g / (x + a) with a g that goes from a to
 * 1/√π, a polynomial in q = (x − a) / (x + a); a balances its errors at both ends.
 */
import type { Local, Value } from '../assembler.js'
import { type Arithmetic, compute, type Name } from './arithmetic.js'
import { near } from './error-function.js'
import type { Exponential } from './exponential.js'
import type { Halves } from './halves.js'

/** (g − 1/√π) (x + a), in q, from x = 0.74 to where erfc x is 0. */
const wideTail = {
  end: 27.3,
  centre: 3.5,
  coefficients: [
    3.6600620400015265, -2.904536031968258, 1.9542594944742386, -1.0925326925438925, 0.4876376589888536,
    -0.15859328748476018, 0.027037051666087983, 0.0047976993517121124, -0.00433978323684872, 0.0006619376658397337,
    0.0003675007249542599, -0.00015593323958451884, -2.539527216336654e-5, 2.5291583675152832e-5, 1.5273941865597779e-6,
    -3.992247948795792e-6, -1.0742906073024904e-7, 6.232363710481959e-7, 1.2666840354700247e-8, -7.204451305038838e-8
  ]
}
const oneOverRootPi = 0.5641895835477563
/** g, in q, from x = 0 to where erfc x is 0 in float32. */
const narrowTail = {
  end: 10.2,
  centre: 3,
  coefficients: [
    1.074006907767753, -0.8833944864535693, 0.590228298508577, -0.310466008372033, 0.11952906831719474,
    -0.02683982688232782, -0.0012264305800048691, 0.0030803288830235707, -0.00048317677601941543,
    -0.00032533361348874285
  ]
}

/**
 * In float64. The square is taken in two parts: what rounding takes from it would be an error x² times as large. What it takes from x + a goes the same
 * way. Below ¾ erfc x is 1 − erf x, for larger x as ½ − (x − ½ + …), where the inner difference is exact. Error: 3.9 units in the last place.
 */
export const wideComplement = (
  { F, c, polynomial, head, lost, pick, shared }: Arithmetic<'f64x2'>,
  { expTimes }: Exponential<'f64x2'>
) => {
  const { end, centre, coefficients } = wideTail
  const erfc = shared('erfc', x =>
    compute(name => {
      const size = name(F.pmin(F.abs(x), c(end)))
      const coarse = name(head(size))
      const fine = name(F.sub(size, coarse))
      const sum = name(F.add(size, c(centre)))
      const inverse = name(F.div(c(1), sum))
      const q = name(F.mul(F.sub(size, c(centre)), inverse))
      const value = F.add(F.mul(inverse, polynomial(q, coefficients)), c(oneOverRootPi))
      const factor = name(F.div(value, sum))
      const more = F.add(F.mul(fine, F.add(size, coarse)), F.mul(lost(sum, size, centre), inverse))
      const tail = name(expTimes(name, F.neg(F.mul(coarse, coarse)), F.neg(more), factor))
      const beyond = F.select(F.lt(x, c(0)), F.sub(c(2), tail), tail)
      const bent = name(F.mul(x, polynomial(name(F.mul(x, x)), pick(near))))
      const around0 = F.select(
        F.gt(x, c(0.25)),
        F.sub(c(0.5), F.add(F.sub(x, c(0.5)), bent)),
        F.sub(c(1), F.add(x, bent))
      )
      return F.select(F.lt(size, c(0.75)), around0, beyond)
    })
  )
  return { erfc }
}

/** In float32, by way of float64, where none of this matters. Error: 0.55 units in the last place. */
export const narrowComplement = ({ shared }: Arithmetic<'f32x4'>, { inHalves, exp, F, c, polynomial }: Halves) => {
  const { end, centre, coefficients } = narrowTail
  const half = (name: Name, x: Local<'f64x2'>): Value<'f64x2'> => {
    const size = name(F.pmin(F.abs(x), c(end)))
    const inverse = name(F.div(c(1), F.add(size, c(centre))))
    const q = name(F.mul(F.sub(size, c(centre)), inverse))
    const factor = F.mul(inverse, polynomial(q, coefficients))
    const tail = name(F.mul(exp(name, F.neg(F.mul(size, size))), factor))
    return F.select(F.lt(x, c(0)), F.sub(c(2), tail), tail)
  }
  const erfc = shared('erfc', x => compute(name => inHalves(name, x => half(name, x), x)))
  return { erfc }
}
