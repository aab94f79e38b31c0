/** The inverse of the error function, odd, ±∞ at ±1. */
import { type Local, set, type Value, when } from '../assembler.js'
import { type Arithmetic, compute, type Name, perform } from './arithmetic.js'
import type { Halves } from './halves.js'
import type { Logarithm } from './logarithm.js'

interface Ratio {
  readonly above: readonly number[]
  readonly below: readonly number[]
}
/** √π/2 in two parts. */
const slope = [0.886226925452758, -3.8332932499128993e-17] as const
/** (erfinv y / y − √π/2) / y², in 0.85² − y², for |y| ≤ 0.85. */
const central: Ratio = {
  above: [
    0.43087250673264127, 4.151136174912813, 14.985573865717967, 25.225351813155637, 20.074127566153077,
    6.764774971081326, 0.6960917519106169, 0.0025674324546714204
  ],
  below: [
    1.0, 11.140335784521161, 48.33906699748606, 103.55389325280261, 114.74684856494143, 63.03764770933128,
    14.935709456106151, 1.064167135001154
  ]
}
/** d − erfinv |y|, in d − 1.6, for the others; d = √−log ((1 − |y|) / 2). */
const outer: Ratio = {
  above: [
    0.593477966396312, 1.016929019983764, 0.6765623750559369, 0.22348238729370803, 0.03857140263767803,
    0.0032489277025522442, 0.00010811032486146254, 8.453064330208325e-7
  ],
  below: [
    1.0, 2.0632437396110093, 1.7149575391032263, 0.7403497346611888, 0.1779729105635422, 0.023494499444597857,
    0.001539079131449618, 3.947351198038145e-5, 2.200128459771868e-7
  ]
}

/**
 * In float64, ratios of polynomials as those of Wichura (Algorithm AS 241, 1988), but of corrections, whose errors count for less: erfinv y = √π/2 y +
 * y³ P/Q, and d − P/Q far from 0. Error: 2.7 units in the last place.
 */
export const wideInverse = (
  { F, c, float, polynomial, withSign, shared }: Arithmetic<'f64x2'>,
  { log }: Logarithm<'f64x2'>
) => {
  const ratio = ({ above, below }: Ratio, x: Local<'f64x2'>) => F.div(polynomial(x, above), polynomial(x, below))
  const erfinv = shared('erfinv', y =>
    compute((name, run) => {
      const size = name(F.abs(y))
      const square = name(F.mul(y, y))
      const correction = F.add(F.mul(square, ratio(central, name(F.sub(c(0.7225), square)))), c(slope[1]))
      const value = name(F.add(F.mul(y, c(slope[0])), F.mul(y, correction)))
      const isOuter = name(float(F.gt(size, c(0.85))))
      const others = perform((name, run) => {
        const depth = name(F.sqrt(F.neg(log(F.mul(F.sub(c(1), size), c(0.5))))))
        const found = F.sub(depth, ratio(outer, name(F.sub(depth, c(1.6)))))
        const last = F.select(F.eq(size, c(1)), c(Infinity), found)
        run(set(value, F.select(isOuter, last, value)))
      })
      run(when(F.any(isOuter), others))
      return withSign(y, value)
    })
  )
  return { erfinv }
}

/** erfinv y / y, in w − 5/2 where w = −log (1 − y²) is below 5, in √w − 3 elsewhere (M. Giles, Approximating the erfinv function, 2010). */
const near = [
  1.5014093592809985, 0.2466402861558625, -0.004177386783348277, -0.0012527418861067341, 0.00021834444232652668,
  -4.963342714902876e-6, -3.4627056022271883e-6, 4.6616946419312654e-7, 2.323271621511797e-8, -8.790965924405135e-9
]
const far = [
  2.8329767960328964, 1.001675074194017, 0.009445655059817926, -0.007639175121220347, 0.005683477548976526,
  -0.003588179346280738, 0.0014949358046302895, -7.432784314989434e-5, -0.0003179032495099771, 0.00012744658560597894
]
/** In float32, by way of float64. Error: 0.6 units in the last place. */
export const narrowInverse = ({ shared }: Arithmetic<'f32x4'>, { inHalves, log, F, c, polynomial }: Halves) => {
  const half = (name: Name, y: Local<'f64x2'>): Value<'f64x2'> => {
    const size = name(F.abs(y))
    const w = name(F.neg(log(name, F.mul(F.sub(c(1), y), F.add(y, c(1))))))
    const isNear = F.lt(w, c(5))
    const factor = F.select(
      isNear,
      polynomial(name(F.sub(w, c(2.5))), near),
      polynomial(name(F.sub(F.sqrt(w), c(3))), far)
    )
    const inside = F.select(F.eq(size, c(1)), c(Infinity), factor)
    return F.mul(y, F.select(F.gt(size, c(1)), c(NaN), inside))
  }
  const erfinv = shared('erfinv', y => compute(name => inHalves(name, y => half(name, y), y)))
  return { erfinv }
}
