/** Layers that draw or remember: dropout, and a running mean. Both behave differently in training and in evaluation. */
import { add, mul, scale, sub } from '../primitive/arithmetic.js'
import { cast, stopGradient } from '../primitive/conversion.js'
import { broadcast, sum } from '../primitive/movement.js'
import { bernoulli } from '../random/distribution.js'
import { next } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { range, showShape, size } from '../structure/shape.js'
import { isTensor, type Tensor, uniform } from '../tensor/tensor.js'
import { elementwise, empty, type RunLayer, trailing } from './runtime.js'

export const dropoutOf = (probability: number): RunLayer => {
  if (!(probability >= 0 && probability <= 1)) {
    throw mistake('InvalidArgument', 'Layer.dropout', `probability is ${probability}, which is not between 0 and 1`)
  }
  return {
    // Not coupled over its batch: each element has a coin of its own.
    ...elementwise('dropout', 'Dropout', { probability }, `p=${probability}, inplace=False`),
    forward: (_, mode) => given => memory => {
      const x = given as Tensor
      if (mode === 'evaluation' || probability === 0) return [x, memory]
      const [fresh, key] = next(memory.key)
      const kept = cast(x.dtype)(bernoulli(x.shape, { probability: 1 - probability })(fresh))
      // With `scale` an infinite input that is dropped is 0, not NaN.
      const output = scale(probability === 1 ? x : mul(x, 1 / (1 - probability)), kept)
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
