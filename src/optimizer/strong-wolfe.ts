/**
 * A step length by the strong Wolfe conditions: the function falls enough, `f(t) ≤ f(0) + c₁ t f′(0)`, and its slope has become flat enough,
 * `|f′(t)| ≤ −c₂ f′(0)` (Nocedal and Wright 2006, algorithms 3.5 and 3.6). It takes the same steps as PyTorch's.
 *
 * First the step grows until an interval must hold such a length; then the interval shrinks around one. Both are one loop, so that the function
 * to be searched along stands in the program once.
 */
import { cond } from '../control/cond.js'
import { whileLoop } from '../control/while.js'
import * as Tree from '../operation/tree.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { abs, sqrt } from '../primitive/elementary.js'
import { amax, maximum, minimum } from '../primitive/extremum.js'
import { bitAnd, bitOr, equal, less, lessEqual, not, where } from '../primitive/selection.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { noSteps, oneMore } from './moments.js'

/** The function along the direction, at a step length. */
export interface Point {
  readonly length: Tensor
  readonly value: Tensor
  readonly slope: Tensor
}
/** With the whole gradient there. */
export interface Place extends Point {
  readonly gradient: Tensor
}

interface Search {
  /** The length to be looked at next. */
  readonly trial: Tensor
  readonly brackets: Tensor
  readonly isOver: Tensor
  /** Looks beyond the first. */
  readonly looks: Tensor<[]>
  /** The best end of the interval; while the step grows, the last place. */
  readonly low: Place
  readonly high: Point
  /** Which of the ends was found first: it counts as the lower of two that are equal. */
  readonly lowIsFirst: Tensor
  /** Whether the last trial was close to an end of the interval. */
  readonly stalls: Tensor
}

const sufficientDecrease = 1e-4
const curvature = 0.9
const mostLooks = 25
/** An interval over which no parameter changes more than this is not looked into. */
const leastChange = 1e-9

const either = <T>(condition: Tensor, a: T, b: T): T => Tree.zipWith((x, y) => where(condition, x, y))(b)(a)
const truth = (value: boolean): Tensor => uniform({ shape: [], dtype: 'bool' }, Number(value))
const pointOf = ({ length, value, slope }: Point): Point => ({ length, value, slope })

/** Where the cubic through two points with their slopes is least, between bounds; half way between these if it has no minimum. */
const cubicMinimum = (a: Point, b: Point, lowest: Tensor, highest: Tensor): Tensor => {
  const isOrdered = lessEqual(a.length, b.length)
  const [left, right] = [either(isOrdered, a, b), either(isOrdered, b, a)]
  const d1 = sub(add(a.slope, b.slope), mul(3, div(sub(a.value, b.value), sub(a.length, b.length))))
  const square = sub(mul(d1, d1), mul(a.slope, b.slope))
  const has = lessEqual(0, square)
  const d2 = sqrt(where(has, square, 0))
  const share = div(sub(add(right.slope, d2), d1), add(sub(right.slope, left.slope), mul(2, d2)))
  const found = sub(right.length, mul(sub(right.length, left.length), share))
  return where(has, minimum(maximum(found, lowest), highest), div(add(lowest, highest), 2))
}

/** The next length inside the interval, or the end of the search. */
const withTrial = (search: Search, size: Tensor): Search => {
  const { low, high, lowIsFirst, stalls, looks } = search
  const [first, second] = [either(lowIsFirst, pointOf(low), high), either(lowIsFirst, high, pointOf(low))]
  const [left, right] = [minimum(low.length, high.length), maximum(low.length, high.length)]
  const found = cubicMinimum(first, second, left, right)
  // Too close to an end: the first time it is let pass, the next time the trial is moved inwards.
  const margin = mul(0.1, sub(right, left))
  const isClose = less(minimum(sub(right, found), sub(found, left)), margin)
  const moves = bitAnd(isClose, bitOr(stalls, bitOr(lessEqual(right, found), lessEqual(found, left))))
  const inwards = where(less(abs(sub(found, right)), abs(sub(found, left))), sub(right, margin), add(left, margin))
  return {
    ...search,
    trial: where(moves, inwards, found),
    stalls: bitAnd(isClose, not(moves)),
    isOver: bitOr(
      search.isOver,
      bitOr(lessEqual(mostLooks, looks), less(mul(abs(sub(right, left)), size), leastChange))
    )
  }
}

/**
 * The place along a direction that fulfils the conditions, or the best that was found, and how often the function was looked at.
 * `size` is the largest element of the direction, `first` the length that is tried first.
 */
export const strongWolfe = (
  at: (length: Tensor) => Place,
  origin: Place,
  size: Tensor,
  first: Tensor
): { readonly place: Place; readonly evaluations: Tensor<[]> } => {
  const rises = ({ length, value }: Point): Tensor =>
    less(add(origin.value, mul(sufficientDecrease, mul(length, origin.slope))), value)
  const isFlat = ({ slope }: Point): Tensor => lessEqual(abs(slope), mul(-curvature, origin.slope))

  const grow = ({ search, place }: { readonly search: Search; readonly place: Place }): Search => {
    const { low: last, looks } = search
    const [isLast, second] = [equal(looks, mostLooks), less(1, looks)]
    const passed = bitOr(rises(place), bitAnd(second, lessEqual(last.value, place.value)))
    const flat = bitAnd(isFlat(place), not(passed))
    const brackets = bitAnd(not(isLast), bitAnd(not(flat), bitOr(passed, lessEqual(0, place.slope))))
    // An interval reaches from the last place to this one; where the step has grown as often as it may, from the origin.
    const start = either(isLast, origin, last)
    const isLower = lessEqual(start.value, place.value)
    const enclosed: Search = {
      ...search,
      brackets: truth(false),
      isOver: isLast,
      low: either(isLower, start, place),
      high: either(isLower, pointOf(place), pointOf(start)),
      lowIsFirst: isLower
    }
    const beyond = add(place.length, mul(0.01, sub(place.length, last.length)))
    const onwards: Search = {
      ...search,
      trial: cubicMinimum(pointOf(last), pointOf(place), beyond, mul(place.length, 10)),
      isOver: bitAnd(flat, not(isLast)),
      looks: oneMore(looks),
      low: place
    }
    return either(bitOr(brackets, isLast), withTrial(enclosed, size), onwards)
  }

  const shrink = ({ search, place }: { readonly search: Search; readonly place: Place }): Search => {
    const { low, high, lowIsFirst, looks } = search
    const isHigh = bitOr(rises(place), lessEqual(low.value, place.value))
    // As the new high end it may yet be lower than the other.
    const stays = where(lowIsFirst, lessEqual(low.value, place.value), less(low.value, place.value))
    const turns = lessEqual(0, mul(place.slope, sub(high.length, low.length)))
    const flat = isFlat(place)
    const asHigh: Pick<Search, 'low' | 'high' | 'lowIsFirst' | 'isOver'> = {
      low: either(stays, low, place),
      high: either(stays, pointOf(place), pointOf(low)),
      lowIsFirst: equal(lowIsFirst, stays),
      isOver: truth(false)
    }
    const asLow: typeof asHigh = {
      low: place,
      high: either(bitAnd(turns, not(flat)), pointOf(low), high),
      lowIsFirst,
      isOver: flat
    }
    return withTrial({ ...search, looks: oneMore(looks), ...either(isHigh, asHigh, asLow) }, size)
  }

  const end = whileLoop(
    ({ search }: { readonly search: Search; readonly evaluations: Tensor<[]> }) => not(search.isOver) as Tensor<[]>
  )(({ search, evaluations }) => ({
    search: cond(search.brackets as Tensor<[]>, grow, shrink)({ search, place: at(search.trial) }),
    evaluations: oneMore(evaluations)
  }))({
    search: {
      trial: first,
      brackets: truth(true),
      isOver: truth(false),
      looks: noSteps,
      low: origin,
      high: pointOf(origin),
      lowIsFirst: truth(true),
      stalls: truth(false)
    },
    evaluations: noSteps
  })
  return { place: end.search.low, evaluations: end.evaluations }
}

/** The largest magnitude of a vector; of none, 0. */
export const largest = (x: Tensor): Tensor =>
  x.shape[0] === 0 ? uniform({ shape: [], dtype: x.dtype }, 0) : amax([0])(abs(x))
