/** Piecewise linear activations as layers. */
import * as activation from '../operation/activation-hard.js'
import { float, pointwiseLayer } from './activation-pointwise.js'

/**
 * The identity cut off at both ends, range [min, max], −1 and 1 unless given: `torch.nn.Hardtanh`. Its derivative at the ends is 0.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.hardtanh().apply({})(Tensor.tensor([-2, 0.5, 3]))), [-1, 0.5, 1])
 */
export const hardtanh = ({ min = -1, max = 1 }: { readonly min?: number; readonly max?: number } = {}) =>
  pointwiseLayer(
    'hardtanh',
    'Hardtanh',
    activation.hardtanh({ min, max }),
    { min, max },
    `min_val=${float(min)}, max_val=${float(max)}`
  )

/**
 * The rectifier cut off at 6, range [0, 6], `min(max(0, x), 6)`: `torch.nn.ReLU6`. Its derivative at 0 and at 6 is 0.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.relu6.apply({})(Tensor.tensor([-2, 3, 9]))), [0, 3, 6])
 */
export const relu6 = /* @__PURE__ */ pointwiseLayer('relu6', 'ReLU6', activation.relu6)

/**
 * A logistic function of three straight lines, range [0, 1], `min(max(0, x + 3), 6) / 6`: `torch.nn.Hardsigmoid`. Its derivative at −3 and at 3
 * is 0.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.hardsigmoid.apply({})(Tensor.tensor([-4, 0, 4]))), [0, 0.5, 1])
 */
export const hardsigmoid = /* @__PURE__ */ pointwiseLayer('hardsigmoid', 'Hardsigmoid', activation.hardsigmoid)

/**
 * x times its hard sigmoid, range [−0.375, ∞), `x min(max(0, x + 3), 6) / 6`: `torch.nn.Hardswish`. Its derivative at −3 is −½, and at 3 it is 3/2.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.hardswish.apply({})(Tensor.tensor([-4, 0, 4]))), [0, 0, 4])
 */
export const hardswish = /* @__PURE__ */ pointwiseLayer('hardswish', 'Hardswish', activation.hardswish)

/**
 * What is nearer to 0 than lambda is 0, the rest comes nearer by lambda, range (−∞, ∞), `x − lambda sign x` where |x| > lambda and 0 elsewhere:
 * `torch.nn.Softshrink`. `lambda` is ½ unless given; the derivative at ±lambda is 0.
 *
 * @throws a Mistake if lambda is negative
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.softshrink().apply({})(Tensor.tensor([-2, 0.25, 3]))), [-1.5, 0, 2.5])
 */
export const softshrink = ({ lambda = 0.5 }: { readonly lambda?: number } = {}) =>
  pointwiseLayer('softshrink', 'Softshrink', activation.softshrink({ lambda }), { lambda }, float(lambda))

/**
 * What is nearer to 0 than lambda is 0, range (−∞, ∞), `x` where |x| > lambda and 0 elsewhere:
 * `torch.nn.Hardshrink`. `lambda` is ½ unless given; the derivative at ±lambda is 0.
 *
 * @throws a Mistake if lambda is negative
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.hardshrink().apply({})(Tensor.tensor([-2, 0.25, 3]))), [-2, 0, 3])
 */
export const hardshrink = ({ lambda = 0.5 }: { readonly lambda?: number } = {}) =>
  pointwiseLayer('hardshrink', 'Hardshrink', activation.hardshrink({ lambda }), { lambda }, float(lambda))

/**
 * Another value for all that is not above a threshold, range {value} ∪ (threshold, ∞), `x` where x > threshold and `value` elsewhere:
 * `torch.nn.Threshold`. Its derivative at the threshold is 0.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const cut = Layer.threshold({ threshold: 1, value: -5 })
 * deepStrictEqual(Tensor.toArray(cut.apply({})(Tensor.tensor([0, 1, 2]))), [-5, -5, 2])
 */
export const threshold = ({ threshold, value }: { readonly threshold: number; readonly value: number }) =>
  pointwiseLayer(
    'threshold',
    'Threshold',
    activation.threshold({ threshold, value }),
    { threshold, value },
    `threshold=${threshold}, value=${value}`
  )
