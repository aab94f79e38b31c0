/** Randomness as a value: keys, and samples as functions of a key. */
export {
  bernoulli,
  integers,
  normal,
  permutation,
  type SampleOptions,
  uniform
} from './random/distribution.js'
export { draw, foldIn, type Key, key, keys, next, split } from './random/key.js'
export { type TruncatedNormal, truncatedNormal } from './random/truncated-normal.js'
