/** Layers: pure functions over immutable parameters, and their composition. */
export * from './layer/activation.js'
export { multiHeadAttention, selfAttention } from './layer/attention.js'
export type { MultiHeadAttention, SelfAttention } from './layer/attention-types.js'
export { type Bilinear, bilinear } from './layer/bilinear.js'
export { type Arrow, arrow, Category, URI } from './layer/category.js'
export {
  branch,
  concat,
  concatAlong,
  fanout,
  first,
  lift,
  repeat,
  second,
  split,
  when
} from './layer/combinator.js'
export type { Branch, Condition } from './layer/combinator-types.js'
export type { Parallel, Sequential, TreeSequential } from './layer/composition-types.js'
export { conv1d, conv2d, conv3d } from './layer/convolution.js'
export type { Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d } from './layer/convolution-types.js'
export { alphaDropout, dropout1d, dropout2d } from './layer/dropout.js'
export { type Embedding, embedding } from './layer/embedding.js'
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
export { groupNorm, layerNorm, rmsNorm } from './layer/normalization.js'
export { batchNorm1d, batchNorm2d, instanceNorm1d, instanceNorm2d } from './layer/normalization-batch.js'
export type { ChannelNorm, GroupNorm, LayerNorm, RmsNorm, RunningStatistics } from './layer/normalization-types.js'
export { avgPool1d, avgPool2d, maxPool1d, maxPool2d } from './layer/pooling.js'
export { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveMaxPool1d, adaptiveMaxPool2d } from './layer/pooling-adaptive.js'
export type { AdaptivePool, Pool } from './layer/pooling-types.js'
export { learnedEncoding, rotaryEncoding, sinusoidalEncoding } from './layer/positional.js'
export { carried, gru, lastStep, lstm, rnn } from './layer/recurrent.js'
export { gruCell, lstmCell, rnnCell } from './layer/recurrent-cell.js'
export type { Carried, Recurrent, RecurrentCell } from './layer/recurrent-types.js'
export { flatten, pixelShuffle, pixelUnshuffle, reshape, unflatten } from './layer/shape.js'
export type { Flatten, PixelShuffle, PixelUnshuffle, Reshaped, Unflatten, Upsample } from './layer/shape-types.js'
export { freeze, initializedWith, isFrozen, mapParameters, tie } from './layer/sharing.js'
export type { Chosen, Tie } from './layer/sharing-types.js'
export { type TransformerEncoderLayer, transformerEncoderLayer } from './layer/transformer.js'
export { convTranspose1d, convTranspose2d } from './layer/transposed-convolution.js'
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
export { upsample } from './layer/upsample.js'
