/** Errors of functions of one number, and of powers: carried from both ends of what the operand may be. */
import { type Constant, elements } from '../src/tensor/tensor.js'
import {
  type Bounded,
  dense,
  each,
  errors,
  evaluated,
  holdsZero,
  isExact,
  mapped,
  open,
  places,
  type Rule,
  sign,
  smallestNormal,
  unit
} from './engine-error.js'

/** A function that rises or falls between the ends of an error, evaluated there. */
const through =
  (
    own: (dtype: Constant['dtype']) => number,
    more: (x: number, e: number) => number | undefined = () => undefined
  ): Rule =>
  (of, [x], attributes, value) => {
    const rounding = own(value.dtype)
    if (isExact(x!) && rounding === 0) return errors(value.shape, 0)
    const [xs, es] = [elements(x!.value), elements(x!.error)]
    const vs = elements(value)
    /** A little wider, for what is rounded here; and where something has overflowed, to see whether it only just did. */
    const reach = (i: number): number =>
      (es[i] === 0 ? 0 : es[i]! + Math.abs(xs[i]!) * 2 ** -52) +
      (Number.isFinite(xs[i]!) && Math.abs(vs[i]!) === open
        ? Math.abs(xs[i]!) * (value.dtype === 'float64' ? 2 ** -48 : 2 ** -20)
        : 0)
    const at = (side: number): ArrayLike<number> => {
      const moved = mapped(dense(x!.value), (v, i) => (reach(i) === 0 ? v : v + side * reach(i)))
      return elements(evaluated(of, [moved], attributes, value))
    }
    const [below, above] = [at(-1), at(1)]
    return each(value, (i, v) => {
      const [e, low, high] = [es[i]!, below[i]!, above[i]!]
      if (e === open) return open
      if (e === 0 && isSpecial(xs[i]!) && isSpecial(v)) return 0
      if (!Number.isFinite(v)) return Object.is(low, v) && Object.is(high, v) ? 0 : open
      if (e === 0) return rounding * unit(v, value.dtype)
      const known = more(xs[i]!, e)
      const slope = known ?? Math.max(Math.abs(low - v), Math.abs(high - v)) * (1 + 1e-9)
      // What is rounded to a zero from both sides has either sign.
      return slope + rounding * unit(v, value.dtype) + (v === 0 ? sign : 0)
    })
  }
/** Where functions have values that every implementation knows. */
const isSpecial = (x: number): boolean => x === 0 || Math.abs(x) === 1 || !Number.isFinite(x)

export const smooth = through(places)
/** A power too small to be normal may be 0: subnormal numbers in a softmax cost more than they are worth. */
export const flushing: Rule = (of, inputs, attributes, value) => {
  const found = elements(smooth(of, inputs, attributes, value))
  return each(value, (i, v) => found[i]! + (v !== 0 && v < smallestNormal[value.dtype] ? v : 0))
}
/** No rounding of its own that another engine would not do too. */
const exactWhereGiven =
  (rule: Rule): Rule =>
  (of, inputs, attributes, value) => {
    const es = inputs.map(x => elements(x.error))
    const found = elements(rule(of, inputs, attributes, value))
    return each(value, i => (es.every(e => e[i] === 0) ? 0 : found[i]!))
  }
export const rooted = exactWhereGiven(through(() => 1))
export const stepped = exactWhereGiven(through(() => 0))
/** Within 1 of 0, however large its operand is. */
export const waving = through(places, (_, e) => (e > 0.5 ? 2 : undefined))

/** A little more than to the end of each error, for what is rounded here. */
const ends = ({ value, error }: Bounded, side: number): Constant => {
  const es = elements(error)
  return mapped(dense(value), (v, i) => (es[i] === 0 ? v : v + side * (es[i]! + Math.abs(v) * 2 ** -52)))
}
export const power: Rule = (of, [x, y], attributes, value) => {
  const [xs, exs, ys, eys] = [elements(x!.value), elements(x!.error), elements(y!.value), elements(y!.error)]
  const corner = (i: number, j: number): ArrayLike<number> =>
    elements(isExact(x!) && isExact(y!) ? value : evaluated(of, [ends(x!, i), ends(y!, j)], attributes, value))
  const corners = [corner(-1, -1), corner(-1, 1), corner(1, -1), corner(1, 1)]
  return each(value, (i, v) => {
    const [a, ea, b, eb] = [xs[i]!, exs[i]!, ys[i]!, eys[i]!]
    if (ea === open || eb === open || (ea > 0 && holdsZero(a, ea) && b - eb < 0)) return open
    // Of what is negative only powers that are whole are numbers.
    if (a - ea < 0 && eb > 0 && Math.floor(b + eb) >= b - eb) return open
    if (ea === 0 && eb === 0 && (b === 2 || ((isSpecial(a) || isSpecial(b)) && isSpecial(v)))) return 0
    const overflowed = v === v && Number.isFinite(a) && Number.isFinite(b)
    if (!Number.isFinite(v)) return !overflowed && corners.every(c => Object.is(c[i], v)) ? 0 : open
    const far = corners.reduce((most, c) => Math.max(most, Math.abs(c[i]! - v)), 0)
    return far * (1 + 1e-9) + places(value.dtype) * unit(v, value.dtype)
  })
}

/** Over one branch of it. */
export const tangent = through(places, (x, e) => (e > 0.5 || Math.tan(x + e) < Math.tan(x - e) ? open : undefined))
