/** Between dtypes, and out of differentiation. */
import { copy, toBool, unary } from '../kernel/elementwise.js'
import type { Dtype } from '../structure/dtype.js'
import { adopt, promote } from '../structure/dtype.js'
import { broadcastShapes } from '../structure/shape.js'
import { apply, type Linear, type LocallyConstant, type One, type Tensor, uniform } from '../tensor/tensor.js'
import { broadcast } from './movement.js'
import { map, sameType } from './pointwise.js'

// Rounds towards zero and stops at the ends; NaN becomes 0. A store into an Int32Array would wrap around instead.
const toInteger = unary(x => (x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : x))

export const castPrimitive: Linear<One, Dtype> = {
  kind: 'linear',
  name: 'cast',
  linearIn: 'all',
  type: ([x], dtype) => ({ shape: x.shape, dtype }),
  evaluate: (inputs, dtype, type) =>
    map(dtype === 'bool' ? toBool : dtype === 'int32' ? toInteger : copy)(inputs, dtype, type),
  transpose: (_, cotangent, [x]) => cast(x.dtype)(cotangent),
  batch: ([x], _, dtype) => cast(dtype)(x)
}
export const cast =
  (dtype: Dtype) =>
  (x: Tensor): Tensor =>
    x.dtype === dtype ? x : apply(castPrimitive, [x], dtype)

export const stopGradientPrimitive: LocallyConstant<One> = {
  kind: 'locallyConstant',
  name: 'stopGradient',
  type: sameType,
  evaluate: ([x]) => x,
  batch: ([x]) => stopGradient(x)
}
/** The same tensor, taken to be constant by every derivative. */
export const stopGradient = (x: Tensor): Tensor => apply(stopGradientPrimitive, [x], undefined)

/** A tensor, or a number that takes the dtype of the tensor beside it. */
export type Operand = Tensor | number

/** The dtype in which two operands meet. */
const commonDtype = (a: Operand, b: Operand): Dtype => {
  if (typeof a === 'number') return typeof b === 'number' ? 'float32' : adopt(b.dtype, a)
  return typeof b === 'number' ? adopt(a.dtype, b) : promote(a.dtype, b.dtype)
}
/** Two operands as tensors of one shape and dtype, the dtype first passed through `convert`. */
export const operands = (
  name: string,
  a: Operand,
  b: Operand,
  convert: (dtype: Dtype) => Dtype = dtype => dtype
): readonly [Tensor, Tensor] => {
  if (typeof a !== 'number' && typeof b !== 'number' && a.dtype === b.dtype && a.shape === b.shape) {
    const dtype = convert(a.dtype)
    return [cast(dtype)(a), cast(dtype)(b)]
  }
  const dtype = convert(commonDtype(a, b))
  const shape =
    typeof a === 'number'
      ? typeof b === 'number'
        ? []
        : b.shape
      : typeof b === 'number'
        ? a.shape
        : broadcastShapes(name, a.shape, b.shape)
  const lift = (x: Operand): Tensor =>
    typeof x === 'number' ? uniform({ shape, dtype }, x) : broadcast(shape)(cast(dtype)(x))
  return [lift(a), lift(b)]
}
