/**
 * What the functions are written with: straight-line code with named values, polynomials, and the arithmetic that looks at the bits of numbers.
 */
import {
  type Code,
  type Floating,
  give,
  i32,
  type Local,
  local,
  reinterpret,
  result,
  routine,
  type Statement,
  set,
  type Type,
  type Value,
  type Vector
} from '../assembler.js'
import type { Bits, Both, Format } from './format.js'

/** Gives a value a name: it is computed there and then, once. */
export type Name = <T extends Type>(of: Value<T>) => Local<T>

/** What the body names or runs happens in that order. */
const inOrder = <T>(
  body: (name: Name, run: (step: Statement) => void) => T
): { readonly steps: Code; readonly end: T } => {
  const steps: Code[] = []
  const run = (step: Statement): void => {
    steps.push(step.code)
  }
  const name: Name = of => {
    const x = local(of.type)
    run(set(x, of))
    return x
  }
  return { end: body(name, run), steps }
}
/** A value computed step by step. */
export const compute = <T extends Type>(body: (name: Name, run: (step: Statement) => void) => Value<T>): Value<T> => {
  const { steps, end } = inOrder(body)
  return { type: end.type, code: [steps, end.code] }
}
export const perform = (body: (name: Name, run: (step: Statement) => void) => void): Statement => ({
  code: inOrder(body).steps
})

/** Made when it is first asked for. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** ln 2 in two parts; the first has zeros at its end, so that its products with exponents are exact. */
const ln2: Both<readonly [number, number]> = {
  float32: [0.693359375, -2.1219444e-4],
  float64: [0.6931471803691238, 1.9082149292705877e-10]
}

export const arithmetic = <V extends Floating>(format: Format<V>, fused: boolean) => {
  const { F, I, mantissa, bias, tail } = format
  type E = Value<V>
  type W = Value<Bits<V>>
  const wide = format.name === 'float64'

  const c = (x: number): E => F.const(x)
  /** The same bits as a number, as an integer, as a mask. */
  const float = (bits: Value<Vector>): E => reinterpret(F.type, bits)
  const bits = (x: Value<Vector>): W => reinterpret(I.type, x)
  const pick = <T>(of: Both<T>): T => of[format.name]

  const mulAdd = (x: E, y: E, z: E): E => (fused ? F.relaxedMulAdd(x, y, z) : F.add(F.mul(x, y), z))
  /** Lowest power first. */
  const polynomial = (x: E, coefficients: readonly number[]): E =>
    coefficients.slice(0, -1).reduceRight<E>((sum, a) => mulAdd(sum, x, c(a)), c(coefficients.at(-1)!))

  const signOf = (x: E): E => F.and(x, c(-0))
  const withSign = (of: E, magnitude: E): E => F.or(magnitude, signOf(of))
  /** Adding it leaves a whole number, biased, in the low bits, ready to be shifted into the exponent. */
  const biased = 1.5 * 2 ** mantissa + bias
  const powerOf2 = (shifted: E): E => float(I.shl(bits(shifted), i32.const(mantissa)))
  /** What rounding took from `sum = constant + x`, for a constant that is larger than x, or x and the sum on one grid. */
  const lost = (sum: E, x: E, constant: number): E => F.sub(x, F.sub(sum, c(constant)))
  /** The leading half of the digits: products of two such are exact. */
  const headMask = -(1n << BigInt(tail))
  const head = (x: E): E => F.and(x, float(I.const(headMask)))

  /** A function too large to be copied wherever it is used: one routine, made when it is first asked for. */
  const shared = (name: string, body: (x: Local<V>) => E): ((x: E) => E) => {
    const made = once(() => {
      const x = local(F.type)
      return routine(`${format.name}.${name}`, [x], give(body(x)), { result: F.type })
    })
    return x => result(F.type, made(), x)
  }
  const sharedPair = (name: string, body: (x: Local<V>, y: Local<V>) => E): ((x: E, y: E) => E) => {
    const made = once(() => {
      const [x, y] = [local(F.type), local(F.type)]
      return routine(`${format.name}.${name}`, [x, y], give(body(x, y)), { result: F.type })
    })
    return (x, y) => result(F.type, made(), x, y)
  }

  return {
    ...format,
    ln2: pick(ln2),
    ...{ wide, c, float, bits, pick, mulAdd, polynomial, signOf, withSign },
    ...{ biased, powerOf2, lost, head, shared, sharedPair }
  }
}
export type Arithmetic<V extends Floating> = ReturnType<typeof arithmetic<V>>
