/** Randomness as a value: the same key draws the same, other keys draw otherwise, and samples are where they should be. */

import { jit } from '../src/engine/jit.js'
import { reshape } from '../src/primitive/movement.js'
import { bernoulli, integers, normal, permutation, uniform } from '../src/random/distribution.js'
import { foldIn, type Key, keys, split } from '../src/random/key.js'
import { elements, known, type Tensor } from '../src/tensor/tensor.js'
import { vmap } from '../src/transform/vmap.js'
import { member, sameBits } from './closeness.js'
import { type Law, law } from './law.js'

/** What laws of randomness are about: this library's words, or an instance that may be wrong. */
export interface RandomWords {
  readonly split: (key: Key) => readonly [Key, Key]
  readonly keys: (n: number) => (key: Key) => Tensor
  readonly foldIn: (data: number) => (key: Key) => Key
  readonly uniform: (key: Key) => Tensor
  readonly normal: (key: Key) => Tensor
  readonly permutation: (key: Key) => Tensor
}
export const count = 400
export const words: RandomWords = {
  split,
  keys: n => key => keys(n)(key),
  foldIn,
  uniform: uniform([count], { dtype: 'float64' }),
  normal: normal([count], { dtype: 'float64' }),
  permutation: permutation(count)
}
const numbers = (x: Tensor): readonly number[] => Array.from(elements(known('a law')(x)))
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length
const all = (key: Key): readonly Tensor[] => [
  uniform([7])(key),
  normal([7])(key),
  bernoulli([7])(key),
  integers([7], { min: -3, max: 9 })(key),
  permutation(7)(key)
]

export const randomLaws = (w: RandomWords): readonly Law<Key>[] => [
  law(
    'same key, same draw',
    'draw k = draw k',
    key => all(key).every((x, i) => sameBits(x, all(key)[i]!)) && sameBits(w.uniform(key), w.uniform(key))
  ),
  law('split keys differ', 'split k = [a, b] ⇒ a, b and k draw differently', key => {
    const [a, b] = w.split(key)
    const draws = [a, b, key].map(w.uniform)
    return !sameBits(draws[0]!, draws[1]!) && !sameBits(draws[0]!, draws[2]!) && !sameBits(draws[1]!, draws[2]!)
  }),
  law('many keys differ', 'all keys of keys n k are different', key => {
    const found = w.keys(50)(key)
    return new Set(Array.from({ length: 50 }, (_, i) => numbers(member(found, i)).join())).size === 50
  }),
  law('folded keys differ', 'foldIn i k ≠ foldIn j k for i ≠ j, and neither is a key of split k', (key, choice) => {
    const made = [w.foldIn(choice)(key), w.foldIn(choice + 1)(key), ...w.split(key), key]
    return new Set(made.map(k => numbers(k).join())).size === made.length
  }),
  law('uniform', '0 ≤ u < 1, mean ≈ 1/2, variance ≈ 1/12 (within 5 standard errors)', key => {
    const xs = numbers(w.uniform(key))
    const average = mean(xs)
    return (
      xs.every(x => x >= 0 && x < 1) &&
      Math.abs(average - 0.5) < 5 / Math.sqrt(12 * count) &&
      Math.abs(mean(xs.map(x => (x - average) ** 2)) - 1 / 12) < 5 * Math.sqrt(1 / 180 / count)
    )
  }),
  law('normal', 'finite, mean ≈ 0, variance ≈ 1 (within 5 standard errors)', key => {
    const xs = numbers(w.normal(key))
    const average = mean(xs)
    return (
      xs.every(Number.isFinite) &&
      Math.abs(average) < 5 / Math.sqrt(count) &&
      Math.abs(mean(xs.map(x => (x - average) ** 2)) - 1) < 5 * Math.sqrt(2 / count)
    )
  }),
  law('permutation', 'each of 0 … n − 1 once', key => {
    const xs = numbers(w.permutation(key))
    return new Set(xs).size === count && xs.every(x => x >= 0 && x < count) && xs.some((x, i) => x !== i)
  }),
  law('traced draws', 'jit draw = draw = vmap draw of one key', key => {
    const batch = reshape([1, 2])(key)
    return all(key).every(
      (x, i) =>
        sameBits(jit((k: Key) => all(k)[i]!)(key), x) && sameBits(member(vmap((k: Key) => all(k)[i]!)<1>(batch), 0), x)
    )
  })
]
