/**
 * How far a result may be from the interpreter's: each primitive's part in it, as running error analysis has it. One that is missing is a type error.
 *
 * `+ − × ÷ √`, comparisons, conversions and moves give the same bits for the same operands; other functions are a few units in the last place off;
 * sums may be taken in any order. What is off already is carried on by each primitive's own slope, and where a decision hangs on it (a comparison, a
 * whole number, a row) the outcome is open. So the tolerance of a program is as tight as the program is well-conditioned, and never too tight.
 */
import { best, choice, comparing, larger, order, placeOfBest } from './engine-decisions.js'
import { errors, evaluated, holdsZero, isExact, ofOne, ofTwo, open, type Rule, sign, unit } from './engine-error.js'
import { flushing, power, rooted, smooth, stepped, tangent, waving } from './engine-functions.js'
import * as special from './engine-special.js'
import { product, sumOf } from './engine-sums.js'
import type { PrimitiveName } from './primitives.js'

/** Errors go where the elements go. */
const moved: Rule = (of, inputs, attributes, value) =>
  inputs.every(isExact)
    ? errors(value.shape, 0)
    : evaluated(
        of,
        inputs.map(x => x.error),
        attributes,
        value
      )

/** Beside an infinite or undefined operand finite errors do not count; an infinite result of finite ones has overflowed. */
const orSpecial = (x: number, y: number, v: number, error: number): number =>
  Number.isFinite(v) ? error : Number.isFinite(x) && Number.isFinite(y) ? open : 0

const sum = ofTwo((x, ex, y, ey, v, dtype) => orSpecial(x, y, v, ex + ey + unit(v, dtype)))
/** The errors of a product; an infinite factor leaves it open whenever the other may be 0 or of either sign. */
const productOf = (x: number, ex: number, y: number, ey: number): number =>
  (ey === 0 ? 0 : Math.abs(x) * ey) + (ex === 0 ? 0 : Math.abs(y) * ex) + ex * ey
const straddles = (x: number, ex: number, y: number, ey: number): boolean =>
  (Math.abs(x) === open && ey > 0 && holdsZero(y, ey)) || (Math.abs(y) === open && ex > 0 && holdsZero(x, ex))

const conversion: Rule = (of, [x], dtype, value) => {
  if (isExact(x!)) return errors(value.shape, 0)
  const own = value.dtype === 'float32' && x!.value.dtype === 'float64' ? 1 : 0
  if (dtype === 'bool') return ofOne((a, e) => (a === a && holdsZero(a, e) ? open : 0))(of, [x!], dtype, value)
  if (dtype === 'int32')
    return ofOne((a, e) => (a !== a ? 0 : whole(a - e) === whole(a + e) ? 0 : open))(of, [x!], dtype, value)
  return ofOne((a, e, v) => (!Number.isFinite(v) ? (Number.isFinite(a) ? open : 0) : e + own * unit(v, value.dtype)))(
    of,
    [x!],
    dtype,
    value
  )
}
const whole = (x: number): number => Math.trunc(Math.min(2147483647, Math.max(-2147483648, x)))

/** Words of bits are right, or anything. */
const words: Rule = ofTwo(() => open)
const taken: Rule = (of, [table, indices], attributes, value) =>
  isExact(indices!)
    ? isExact(table!)
      ? errors(value.shape, 0)
      : evaluated(of, [table!.error, indices!.value], attributes, value)
    : errors(value.shape, open)

export const rules: { readonly [K in PrimitiveName]: Rule } = {
  add: sum,
  sub: sum,
  neg: ofOne((_, e) => e),
  mul: ofTwo((x, ex, y, ey, v, dtype) =>
    straddles(x, ex, y, ey) ? open : orSpecial(x, y, v, productOf(x, ex, y, ey) + unit(v, dtype))
  ),
  scale: ofTwo((x, ex, y, ey, v, dtype) => {
    if ((x === 0 && ex === 0) || (y === 0 && ey === 0)) return sign
    // A factor that may be 0 wins over ∞ and NaN, or loses to them.
    if ((!Number.isFinite(x) && holdsZero(y, ey)) || (!Number.isFinite(y) && holdsZero(x, ex))) return open
    return orSpecial(x, y, v, productOf(x, ex, y, ey) + unit(v, dtype))
  }),
  div: ofTwo((x, ex, y, ey, v, dtype) => {
    if (y === y && ey > 0 && holdsZero(y, ey)) return open
    if (!Number.isFinite(x) || !Number.isFinite(y)) return v === 0 ? sign : 0
    return orSpecial(x, y, v, (ex + Math.abs(v) * ey) / (Math.abs(y) - ey) + 2 * unit(v, dtype))
  }),
  pow: power,
  abs: ofOne((_, e) => e),
  exp: flushing,
  expm1: smooth,
  log: smooth,
  log1p: smooth,
  sqrt: rooted,
  sin: waving,
  cos: waving,
  tan: tangent,
  asin: smooth,
  acos: smooth,
  atan: smooth,
  sinh: smooth,
  cosh: smooth,
  tanh: smooth,
  asinh: smooth,
  acosh: smooth,
  atanh: smooth,
  sigmoid: smooth,
  erf: smooth,
  erfc: smooth,
  erfinv: smooth,
  lgamma: special.lgamma,
  digamma: special.digamma,
  polygamma: special.polygamma,
  atan2: special.atan2,
  hypot: special.hypot,
  maximum: larger(1),
  minimum: larger(-1),
  amax: best(1),
  amin: best(-1),
  argmax: placeOfBest(1),
  argmin: placeOfBest(-1),
  less: comparing,
  lessEqual: comparing,
  equal: comparing,
  where: choice,
  sign: stepped,
  floor: stepped,
  ceil: stepped,
  round: stepped,
  bitAnd: words,
  bitOr: words,
  bitXor: words,
  shiftLeft: words,
  shiftRight: words,
  cast: conversion,
  stopGradient: moved,
  reshape: moved,
  permute: moved,
  broadcast: moved,
  sum: sumOf,
  slice: moved,
  pad: moved,
  concat: moved,
  reverse: moved,
  windows: moved,
  overlapAdd: sumOf,
  take: taken,
  scatterAdd: sumOf,
  cumsum: sumOf,
  argsort: order,
  matmul: product
}
