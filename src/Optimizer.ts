/** Optimizers: transformations of gradients into updates, composed by `chain`. */
export * from './optimizer/optimizer.js'
export * from './optimizer/sgd.js'
export {
  addDecayedWeights,
  clipByGlobalNorm,
  clipByValue,
  globalNorm,
  type MomentumOptions,
  momentum,
  type NormOptions,
  type Rate,
  scale
} from './optimizer/transformation.js'
