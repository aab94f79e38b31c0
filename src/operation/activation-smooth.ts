/**
 * Smooth activations. `tanh` and `sigmoid` are in `pointwise.ts`.
 *
 * Only e to powers that are not positive is taken, and a factor that may be infinite meets one that may be 0 in `scale`, so that values and
 * derivatives of any order are finite wherever the function's are. Where two formulas are chosen between, both are the function itself: there
 * is no kink, and each is used where it and its derivatives keep their digits.
 */
import { add, div, mul, neg, scale, square, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { abs, erfc, exp, log1p, sigmoid, tanh } from '../primitive/elementary.js'
import { less, lessEqual, sign, where } from '../primitive/selection.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Unary } from './signatures.js'

const real = (x: Tensor): Tensor => cast(floating(x.dtype))(x)

/** −|x| with the derivatives that each side goes on with through 0, and whether x is above 0. */
const folded = (x: Tensor): readonly [Tensor, Tensor] => {
  const above = less(0, x)
  return [where(above, neg(x), x), above]
}
/** log (1 + eˣ). */
const logOnePlusExp = (x: Tensor): Tensor => {
  const [below, above] = folded(x)
  return add(where(above, x, 0), log1p(exp(below)))
}

/**
 * A smooth rectifier, range (0, ∞), log(1 + e^(beta · x)) / beta, and exactly x where beta · x > threshold:
 * `torch.nn.functional.softplus`. `beta` is 1 and `threshold` 20 unless given; with a threshold of `Infinity` there is no kink.
 *
 * Values and derivatives are finite however large x is.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-700, 700]), Tensor.softplus(), Tensor.toArray), [0, 700])
 */
export const softplus =
  ({ beta = 1, threshold = 20 }: { readonly beta?: number; readonly threshold?: number } = {}): Unary =>
  x => {
    const scaled = mul(real(x), beta)
    return where(less(threshold, scaled), x, div(logOnePlusExp(scaled), beta))
  }

/**
 * The logarithm of the logistic function, range (−∞, 0), −log(1 + e⁻ˣ): `torch.nn.functional.logsigmoid`, `jax.nn.log_sigmoid`.
 * Far below 0 it is x, where the logarithm of what `sigmoid` gives is −∞.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(-1000), Tensor.logSigmoid, Tensor.item), -1000)
 */
export const logSigmoid: Unary = x => neg(logOnePlusExp(neg(real(x))))

/**
 * x times its logistic function, also called swish, range [−0.2785, ∞), x / (1 + e⁻ˣ): `torch.nn.functional.silu`, `jax.nn.silu`.
 *
 * S. Elfwing et al., "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning" (2017).
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-1000, 0, 1000]), Tensor.silu, Tensor.toArray), [-0, 0, 1000])
 */
export const silu: Unary = x => scale(x, sigmoid(x))

/** How `gelu` has the normal distribution: by the error function, or by a hyperbolic tangent close to it. */
export interface GeluOptions {
  readonly approximate?: 'none' | 'tanh'
}
const curvature = 0.044715

/**
 * x times the normal distribution function, range [−0.17, ∞), x · (1 + erf(x / √2)) / 2: `torch.nn.functional.gelu`.
 * With `approximate: 'tanh'` (`jax.nn.gelu`'s default) it is x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2; 'none' unless given.
 *
 * Where it is close to 0 it has all its digits: the distribution is computed as erfc(−x / √2) / 2, and 1 + tanh(u) as twice the logistic
 * function of 2u.
 *
 * D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units" (2016).
 *
 * @throws a Mistake if `approximate` is neither 'none' nor 'tanh'
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-1000, 0, 1000]), Tensor.gelu(), Tensor.toArray), [-0, 0, 1000])
 */
export const gelu = ({ approximate = 'none' }: GeluOptions = {}): Unary => {
  switch (approximate) {
    case 'none':
      return x => scale(x, mul(erfc(mul(real(x), -Math.SQRT1_2)), 0.5))
    case 'tanh':
      return given => {
        const x = real(given)
        const twice = 2 * Math.sqrt(2 / Math.PI)
        return scale(x, sigmoid(mul(x, add(mul(square(x), twice * curvature), twice))))
      }
    default:
      throw mistake(
        'InvalidArgument',
        'gelu',
        `approximate is ${JSON.stringify(approximate satisfies never)}; it must be 'none' or 'tanh'`
      )
  }
}

/**
 * x times the hyperbolic tangent of its `softplus`, range [−0.3088, ∞), x · tanh(log(1 + eˣ)): `torch.nn.functional.mish`.
 *
 * D. Misra, "Mish: A Self Regularized Non-Monotonic Activation Function" (2019).
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-1000, 0, 1000]), Tensor.mish, Tensor.toArray), [-0, 0, 1000])
 */
export const mish: Unary = given => {
  const x = real(given)
  const [below, above] = folded(x)
  // tanh log (1 + eˣ) = ((1 + eˣ)² − 1) / ((1 + eˣ)² + 1), a ratio in e^−|x|: one exponential, and no digits lost on either side.
  const e = exp(below)
  const twice = mul(e, 2)
  const numerator = where(above, add(twice, 1), mul(e, add(e, 2)))
  return scale(x, div(numerator, add(numerator, where(above, mul(e, twice), 2))))
}

/**
 * The sign approached as slowly as 1/x, range (−1, 1), x / (1 + |x|): `torch.nn.functional.softsign`. Twice differentiable but at 0,
 * where the derivative is 1.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-3, 0, 1, Infinity]), Tensor.softsign, Tensor.toArray), [-0.75, 0, 0.5, 1])
 */
export const softsign: Unary = given => {
  const x = real(given)
  const size = abs(x)
  const whole = add(size, 1)
  // Far from 0 as ±(1 − 1 / (1 + |x|)): ∞ is no quotient of infinities, and the derivative no difference of numbers close to 1.
  return where(lessEqual(size, 1), div(x, whole), sub(sign(x), div(sign(x), whole)))
}

/**
 * What the hyperbolic tangent takes away, range (−∞, ∞), x − tanh x: `torch.nn.functional.tanhshrink`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-1000, 0, 1000]), Tensor.tanhshrink, Tensor.toArray), [-999, 0, 999])
 */
export const tanhshrink: Unary = x => sub(x, tanh(x))
