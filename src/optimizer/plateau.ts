/**
 * A rate that falls when a metric gets better no more.
 *
 * It depends on what was seen and not on the step alone, so it is no schedule but a state machine: `update(metric)` is a `State`,
 * and a history of metrics is folded through it.
 */
import type { State } from 'fp-ts/lib/State.js'
import * as Tree from '../operation/tree.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { abs } from '../primitive/elementary.js'
import { maximum } from '../primitive/extremum.js'
import { bitAnd, bitOr, equal, less, not, where } from '../primitive/selection.js'
import type { Dtype } from '../structure/dtype.js'
import { type Tensor, uniform, zeros } from '../tensor/tensor.js'
import { noSteps, oneMore } from './moments.js'
import { make, type Optimizer } from './optimizer.js'
import { precisionOf } from './precision.js'
import { count, countOrNone, decayRate, nonNegative, oneOf } from './settings.js'

export interface PlateauOptions {
  /** Whether a smaller metric is better, or a larger one. */
  readonly mode?: 'min' | 'max'
  /** What the rate is multiplied by. */
  readonly factor?: number
  /** How many metrics in a row may be no better; with the next one the rate falls. */
  readonly patience?: number
  /** By how much a metric has to be better: a part of the best so far, or so much. */
  readonly threshold?: number
  readonly thresholdMode?: 'relative' | 'absolute'
  /** For how many metrics after a fall none is counted. */
  readonly cooldown?: number
  /** The rate falls no further. */
  readonly minimum?: number
  /** Smaller changes of the rate are not made. */
  readonly epsilon?: number
}
/** What is remembered, all of it finite numbers: that there was no metric yet is not told by an infinity, which a training would take for a divergence. */
export interface PlateauState {
  readonly rate: Tensor<[]>
  readonly best: Tensor<[]>
  /** Whether a metric was seen, bool. */
  readonly seen: Tensor<[]>
  /** How many metrics in a row were no better, and for how many more none is counted; int32. */
  readonly bad: Tensor<[]>
  readonly cooldown: Tensor<[]>
}
const begin = (rate: number, dtype: Dtype): PlateauState => ({
  rate: uniform({ shape: [], dtype }, rate),
  best: zeros({ shape: [], dtype }),
  seen: zeros({ shape: [], dtype: 'bool' }),
  bad: noSteps,
  cooldown: noSteps
})

/** What follows from a metric. */
const plateauStep = (
  operation: string,
  {
    mode = 'min',
    factor = 0.1,
    patience = 10,
    threshold = 1e-4,
    thresholdMode = 'relative',
    cooldown = 0,
    minimum = 0,
    epsilon = 1e-8
  }: PlateauOptions
): ((metric: Tensor) => (state: PlateauState) => PlateauState) => {
  oneOf(operation, 'mode', mode, ['min', 'max'])
  oneOf(operation, 'thresholdMode', thresholdMode, ['relative', 'absolute'])
  decayRate(operation, 'factor', factor)
  countOrNone(operation, 'patience', patience)
  nonNegative(operation, 'threshold', threshold)
  countOrNone(operation, 'cooldown', cooldown)
  nonNegative(operation, 'minimum', minimum)
  nonNegative(operation, 'epsilon', epsilon)
  const margin = mode === 'min' ? -threshold : threshold
  const isBetter = (metric: Tensor, best: Tensor): Tensor => {
    const bound = thresholdMode === 'relative' ? mul(best, 1 + margin) : add(best, margin)
    return mode === 'min' ? less(metric, bound) : less(bound, metric)
  }
  return given => state => {
    const metric = cast(state.best.dtype)(given)
    // The first is better than none.
    const first = bitAnd(not(state.seen), less(abs(metric), Number.POSITIVE_INFINITY))
    const better = bitOr(first, bitAnd(state.seen, isBetter(metric, state.best)))
    const cooling = less(0, state.cooldown)
    const bad = where(bitOr(better, cooling), 0, add(state.bad, 1))
    const falls = less(patience, bad)
    const lower = maximum(mul(state.rate, factor), minimum)
    const enough = less(epsilon, sub(state.rate, lower))
    return {
      rate: where(bitAnd(falls, enough), lower, state.rate),
      best: where(better, metric, state.best),
      seen: bitOr(state.seen, better),
      bad: where(falls, 0, bad),
      cooldown: where(falls, cooldown, where(cooling, sub(state.cooldown, 1), state.cooldown))
    } as PlateauState
  }
}

/** A fold over metrics: where it begins, and from a metric the rate and what is remembered. */
export interface Plateau {
  readonly init: PlateauState
  readonly update: (metric: Tensor<[]>) => State<PlateauState, Tensor<[]>>
}
export interface ReduceOnPlateauOptions extends PlateauOptions {
  /** The rate at the start. */
  readonly initial: number
  /** Of the rate and the metrics; float32 unless given. */
  readonly dtype?: 'float32' | 'float64'
}
/**
 * A rate that falls when a metric gets better no more, as a fold over metrics: `torch.optim.lr_scheduler.ReduceLROnPlateau`.
 *
 * `update(metric)` is a `State` that gives the rate from then on. A metric is better if it is below `best · (1 − threshold)`, or `best − threshold`
 * (above and + for the mode `max`). After more than `patience` metrics in a row that are not, `rate ← max(factor · rate, minimum)`, if that is a change
 * of more than epsilon, and the next `cooldown` metrics are not counted. All of it is tensors, so that it may run compiled.
 * Defaults: mode min, factor 0.1, patience 10, threshold 1e-4, thresholdMode relative, cooldown 0, minimum 0, epsilon 1e-8, dtype float32.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Control, Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const plateau = Schedule.reduceOnPlateau({ initial: 1, factor: 0.5, patience: 1 })
 * const [, rates] = Control.scan((state: Schedule.PlateauState, metric: Tensor.Tensor<[]>) => {
 *   const [rate, next] = plateau.update(metric)(state)
 *   return [next, rate] as const
 * })(plateau.init, Tensor.tensor([3, 2, 2, 2, 1, 1, 1]))
 * deepStrictEqual(Tensor.toArray(rates), [1, 1, 1, 0.5, 0.5, 0.5, 0.25])
 */
export const reduceOnPlateau = ({ initial, dtype = 'float32', ...options }: ReduceOnPlateauOptions): Plateau => {
  nonNegative('Schedule.reduceOnPlateau', 'initial', initial)
  const step = plateauStep('Schedule.reduceOnPlateau', options)
  return {
    init: begin(initial, dtype),
    update: metric => state => {
      const next = step(metric)(state)
      return [next.rate, next]
    }
  }
}

export interface ScaleOnPlateauOptions extends PlateauOptions {
  /** Of so many losses the mean is one metric. */
  readonly every?: number
}
interface Watched extends PlateauState {
  /** Losses since the last metric, and their sum. */
  readonly count: Tensor<[]>
  readonly sum: Tensor<[]>
}
/**
 * Updates made smaller when the loss gets better no more: `optax.contrib.reduce_on_plateau`, to stand in a chain after an optimizer.
 *
 * The updates are multiplied by a rate that begins with 1 and falls as that of `Schedule.reduceOnPlateau`; the metric is the loss of each step, or the
 * mean loss of every so many steps, as many as batches in an epoch for instance. `minimum` is that of the factor.
 * Defaults: every 1, and those of `Schedule.reduceOnPlateau`.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const optimizer = Optimizer.chain(Optimizer.adam(), Optimizer.reduceOnPlateau({ factor: 0.5, patience: 20 }))
 * strictEqual(optimizer.slots, 2)
 */
export const scaleOnPlateau = ({ every = 1, ...options }: ScaleOnPlateauOptions = {}): Optimizer => {
  count('Optimizer.reduceOnPlateau', 'every', every)
  const step = plateauStep('Optimizer.reduceOnPlateau', options)
  return make<Watched>({
    init: params => {
      const dtype = precisionOf(params)
      return { ...begin(1, dtype), count: noSteps, sum: zeros({ shape: [], dtype }) }
    },
    update: (gradients, { count: before, sum: sumBefore, ...state }, _, { loss }) => {
      const after = oneMore(before)
      const sum = add(sumBefore, cast(sumBefore.dtype)(loss))
      const full = equal(after, every)
      const next = Tree.zipWith((then, now) => where(full, then, now))(state)(step(div(sum, every))(state))
      return [
        Tree.scale(next.rate)(gradients),
        {
          ...next,
          count: where(full, 0, after) as Tensor<[]>,
          sum: where(full, zeros(sum), sum) as Tensor<[]>
        }
      ]
    }
  })
}
