/** One value for all elements of a tensor. */
import type { Dtype } from '../../../structure/dtype.js'
import { size } from '../../../structure/shape.js'
import {
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  i32x4,
  local,
  nothing,
  type Statement,
  sequence,
  set,
  type Value,
  type Vector
} from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { type Axis, along, axesOf, inOrderOf, nested } from './loops.js'
import { fillRow, zeroRow } from './row.js'

const repeated = (dtype: Dtype, value: number): Value<Vector> => {
  switch (dtype) {
    case 'float32':
      return f32x4.const(value)
    case 'float64':
      return f64x2.const(value)
    case 'int32':
      return i32x4.const(value)
    case 'bool':
      return i32x4.const(value * 0x01010101)
  }
}
const storeConstant = (dtype: Dtype, value: number): ((to: Value<'i32'>, offset: number) => Statement) => {
  switch (dtype) {
    case 'float32':
      return (to, offset) => f32.store(to, f32.const(value), offset)
    case 'float64':
      return (to, offset) => f64.store(to, f64.const(value), offset)
    case 'int32':
      return (to, offset) => i32.store(to, i32.const(value), offset)
    case 'bool':
      return (to, offset) => i32.storeByte(to, i32.const(value), offset)
  }
}

/** Any strides; no byte between the elements is written. The value is one that the dtype has. */
export const fill = ({ result, value }: { readonly result: Place; readonly value: number }): Statement => {
  const { dtype, shape } = result
  if (size(shape) === 0) return nothing
  const bytes = bytesOf[dtype]
  const { axes, bases } = inOrderOf(0, axesOf(shape, bytes, result.strides), [result.base])
  const to = local('i32')
  const over = (outer: readonly Axis[], body: Statement): Statement =>
    sequence(set(to, i32.const(bases[0]!)), nested(outer, [to], body))
  const single = storeConstant(dtype, value)
  const inner = axes[axes.length - 1]
  if (inner === undefined) return over([], single(to, 0))
  const length = inner.extent * bytes
  return inner.steps[0] !== bytes
    ? over(
        axes.slice(0, -1),
        along(inner, [to], ([offset]) => single(to, offset!))
      )
    : over(axes.slice(0, -1), Object.is(value, 0) ? zeroRow(to, length) : fillRow(to, repeated(dtype, value), length))
}
