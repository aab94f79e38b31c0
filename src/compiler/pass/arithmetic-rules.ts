/**
 * What arithmetic with constants and signs can be told otherwise, to the last bit: of −0, NaN, infinities and the smallest numbers as well.
 *
 * Hence no x · 0 → 0, no x − x → 0, no x + 0 → x (of −0 that is 0), and no (x · a) · b → x · ab: it rounds once instead of twice.
 */
import {
  add,
  addPrimitive,
  div,
  divPrimitive,
  mul,
  mulPrimitive,
  negPrimitive,
  scalePrimitive,
  sub,
  subPrimitive
} from '../../primitive/arithmetic.js'
import { abs, absPrimitive, powPrimitive } from '../../primitive/elementary.js'
import { maximumPrimitive, minimumPrimitive } from '../../primitive/extremum.js'
import { type Dtype, isFloat } from '../../structure/dtype.js'
import { isUniform, type Tensor, uniform } from '../../tensor/tensor.js'
import { isUniformConstant } from './kind.js'
import { type Rule, rule } from './rule.js'
import { madeBy } from './view-rules.js'

/** The value of a tensor that is known to have one. */
const knownValue = (x: Tensor): number | undefined => (isUniformConstant(x) ? x.data[0]! : undefined)

/** An operand and the value of the other, if there is one. */
const withValue = ([x, y]: readonly [Tensor, Tensor]): readonly [Tensor, number] | undefined => {
  const [a, b] = [knownValue(x), knownValue(y)]
  return b !== undefined ? [x, b] : a !== undefined ? [y, a] : undefined
}
/** What is negated. */
const negated = (x: Tensor): Tensor | undefined => madeBy(negPrimitive, x)?.inputs[0]

const largest: Readonly<Record<Dtype, number>> = {
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
  int32: 2147483647,
  bool: 1
}
const isPowerOfTwo = (value: number): boolean => {
  const magnitude = Math.abs(value)
  return (
    magnitude > 0 &&
    magnitude < Number.POSITIVE_INFINITY &&
    Number.isInteger(Math.log2(magnitude)) &&
    2 ** Math.log2(magnitude) === magnitude
  )
}

/** A constant factor after another. */
const merged = (x: Tensor, factor: number): Tensor | undefined => {
  const inner = madeBy(mulPrimitive, x)
  const before = inner && withValue(inner.inputs as readonly [Tensor, Tensor])
  if (before === undefined) return undefined
  const [source, first] = before
  // Of integers the low 32 bits, in any order.
  if (x.dtype === 'int32') return mul(source, uniform(x, Math.imul(first, factor)))
  const both = first * factor
  // Powers of two that do not make smaller round nothing; what overflows does so either way.
  const exact =
    [first, factor].every(each => Math.abs(each) >= 1 && isPowerOfTwo(each)) && Math.abs(both) <= largest[x.dtype]
  return exact ? mul(source, both) : undefined
}

export const arithmeticRules: readonly Rule[] = [
  rule(addPrimitive, ([x, y]) => {
    if (x!.dtype === 'int32') {
      if (knownValue(x!) === 0) return y
      if (knownValue(y!) === 0) return x
    }
    if (x === y && x!.dtype !== 'bool') return mul(x!, 2)
    // What it does to −0 it has done.
    if (isUniform(y!, 0) && madeBy(addPrimitive, x!)?.inputs.some(z => isUniform(z, 0)) === true) return x
    const [a, b] = [negated(x!), negated(y!)]
    return b !== undefined ? sub(x!, b) : a !== undefined ? sub(y!, a) : undefined
  }),
  rule(subPrimitive, ([x, y]) => {
    if (x === y && x!.dtype === 'int32') return uniform(x!, 0)
    const b = negated(y!)
    return b === undefined ? undefined : add(x!, b)
  }),
  rule(negPrimitive, ([x], _, readOnce) => {
    // A product or quotient has the sign of its operands, whatever else it is.
    const inner = isFloat(x!) ? (madeBy(mulPrimitive, x!) ?? madeBy(divPrimitive, x!)) : undefined
    const [first, second] = inner?.inputs ?? []
    if (first === undefined || second === undefined) return undefined
    const [a, b] = [knownValue(first), knownValue(second)]
    if ((a === undefined && b === undefined) || !readOnce(x!)) return undefined
    const operation = madeBy(mulPrimitive, x!) === undefined ? div : mul
    return b === undefined ? operation(-a!, second) : operation(first, -b)
  }),
  rule(mulPrimitive, ([x, y]) => {
    const [a, b] = [negated(x!), negated(y!)]
    if (a !== undefined && b !== undefined) return mul(a, b)
    const known = withValue([x!, y!])
    if (known === undefined) return undefined
    const [source, factor] = known
    if (x!.dtype === 'int32' && factor === 0) return uniform(x!, 0)
    const opposite = isFloat(source) ? negated(source) : undefined
    return opposite === undefined ? merged(source, factor) : mul(opposite, -factor)
  }),
  rule(scalePrimitive, ([x, y]) => {
    if (!isFloat(x!)) return undefined
    // A product with such a number is NaN only of NaN.
    const known = withValue([x!, y!])
    return known !== undefined && known[1] !== 0 && Number.isFinite(known[1]) ? mul(x!, y!) : undefined
  }),
  rule(divPrimitive, ([x, y]) => {
    const below = knownValue(y!)
    if (below === undefined || !isFloat(x!) || !isPowerOfTwo(below)) return undefined
    // Both are the exact number, rounded once.
    return Math.abs(1 / below) <= largest[x!.dtype] ? mul(x!, 1 / below) : undefined
  }),
  // Also of NaN: PyTorch, C and JavaScript agree.
  rule(powPrimitive, ([x, y]) => (knownValue(y!) === 0 ? uniform(x!, 1) : undefined)),
  rule(absPrimitive, ([x]) => {
    const opposite = negated(x!)
    return opposite !== undefined ? abs(opposite) : madeBy(absPrimitive, x!) && isFloat(x!) ? x : undefined
  }),
  rule(maximumPrimitive, ([x, y]) => (x === y ? x : undefined)),
  rule(minimumPrimitive, ([x, y]) => (x === y ? x : undefined))
]
