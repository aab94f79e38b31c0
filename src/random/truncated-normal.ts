/** Normally distributed numbers between bounds. */
import { erf } from '../kernel/special.js'
import { add, mul } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { erfinv } from '../primitive/elementary.js'
import { maximum, minimum } from '../primitive/extremum.js'
import { mistake } from '../structure/mistake.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import { interior, type SampleOptions } from './distribution.js'
import type { Key } from './key.js'

/** A normal distribution, of which what lies outside of bounds is left out. */
export interface TruncatedNormal {
  readonly mean: number
  readonly standardDeviation: number
  readonly min: number
  readonly max: number
}
/** Where erf runs to between the bounds. */
const reach = ({ mean, standardDeviation, min, max }: TruncatedNormal): readonly [number, number] => [
  erf((min - mean) / (standardDeviation * Math.SQRT2)),
  erf((max - mean) / (standardDeviation * Math.SQRT2))
]

/** Settings with which there is something to draw. */
export const checkTruncated = (operation: string, settings: TruncatedNormal): TruncatedNormal => {
  const { mean, standardDeviation, min, max } = settings
  if (!(standardDeviation > 0 && Number.isFinite(standardDeviation) && Number.isFinite(mean)))
    throw mistake(
      'InvalidArgument',
      operation,
      `mean is ${mean} and standardDeviation ${standardDeviation}; they must be finite, and the latter above 0`
    )
  if (!(min < max)) throw mistake('InvalidArgument', operation, `no range from ${min} to ${max}`)
  const [low, high] = reach(settings)
  // Of less, the tails in float64 tell too few numbers apart.
  if (high - low < 2e-9)
    throw mistake(
      'InvalidArgument',
      operation,
      `between ${min} and ${max} lies less than a billionth of what is normal with mean ${mean} and standardDeviation ${standardDeviation}`
    )
  return settings
}

/**
 * Normally distributed numbers of which those outside of [min, max] are left out, of mean 0 and standard deviation 1 before that, and within ±2,
 * unless given: `torch.nn.init.trunc_normal_`, `jax.random.truncated_normal`.
 *
 * `mean + standardDeviation · √2 · erf⁻¹(e)` for e equally likely between the values of erf at the bounds, so that one draw is one number.
 *
 * @throws a Mistake if there is no range, if the standard deviation is not above 0, or if the bounds leave less than a billionth of the distribution
 *
 * @example
 * import { pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const sample = pipe(Random.key(1), Random.truncatedNormal([1000], { min: -1, max: 3 }), Tensor.toArray)
 * ok(sample.every(x => x >= -1 && x <= 3))
 */
export const truncatedNormal = <const S extends Shape>(
  shape: S,
  {
    mean = 0,
    standardDeviation = 1,
    min = -2,
    max = 2,
    dtype = 'float32'
  }: SampleOptions & Partial<TruncatedNormal> = {}
): ((key: Key) => Tensor<[...S]>) => {
  const [low, high] = reach(checkTruncated('Random.truncatedNormal', { mean, standardDeviation, min, max }))
  const last = 1 - 2 ** -53
  return key => {
    const spread = add(mul(interior('Random.truncatedNormal', shape, 'float64')(key), high - low), low)
    const standard = erfinv(maximum(minimum(spread, last), -last))
    const drawn = cast(dtype)(add(mul(standard, Math.SQRT2 * standardDeviation), mean))
    return maximum(minimum(drawn, max), min) as Tensor<[...S]>
  }
}
