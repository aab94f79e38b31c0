/** The settings of convolutions: one number for each axis, checked, with what would do where one does not. */
import { span, windowCount } from '../primitive/windows.js'
import { mistake } from '../structure/mistake.js'
import { range, type Shape, showShape } from '../structure/shape.js'

/** One number for all axes, or one for each. */
export type PerAxis = number | readonly number[]

/** Where windows lie along each axis. */
export interface Geometry {
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  /** Zeros before the first element and behind the last one; the same number for all axes unless told otherwise. */
  readonly padding: readonly number[] | 'same'
  readonly groups: number
}
export interface ConvolutionOptions {
  readonly stride?: PerAxis
  readonly padding?: PerAxis | 'same'
  readonly dilation?: PerAxis
  readonly groups?: number
}
export interface TransposedOptions {
  readonly stride?: PerAxis
  readonly padding?: PerAxis
  readonly outputPadding?: PerAxis
  readonly dilation?: PerAxis
  readonly groups?: number
}
export interface TransposedGeometry extends Geometry {
  readonly padding: readonly number[]
  readonly outputPadding: readonly number[]
}

/** An option as a number for each axis, none below a least one. */
export const perAxis = (
  operation: string,
  name: string,
  axes: number,
  value: PerAxis,
  least: number
): readonly number[] => {
  const all = typeof value === 'number' ? range(axes).map(() => value) : value
  if (all.length !== axes)
    throw mistake(
      'InvalidArgument',
      operation,
      `${name} is ${showShape(all)}: ${all.length} numbers for ${axes} ${axes === 1 ? 'axis' : 'axes'}; give ${axes}, or one for all`
    )
  for (const each of all)
    if (!Number.isInteger(each) || each < least)
      throw mistake('InvalidArgument', operation, `${name} is ${each}; it must be a whole number of ${least} or more`)
  return all
}
const groupsOf = (operation: string, groups: number): number => {
  if (!Number.isInteger(groups) || groups < 1)
    throw mistake('InvalidArgument', operation, `groups is ${groups}; it must be a whole number of 1 or more`)
  return groups
}
const divisorsOf = (n: number): readonly number[] => range(n + 1).filter(d => d > 0 && n % d === 0)
/** Channels that are divided among groups. */
export const checkGroups = (operation: string, groups: number, channels: Readonly<Record<string, number>>): void => {
  for (const [name, count] of Object.entries(channels))
    if (count % groups !== 0)
      throw mistake(
        'InvalidArgument',
        operation,
        `groups is ${groups}, which does not divide ${name}, ${count}; its divisors are ${divisorsOf(count).join(', ')}`
      )
}

export const geometryOf = (
  operation: string,
  axes: number,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvolutionOptions
): Geometry => {
  const steps = perAxis(operation, 'stride', axes, stride, 1)
  if (padding === 'same' && steps.some(step => step !== 1))
    throw mistake(
      'InvalidArgument',
      operation,
      `padding 'same' keeps extents at stride 1 only, not at stride ${showShape(steps)}; give the padding as a number`
    )
  return {
    stride: steps,
    dilation: perAxis(operation, 'dilation', axes, dilation, 1),
    padding: padding === 'same' ? padding : perAxis(operation, 'padding', axes, padding, 0),
    groups: groupsOf(operation, groups)
  }
}
export const transposedGeometryOf = (
  operation: string,
  axes: number,
  { outputPadding = 0, padding = 0, ...rest }: TransposedOptions
): TransposedGeometry => {
  const geometry = geometryOf(operation, axes, rest)
  const more = perAxis(operation, 'outputPadding', axes, outputPadding, 0)
  more.forEach((extent, axis) => {
    const [stride, dilation] = [geometry.stride[axis]!, geometry.dilation[axis]!]
    // More would be another window, and rows of nothing but bias.
    if (extent >= Math.max(stride, dilation))
      throw mistake(
        'InvalidArgument',
        operation,
        `outputPadding is ${extent}; it must be smaller than the stride, ${stride}, or the dilation, ${dilation}`
      )
  })
  return { ...geometry, padding: perAxis(operation, 'padding', axes, padding, 0), outputPadding: more }
}

/** Zeros before and behind each axis. Where an odd number of them is needed to keep an extent, one more is behind, as in PyTorch. */
export const paddingOf = (
  { padding, dilation }: Geometry,
  kernel: Shape
): { readonly before: readonly number[]; readonly behind: readonly number[] } => {
  if (padding !== 'same') return { before: padding, behind: padding }
  const total = kernel.map((size, axis) => dilation[axis]! * (size - 1))
  return { before: total.map(zeros => Math.floor(zeros / 2)), behind: total.map(zeros => Math.ceil(zeros / 2)) }
}

/** `3 × 5` */
const showSizes = (sizes: Shape): string => sizes.join(' × ')

/** How many windows there are along each axis of an image. */
export const convolvedShape = (operation: string, image: Shape, kernel: Shape, geometry: Geometry): Shape => {
  const { before, behind } = paddingOf(geometry, kernel)
  const padded = image.map((extent, axis) => extent + before[axis]! + behind[axis]!)
  const spans = kernel.map((size, axis) => span(size, geometry.dilation[axis]!))
  const short = spans.findIndex((needed, axis) => needed > padded[axis]!)
  if (short >= 0) {
    const missing = Math.ceil((spans[short]! - image[short]!) / 2)
    const reach = spans.some((needed, axis) => needed !== kernel[axis])
      ? `, which reaches over ${showSizes(spans)} elements,`
      : ''
    throw mistake(
      'ShapeMismatch',
      operation,
      `a kernel of ${showSizes(kernel)}${reach} does not fit into an image of ${showSizes(image)} padded to ${showSizes(padded)}; a padding of ${missing} along axis ${short - image.length} would do`
    )
  }
  return padded.map((extent, axis) =>
    windowCount(extent, { size: kernel[axis]!, step: geometry.stride[axis]!, dilation: geometry.dilation[axis]! })
  )
}

/** The extents of an image of which this would be the windows. */
export const deconvolvedShape = (
  operation: string,
  image: Shape,
  kernel: Shape,
  { stride, padding, dilation, outputPadding }: TransposedGeometry
): Shape => {
  const extents = image.map(
    (count, axis) =>
      (count - 1) * stride[axis]! + span(kernel[axis]!, dilation[axis]!) - 2 * padding[axis]! + outputPadding[axis]!
  )
  const gone = extents.findIndex(extent => extent < 1)
  if (gone >= 0) {
    const whole = extents[gone]! + 2 * padding[gone]!
    throw mistake(
      'ShapeMismatch',
      operation,
      `a padding of ${padding[gone]} takes away all ${whole} elements along axis ${gone - image.length}; at most ${Math.max(0, Math.ceil(whole / 2) - 1)} would leave some`
    )
  }
  return extents
}
