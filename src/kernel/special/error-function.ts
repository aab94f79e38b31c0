/**
 * The error function, its complement and its inverse.
 *
 * `erf` and `erfc` are the rational Chebyshev approximations of W. J. Cody, "Rational Chebyshev approximations for the
 * error function", Mathematics of Computation 23 (1969), 631–637. `erfinv` is that of the normal quantile by M. J.
 * Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988),
 * 477–484. They are good to 10⁻¹⁸ and 10⁻¹⁶: the errors told below are those of rounding.
 */
import { polynomial } from './polynomial.js'

// The published coefficients, rounded to float64, lowest power first.
const erfNear0 = {
  above: [3209.3775891384694, 377.485237685302, 113.86415415105016, 3.1611237438705655, 0.18577770618460315],
  below: [2844.236833439171, 1282.6165260773723, 244.02463793444417, 23.601290952344122, 1]
}
const erfcNear1 = {
  above: [
    1230.3393547979972, 2051.0783778260716, 1712.0476126340707, 881.952221241769, 298.6351381974001, 66.11919063714163,
    8.883149794388377, 0.5641884969886701, 2.1531153547440383e-8
  ],
  below: [
    1230.3393548037495, 3439.3676741437216, 4362.619090143247, 3290.7992357334597, 1621.3895745666903,
    537.1811018620099, 117.6939508913125, 15.744926110709835, 1
  ]
}
const erfcFar = {
  above: [
    -0.0006587491615298378, -0.016083785148742275, -0.12578172611122926, -0.36034489994980445, -0.30532663496123236,
    -0.016315387137302097
  ],
  below: [0.0023352049762686918, 0.06051834131244132, 0.5279051029514285, 1.8729528499234673, 2.568520192289822, 1]
}
const quantileCentre = {
  above: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227
  ],
  below: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854
  ]
}
const quantileShoulder = {
  above: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414
  ],
  below: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9
  ]
}
const quantileTail = {
  above: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7
  ],
  below: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15
  ]
}
const ratio = (r: { readonly above: readonly number[]; readonly below: readonly number[] }, x: number): number =>
  polynomial(r.above, x) / polynomial(r.below, x)

const oneOverRootPi = 0.5641895835477563

/** `erfc(x) e^x²` for x ≥ 15/32. */
const scaledErfc = (x: number): number => {
  if (x <= 4) return ratio(erfcNear1, x)
  const inverseSquare = 1 / (x * x)
  return (oneOverRootPi + inverseSquare * ratio(erfcFar, inverseSquare)) / x
}

/**
 * `erfc(x)` for x ≥ 15/32. The square of x rounded would put an error of x² ulp into its exponential:
 * the square of x to a sixteenth is exact, and what that leaves is small.
 */
const erfcTail = (x: number): number => {
  if (x > 28) return 0
  const coarse = Math.trunc(x * 16) / 16
  const rest = Math.exp(-(x - coarse) * (x + coarse)) * scaledErfc(x)
  // Beyond 26 the exponential alone would lose digits below the smallest normal number before the product is even taken.
  const root = Math.exp((-coarse * coarse) / 2)
  return x > 26 ? root * rest * root : Math.exp(-coarse * coarse) * rest
}

/**
 * `erf(x) = 2/√π ∫₀ˣ e^−t² dt`, for every x: odd (erf(−0) is −0), ±1 at ±∞.
 *
 * Error at most 5 ulp. Cody (1969).
 */
export const erf = (x: number): number => {
  const size = Math.abs(x)
  if (size <= 0.46875) return x * ratio(erfNear0, x * x)
  if (size >= 6) return Math.sign(x)
  return Math.sign(x) * (1 - erfcTail(size))
}

/**
 * `erfc(x) = 1 − erf(x)`, for every x, without the cancellation: 2 at −∞, 0 at +∞, in between about e^−x² / (x√π) with
 * all its digits, until it leaves the normal numbers at 26.5 and is 0 from 27.3 on.
 *
 * Error at most 7 ulp. Cody (1969).
 */
export const erfc = (x: number): number => {
  if (x > 0.46875) return erfcTail(x)
  return x < -0.46875 ? 2 - erfcTail(-x) : 1 - erf(x)
}

/**
 * The x with `erf(x) = y`, for y from −1 to 1 (NaN outside): odd, ±∞ at ±1. It is the normal quantile of (1 + y)/2
 * over √2.
 *
 * Error at most 5 ulp for the very y that is given (near ±1 the x of the next y is far away). Wichura (1988).
 */
export const erfinv = (y: number): number => {
  const size = Math.abs(y)
  if (!(size < 1)) return size === 1 ? y * Infinity : NaN
  if (size <= 0.85) return y * (Math.SQRT1_2 / 2) * ratio(quantileCentre, 0.180625 - (y * y) / 4)
  const depth = Math.sqrt(-Math.log((1 - size) / 2))
  const quantile = depth <= 5 ? ratio(quantileShoulder, depth - 1.6) : ratio(quantileTail, depth - 5)
  return Math.SQRT1_2 * Math.sign(y) * quantile
}
