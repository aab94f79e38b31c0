/** Randomness as a value: keys, and samples as functions of a key. */
export * from './random/distribution.js'
export { draw, foldIn, type Key, key, keys, next, split } from './random/key.js'
