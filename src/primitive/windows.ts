/** Windows along an axis, which may overlap: `windows` cuts them out, `overlapAdd` lays them over one another; each is the transpose of the other. */
import { copyStrided, sumStrided } from '../kernel/strided.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape, size as sizeOf, strides, withExtent } from '../structure/shape.js'
import { apply, constant, elements, type Linear, type One, type Tensor } from '../tensor/tensor.js'
import { reshape } from './movement.js'
import { slice } from './window.js'

/** Element k of window i is element `i · step + k · dilation` along the axis. */
export interface Windows {
  readonly axis: number
  /** The number of elements of each window. */
  readonly size: number
  /** How far apart neighbouring windows begin. */
  readonly step: number
  /** How far apart neighbours inside a window lie. */
  readonly dilation: number
}
/** Windows laid over an axis of so many elements. */
export interface Overlap {
  readonly axis: number
  readonly extent: number
  readonly step: number
  readonly dilation: number
}

/** How many elements lie between the ends of a window, both counted. */
export const span = (size: number, dilation: number): number => dilation * (size - 1) + 1
/** How many windows an axis of so many elements has: `⌊(extent − span) / step⌋ + 1`, or none where not even one fits. */
export const windowCount = (extent: number, { size, step, dilation }: Omit<Windows, 'axis'>): number =>
  Math.max(0, Math.floor((extent - span(size, dilation)) / step) + 1)

const whole = (name: string, axis: number, rank: number, numbers: Readonly<Record<string, number>>): void => {
  if (!Number.isInteger(axis) || axis < 0 || axis >= rank)
    throw mistake('ShapeMismatch', name, `axis ${axis} is out of range for rank ${rank}`)
  for (const [what, value] of Object.entries(numbers))
    if (!Number.isInteger(value) || value < 1)
      throw mistake('InvalidArgument', name, `${what} is ${value}, which is not a whole number from 1 on`)
}
/** The shape with two extents in the place of one. */
const divided = (shape: Shape, axis: number, count: number, size: number): Shape => [
  ...shape.slice(0, axis),
  count,
  size,
  ...shape.slice(axis + 1)
]
/** How far apart neighbouring windows, and neighbours inside them, lie in a tensor of this shape. */
const windowStrides = (shape: Shape, { axis, step, dilation }: Omit<Windows, 'size'>): readonly number[] => {
  const from = strides(shape)
  return divided(from, axis, from[axis]! * step, from[axis]! * dilation)
}

export const windowsPrimitive: Linear<One, Windows> = {
  kind: 'linear',
  name: 'windows',
  linearIn: 'all',
  type: ([x], { axis, ...along }) => {
    whole('windows', axis, x.shape.length, along)
    return { shape: divided(x.shape, axis, windowCount(x.shape[axis]!, along), along.size), dtype: x.dtype }
  },
  // Windows that touch but do not overlap are the axis cut into pieces: what meets it and its transpose then meets a reshape.
  simplify: ([x], { axis, size, step, dilation }) => {
    const count = windowCount(x.shape[axis]!, { size, step, dilation })
    if (size > 1 && (dilation !== 1 || (step !== size && count > 1))) return undefined
    const shape = withExtent(x.shape, axis, count * size)
    const by = shape.map((_, i) => (i === axis && size === 1 && count > 1 ? step : 1))
    const all = sameShape(shape, x.shape)
    const part = all ? x : slice({ start: shape.map(() => 0), step: by, shape })(x)
    return reshape(divided(x.shape, axis, count, size))(part)
  },
  evaluate: ([x], along, { shape, dtype }) => {
    if (x.data.length === 1) return constant(shape, dtype, x.data)
    const data = allocate(dtype, sizeOf(shape))
    copyStrided(
      shape,
      { data: x.data, offset: 0, strides: windowStrides(x.shape, along) },
      { data, offset: 0, strides: strides(shape) }
    )
    return constant(shape, dtype, data)
  },
  transpose: (_, cotangent, [x], { axis, step, dilation }) =>
    overlapAdd({ axis, extent: x.shape[axis]!, step, dilation })(cotangent),
  batch: ([x], _, along) => windows({ ...along, axis: along.axis + 1 })(x)
}
/** `[…, extent, …] → […, count, size, …]`: the windows along an axis counted from 0. */
export const windows =
  (along: Windows) =>
  (x: Tensor): Tensor =>
    apply(windowsPrimitive, [x], along)

/** The windows of some axes, `[count, size]` in the place of each: what convolutions and pools look at. */
export const windowsOf =
  (all: readonly Windows[]) =>
  (x: Tensor): Tensor =>
    // From the last axis on, so that the numbers of those before stay true.
    [...all].sort((a, b) => b.axis - a.axis).reduce((found, along) => windows(along)(found), x)

export const overlapAddPrimitive: Linear<One, Overlap> = {
  kind: 'linear',
  name: 'overlapAdd',
  linearIn: 'all',
  type: ([y], { axis, extent, step, dilation }) => {
    const [count, size] = [y.shape[axis]!, y.shape[axis + 1]!]
    whole('overlapAdd', axis, y.shape.length - 1, { step, dilation, size })
    const end = count === 0 ? 0 : (count - 1) * step + span(size, dilation)
    if (!Number.isInteger(extent) || end > extent)
      throw mistake(
        'ShapeMismatch',
        'overlapAdd',
        `${count} windows of ${size} elements in ${showShape(y.shape)}, by steps of ${step} and dilation ${dilation}, need an extent of ${end} at least, not ${extent}`
      )
    return { shape: [...y.shape.slice(0, axis), extent, ...y.shape.slice(axis + 2)], dtype: y.dtype }
  },
  evaluate: ([y], along, { shape, dtype }) => {
    // As a sum: in float64, rounded once.
    const total = new Float64Array(sizeOf(shape))
    sumStrided(
      y.shape,
      { data: elements(y), offset: 0, strides: strides(y.shape) },
      { data: total, offset: 0, strides: windowStrides(shape, along) }
    )
    if (dtype === 'float64') return constant(shape, dtype, total)
    const data = allocate(dtype, total.length)
    data.set(total)
    return constant(shape, dtype, data)
  },
  transpose: (_, cotangent, [y], { axis, step, dilation }) => {
    const cut = windows({ axis, size: y.shape[axis + 1]!, step, dilation })(cotangent)
    // Where the axis goes on so far behind the last window that another would fit, that one was not there.
    return cut.shape[axis] === y.shape[axis]
      ? cut
      : slice({ start: y.shape.map(() => 0), step: y.shape.map(() => 1), shape: y.shape })(cut)
  },
  batch: ([y], _, along) => overlapAdd({ ...along, axis: along.axis + 1 })(y)
}
/** `[…, count, size, …] → […, extent, …]`: the sum of windows at their places along an axis counted from 0; 0 where there is none. */
export const overlapAdd =
  (along: Overlap) =>
  (y: Tensor): Tensor =>
    apply(overlapAddPrimitive, [y], along)

/** The transpose of `windowsOf`: windows of some axes, `axis` counted in the result. */
export const overlapAddOf =
  (all: readonly Overlap[]) =>
  (y: Tensor): Tensor =>
    [...all].sort((a, b) => a.axis - b.axis).reduce((found, along) => overlapAdd(along)(found), y)
