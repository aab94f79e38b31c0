/** Schedules along waves: cosines, triangles, and one cycle. */
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cos, log, pow } from '../primitive/elementary.js'
import { minimum } from '../primitive/extremum.js'
import { floor, less, lessEqual, round, where } from '../primitive/selection.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { fromFunction, type Schedule } from './schedule.js'
import { count, finite, fraction, length, nonNegative, oneOf } from './settings.js'

/** From one rate to another as the first half of a cosine: `to + (from − to)(1 + cos(π x)) / 2`. */
const alongCosine = (from: number, to: number, x: Tensor): Tensor =>
  add(mul(add(cos(mul(x, Math.PI)), 1), (from - to) / 2), to)
const alongLine = (from: number, to: number, x: Tensor): Tensor => add(mul(x, to - from), from)

export interface CosineOptions {
  readonly initial: number
  readonly final?: number
  /** How many steps there are from the initial rate to the final one. */
  readonly steps: number
}
/**
 * Down half a cosine, and up again, and so on: `torch.optim.lr_scheduler.CosineAnnealingLR`.
 *
 * `final + (initial − final)(1 + cos(π t / steps)) / 2`. It has a period of `2 · steps`, as PyTorch's has; `Schedule.hold(steps)` lets it stay at the
 * final rate, as `optax.cosine_decay_schedule` does. Default: final 0 (PyTorch's `eta_min`; `steps` is its `T_max`).
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { pipe, Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rate = Schedule.cosine({ initial: 1, final: 0.5, steps: 100 })
 * deepStrictEqual([0, 50, 100, 200].map(t => Tensor.item(rate(Tensor.scalar(t)))), [1, 0.75, 0.5, 1])
 * deepStrictEqual(Tensor.item(pipe(rate, Schedule.hold(100))(Tensor.scalar(200))), 0.5)
 */
export const cosine = ({ initial, final = 0, steps }: CosineOptions): Schedule => {
  finite('Schedule.cosine', 'initial', initial)
  finite('Schedule.cosine', 'final', final)
  length('Schedule.cosine', 'steps', steps)
  return fromFunction(t => alongCosine(initial, final, div(t, steps)))
}

export interface CosineRestartsOptions extends CosineOptions {
  /** By what each period is longer than the one before it: PyTorch's `T_mult`. */
  readonly factor?: number
}
/**
 * Down half a cosine, again and again, each time slower: SGDR (Loshchilov and Hutter 2017),
 * `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`.
 *
 * Period n begins at `sₙ = steps (factorⁿ − 1) / (factor − 1)` and has `steps · factorⁿ` steps; in it,
 * `final + (initial − final)(1 + cos(π (t − sₙ) / (steps · factorⁿ))) / 2`. Defaults: final 0 (PyTorch's `eta_min`), factor 1 (`T_mult`).
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rate = Schedule.cosineRestarts({ initial: 1, steps: 10, factor: 2 })
 * deepStrictEqual([0, 5, 10, 20, 30].map(t => Tensor.item(rate(Tensor.scalar(t)))), [1, 0.5, 1, 0.5, 1])
 */
export const cosineRestarts = ({ initial, final = 0, steps, factor = 1 }: CosineRestartsOptions): Schedule => {
  finite('Schedule.cosineRestarts', 'initial', initial)
  finite('Schedule.cosineRestarts', 'final', final)
  length('Schedule.cosineRestarts', 'steps', steps)
  count('Schedule.cosineRestarts', 'factor', factor)
  return fromFunction(t => {
    if (factor === 1) return alongCosine(initial, final, sub(div(t, steps), floor(div(t, steps))))
    // Powers of a whole number are whole, whatever the rounding of `pow`; only so do periods begin at their first step.
    const longer = (n: Tensor): Tensor => round(pow(factor, n))
    const start = (n: Tensor): Tensor => div(mul(sub(longer(n), 1), steps), factor - 1)
    // The logarithm may be off by one where a period begins; its neighbours are asked.
    const guess = floor(div(log(add(mul(div(t, steps), factor - 1), 1)), Math.log(factor)))
    const [before, after] = [sub(guess, 1), add(guess, 1)]
    const n = where(less(t, start(guess)), before, where(lessEqual(start(after), t), after, guess))
    return alongCosine(initial, final, div(sub(t, start(n)), mul(longer(n), steps)))
  })
}

/** How the height of a cycle changes: not; halved from cycle to cycle; by a factor from step to step. */
export type CyclicMode = 'triangular' | 'triangular2' | 'exponentialRange'
export interface CyclicOptions {
  readonly initial: number
  readonly peak: number
  readonly stepsUp?: number
  readonly stepsDown?: number
  readonly mode?: CyclicMode
  /** The factor from step to step of `exponentialRange`. */
  readonly gamma?: number
}
/**
 * Up and down in straight lines (Smith 2017): `torch.optim.lr_scheduler.CyclicLR`.
 *
 * `initial + (peak − initial) · x · h`, x going from 0 to 1 in `stepsUp` steps and back in `stepsDown`, with a height h of 1 (`triangular`),
 * ½ⁿ in cycle n counted from 0 (`triangular2`), or gammaᵗ (`exponentialRange`, PyTorch's `exp_range`). A momentum, which PyTorch cycles the other way, begins with the larger:
 * `cyclic({ initial: 0.9, peak: 0.8, … })`. Defaults: stepsUp 2000, stepsDown as stepsUp, mode triangular, gamma 1.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rate = Schedule.cyclic({ initial: 0, peak: 1, stepsUp: 4, mode: 'triangular2' })
 * deepStrictEqual([0, 2, 4, 6, 8, 12].map(t => Tensor.item(rate(Tensor.scalar(t)))), [0, 0.5, 1, 0.5, 0, 0.5])
 */
export const cyclic = ({
  initial,
  peak,
  stepsUp = 2000,
  stepsDown = stepsUp,
  mode = 'triangular',
  gamma = 1
}: CyclicOptions): Schedule => {
  finite('Schedule.cyclic', 'initial', initial)
  finite('Schedule.cyclic', 'peak', peak)
  length('Schedule.cyclic', 'stepsUp', stepsUp)
  length('Schedule.cyclic', 'stepsDown', stepsDown)
  nonNegative('Schedule.cyclic', 'gamma', gamma)
  const heights: Readonly<Record<CyclicMode, (t: Tensor, cycle: Tensor) => Tensor>> = {
    triangular: t => uniform(t, 1),
    triangular2: (_, cycle) => pow(0.5, cycle),
    exponentialRange: t => pow(gamma, t)
  }
  oneOf('Schedule.cyclic', 'mode', mode, Object.keys(heights))
  const heightOf = heights[mode]
  const period = stepsUp + stepsDown
  return fromFunction(t => {
    const cycle = floor(div(t, period))
    const since = sub(t, mul(cycle, period))
    const x = where(lessEqual(since, stepsUp), div(since, stepsUp), div(sub(period, since), stepsDown))
    return add(mul(mul(x, heightOf(t, cycle)), peak - initial), initial)
  })
}

export interface OneCycleOptions {
  readonly peak: number
  /** The length of the whole cycle. */
  readonly steps: number
  readonly initial?: number
  readonly final?: number
  /** The part of the steps in which the rate goes up: PyTorch's `pct_start`. */
  readonly warmupFraction?: number
  readonly annealing?: 'cosine' | 'linear'
  /** Down as fast as up, and then on to the final rate. */
  readonly threePhase?: boolean
}
/**
 * Up to a peak, and down far below the start (Smith and Topin 2018): `torch.optim.lr_scheduler.OneCycleLR`.
 *
 * From `initial` to `peak` until step `warmupFraction · steps − 1`, and to `final` until step `steps − 1`, where it stays; in three phases, back to
 * `initial` until step `2 · warmupFraction · steps − 2`, and then to `final`. Each along half a cosine, or a line.
 * A momentum, which PyTorch cycles the other way, is one with a low peak: `oneCycle({ initial: 0.95, peak: 0.85, final: 0.95, … })`.
 * Defaults: initial `peak / 25` (PyTorch's `div_factor`), final `initial / 10⁴` (`final_div_factor`), warmupFraction 0.3, annealing cosine, threePhase false.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rate = Schedule.oneCycle({ initial: 0, peak: 1, final: 0, steps: 11, warmupFraction: 0.5, annealing: 'linear' })
 * deepStrictEqual([0, 4.5, 10, 20].map(t => Tensor.item(rate(Tensor.scalar(t)))), [0, 1, 0, 0])
 */
export const oneCycle = ({
  peak,
  steps,
  initial = peak / 25,
  final = initial / 1e4,
  warmupFraction = 0.3,
  annealing = 'cosine',
  threePhase = false
}: OneCycleOptions): Schedule => {
  finite('Schedule.oneCycle', 'peak', peak)
  length('Schedule.oneCycle', 'steps', steps)
  finite('Schedule.oneCycle', 'initial', initial)
  finite('Schedule.oneCycle', 'final', final)
  fraction('Schedule.oneCycle', 'warmupFraction', warmupFraction)
  oneOf('Schedule.oneCycle', 'annealing', annealing, ['cosine', 'linear'])
  const up = warmupFraction * steps - 1
  const phases = [
    { end: up, to: peak },
    ...(threePhase ? [{ end: 2 * up, to: initial }] : []),
    { end: steps - 1, to: final }
  ]
  const along = annealing === 'cosine' ? alongCosine : alongLine
  return fromFunction(t => {
    const until = minimum(t, steps - 1)
    return phases
      .map(({ end, to }, i) => {
        const [start, from] = i === 0 ? [0, initial] : [phases[i - 1]!.end, phases[i - 1]!.to]
        // A phase of no length is over as it begins.
        const x = end > start ? div(sub(until, start), end - start) : uniform(until, 1)
        return { end, rate: along(from, to, x) }
      })
      .reduceRight<Tensor | undefined>(
        (later, { end, rate }) => (later === undefined ? rate : where(lessEqual(until, end), rate, later)),
        undefined
      )!
  })
}
