/** The larger and the smaller: of two tensors, and along axes. Ties share the derivative. */
import { binary } from '../kernel/elementwise.js'
import { bestStrided } from '../kernel/strided.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { foldedStrides, showShape, size, strides, withOnes, without } from '../structure/shape.js'
import {
  apply,
  constant,
  elements,
  type LocallyConstant,
  type One,
  orZeros,
  type Smooth,
  type Tensor,
  type Two,
  uniform,
  zeros
} from '../tensor/tensor.js'
import { add, div, scale, sub } from './arithmetic.js'
import { cast, type Operand, operands } from './conversion.js'
import { broadcast, reshape, sum, together } from './movement.js'
import { pairType, zip } from './pointwise.js'
import { equal, less, where } from './selection.js'

const ofTwo = (
  name: string,
  f: (x: number, y: number) => number,
  first: (x: Tensor, y: Tensor) => Tensor
): Smooth<Two> => {
  const primitive: Smooth<Two> = {
    kind: 'smooth',
    name,
    type: pairType(name),
    evaluate: zip(binary(f)),
    jvp: ([dx, dy], [x, y]) => {
      const share = where(first(x, y), uniform(x, 1), where(equal(x, y), uniform(x, 0.5), zeros(x)))
      return add(scale(orZeros(dx, x), share), scale(orZeros(dy, y), sub(1, share)))
    },
    batch: together(inputs => apply(primitive, inputs, undefined))
  }
  return primitive
}
export const maximumPrimitive = ofTwo('maximum', Math.max, (x, y) => less(y, x))
export const minimumPrimitive = ofTwo('minimum', Math.min, (x, y) => less(x, y))
export const maximum = (a: Operand, b: Operand): Tensor => apply(maximumPrimitive, operands('maximum', a, b), undefined)
export const minimum = (a: Operand, b: Operand): Tensor => apply(minimumPrimitive, operands('minimum', a, b), undefined)

const alongAxes = (
  name: string,
  worst: number,
  better: (a: number, b: number) => boolean
): Smooth<One, readonly number[]> => {
  const primitive: Smooth<One, readonly number[]> = {
    kind: 'smooth',
    name,
    type: ([x], axes) => {
      if (axes.some(axis => x.shape[axis] === 0))
        throw mistake('ShapeMismatch', name, `no element along axes ${showShape(axes)} of ${showShape(x.shape)}`)
      return { shape: without(x.shape, axes), dtype: x.dtype }
    },
    evaluate: ([x], axes, { shape, dtype }) => {
      const data = allocate(dtype, size(shape)).fill(
        dtype === 'int32' ? (worst > 0 ? 2147483647 : -2147483648) : dtype === 'bool' ? (worst > 0 ? 1 : 0) : worst
      )
      bestStrided(
        x.shape,
        { data: elements(x), offset: 0, strides: strides(x.shape) },
        { data, offset: 0, strides: foldedStrides(x.shape, axes) },
        better
      )
      return constant(shape, dtype, data)
    },
    jvp: ([dx], [x], best, axes) => {
      const hit = cast(x.dtype)(equal(x, broadcast(x.shape)(reshape(withOnes(x.shape, axes))(best))))
      return div(sum(axes)(scale(orZeros(dx, x), hit)), sum(axes)(hit))
    },
    batch: ([x], _, axes) =>
      apply(
        primitive,
        [x],
        axes.map(axis => axis + 1)
      )
  }
  return primitive
}
export const amaxPrimitive = alongAxes('amax', Number.NEGATIVE_INFINITY, (a, b) => a > b)
export const aminPrimitive = alongAxes('amin', Number.POSITIVE_INFINITY, (a, b) => a < b)
const reduce =
  (primitive: Smooth<One, readonly number[]>) =>
  (axes: readonly number[]) =>
  (x: Tensor): Tensor =>
    axes.length === 0 ? x : apply(primitive, [x], axes)
export const amax = reduce(amaxPrimitive)
export const amin = reduce(aminPrimitive)

/** The index, along one axis, of the first best element; NaN is better than all. */
const position = (name: string, better: (a: number, b: number) => boolean): LocallyConstant<One, number> => {
  const primitive: LocallyConstant<One, number> = {
    kind: 'locallyConstant',
    name,
    type: ([x], axis) => {
      if (x.shape[axis] === 0)
        throw mistake('ShapeMismatch', name, `no element along axis ${axis} of ${showShape(x.shape)}`)
      return { shape: without(x.shape, [axis]), dtype: 'int32' }
    },
    evaluate: ([x], axis, { shape, dtype }) => {
      const data = allocate(dtype, size(shape))
      const values = elements(x)
      const extent = x.shape[axis]!
      const inner = size(x.shape.slice(axis + 1))
      for (let i = 0; i < data.length; i++) {
        const start = Math.floor(i / inner) * inner * extent + (i % inner)
        let [found, best] = [0, values[start]!]
        for (let k = 1; k < extent && best === best; k++) {
          const value = values[start + k * inner]!
          if (better(value, best) || value !== value) [found, best] = [k, value]
        }
        data[i] = found
      }
      return constant(shape, dtype, data)
    },
    batch: ([x], _, axis) => apply(primitive, [x], axis + 1)
  }
  return primitive
}
export const argmaxPrimitive = position('argmax', (a, b) => a > b)
export const argminPrimitive = position('argmin', (a, b) => a < b)
export const argmax =
  (axis: number) =>
  (x: Tensor): Tensor =>
    apply(argmaxPrimitive, [x], axis)
export const argmin =
  (axis: number) =>
  (x: Tensor): Tensor =>
    apply(argminPrimitive, [x], axis)
