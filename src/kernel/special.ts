/**
 * Functions of one number that `Math` does not have, in float64.
 *
 * The largest errors seen against 40 to 60 digits, in units in the last place of the exact value (1 ulp is 1.1 to
 * 2.2·10⁻¹⁶ of it), at 5,000 random points in each of the ranges that the code tells apart and around their ends:
 *
 *   erf        4.8                       lgamma      6.3  (x > 0)      2.5  (−2 < x < 0)
 *   erfc       6.3  (x < 26.5)           digamma     2.0  (x > 0)      1.9·10⁻¹⁶ absolute (1 < x < 2)
 *   erfinv     5.0                       trigamma    2.6
 *   sigmoid    1.8                       polygamma   2.8  (2)  3.7  (3)  4.0  (5)  10  (10)  12  (30)  26  (100)
 *   log1pExp   1.2                       roundHalfEven  exact
 *
 * Where a function has a zero that is no float64 (`lgamma`, `digamma` and the even `polygamma` between their poles,
 * `digamma` at 1.46…), the error is absolute around it; each function says how large.
 *
 * Of `Math`, what V8 has is good enough to be used as it is (measured alike: exp 1.0, log 0.8, expm1 1.1, log1p 0.8,
 * tanh 1.8, sinh 1.6, cosh 1.2, asinh 1.4, acosh 1.9, atanh 1.4 ulp).
 */
export { erf, erfc, erfinv } from './special/error-function.js'
export { digamma, lgamma, polygamma, trigamma } from './special/gamma.js'
export { log1pExp, sigmoid } from './special/logistic.js'
export { roundHalfEven } from './special/rounding.js'
