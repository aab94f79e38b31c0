/** Transposed convolutions as layers. */
import type { Exactly } from '../operation/convolution-types.js'
import { transposedConvolutionOf } from './convolution-run.js'
import type { ConvTranspose1d, ConvTranspose2d, TransposedLayerSettings } from './convolution-types.js'
import { typed } from './layer.js'
import type { AnyLayer } from './types.js'

/**
 * The transpose of `conv1d`: each element of the input, times the kernel, is added to the output where its window lies; `torch.nn.ConvTranspose1d`.
 *
 * `[…, inChannels, length] → […, outChannels, (length − 1) · stride − 2 · padding + dilation · (kernelSize − 1) + outputPadding + 1]`, any leading axes.
 * `stride`, `dilation` and `groups` are 1, `padding` and `outputPadding` are 0 and `bias` is true unless given. `padding` takes elements away on both sides;
 * `outputPadding` adds some behind, for lengths that `conv1d` rounds down to the same.
 * `weight [inChannels, outChannels / groups, kernelSize]` and `bias [outChannels]` are drawn equally likely from ±1/√(outChannels / groups · kernelSize).
 * With `size: [length]` the sizes that the layer takes and gives are known when it is made.
 *
 * @throws a Mistake if a setting is not a whole number of its range, or groups do not divide the channels; applied, if channels differ or nothing is left
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const larger = Layer.convTranspose1d(3, 2, { kernelSize: 4, stride: 2, padding: 1 })
 * const params = Layer.initialize(larger)(Random.key(42))
 * deepStrictEqual(Tensor.shape(params.weight), [3, 2, 4])
 * deepStrictEqual(Tensor.shape(larger.apply(params)(Tensor.ones([7, 3, 10]))), [7, 2, 20])
 */
export const convTranspose1d = <
  const In extends number,
  const Out extends number,
  const S extends TransposedLayerSettings<1>
>(
  inChannels: In,
  outChannels: Out,
  settings: Exactly<S, TransposedLayerSettings<1>>
): ConvTranspose1d<In, Out, S> =>
  typed<AnyLayer>(
    transposedConvolutionOf('convTranspose1d', 'ConvTranspose1d', 1, inChannels, outChannels, settings)
  ) as ConvTranspose1d<In, Out, S>

/**
 * The transpose of `conv2d`, as `convTranspose1d` with an axis more: `torch.nn.ConvTranspose2d`.
 *
 * `[…, inChannels, height, width] → […, outChannels, height′, width′]`, any leading axes, where
 * `height′ = (height − 1) · stride − 2 · padding + dilation · (kernelSize − 1) + outputPadding + 1`. A setting is a number for both axes, or a pair.
 * `weight [inChannels, outChannels / groups, kernel height, kernel width]` and `bias [outChannels]`; defaults and draws as in `convTranspose1d`.
 *
 * @throws a Mistake as `convTranspose1d` does
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const larger = Layer.convTranspose2d(3, 2, { kernelSize: 4, stride: 2, padding: 1, size: [8, 8] })
 * const params = Layer.initialize(larger)(Random.key(42))
 * const y: Tensor.Tensor<[5, 2, 16, 16]> = larger.apply(params)(Tensor.ones([5, 3, 8, 8]))
 * deepStrictEqual(Tensor.shape(y), [5, 2, 16, 16])
 */
export const convTranspose2d = <
  const In extends number,
  const Out extends number,
  const S extends TransposedLayerSettings<2>
>(
  inChannels: In,
  outChannels: Out,
  settings: Exactly<S, TransposedLayerSettings<2>>
): ConvTranspose2d<In, Out, S> =>
  typed<AnyLayer>(
    transposedConvolutionOf('convTranspose2d', 'ConvTranspose2d', 2, inChannels, outChannels, settings)
  ) as ConvTranspose2d<In, Out, S>
