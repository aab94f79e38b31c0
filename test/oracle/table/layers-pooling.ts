/** Pools by the names of PyTorch's modules. */
import * as t from 'io-ts'
import { Layer } from '../../../src/index.js'
import { type Case, type Meaning, optionsOf } from '../oracle.js'

/** One number, or one for each axis. */
const perAxis = t.union([t.number, t.tuple([t.number, t.number])])
const windows = t.exact(
  t.intersection([
    t.type({ kernel_size: perAxis }),
    t.partial({
      stride: perAxis,
      padding: perAxis,
      dilation: perAxis,
      ceil_mode: t.boolean,
      count_include_pad: t.boolean
    })
  ])
)
const settings = (c: Case) => {
  const { kernel_size: kernelSize, stride, ceil_mode: ceilMode = false, ...rest } = optionsOf(windows, c)
  const { padding = 0, dilation = 1, count_include_pad: countIncludePad = true } = rest
  return { kernelSize, stride: stride ?? kernelSize, padding, dilation, ceilMode, countIncludePad }
}
const applied =
  (layer: (c: Case) => Layer.Layer<Layer.Empty, number[], number[]>): Meaning =>
  c => {
    const { apply } = layer(c)
    return ({ input }) => ({ output: apply({})(input!) })
  }

export const pools: Readonly<Record<string, Meaning>> = {
  MaxPool2d: applied(c => {
    const { countIncludePad: _, ...options } = settings(c)
    return Layer.maxPool2d(options) as never
  }),
  AvgPool2d: applied(c => {
    const { dilation: _, ...options } = settings(c)
    return Layer.avgPool2d(options) as never
  }),
  AdaptiveAvgPool2d: applied(
    c => Layer.adaptiveAvgPool2d(optionsOf(t.strict({ output_size: perAxis }), c).output_size) as never
  )
}
