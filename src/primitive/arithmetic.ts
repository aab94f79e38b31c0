/** Sums, products and quotients. */
import * as loop from '../kernel/elementwise.js'
import { type Dtype, floating } from '../structure/dtype.js'
import {
  apply,
  isExpression,
  isUniform,
  type Linear,
  type Multilinear,
  type One,
  type Smooth,
  type Tensor,
  type Two,
  uniform
} from '../tensor/tensor.js'
import { cast, type Operand, operands } from './conversion.js'
import { together } from './movement.js'
import { map, pairType, sameType, zip } from './pointwise.js'

export const addPrimitive: Linear<Two> = {
  kind: 'linear',
  name: 'add',
  linearIn: 'all',
  type: pairType('add'),
  evaluate: zip(loop.add),
  // Only −0 is a unit of addition for every number: −0 + 0 is 0.
  simplify: ([x, y]) => (isUniform(x, -0) ? y : isUniform(y, -0) ? x : undefined),
  transpose: (_, cotangent) => cotangent,
  along: (_, tangent) => tangent,
  batch: together(inputs => apply(addPrimitive, inputs, undefined))
}
export const subPrimitive: Linear<Two> = {
  kind: 'linear',
  name: 'sub',
  linearIn: 'all',
  type: pairType('sub'),
  evaluate: zip(loop.sub),
  simplify: ([x, y]) => (isUniform(y, 0) ? x : isUniform(x, -0) ? neg(y) : undefined),
  transpose: (operand, cotangent) => (operand === 0 ? cotangent : neg(cotangent)),
  along: (operand, tangent) => (operand === 0 ? tangent : neg(tangent)),
  batch: together(inputs => apply(subPrimitive, inputs, undefined))
}
export const negPrimitive: Linear<One> = {
  kind: 'linear',
  name: 'neg',
  linearIn: 'all',
  type: sameType,
  evaluate: map(loop.neg),
  simplify: ([x]) => (isExpression(x) && x.equation.primitive === negPrimitive ? x.equation.inputs[0] : undefined),
  transpose: (_, cotangent) => neg(cotangent),
  batch: ([x]) => neg(x)
}
const simplifyProduct = ([x, y]: Two): Tensor | undefined =>
  isUniform(x, 1)
    ? y
    : isUniform(y, 1)
      ? x
      : x.dtype === 'int32'
        ? undefined
        : isUniform(x, -1)
          ? neg(y)
          : isUniform(y, -1)
            ? neg(x)
            : undefined

export const mulPrimitive: Multilinear<Two> = {
  kind: 'multilinear',
  name: 'mul',
  type: pairType('mul'),
  evaluate: zip(loop.mul),
  simplify: simplifyProduct,
  // As for slopes: in `where(x > 0, x log x, 0)` no change meets log 0.
  transpose: (operand, cotangent, inputs) => scale(cotangent, inputs[operand === 0 ? 1 : 0]),
  batch: together(inputs => apply(mulPrimitive, inputs, undefined))
}
/**
 * The product of a change and a slope, in which 0 · ∞ = 0: a slope may be infinite where there is no change.
 * With a plain product the derivative of `where(x > 0, log x, 0)` at 0 would be NaN in reverse mode.
 */
export const scalePrimitive: Multilinear<Two> = {
  kind: 'multilinear',
  name: 'scale',
  type: pairType('scale'),
  evaluate: zip(loop.scale),
  simplify: ([x, y]) => (isUniform(x, 1) ? y : isUniform(y, 1) ? x : undefined),
  transpose: (operand, cotangent, inputs) => scale(cotangent, inputs[operand === 0 ? 1 : 0]),
  batch: together(inputs => apply(scalePrimitive, inputs, undefined))
}
/** `q = x / y`: `dq = (dx − dy · q) / y`. */
export const divPrimitive: Smooth<Two> = {
  kind: 'smooth',
  name: 'div',
  type: pairType('div'),
  evaluate: zip(loop.div),
  simplify: ([x, y]) => (isUniform(y, 1) ? x : undefined),
  jvp: ([dx, dy], [, y], quotient) => {
    const slope = reciprocal(y)
    if (dy === undefined) return scale(dx ?? quotient, slope)
    const change = scale(dy, quotient)
    return scale(dx === undefined ? neg(change) : sub(dx, change), slope)
  },
  batch: together(inputs => apply(divPrimitive, inputs, undefined))
}

const countable = (dtype: Dtype): Dtype => (dtype === 'bool' ? 'int32' : dtype)

export const add = (a: Operand, b: Operand): Tensor => apply(addPrimitive, operands('add', a, b, countable), undefined)
export const sub = (a: Operand, b: Operand): Tensor => apply(subPrimitive, operands('sub', a, b, countable), undefined)
export const mul = (a: Operand, b: Operand): Tensor => apply(mulPrimitive, operands('mul', a, b, countable), undefined)
export const scale = (a: Operand, b: Operand): Tensor => apply(scalePrimitive, operands('scale', a, b), undefined)
export const div = (a: Operand, b: Operand): Tensor => apply(divPrimitive, operands('div', a, b, floating), undefined)
export const neg = (x: Tensor): Tensor => apply(negPrimitive, [cast(countable(x.dtype))(x)], undefined)
export const square = (x: Tensor): Tensor => mul(x, x)
export const reciprocal = (x: Tensor): Tensor => div(uniform({ shape: x.shape, dtype: floating(x.dtype) }, 1), x)
