/**
 * Convolutions, and their transposes, of images of one, two or three axes.
 *
 * As everywhere in this field the kernel is not reversed: what is called convolution is correlation.
 */
import type { Tensor } from '../tensor/tensor.js'
import { convolved, deconvolved } from './convolution-product.js'
import {
  type ConvolutionOptions,
  geometryOf,
  type TransposedOptions,
  transposedGeometryOf
} from './convolution-settings.js'
import type { ConvolutionSignature, TransposedSignature } from './convolution-types.js'

const over =
  (operation: string, axes: 1 | 2 | 3) =>
  (settings: ConvolutionOptions = {}) => {
    const convolve = convolved(operation, axes, geometryOf(operation, axes, settings))
    return (weight: Tensor) => convolve(weight)
  }
const transposedOver =
  (operation: string, axes: 1 | 2) =>
  (settings: TransposedOptions = {}) => {
    const deconvolve = deconvolved(operation, axes, transposedGeometryOf(operation, axes, settings))
    return (weight: Tensor) => deconvolve(weight)
  }

/**
 * The convolution of sequences: `y[o, i] = Σ_c Σ_k weight[o, c, k] · x[c, i · stride + k · dilation − padding]`, `torch.nn.functional.conv1d`.
 *
 * `[…, channels, length] → […, out, count]` with a weight `[out, channels / groups, size]`; each group of channels has its own part of the output. What lies outside is 0.
 * `stride`, `dilation` and `groups` are 1 and `padding` 0 unless given; `padding: 'same'` keeps the length. A setting is a number, or a tuple of one.
 *
 * @throws a Mistake if channels, groups and weight do not fit, or the kernel is longer than the padded input
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const difference = Tensor.tensor([[[-1, 1]]])
 * deepStrictEqual(pipe(Tensor.tensor([[1, 4, 9, 16]]), Tensor.conv1d()(difference), Tensor.toArray), [[3, 5, 7]])
 */
export const conv1d = /* @__PURE__ */ over('conv1d', 1) as ConvolutionSignature<1, 'conv1d'>

/**
 * The convolution of images: `y[o, i, j] = Σ_c Σ_k Σ_l weight[o, c, k, l] · x[c, i + k, j + l]`, with strides, dilations and padding as in `conv1d`:
 * `torch.nn.functional.conv2d`.
 *
 * `[…, channels, height, width] → […, out, height′, width′]` with a weight `[out, channels / groups, kernel height, kernel width]`, where
 * `height′ = ⌊(height + 2 · padding − dilation · (kernel height − 1) − 1) / stride⌋ + 1`. Any leading axes. What lies outside is 0.
 * `stride`, `dilation` and `groups` are 1 and `padding` 0 unless given; `padding: 'same'` keeps the sizes, at stride 1. A setting is a number for both axes, or a pair.
 *
 * @throws a Mistake if channels, groups and weight do not fit, or the kernel is larger than the padded image
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const image = Tensor.tensor([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])
 * const sums = Tensor.ones([1, 1, 2, 2])
 * deepStrictEqual(pipe(image, Tensor.conv2d()(sums), Tensor.toArray), [[[12, 16], [24, 28]]])
 * deepStrictEqual(pipe(image, Tensor.conv2d({ stride: 2, padding: 1 })(sums), Tensor.shape), [1, 2, 2])
 */
export const conv2d = /* @__PURE__ */ over('conv2d', 2) as ConvolutionSignature<2, 'conv2d'>

/**
 * The convolution of volumes: `conv2d` with an axis more, `torch.nn.functional.conv3d`.
 *
 * `[…, channels, depth, height, width] → […, out, depth′, height′, width′]` with a weight `[out, channels / groups, kernel depth, kernel height, kernel width]`.
 *
 * @throws a Mistake if channels, groups and weight do not fit, or the kernel is larger than the padded volume
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const sums = Tensor.ones([2, 1, 2, 2, 2])
 * deepStrictEqual(pipe(Tensor.ones([5, 1, 3, 4, 4]), Tensor.conv3d({ padding: 'same' })(sums), Tensor.shape), [5, 2, 3, 4, 4])
 */
export const conv3d = /* @__PURE__ */ over('conv3d', 3) as ConvolutionSignature<3, 'conv3d'>

/**
 * The transpose of `conv1d`: each element of the input, times the kernel, is added to the output where the window of that element lies;
 * `torch.nn.functional.conv_transpose1d`.
 *
 * `[…, channels, length] → […, out, (length − 1) · stride − 2 · padding + dilation · (size − 1) + outputPadding + 1]` with a weight
 * `[channels, out / groups, size]`. `padding` takes elements away on both sides; `outputPadding` adds some behind, for lengths that `conv1d` rounds down to the same.
 *
 * @throws a Mistake if channels, groups and weight do not fit, nothing is left, or `outputPadding` is not smaller than stride or dilation
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const kernel = Tensor.tensor([[[1, 10]]])
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2, 3]]), Tensor.convTranspose1d()(kernel), Tensor.toArray), [[1, 12, 23, 30]])
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2]]), Tensor.convTranspose1d({ stride: 2 })(kernel), Tensor.toArray), [[1, 10, 2, 20]])
 */
export const convTranspose1d = /* @__PURE__ */ transposedOver('convTranspose1d', 1) as TransposedSignature<
  1,
  'convTranspose1d'
>

/**
 * The transpose of `conv2d`, as `convTranspose1d` with an axis more: `torch.nn.functional.conv_transpose2d`.
 *
 * `[…, channels, height, width] → […, out, height′, width′]` with a weight `[channels, out / groups, kernel height, kernel width]`, where
 * `height′ = (height − 1) · stride − 2 · padding + dilation · (kernel height − 1) + outputPadding + 1`.
 *
 * @throws a Mistake if channels, groups and weight do not fit, nothing is left, or `outputPadding` is not smaller than stride or dilation
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const twice = Tensor.ones([1, 1, 2, 2])
 * const image = Tensor.tensor([[[1, 2]]])
 * deepStrictEqual(pipe(image, Tensor.convTranspose2d({ stride: 2 })(twice), Tensor.toArray), [[[1, 1, 2, 2], [1, 1, 2, 2]]])
 */
export const convTranspose2d = /* @__PURE__ */ transposedOver('convTranspose2d', 2) as TransposedSignature<
  2,
  'convTranspose2d'
>
