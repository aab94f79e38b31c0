/** Activation functions: what bends a network between its linear maps. `tanh` and `sigmoid` are in `pointwise.ts`. */
export * from './activation-hard.js'
export * from './activation-rectifier.js'
export * from './activation-smooth.js'
export * from './activation-softmax.js'
