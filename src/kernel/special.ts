/** placeholder */
export { erf, erfc, erfinv } from './special/error-function.js'
export { digamma, lgamma, polygamma, trigamma } from './special/gamma.js'
export { log1pExp, sigmoid } from './special/logistic.js'
export { roundHalfEven } from './special/rounding.js'
