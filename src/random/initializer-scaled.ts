/** Initializers that keep the size of signals, or of their gradients, from layer to layer: scaled by how many numbers go in and out. */
import { mistake } from '../structure/mistake.js'
import { checkShape, type Shape, showShape, size } from '../structure/shape.js'
import { type Independent, independent, notNegative } from './initializer.js'

/** How many numbers each output is made of, and how many outputs each input goes into. */
export interface Fans {
  readonly fanIn: number
  readonly fanOut: number
}
/**
 * The fans of a weight: `torch.nn.init._calculate_fan_in_and_fan_out`.
 *
 * Of a weight `[out, in, …kernel]`, `fanIn = in · |kernel|` and `fanOut = out · |kernel|`; with groups, `in` is that of one group, as it is in the weight.
 *
 * @throws a Mistake if the shape has fewer than two axes
 *
 * @example
 * import { Initializer } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Initializer.fans([8, 3, 5, 5]), { fanIn: 75, fanOut: 200 })
 */
export const fans = (shape: Shape): Fans => {
  const [rows, columns, ...kernel] = checkShape('Initializer.fans', shape)
  if (rows === undefined || columns === undefined)
    throw mistake(
      'ShapeMismatch',
      'Initializer.fans',
      `${showShape(shape)} has fewer than two axes, so nothing goes in or comes out`
    )
  const field = size(kernel)
  return { fanIn: columns * field, fanOut: rows * field }
}

/** What comes after a layer. The linear layers are themselves no nonlinearity. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'convTranspose1d'
  | 'convTranspose2d'
  | 'convTranspose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leakyRelu'
  | 'selu'
const gains: { readonly [N in Nonlinearity]: (parameter: number | undefined) => number } = {
  linear: () => 1,
  conv1d: () => 1,
  conv2d: () => 1,
  conv3d: () => 1,
  convTranspose1d: () => 1,
  convTranspose2d: () => 1,
  convTranspose3d: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leakyRelu: (slope = 0.01) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: () => 3 / 4
}

/**
 * How much larger weights should be for the nonlinearity that follows: `torch.nn.init.calculate_gain`.
 *
 * 1 for linear layers and sigmoid, 5/3 for tanh, √2 for relu, √(2 / (1 + slope²)) for leakyRelu (the slope is 0.01 unless given), 3/4 for selu.
 *
 * @throws a Mistake for what is no such nonlinearity, or no finite slope
 *
 * @example
 * import { Initializer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Initializer.gain('tanh'), 5 / 3)
 * strictEqual(Initializer.gain('leakyRelu', 0), Initializer.gain('relu'))
 */
export const gain = (nonlinearity: Nonlinearity, parameter?: number): number => {
  if (!Object.hasOwn(gains, nonlinearity))
    throw mistake(
      'InvalidArgument',
      'Initializer.gain',
      `'${String(nonlinearity)}' is none of ${Object.keys(gains).join(', ')}`
    )
  if (parameter !== undefined && !Number.isFinite(parameter))
    throw mistake('InvalidArgument', 'Initializer.gain', `the slope is ${parameter}; it must be a finite number`)
  return gains[nonlinearity](parameter)
}

type Scale = (fans: Fans) => number
/** Equally likely within ±√3 times a standard deviation that the fans tell. */
const uniformly = (operation: string, standardDeviation: Scale): Independent =>
  independent(operation, shape => {
    const bound = Math.sqrt(3) * standardDeviation(fans(shape))
    return { kind: 'uniform', min: -bound, max: bound }
  })
/** Normal, of mean 0 and a standard deviation that the fans tell. */
const normally = (operation: string, standardDeviation: Scale): Independent =>
  independent(operation, shape => ({ kind: 'normal', mean: 0, standardDeviation: standardDeviation(fans(shape)) }))

export interface XavierOptions {
  readonly gain?: number
}
const xavier = (operation: string, factor: number): Scale => {
  notNegative(operation, 'gain', factor)
  return ({ fanIn, fanOut }) => factor * Math.sqrt(2 / (fanIn + fanOut))
}

/**
 * Equally likely within `±gain · √(6 / (fanIn + fanOut))`: `torch.nn.init.xavier_uniform_` (Glorot & Bengio 2010). The gain is 1 unless given.
 *
 * @throws a Mistake if the gain is negative; when drawn, if the shape has fewer than two axes
 *
 * @example
 * import { Initializer } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const { distribution } = Initializer.xavierUniform()
 * deepStrictEqual(distribution([2, 1]), { kind: 'uniform', min: -Math.sqrt(3) * Math.sqrt(2 / 3), max: Math.sqrt(3) * Math.sqrt(2 / 3) })
 */
export const xavierUniform = ({ gain: factor = 1 }: XavierOptions = {}): Independent =>
  uniformly('Initializer.xavierUniform', xavier('Initializer.xavierUniform', factor))

/**
 * Normal, of mean 0 and standard deviation `gain · √(2 / (fanIn + fanOut))`: `torch.nn.init.xavier_normal_` (Glorot & Bengio 2010).
 * The gain is 1 unless given.
 *
 * @throws a Mistake if the gain is negative; when drawn, if the shape has fewer than two axes
 *
 * @example
 * import { Initializer } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const { distribution } = Initializer.xavierNormal({ gain: 2 })
 * deepStrictEqual(distribution([4, 4]), { kind: 'normal', mean: 0, standardDeviation: 1 })
 */
export const xavierNormal = ({ gain: factor = 1 }: XavierOptions = {}): Independent =>
  normally('Initializer.xavierNormal', xavier('Initializer.xavierNormal', factor))

export interface KaimingOptions {
  /** PyTorch's `a`: of the leaky relu that follows; 0 unless given. */
  readonly negativeSlope?: number
  /** `'fanIn'` keeps the size of signals, `'fanOut'` that of gradients; the former unless given. */
  readonly mode?: 'fanIn' | 'fanOut'
  /** `'leakyRelu'` unless given. */
  readonly nonlinearity?: Nonlinearity
}
const kaiming = (
  operation: string,
  { negativeSlope = 0, mode = 'fanIn', nonlinearity = 'leakyRelu' }: KaimingOptions
): Scale => {
  if (mode !== 'fanIn' && mode !== 'fanOut')
    throw mistake('InvalidArgument', operation, `mode is '${String(mode)}'; it must be 'fanIn' or 'fanOut'`)
  const factor = gain(nonlinearity, negativeSlope)
  return counts => factor / Math.sqrt(counts[mode])
}

/**
 * Equally likely within `±gain · √(3 / fan)`: `torch.nn.init.kaiming_uniform_` (He et al. 2015).
 *
 * The gain is that of the nonlinearity, a leaky relu of slope 0 unless given; the fan is `fanIn` unless the mode says otherwise. PyTorch's own
 * layers draw their weights with a slope of √5, which is within `±1/√fanIn`.
 *
 * @throws a Mistake for what is no mode or nonlinearity; when drawn, if the shape has fewer than two axes
 *
 * @example
 * import { Initializer } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const { distribution } = Initializer.kaimingUniform({ nonlinearity: 'linear' })
 * deepStrictEqual(distribution([5, 3]), { kind: 'uniform', min: -1, max: 1 })
 */
export const kaimingUniform = (options: KaimingOptions = {}): Independent =>
  uniformly('Initializer.kaimingUniform', kaiming('Initializer.kaimingUniform', options))

/**
 * Normal, of mean 0 and standard deviation `gain / √fan`: `torch.nn.init.kaiming_normal_` (He et al. 2015). Options as of `kaimingUniform`.
 *
 * @throws a Mistake for what is no mode or nonlinearity; when drawn, if the shape has fewer than two axes
 *
 * @example
 * import { Initializer } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const { distribution } = Initializer.kaimingNormal({ mode: 'fanOut', nonlinearity: 'linear' })
 * deepStrictEqual(distribution([4, 3]), { kind: 'normal', mean: 0, standardDeviation: 0.5 })
 */
export const kaimingNormal = (options: KaimingOptions = {}): Independent =>
  normally('Initializer.kaimingNormal', kaiming('Initializer.kaimingNormal', options))

const lecun: Scale = ({ fanIn }) => 1 / Math.sqrt(fanIn)

/**
 * Equally likely within `±√(3 / fanIn)`: `jax.nn.initializers.lecun_uniform` (LeCun et al. 1998), the draw that goes with selu.
 *
 * @throws a Mistake, when drawn, if the shape has fewer than two axes
 *
 * @example
 * import { Initializer } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Initializer.lecunUniform().distribution([5, 3]), { kind: 'uniform', min: -1, max: 1 })
 */
export const lecunUniform = (): Independent => uniformly('Initializer.lecunUniform', lecun)

/**
 * Normal, of mean 0 and standard deviation `1 / √fanIn` (LeCun et al. 1998), the draw that goes with selu; JAX's `lecun_normal` is truncated as well.
 *
 * @throws a Mistake, when drawn, if the shape has fewer than two axes
 *
 * @example
 * import { Initializer } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Initializer.lecunNormal().distribution([5, 4]), { kind: 'normal', mean: 0, standardDeviation: 0.5 })
 */
export const lecunNormal = (): Independent => normally('Initializer.lecunNormal', lecun)
