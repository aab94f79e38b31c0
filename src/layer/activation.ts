/** Activations as layers. */
export * from './activation-hard.js'
export * from './activation-prelu.js'
export * from './activation-rectifier.js'
export * from './activation-smooth.js'
export * from './activation-softmax.js'
