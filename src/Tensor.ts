/** Tensors: immutable n-dimensional arrays of numbers, and what is computed with them. */
export * from './operation/activation.js'
export * from './operation/arithmetic.js'
export { scaledDotProductAttention } from './operation/attention.js'
export * from './operation/comparison.js'
export { dot, matmul, outer } from './operation/contraction.js'
export { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d } from './operation/convolution.js'
export * from './operation/creation.js'
export { diag, diagonal, tril, triu } from './operation/diagonal.js'
export { einsum } from './operation/einsum.js'
export { gather, scatterAdd, take } from './operation/indexing.js'
export { chunk, concat, split, stack } from './operation/joining.js'
export * from './operation/logic.js'
export {
  broadcastTo,
  expand,
  flatten,
  permute,
  reshape,
  squeeze,
  swapAxes,
  transpose,
  unsqueeze
} from './operation/movement.js'
export type { Nested, Numbers, NumbersOf, ShapeOf } from './operation/nested.js'
export * from './operation/pointwise.js'
export * from './operation/reading.js'
export { argmax, argmin, max, mean, min, prod, sum } from './operation/reduction.js'
export type * from './operation/signatures.js'
export { argsort, sort, topk } from './operation/sorting.js'
export * from './operation/special.js'
export { cumsum, logsumexp, norm, standardDeviation, variance } from './operation/statistics.js'
export { flip, pad, roll, select, slice, slices, tile } from './operation/window.js'
export type { Data, Dtype } from './structure/dtype.js'
export type { Shape } from './structure/shape-types.js'
export type { Tensor } from './tensor/tensor.js'
