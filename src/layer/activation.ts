/** Activations as layers: element by element, so over shapes of any kind, and without parameters. */
import * as activation from '../operation/activation.js'
import * as pointwise from '../operation/pointwise.js'
import type { Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { empty, pure, type RunLayer, type Setting } from './runtime.js'
import type { Pointwise } from './types.js'

/** A number as Python prints a float. */
const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

const elementwise = <K extends string>(
  kind: K,
  name: string,
  f: (x: Tensor) => Tensor,
  settings: { readonly [name: string]: Setting } = {},
  printed = ''
): Pointwise<K> => {
  const run: RunLayer = {
    kind,
    printed: { name, settings: printed },
    settings,
    children: [],
    input: [],
    output: [],
    shapeOf: shape => shape,
    batchCoupled: false,
    init: () => key => [empty, key],
    buffers: empty,
    forward: pure(() => f)
  }
  return typed<Pointwise<K>>(run)
}

/**
 * The hyperbolic tangent, range (−1, 1), `(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)`: `torch.nn.Tanh`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.tanh.apply({})(Tensor.scalar(0))), 0)
 */
export const tanh = elementwise('tanh', 'Tanh', pointwise.tanh)

/**
 * The rectifier, range [0, ∞), `max(0, x)`: `torch.nn.ReLU`. Its derivative at 0 is 0.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.relu.apply({})(Tensor.tensor([-2, 3]))), [0, 3])
 */
export const relu = elementwise('relu', 'ReLU', activation.relu)

/**
 * The logistic function, range (0, 1), `1 / (1 + e⁻ˣ)`: `torch.nn.Sigmoid`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Layer.sigmoid.apply({})(Tensor.scalar(0))), 0.5)
 */
export const sigmoid = elementwise('sigmoid', 'Sigmoid', pointwise.sigmoid)

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
  elementwise(
    'hardtanh',
    'Hardtanh',
    activation.hardtanh({ min, max }),
    { min, max },
    `min_val=${float(min)}, max_val=${float(max)}`
  )

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
  elementwise(
    'softplus',
    'Softplus',
    activation.softplus({ beta, threshold }),
    { beta, threshold },
    `beta=${float(beta)}, threshold=${float(threshold)}`
  )

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
  elementwise(
    'leakyRelu',
    'LeakyReLU',
    activation.leakyRelu({ negativeSlope }),
    { negativeSlope },
    `negative_slope=${negativeSlope}`
  )

/**
 * Probabilities along the last axis, or another, range (0, 1), `eˣ / Σ eˣ`: `torch.nn.Softmax`.
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.softmax().apply({})(Tensor.tensor([1, 1]))), [0.5, 0.5])
 */
export const softmax = ({ axis = -1 }: { readonly axis?: number } = {}) =>
  elementwise('softmax', 'Softmax', x => activation.softmax({ axis })(x), { axis }, `dim=${axis}`)
