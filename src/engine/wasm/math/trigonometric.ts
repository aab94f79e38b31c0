/**
 * Sine, cosine and tangent: of x = n π/2 + r they are the sine or the cosine of r, by the last bits of n, with a sign. Both are minimax polynomials.
 */
import {
  type Floating,
  f32x4,
  f64x2,
  i32,
  i32x4,
  type Local,
  reinterpret,
  type Statement,
  type Value
} from '../assembler.js'
import { type Arithmetic, compute, type Name } from './arithmetic.js'
import type { Bits, Both } from './format.js'

/** (sin r / r − 1) / r², in r². */
const sine: Both<readonly number[]> = {
  float32: [-0.16666655242443085, 0.00833216868340969, -0.00019516012980602682],
  float64: [
    -0.16666666666666632, 0.008333333333322205, -0.0001984126982963309, 2.755731362881629e-6, -2.5050747874146627e-8,
    1.589618247928966e-10
  ]
}
/** (cos r − 1 + r²/2) / r⁴, in r². */
const cosine: Both<readonly number[]> = {
  float32: [0.04166664555668831, -0.001388735487125814, 2.443700941512361e-5],
  float64: [
    0.041666666666666595, -0.001388888888887384, 2.4801587289297504e-5, -2.7557314296721484e-7, 2.087571542738928e-9,
    -1.1359227635514394e-11
  ]
}

const signBit: Both<number> = { float32: 31, float64: 63 }

/** What is left of an angle: r, in float64 with what rounding took from it, and n in the last two bits of an integer. */
interface Reduced<V extends Floating> {
  readonly n: Value<Bits<V>>
  readonly r: Local<V>
  readonly rest?: Local<V>
}
export type Reduce<V extends Floating> = (name: Name, run: (step: Statement) => void, x: Local<V>) => Reduced<V>

/** float32 is reduced in float64, in two halves, so that r has all its digits. */
export const narrowReduction =
  (quadrant: Reduce<'f64x2'>): Reduce<'f32x4'> =>
  (name, run, x) => {
    const low = quadrant(name, run, name(f64x2.promote(x)))
    const high = quadrant(name, run, name(f64x2.promote(f32x4.shuffle(x, x, 2, 3, 2, 3))))
    return {
      n: name(i32x4.shuffle(reinterpret('i32x4', low.n), reinterpret('i32x4', high.n), 0, 2, 4, 6)),
      r: name(f32x4.shuffle(f32x4.demote(low.r), f32x4.demote(high.r), 0, 1, 4, 5))
    }
  }

export const trigonometric = <V extends Floating>(
  { F, I, c, float, polynomial, pick, shared }: Arithmetic<V>,
  reduce: Reduce<V>
) => {
  type E = Value<V>
  type W = Value<Bits<V>>

  /** sin r = r + r³ P(r²), and cos r = 1 − r²/2 + r⁴ P(r²), each in two parts; that of the cosine has what rounding took from 1 − r²/2. */
  const both = (name: Name, { r, rest }: Reduced<V>) => {
    const z = name(F.mul(r, r))
    const half = name(F.mul(z, c(0.5)))
    const bent = F.mul(F.mul(r, z), polynomial(z, pick(sine)))
    const sum = name(F.sub(c(1), half))
    const bend = F.mul(F.mul(z, z), polynomial(z, pick(cosine)))
    const lost = F.sub(F.sub(c(1), sum), half)
    const sinRest = name(rest ? F.add(bent, F.sub(rest, F.mul(rest, half))) : bent)
    const cosRest = name(F.add(lost, rest ? F.sub(bend, F.mul(r, rest)) : bend))
    return { sin: { lead: r, rest: sinRest }, cos: { lead: sum, rest: cosRest } }
  }
  const whole = ({ lead, rest }: { readonly lead: E; readonly rest: E }): E => F.add(lead, rest)
  const isOdd = (n: W): E => float(I.neg(I.and(n, I.const(1))))
  /** The second bit, as a sign. */
  const signOfQuadrant = (n: W): E => float(I.shl(I.and(n, I.const(2)), i32.const(pick(signBit) - 1)))

  /** sin x. Error: 1.55 units in the last place (float32), 0.85 (float64). */
  const sin = shared('sin', x =>
    compute((name, run) => {
      const reduced = reduce(name, run, x)
      const { sin, cos } = both(name, reduced)
      const value = F.xor(F.select(isOdd(reduced.n), whole(cos), whole(sin)), signOfQuadrant(reduced.n))
      return F.select(F.eq(x, c(0)), x, value)
    })
  )
  /** cos x, a quarter of a turn on. Error: 1.55 units in the last place (float32), 1.0 (float64). */
  const cos = shared('cos', x =>
    compute((name, run) => {
      const reduced = reduce(name, run, x)
      const { sin, cos } = both(name, reduced)
      const n = name(I.add(reduced.n, I.const(1)))
      return F.xor(F.select(isOdd(n), whole(cos), whole(sin)), signOfQuadrant(n))
    })
  )
  /**
   * tan x = sin r / cos r, or −cos r / sin r; what rounding took from both goes into a correction of the quotient. Error: 2.4 units in
   * the last place (float32), 1.4 (float64).
   */
  const tan = shared('tan', x =>
    compute((name, run) => {
      const reduced = reduce(name, run, x)
      const { sin, cos } = both(name, reduced)
      const odd = name(isOdd(reduced.n))
      const flip = name(F.and(odd, c(-0)))
      const above = { lead: name(F.select(odd, cos.lead, sin.lead)), rest: name(F.select(odd, cos.rest, sin.rest)) }
      const below = { lead: F.select(odd, sin.lead, cos.lead), rest: F.select(odd, sin.rest, cos.rest) }
      const belowLead = name(F.xor(below.lead, flip))
      const belowRest = name(F.xor(below.rest, flip))
      const numerator = name(whole(above))
      const denominator = name(F.add(belowLead, belowRest))
      const quotient = name(F.div(numerator, denominator))
      const lostAbove = F.add(F.sub(above.lead, numerator), above.rest)
      const lostBelow = F.add(F.sub(belowLead, denominator), belowRest)
      const value = F.add(quotient, F.div(F.sub(lostAbove, F.mul(quotient, lostBelow)), denominator))
      return F.select(F.eq(x, c(0)), x, value)
    })
  )
  return { sin, cos, tan }
}
