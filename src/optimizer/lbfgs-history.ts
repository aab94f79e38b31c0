/** What L-BFGS remembers of the curvature: the last steps and the changes of the gradient along them, and what it makes of a gradient with them. */
import { whileLoop } from '../control/while.js'
import { add, div, mul, neg, sub } from '../primitive/arithmetic.js'
import { minimum } from '../primitive/extremum.js'
import { take } from '../primitive/indexing.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { equal, less, where } from '../primitive/selection.js'
import { allocate, type Dtype } from '../structure/dtype.js'
import { constant, type Tensor, uniform, zeros } from '../tensor/tensor.js'
import { inner } from './flat.js'
import { noSteps, oneMore } from './moments.js'

/** A ring of pairs `s = x′ − x`, `y = g′ − g`: rows that are written one after the other, the oldest giving way. */
export interface History {
  /** `[history, n]` */
  readonly steps: Tensor
  /** `[history, n]` */
  readonly changes: Tensor
  /** `1 / ⟨s, y⟩` of each pair */
  readonly reciprocals: Tensor
  /** Where the next pair goes, int32. */
  readonly next: Tensor<[]>
  /** How many pairs there are, int32. */
  readonly size: Tensor<[]>
  /** The inverse Hessian at first, a multiple of the identity: `⟨s, y⟩ / ⟨y, y⟩` of the latest pair. */
  readonly scale: Tensor
}

export const emptyHistory = (length: number, n: number, dtype: Dtype): History => ({
  steps: zeros({ shape: [length, n], dtype }),
  changes: zeros({ shape: [length, n], dtype }),
  reciprocals: zeros({ shape: [length], dtype }),
  next: noSteps,
  size: noSteps,
  scale: uniform({ shape: [], dtype }, 1)
})

const lengthOf = ({ reciprocals }: History): number => reciprocals.shape[0]!
/** The number of a place in the ring that may be too small by one round, or as much too large. */
const wrapped = (place: Tensor, length: number): Tensor => {
  const notBelow = where(less(place, 0), add(place, length), place)
  return where(less(notBelow, length), notBelow, sub(notBelow, length))
}
const places = (length: number): Tensor =>
  constant(
    [length],
    'int32',
    allocate('int32', length).map((_, i) => i)
  )
/** The table with another row at a place. */
const withRow = (table: Tensor, place: Tensor, row: Tensor): Tensor => {
  const { shape } = table
  const here = equal(places(shape[0]!), place)
  return where(
    broadcast(shape)(reshape([shape[0]!, ...shape.slice(1).map(() => 1)])(here)),
    broadcast(shape)(reshape([1, ...shape.slice(1)])(row)),
    table
  )
}

/** Steps along which the gradient changes less than this say nothing of the curvature. */
const leastCurvature = 1e-10

/** With one more pair, if the function curves upwards along it. */
export const remembering = (history: History, step: Tensor, change: Tensor): History => {
  const curvature = inner(change, step)
  const isUseful = less(leastCurvature, curvature)
  const length = lengthOf(history)
  // A row outside the ring is none of its rows: nothing is written.
  const place = where(isUseful, history.next, length)
  return {
    steps: withRow(history.steps, place, step),
    changes: withRow(history.changes, place, change),
    reciprocals: withRow(history.reciprocals, place, div(1, curvature)),
    next: where(isUseful, wrapped(oneMore(history.next), length), history.next),
    size: where(isUseful, minimum(oneMore(history.size), length), history.size),
    scale: where(isUseful, div(curvature, inner(change, change)), history.scale)
  }
}

interface Recursion {
  readonly vector: Tensor
  /** What was taken away for each pair. */
  readonly taken: Tensor
  /** How many pairs have been met. */
  readonly met: Tensor<[]>
}
/** `−H g`, where H is the inverse Hessian that the pairs make of the identity: the two-loop recursion (Nocedal 1980). */
export const descentDirection = (history: History, gradient: Tensor): Tensor => {
  const { steps, changes, reciprocals, next, size, scale } = history
  const length = lengthOf(history)
  const through = (
    start: Recursion,
    visit: (place: Tensor, state: Recursion) => Omit<Recursion, 'met'>,
    newest: boolean
  ) =>
    whileLoop(({ met }: Recursion) => less(met, size) as Tensor<[]>)(state => {
      const place = newest ? sub(sub(next, 1), state.met) : add(sub(next, size), state.met)
      return { ...visit(wrapped(place, length), state), met: oneMore(state.met) }
    })(start)
  const backwards = through(
    { vector: neg(gradient), taken: zeros(reciprocals), met: noSteps },
    (place, { vector, taken }) => {
      const share = mul(inner(take(place)(steps), vector), take(place)(reciprocals))
      return {
        vector: sub(vector, mul(share, take(place)(changes))),
        taken: withRow(taken, place, share)
      }
    },
    true
  )
  return through(
    { vector: mul(backwards.vector, scale), taken: backwards.taken, met: noSteps },
    (place, { vector, taken }) => {
      const share = mul(inner(take(place)(changes), vector), take(place)(reciprocals))
      return { vector: add(vector, mul(sub(take(place)(taken), share), take(place)(steps))), taken }
    },
    false
  ).vector
}
