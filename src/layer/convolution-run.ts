/** Convolutions and their transposes as they run: parameters in PyTorch's layouts, drawn as PyTorch draws them. */
import { convolved, deconvolved } from '../operation/convolution-product.js'
import {
  type ConvolutionOptions,
  checkGroups,
  convolvedShape,
  deconvolvedShape,
  type Geometry,
  geometryOf,
  type PerAxis,
  perAxis,
  type TransposedOptions,
  transposedGeometryOf
} from '../operation/convolution-settings.js'
import { type Shape, size as sizeOf } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { affineWithin } from './drawing.js'
import { parameter } from './linear.js'
import { truth, tuple } from './printing.js'
import { pure, type RunLayer, type Setting } from './runtime.js'
import { accepted, checkWhole, ending, open } from './tail.js'

interface LayerOptions {
  readonly kernelSize: PerAxis
  readonly bias?: boolean
  readonly size?: readonly number[]
}
/** What convolutions and their transposes have in common, once their settings are known. */
interface Convolution {
  readonly kind: string
  readonly name: string
  readonly inChannels: number
  readonly outChannels: number
  readonly kernel: Shape
  readonly weightShape: Shape
  readonly bias: boolean
  readonly size: Shape | undefined
  /** Sizes of the output for those of an image. */
  readonly imageOf: (image: Shape) => Shape
  readonly geometry: Geometry & { readonly outputPadding?: readonly number[] }
  readonly run: (weight: Tensor, bias?: Tensor) => (x: Tensor) => Tensor
}

/** What PyTorch prints: a setting that is what it is unless given is left out, but for the stride. */
const printed = ({ inChannels, outChannels, kernel, bias, geometry }: Convolution): string => {
  const { stride, padding, dilation, outputPadding = [], groups } = geometry
  const unlessAll = (name: string, sizes: readonly number[], usual: number): readonly string[] =>
    sizes.every(size => size === usual) ? [] : [`${name}=${tuple(sizes)}`]
  return [
    `${inChannels}, ${outChannels}, kernel_size=${tuple(kernel)}, stride=${tuple(stride)}`,
    ...(padding === 'same' ? ['padding=same'] : unlessAll('padding', padding, 0)),
    ...unlessAll('dilation', dilation, 1),
    ...unlessAll('output_padding', outputPadding, 0),
    ...(groups === 1 ? [] : [`groups=${groups}`]),
    ...(bias ? [] : [`bias=${truth(bias)}`])
  ].join(', ')
}

const layerOf = (c: Convolution): RunLayer => {
  const { kind, name, inChannels, outChannels, kernel, weightShape, bias, size, imageOf, geometry } = c
  const input = [inChannels, ...(size ?? open(kernel.length))]
  const shapeOf = ending(kind, input, ([, ...image]) => [outChannels, ...imageOf(image)])
  // As PyTorch has it: the second axis of a weight and the kernel, also where the weight is that of a transpose.
  const bound = 1 / Math.sqrt(sizeOf(weightShape.slice(1)))
  const settings: { readonly [name: string]: Setting } = {
    inChannels,
    outChannels,
    kernelSize: kernel,
    ...geometry,
    bias,
    ...(size === undefined ? {} : { size })
  }
  return {
    kind,
    printed: { name, settings: printed(c) },
    settings,
    children: [],
    input,
    output: size === undefined ? [outChannels, ...open(kernel.length)] : [outChannels, ...imageOf(size)],
    shapeOf,
    batchCoupled: false,
    init: affineWithin(bound, weightShape, bias ? [outChannels] : undefined),
    buffers: {},
    forward: pure(params => {
      const weight = parameter(kind, params, 'weight', weightShape)
      const offset = bias ? parameter(kind, params, 'bias', [outChannels]) : undefined
      const run = c.run(weight, offset)
      return x => run(accepted(shapeOf)(x))
    })
  }
}

interface Common extends Omit<Convolution, 'weightShape' | 'imageOf' | 'geometry' | 'run'> {}
const commonOf = (
  kind: string,
  name: string,
  axes: number,
  inChannels: number,
  outChannels: number,
  { kernelSize, bias = true, size }: LayerOptions
): Common => ({
  kind,
  name,
  inChannels: checkWhole(`Layer.${kind}`, 'inChannels', inChannels),
  outChannels: checkWhole(`Layer.${kind}`, 'outChannels', outChannels),
  kernel: perAxis(`Layer.${kind}`, 'kernelSize', axes, kernelSize, 1),
  bias,
  size: size === undefined ? undefined : perAxis(`Layer.${kind}`, 'size', axes, size, 1)
})

export const convolutionOf = (
  kind: string,
  name: string,
  axes: 1 | 2 | 3,
  inChannels: number,
  outChannels: number,
  options: LayerOptions & ConvolutionOptions
): RunLayer => {
  const common = commonOf(kind, name, axes, inChannels, outChannels, options)
  const geometry = geometryOf(`Layer.${kind}`, axes, options)
  checkGroups(`Layer.${kind}`, geometry.groups, { inChannels, outChannels })
  return layerOf({
    ...common,
    geometry,
    weightShape: [outChannels, inChannels / geometry.groups, ...common.kernel],
    imageOf: image => convolvedShape(kind, image, common.kernel, geometry),
    run: convolved(kind, axes, geometry)
  })
}

export const transposedConvolutionOf = (
  kind: string,
  name: string,
  axes: 1 | 2,
  inChannels: number,
  outChannels: number,
  options: LayerOptions & TransposedOptions
): RunLayer => {
  const common = commonOf(kind, name, axes, inChannels, outChannels, options)
  const geometry = transposedGeometryOf(`Layer.${kind}`, axes, options)
  checkGroups(`Layer.${kind}`, geometry.groups, { inChannels, outChannels })
  return layerOf({
    ...common,
    geometry,
    weightShape: [inChannels, outChannels / geometry.groups, ...common.kernel],
    imageOf: image => deconvolvedShape(kind, image, common.kernel, geometry),
    run: deconvolved(kind, axes, geometry)
  })
}
