/** Activations along an axis, as layers: axes are counted from the end, because those in front are a batch's. */
import * as activation from '../operation/activation-softmax.js'
import type { Halve } from '../structure/axis-types.js'
import { mistake } from '../structure/mistake.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Kept } from './activation-pointwise.js'
import { typed } from './layer.js'
import { elementwise, isShape, pure, type RunLayer, type RunShape, showSizes, unknownSize } from './runtime.js'
import type { Empty, Layer, ShapeFunction } from './types.js'

type FromEnd = -1 | -2 | -3
interface AxisOption<Axis> {
  readonly axis?: Axis
}

/** As many open sizes as an axis counted from the end needs. */
type Reaching<Axis extends number> = Axis extends -1
  ? [number]
  : Axis extends -2
    ? [number, number]
    : [number, number, number]

/** A layer along an axis; `resized` is the shape that a shape becomes. */
const along = (
  kind: string,
  name: string,
  axis: number,
  f: (x: Tensor) => Tensor,
  resized: (given: Shape) => RunShape = given => given
): RunLayer => {
  if (![-1, -2, -3].includes(axis))
    throw mistake('InvalidArgument', `Layer.${kind}`, `axis is ${axis}; it must be -1, -2 or -3`)
  const open = new Array<number>(-axis).fill(unknownSize)
  return {
    ...elementwise(kind, name, { axis }, `dim=${axis}`),
    forward: pure(() => f),
    input: open,
    output: open,
    shapeOf: given => {
      if (isShape(given) && given.length >= open.length) return resized(given)
      throw mistake('ShapeMismatch', kind, `input ${showSizes(given)} has no axis ${axis}`)
    }
  }
}

type AlongLayer<Axis extends number, K extends string> = Layer<Empty, Reaching<Axis>, Reaching<Axis>, Empty, K, Kept>

/**
 * Probabilities along the last axis, or another counted from the end, range [0, 1], `eˣ / Σ eˣ`: `torch.nn.Softmax`.
 *
 * @throws a Mistake if the axis is not −1, −2 or −3: axes counted from the front would be those of a batch
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.softmax().apply({})(Tensor.tensor([1, 1]))), [0.5, 0.5])
 */
export const softmax = <Axis extends FromEnd = -1>({
  axis = -1 as Axis
}: AxisOption<Axis> = {}): AlongLayer<Axis, 'softmax'> =>
  typed(along('softmax', 'Softmax', axis, activation.softmax<number>({ axis })))

/**
 * The logarithms of the probabilities of `softmax`, range (−∞, 0], `x − log Σ eˣ`: `torch.nn.LogSoftmax`.
 *
 * @throws a Mistake if the axis is not −1, −2 or −3: axes counted from the front would be those of a batch
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.logSoftmax().apply({})(Tensor.tensor([0, -1000]))), [0, -1000])
 */
export const logSoftmax = <Axis extends FromEnd = -1>({
  axis = -1 as Axis
}: AxisOption<Axis> = {}): AlongLayer<Axis, 'logSoftmax'> =>
  typed(along('logSoftmax', 'LogSoftmax', axis, activation.logSoftmax<number>({ axis })))

/**
 * Probabilities that are largest where the input is smallest, range [0, 1], `e⁻ˣ / Σ e⁻ˣ`: `torch.nn.Softmin`.
 *
 * @throws a Mistake if the axis is not −1, −2 or −3: axes counted from the front would be those of a batch
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.softmin().apply({})(Tensor.tensor([0, 1000]))), [1, 0])
 */
export const softmin = <Axis extends FromEnd = -1>({
  axis = -1 as Axis
}: AxisOption<Axis> = {}): AlongLayer<Axis, 'softmin'> =>
  typed(along('softmin', 'Softmin', axis, activation.softmin<number>({ axis })))

/** Half as long along the axis. */
interface GluShape<Axis extends number> extends ShapeFunction {
  readonly result: this['given'] extends infer S extends Shape ? Halve<S, Axis, 'glu'> : unknown
}

/**
 * The gated linear unit, range (−∞, ∞), `a σ(b)` of the two halves a and b of the last axis, or another counted from the end:
 * `torch.nn.GLU`. The axis of the output is half as long.
 *
 * @throws a Mistake if the axis is not −1, −2 or −3: axes counted from the front would be those of a batch; and for an input whose
 * axis has an odd size
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.glu().apply({})(Tensor.tensor([3, 4, 0, 1000]))), [1.5, 4])
 */
export const glu = <Axis extends FromEnd = -1>({
  axis = -1 as Axis
}: AxisOption<Axis> = {}): Layer<Empty, Reaching<Axis>, Reaching<Axis>, Empty, 'glu', GluShape<Axis>> =>
  typed(
    along('glu', 'GLU', axis, activation.glu<number>({ axis }), given => {
      const at = given.length + axis
      const extent = given[at]!
      if (extent !== unknownSize && extent % 2 !== 0)
        throw mistake(
          'ShapeMismatch',
          'glu',
          `axis ${axis} of input ${showSizes(given)} has size ${extent}, which has no two equal halves`
        )
      return given.map((size, i) => (i === at && size !== unknownSize ? size / 2 : size))
    })
  )
