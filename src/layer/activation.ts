/** Activations as layers: element by element, so over shapes of any kind, and without parameters. */
import * as activation from '../operation/activation.js'
import * as pointwise from '../operation/pointwise.js'
import { mistake } from '../structure/mistake.js'
import type { Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { elementwise, empty, isShape, pure, type RunLayer, showSizes, unknownSize } from './runtime.js'
import type { Empty, Layer, Pointwise } from './types.js'

/** A number as Python prints a float. */
const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

const pointwiseLayer = <K extends string>(
  kind: K,
  name: string,
  f: (x: Tensor) => Tensor,
  settings: RunLayer['settings'] = empty,
  printed = ''
): Pointwise<K> => typed<Pointwise<K>>({ ...elementwise(kind, name, settings, printed), forward: pure(() => f) })

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

/** As many open sizes as an axis counted from the end needs. */
type Reaching<Axis extends number> = Axis extends -1
  ? [number]
  : Axis extends -2
    ? [number, number]
    : [number, number, number]

/**
 * Probabilities along the last axis, or another counted from the end, range (0, 1), `eˣ / Σ eˣ`: `torch.nn.Softmax`.
 *
 * @throws a Mistake if the axis is not −1, −2 or −3: axes counted from the front would be those of a batch
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.softmax().apply({})(Tensor.tensor([1, 1]))), [0.5, 0.5])
 */
export const softmax = <Axis extends -1 | -2 | -3 = -1>({
  axis = -1 as Axis
}: {
  readonly axis?: Axis
} = {}): Layer<Empty, Reaching<Axis>, Reaching<Axis>, Empty, 'softmax'> => {
  if (![-1, -2, -3].includes(axis))
    throw mistake('InvalidArgument', 'Layer.softmax', `axis is ${axis}; it must be -1, -2 or -3`)
  const softmaxAlong: (x: Tensor) => Tensor = activation.softmax<number>({ axis })
  const open = new Array<number>(-axis).fill(unknownSize)
  return typed({
    ...elementwise('softmax', 'Softmax', { axis }, `dim=${axis}`),
    forward: pure(() => softmaxAlong),
    input: open,
    output: open,
    shapeOf: given => {
      if (isShape(given) && given.length >= open.length) return given
      throw mistake('ShapeMismatch', 'softmax', `input ${showSizes(given)} has no axis ${axis}`)
    }
  })
}
