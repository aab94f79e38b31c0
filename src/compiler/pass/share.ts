/** Equations that compute the same become one: common subexpressions. */
import { addPrimitive, mulPrimitive, scalePrimitive } from '../../primitive/arithmetic.js'
import { maximumPrimitive, minimumPrimitive } from '../../primitive/extremum.js'
import { bitAndPrimitive, bitOrPrimitive, bitXorPrimitive, equalPrimitive } from '../../primitive/selection.js'
import { sameShape } from '../../structure/shape.js'
import {
  birth,
  type Equation,
  isConstant,
  isTensor,
  type Many,
  type Primitive,
  reapply,
  type Tensor
} from '../../tensor/tensor.js'
import type { Pass } from './pass.js'
import { rewrite } from './rewrite.js'

/** Of two operands whose order makes no difference to a single bit; which of two NaN comes out nobody can tell. */
const commutative = new Set([
  addPrimitive,
  mulPrimitive,
  scalePrimitive,
  maximumPrimitive,
  minimumPrimitive,
  equalPrimitive,
  bitAndPrimitive,
  bitOrPrimitive,
  bitXorPrimitive
] as readonly { readonly name: string }[] as readonly Primitive[])

const mix = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}
/** A text's own hash: only names of dtypes are met. */
const textHash = (text: string): number => mix(text.length, text.charCodeAt(text.length - 1))
/** Fractions differ in the low bits of their float64, whole numbers in the high ones. */
const bits = new Float64Array(1)
const words = new Int32Array(bits.buffer)
const numberHash = (value: number): number => {
  bits[0] = value
  return mix(words[0]!, words[1]!)
}
const tensorHash = (x: Tensor): number =>
  isConstant(x) ? numberHash(x.data.length === 1 ? x.data[0]! : x.data.length + 0.5) : birth(x)

/** Not all of it: what differs may have the same hash, and is compared afterwards. */
const attributesHash = (value: unknown): number => {
  switch (typeof value) {
    case 'number':
      return numberHash(value)
    case 'boolean':
      return value ? 1 : 2
    case 'string':
      return textHash(value)
    case 'object':
      if (value === null) return 3
      if (isTensor(value)) return tensorHash(value)
      // The first few parts tell most, also of a program with thousands of parameters.
      return (Array.isArray(value) ? value.slice(0, 6) : Object.values(value)).reduce(
        (hash: number, part) => mix(hash, attributesHash(part)),
        5
      )
    default:
      return 4
  }
}
const sameAttributes = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isTensor(a) || isTensor(b)) return false
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length &&
    names.every(name => name in right && sameAttributes(left[name], right[name]))
  )
}

/** The same unknown, or constants that are stored alike. */
const sameOperand = (x: Tensor, y: Tensor): boolean => {
  if (x === y) return true
  if (!isConstant(x) || !isConstant(y) || x.dtype !== y.dtype || !sameShape(x.shape, y.shape)) return false
  if (x.data === y.data) return true
  return x.data.length === 1 && y.data.length === 1 && Object.is(x.data[0], y.data[0])
}
const sameOperands = (primitive: Primitive, xs: Many, ys: Many): boolean =>
  xs.length === ys.length &&
  (xs.every((x, i) => sameOperand(x, ys[i]!)) ||
    (commutative.has(primitive) && sameOperand(xs[0]!, ys[1]!) && sameOperand(xs[1]!, ys[0]!)))

interface Seen {
  readonly equation: Equation
  readonly inputs: Many
  readonly outputs: Many
}

export const share: Pass = {
  name: 'share',
  statement: 'of equations with the same primitive, operands and attributes the first stands for all, bit for bit',
  run: p => {
    const seen = new Map<number, Seen[]>()
    const numbers = new Map<Primitive, number>()
    const numberOf = (primitive: Primitive): number => {
      const known = numbers.get(primitive) ?? numbers.size
      numbers.set(primitive, known)
      return known
    }
    const hashOf = ({ primitive, attributes }: Equation, inputs: Many): number => {
      const start = mix(numberOf(primitive), attributesHash(attributes))
      return commutative.has(primitive)
        ? mix(start, (tensorHash(inputs[0]!) + tensorHash(inputs[1]!)) | 0)
        : inputs.reduce((hash, x) => mix(hash, tensorHash(x)), start)
    }
    return rewrite(p, (equation, inputs) => {
      const hash = hashOf(equation, inputs)
      const alike = seen.get(hash) ?? []
      const found = alike.find(
        other =>
          other.equation.primitive === equation.primitive &&
          sameAttributes(other.equation.attributes, equation.attributes) &&
          sameOperands(equation.primitive, other.inputs, inputs)
      )
      if (found !== undefined) return found.outputs
      const outputs = inputs === equation.inputs ? equation.outputs : reapply(equation, inputs)
      if (alike.push({ equation, inputs, outputs }) === 1) seen.set(hash, alike)
      return outputs
    })
  }
}
