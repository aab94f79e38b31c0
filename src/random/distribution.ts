/** Samples, each a function of a key: the same key gives the same sample. */
import { add, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { erfinv } from '../primitive/elementary.js'
import { argsort, take } from '../primitive/indexing.js'
import { bitAnd, floor, less, shiftRight } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import { checkShape, type Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { bits, type Key } from './key.js'

/** The dtype of samples; float32 unless given. */
export interface SampleOptions {
  readonly dtype?: 'float32' | 'float64'
}

/** Whole multiples of 2⁻²⁴ or 2⁻⁵³ in [0, 1), every one of them equally likely. */
const fractions =
  (operation: string, shape: Shape, dtype: 'float32' | 'float64') =>
  (key: Key): Tensor => {
    const [high, low] = bits(operation, checkShape(operation, shape))(key)
    if (dtype === 'float32') return mul(cast(dtype)(shiftRight(high, 8)), 2 ** -24)
    const upper = mul(cast(dtype)(shiftRight(high, 5)), 2 ** 26)
    return mul(add(upper, cast(dtype)(shiftRight(low, 6))), 2 ** -53)
  }
/** The same moved to the middle of their cells, in (0, 1). */
export const interior =
  (operation: string, shape: Shape, dtype: 'float32' | 'float64') =>
  (key: Key): Tensor => {
    // One bit less than `fractions`, or the half cell would round the largest of them up to 1.
    const coarse = dtype === 'float32' ? 2 ** 23 : 2 ** 52
    return mul(add(floor(mul(fractions(operation, shape, dtype)(key), coarse)), 0.5), 1 / coarse)
  }

/**
 * Equally likely numbers in [min, max), [0, 1) unless given: `torch.rand`, `jax.random.uniform`.
 *
 * Of float32 the numbers are multiples of 2⁻²⁴ of the range, of float64 of 2⁻⁵³.
 *
 * @example
 * import { pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const sample = pipe(Random.key(1), Random.uniform([1000], { min: -1, max: 1 }))
 * ok(Tensor.toArray(sample).every(x => x >= -1 && x < 1))
 */
export const uniform =
  <const S extends Shape>(
    shape: S,
    { min = 0, max = 1, dtype = 'float32' }: SampleOptions & { readonly min?: number; readonly max?: number } = {}
  ) =>
  (key: Key): Tensor<[...S]> => {
    if (!(min <= max && Number.isFinite(max - min)))
      throw mistake('InvalidArgument', 'Random.uniform', `no range from ${min} to ${max}`)
    return add(mul(fractions('Random.uniform', shape, dtype)(key), max - min), min) as Tensor<[...S]>
  }

/**
 * Normally distributed numbers, of mean 0 and standard deviation 1 unless given: `torch.randn`, `jax.random.normal`.
 *
 * `mean + standardDeviation · √2 · erf⁻¹(2u − 1)` for u in (0, 1), so that one draw is one number and none is infinite.
 *
 * @example
 * import { pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const sample = pipe(Random.key(1), Random.normal([10000], { mean: 5 }))
 * ok(Math.abs(Tensor.item(Tensor.mean()(sample)) - 5) < 0.05)
 */
export const normal =
  <const S extends Shape>(
    shape: S,
    {
      mean = 0,
      standardDeviation = 1,
      dtype = 'float32'
    }: SampleOptions & { readonly mean?: number; readonly standardDeviation?: number } = {}
  ) =>
  (key: Key): Tensor<[...S]> => {
    if (!(standardDeviation >= 0))
      throw mistake(
        'InvalidArgument',
        'Random.normal',
        `standardDeviation is ${standardDeviation}, which is not 0 or more`
      )
    const centered = sub(mul(interior('Random.normal', shape, dtype)(key), 2), 1)
    return add(mul(erfinv(centered), Math.SQRT2 * standardDeviation), mean) as Tensor<[...S]>
  }

/**
 * True with a probability, as bools: `jax.random.bernoulli`.
 *
 * @example
 * import { pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Random.key(1), Random.bernoulli([2], { probability: 1 }), Tensor.toArray), [true, true])
 */
export const bernoulli =
  <const S extends Shape>(shape: S, { probability = 0.5 }: { readonly probability?: number } = {}) =>
  (key: Key): Tensor<[...S]> => {
    if (!(probability >= 0 && probability <= 1))
      throw mistake(
        'InvalidArgument',
        'Random.bernoulli',
        `probability is ${probability}, which is not between 0 and 1`
      )
    return less(fractions('Random.bernoulli', shape, 'float32')(key), probability) as Tensor<[...S]>
  }

/**
 * Equally likely integers from `min` up to but not including `max`: `torch.randint`.
 *
 * @example
 * import { pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * ok(pipe(Random.key(1), Random.integers([100], { min: 0, max: 6 }), Tensor.toArray).every(x => x >= 0 && x < 6))
 */
export const integers =
  <const S extends Shape>(shape: S, { min, max }: { readonly min: number; readonly max: number }) =>
  (key: Key): Tensor<[...S]> => {
    if (!(Number.isInteger(min) && Number.isInteger(max) && min < max && min >= -(2 ** 31) && max <= 2 ** 31))
      throw mistake('InvalidArgument', 'Random.integers', `no int32 numbers from ${min} up to but not including ${max}`)
    // 53 random bits, so that no remainder is noticeably likelier than another.
    const spread = mul(fractions('Random.integers', shape, 'float64')(key), max - min)
    // The offset comes before the cast: a range of more than 2³¹ does not fit int32 until it has been moved.
    return cast('int32')(add(floor(spread), min)) as Tensor<[...S]>
  }

/**
 * The numbers 0 … n − 1 in a random order: `torch.randperm`.
 *
 * They are sorted by 62 random bits each, so that ties (which would favour the old order) do not occur.
 *
 * @example
 * import { pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const order = pipe(Random.key(1), Random.permutation(5), Tensor.toArray)
 * deepStrictEqual([...order].sort(), [0, 1, 2, 3, 4])
 */
export const permutation =
  <N extends number>(n: N) =>
  (key: Key): Tensor<[N]> => {
    const [major, minor] = bits('Random.permutation', checkShape('Random.permutation', [n]))(key)
    const sorted = argsort({ descending: false })
    const byMinor = sorted(bitAnd(minor, 0x7fffffff))
    return take(sorted(take(byMinor)(bitAnd(major, 0x7fffffff))))(byMinor) as Tensor<[N]>
  }
