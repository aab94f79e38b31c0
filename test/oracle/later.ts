/**
 * The kinds of the oracle that this library has no word for yet, by file and by reason; and single cases of
 * kinds that it has, but not with all of PyTorch's options yet.
 *
 * Whatever is neither here nor in the table of its file fails the tests, and so does what is in both: a new operation
 * cannot be forgotten here, and no kind can be left out in silence. A single case must not be here if it would pass.
 */
export const later: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  activations: {
    'vocabulary: activations beyond the chapter': [
      'elu',
      'selu',
      'celu',
      'gelu',
      'silu',
      'mish',
      'softsign',
      'logsigmoid',
      'hardsigmoid',
      'hardswish',
      'relu6',
      'tanhshrink',
      'softshrink',
      'hardshrink',
      'threshold'
    ]
  },
  initializers: {
    'vocabulary: initialisers': [
      'Linear_default',
      'Conv2d_default',
      'calculate_gain',
      'xavier_uniform_',
      'xavier_normal_',
      'kaiming_uniform_',
      'kaiming_normal_',
      'orthogonal_'
    ]
  },
  layers: {
    'vocabulary: layers beyond the chapter': [
      'Bilinear',
      'Conv1d',
      'Conv2d',
      'ConvTranspose2d',
      'MaxPool2d',
      'AvgPool2d',
      'AdaptiveAvgPool2d',
      'LayerNorm',
      'GroupNorm',
      'BatchNorm1d',
      'BatchNorm2d',
      'InstanceNorm1d',
      'InstanceNorm2d',
      'Embedding',
      'RNN',
      'GRU',
      'LSTM',
      'MultiheadAttention',
      'scaled_dot_product_attention',
      'Flatten',
      'PixelShuffle'
    ]
  },
  losses: {
    'vocabulary: losses beyond the chapter': [
      'smooth_l1_loss',
      'huber_loss',
      'binary_cross_entropy',
      'binary_cross_entropy_with_logits',
      'nll_loss',
      'kl_div',
      'poisson_nll_loss',
      'gaussian_nll_loss',
      'hinge_embedding_loss',
      'margin_ranking_loss',
      'cosine_embedding_loss',
      'triplet_margin_loss'
    ],
    'vocabulary: class weights, label smoothing and ignored classes': [
      'cross_entropy/weight-mean',
      'cross_entropy/weight-sum',
      'cross_entropy/weight-none',
      'cross_entropy/smoothing-mean',
      'cross_entropy/smoothing-sum',
      'cross_entropy/smoothing-none',
      'cross_entropy/smoothing-weight-mean',
      'cross_entropy/smoothing-weight-sum',
      'cross_entropy/smoothing-weight-none',
      'cross_entropy/probabilities-smoothing-weight-mean',
      'cross_entropy/probabilities-smoothing-weight-sum',
      'cross_entropy/probabilities-smoothing-weight-none',
      'cross_entropy/ignore-index-mean',
      'cross_entropy/ignore-index-none'
    ]
  },
  optimizers: {
    'vocabulary: optimizers beyond SGD and Adam': [
      'AdamW',
      'RMSprop',
      'Adagrad',
      'Adadelta',
      'Adamax',
      'NAdam',
      'RAdam',
      'LBFGS'
    ]
  },
  schedulers: {
    'vocabulary: schedules': [
      'StepLR',
      'MultiStepLR',
      'ExponentialLR',
      'CosineAnnealingLR',
      'CosineAnnealingWarmRestarts',
      'LinearLR',
      'PolynomialLR',
      'OneCycleLR',
      'CyclicLR',
      'LambdaLR',
      'ReduceLROnPlateau'
    ]
  },
  tensor_ops: {
    'vocabulary: further functions': ['atan2', 'hypot', 'lgamma', 'digamma']
  }
}
