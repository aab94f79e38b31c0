/** Smooth activations as layers. */
import * as activation from '../operation/activation-smooth.js'
import * as pointwise from '../operation/pointwise.js'
import { float, pointwiseLayer } from './activation-pointwise.js'

/**
 * The hyperbolic tangent, range (−1, 1), `(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)`: `torch.nn.Tanh`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.tanh.apply({})(Tensor.scalar(0))), 0)
 */
export const tanh = /* @__PURE__ */ pointwiseLayer('tanh', 'Tanh', pointwise.tanh)

/**
 * The logistic function, range (0, 1), `1 / (1 + e⁻ˣ)`: `torch.nn.Sigmoid`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.sigmoid.apply({})(Tensor.scalar(0))), 0.5)
 */
export const sigmoid = /* @__PURE__ */ pointwiseLayer('sigmoid', 'Sigmoid', pointwise.sigmoid)

/**
 * The smooth rectifier, range (0, ∞), `log(1 + e^(βx)) / β`, and x itself where βx exceeds the threshold: `torch.nn.Softplus`.
 * β is 1 and the threshold 20 unless given.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.softplus().apply({})(Tensor.scalar(700))), 700)
 */
export const softplus = ({ beta = 1, threshold = 20 }: { readonly beta?: number; readonly threshold?: number } = {}) =>
  pointwiseLayer(
    'softplus',
    'Softplus',
    activation.softplus({ beta, threshold }),
    { beta, threshold },
    `beta=${float(beta)}, threshold=${float(threshold)}`
  )

/**
 * The logarithm of the logistic function, range (−∞, 0), `−log(1 + e⁻ˣ)`: `torch.nn.LogSigmoid`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.logSigmoid.apply({})(Tensor.scalar(-1000))), -1000)
 */
export const logSigmoid = /* @__PURE__ */ pointwiseLayer('logSigmoid', 'LogSigmoid', activation.logSigmoid)

/**
 * x times its logistic function, also called swish, range [−0.2785, ∞), `x / (1 + e⁻ˣ)`: `torch.nn.SiLU`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.silu.apply({})(Tensor.scalar(1000))), 1000)
 */
export const silu = /* @__PURE__ */ pointwiseLayer('silu', 'SiLU', activation.silu)

/**
 * x times the normal distribution function, range [−0.17, ∞), `x (1 + erf(x / √2)) / 2`: `torch.nn.GELU`. With `approximate: 'tanh'` it is
 * `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`; 'none' unless given.
 *
 * @throws a Mistake if `approximate` is neither 'none' nor 'tanh'
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.gelu({ approximate: 'tanh' }).apply({})(Tensor.scalar(1000))), 1000)
 */
export const gelu = ({ approximate = 'none' }: activation.GeluOptions = {}) =>
  pointwiseLayer('gelu', 'GELU', activation.gelu({ approximate }), { approximate }, `approximate='${approximate}'`)

/**
 * x times the hyperbolic tangent of its softplus, range [−0.3088, ∞), `x tanh(log(1 + eˣ))`: `torch.nn.Mish`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.mish.apply({})(Tensor.scalar(1000))), 1000)
 */
export const mish = /* @__PURE__ */ pointwiseLayer('mish', 'Mish', activation.mish)

/**
 * The sign approached as slowly as 1/x, range (−1, 1), `x / (1 + |x|)`: `torch.nn.Softsign`. Its derivative at 0 is 1.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.softsign.apply({})(Tensor.scalar(3))), 0.75)
 */
export const softsign = /* @__PURE__ */ pointwiseLayer('softsign', 'Softsign', activation.softsign)

/**
 * What the hyperbolic tangent takes away, range (−∞, ∞), `x − tanh x`: `torch.nn.Tanhshrink`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.tanhshrink.apply({})(Tensor.scalar(1000))), 999)
 */
export const tanhshrink = /* @__PURE__ */ pointwiseLayer('tanhshrink', 'Tanhshrink', activation.tanhshrink)
