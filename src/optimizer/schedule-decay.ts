/** Schedules that go from one rate to another, in jumps or smoothly. */
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { pow, sqrt } from '../primitive/elementary.js'
import { minimum } from '../primitive/extremum.js'
import { broadcast, sumAll } from '../primitive/movement.js'
import { floor, lessEqual } from '../primitive/selection.js'
import { constant, type Tensor } from '../tensor/tensor.js'
import { fromFunction, type Schedule } from './schedule.js'
import { finite, length, nonNegative } from './settings.js'

export interface StepOptions {
  /** The rate at the start. */
  readonly initial: number
  readonly stepSize: number
  readonly gamma?: number
}
/**
 * A jump every so many steps: `torch.optim.lr_scheduler.StepLR`.
 *
 * `initial · gamma^⌊t / stepSize⌋`. Default: gamma 0.1.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const halved = Schedule.step({ initial: 8, stepSize: 10, gamma: 0.5 })
 * deepStrictEqual([0, 9, 10, 35].map(t => Tensor.item(halved(Tensor.scalar(t)))), [8, 8, 4, 1])
 */
export const step = ({ initial, stepSize, gamma = 0.1 }: StepOptions): Schedule => {
  finite('Schedule.step', 'initial', initial)
  length('Schedule.step', 'stepSize', stepSize)
  nonNegative('Schedule.step', 'gamma', gamma)
  return fromFunction(t => mul(pow(gamma, floor(div(t, stepSize))), initial))
}

export interface MultiStepOptions {
  readonly initial: number
  /** The steps at which the rate jumps. */
  readonly milestones: readonly number[]
  readonly gamma?: number
}
/**
 * A jump at each of some steps: `torch.optim.lr_scheduler.MultiStepLR`.
 *
 * `initial · gamma^n`, n being the number of milestones that t has reached. Default: gamma 0.1.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const halved = Schedule.multiStep({ initial: 8, milestones: [10, 15], gamma: 0.5 })
 * deepStrictEqual([0, 9, 10, 15].map(t => Tensor.item(halved(Tensor.scalar(t)))), [8, 8, 4, 2])
 */
export const multiStep = ({ initial, milestones, gamma = 0.1 }: MultiStepOptions): Schedule => {
  finite('Schedule.multiStep', 'initial', initial)
  milestones.forEach((milestone, i) => finite('Schedule.multiStep', `milestones[${i}]`, milestone))
  nonNegative('Schedule.multiStep', 'gamma', gamma)
  const all = constant([milestones.length], 'float64', Float64Array.from(milestones))
  return fromFunction(t => {
    const reached = sumAll(cast('float64')(lessEqual(all, broadcast(all.shape)(t))))
    return mul(pow(gamma, reached), initial)
  })
}

export interface ExponentialOptions {
  readonly initial: number
  /** What the rate is multiplied by in a step. */
  readonly gamma: number
}
/**
 * The same factor every step: `torch.optim.lr_scheduler.ExponentialLR`.
 *
 * `initial · gammaᵗ`
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const halved = Schedule.exponential({ initial: 8, gamma: 0.5 })
 * deepStrictEqual([0, 1, 4].map(t => Tensor.item(halved(Tensor.scalar(t)))), [8, 4, 0.5])
 */
export const exponential = ({ initial, gamma }: ExponentialOptions): Schedule => {
  finite('Schedule.exponential', 'initial', initial)
  nonNegative('Schedule.exponential', 'gamma', gamma)
  return fromFunction(t => mul(pow(gamma, t), initial))
}

export interface InverseTimeOptions {
  readonly initial: number
  readonly decay: number
}
/**
 * As one over the time: Keras's `InverseTimeDecay`, the `lr_decay` of `torch.optim.Adagrad`.
 *
 * `initial / (1 + decay · t)`
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const slowing = Schedule.inverseTime({ initial: 1, decay: 0.5 })
 * deepStrictEqual([0, 2, 6].map(t => Tensor.item(slowing(Tensor.scalar(t)))), [1, 0.5, 0.25])
 */
export const inverseTime = ({ initial, decay }: InverseTimeOptions): Schedule => {
  finite('Schedule.inverseTime', 'initial', initial)
  nonNegative('Schedule.inverseTime', 'decay', decay)
  return fromFunction(t => div(initial, add(mul(t, decay), 1)))
}

export interface InverseSquareRootOptions {
  /** The largest rate, at the end of the warm-up. */
  readonly peak: number
  readonly warmupSteps: number
}
/**
 * Up in a straight line, and down as one over the root of the time: the schedule of the Transformer (Vaswani et al. 2017).
 *
 * `peak · min(n / warmupSteps, √(warmupSteps / n))`, `n = t + 1` being the number of this step, counted from 1.
 * The paper's is that with a peak of `1 / √(d · warmupSteps)`, d being the size of the model.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rate = Schedule.inverseSquareRoot({ peak: 1, warmupSteps: 4 })
 * deepStrictEqual([0, 1, 3, 15].map(t => Tensor.item(rate(Tensor.scalar(t)))), [0.25, 0.5, 1, 0.5])
 */
export const inverseSquareRoot = ({ peak, warmupSteps }: InverseSquareRootOptions): Schedule => {
  finite('Schedule.inverseSquareRoot', 'peak', peak)
  length('Schedule.inverseSquareRoot', 'warmupSteps', warmupSteps)
  return fromFunction(t => {
    const n = add(t, 1)
    return mul(minimum(div(n, warmupSteps), sqrt(div(warmupSteps, n))), peak)
  })
}

/** How much of so many steps is done: 1 at their end and after it. */
const done = (t: Tensor, steps: number): Tensor => div(minimum(t, steps), steps)

export interface LinearOptions {
  readonly initial: number
  readonly final: number
  readonly steps: number
}
/**
 * From one rate to another in a straight line, and there to stay: `torch.optim.lr_scheduler.LinearLR`, `optax.linear_schedule`.
 *
 * `initial + (final − initial) · min(t, steps) / steps`. In PyTorch's words the rates are `lr · start_factor` and `lr · end_factor`.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rising = Schedule.linear({ initial: 0, final: 1, steps: 4 })
 * deepStrictEqual([0, 1, 4, 9].map(t => Tensor.item(rising(Tensor.scalar(t)))), [0, 0.25, 1, 1])
 */
export const linear = ({ initial, final, steps }: LinearOptions): Schedule => {
  finite('Schedule.linear', 'initial', initial)
  finite('Schedule.linear', 'final', final)
  length('Schedule.linear', 'steps', steps)
  return fromFunction(t => add(mul(done(t, steps), final - initial), initial))
}

export interface PolynomialOptions {
  readonly initial: number
  readonly final?: number
  readonly steps: number
  readonly power?: number
}
/**
 * From one rate to another along a power, and there to stay: `torch.optim.lr_scheduler.PolynomialLR`, `optax.polynomial_schedule`.
 *
 * `final + (initial − final) · (1 − min(t, steps) / steps)^power`. Defaults: final 0, power 1.
 *
 * @throws a Mistake for settings out of range
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const falling = Schedule.polynomial({ initial: 16, steps: 4, power: 2 })
 * deepStrictEqual([0, 1, 4, 9].map(t => Tensor.item(falling(Tensor.scalar(t)))), [16, 9, 0, 0])
 */
export const polynomial = ({ initial, final = 0, steps, power = 1 }: PolynomialOptions): Schedule => {
  finite('Schedule.polynomial', 'initial', initial)
  finite('Schedule.polynomial', 'final', final)
  length('Schedule.polynomial', 'steps', steps)
  length('Schedule.polynomial', 'power', power)
  return fromFunction(t => add(mul(pow(sub(1, done(t, steps)), power), initial - final), final))
}
