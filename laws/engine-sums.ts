/** Errors of sums, which an engine may take in any order, with as many accumulators as it likes, in its own dtype. */
import type { Dtype } from '../src/structure/dtype.js'
import { type Constant, elements, type FirstOrder, type Many } from '../src/tensor/tensor.js'
import {
  each,
  errors,
  evaluated,
  isExact,
  magnitudes,
  mapped,
  open,
  overflows,
  type Rule,
  sign,
  unit
} from './engine-error.js'

/** Bits that a number holds. */
const bits: Readonly<Record<Dtype, number>> = { float32: 24, float64: 53, int32: 53, bool: 53 }
const smallest: Readonly<Record<Dtype, number>> = { float32: 2 ** -149, float64: 2 ** -1074, int32: 0, bool: 0 }

/** A power of two of which all elements are multiples: 0 if none of a few is. */
const grain = (x: Constant): number => {
  for (const candidate of [1, 2 ** -4, 2 ** -10])
    if (x.data.every(value => !Number.isFinite(value) || Number.isInteger(value / candidate))) return candidate
  return 0
}

/**
 * For a value that is a sum of so many products: `total` of their magnitudes, `carried` of the errors that they bring. Where all products are
 * multiples of the grain and the total has room for it, every order gives the same sum.
 */
const summed = (
  value: Constant,
  total: Constant,
  carried: Constant | undefined,
  count: (i: number) => number,
  grain: number
) => {
  const { dtype } = value
  const [totals, carry] = [elements(total), carried && elements(carried)]
  return each(value, (i, v) => {
    const [t, n] = [totals[i]!, count(i)]
    const brought = carry === undefined ? 0 : carry[i]!
    // 0 · ∞ is an open error of something that is 0.
    if (brought !== brought || brought === open) return open
    if (dtype === 'int32') return t > 2 ** 53 ? open : brought
    if (n > 1 && overflows(t, dtype)) return open
    if (!Number.isFinite(v)) return overflows(t, dtype) ? open : 0
    const same = n <= 1 || t <= grain * 2 ** bits[dtype]
    const rounding = same ? 0 : (n + 2) * (t * 2 ** (1 - bits[dtype]) + smallest[dtype])
    const error = brought === 0 ? rounding : brought * (1 + 1e-9) + rounding + unit(v, dtype)
    return error === 0 && v === 0 ? sign : error
  })
}

const counted =
  (of: FirstOrder<Many, unknown>) =>
  (x: Constant, others: readonly Constant[], attributes: unknown, value: Constant): ((i: number) => number) => {
    const counts = elements(evaluated(of, [errors(x.shape, 1), ...others], attributes, value))
    return i => counts[i]!
  }

/** For what is linear in its first operand, with coefficients 0 and 1. */
export const sumOf: Rule = (of, [x, ...rest], attributes, value) => {
  if (rest.some(operand => !isExact(operand))) return errors(value.shape, open)
  const others = rest.map(operand => operand.value)
  const through = (y: Constant): Constant => evaluated(of, [y, ...others], attributes, value)
  return summed(
    value,
    through(magnitudes(x!.value)),
    isExact(x!) ? undefined : through(x!.error),
    counted(of)(x!.value, others, attributes, value),
    grain(x!.value)
  )
}

/** `∑ |x| |δy| + |δx| |y| + |δx| |δy|` beside `∑ |x| |y|`. */
export const product: Rule = (of, [x, y], attributes, value) => {
  const through = (a: Constant, b: Constant): Constant => evaluated(of, [a, b], attributes, value)
  const [absX, absY] = [x!.value, y!.value].map(operand => mapped(operand, Math.abs)) as [Constant, Constant]
  const parts = [
    ...(isExact(y!) ? [] : [through(absX, y!.error)]),
    ...(isExact(x!) ? [] : [through(x!.error, absY)]),
    ...(isExact(x!) || isExact(y!) ? [] : [through(x!.error, y!.error)])
  ].map(part => elements(part))
  const carried =
    parts.length === 0 ? undefined : mapped(through(absX, absY), (_, i) => parts.reduce((sum, p) => sum + p[i]!, 0))
  const transposed = (attributes as { readonly left: boolean }).left
  const k = x!.value.shape[x!.value.shape.length - (transposed ? 2 : 1)]!
  return summed(
    value,
    through(magnitudes(x!.value), magnitudes(y!.value)),
    carried,
    () => k,
    grain(x!.value) * grain(y!.value)
  )
}
