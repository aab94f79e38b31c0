/** Normalizing layers by the names of PyTorch's modules. */
import * as t from 'io-ts'
import { Layer, Random } from '../../../src/index.js'
import { type Meaning, optionsOf } from '../oracle.js'

const { number: n, boolean } = t
/** Of options that may be missing, and are then PyTorch's defaults. */
const epsilonOf = ({ eps }: { readonly eps?: number }) => (eps === undefined ? {} : { epsilon: eps })

const channelOptions = t.exact(
  t.intersection([
    t.type({ num_features: n }),
    t.partial({
      eps: n,
      momentum: t.union([n, t.null]),
      affine: boolean,
      track_running_stats: boolean,
      training: boolean
    })
  ])
)
type ChannelOptions = t.TypeOf<typeof channelOptions>
const settings = ({ momentum, affine, track_running_stats: tracks, ...options }: ChannelOptions) => ({
  ...epsilonOf(options),
  ...(momentum === undefined ? {} : { momentum }),
  ...(affine === undefined ? {} : { affine }),
  ...(tracks === undefined ? {} : { trackRunningStatistics: tracks })
})

type Settings = ReturnType<typeof settings>
/** Buffers are constants of a case: what it has of them goes in, and comes out of training changed. */
const channels =
  (make: (features: number, options: Settings, axes: number) => Layer.AnyLayer): Meaning =>
  c => {
    const options = optionsOf(channelOptions, c)
    const layer = make(options.num_features, settings(options), c.inputs['input']!.shape.length) as Layer.Layer<
      unknown,
      [],
      [],
      unknown
    >
    return ({ input, ...params }) => {
      const buffers = c.buffers ?? {}
      const training = options.training ?? false
      const [output, after] = layer.forward(params, training ? 'training' : 'evaluation')(input!)({
        buffers,
        key: Random.key(0)
      })
      return { output, ...(training ? (after.buffers as typeof buffers) : {}) }
    }
  }

export const normalizations: Readonly<Record<string, Meaning>> = {
  LayerNorm: c => {
    const decoder = t.exact(
      t.intersection([
        t.type({ normalized_shape: t.readonlyArray(n) }),
        t.partial({ eps: n, elementwise_affine: boolean })
      ])
    )
    const { normalized_shape: shape, elementwise_affine: affine = true, ...options } = optionsOf(decoder, c)
    const layer = Layer.layerNorm(shape as readonly number[], { ...epsilonOf(options), affine })
    return ({ input, ...params }) => ({ output: layer.apply(params)(input!) })
  },
  GroupNorm: c => {
    const decoder = t.exact(
      t.intersection([t.type({ num_groups: n, num_channels: n }), t.partial({ eps: n, affine: boolean })])
    )
    const { num_groups: groups, num_channels, affine = true, ...options } = optionsOf(decoder, c)
    const spatial = (c.inputs['input']!.shape.length - 2) as 0 | 1 | 2
    const layer = Layer.groupNorm(groups, num_channels, { ...epsilonOf(options), affine, spatial })
    return ({ input, ...params }) => ({ output: layer.apply(params)(input! as never) })
  },
  BatchNorm1d: channels((features, options, axes) => Layer.batchNorm1d(features, { ...options, sequence: axes === 3 })),
  BatchNorm2d: channels((features, options) => Layer.batchNorm2d(features, options)),
  InstanceNorm1d: channels((features, options) => Layer.instanceNorm1d(features, options)),
  InstanceNorm2d: channels((features, options) => Layer.instanceNorm2d(features, options))
}
