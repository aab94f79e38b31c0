/**
 * The logarithm of the gamma function and its derivatives of every order.
 *
 * `lgamma` and `digamma` write x = n + z, n the nearest integer (both exact), and step from n to 2 by Γ(x + 1) = x
 * Γ(x); there the Taylor series of log Γ has the coefficients (ζ(k) − 1)/k (DLMF 5.7.3), so that the zeros of log Γ at
 * 1 and 2 keep all their digits. From 8 on it is Stirling's series (DLMF 5.11.1, 5.11.2), below −8 reflection (DLMF
 * 5.5.3, 5.5.4). `polygamma` is Hurwitz's zeta function (DLMF 5.15.1) by Euler and Maclaurin's sum (DLMF 25.11.5).
 */
import { digammaAt2, digammaFar, hurwitzFar, hurwitzReach, lgammaAt2, lgammaFar, stirling } from './gamma-series.js'
import { polynomial } from './polynomial.js'

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
  const corrections = hurwitzFar(s)
  const far = hurwitzReach(s)
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
