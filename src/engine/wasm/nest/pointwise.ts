/**
 * Element-wise primitives on registers. Operands are locals or constants: they may be repeated in code.
 *
 * Exact as the interpreter is, −0, NaN and ∞ included, except where a vector function says how near it comes.
 */
import type { Dtype } from '../../../structure/dtype.js'
import { mistake } from '../../../structure/mistake.js'
import {
  type Floating,
  type Floats,
  f32x4,
  f64x2,
  i32,
  i32x4,
  reinterpret,
  share,
  type Value,
  type Vector
} from '../assembler.js'
import type { Unary, VectorMath, vectorMath } from '../math/math.js'
import type { Node, Pointwise } from './graph.js'
import { asFloat32, asFloat64, asInt32, type Lanes, narrowed, type Register, widened } from './registers.js'

/** Functions of vectors, by the names of primitives. */
export type Mathematics = ReturnType<typeof vectorMath>

/** The number an operand is known to be. */
const known = (node: Node): number | undefined => (node.kind === 'uniform' ? node.value : undefined)

const floating = <V extends Floating>(F: Floats<V>, functions: VectorMath<V>) => {
  type E = Value<V>
  const type = F.type as V
  const c = (x: number): E => F.const(x)
  const mask = (m: Value<Vector>): E => reinterpret(type, m)

  /** A product in which zero wins over infinity and NaN. */
  const scale = (x: E, y: E): E =>
    share(F.mul(x, y), p => F.andNot(p, F.and(mask(F.ne(p, p)), F.or(mask(F.eq(x, c(0))), mask(F.eq(y, c(0)))))))
  const isPlain = (factor: number | undefined): boolean =>
    factor !== undefined && Number.isFinite(factor) && factor !== 0
  /** One of the operands a number: one instruction instead of six. Where both are zeros, the sign is that of `Math.max`. */
  const maximumWith = (x: E, limit: number): E =>
    Number.isNaN(limit) ? F.max(x, c(limit)) : Object.is(limit, 0) ? F.add(F.pmax(x, c(0)), c(0)) : F.pmax(x, c(limit))
  const minimumWith = (x: E, limit: number): E =>
    Number.isNaN(limit) || Object.is(limit, -0) ? F.min(x, c(limit)) : F.pmin(x, c(limit))
  const power = (x: E, y: E, exponent: number | undefined): E => {
    switch (exponent) {
      case 0:
        return c(1)
      case 1:
        return x
      case 2:
        return F.mul(x, x)
      case -1:
        return F.div(c(1), x)
      case 0.5:
        // Unlike the root, this power of −0 is 0 and of −∞ is ∞.
        return F.select(F.eq(x, c(Number.NEGATIVE_INFINITY)), c(Number.POSITIVE_INFINITY), F.add(F.sqrt(x), c(0)))
      default:
        return functions.pow(x, y)
    }
  }
  const apply = ({ name, operands: nodes, attributes }: Pointwise, [x, y]: readonly [E, E]): Register | undefined => {
    switch (name) {
      case 'add':
        return F.add(x, y)
      case 'sub':
        return F.sub(x, y)
      case 'mul':
        return F.mul(x, y)
      case 'scale':
        return isPlain(known(nodes[0]!)) || isPlain(known(nodes[1]!)) ? F.mul(x, y) : scale(x, y)
      case 'div':
        return F.div(x, y)
      case 'neg':
        return F.neg(x)
      case 'abs':
        return F.abs(x)
      case 'sqrt':
        return F.sqrt(x)
      case 'floor':
        return F.floor(x)
      case 'ceil':
        return F.ceil(x)
      case 'round':
        return F.nearest(x)
      case 'sign':
        // Zeros and NaN stay as they are.
        return F.select(F.gt(F.abs(x), c(0)), F.or(F.and(x, c(-0)), c(1)), x)
      case 'maximum': {
        const [a, b] = nodes.map(known)
        return b !== undefined ? maximumWith(x, b) : a !== undefined ? maximumWith(y, a) : F.max(x, y)
      }
      case 'minimum': {
        const [a, b] = nodes.map(known)
        return b !== undefined ? minimumWith(x, b) : a !== undefined ? minimumWith(y, a) : F.min(x, y)
      }
      case 'pow':
        return power(x, y, known(nodes[1]!))
      case 'hypot':
        return functions.hypot(x, y)
      case 'atan2':
        return functions.atan2(x, y)
      case 'polygamma':
        return functions.polygamma(attributes as number)(x)
      case 'less':
        return F.lt(x, y)
      case 'lessEqual':
        return F.le(x, y)
      case 'equal':
        return F.eq(x, y)
      default:
        return (functions[name as Unary] as ((x: E) => E) | undefined)?.(x)
    }
  }
  return apply
}

/** Shifts by one number for all lanes are an instruction; others go lane by lane. */
const shift = (
  lanes: Lanes,
  all: (x: Value<'i32x4'>, by: Value<'i32'>) => Value<'i32x4'>,
  one: (x: Value<'i32'>, by: Value<'i32'>) => Value<'i32'>,
  [x, y]: readonly [Value<'i32x4'>, Value<'i32x4'>],
  by: Node
): Register => {
  if (by.kind === 'uniform') return all(x, i32.const(by.value & 31))
  return Array.from({ length: lanes }, (_, lane) => lane).reduce(
    (into, lane) => i32x4.withLane(into, lane, one(i32x4.lane(x, lane), i32x4.lane(y, lane))),
    x
  )
}
const integer = (
  lanes: Lanes,
  name: string,
  nodes: readonly Node[],
  [x, y]: readonly [Value<'i32x4'>, Value<'i32x4'>]
): Register | undefined => {
  switch (name) {
    case 'add':
      return i32x4.add(x, y)
    case 'sub':
      return i32x4.sub(x, y)
    case 'mul':
    case 'scale':
      return i32x4.mul(x, y)
    case 'neg':
      return i32x4.neg(x)
    case 'abs':
      return i32x4.abs(x)
    case 'floor':
    case 'ceil':
    case 'round':
      return x
    case 'sign':
      return i32x4.max(i32x4.min(x, i32x4.const(1)), i32x4.const(-1))
    case 'maximum':
      return i32x4.max(x, y)
    case 'minimum':
      return i32x4.min(x, y)
    case 'less':
      return i32x4.lt(x, y)
    case 'lessEqual':
      return i32x4.le(x, y)
    case 'equal':
      return i32x4.eq(x, y)
    case 'bitAnd':
      return i32x4.and(x, y)
    case 'bitOr':
      return i32x4.or(x, y)
    case 'bitXor':
      return i32x4.xor(x, y)
    case 'shiftLeft':
      return shift(lanes, i32x4.shl, i32.shl, [x, y], nodes[1]!)
    case 'shiftRight':
      return shift(lanes, i32x4.shrU, i32.shrU, [x, y], nodes[1]!)
    default:
      return undefined
  }
}
const truth = (name: string, [x, y]: readonly [Value<'i32x4'>, Value<'i32x4'>]): Register | undefined => {
  switch (name) {
    case 'bitAnd':
    case 'minimum':
    case 'mul':
    case 'scale':
      return i32x4.and(x, y)
    case 'bitOr':
    case 'maximum':
      return i32x4.or(x, y)
    case 'bitXor':
      return i32x4.xor(x, y)
    case 'equal':
      return i32x4.not(i32x4.xor(x, y))
    case 'less':
      return i32x4.andNot(y, x)
    case 'lessEqual':
      return i32x4.or(i32x4.not(x), y)
    default:
      return undefined
  }
}

const cast = (lanes: Lanes, from: Dtype, to: Dtype, x: Register): Register => {
  const mask32 = (): Value<'i32x4'> => asInt32(lanes === 2 ? narrowed(x) : x)
  const mask = (m: Register): Register => (lanes === 2 && m.type === 'i32x4' ? widened(m) : m)
  if (from === to) return x
  switch (from) {
    case 'float32':
      switch (to) {
        case 'float64':
          return f64x2.promote(asFloat32(x))
        case 'int32':
          return i32x4.truncate(asFloat32(x))
        default:
          return mask(f32x4.ne(asFloat32(x), f32x4.const(0)))
      }
    case 'float64':
      switch (to) {
        case 'float32':
          return f32x4.demote(asFloat64(x))
        case 'int32':
          return i32x4.truncateWide(asFloat64(x))
        default:
          return f64x2.ne(asFloat64(x), f64x2.const(0))
      }
    case 'int32':
      switch (to) {
        case 'float32':
          return f32x4.convert(asInt32(x))
        case 'float64':
          return f64x2.convert(asInt32(x))
        default:
          return mask(i32x4.ne(asInt32(x), i32x4.const(0)))
      }
    case 'bool':
      switch (to) {
        case 'float32':
          return f32x4.and(asFloat32(mask32()), f32x4.const(1))
        case 'float64':
          return f64x2.and(asFloat64(x), f64x2.const(1))
        default:
          return i32x4.and(mask32(), i32x4.const(1))
      }
  }
}

const where = (lanes: Lanes, dtype: Dtype, [condition, x, y]: readonly [Register, Register, Register]): Register => {
  const mask = lanes === 2 && (dtype === 'float32' || dtype === 'int32') ? narrowed(condition) : condition
  return { ...x, code: i32x4.select(mask, asInt32(x), asInt32(y)).code }
}

/** From operands in registers to the result in one. */
export const pointwise = (math: Mathematics, lanes: Lanes) => {
  const float32 = floating<'f32x4'>(f32x4, math.f32x4)
  const float64 = floating<'f64x2'>(f64x2, math.f64x2)
  return (node: Pointwise, x: readonly Register[]): Register => {
    const { name, operands, dtype } = node
    const from = operands[0]!.dtype
    if (name === 'cast') return cast(lanes, from, dtype, x[0]!)
    if (name === 'where') return where(lanes, dtype, [x[0]!, x[1]!, x[2]!])
    const [first, second] = [x[0]!, x[1] ?? x[0]!]
    const found =
      from === 'float32'
        ? float32(node, [asFloat32(first), asFloat32(second)])
        : from === 'float64'
          ? float64(node, [asFloat64(first), asFloat64(second)])
          : from === 'int32'
            ? integer(lanes, name, operands, [asInt32(first), asInt32(second)])
            : truth(name, [asInt32(first), asInt32(second)])
    if (found === undefined) throw mistake('InvalidArgument', 'jit', `the WebAssembly engine has no ${name} of ${from}`)
    // Comparisons of 32-bit numbers beside float64 make masks of half the width.
    if (dtype === 'bool' && lanes === 2 && (from === 'float32' || from === 'int32')) return widened(found)
    return found
  }
}
