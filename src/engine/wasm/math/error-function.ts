/** The error function. */
import type { Floating, Local, Value } from '../assembler.js'
import { type Arithmetic, compute, type Name } from './arithmetic.js'
import type { Exponential } from './exponential.js'
import type { Both } from './format.js'

/** erf x / x − 1, in x², for |x| < 1. */
export const near: Both<readonly number[]> = {
  float32: [
    0.12837916612625122, -0.3761262595653534, 0.11283600330352783, -0.026854444295167923, 0.005189535673707724,
    -0.0008020842215046287, 7.889122935011983e-5
  ],
  float64: [
    0.1283791670955126, -0.3761263890318375, 0.11283791670954885, -0.02686617064507787, 0.005223977624828394,
    -0.0008548326981423854, 0.00012055331132907628, -1.4925595771306719e-5, 1.6461008467805596e-6, -1.63503961546437e-7,
    1.4660328488810042e-8, -1.1374955602640097e-9, 5.960686270120729e-11
  ]
}
/** −log erfc x, in x − 1, for 1 ≤ x up to where erf x is 1. */
const middle: Both<readonly number[]> = {
  float32: [
    1.8496055603027344, 2.6389667987823486, 0.8431183099746704, 0.04150068759918213, -0.00989089161157608,
    0.0018261629156768322, -0.00018557389557827264
  ],
  float64: [
    1.8496055099332482, 2.638967514234788, 0.8431072563586768, 0.0415610980418086, -0.010033825374411696,
    0.0019779025679398073, -0.00023732248159132318, -2.6277874733878907e-5, 2.7159111721370103e-5,
    -9.608900085026164e-6, 2.059772285081617e-6, -1.4287589506370766e-7, -9.75469513681256e-8, 5.2037661017643425e-8,
    -1.4911377917044884e-8, 2.864024186027317e-9, -3.6824596279735747e-10, 2.881542103891263e-11,
    -1.0390967642228892e-12
  ]
}
const end: Both<number> = { float32: 4, float64: 6 }

export const errorFunction = <V extends Floating>(
  { F, c, mulAdd, polynomial, withSign, pick, shared, wide }: Arithmetic<V>,
  { expOfNegative }: Exponential<V>
) => {
  type E = Value<V>

  /** x + x P(x²) below 1, 1 − exp(−Q(|x| − 1)) above. Error: 1.45 units in the last place (float32), 1.4 (float64). */
  const value = (name: Name, x: Local<V>): E => {
    const size = name(F.pmin(F.abs(x), c(pick(end))))
    const square = name(F.mul(x, x))
    const complement = expOfNegative(F.neg(polynomial(name(F.sub(size, c(1))), pick(middle))))
    const above = withSign(x, F.sub(c(1), complement))
    return F.select(F.lt(size, c(1)), mulAdd(x, polynomial(square, pick(near)), x), above)
  }
  const erf = wide
    ? shared('erf', x => compute(name => value(name, x)))
    : (x: E): E => compute(name => value(name, name(x)))
  return { erf }
}
