/** Hyperbolic functions, their inverses and the logistic function, from the exponential and the logarithm. */
import type { Floating, Value } from '../assembler.js'
import { type Arithmetic, compute } from './arithmetic.js'
import type { Exponential } from './exponential.js'
import type { Both } from './format.js'
import type { Logarithm } from './logarithm.js'

/** Twice the number where tanh becomes 1. */
const tanhEnd: Both<number> = { float32: 20, float64: 40 }
/** Here sinh is ∞, and e^x / 4 still has an exponent that there is. */
const sinhEnd: Both<number> = { float32: 89.5, float64: 710.6 }
/** From here on 1 is nothing beside the square. */
const far: Both<number> = { float32: 2 ** 13, float64: 2 ** 28 }

export const hyperbolic = <V extends Floating>(
  a: Arithmetic<V>,
  { exp, expm1Over, halfExp }: Exponential<V>,
  { log1p, logOfSum }: Logarithm<V>
) => {
  const { F, c, float, lost, withSign, wide, tiny, pick, shared } = a
  type E = Value<V>

  /**
   * tanh |x| = t / (t + 2) with t = e^2|x| − 1: no cancellation anywhere, no second branch. float64 puts back what rounding took from the sum.
   * Error: 2.45 units in the last place (float32), 1.9 (float64).
   */
  const tanh = (x: E): E =>
    compute(name => {
      const argument = name(x)
      const t = expm1Over(name, F.pmin(F.mul(F.abs(argument), c(2)), c(pick(tanhEnd))), 0)
      const sum = name(F.add(t, c(2)))
      const q = name(F.div(t, sum))
      const correction = F.mul(F.mul(q, F.sub(c(0.5), F.mul(q, c(0.5)))), lost(sum, t, 2))
      return withSign(argument, wide ? F.pmin(F.sub(q, correction), c(1)) : q)
    })

  /**
   * 1 / (1 + e^−x), as e^x / (1 + e^x) for negative x: right down to the subnormals. Error: 2.4 units in the last place (float32), 1.9
   * (float64).
   */
  const sigmoid = (x: E): E =>
    compute(name => {
      const argument = name(x)
      const e = name(exp(F.neg(F.abs(argument))))
      const sum = name(F.add(e, c(1)))
      const q = name(F.div(F.select(F.lt(argument, c(0)), e, c(1)), sum))
      return wide ? F.sub(q, F.mul(F.div(q, sum), lost(sum, e, 1))) : q
    })

  /**
   * sinh |x| = (t + t / (t + 1)) / 2 with t = e^|x| − 1, from t / 4: nothing overflows early. Error: 2.2 units in the last place (float32),
   * 2.1 (float64).
   */
  const sinh = shared('sinh', x =>
    compute(name => {
      const size = name(F.abs(x))
      const quarter = expm1Over(name, F.pmin(size, c(pick(sinhEnd))), 2)
      const half = name(F.add(quarter, quarter))
      const value = F.add(half, F.div(quarter, F.add(half, c(0.5))))
      return withSign(x, F.select(F.lt(size, c(8 * tiny)), size, value))
    })
  )
  /** cosh x = h + 1 / 4h with h = e^|x| / 2. Error: 1.5 units in the last place (float32), 1.15 (float64). */
  const cosh = shared('cosh', x =>
    compute(name => {
      const half = halfExp(name, F.abs(x))
      return F.add(half, F.div(c(0.25), half))
    })
  )

  /** log (1 + t), or log 2y where y is so large that this is the same. */
  const logOfTwice = (argument: E, t: E): E =>
    compute(name => {
      const y = name(argument)
      const below = name(t)
      const sum = name(F.add(below, c(1)))
      const large = name(float(F.gt(y, c(pick(far)))))
      return logOfSum(name, name(F.select(large, y, sum)), F.andNot(lost(sum, below, 1), large), F.and(large, c(1)))
    })
  /** asinh |x| = log (1 + |x| + x² / (1 + √(1 + x²))). Error: 1.8 units in the last place (float32), 1.65 (float64). */
  const asinh = shared('asinh', x =>
    compute(name => {
      const size = name(F.abs(x))
      const square = name(F.mul(size, size))
      return withSign(x, logOfTwice(size, F.add(size, F.div(square, F.add(c(1), F.sqrt(F.add(square, c(1))))))))
    })
  )
  /** acosh x = log (1 + y + √(y (y + 2))) with y = x − 1. Error: 2.3 units in the last place (float32), 2.3 (float64). */
  const acosh = shared('acosh', x =>
    compute(name => {
      const y = name(F.sub(x, c(1)))
      const value = logOfTwice(x, F.add(y, F.sqrt(F.mul(y, F.add(y, c(2))))))
      return F.or(value, float(F.lt(x, c(1))))
    })
  )
  /** atanh |x| = log (1 + 2|x| / (1 − |x|)) / 2. Error: 1.95 units in the last place (float32), 1.9 (float64). */
  const atanh = shared('atanh', x =>
    compute(name => {
      const size = name(F.abs(x))
      const value = F.mul(log1p(F.div(F.add(size, size), F.sub(c(1), size))), c(0.5))
      return withSign(x, F.select(F.lt(size, c(8 * tiny)), size, value))
    })
  )

  return { tanh, sigmoid, sinh, cosh, asinh, acosh, atanh }
}
