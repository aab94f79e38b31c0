/** Losses: what a prediction lacks of its target, `loss(target)(prediction)`; a mean over all elements unless told otherwise. */
export * from './objective/binary.js'
export { type CrossEntropyOptions, crossEntropy, type NllOptions, nll } from './objective/classification.js'
export * from './objective/embedding.js'
export * from './objective/probabilistic.js'
export type { LossOptions, Reduced, Reduction } from './objective/reduction.js'
export * from './objective/regression.js'
