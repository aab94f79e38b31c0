/** Choices, bits and conversions that can be told otherwise, and folds of single elements. */
import { cast, castPrimitive, stopGradientPrimitive } from '../../primitive/conversion.js'
import { amaxPrimitive, aminPrimitive } from '../../primitive/extremum.js'
import { reshape, reshapePrimitive, sum, sumPrimitive } from '../../primitive/movement.js'
import {
  bitAndPrimitive,
  bitOrPrimitive,
  bitXor,
  bitXorPrimitive,
  shiftLeftPrimitive,
  shiftRightPrimitive,
  wherePrimitive
} from '../../primitive/selection.js'
import { type Dtype, isFloat } from '../../structure/dtype.js'
import { range, without } from '../../structure/shape.js'
import { apply, isUniform, type Tensor, type Three } from '../../tensor/tensor.js'
import { isUniformConstant } from './kind.js'
import { type Rule, rule } from './rule.js'
import { madeBy } from './view-rules.js'

/** What a dtype holds of another without loss. */
const holds: Readonly<Record<Dtype, readonly Dtype[]>> = {
  bool: ['bool'],
  int32: ['bool', 'int32'],
  float32: ['bool', 'float32'],
  float64: ['bool', 'int32', 'float32', 'float64']
}

/** The same unknown, or one value everywhere. */
const alike = (x: Tensor, y: Tensor): boolean => x === y || (isUniformConstant(x) && isUniform(y, x.data[0]!))

/** The condition of which another is the opposite. */
const opposite = (condition: Tensor): Tensor | undefined => {
  const flipped = madeBy(bitXorPrimitive, condition)
  if (flipped === undefined) return undefined
  const [x, y] = flipped.inputs
  return isUniform(y!, 1) ? x : isUniform(x!, 1) ? y : undefined
}
const choice = (inputs: Three): Tensor => apply(wherePrimitive, inputs, undefined)

/** Where all folded axes have one element, and a fold of one element is that element. */
const single = (x: Tensor, axes: readonly number[]): Tensor | undefined =>
  axes.every(axis => x.shape[axis] === 1) ? reshape(without(x.shape, axes))(x) : undefined

/** Operations on bits that leave one operand as it is beside a uniform other. */
const leaving =
  (value: number) =>
  ([x, y]: readonly Tensor[]): Tensor | undefined =>
    isUniform(x!, value) ? y : isUniform(y!, value) ? x : undefined

export const choiceRules: readonly Rule[] = [
  rule(stopGradientPrimitive, ([x]) => x),
  rule(castPrimitive, ([x], to: Dtype) => {
    if (x!.dtype === to) return x
    const inner = madeBy(castPrimitive, x!)?.inputs[0]
    return inner !== undefined && holds[x!.dtype].includes(inner.dtype) ? cast(to)(inner) : undefined
  }),
  rule(wherePrimitive, ([condition, x, y]) => {
    if (alike(x!, y!)) return x
    const other = opposite(condition!)
    if (other !== undefined) return choice([other, y!, x!])
    const [first, second] = [madeBy(wherePrimitive, x!), madeBy(wherePrimitive, y!)]
    if (first?.inputs[0] === condition) return choice([condition!, first!.inputs[1]!, y!])
    if (second?.inputs[0] === condition) return choice([condition!, x!, second!.inputs[2]!])
    return undefined
  }),
  rule(bitXorPrimitive, ([x, y]) => {
    const left = leaving(0)([x!, y!])
    if (left !== undefined) return left
    const inner = madeBy(bitXorPrimitive, x!)
    const first = inner?.inputs[1]
    if (inner === undefined || !isUniformConstant(first!) || !isUniformConstant(y!)) return undefined
    return bitXor(inner.inputs[0]!, bitXor(first, y))
  }),
  rule(bitOrPrimitive, ([x, y]) => (x === y ? x : leaving(0)([x!, y!]))),
  rule(bitAndPrimitive, ([x, y]) => (x === y ? x : x!.dtype === 'int32' ? leaving(-1)([x!, y!]) : undefined)),
  rule(shiftLeftPrimitive, ([x, y]) => (isUniform(y!, 0) ? x : undefined)),
  rule(shiftRightPrimitive, ([x, y]) => (isUniform(y!, 0) ? x : undefined)),
  rule(sumPrimitive, ([x], axes: readonly number[]) => {
    // A sum starts at 0, which a single −0 is then lost in; integers have none.
    if (!isFloat(x!)) return single(x!, axes)
    const inner = madeBy(reshapePrimitive, x!)?.inputs[0]
    // All elements in order, under whatever shape; but a sum along no axes starts nowhere.
    const isWhole = inner !== undefined && inner.shape.length > 0 && axes.length === x!.shape.length
    return isWhole ? sum(range(inner.shape.length))(inner) : undefined
  }),
  rule(amaxPrimitive, ([x], axes: readonly number[]) => single(x!, axes)),
  rule(aminPrimitive, ([x], axes: readonly number[]) => single(x!, axes))
]
