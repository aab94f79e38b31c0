/**
 * Functions of one variable, applied to each element. Of integers and truth values, float32.
 *
 * Each has one derivative, written beside it in `primitive/elementary.ts`, and all higher derivatives follow from that.
 */
import { cast as convert } from '../primitive/conversion.js'
import * as elementary from '../primitive/elementary.js'
import type { Dtype } from '../structure/dtype.js'
import type { Unary } from './signatures.js'

/**
 * The exponential function, eˣ: `torch.exp`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.exp, Tensor.item), 1)
 */
export const exp: Unary = x => elementary.exp(x)

/**
 * eˣ − 1, exact near 0, where eˣ is rounded to 1: `torch.expm1`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(1e-30, { dtype: 'float64' }), Tensor.expm1, Tensor.item), 1e-30)
 */
export const expm1: Unary = x => elementary.expm1(x)

/**
 * The natural logarithm: `torch.log`. −∞ at 0, NaN below.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(1), Tensor.log, Tensor.item), 0)
 */
export const log: Unary = x => elementary.log(x)

/**
 * log(1 + x), exact near 0: `torch.log1p`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(1e-30, { dtype: 'float64' }), Tensor.log1p, Tensor.item), 1e-30)
 */
export const log1p: Unary = x => elementary.log1p(x)

/**
 * The sine of an angle in radians: `torch.sin`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.sin, Tensor.item), 0)
 */
export const sin: Unary = x => elementary.sin(x)

/**
 * The cosine of an angle in radians: `torch.cos`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.cos, Tensor.item), 1)
 */
export const cos: Unary = x => elementary.cos(x)

/**
 * The tangent of an angle in radians: `torch.tan`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.tan, Tensor.item), 0)
 */
export const tan: Unary = x => elementary.tan(x)

/**
 * The angle whose sine is x, from −π/2 to π/2: `torch.asin`. NaN outside [−1, 1].
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.asin, Tensor.item), 0)
 */
export const asin: Unary = x => elementary.asin(x)

/**
 * The angle whose cosine is x, from 0 to π: `torch.acos`. NaN outside [−1, 1].
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(1), Tensor.acos, Tensor.item), 0)
 */
export const acos: Unary = x => elementary.acos(x)

/**
 * The angle whose tangent is x, from −π/2 to π/2: `torch.atan`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.atan, Tensor.item), 0)
 */
export const atan: Unary = x => elementary.atan(x)

/**
 * The hyperbolic sine, (eˣ − e⁻ˣ) / 2: `torch.sinh`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.sinh, Tensor.item), 0)
 */
export const sinh: Unary = x => elementary.sinh(x)

/**
 * The hyperbolic cosine, (eˣ + e⁻ˣ) / 2: `torch.cosh`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.cosh, Tensor.item), 1)
 */
export const cosh: Unary = x => elementary.cosh(x)

/**
 * The hyperbolic tangent, (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), from −1 to 1: `torch.tanh`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0, 100]), Tensor.tanh, Tensor.toArray), [0, 1])
 */
export const tanh: Unary = x => elementary.tanh(x)

/**
 * The inverse of `sinh`, log(x + √(x² + 1)): `torch.asinh`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.asinh, Tensor.item), 0)
 */
export const asinh: Unary = x => elementary.asinh(x)

/**
 * The inverse of `cosh`, log(x + √(x² − 1)): `torch.acosh`. NaN below 1.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(1), Tensor.acosh, Tensor.item), 0)
 */
export const acosh: Unary = x => elementary.acosh(x)

/**
 * The inverse of `tanh`, log((1 + x) / (1 − x)) / 2: `torch.atanh`. NaN outside [−1, 1].
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0), Tensor.atanh, Tensor.item), 0)
 */
export const atanh: Unary = x => elementary.atanh(x)

/**
 * The logistic function, 1 / (1 + e⁻ˣ), from 0 to 1: `torch.sigmoid`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0, 1000]), Tensor.sigmoid, Tensor.toArray), [0.5, 1])
 */
export const sigmoid: Unary = x => elementary.sigmoid(x)

/**
 * The error function, 2/√π ∫₀ˣ e^(−t²) dt, from −1 to 1: `torch.erf`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0, 10]), Tensor.erf, Tensor.toArray), [0, 1])
 */
export const erf: Unary = x => elementary.erf(x)

/**
 * 1 − erf(x), exact where erf(x) is rounded to 1: `torch.erfc`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0, -10]), Tensor.erfc, Tensor.toArray), [1, 2])
 */
export const erfc: Unary = x => elementary.erfc(x)

/**
 * The inverse of `erf`: `torch.erfinv`. ±∞ at ±1, NaN outside.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0, 1]), Tensor.erfinv, Tensor.toArray), [0, Infinity])
 */
export const erfinv: Unary = x => elementary.erfinv(x)

/**
 * The same elements in another dtype: `torch.Tensor.to(dtype)`, `jnp.astype(x, dtype)`.
 *
 * To int32 numbers are rounded towards 0 and stop at its ends, NaN becomes 0; to bool everything but 0 is true.
 * The derivative of a cast is a cast, and zero through int32 and bool.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1.7, -1.7]), Tensor.cast('int32'), Tensor.toArray), [1, -1])
 */
export const cast =
  (dtype: Dtype): Unary =>
  x =>
    convert(dtype)(x)
