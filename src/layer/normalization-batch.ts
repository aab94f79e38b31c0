/** Normalization of channels: over a batch and all places (batch norm), or over the places of each example (instance norm). */
import { type Spread, spread, standardized } from '../operation/normalization.js'
import { meanAlong } from '../operation/reduction.js'
import { mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { reshape } from '../primitive/movement.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { range, size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { affineNames, checkEpsilon, constantParameters, scaledAndShifted } from './normalization-affine.js'
import { initialStatistics, observed, type Statistics, statisticsOf } from './normalization-statistics.js'
import type { ChannelNorm } from './normalization-types.js'
import { float, truth } from './printing.js'
import { empty, type RunLayer } from './runtime.js'
import { accepted, checkWhole, ending, open } from './tail.js'
import type { AnyLayer } from './types.js'

export interface ChannelNormOptions<Has extends boolean, Tracks extends boolean> {
  /** Added to the variance. */
  readonly epsilon?: number
  /** The part of each batch in the running statistics; null for the average of all batches. */
  readonly momentum?: number | null
  /** Whether there are parameters. */
  readonly affine?: Has
  /** Whether statistics run, to be used in evaluation. */
  readonly trackRunningStatistics?: Tracks
}

interface Settings {
  readonly channels: number
  /** How many axes of places there are behind the channels. */
  readonly spatial: number
  readonly epsilon: number
  readonly momentum: number | null
  readonly affine: boolean
  readonly trackRunningStatistics: boolean
}
interface Kind {
  readonly kind: string
  /** In PyTorch's words. */
  readonly name: string
  /** Whether the examples of a batch are normalized together. */
  readonly together: boolean
}

/** The statistics after a batch. Of a single value there is no variance, and of none no mean either. */
const remembered = (
  before: Statistics,
  { mean, variance }: Spread,
  { folded, others, momentum }: { folded: number; others: readonly number[]; momentum: number | null }
): Statistics => {
  if (folded === 0 || size(mean.shape) === 0) return before
  // What is not normalized together has a mean for each example: these are averaged.
  const perChannel = (x: Tensor): Tensor => meanAlong(x, others)
  const unbiased = folded > 1 ? mul(perChannel(variance), folded / (folded - 1)) : undefined
  return observed(before, { mean: perChannel(mean), variance: unbiased }, momentum)
}

const channelNorm = ({ kind, name, together }: Kind, settings: Settings): RunLayer => {
  const { channels, spatial, epsilon, momentum, affine, trackRunningStatistics: tracks } = settings
  const layer = `Layer.${kind}`
  checkWhole(layer, 'channels', channels)
  checkEpsilon(layer, epsilon)
  if (momentum !== null && !(momentum >= 0 && momentum <= 1))
    throw mistake(
      'InvalidArgument',
      layer,
      `momentum is ${momentum}; it must be between 0 and 1, or null for the average of all batches`
    )
  const input = [channels, ...open(spatial)]
  const shapeOf = ending(kind, input, own => own)
  const checked = accepted(shapeOf)
  const names = affineNames(affine)
  const seen = [channels, ...range(spatial).map(() => 1)]
  return {
    kind,
    printed: {
      name,
      settings: `${channels}, eps=${float(epsilon)}, momentum=${momentum === null ? 'None' : momentum}, affine=${truth(affine)}, track_running_stats=${truth(tracks)}`
    },
    settings: { ...settings },
    children: [],
    input,
    output: input,
    shapeOf,
    batchCoupled: together,
    init: constantParameters([channels], names),
    buffers: tracks ? initialStatistics(channels) : empty,
    forward: (params, mode) => {
      const finished = scaledAndShifted(kind, params, [channels], names, seen)
      return given => memory => {
        const x = cast(floating((given as Tensor).dtype))(checked(given as Tensor))
        const rank = x.shape.length
        const before = tracks ? statisticsOf(kind, memory.buffers, channels) : undefined
        if (before && mode === 'evaluation') {
          const [mean, variance] = [before.running_mean, before.running_var].map(s => reshape(seen)(cast(x.dtype)(s)))
          return [finished(standardized({ centered: sub(x, mean!), variance: variance! }, epsilon)), memory]
        }
        const others = range(rank).filter(axis => axis !== rank - 1 - spatial)
        const axes = together ? others : others.slice(others.length - spatial)
        const found = spread(x, axes)
        const output = finished(standardized(found, epsilon))
        if (before === undefined || mode === 'evaluation') return [output, memory]
        const folded = size(axes.map(axis => x.shape[axis]!))
        return [output, { ...memory, buffers: remembered(before, found, { folded, others, momentum }) }]
      }
    }
  }
}

/**
 * Each feature normalized over the batch: `(x − mean) / √(variance + ε) · weight + bias` (Ioffe and Szegedy 2015), `torch.nn.BatchNorm1d`.
 *
 * Shapes: `[…, features] → […, features]`, or `[…, features, length] → […, features, length]` with `sequence: true`. In training, mean and
 * variance are those of the batch, over all axes but that of the features, and the buffers take a part of them in:
 * `running ← (1 − momentum) · running + momentum · batch`, the variance divided by n − 1 there. In evaluation the running ones are used.
 * `momentum` is 0.1 unless given; null makes them averages of all batches. `epsilon` is 1e-5 unless given. `weight` and `bias` are 1 and 0
 * at first; with `affine: false` there are none. With `trackRunningStatistics: false` nothing is remembered, and evaluation is as
 * training. Values that are all equal become the bias; a batch of one value leaves the running variance as it was. It is coupled over
 * its batch.
 *
 * @throws a Mistake if a setting is out of its range, or if an input has another number of features
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual, ok } from 'node:assert'
 *
 * const norm = Layer.batchNorm1d(1, { momentum: 0.5 })
 * const params = Layer.initialize(norm)(Random.key(1))
 * const memory = { buffers: norm.buffers, key: Random.key(2) }
 * const [y, after] = norm.forward(params, 'training')(Tensor.tensor([[1], [3]]))(memory)
 * ok(Math.abs(Tensor.toArray(y)[0]![0]! + 1) < 1e-5)
 * deepStrictEqual(Tensor.toArray(after.buffers.running_mean), [1])
 * deepStrictEqual(Tensor.toArray(after.buffers.running_var), [1.5])
 */
export const batchNorm1d = <
  C extends number,
  Has extends boolean = true,
  Tracks extends boolean = true,
  Sequence extends boolean = false
>(
  features: C,
  {
    epsilon = 1e-5,
    momentum = 0.1,
    affine = true as Has,
    trackRunningStatistics = true as Tracks,
    sequence = false as Sequence
  }: ChannelNormOptions<Has, Tracks> & { readonly sequence?: Sequence } = {}
): ChannelNorm<C, Sequence extends true ? 1 : 0, Has, Tracks, 'batchNorm1d'> => {
  const settings = { channels: features, spatial: sequence ? 1 : 0, epsilon, momentum, affine, trackRunningStatistics }
  return typed<AnyLayer>(
    channelNorm({ kind: 'batchNorm1d', name: 'BatchNorm1d', together: true }, settings)
  ) as ChannelNorm<C, Sequence extends true ? 1 : 0, Has, Tracks, 'batchNorm1d'>
}

/**
 * Each channel of images normalized over the batch and all pixels: `(x − mean) / √(variance + ε) · weight + bias` (Ioffe and Szegedy
 * 2015), `torch.nn.BatchNorm2d`.
 *
 * Shapes: `[…, channels, height, width] → […, channels, height, width]`. Options, buffers and their defaults are those of `batchNorm1d`.
 *
 * @throws a Mistake if a setting is out of its range, or if an input has another number of channels
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const norm = Layer.batchNorm2d(3)
 * const x = pipe(Random.key(1), Random.normal([8, 3, 4, 4]), Tensor.mul(5), Tensor.add(2))
 * const [y] = norm.forward(Layer.initialize(norm)(Random.key(1)), 'training')(x)({ buffers: norm.buffers, key: Random.key(1) })
 * const means = pipe(y, Tensor.mean({ axis: [0, 2, 3] }))
 * ok(pipe(means, Tensor.abs, Tensor.max(), Tensor.item) < 1e-6)
 */
export const batchNorm2d = <C extends number, Has extends boolean = true, Tracks extends boolean = true>(
  channels: C,
  {
    epsilon = 1e-5,
    momentum = 0.1,
    affine = true as Has,
    trackRunningStatistics = true as Tracks
  }: ChannelNormOptions<Has, Tracks> = {}
): ChannelNorm<C, 2, Has, Tracks, 'batchNorm2d'> =>
  typed<AnyLayer>(
    channelNorm(
      { kind: 'batchNorm2d', name: 'BatchNorm2d', together: true },
      { channels, spatial: 2, epsilon, momentum, affine, trackRunningStatistics }
    )
  ) as ChannelNorm<C, 2, Has, Tracks, 'batchNorm2d'>

/**
 * Each channel of each sequence normalized over its places: `(x − mean) / √(variance + ε) · weight + bias` (Ulyanov et al. 2016),
 * `torch.nn.InstanceNorm1d`.
 *
 * Shapes: `[…, channels, length] → […, channels, length]`. `epsilon` is 1e-5 unless given. Unless `affine` is true there are no parameters,
 * and unless `trackRunningStatistics` is true nothing is remembered; where it is, the buffers are as those of `batchNorm1d`,
 * of means and variances averaged over the batch.
 *
 * @throws a Mistake if a setting is out of its range, or if an input has another number of channels
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const norm = Layer.instanceNorm1d(2, { epsilon: 1e-12 })
 * deepStrictEqual(Tensor.toArray(norm.apply({})(Tensor.tensor([[1, 3], [5, 5]]))), [[-1, 1], [0, 0]])
 */
export const instanceNorm1d = <C extends number, Has extends boolean = false, Tracks extends boolean = false>(
  channels: C,
  {
    epsilon = 1e-5,
    momentum = 0.1,
    affine = false as Has,
    trackRunningStatistics = false as Tracks
  }: ChannelNormOptions<Has, Tracks> = {}
): ChannelNorm<C, 1, Has, Tracks, 'instanceNorm1d'> =>
  typed<AnyLayer>(
    channelNorm(
      { kind: 'instanceNorm1d', name: 'InstanceNorm1d', together: false },
      { channels, spatial: 1, epsilon, momentum, affine, trackRunningStatistics }
    )
  ) as ChannelNorm<C, 1, Has, Tracks, 'instanceNorm1d'>

/**
 * Each channel of each image normalized over its pixels: `(x − mean) / √(variance + ε) · weight + bias` (Ulyanov et al. 2016),
 * `torch.nn.InstanceNorm2d`.
 *
 * Shapes: `[…, channels, height, width] → […, channels, height, width]`. Options and their defaults are those of `instanceNorm1d`.
 *
 * @throws a Mistake if a setting is out of its range, or if an input has another number of channels
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const norm = Layer.instanceNorm2d(3, { affine: true })
 * const params = Layer.initialize(norm)(Random.key(1))
 * deepStrictEqual(Tensor.toArray(params.weight), [1, 1, 1])
 * deepStrictEqual(Tensor.shape(norm.apply(params)(Tensor.ones([8, 3, 4, 4]))), [8, 3, 4, 4])
 */
export const instanceNorm2d = <C extends number, Has extends boolean = false, Tracks extends boolean = false>(
  channels: C,
  {
    epsilon = 1e-5,
    momentum = 0.1,
    affine = false as Has,
    trackRunningStatistics = false as Tracks
  }: ChannelNormOptions<Has, Tracks> = {}
): ChannelNorm<C, 2, Has, Tracks, 'instanceNorm2d'> =>
  typed<AnyLayer>(
    channelNorm(
      { kind: 'instanceNorm2d', name: 'InstanceNorm2d', together: false },
      { channels, spatial: 2, epsilon, momentum, affine, trackRunningStatistics }
    )
  ) as ChannelNorm<C, 2, Has, Tracks, 'instanceNorm2d'>
