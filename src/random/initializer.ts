/**
 * Initializers: how fresh parameters are drawn, as a function of their shape, from a key that is passed along.
 *
 * Those of the library tell the distribution of their numbers, where all have one.
 */
import type { State } from 'fp-ts/lib/State.js'
import { mistake } from '../structure/mistake.js'
import { checkShape, type Shape } from '../structure/shape.js'
import { uniform as filled, type Tensor } from '../tensor/tensor.js'
import { normal as drawNormal, uniform as drawUniform, type SampleOptions } from './distribution.js'
import { draw, type Key } from './key.js'
import { checkTruncated, truncatedNormal as drawTruncated, type TruncatedNormal } from './truncated-normal.js'

/** How a parameter of a shape is drawn, in a dtype; any function of this type will do. */
export type Initializer = (shape: Shape, options: { readonly dtype: 'float32' | 'float64' }) => State<Key, Tensor>

/** What each number is drawn from. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly standardDeviation: number }
  | ({ readonly kind: 'truncatedNormal' } & TruncatedNormal)

/** An initializer of the library: float32 unless told otherwise. */
export type Standard = <const S extends Shape>(shape: S, options?: SampleOptions) => State<Key, Tensor<[...S]>>
/** One all of whose numbers are drawn from one distribution, which depends on the shape alone. */
export interface Independent extends Standard {
  readonly distribution: (shape: Shape) => Distribution
}

const sample = (
  operation: string,
  distribution: Distribution,
  shape: Shape,
  options: SampleOptions
): State<Key, Tensor> => {
  switch (distribution.kind) {
    case 'constant': {
      const value = filled(
        { shape: checkShape(operation, shape), dtype: options.dtype ?? 'float32' },
        distribution.value
      )
      return key => [value, key]
    }
    case 'uniform':
      return draw(drawUniform(shape, { ...distribution, ...options }))
    case 'normal':
      return draw(drawNormal(shape, { ...distribution, ...options }))
    case 'truncatedNormal':
      return draw(drawTruncated(shape, { ...distribution, ...options }))
  }
}

/** The initializer that draws each number from one distribution. */
export const independent = (operation: string, distribution: (shape: Shape) => Distribution): Independent => {
  const initialize = (shape: Shape, options: SampleOptions = {}): State<Key, Tensor> =>
    sample(operation, distribution(shape), shape, options)
  return Object.assign(initialize as Standard, { distribution })
}

/** A setting that must be a finite number. */
export const finite = (operation: string, name: string, value: number): number => {
  if (!Number.isFinite(value))
    throw mistake('InvalidArgument', operation, `${name} is ${value}; it must be a finite number`)
  return value
}
/** A setting that must be a finite number of 0 or more. */
export const notNegative = (operation: string, name: string, value: number): number => {
  if (!(Number.isFinite(value) && value >= 0))
    throw mistake('InvalidArgument', operation, `${name} is ${value}; it must be a finite number of 0 or more`)
  return value
}

/**
 * One number everywhere: `torch.nn.init.constant_`. The key goes on unused.
 *
 * @throws a Mistake if the number is not finite
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [bias] = Initializer.constant(0.5)([2])(Random.key(1))
 * deepStrictEqual(Tensor.toArray(bias), [0.5, 0.5])
 */
export const constant = (value: number): Independent => {
  finite('Initializer.constant', 'value', value)
  return independent('Initializer.constant', () => ({ kind: 'constant', value }))
}

/**
 * Zeros: `torch.nn.init.zeros_`. The key goes on unused.
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Initializer.zeros([2])(Random.key(1))[0]), [0, 0])
 */
export const zeros: Independent = /* @__PURE__ */ constant(0)

/**
 * Ones: `torch.nn.init.ones_`. The key goes on unused.
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Initializer.ones([2])(Random.key(1))[0]), [1, 1])
 */
export const ones: Independent = /* @__PURE__ */ constant(1)

/**
 * Equally likely numbers in [min, max), [0, 1) unless given: `torch.nn.init.uniform_`.
 *
 * @throws a Mistake if there is no range from one to the other
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const [drawn] = Initializer.uniform({ min: -0.1, max: 0.1 })([100])(Random.key(1))
 * ok(Tensor.toArray(drawn).every(x => Math.abs(x) <= 0.1))
 */
export const uniform = ({ min = 0, max = 1 }: { readonly min?: number; readonly max?: number } = {}): Independent => {
  if (!(min <= max && Number.isFinite(max - min)))
    throw mistake('InvalidArgument', 'Initializer.uniform', `no range from ${min} to ${max}`)
  return independent('Initializer.uniform', () => ({ kind: 'uniform', min, max }))
}

/**
 * Normally distributed numbers, of mean 0 and standard deviation 1 unless given: `torch.nn.init.normal_`.
 *
 * @throws a Mistake if the mean is not finite, or the standard deviation negative
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [drawn, next] = Initializer.normal({ standardDeviation: 0.02 })([3, 2], { dtype: 'float64' })(Random.key(1))
 * deepStrictEqual([Tensor.shape(drawn), Tensor.dtype(drawn), Tensor.shape(next)], [[3, 2], 'float64', [2]])
 */
export const normal = ({
  mean = 0,
  standardDeviation = 1
}: {
  readonly mean?: number
  readonly standardDeviation?: number
} = {}): Independent => {
  finite('Initializer.normal', 'mean', mean)
  notNegative('Initializer.normal', 'standardDeviation', standardDeviation)
  return independent('Initializer.normal', () => ({ kind: 'normal', mean, standardDeviation }))
}

/**
 * Normally distributed numbers of which those outside of [min, max] are left out: `torch.nn.init.trunc_normal_`.
 *
 * Mean 0, standard deviation 1 and bounds ±2 unless given; the bounds are numbers, not multiples of the standard deviation.
 *
 * @throws a Mistake if there is no range, if the standard deviation is not above 0, or if the bounds leave less than a billionth of the distribution
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const [drawn] = Initializer.truncatedNormal({ standardDeviation: 0.02, min: -0.04, max: 0.04 })([100])(Random.key(1))
 * ok(Tensor.toArray(drawn).every(x => Math.abs(x) <= 0.0401))
 */
export const truncatedNormal = ({
  mean = 0,
  standardDeviation = 1,
  min = -2,
  max = 2
}: Partial<TruncatedNormal> = {}): Independent => {
  const settings = checkTruncated('Initializer.truncatedNormal', { mean, standardDeviation, min, max })
  return independent('Initializer.truncatedNormal', () => ({ kind: 'truncatedNormal', ...settings }))
}
