/** Rectifiers as layers. The one whose slope is learnt is in `activation-prelu.ts`. */
import * as activation from '../operation/activation-rectifier.js'
import { float, pointwiseLayer } from './activation-pointwise.js'

/**
 * The rectifier, range [0, ∞), `max(0, x)`: `torch.nn.ReLU`. Its derivative at 0 is 0.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.relu.apply({})(Tensor.tensor([-2, 3]))), [0, 3])
 */
export const relu = /* @__PURE__ */ pointwiseLayer('relu', 'ReLU', activation.relu)

/**
 * The rectifier with a slope below 0, range (−∞, ∞): `torch.nn.LeakyReLU`. `negativeSlope` is 0.01 unless given, and the derivative at 0.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.leakyRelu({ negativeSlope: 0.5 }).apply({})(Tensor.tensor([-2, 3]))), [-1, 3])
 */
export const leakyRelu = ({ negativeSlope = 0.01 }: { readonly negativeSlope?: number } = {}) =>
  pointwiseLayer(
    'leakyRelu',
    'LeakyReLU',
    activation.leakyRelu({ negativeSlope }),
    { negativeSlope },
    `negative_slope=${negativeSlope}`
  )

/**
 * The exponential linear unit, range (−alpha, ∞), x where x > 0 and `alpha (eˣ − 1)` elsewhere: `torch.nn.ELU`. `alpha` is 1 unless given, and
 * the derivative at 0.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.elu({ alpha: 2 }).apply({})(Tensor.tensor([-1000, 3]))), [-2, 3])
 */
export const elu = ({ alpha = 1 }: { readonly alpha?: number } = {}) =>
  pointwiseLayer('elu', 'ELU', activation.elu({ alpha }), { alpha }, `alpha=${float(alpha)}`)

/**
 * The self-normalizing unit, range (−1.7581, ∞), `1.0507 x` where x > 0 and `1.7581 (eˣ − 1)` elsewhere: `torch.nn.SELU`. Its derivative at 0 is
 * the one below, 1.7581.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.selu.apply({})(Tensor.scalar(0))), 0)
 */
export const selu = /* @__PURE__ */ pointwiseLayer('selu', 'SELU', activation.selu)

/**
 * The continuously differentiable exponential linear unit, range (−alpha, ∞), x where x > 0 and `alpha (e^(x / alpha) − 1)` elsewhere:
 * `torch.nn.CELU`. `alpha` is 1 unless given; the derivative at 0 is 1.
 *
 * @throws a Mistake if alpha is not above 0
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.celu({ alpha: 2 }).apply({})(Tensor.tensor([-1000, 3]))), [-2, 3])
 */
export const celu = ({ alpha = 1 }: { readonly alpha?: number } = {}) =>
  pointwiseLayer('celu', 'CELU', activation.celu({ alpha }), { alpha }, `alpha=${float(alpha)}`)
