/**
 * The gamma function's logarithm and derivatives, and polar coordinates. Of integers and truth values, float32.
 *
 * The error function and its kin are in `pointwise.ts`.
 */
import * as gamma from '../primitive/gamma.js'
import * as polar from '../primitive/polar.js'
import { mistake } from '../structure/mistake.js'
import { binary } from './data-last.js'
import type { Binary, Unary } from './signatures.js'

/**
 * The logarithm of the absolute value of the gamma function, log |Γ(x)|: `torch.lgamma`, `jax.lax.lgamma`. ∞ at 0, −1, −2, … and at ±∞;
 * log (n − 1)! of a whole number n above 0.
 *
 * The derivative is `digamma`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0, 1, 2]), Tensor.lgamma, Tensor.toArray), [Infinity, 0, 0])
 */
export const lgamma: Unary = x => gamma.lgamma(x)

/**
 * The logarithmic derivative of the gamma function, ψ(x) = Γ′(x) / Γ(x): `torch.digamma`, `jax.lax.digamma`. ∓∞ at ±0, NaN at −1, −2, …
 *
 * The derivative is `polygamma({ order: 1 })`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const euler = 0.5772156649015329
 * const [at1] = pipe(Tensor.tensor([1], { dtype: 'float64' }), Tensor.digamma, Tensor.toArray)
 * deepStrictEqual(Math.abs(at1! + euler) < 1e-15, true)
 */
export const digamma: Unary = x => gamma.digamma(x)

/**
 * The derivative of `digamma` of an order, ψ⁽ⁿ⁾(x): `torch.polygamma(n, x)`, `jax.scipy.special.polygamma`. At 0, −1, −2, … it is ∞ for odd
 * orders; for even ones it is ∓∞ at ±0 and NaN at the others. The derivative is that of the next order.
 *
 * @throws a Mistake if the order is not a whole number from 0 to 100; and for derivatives beyond that
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [at1] = pipe(Tensor.tensor([1], { dtype: 'float64' }), Tensor.polygamma({ order: 1 }), Tensor.toArray)
 * deepStrictEqual(Math.abs(at1! - Math.PI ** 2 / 6) < 1e-14, true)
 */
export const polygamma = ({ order }: { readonly order: number }): Unary => {
  if (!Number.isInteger(order) || order < 0 || order > gamma.highestOrder)
    throw mistake(
      'InvalidArgument',
      'polygamma',
      `order is ${order}; it must be a whole number from 0 to ${gamma.highestOrder}`
    )
  return x => gamma.polygamma(order)(x)
}

/**
 * The angle of a point of the plane, from −π to π, `atan2(x)(y)` that of (x, y), so that `tan(atan2(x)(y)) = y / x`: `torch.atan2(y, x)`,
 * `Math.atan2`. Zeros have signs: `atan2(-0)(0)` is π.
 *
 * The slopes are `x / (x² + y²)` in y and `−y / (x² + y²)` in x, which do not overflow; at the origin, where the angle jumps, they are 0
 * (PyTorch: NaN).
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const y = Tensor.tensor([0, 1, 0], { dtype: 'float64' })
 * const x = Tensor.tensor([1, 0, -1], { dtype: 'float64' })
 * deepStrictEqual(pipe(y, Tensor.atan2(x), Tensor.toArray), [0, Math.PI / 2, Math.PI])
 */
export const atan2: Binary<'atan2'> = /* @__PURE__ */ binary(polar.atan2)

/**
 * The length of the hypotenuse, `hypot(b)(a) = √(a² + b²)`, which does not overflow before its result does: `torch.hypot`, `Math.hypot`.
 * ∞ if one of them is, even beside NaN.
 *
 * The slopes are `a / √(a² + b²)` and `b / √(a² + b²)`; at the origin they are 0 (PyTorch: NaN).
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([3, -5]), Tensor.hypot(Tensor.tensor([4, 12])), Tensor.toArray), [5, 13])
 */
export const hypot: Binary<'hypot'> = /* @__PURE__ */ binary(polar.hypot)
