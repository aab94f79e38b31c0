/**
 * Activation functions: what bends a network between its linear maps. `tanh` and `sigmoid` are in `pointwise.ts`.
 *
 * NaN stays NaN, and the derivatives at kinks are PyTorch's.
 */
import { div, mul, sub } from '../primitive/arithmetic.js'
import { cast, stopGradient } from '../primitive/conversion.js'
import { exp, log, log1p } from '../primitive/elementary.js'
import { amax } from '../primitive/extremum.js'
import { broadcast, reshape, sum } from '../primitive/movement.js'
import { less, lessEqual, where } from '../primitive/selection.js'
import { floating } from '../structure/dtype.js'
import { normalizeAxis, withOnes } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Along, Unary } from './signatures.js'

/**
 * The rectifier, max(0, x): `torch.relu`. The derivative at 0 is 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-2, 0, 3]), Tensor.relu, Tensor.toArray), [0, 0, 3])
 */
export const relu: Unary = x => where(lessEqual(x, 0), 0, x)

/**
 * The rectifier with a slope below 0, x where x > 0 and negativeSlope · x elsewhere: `torch.nn.functional.leaky_relu`.
 * The derivative at 0 is the slope below.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const leaky = Tensor.leakyRelu({ negativeSlope: 0.25 })
 * deepStrictEqual(pipe(Tensor.tensor([-2, 0, 3]), leaky, Tensor.toArray), [-0.5, 0, 3])
 */
export const leakyRelu =
  ({ negativeSlope = 0.01 }: { readonly negativeSlope?: number } = {}): Unary =>
  x =>
    where(less(0, x), x, mul(x, negativeSlope))

/**
 * The identity between two ends, −1 and 1 unless told otherwise, constant outside: `torch.nn.functional.hardtanh`.
 * The derivative at the ends is 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-2, 0.5, 3]), Tensor.hardtanh(), Tensor.toArray), [-1, 0.5, 1])
 */
export const hardtanh =
  ({ min = -1, max = 1 }: { readonly min?: number; readonly max?: number } = {}): Unary =>
  x =>
    where(lessEqual(x, min), min, where(lessEqual(max, x), max, x))

// From here on log(1 + eˣ) is x to the last bit in float64 and float32, and eˣ, squared too, is far from infinity in both.
const exact = 40

/**
 * A smooth rectifier, log(1 + e^(beta · x)) / beta, and exactly x where beta · x > threshold: `torch.nn.functional.softplus`.
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
    const scaled = mul(cast(floating(x.dtype))(x), beta)
    const linear = less(Math.min(threshold, exact), scaled)
    // The exponential is taken of 0 where it is not used, so that its derivatives stay finite there.
    return where(linear, x, div(log1p(exp(where(linear, 0, scaled))), beta))
  }

/** x less its largest element along an axis, which is then 0; and the sum of the exponentials. */
const shifted = (operation: string, x: Tensor, axis: number): readonly [Tensor, (x: Tensor) => Tensor] => {
  const found = normalizeAxis(operation, x.shape.length, axis)
  const spread = (folded: Tensor): Tensor => broadcast(x.shape)(reshape(withOnes(x.shape, [found]))(folded))
  const total = (y: Tensor): Tensor => spread(sum([found])(y))
  const real = cast(floating(x.dtype))(x)
  // Of no elements there is no largest.
  if (x.shape[found] === 0) return [real, total]
  return [sub(real, spread(stopGradient(amax([found])(real)))), total]
}

/**
 * Probabilities from scores, eˣ / Σ eˣ along an axis, the last unless told otherwise: `torch.softmax`, `jax.nn.softmax`.
 *
 * Finite for scores of any size, and for some (not only) scores of −∞, which get probability 0.
 *
 * @throws a Mistake if the axis is out of range
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const scores = Tensor.tensor([[1000, 1000], [0, -1000]])
 * deepStrictEqual(pipe(scores, Tensor.softmax({ axis: 1 }), Tensor.toArray), [[0.5, 0.5], [1, 0]])
 */
export const softmax = (({ axis = -1 }: { readonly axis?: number } = {}) =>
  (x: Tensor): Tensor => {
    const [scores, total] = shifted('softmax', x, axis)
    const weights = exp(scores)
    return div(weights, total(weights))
  }) as Along<'softmax'>

/**
 * The logarithms of `softmax`, x − log Σ eˣ along an axis, the last unless told otherwise: `torch.log_softmax`, `jax.nn.log_softmax`.
 *
 * @throws a Mistake if the axis is out of range
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0, -1000]), Tensor.logSoftmax(), Tensor.toArray), [0, -1000])
 */
export const logSoftmax = (({ axis = -1 }: { readonly axis?: number } = {}) =>
  (x: Tensor): Tensor => {
    const [scores, total] = shifted('logSoftmax', x, axis)
    return sub(scores, log(total(exp(scores))))
  }) as Along<'logSoftmax'>
