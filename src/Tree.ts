/** Trees of tensors: parameters, gradients, states, batches. */
export * from './operation/tree.js'
