/**
 * Rectifiers: the identity above 0, and below it nothing, a slope, or an exponential.
 *
 * NaN stays NaN, and the derivatives at kinks are PyTorch's.
 */
import { div, mul } from '../primitive/arithmetic.js'
import { type Operand, operands } from '../primitive/conversion.js'
import { expm1 } from '../primitive/elementary.js'
import { less, lessEqual, where } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import type { Tensor } from '../tensor/tensor.js'
import { binary } from './data-last.js'
import type { Binary, Unary } from './signatures.js'

/**
 * The rectifier, range [0, ∞), max(0, x): `torch.relu`. The derivative at 0 is 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-2, 0, 3]), Tensor.relu, Tensor.toArray), [0, 0, 3])
 */
export const relu: Unary = x => where(lessEqual(x, 0), 0, x)

/**
 * The rectifier with a slope below 0, range (−∞, ∞), x where x > 0 and negativeSlope · x elsewhere: `torch.nn.functional.leaky_relu`.
 * `negativeSlope` is 0.01 unless given, and the derivative at 0.
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
    // Then it is 0 at −∞ too, where a product would be NaN.
    negativeSlope === 0 ? relu(x) : leaking(x, negativeSlope)

const leaking = (x: Tensor, slope: Operand): Tensor => where(less(0, x), x, mul(x, slope))
/** The same, with operands brought together under its own name, by which messages call it. */
const leakingWith = (x: Operand, slope: Operand): Tensor => leaking(...operands('prelu', x, slope))

/**
 * The rectifier whose slope below 0 is learnt, range (−∞, ∞), `prelu(weight)(x)` = x where x > 0 and weight · x elsewhere:
 * `torch.nn.functional.prelu`. The derivative at 0 is the weight.
 *
 * The weight is a number or is broadcast against x from the last axis on; of one slope for each channel of images `[C, H, W]` the shape
 * is `[C, 1, 1]`, where PyTorch takes `[C]` to be along its axis 1.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const slopes = Tensor.tensor([0.5, 0.25])
 * deepStrictEqual(pipe(Tensor.tensor([[-2, -4], [1, 2]]), Tensor.prelu(slopes), Tensor.toArray), [[-1, -1], [1, 2]])
 */
export const prelu: Binary<'prelu'> = /* @__PURE__ */ binary(leakingWith)

/** The exponential is taken of 0 where it is not used, so that neither it nor its derivatives overflow there. */
const exponentialBelow = (x: Tensor): Tensor => expm1(where(less(0, x), 0, x))

/**
 * The exponential linear unit, range (−alpha, ∞), x where x > 0 and alpha · (eˣ − 1) elsewhere: `torch.nn.functional.elu`.
 * `alpha` is 1 unless given, and the derivative at 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-1000, 0, 3]), Tensor.elu({ alpha: 2 }), Tensor.toArray), [-2, 0, 3])
 */
export const elu =
  ({ alpha = 1 }: { readonly alpha?: number } = {}): Unary =>
  x =>
    where(less(0, x), x, mul(exponentialBelow(x), alpha))

// The numbers for which mean 0 and variance 1 are kept from layer to layer.
const selfNormalizing = { alpha: 1.6732632423543772, scale: 1.0507009873554805 }

/**
 * The self-normalizing unit, range (−1.7581, ∞), scale · x where x > 0 and scale · alpha · (eˣ − 1) elsewhere:
 * `torch.nn.functional.selu`. alpha is 1.6733, scale 1.0507, and the derivative at 0 their product.
 *
 * G. Klambauer et al., "Self-Normalizing Neural Networks" (2017).
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(1, { dtype: 'float64' }), Tensor.selu, Tensor.item), 1.0507009873554805)
 */
export const selu: Unary = x => {
  const { alpha, scale } = selfNormalizing
  return where(less(0, x), mul(x, scale), mul(exponentialBelow(x), scale * alpha))
}

/**
 * The continuously differentiable exponential linear unit, range (−alpha, ∞), x where x > 0 and alpha · (e^(x / alpha) − 1) elsewhere:
 * `torch.nn.functional.celu`. `alpha` is 1 unless given; the derivative at 0 is 1.
 *
 * @throws a Mistake if alpha is not above 0
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-1000, 0, 3]), Tensor.celu({ alpha: 2 }), Tensor.toArray), [-2, 0, 3])
 */
export const celu = ({ alpha = 1 }: { readonly alpha?: number } = {}): Unary => {
  if (!(alpha > 0)) throw mistake('InvalidArgument', 'celu', `alpha is ${alpha}; it must be above 0`)
  return x => where(less(0, x), x, mul(exponentialBelow(div(x, alpha)), alpha))
}
