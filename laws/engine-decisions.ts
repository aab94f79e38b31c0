/** Errors of what is decided: comparisons, choices, extremes and orders are right where what they look at is far enough apart, and open elsewhere. */
import { isFloat } from '../src/structure/dtype.js'
import { elements } from '../src/tensor/tensor.js'
import { type Bounded, each, errors, evaluated, isExact, mapped, ofTwo, open, type Rule, sign } from './engine-error.js'

/** Zeros of both signs compare alike; in float64 so small an error may be that of a subnormal number as well. */
const unsigned = (x: Bounded): Bounded =>
  x.value.dtype === 'float64' ? x : { ...x, error: mapped(x.error, e => (e === sign ? 0 : e)) }
const apart = ofTwo((x, ex, y, ey) => (x !== x || y !== y || Math.abs(x - y) > ex + ey ? 0 : open))
/** Decided where the two are apart. */
export const comparing: Rule = (of, inputs, attributes, value) => apart(of, inputs.map(unsigned), attributes, value)
export const larger = (side: number): Rule =>
  ofTwo((x, ex, y, ey) => {
    if (x !== x || y !== y) return 0
    const [a, b] = [side * x, side * y]
    return a - ex > b + ey ? ex : b - ey > a + ex ? ey : Math.max(ex, ey)
  })
/** The largest error counts, whichever element is taken; `amin` of what is negative is `amax`. Of zeros of both signs either may be found. */
export const best =
  (side: number): Rule =>
  (of, [x], attributes, value) => {
    const signed = mapped(x!.error, e => side * e)
    const found = elements(evaluated(of, [signed], attributes, value))
    return each(value, (i, v) => {
      const largest = side * found[i]!
      return v === 0 && isFloat(value) ? Math.max(largest, sign) : Number.isFinite(v) || largest === open ? largest : 0
    })
  }

export const choice: Rule = (_, [condition, x, y], __, value) => {
  const [cs, decided] = [elements(condition!.value), elements(condition!.error)]
  const [xs, exs, ys, eys] = [elements(x!.value), elements(x!.error), elements(y!.value), elements(y!.error)]
  return each(value, i => {
    if (decided[i] === 0) return cs[i] !== 0 ? exs[i]! : eys[i]!
    if (exs[i] === open || eys[i] === open) return open
    return Object.is(xs[i], ys[i])
      ? Math.max(exs[i]!, eys[i]!)
      : Math.abs(xs[i]! - ys[i]!) + Math.max(exs[i]!, eys[i]!) + sign
  })
}

/** Along one axis: the places of its elements for each place of the result. */
const lanes = (shape: readonly number[], axis: number) => {
  const inner = shape.slice(axis + 1).reduce((n, extent) => n * extent, 1)
  const extent = shape[axis]!
  return (i: number): readonly number[] =>
    Array.from({ length: extent }, (_, k) => Math.floor(i / inner) * inner * extent + (i % inner) + k * inner)
}
/** Which is best is known where it is apart from all others. */
export const placeOfBest =
  (side: number): Rule =>
  (_, [x], axis, value) => {
    if (isExact(x!)) return errors(value.shape, 0)
    const [xs, es, of] = [elements(x!.value), elements(x!.error), lanes(x!.value.shape, axis as number)]
    return each(value, (i, found) => {
      const lane = of(i)
      if (lane.some(p => es[p] === open)) return open
      const winner = lane[found]!
      if (xs[winner] !== xs[winner]) return 0
      const apart = (p: number): boolean =>
        p === winner || (es[p] === 0 && es[winner] === 0) || side * xs[winner]! - es[winner]! > side * xs[p]! + es[p]!
      return lane.every(apart) ? 0 : open
    })
  }
/** An order is known where all neighbours in it are apart. */
export const order: Rule = (_, [x], attributes, value) => {
  if (isExact(x!)) return errors(value.shape, 0)
  const [xs, es, places] = [elements(x!.value), elements(x!.error), elements(value)]
  const extent = value.shape[value.shape.length - 1]!
  const side = (attributes as { readonly descending: boolean }).descending ? -1 : 1
  const known = (start: number): boolean => {
    let [before, allExact] = [Number.NEGATIVE_INFINITY, true]
    for (let k = 0; k < extent; k++) {
      const at = start + places[start + k]!
      const [v, e] = [side * xs[at]!, es[at]!]
      if (v !== v || e === open) return false
      if (!(allExact && e === 0) && !(v - e > before)) return false
      before = Math.max(before, v + e)
      allExact = allExact && e === 0
    }
    return true
  }
  const verdicts = new Map<number, boolean>()
  return each(value, i => {
    const start = Math.floor(i / extent) * extent
    if (!verdicts.has(start)) verdicts.set(start, known(start))
    return verdicts.get(start) ? 0 : open
  })
}
