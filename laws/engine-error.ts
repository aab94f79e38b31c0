/** What rules of errors are made of: values beside bounds on their errors, and loops over both. */
import type { Dtype } from '../src/structure/dtype.js'
import { type Shape, size } from '../src/structure/shape.js'
import {
  type Constant,
  constant,
  elements,
  type FirstOrder,
  isUniform,
  type Many,
  uniform
} from '../src/tensor/tensor.js'

/** A known tensor, and how far each element of it may be off. */
export interface Bounded {
  readonly value: Constant
  /** In float64: 0 where any engine gives the same bits, ∞ where it may give anything, `sign` where zero may have either sign. */
  readonly error: Constant
}
/** A primitive, its operands, and the interpreter's result: the errors of the result. */
export type Rule = (
  of: FirstOrder<Many, unknown>,
  inputs: readonly Bounded[],
  attributes: unknown,
  value: Constant
) => Constant

export const open = Number.POSITIVE_INFINITY
export const sign = Number.MIN_VALUE

export const errors = (shape: Shape, value: number): Constant => uniform({ shape, dtype: 'float64' }, value)
export const exact = (value: Constant): Bounded => ({ value, error: errors(value.shape, 0) })
export const unsure = (value: Constant): Bounded => ({ value, error: errors(value.shape, open) })
export const isExact = ({ error }: Bounded): boolean => isUniform(error, 0)

const largest: Readonly<Record<Dtype, number>> = {
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
  int32: open,
  bool: open
}
export const smallestNormal: Readonly<Record<Dtype, number>> = {
  float32: 2 ** -126,
  float64: 2 ** -1022,
  int32: 0,
  bool: 0
}
/** Whether so large a number may be infinite in a dtype. */
export const overflows = (value: number, dtype: Dtype): boolean => !(value <= largest[dtype])

/** At least a unit in the last place: results that are rounded once each are no farther apart. */
export const unit = (value: number, dtype: Dtype): number =>
  dtype === 'float64' ? Math.abs(value) * 2 ** -52 + 2 ** -1074 : Math.abs(value) * 2 ** -23 + 2 ** -149
/** Units by which a function may be apart from the interpreter's: 2.5 and a half for float32, 2 and 2 for float64, and something to spare. */
export const places = (dtype: Dtype): number => (dtype === 'float64' ? 8 : 4)

/** An error beside its value: whole numbers are right or open, and so is what may overflow. */
const settled = (value: number, error: number, dtype: Dtype): number => {
  if (error === 0) return 0
  if (error !== error || dtype === 'int32' || dtype === 'bool') return open
  return overflows(Math.abs(value) + error, dtype) && Number.isFinite(value) ? open : error
}

/** Errors of one shape from a function of the index. */
export const each = (value: Constant, error: (i: number, v: number) => number): Constant => {
  const n = size(value.shape)
  const found = new Float64Array(n)
  const vs = elements(value)
  let allExact = true
  for (let i = 0; i < n; i++) {
    found[i] = settled(vs[i]!, error(i, vs[i]!), value.dtype)
    allExact &&= found[i] === 0
  }
  return allExact ? errors(value.shape, 0) : constant(value.shape, 'float64', found)
}

/** A rule element by element, for one operand whose errors are not all 0. */
export const ofOne =
  (rule: (x: number, e: number, value: number, dtype: Dtype) => number): Rule =>
  (_, [x], __, value) => {
    if (isExact(x!)) return errors(value.shape, 0)
    const [xs, es] = [elements(x!.value), elements(x!.error)]
    return each(value, (i, v) => (es[i] === 0 ? 0 : es[i] === open ? open : rule(xs[i]!, es[i]!, v, value.dtype)))
  }
/** The same for two operands: what is exact in both is exact. */
export const ofTwo =
  (rule: (x: number, ex: number, y: number, ey: number, value: number, dtype: Dtype) => number): Rule =>
  (_, [x, y], __, value) => {
    if (isExact(x!) && isExact(y!)) return errors(value.shape, 0)
    const [xs, exs, ys, eys] = [elements(x!.value), elements(x!.error), elements(y!.value), elements(y!.error)]
    return each(value, (i, v) =>
      exs[i] === 0 && eys[i] === 0
        ? 0
        : exs[i] === open || eys[i] === open
          ? open
          : rule(xs[i]!, exs[i]!, ys[i]!, eys[i]!, v, value.dtype)
    )
  }

/** A primitive on other numbers, in float64. */
export const evaluated = (
  of: FirstOrder<Many, unknown>,
  inputs: readonly Constant[],
  attributes: unknown,
  { shape }: Constant
): Constant => of.evaluate(inputs, attributes, { shape, dtype: 'float64' })

export const holdsZero = (x: number, e: number): boolean => Math.abs(x) <= e
/** The same with each element stored. */
export const dense = (x: Constant): Constant => constant(x.shape, x.dtype, elements(x))
/** A tensor element by element in float64. */
export const mapped = (x: Constant, f: (x: number, i: number) => number): Constant => {
  const data = new Float64Array(x.data.length)
  for (let i = 0; i < data.length; i++) data[i] = f(x.data[i]!, i)
  return constant(x.shape, 'float64', data)
}
export const magnitudes = (x: Constant): Constant => mapped(x, v => (Number.isFinite(v) ? Math.abs(v) : 0))
