/** Means and variances of channels that run from batch to batch. Of each batch a part is taken in; gradients do not flow through them. */
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast, stopGradient } from '../primitive/conversion.js'
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape } from '../structure/shape.js'
import { isTensor, type Tensor, uniform } from '../tensor/tensor.js'
import type { Values } from './runtime.js'

/** By PyTorch's names. */
export interface Statistics {
  readonly running_mean: Tensor
  readonly running_var: Tensor
  readonly num_batches_tracked: Tensor
}
/** Before the first batch: mean 0 and variance 1. */
export const initialStatistics = (channels: number): Statistics => ({
  running_mean: uniform({ shape: [channels], dtype: 'float32' }, 0),
  running_var: uniform({ shape: [channels], dtype: 'float32' }, 1),
  num_batches_tracked: uniform({ shape: [], dtype: 'int32' }, 0)
})

/** The statistics among a layer's buffers. */
export const statisticsOf = (kind: string, buffers: Values, channels: number): Statistics => {
  const read = (name: keyof Statistics): Tensor => {
    const value = (buffers as Partial<Statistics> | undefined)?.[name]
    if (!isTensor(value))
      throw mistake('TreeMismatch', kind, `the buffers have no '${name}'; are they of another model?`)
    const shape = name === 'num_batches_tracked' ? [] : [channels]
    if (!sameShape(value.shape, shape))
      throw mistake(
        'ShapeMismatch',
        kind,
        `${name} is ${showShape(value.shape)}, and should be ${showShape(shape)}; are these buffers of another model?`
      )
    return value
  }
  return {
    running_mean: read('running_mean'),
    running_var: read('running_var'),
    num_batches_tracked: read('num_batches_tracked')
  }
}

/** What one batch says: means `[channels]`, and variances if it has enough values. */
export interface Observation {
  readonly mean: Tensor
  readonly variance: Tensor | undefined
}
/** The statistics after one more batch: `(1 − momentum) · old + momentum · new`; with momentum null, the average of all so far. */
export const observed = (before: Statistics, { mean, variance }: Observation, momentum: number | null): Statistics => {
  const batches = add(before.num_batches_tracked, 1)
  const moved = (old: Tensor, current: Tensor): Tensor => {
    const part = momentum ?? div(1, cast(old.dtype)(batches))
    const kept = typeof part === 'number' ? 1 - part : sub(1, part)
    return add(mul(old, kept), mul(cast(old.dtype)(stopGradient(current)), part))
  }
  return {
    running_mean: moved(before.running_mean, mean),
    running_var: variance === undefined ? before.running_var : moved(before.running_var, variance),
    num_batches_tracked: batches
  }
}
