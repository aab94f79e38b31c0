/** Convolutions as layers. */
import type { Exactly } from '../operation/convolution-types.js'
import { convolutionOf } from './convolution-run.js'
import type { Conv1d, Conv2d, Conv3d, ConvolutionLayerSettings } from './convolution-types.js'
import { typed } from './layer.js'
import type { AnyLayer } from './types.js'

/**
 * The convolution of sequences, `y[o, i] = bias[o] + Σ_c Σ_k weight[o, c, k] · x[c, i · stride + k · dilation − padding]`: `torch.nn.Conv1d`.
 *
 * `[…, inChannels, length] → […, outChannels, ⌊(length + 2 · padding − dilation · (kernelSize − 1) − 1) / stride⌋ + 1]`, any leading axes. What lies outside is 0.
 * `stride`, `dilation` and `groups` are 1, `padding` is 0 and `bias` true unless given; `padding: 'same'` keeps the length, at stride 1.
 * `weight [outChannels, inChannels / groups, kernelSize]` and `bias [outChannels]` are drawn equally likely from ±1/√(inChannels / groups · kernelSize).
 * With `size: [length]` the sizes that the layer takes and gives are known when it is made.
 *
 * @throws a Mistake if a setting is not a whole number of its range, or groups do not divide the channels; applied, if channels differ or the kernel is longer than the padded input
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const conv = Layer.conv1d(2, 3, { kernelSize: 5, stride: 2, padding: 2 })
 * const params = Layer.initialize(conv)(Random.key(42))
 * deepStrictEqual(Tensor.shape(params.weight), [3, 2, 5])
 * deepStrictEqual(Tensor.shape(conv.apply(params)(Tensor.ones([7, 2, 20]))), [7, 3, 10])
 */
export const conv1d = <const In extends number, const Out extends number, const S extends ConvolutionLayerSettings<1>>(
  inChannels: In,
  outChannels: Out,
  settings: Exactly<S, ConvolutionLayerSettings<1>>
): Conv1d<In, Out, S> =>
  typed<AnyLayer>(convolutionOf('conv1d', 'Conv1d', 1, inChannels, outChannels, settings)) as Conv1d<In, Out, S>

/**
 * The convolution of images, `y[o, i, j] = bias[o] + Σ_c Σ_k Σ_l weight[o, c, k, l] · x[c, i + k, j + l]`, with strides, dilations and padding as in `conv1d`:
 * `torch.nn.Conv2d`.
 *
 * `[…, inChannels, height, width] → […, outChannels, height′, width′]`, any leading axes, where
 * `height′ = ⌊(height + 2 · padding − dilation · (kernelSize − 1) − 1) / stride⌋ + 1`. What lies outside is 0. A setting is a number for both axes, or a pair.
 * `stride`, `dilation` and `groups` are 1, `padding` is 0 and `bias` true unless given; `padding: 'same'` keeps the sizes, at stride 1.
 * `weight [outChannels, inChannels / groups, kernel height, kernel width]` and `bias [outChannels]` are drawn equally likely from ±1/√(number of weights for one output).
 * With `size: [height, width]` the sizes that the layer takes and gives are known when it is made, and so are those of the layers behind it.
 *
 * @throws a Mistake if a setting is not a whole number of its range, or groups do not divide the channels; applied, if channels differ or the kernel is larger than the padded image
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.sequential(Layer.conv2d(1, 8, { kernelSize: 3, size: [28, 28] }), Layer.relu)
 * const params = Layer.initialize(model)(Random.key(42))
 * const y: Tensor.Tensor<[5, 8, 26, 26]> = model.apply(params)(Tensor.ones([5, 1, 28, 28]))
 * deepStrictEqual(Tensor.shape(y), [5, 8, 26, 26])
 */
export const conv2d = <const In extends number, const Out extends number, const S extends ConvolutionLayerSettings<2>>(
  inChannels: In,
  outChannels: Out,
  settings: Exactly<S, ConvolutionLayerSettings<2>>
): Conv2d<In, Out, S> =>
  typed<AnyLayer>(convolutionOf('conv2d', 'Conv2d', 2, inChannels, outChannels, settings)) as Conv2d<In, Out, S>

/**
 * The convolution of volumes: `conv2d` with an axis more, `torch.nn.Conv3d`.
 *
 * `[…, inChannels, depth, height, width] → […, outChannels, depth′, height′, width′]`, any leading axes. A setting is a number for all three axes, or a triple.
 * `weight [outChannels, inChannels / groups, kernel depth, kernel height, kernel width]` and `bias [outChannels]`; defaults and draws as in `conv2d`.
 *
 * @throws a Mistake as `conv2d` does
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const conv = Layer.conv3d(1, 2, { kernelSize: [1, 3, 3], padding: 'same' })
 * const params = Layer.initialize(conv)(Random.key(42))
 * deepStrictEqual(Tensor.shape(params.weight), [2, 1, 1, 3, 3])
 * deepStrictEqual(Tensor.shape(conv.apply(params)(Tensor.ones([1, 4, 5, 6]))), [2, 4, 5, 6])
 */
export const conv3d = <const In extends number, const Out extends number, const S extends ConvolutionLayerSettings<3>>(
  inChannels: In,
  outChannels: Out,
  settings: Exactly<S, ConvolutionLayerSettings<3>>
): Conv3d<In, Out, S> =>
  typed<AnyLayer>(convolutionOf('conv3d', 'Conv3d', 3, inChannels, outChannels, settings)) as Conv3d<In, Out, S>
