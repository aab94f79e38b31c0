/** Layers that draw or remember: dropout, and a running mean. Both behave differently in training and in evaluation. */
import { add, mul, scale, sub } from '../primitive/arithmetic.js'
import { cast, stopGradient } from '../primitive/conversion.js'
import { broadcast, sum } from '../primitive/movement.js'
import { where } from '../primitive/selection.js'
import { bernoulli } from '../random/distribution.js'
import { next } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { range, showShape, size } from '../structure/shape.js'
import { isTensor, type Tensor, uniform } from '../tensor/tensor.js'
import { elementwise, empty, type RunLayer, trailing } from './runtime.js'
import { ending, open } from './tail.js'

/** Which probabilities there are, told by the layer's public name. */
const checkProbability = (layer: string, probability: number): void => {
  if (!(probability >= 0 && probability <= 1))
    throw mistake('InvalidArgument', layer, `probability is ${probability}, which is not between 0 and 1`)
}

export interface Dropped {
  readonly kind: string
  /** In PyTorch's words. */
  readonly name: string
  readonly probability: number
  /** How many of the last axes share a coin. */
  readonly shared: number
}
/** Zeros by chance in training: in evaluation, the input. */
export const dropoutOf = ({ kind, name, probability, shared }: Dropped): RunLayer => {
  checkProbability(`Layer.${kind}`, probability)
  // A channel, and the places that it has.
  const input = shared === 0 ? [] : open(1 + shared)
  const shapeOf = ending(kind, input, own => own)
  return {
    // Not coupled over its batch: each element, or channel, has a coin of its own.
    ...elementwise(kind, name, { probability }, `p=${probability}, inplace=False`),
    ...(shared === 0 ? {} : { input, output: input, shapeOf }),
    forward: (_, mode) => given => memory => {
      const x = given as Tensor
      shapeOf(x.shape)
      if (mode === 'evaluation' || probability === 0) return [x, memory]
      const [fresh, key] = next(memory.key)
      const coins = x.shape.map((extent, axis) => (axis < x.shape.length - shared ? extent : 1))
      const kept = cast(x.dtype)(bernoulli(coins, { probability: 1 - probability })(fresh))
      // With `scale` an infinite input that is dropped is 0, not NaN.
      const output = scale(probability === 1 ? x : mul(x, 1 / (1 - probability)), broadcast(x.shape)(kept))
      return [output, { ...memory, key }]
    }
  }
}

/** `−λα` of SELU, which its values approach from above. */
const saturation = -1.7580993408473766
export const alphaDropoutOf = (probability: number): RunLayer => {
  checkProbability('Layer.alphaDropout', probability)
  // Values of mean 0 and variance 1, of which a part becomes the saturation, have mean and variance again after this.
  const factor = 1 / Math.sqrt((1 - probability) * (1 + probability * saturation ** 2))
  const shift = -factor * saturation * probability
  return {
    ...elementwise('alphaDropout', 'AlphaDropout', { probability }, `p=${probability}, inplace=False`),
    forward: (_, mode) => given => memory => {
      const x = given as Tensor
      if (mode === 'evaluation' || probability === 0) return [x, memory]
      const [fresh, key] = next(memory.key)
      const kept = bernoulli(x.shape, { probability: 1 - probability })(fresh)
      const output = probability === 1 ? mul(x, 0) : add(mul(where(kept, x, saturation), factor), shift)
      return [output, { ...memory, key }]
    }
  }
}

export const runningMeanOf = (features: number, momentum: number): RunLayer => {
  if (!(momentum >= 0 && momentum <= 1))
    throw mistake('InvalidArgument', 'Layer.runningMean', `momentum is ${momentum}, which is not between 0 and 1`)
  return {
    kind: 'runningMean',
    printed: { name: 'RunningMean', settings: `${features}, momentum=${momentum}` },
    settings: { features, momentum },
    children: [],
    input: [features],
    output: [features],
    shapeOf: trailing('runningMean', [features], [features]),
    batchCoupled: true,
    init: () => key => [empty, key],
    buffers: { mean: uniform({ shape: [features], dtype: 'float32' }, 0) },
    forward: (_, mode) => given => memory => {
      const x = given as Tensor
      const { mean } = memory.buffers as { readonly mean: Tensor }
      if (!isTensor(mean))
        throw mistake('TreeMismatch', 'runningMean', "the buffers have no 'mean'; are they of another model?")
      if (x.shape[x.shape.length - 1] !== features)
        throw mistake('ShapeMismatch', 'runningMean', `input ${showShape(x.shape)} does not end in ${features}`)
      if (mode === 'evaluation') return [sub(x, broadcast(x.shape)(cast(x.dtype)(mean))), memory]
      const lead = range(x.shape.length - 1)
      const current = mul(sum(lead)(x), 1 / size(x.shape.slice(0, -1)))
      // What is remembered is no path for gradients: a buffer of one step is a constant of the next.
      const remembered = add(mul(mean, 1 - momentum), mul(cast(mean.dtype)(stopGradient(current)), momentum))
      return [sub(x, broadcast(x.shape)(current)), { ...memory, buffers: { mean: remembered } }]
    }
  }
}
