/**
 * Activations along an axis: probabilities from scores, their logarithms, and gates.
 *
 * Finite for scores of any size.
 */
import { div, neg, scale, sub } from '../primitive/arithmetic.js'
import { cast, stopGradient } from '../primitive/conversion.js'
import { exp, log, sigmoid } from '../primitive/elementary.js'
import { amax } from '../primitive/extremum.js'
import { broadcast, reshape, sum } from '../primitive/movement.js'
import { slice } from '../primitive/window.js'
import type { Halve } from '../structure/axis-types.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { normalizeAxis, type Shape, showShape, withExtent, withOnes } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Along } from './signatures.js'

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

/**
 * Probabilities that are largest where scores are smallest, e⁻ˣ / Σ e⁻ˣ along an axis, the last unless told otherwise, range [0, 1]:
 * `torch.nn.functional.softmin`.
 *
 * @throws a Mistake if the axis is out of range
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0, 1000]), Tensor.softmin(), Tensor.toArray), [1, 0])
 */
export const softmin = (({ axis = -1 }: { readonly axis?: number } = {}) =>
  (x: Tensor): Tensor => {
    const [scores, total] = shifted('softmin', neg(x), axis)
    const weights = exp(scores)
    return div(weights, total(weights))
  }) as Along<'softmin'>

type GluOperand<S extends Shape, Axis extends number> =
  Halve<S, Axis, 'glu'> extends infer Message extends string ? Message : Tensor<S>
type GluResult<S extends Shape, Axis extends number> =
  Halve<S, Axis, 'glu'> extends infer R extends Shape ? Tensor<R> : Tensor
type GluSignature = <Axis extends number = -1>(options?: {
  readonly axis?: Axis
}) => <S extends Shape>(x: GluOperand<S, Axis>) => GluResult<S, Axis>

/**
 * The gated linear unit, a · σ(b), range (−∞, ∞), where a and b are the two halves of x along an axis, the last unless told otherwise:
 * `torch.nn.functional.glu`, `jax.nn.glu`. The axis of the result is half as long.
 *
 * Y. Dauphin et al., "Language Modeling with Gated Convolutional Networks" (2016).
 *
 * @throws a Mistake if the axis is out of range or has an odd size
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([3, 4, 0, 1000]), Tensor.glu(), Tensor.toArray), [1.5, 4])
 */
export const glu = (({ axis = -1 }: { readonly axis?: number } = {}) =>
  (x: Tensor): Tensor => {
    const found = normalizeAxis('glu', x.shape.length, axis)
    const extent = x.shape[found]!
    if (extent % 2 !== 0)
      throw mistake(
        'ShapeMismatch',
        'glu',
        `axis ${axis} of ${showShape(x.shape)} has size ${extent}, which has no two equal halves`
      )
    const shape = withExtent(x.shape, found, extent / 2)
    const half = (from: number): Tensor =>
      slice({ start: x.shape.map((_, i) => (i === found ? from : 0)), step: x.shape.map(() => 1), shape })(x)
    return scale(half(0), sigmoid(half(extent / 2)))
  }) as GluSignature
