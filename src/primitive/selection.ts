/** Comparison, choice by comparison, and what is constant between jumps. */
import { binary, comparison, select, unary } from '../kernel/elementwise.js'
import { roundHalfEven } from '../kernel/special.js'
import { allocate, type Dtype } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { broadcastShapes, sameShape, showShape, size } from '../structure/shape.js'
import {
  apply,
  constant,
  isConstant,
  type Linear,
  type LocallyConstant,
  type One,
  type Tensor,
  type Three,
  type Two,
  zeros
} from '../tensor/tensor.js'
import { cast, type Operand, operands } from './conversion.js'
import { broadcast, together } from './movement.js'
import { map, pairType, sameType, zip } from './pointwise.js'

const comparing = (name: string, f: (x: number, y: number) => boolean): LocallyConstant<Two> => {
  const primitive: LocallyConstant<Two> = {
    kind: 'locallyConstant',
    name,
    type: types => ({ shape: pairType(name)(types).shape, dtype: 'bool' }),
    evaluate: zip(comparison(f)),
    batch: together(inputs => apply(primitive, inputs, undefined))
  }
  return primitive
}
export const lessPrimitive = comparing('less', (x, y) => x < y)
export const lessEqualPrimitive = comparing('lessEqual', (x, y) => x <= y)
export const equalPrimitive = comparing('equal', (x, y) => x === y)
export const less = (a: Operand, b: Operand): Tensor => apply(lessPrimitive, operands('less', a, b), undefined)
export const lessEqual = (a: Operand, b: Operand): Tensor =>
  apply(lessEqualPrimitive, operands('lessEqual', a, b), undefined)
export const equal = (a: Operand, b: Operand): Tensor => apply(equalPrimitive, operands('equal', a, b), undefined)

export const wherePrimitive: Linear<Three> = {
  kind: 'linear',
  name: 'where',
  linearIn: [1, 2],
  type: ([condition, x, y]) => {
    if (condition.dtype !== 'bool')
      throw mistake(
        'DtypeMismatch',
        'where',
        `the condition is ${condition.dtype}, not bool; compare it with something`
      )
    if (!sameShape(condition.shape, x.shape))
      throw mistake(
        'ShapeMismatch',
        'where',
        `condition ${showShape(condition.shape)} and values ${showShape(x.shape)} differ`
      )
    return pairType('where')([x, y])
  },
  simplify: ([condition, x, y]) =>
    isConstant(condition) && condition.data.length === 1 ? (condition.data[0] ? x : y) : undefined,
  evaluate: ([condition, x, y], _, { shape, dtype }) => {
    const alone = condition.data.length === 1 && x.data.length === 1 && y.data.length === 1
    const n = alone ? 1 : size(shape)
    const step = (data: { readonly length: number }): number => (data.length === 1 ? 0 : 1)
    const out = allocate(dtype, n)
    select(out, n, condition.data, step(condition.data), x.data, step(x.data), y.data, step(y.data))
    return constant(shape, dtype, out)
  },
  transpose: (operand, cotangent, [condition]) =>
    apply(
      wherePrimitive,
      operand === 1 ? [condition, cotangent, zeros(cotangent)] : [condition, zeros(cotangent), cotangent],
      undefined
    ),
  batch: together(inputs => apply(wherePrimitive, inputs, undefined))
}
/** x where the condition holds, y elsewhere, all three broadcast. */
export const where = (condition: Tensor, a: Operand, b: Operand): Tensor => {
  const [x, y] = operands('where', a, b)
  const shape = broadcastShapes('where', condition.shape, x.shape)
  const lift = broadcast(shape)
  return apply(wherePrimitive, [lift(condition), lift(x), lift(y)], undefined)
}

const jumping = (name: string, f: (x: number) => number): LocallyConstant<One> => {
  const primitive: LocallyConstant<One> = {
    kind: 'locallyConstant',
    name,
    type: sameType,
    evaluate: map(unary(f)),
    batch: ([x]) => apply(primitive, [x], undefined)
  }
  return primitive
}
export const signPrimitive = jumping('sign', Math.sign)
export const floorPrimitive = jumping('floor', Math.floor)
export const ceilPrimitive = jumping('ceil', Math.ceil)
export const roundPrimitive = jumping('round', roundHalfEven)
const jump =
  (primitive: LocallyConstant<One>) =>
  (x: Tensor): Tensor =>
    apply(primitive, [cast(x.dtype === 'bool' ? 'int32' : x.dtype)(x)], undefined)
export const sign = jump(signPrimitive)
export const floor = jump(floorPrimitive)
export const ceil = jump(ceilPrimitive)
export const round = jump(roundPrimitive)

/** Bits of int32 words, and truth values of bools. */
const bitwise = (name: string, f: (x: number, y: number) => number, dtypes: readonly Dtype[]): LocallyConstant<Two> => {
  const primitive: LocallyConstant<Two> = {
    kind: 'locallyConstant',
    name,
    type: types => {
      const type = pairType(name)(types)
      if (!dtypes.includes(type.dtype))
        throw mistake('DtypeMismatch', name, `${type.dtype} has no bits to work on; use ${dtypes.join(' or ')}`)
      return type
    },
    evaluate: zip(binary(f)),
    batch: together(inputs => apply(primitive, inputs, undefined))
  }
  return primitive
}
export const bitAndPrimitive = bitwise('bitAnd', (x, y) => x & y, ['int32', 'bool'])
export const bitOrPrimitive = bitwise('bitOr', (x, y) => x | y, ['int32', 'bool'])
export const bitXorPrimitive = bitwise('bitXor', (x, y) => x ^ y, ['int32', 'bool'])
export const shiftLeftPrimitive = bitwise('shiftLeft', (x, y) => x << y, ['int32'])
/** Zeros come in from the left. */
export const shiftRightPrimitive = bitwise('shiftRight', (x, y) => x >>> y, ['int32'])
const bits =
  (primitive: LocallyConstant<Two>) =>
  (a: Operand, b: Operand): Tensor =>
    apply(primitive, operands(primitive.name, a, b), undefined)
export const bitAnd = bits(bitAndPrimitive)
export const bitOr = bits(bitOrPrimitive)
export const bitXor = bits(bitXorPrimitive)
export const shiftLeft = bits(shiftLeftPrimitive)
export const shiftRight = bits(shiftRightPrimitive)
/** The other truth value. */
export const not = (x: Tensor): Tensor => bitXor(cast('bool')(x), cast('bool')(sameOnes(x)))
const sameOnes = (x: Tensor): Tensor => constant(x.shape, 'bool', new Uint8Array([1]))
