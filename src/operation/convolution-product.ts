/**
 * Convolutions as matrix products.
 *
 * The windows of all images are the columns of one matrix, a row for each channel and place in the kernel (im2col): one large product, in which the
 * images of a batch stand side by side. Each rearrangement is linear and has its transpose, so that derivatives are products of the same matrices.
 */
import { add } from '../primitive/arithmetic.js'
import { matmul } from '../primitive/contraction.js'
import { cast } from '../primitive/conversion.js'
import { broadcast, permute, reshape } from '../primitive/movement.js'
import { pad, slice } from '../primitive/window.js'
import { overlapAddOf, windowsOf } from '../primitive/windows.js'
import type { Dtype } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { range, type Shape, showShape, size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { productDtype } from './contraction.js'
import {
  checkGroups,
  convolvedShape,
  deconvolvedShape,
  type Geometry,
  paddingOf,
  type TransposedGeometry
} from './convolution-settings.js'

/** What is convolved with what. */
interface Operands {
  /** `[n, channels, …]`, n the number of all leading axes together. */
  readonly images: Tensor
  readonly lead: Shape
  readonly kernel: Shape
  readonly dtype: Dtype
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** The images of a batch in one axis, of the dtype in which products are summed. */
const operandsOf = (operation: string, axes: number, channels: number, weight: Tensor, x: Tensor): Operands => {
  const rank = x.shape.length
  const kernel = weight.shape.slice(2)
  const needed = ['channels', 'depth', 'height', 'width'].filter((_, i) => i === 0 || i > 3 - axes)
  if (rank < axes + 1)
    throw mistake('ShapeMismatch', operation, `input ${showShape(x.shape)} does not end in [${needed.join(', ')}]`)
  if (x.shape[rank - axes - 1] !== channels)
    throw mistake(
      'ShapeMismatch',
      operation,
      `input ${showShape(x.shape)} has ${plural(x.shape[rank - axes - 1]!, 'channel')} at axis ${-axes - 1}, where the weight ${showShape(weight.shape)} takes ${channels}`
    )
  const lead = x.shape.slice(0, rank - axes - 1)
  const dtype = productDtype([x, weight])
  const images = reshape([size(lead), ...x.shape.slice(lead.length)])(cast(dtype)(x))
  return { images, lead, kernel, dtype }
}
const checkRank = (operation: string, axes: number, weight: Tensor): void => {
  if (weight.shape.length !== axes + 2 || size(weight.shape) === 0)
    throw mistake(
      'ShapeMismatch',
      operation,
      `the weight ${showShape(weight.shape)} should have ${axes + 2} axes, none empty: two of channels, then the kernel's`
    )
}

/** With a number for each channel added to what is in it. */
const withBias = (operation: string, bias: Tensor | undefined, dtype: Dtype, rows: Tensor): Tensor => {
  if (bias === undefined) return rows
  const channels = rows.shape[0]!
  if (bias.shape.length !== 1 || bias.shape[0] !== channels)
    throw mistake('ShapeMismatch', operation, `the bias ${showShape(bias.shape)} should be ${showShape([channels])}`)
  return add(rows, broadcast(rows.shape)(reshape([channels, ...rows.shape.slice(1).map(() => 1)])(cast(dtype)(bias))))
}
/** Channels behind the axis of images, or before it again. */
const exchanged = (x: Tensor): Tensor => permute([1, 0, ...range(x.shape.length).slice(2)])(x)

/** Zeros around the last axes. */
const padded = (before: readonly number[], behind: readonly number[], x: Tensor): Tensor => {
  if ([...before, ...behind].every(zeros => zeros === 0)) return x
  const lead = x.shape.length - before.length
  return pad({
    start: [...range(lead).map(() => 0), ...before],
    step: x.shape.map(() => 1),
    shape: x.shape.map((extent, axis) => (axis < lead ? extent : extent + before[axis - lead]! + behind[axis - lead]!))
  })(x)
}

/** `[…, channels, image…] → […, out, windows…]` by a weight `[out, channels / groups, kernel…]`. */
export const convolved =
  (operation: string, axes: number, geometry: Geometry) =>
  (weight: Tensor, bias?: Tensor) =>
  (x: Tensor): Tensor => {
    checkRank(operation, axes, weight)
    const { groups, stride, dilation } = geometry
    const out = weight.shape[0]!
    checkGroups(operation, groups, { 'the number of output channels': out })
    const { images, lead, kernel, dtype } = operandsOf(operation, axes, weight.shape[1]! * groups, weight, x)
    const counts = convolvedShape(operation, images.shape.slice(2), kernel, geometry)
    const { before, behind } = paddingOf(geometry, kernel)
    const cut = windowsOf(
      kernel.map((extent, axis) => ({ axis: axis + 2, size: extent, step: stride[axis]!, dilation: dilation[axis]! }))
    )(padded(before, behind, images))
    // [n, channels, count, size, count, size, …] to [channels, sizes…, n, counts…].
    const columns = permute([1, ...range(axes).map(a => 2 * a + 3), 0, ...range(axes).map(a => 2 * a + 2)])(cut)
    const [inside, places] = [weight.shape[1]! * size(kernel), images.shape[0]! * size(counts)]
    const plain = matmul({ left: false, right: false })
    const rows =
      groups === 1
        ? plain(reshape([out, inside])(cast(dtype)(weight)), reshape([inside, places])(columns))
        : plain(
            reshape([groups, out / groups, inside])(cast(dtype)(weight)),
            reshape([groups, inside, places])(columns)
          )
    const channels = withBias(operation, bias, dtype, reshape([out, places])(rows))
    return reshape([...lead, out, ...counts])(exchanged(reshape([out, images.shape[0]!, ...counts])(channels)))
  }

/** `[…, channels, windows…] → […, out, image…]` by a weight `[channels, out / groups, kernel…]`: the transpose of the convolution with that weight. */
export const deconvolved =
  (operation: string, axes: number, geometry: TransposedGeometry) =>
  (weight: Tensor, bias?: Tensor) =>
  (x: Tensor): Tensor => {
    checkRank(operation, axes, weight)
    const { groups, stride, dilation, padding } = geometry
    const channels = weight.shape[0]!
    checkGroups(operation, groups, { 'the number of input channels': channels })
    const out = weight.shape[1]! * groups
    const { images, lead, kernel, dtype } = operandsOf(operation, axes, channels, weight, x)
    const counts = images.shape.slice(2)
    const extents = deconvolvedShape(operation, counts, kernel, geometry)
    const [inside, places] = [weight.shape[1]! * size(kernel), images.shape[0]! * size(counts)]
    const rows = reshape([channels, places])(exchanged(images))
    const columns =
      groups === 1
        ? matmul({ left: true, right: false })(reshape([channels, inside])(cast(dtype)(weight)), rows)
        : matmul({ left: true, right: false })(
            reshape([groups, channels / groups, inside])(cast(dtype)(weight)),
            reshape([groups, channels / groups, places])(rows)
          )
    // [out, sizes…, n, counts…] to [out, n, count, size, count, size, …].
    const apart = permute([0, axes + 1, ...range(axes).flatMap(a => [axes + 2 + a, a + 1])])(
      reshape([out, ...kernel, images.shape[0]!, ...counts])(columns)
    )
    const whole = overlapAddOf(
      extents.map((extent, axis) => ({
        axis: axis + 2,
        // What is behind the last window is there for the padding to take away.
        extent: extent + 2 * padding[axis]!,
        step: stride[axis]!,
        dilation: dilation[axis]!
      }))
    )(apart)
    const shape = [out, images.shape[0]!, ...extents]
    const kept = padding.every(zeros => zeros === 0)
      ? whole
      : slice({ start: [0, 0, ...padding], step: shape.map(() => 1), shape })(whole)
    return reshape([...lead, out, ...extents])(exchanged(withBias(operation, bias, dtype, kept)))
  }
