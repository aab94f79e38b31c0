/**
 * Schedules made of schedules.
 *
 * 1. Vector space: `add` is commutative and associative, `scale` distributes over it, up to rounding
 * 2. Shifting: `shift(0)(s) = s`, `shift(m)(shift(n)(s)) = shift(m + n)(s)`
 * 3. Joining: `join(n)(s)(s')(t)` is `s(t)` before n and `s'(t − n)` from n on; any grouping of three is the same
 */
import { add as addTensors, mul as mulTensors, sub } from '../primitive/arithmetic.js'
import { maximum, minimum } from '../primitive/extremum.js'
import { lessEqual, where } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import type { Schedule } from './schedule.js'
import { constant } from './schedule.js'
import { cosine } from './schedule-cycle.js'
import { linear } from './schedule-decay.js'
import { countOrNone, finite } from './settings.js'

/**
 * A schedule times a number, or a scalar tensor, which may be unknown: a rate to be differentiated, or one of many under `vmap`.
 *
 * @throws a Mistake if the number is not finite
 *
 * @example
 * import { pipe, Schedule, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const rate = pipe(Schedule.exponential({ initial: 1, gamma: 0.5 }), Schedule.scale(8))
 * strictEqual(Tensor.item(rate(Tensor.scalar(3))), 1)
 */
export const scale = (factor: number | Tensor<[]>): ((schedule: Schedule) => Schedule) => {
  if (!isTensor(factor)) finite('Schedule.scale', 'factor', factor)
  return schedule => step => mulTensors(schedule(step), factor) as Tensor<[]>
}

/**
 * The sum of two schedules.
 *
 * @example
 * import { pipe, Schedule, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const rate = pipe(Schedule.exponential({ initial: 1, gamma: 0.5 }), Schedule.add(Schedule.constant(0.25)))
 * strictEqual(Tensor.item(rate(Tensor.scalar(2))), 0.5)
 */
export const add =
  (other: Schedule) =>
  (schedule: Schedule): Schedule =>
  step =>
    addTensors(schedule(step), other(step))

/**
 * The product of two schedules: `torch.optim.lr_scheduler.ChainedScheduler`.
 *
 * @example
 * import { pipe, Schedule, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const warmup = Schedule.linear({ initial: 0, final: 1, steps: 4 })
 * const rate = pipe(Schedule.exponential({ initial: 8, gamma: 0.5 }), Schedule.mul(warmup))
 * strictEqual(Tensor.item(rate(Tensor.scalar(1))), 1)
 */
export const mul =
  (other: Schedule) =>
  (schedule: Schedule): Schedule =>
  step =>
    mulTensors(schedule(step), other(step)) as Tensor<[]>

/**
 * A schedule as it will be so many steps later: what is left of it for a training that goes on.
 *
 * @throws a Mistake if the number of steps is not a whole number of 0 or more
 *
 * @example
 * import { pipe, Schedule, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const rest = pipe(Schedule.exponential({ initial: 8, gamma: 0.5 }), Schedule.shift(2))
 * strictEqual(Tensor.item(rest(Tensor.scalar(1))), 1)
 */
export const shift = (steps: number): ((schedule: Schedule) => Schedule) => {
  countOrNone('Schedule.shift', 'steps', steps)
  return schedule => step => schedule(addTensors(step, steps))
}

/**
 * A schedule until a step, and from then on what it is at that step.
 *
 * @throws a Mistake if the number of steps is not a whole number of 0 or more
 *
 * @example
 * import { pipe, Schedule, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const rate = pipe(Schedule.exponential({ initial: 8, gamma: 0.5 }), Schedule.hold(3))
 * strictEqual(Tensor.item(rate(Tensor.scalar(100))), 1)
 */
export const hold = (steps: number): ((schedule: Schedule) => Schedule) => {
  countOrNone('Schedule.hold', 'steps', steps)
  return schedule => step => schedule(minimum(step, steps) as Tensor<[]>)
}

/**
 * One schedule after another: `torch.optim.lr_scheduler.SequentialLR`, `optax.join_schedules`.
 *
 * `join([m, n, …])(a, b, c, …)` is a before step m, then b, counted from m, before step n, then c, counted from n, and so on.
 *
 * @throws a Mistake if the boundaries are not whole numbers that rise, or there is not one schedule more than boundaries
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rate = Schedule.join([4])(
 *   Schedule.linear({ initial: 0, final: 1, steps: 4 }),
 *   Schedule.exponential({ initial: 1, gamma: 0.5 })
 * )
 * deepStrictEqual([0, 2, 4, 5, 6].map(t => Tensor.item(rate(Tensor.scalar(t)))), [0, 0.5, 1, 0.5, 0.25])
 */
export const join = (boundaries: readonly number[]): ((...schedules: readonly Schedule[]) => Schedule) => {
  boundaries.forEach((boundary, i) => {
    countOrNone('Schedule.join', `boundaries[${i}]`, boundary)
    if (i > 0 && boundary < boundaries[i - 1]!)
      throw mistake('InvalidArgument', 'Schedule.join', `boundaries [${boundaries.join(', ')}] do not rise`)
  })
  return (...schedules) => {
    const [first, ...rest] = schedules
    if (first === undefined || rest.length !== boundaries.length)
      throw mistake(
        'InvalidArgument',
        'Schedule.join',
        `${schedules.length} schedules and ${boundaries.length} boundaries; there must be one schedule more`
      )
    return step =>
      rest.reduce<Tensor<[]>>((before, schedule, i) => {
        const start = boundaries[i]!
        // No schedule is asked for what it is before its first step, where it may not be a number.
        const since = maximum(sub(step, start), 0) as Tensor<[]>
        return where(lessEqual(start, step), schedule(since), before) as Tensor<[]>
      }, first(step))
  }
}

export interface WarmupCosineOptions {
  /** The rate at the end of the warm-up. */
  readonly peak: number
  readonly warmupSteps: number
  /** All steps, those of the warm-up included. */
  readonly steps: number
  readonly initial?: number
  readonly final?: number
}
/**
 * Up in a straight line, down half a cosine, and there to stay: `optax.warmup_cosine_decay_schedule`.
 *
 * `initial + (peak − initial) t / warmupSteps` before step `warmupSteps`, and then
 * `final + (peak − final)(1 + cos(π min(1, (t − warmupSteps) / (steps − warmupSteps)))) / 2`. Defaults: initial 0, final 0.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rate = Schedule.warmupCosine({ peak: 1, warmupSteps: 10, steps: 110 })
 * deepStrictEqual([0, 5, 10, 60, 110, 500].map(t => Tensor.item(rate(Tensor.scalar(t)))), [0, 0.5, 1, 0.5, 0, 0])
 */
export const warmupCosine = ({ peak, warmupSteps, steps, initial = 0, final = 0 }: WarmupCosineOptions): Schedule => {
  finite('Schedule.warmupCosine', 'peak', peak)
  finite('Schedule.warmupCosine', 'initial', initial)
  finite('Schedule.warmupCosine', 'final', final)
  countOrNone('Schedule.warmupCosine', 'warmupSteps', warmupSteps)
  countOrNone('Schedule.warmupCosine', 'steps', steps)
  const falling = steps - warmupSteps
  if (falling < 1)
    throw mistake(
      'InvalidArgument',
      'Schedule.warmupCosine',
      `steps is ${steps}; it must be more than warmupSteps, which is ${warmupSteps}`
    )
  const warmup = warmupSteps === 0 ? constant(peak) : linear({ initial, final: peak, steps: warmupSteps })
  return join([warmupSteps])(warmup, hold(falling)(cosine({ initial: peak, final, steps: falling })))
}
