/** Layers: pure functions over immutable parameters, and their composition. */
export * from './layer/activation.js'
export type { Parallel, Sequential, TreeSequential } from './layer/composition-types.js'
export * from './layer/inspect.js'
export type { Specification } from './layer/inspection.js'
export {
  andThen,
  dropout,
  identity,
  linear,
  make,
  named,
  parallel,
  residual,
  runningMean,
  sequential
} from './layer/layer.js'
export type {
  AnyLayer,
  Buffers,
  Empty,
  Input,
  Layer,
  Linear,
  Memory,
  Mode,
  Named,
  Output,
  Params,
  Pointwise,
  ShapeTree,
  Tensors,
  TreeLayer,
  Unbiased
} from './layer/types.js'
