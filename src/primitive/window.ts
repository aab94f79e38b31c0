/** Parts and wholes: slice and pad, each the transpose of the other; concat and reverse. */
import { copyStrided } from '../kernel/strided.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, showShape, size, strides } from '../structure/shape.js'
import {
  apply,
  constant,
  elements,
  type Linear,
  type Many,
  type One,
  type Tensor,
  type Type
} from '../tensor/tensor.js'
import { leading } from './movement.js'

/** Where a part lies in a whole: element i of the part is element `start + i · step` of the whole; `shape` is the result's. */
export interface Window {
  readonly start: readonly number[]
  readonly step: readonly number[]
  readonly shape: Shape
}

const fits = (name: string, part: Shape, { start, step }: Window, whole: Shape): void => {
  const inside =
    part.length === whole.length &&
    part.every(
      (extent, axis) =>
        extent === 0 ||
        (start[axis]! >= 0 && step[axis]! > 0 && start[axis]! + (extent - 1) * step[axis]! < whole[axis]!)
    )
  if (!inside)
    throw mistake(
      'ShapeMismatch',
      name,
      `a part ${showShape(part)} from ${showShape(start)} in steps of ${showShape(step)} does not lie inside ${showShape(whole)}`
    )
}
const offset = (start: readonly number[], steps: readonly number[]): number =>
  start.reduce((sum, first, axis) => sum + first * steps[axis]!, 0)
const stepped = (steps: readonly number[], by: readonly number[]): readonly number[] =>
  steps.map((stride, axis) => stride * by[axis]!)
const batchedWindow = (n: number, { start, step, shape }: Window): Window => ({
  start: [0, ...start],
  step: [1, ...step],
  shape: [n, ...shape]
})

export const slicePrimitive: Linear<One, Window> = {
  kind: 'linear',
  name: 'slice',
  linearIn: 'all',
  type: ([x], window) => {
    fits('slice', window.shape, window, x.shape)
    return { shape: window.shape, dtype: x.dtype }
  },
  evaluate: ([x], { start, step, shape }) => {
    if (x.data.length === 1) return constant(shape, x.dtype, x.data)
    const from = strides(x.shape)
    const data = allocate(x.dtype, size(shape))
    copyStrided(
      shape,
      { data: x.data, offset: offset(start, from), strides: stepped(from, step) },
      { data, offset: 0, strides: strides(shape) }
    )
    return constant(shape, x.dtype, data)
  },
  transpose: (_, cotangent, [x], { start, step }) => pad({ start, step, shape: x.shape })(cotangent),
  batch: ([x], _, window) => slice(batchedWindow(x.shape[0]!, window))(x)
}
/** The part of x at a window. */
export const slice =
  (window: Window) =>
  (x: Tensor): Tensor =>
    apply(slicePrimitive, [x], window)

export const padPrimitive: Linear<One, Window> = {
  kind: 'linear',
  name: 'pad',
  linearIn: 'all',
  type: ([x], window) => {
    fits('pad', x.shape, window, window.shape)
    return { shape: window.shape, dtype: x.dtype }
  },
  evaluate: ([x], { start, step, shape }) => {
    const to = strides(shape)
    const data = allocate(x.dtype, size(shape))
    copyStrided(
      x.shape,
      { data: elements(x), offset: 0, strides: strides(x.shape) },
      { data, offset: offset(start, to), strides: stepped(to, step) }
    )
    return constant(shape, x.dtype, data)
  },
  transpose: (_, cotangent, [x], { start, step }) => slice({ start, step, shape: x.shape })(cotangent),
  batch: ([x], _, window) => pad(batchedWindow(x.shape[0]!, window))(x)
}
/** Zeros, with x at a window. */
export const pad =
  (window: Window) =>
  (x: Tensor): Tensor =>
    apply(padPrimitive, [x], window)

/** The window of one operand in a concatenation. */
const place = (inputs: readonly Type[], axis: number, operand: number): Window => {
  const { shape } = inputs[operand]!
  const before = inputs.slice(0, operand).reduce((sum, x) => sum + x.shape[axis]!, 0)
  return { start: shape.map((_, i) => (i === axis ? before : 0)), step: shape.map(() => 1), shape }
}
export const concatPrimitive: Linear<Many, number> = {
  kind: 'linear',
  name: 'concat',
  linearIn: 'all',
  type: (inputs, axis) => {
    const first = inputs[0]
    if (first === undefined) throw mistake('InvalidArgument', 'concat', 'nothing to put together')
    inputs.forEach((x, i) => {
      const fit =
        x.shape.length === first.shape.length && x.shape.every((extent, a) => a === axis || extent === first.shape[a])
      if (!fit)
        throw mistake(
          'ShapeMismatch',
          'concat',
          `shapes ${showShape(first.shape)} and ${showShape(x.shape)} (operand ${i}) differ apart from axis ${axis}`
        )
    })
    const extent = inputs.reduce((sum, x) => sum + x.shape[axis]!, 0)
    return { shape: first.shape.map((d, a) => (a === axis ? extent : d)), dtype: first.dtype }
  },
  evaluate: (inputs, axis, { shape, dtype }) => {
    const data = allocate(dtype, size(shape))
    const to = strides(shape)
    inputs.forEach((x, operand) => {
      copyStrided(
        x.shape,
        { data: elements(x), offset: 0, strides: strides(x.shape) },
        { data, offset: offset(place(inputs, axis, operand).start, to), strides: to }
      )
    })
    return constant(shape, dtype, data)
  },
  transpose: (operand, cotangent, inputs, axis) => slice(place(inputs, axis, operand))(cotangent),
  batch: (inputs, batched, axis) => apply(concatPrimitive, leading(inputs, batched), axis + 1)
}
/** Along an axis counted from 0; operands of one dtype. */
export const concat =
  (axis: number) =>
  (xs: Many): Tensor =>
    xs.length === 1 ? xs[0]! : apply(concatPrimitive, xs, axis)

export const reversePrimitive: Linear<One, readonly number[]> = {
  kind: 'linear',
  name: 'reverse',
  linearIn: 'all',
  type: ([x]) => x,
  evaluate: ([x], axes) => {
    if (x.data.length === 1) return x
    const from = strides(x.shape)
    const data = allocate(x.dtype, x.data.length)
    const last = axes.reduce((sum, axis) => sum + from[axis]! * Math.max(0, x.shape[axis]! - 1), 0)
    copyStrided(
      x.shape,
      { data: x.data, offset: last, strides: from.map((s, axis) => (axes.includes(axis) ? -s : s)) },
      { data, offset: 0, strides: from }
    )
    return constant(x.shape, x.dtype, data)
  },
  transpose: (_, cotangent, __, axes) => reverse(axes)(cotangent),
  batch: ([x], _, axes) => reverse(axes.map(axis => axis + 1))(x)
}
/** In the opposite order along axes. */
export const reverse =
  (axes: readonly number[]) =>
  (x: Tensor): Tensor =>
    axes.length === 0 ? x : apply(reversePrimitive, [x], axes)
