/** Rates, which are numbers or schedules, and the transformations that multiply gradients by one. */
import * as Tree from '../operation/tree.js'
import { mul } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import { type Optimizer, stateless } from './optimizer.js'
import { precisionOf } from './precision.js'
import type { Schedule } from './schedule.js'
import { finite, nonNegative } from './settings.js'

/**
 * A number, or a schedule. A schedule is given the number of steps before this one as an int32 scalar; where there are float64 parameters,
 * as a float64 scalar, so that the rate is as exact as they are.
 */
export type Rate = number | Schedule

/** The rate at a step, for these parameters; it is checked at once when it is a number. */
export const rateAt = (
  operation: string,
  name: string,
  rate: Rate
): ((params: unknown, step: Tensor<[]>) => number | Tensor<[]>) => {
  if (typeof rate !== 'function') {
    nonNegative(operation, name, rate)
    return () => rate
  }
  return (params, step) => {
    const exact = precisionOf(params) === 'float64'
    const value: Tensor = rate((exact ? cast('float64')(step) : step) as Tensor<[]>)
    if (value.shape.length > 0)
      throw mistake(
        'NotScalar',
        operation,
        `the schedule of ${name} gave a tensor of shape ${showShape(value.shape)}; it must give a scalar`
      )
    return value as Tensor<[]>
  }
}

/** A leaf times a number or a scalar, in the leaf's own dtype. */
export const times =
  (factor: number | Tensor<[]>) =>
  (leaf: Tensor): Tensor =>
    mul(leaf, isTensor(factor) ? cast(leaf.dtype)(factor) : factor)

/**
 * Every gradient times a number: `optax.scale`. `scale(a)` after `scale(b)` is `scale(a · b)` up to rounding.
 *
 * @throws a Mistake if the factor is not finite
 *
 * @example
 * import { Optimizer } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Optimizer.scale(-0.1).slots, 0)
 */
export const scale = (factor: number): Optimizer => {
  finite('Optimizer.scale', 'factor', factor)
  return stateless(gradients => Tree.scale(factor)(gradients))
}

/**
 * Every gradient times what a schedule gives at the step: `optax.scale_by_schedule`.
 *
 * @throws a Mistake, when used, if the schedule does not give a scalar
 *
 * @example
 * import { Optimizer, Schedule } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * // Adam at a rate that rises for a hundred steps and falls for nine hundred.
 * const rate = Schedule.warmupCosine({ peak: 1e-2, warmupSteps: 100, steps: 1000 })
 * const optimizer = Optimizer.chain(Optimizer.scaleByAdam(), Optimizer.scaleBySchedule(rate), Optimizer.scale(-1))
 * strictEqual(optimizer.slots, 1)
 */
export const scaleBySchedule = (schedule: Schedule): Optimizer => {
  const rate = rateAt('Optimizer.scaleBySchedule', 'factor', schedule)
  return stateless((gradients, params, { step }) => Tree.scale(rate(params, step))(gradients))
}

/** Against the gradients, by a rate that may depend on the step: the last link of most optimizers. */
export const descend = (operation: string, learningRate: Rate): Optimizer => {
  const rate = rateAt(operation, 'learningRate', learningRate)
  return stateless((gradients, params, { step }) => {
    const at = rate(params, step)
    return Tree.scale(isTensor(at) ? (mul(at, -1) as Tensor<[]>) : -at)(gradients)
  })
}
