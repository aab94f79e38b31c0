/** Convolutions by the names of PyTorch's modules. */
import * as t from 'io-ts'
import { Layer, type Tensor } from '../../../src/index.js'
import { type Meaning, optionsOf } from '../oracle.js'

const perAxis = t.union([t.number, t.readonlyArray(t.number)])
const common = {
  required: { in_channels: t.number, out_channels: t.number, kernel_size: perAxis },
  optional: { stride: perAxis, dilation: perAxis, groups: t.number, bias: t.boolean }
}
const convolution = t.intersection([
  t.strict(common.required),
  t.exact(t.partial({ ...common.optional, padding: t.union([perAxis, t.literal('same')]) }))
])
const transposed = t.intersection([
  t.strict(common.required),
  t.exact(t.partial({ ...common.optional, padding: perAxis, output_padding: perAxis }))
])

type Applied = { readonly apply: (params: never) => (x: Tensor.Tensor) => Tensor.Tensor }
type Make = (inChannels: number, outChannels: number, settings: never) => unknown

const meaning =
  (make: unknown, options: typeof convolution | typeof transposed): Meaning =>
  c => {
    const {
      in_channels: inChannels,
      out_channels: outChannels,
      kernel_size: kernelSize,
      ...rest
    } = optionsOf<t.TypeOf<typeof convolution> & t.TypeOf<typeof transposed>>(options as never, c)
    const { output_padding: outputPadding, ...settings } = rest
    const all = { kernelSize, ...settings, ...(outputPadding === undefined ? {} : { outputPadding }) }
    const layer = (make as Make)(inChannels, outChannels, all as never) as Applied
    return ({ input, ...params }) => ({ output: layer.apply(params as never)(input!) })
  }

export const convolutions: Readonly<Record<string, Meaning>> = {
  Conv1d: meaning(Layer.conv1d, convolution),
  Conv2d: meaning(Layer.conv2d, convolution),
  ConvTranspose2d: meaning(Layer.convTranspose2d, transposed)
}
