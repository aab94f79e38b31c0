/**
 * The logarithm of the gamma function and its derivatives of every order.
 *
 * `lgamma` and `digamma` write x = n + z, n the nearest integer (both exact), and step from n to 2 by Γ(x + 1) = x
 * Γ(x); there the Taylor series of log Γ has the coefficients (ζ(k) − 1)/k (DLMF 5.7.3), so that the zeros of log Γ at
 * 1 and 2 keep all their digits. From 8 on it is Stirling's series (DLMF 5.11.1, 5.11.2), below −8 reflection (DLMF
 * 5.5.3, 5.5.4). `polygamma` is Hurwitz's zeta function (DLMF 5.15.1) by Euler and Maclaurin's sum (DLMF 25.11.5).
 */
import { polynomial } from './polynomial.js'

/** B₂, B₄, …, B₂₀. */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330]
/** ζ(2) − 1, ζ(3) − 1, …, ζ(29) − 1. */
const zetaLessOne = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645,
  0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5,
  7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365043e-8,
  7.45071178983543e-9, 3.725334024788457e-9, 1.862659723513049e-9
]
/** 1 − γ, γ being Euler's constant. */
const oneLessEuler = 0.42278433509846713
/** ψ(2 + z) by powers of z. */
const digammaAt2 = [oneLessEuler, ...zetaLessOne.map((zeta, i) => (i % 2 === 0 ? zeta : -zeta))]
/** log Γ(2 + z) / z by powers of z. */
const lgammaAt2 = digammaAt2.map((c, i) => c / (i + 1))
/** x (log Γ(x) − (x − ½) log x + x − ½ log 2π), and x² (log x − 1/(2x) − ψ(x)), by powers of x⁻². */
const lgammaFar = bernoulli.map((b, i) => b / ((2 * i + 1) * (2 * i + 2)))
const digammaFar = bernoulli.map((b, i) => b / (2 * i + 2))
/** ½ log 2π − ½. */
const stirling = 0.4189385332046727

/**
 * `log |Γ(x)|`, for every x: +∞ at the poles 0, −1, −2, … and at ±∞.
 *
 * Error at most 7 ulp for x > 0, the zeros at 1 and 2 included. For x < 0 too, but around the zeros (two between any
 * two poles from −2 down), where it is absolute: 10⁻¹⁵ (1 + |x| log |x|). The series above.
 */
export const lgamma = (x: number): number => {
  if (x >= 8) return (x - 0.5) * (Math.log(x) - 1) + (stirling + polynomial(lgammaFar, 1 / (x * x)) / x)
  if (x === -Infinity || (x <= 0 && Number.isInteger(x))) return Infinity
  const n = Math.round(x)
  const z = x - n
  if (x <= -8) return Math.log(Math.PI / Math.abs(x * Math.sin(Math.PI * z))) - lgamma(-x)
  const at2 = z * polynomial(lgammaAt2, z)
  if (n === 1) return at2 - Math.log1p(z)
  let product = 1
  for (let k = n; k < 2; k++) product *= k + z
  for (let k = 2; k < n; k++) product *= k + z
  return n < 2 ? at2 - Math.log(Math.abs(product)) : at2 + Math.log(product)
}

/**
 * `ψ(x) = Γ′(x) / Γ(x)`, the derivative of `lgamma`, for every x: ∓∞ at ±0, NaN at the poles −1, −2, …, where its sign
 * changes, and at −∞; +∞ at +∞.
 *
 * Error at most 3 ulp but around the zeros (1.4616… and one between any two poles), where it is absolute: 2·10⁻¹⁶ for
 * x > 0 and 10⁻¹⁵ (1 + log |x|) for x < 0. The derivatives of the series of `lgamma`.
 */
export const digamma = (x: number): number => {
  if (x >= 8) {
    const inverseSquare = 1 / (x * x)
    return Math.log(x) - (0.5 / x + inverseSquare * polynomial(digammaFar, inverseSquare))
  }
  if (x === 0) return -1 / x
  if (x === -Infinity || (x < 0 && Number.isInteger(x))) return NaN
  const n = Math.round(x)
  const z = x - n
  if (x <= -8) return digamma(-x) - 1 / x - Math.PI / Math.tan(Math.PI * z)
  let sum = polynomial(digammaAt2, z)
  for (let k = n; k < 2; k++) sum -= 1 / (k + z)
  for (let k = 2; k < n; k++) sum += 1 / (k + z)
  return sum
}

/** Hurwitz's `ζ(s, x) = Σₖ (x + k)⁻ˢ` for s ≥ 2 and x > 0, all its terms positive. */
const hurwitz = (s: number): ((x: number) => number) => {
  // B₂ⱼ/(2j)! · s (s + 1) … (s + 2j − 2): what the power −s − 2j + 1 is multiplied by.
  let rising = 1
  const corrections = bernoulli.map((b, i) => {
    const j2 = 2 * i + 2
    rising *= i === 0 ? s / 2 : ((s + j2 - 3) * (s + j2 - 2)) / ((j2 - 1) * j2)
    return b * rising
  })
  // From here on the first correction left out is below 10⁻¹⁶ of the whole.
  const far = 8 + s
  return x => {
    const steps = Math.max(0, Math.ceil(far - x))
    const y = x + steps
    let sum = y ** (1 - s) * (1 / (s - 1) + (0.5 + polynomial(corrections, 1 / (y * y)) / y) / y)
    for (let k = steps - 1; k >= 0; k--) sum += (x + k) ** -s
    return sum
  }
}

/**
 * `ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x)`, the n-th derivative of `digamma` and the (n + 1)-th of `lgamma`, for n = 0, 1,
 * …, 100 (NaN for another n) and every x. At the poles 0, −1, −2, … it is +∞ for odd n; for even n, where its sign
 * changes there, ∓∞ at ±0 and NaN at the others. 0 at +∞ and already where xⁿ overflows, NaN at −∞.
 *
 * Error at most n + 4 ulp but around the zeros (of even n, between the poles), where it is absolute: n! 2ⁿ⁺¹ times
 * 2·10⁻¹⁶. Hurwitz's zeta function; below 0, its sum over all integers less those on the other side.
 */
export const polygamma = (n: number): ((x: number) => number) => {
  if (n === 0) return digamma
  if (!(Number.isInteger(n) && n > 0 && n <= 100)) return () => NaN
  let factorial = 1
  for (let k = 2; k <= n; k++) factorial *= k
  const sign = n % 2 === 1 ? 1 : -1
  const zeta = hurwitz(n + 1)
  return x => {
    if (x > 0) return sign * factorial * zeta(x)
    const z = x - Math.round(x)
    if (z === 0) return sign === 1 ? Infinity : x === 0 ? -1 / x : NaN
    // The sum over all integers, less those below x.
    return sign * factorial * (z ** -(n + 1) + zeta(1 + z) + sign * (zeta(1 - z) - zeta(1 - x)))
  }
}

/**
 * `ψ′(x)`, the second derivative of `lgamma`, {@link polygamma} of 1: +∞ at the poles 0, −1, −2, …. Error at most 3
 * ulp.
 */
export const trigamma = polygamma(1)
