/** Normal numbers between bounds. */

import { erf } from '../src/kernel/special.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import type { Key } from '../src/random/key.js'
import type { TruncatedNormal } from '../src/random/truncated-normal.js'
import { nearTensors } from './closeness.js'
import { likelyFrom } from './initializers.js'
import { type Law, law } from './law.js'
import { likely, mean, numbers, type RandomWords, standard } from './random-words.js'

/** Bounds on both sides, on one, on none, and beside the middle. */
const settings: readonly TruncatedNormal[] = [
  standard,
  { mean: 1, standardDeviation: 2, min: -1, max: 4 },
  { mean: -3, standardDeviation: 0.5, min: -3, max: Number.POSITIVE_INFINITY },
  { mean: 10, standardDeviation: 2, min: 0, max: 6 },
  { mean: 2, standardDeviation: 3, min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY }
]
const chosen = (choice: number): TruncatedNormal => settings[choice % settings.length]!

/** The density of the standard normal distribution, and how much of it lies below. */
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
const below = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2
/** x times its density, which at infinity is 0. */
const weighed = (x: number): number => (Number.isFinite(x) ? x * density(x) : 0)
/** The mean and the variance, by the density at the bounds. */
const moments = ({ mean: middle, standardDeviation, min, max }: TruncatedNormal) => {
  const [a, b] = [(min - middle) / standardDeviation, (max - middle) / standardDeviation]
  const part = below(b) - below(a)
  const shift = (density(a) - density(b)) / part
  return {
    middle: middle + standardDeviation * shift,
    variance: standardDeviation ** 2 * (1 + (weighed(a) - weighed(b)) / part - shift ** 2)
  }
}

export const truncatedLaws = ({ truncatedNormal, normal }: RandomWords): readonly Law<Key>[] => [
  law(
    'truncated normal',
    'within the bounds, and distributed between them as a normal distribution is',
    (key, choice) =>
      likelyFrom({ kind: 'truncatedNormal', ...chosen(choice) }, numbers(truncatedNormal(chosen(choice))(key)))
  ),
  law('truncated mean', 'm + s (φ(a) − φ(b)) / (Φ(b) − Φ(a)) for bounds m + s a and m + s b', (key, choice) => {
    const { middle, variance } = moments(chosen(choice))
    return likely(mean(numbers(truncatedNormal(chosen(choice))(key))), middle, variance)
  }),
  law(
    'truncated and moved',
    'of mean m and deviation s between m + s a and m + s b is m + s times that between a and b',
    (key, choice) => {
      const { mean: middle, standardDeviation, min, max } = chosen(choice)
      const plain = truncatedNormal({
        mean: 0,
        standardDeviation: 1,
        min: (min - middle) / standardDeviation,
        max: (max - middle) / standardDeviation
      })
      return nearTensors(truncatedNormal(chosen(choice))(key), add(mul(plain(key), standardDeviation), middle), 1e-9)
    }
  ),
  law('without bounds', 'between −∞ and ∞ it is the normal distribution, number by number', key => {
    const [min, max] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    return nearTensors(truncatedNormal({ mean: 0, standardDeviation: 1, min, max })(key), normal(key), 1e-12)
  })
]
