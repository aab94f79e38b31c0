/** What of the library each kind of PyTorch's cases is about, for every kind of every file: a name that does not exist is a type error, a kind that is missing a failing test. */
import type * as Library from '../../src/index.js'
import type * as Transform from '../../src/Transform.js'
import type { Case } from '../oracle/oracle.js'

type Namespaces = Pick<typeof Library, 'Initializer' | 'Layer' | 'Loss' | 'Optimizer' | 'Schedule' | 'Tensor'> & {
  readonly Transform: typeof Transform
}
/** A name with its namespace. */
export type PublicName = {
  [N in keyof Namespaces]: `${N}.${Extract<keyof Namespaces[N], string>}`
}[keyof Namespaces]
/** What a case is about; its options may tell. */
export type About = readonly PublicName[] | ((c: Case) => readonly PublicName[])

/** An activation is an operation and a layer. */
const both = (name: Extract<keyof typeof Library.Layer, keyof typeof Library.Tensor>): About => [
  `Tensor.${name}`,
  `Layer.${name}`
]
const activations = {
  tanh: both('tanh'),
  sigmoid: both('sigmoid'),
  softplus: both('softplus'),
  logsigmoid: both('logSigmoid'),
  silu: both('silu'),
  gelu: both('gelu'),
  mish: both('mish'),
  softsign: both('softsign'),
  tanhshrink: both('tanhshrink'),
  relu: both('relu'),
  leaky_relu: both('leakyRelu'),
  elu: both('elu'),
  selu: both('selu'),
  celu: both('celu'),
  relu6: both('relu6'),
  hardtanh: both('hardtanh'),
  hardsigmoid: both('hardsigmoid'),
  hardswish: both('hardswish'),
  softshrink: both('softshrink'),
  hardshrink: both('hardshrink'),
  threshold: both('threshold'),
  softmax: both('softmax'),
  log_softmax: both('logSoftmax'),
  logsumexp: ['Tensor.logsumexp']
} satisfies Kinds

const layers = {
  Linear: ['Layer.linear'],
  Bilinear: ['Layer.bilinear'],
  Conv1d: ['Layer.conv1d'],
  Conv2d: ['Layer.conv2d'],
  ConvTranspose2d: ['Layer.convTranspose2d'],
  BatchNorm1d: ['Layer.batchNorm1d'],
  BatchNorm2d: ['Layer.batchNorm2d'],
  InstanceNorm1d: ['Layer.instanceNorm1d'],
  InstanceNorm2d: ['Layer.instanceNorm2d'],
  LayerNorm: ['Layer.layerNorm'],
  GroupNorm: ['Layer.groupNorm'],
  MaxPool2d: ['Layer.maxPool2d'],
  AvgPool2d: ['Layer.avgPool2d'],
  AdaptiveAvgPool2d: ['Layer.adaptiveAvgPool2d'],
  // Where axes follow those that are flattened, it is the operation.
  Flatten: ({ options }) => [options['end_dim'] === -1 ? 'Layer.flatten' : 'Tensor.flatten'],
  PixelShuffle: ['Layer.pixelShuffle'],
  Embedding: ['Layer.embedding'],
  RNN: ['Layer.rnn', 'Layer.carried'],
  GRU: ['Layer.gru', 'Layer.carried'],
  LSTM: ['Layer.lstm', 'Layer.carried'],
  MultiheadAttention: ['Layer.multiHeadAttention'],
  scaled_dot_product_attention: ['Tensor.scaledDotProductAttention']
} satisfies Kinds

const losses = {
  mse_loss: ['Loss.mse'],
  l1_loss: ['Loss.l1'],
  smooth_l1_loss: ['Loss.smoothL1'],
  huber_loss: ['Loss.huber'],
  binary_cross_entropy: ['Loss.binaryCrossEntropy'],
  binary_cross_entropy_with_logits: ['Loss.binaryCrossEntropyWithLogits'],
  cross_entropy: ['Loss.crossEntropy'],
  nll_loss: ['Loss.nll'],
  kl_div: ['Loss.klDivergence'],
  poisson_nll_loss: ['Loss.poissonNll'],
  gaussian_nll_loss: ['Loss.gaussianNll'],
  hinge_embedding_loss: ['Loss.hingeEmbedding'],
  margin_ranking_loss: ['Loss.marginRanking'],
  cosine_embedding_loss: ['Loss.cosineEmbedding'],
  triplet_margin_loss: ['Loss.tripletMargin']
} satisfies Kinds

const optimizers = {
  SGD: ({ options }) => [
    'Optimizer.sgd',
    ...('clip_grad_norm' in options ? (['Optimizer.clipByGlobalNorm', 'Optimizer.globalNorm'] as const) : []),
    ...('clip_grad_value' in options ? (['Optimizer.clipByValue'] as const) : [])
  ],
  Adam: ['Optimizer.adam'],
  AdamW: ['Optimizer.adamW'],
  RMSprop: ['Optimizer.rmsprop'],
  Adagrad: ['Optimizer.adagrad'],
  Adadelta: ['Optimizer.adadelta'],
  Adamax: ['Optimizer.adamax'],
  NAdam: ['Optimizer.nadam'],
  RAdam: ['Optimizer.radam'],
  LBFGS: ['Optimizer.lbfgs']
} satisfies Kinds

const schedulers = {
  StepLR: ['Schedule.step'],
  MultiStepLR: ['Schedule.multiStep'],
  ExponentialLR: ['Schedule.exponential'],
  CosineAnnealingLR: ['Schedule.cosine'],
  CosineAnnealingWarmRestarts: ['Schedule.cosineRestarts'],
  LinearLR: ['Schedule.linear'],
  PolynomialLR: ['Schedule.polynomial'],
  OneCycleLR: ['Schedule.oneCycle'],
  CyclicLR: ['Schedule.cyclic'],
  LambdaLR: ['Schedule.fromFunction'],
  ReduceLROnPlateau: ['Schedule.reduceOnPlateau']
} satisfies Kinds

const initializers = {
  Linear_default: ['Layer.linear'],
  Conv2d_default: ['Layer.conv2d'],
  calculate_gain: ['Initializer.gain'],
  xavier_uniform_: ['Initializer.xavierUniform', 'Initializer.fans'],
  xavier_normal_: ['Initializer.xavierNormal', 'Initializer.fans'],
  kaiming_uniform_: ['Initializer.kaimingUniform', 'Initializer.fans', 'Initializer.gain'],
  kaiming_normal_: ['Initializer.kaimingNormal', 'Initializer.fans', 'Initializer.gain'],
  orthogonal_: ['Initializer.orthogonal']
} satisfies Kinds

const operation = (...names: readonly Extract<keyof typeof Library.Tensor, string>[]): About =>
  names.map(name => `Tensor.${name}` as const)
/** Those that are called here as they are in PyTorch. */
const alike = [
  ...(['matmul', 'einsum', 'outer', 'add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'pow', 'where'] as const),
  ...(['sum', 'mean', 'prod', 'cumsum', 'topk', 'gather', 'flip', 'roll', 'pad', 'concat', 'stack', 'split'] as const),
  ...(['permute', 'reshape', 'expand', 'tril', 'triu', 'diag', 'abs', 'sign', 'floor', 'ceil', 'round'] as const),
  ...(['clamp', 'exp', 'log', 'log1p', 'expm1', 'sqrt', 'rsqrt', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const),
  ...(['sinh', 'cosh', 'asinh', 'acosh', 'atanh', 'erf', 'erfc', 'lgamma', 'digamma', 'atan2', 'hypot'] as const)
] as const
const operations: Kinds = {
  ...Object.fromEntries(alike.map(name => [name, operation(name)])),
  pow_scalar: operation('pow'),
  var: operation('variance'),
  std: operation('standardDeviation'),
  logsumexp_reduce: operation('logsumexp'),
  amax: operation('max'),
  amin: operation('min'),
  // Along one axis PyTorch gives the place as well.
  max: ({ options }) => (options['dim'] === null ? ['Tensor.max'] : ['Tensor.max', 'Tensor.argmax']),
  min: ({ options }) => (options['dim'] === null ? ['Tensor.min'] : ['Tensor.min', 'Tensor.argmin']),
  sort: operation('sort', 'argsort'),
  index_select: operation('take'),
  slice: operation('slices'),
  transpose: operation('swapAxes')
}

const everyDerivative = ['vjp', 'jvp', 'linearize', 'jacfwd', 'jacrev', 'hessian', 'grad'] as const
const derivatives: About = ({ outputs }) => [
  ...everyDerivative.map(name => `Transform.${name}` as const),
  ...('hvp' in outputs ? (['Transform.hvp'] as const) : [])
]
const transforms = {
  rosenbrock: derivatives,
  softmax_matvec: derivatives,
  logsumexp_affine: derivatives,
  tanh_mlp: derivatives,
  bilinear_form: derivatives,
  product_chain: derivatives
} satisfies Kinds

const trajectories = {
  thermometer: ({ options }) => [
    'Layer.linear',
    ...(options['model'] === 'linear' ? [] : (['Layer.sequential', 'Layer.tanh'] as const)),
    ...(options['model'] === 'sequential_named' ? (['Layer.named'] as const) : []),
    'Loss.mse',
    'Optimizer.sgd'
  ]
} satisfies Kinds

/** By kind. */
type Kinds = Readonly<Record<string, About>>
/** By file, and in it by kind. */
export const oracleNames: Readonly<Record<string, Kinds>> = {
  transforms,
  trajectories,
  activations,
  layers,
  losses,
  optimizers,
  schedulers,
  initializers,
  tensor_ops: operations
}
