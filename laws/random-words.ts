/** Words of randomness, to be put to laws: this library's, or others that may be wrong; and what the laws measure samples by. */
import type { State } from 'fp-ts/lib/State.js'
import { bernoulli, integers, normal, permutation, uniform } from '../src/random/distribution.js'
import { bits, draw, foldIn, type Key, key as keyOf, keys, next, split } from '../src/random/key.js'
import { type TruncatedNormal, truncatedNormal } from '../src/random/truncated-normal.js'
import { elements, known, type Tensor } from '../src/tensor/tensor.js'

export type Draw = (key: Key) => Tensor

/** What laws of randomness are about: this library's words, or an instance that may be wrong. */
export interface RandomWords {
  /** Raw words of random bits, two tensors of int32. */
  readonly words: (key: Key) => readonly [Tensor, Tensor]
  readonly split: (key: Key) => readonly [Key, Key]
  readonly keys: (n: number) => (key: Key) => Tensor
  readonly foldIn: (data: number | Tensor<[]>) => (key: Key) => Key
  readonly key: (seed: number) => Key
  readonly next: State<Key, Key>
  readonly draw: <A>(sample: (key: Key) => A) => State<Key, A>
  /** In [0, 1). */
  readonly uniform: Draw
  readonly uniformFloat32: Draw
  readonly normal: Draw
  readonly truncatedNormal: (settings: TruncatedNormal) => Draw
  /** True with probability 0.3. */
  readonly bernoulli: Draw
  /** From −3 up to, not including, 5. */
  readonly integers: Draw
  /** Of `count` numbers. */
  readonly permutation: Draw
}
export const count = 400
export const words: RandomWords = {
  words: bits('a law', [count]),
  split,
  keys: n => key => keys(n)(key),
  foldIn,
  key: keyOf,
  next,
  draw,
  uniform: uniform([count], { dtype: 'float64' }),
  uniformFloat32: uniform([count]),
  normal: normal([count], { dtype: 'float64' }),
  truncatedNormal: settings => truncatedNormal([count], { ...settings, dtype: 'float64' }),
  bernoulli: bernoulli([count], { probability: 0.3 }),
  integers: integers([count], { min: -3, max: 5 }),
  permutation: permutation(count)
}
/** Within two standard deviations. */
export const standard: TruncatedNormal = { mean: 0, standardDeviation: 1, min: -2, max: 2 }
/** The elements of a known tensor. */
export const numbers = (x: Tensor): readonly number[] => Array.from(elements(known('a law')(x)))
export const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length
/** Whether a mean of so many numbers with a known variance is near enough to what it should be. */
export const likely = (found: number, expected: number, variance: number): boolean =>
  Math.abs(found - expected) < 5 * Math.sqrt(variance / count)
/** A key as a text that tells it from others. */
export const shown = (key: Key): string => numbers(key).join()
export const allDiffer = (found: readonly string[]): boolean => new Set(found).size === found.length
/** All samples, of the library's settings. */
export const draws = (w: RandomWords): readonly Draw[] => [
  w.uniform,
  w.uniformFloat32,
  w.normal,
  w.truncatedNormal(standard),
  w.bernoulli,
  w.integers,
  w.permutation
]
