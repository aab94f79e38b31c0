/** Where elements go: reshape, permute, broadcast and its transpose, sum. */
import { copyStrided, sumStrided } from '../kernel/strided.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import {
  foldedStrides,
  range,
  repeatedAxes,
  type Shape,
  sameShape,
  showShape,
  size,
  strides,
  withOnes,
  without
} from '../structure/shape.js'
import {
  apply,
  type Constant,
  constant,
  isExpression,
  type Linear,
  type Many,
  type One,
  type Tensor,
  type Type
} from '../tensor/tensor.js'

const stored = (x: Constant, offsets: readonly number[]) => ({
  data: x.data,
  offset: 0,
  strides: x.data.length === 1 ? offsets.map(() => 0) : offsets
})

export const reshapePrimitive: Linear<One, Shape> = {
  kind: 'linear',
  name: 'reshape',
  linearIn: 'all',
  type: ([x], shape) => {
    if (size(x.shape) !== size(shape)) {
      throw mistake(
        'ShapeMismatch',
        'reshape',
        `${showShape(x.shape)} has ${size(x.shape)} elements, ${showShape(shape)} would have ${size(shape)}`
      )
    }
    return { shape, dtype: x.dtype }
  },
  simplify: ([x], shape) =>
    isExpression(x) && x.equation.primitive === reshapePrimitive ? reshape(shape)(x.equation.inputs[0]!) : undefined,
  evaluate: ([x], shape) => constant(shape, x.dtype, x.data),
  transpose: (_, cotangent, [x]) => reshape(x.shape)(cotangent),
  batch: ([x], _, shape) => reshape([x.shape[0]!, ...shape])(x)
}
/** The same elements, in order, under another shape. */
export const reshape =
  (shape: Shape) =>
  (x: Tensor): Tensor =>
    sameShape(x.shape, shape) ? x : apply(reshapePrimitive, [x], shape)

export const permutePrimitive: Linear<One, readonly number[]> = {
  kind: 'linear',
  name: 'permute',
  linearIn: 'all',
  type: ([x], axes) => {
    if (axes.length !== x.shape.length || [...axes].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
      throw mistake(
        'ShapeMismatch',
        'permute',
        `axes ${showShape(axes)} are not an order of the axes of ${showShape(x.shape)}`
      )
    }
    return { shape: axes.map(axis => x.shape[axis]!), dtype: x.dtype }
  },
  evaluate: ([x], axes, { shape, dtype }) => {
    if (x.data.length === 1) return constant(shape, dtype, x.data)
    const data = allocate(dtype, x.data.length)
    const from = strides(x.shape)
    copyStrided(
      shape,
      stored(
        x,
        axes.map(axis => from[axis]!)
      ),
      { data, offset: 0, strides: strides(shape) }
    )
    return constant(shape, dtype, data)
  },
  transpose: (_, cotangent, __, axes) => permute(axes.map((_, i) => axes.indexOf(i)))(cotangent),
  batch: ([x], _, axes) => permute([0, ...axes.map(axis => axis + 1)])(x)
}
/** Axis i of the result is axis `axes[i]` of x. */
export const permute =
  (axes: readonly number[]) =>
  (x: Tensor): Tensor =>
    axes.length === x.shape.length && axes.every((axis, i) => axis === i) ? x : apply(permutePrimitive, [x], axes)

export const broadcastPrimitive: Linear<One, Shape> = {
  kind: 'linear',
  name: 'broadcast',
  linearIn: 'all',
  type: ([x], shape) => {
    const missing = shape.length - x.shape.length
    if (missing < 0 || x.shape.some((extent, axis) => extent !== shape[missing + axis] && extent !== 1)) {
      throw mistake('ShapeMismatch', 'broadcast', `${showShape(x.shape)} cannot be repeated to ${showShape(shape)}`)
    }
    return { shape, dtype: x.dtype }
  },
  evaluate: ([x], shape) => {
    if (x.data.length === 1) return constant(shape, x.dtype, x.data)
    const data = allocate(x.dtype, size(shape))
    const from = strides(x.shape)
    const missing = shape.length - x.shape.length
    const steps = shape.map((_, axis) => (axis < missing || x.shape[axis - missing] === 1 ? 0 : from[axis - missing]!))
    copyStrided(shape, stored(x, steps), { data, offset: 0, strides: strides(shape) })
    return constant(shape, x.dtype, data)
  },
  transpose: (_, cotangent, [x]) => reshape(x.shape)(sum(repeatedAxes(x.shape, cotangent.shape))(cotangent)),
  batch: ([x], _, shape) => {
    const [n, ...rest] = x.shape
    return broadcast([n!, ...shape])(reshape([n!, ...shape.slice(rest.length).map(() => 1), ...rest])(x))
  }
}
/** Repeated along new leading axes and along axes of size 1. */
export const broadcast =
  (shape: Shape) =>
  (x: Tensor): Tensor =>
    sameShape(x.shape, shape) ? x : apply(broadcastPrimitive, [x], shape)

export const sumPrimitive: Linear<One, readonly number[]> = {
  kind: 'linear',
  name: 'sum',
  linearIn: 'all',
  type: ([x], axes) => ({ shape: without(x.shape, axes), dtype: x.dtype }),
  evaluate: ([x], axes, { shape, dtype }) => {
    // Summed in float64 and rounded once, so that the order of a long float32 sum hardly matters.
    const total = new Float64Array(size(shape))
    sumStrided(x.shape, stored(x, strides(x.shape)), { data: total, offset: 0, strides: foldedStrides(x.shape, axes) })
    if (dtype === 'float64') return constant(shape, dtype, total)
    const data = allocate(dtype, total.length)
    data.set(total)
    return constant(shape, dtype, data)
  },
  transpose: (_, cotangent, [x], axes) => broadcast(x.shape)(reshape(withOnes(x.shape, axes))(cotangent)),
  batch: ([x], _, axes) => sum(axes.map(axis => axis + 1))(x)
}
/** The sum along axes, which disappear. */
export const sum =
  (axes: readonly number[]) =>
  (x: Tensor): Tensor =>
    axes.length === 0 ? x : apply(sumPrimitive, [x], axes)
export const sumAll = (x: Tensor): Tensor => sum(range(x.shape.length))(x)

/** The number of members of a batch. */
export const batchSize = (inputs: Many, batched: readonly boolean[]): number => inputs[batched.indexOf(true)]!.shape[0]!

/** All operands with the leading axis that some of them have: where the batching rule of an element-wise operation begins. */
export const leading = <I extends Many>(inputs: I, batched: readonly boolean[]): I => {
  const n = batchSize(inputs, batched)
  return inputs.map((x, i) => (batched[i] ? x : broadcast([n, ...x.shape])(x))) as Many as I
}
/** The batching rule of element-wise operations on two operands or more. */
export const together =
  <I extends Many>(operation: (inputs: I) => Tensor) =>
  (inputs: I, batched: readonly boolean[]): Tensor =>
    operation(leading(inputs, batched))

export const ofType =
  ({ shape, dtype }: Type, operation: string) =>
  (x: Tensor): Tensor => {
    if (!sameShape(x.shape, shape) || x.dtype !== dtype) {
      throw mistake(
        'ShapeMismatch',
        operation,
        `${x.dtype} ${showShape(x.shape)} where ${dtype} ${showShape(shape)} is needed`
      )
    }
    return x
  }
