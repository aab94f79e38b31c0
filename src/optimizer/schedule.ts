/** Schedules: what a rate is at a step. */
import { cast } from '../primitive/conversion.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { finite } from './settings.js'

/** A function from the number of steps taken, a scalar, to a rate, a scalar too. */
export type Schedule = (step: Tensor<[]>) => Tensor<[]>

/**
 * A schedule from a function of the step: `torch.optim.lr_scheduler.LambdaLR`, whose factor is here the rate itself.
 *
 * The function is given the step in float64, whatever it is in, for a float32 tells steps beyond 2²⁴ apart no more; what it gives is float32 for steps
 * in int32 and float32, and float64 for steps in float64. Any other function of a scalar is a schedule as well; it is given the step as it is.
 *
 * @throws a Mistake, when used, if the step or the result is not a scalar
 *
 * @example
 * import { pipe, Schedule, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const inverse = Schedule.fromFunction(t => pipe(t, Tensor.add(1), Tensor.reciprocal))
 * const steps = [0, 1, 3].map(t => Tensor.scalar(t, { dtype: 'int32' }))
 * deepStrictEqual(steps.map(inverse).map(Tensor.item), [1, 0.5, 0.25])
 */
export const fromFunction =
  (f: (step: Tensor<[]>) => Tensor): Schedule =>
  step => {
    const { shape }: Tensor = step
    if (shape.length > 0)
      throw mistake(
        'NotScalar',
        'Schedule',
        `the step has shape ${showShape(shape)}; a schedule takes a scalar, and vmap(schedule) many`
      )
    const rate = f(cast('float64')(step) as Tensor<[]>)
    if (rate.shape.length > 0)
      throw mistake('NotScalar', 'Schedule', `the rate has shape ${showShape(rate.shape)}; a schedule gives a scalar`)
    return cast(floating(step.dtype))(rate) as Tensor<[]>
  }

/**
 * The same rate at every step: `optax.constant_schedule`.
 *
 * @throws a Mistake if the rate is not finite
 *
 * @example
 * import { Schedule, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Schedule.constant(0.5)(Tensor.scalar(7))), 0.5)
 */
export const constant = (rate: number): Schedule => {
  finite('Schedule.constant', 'rate', rate)
  return fromFunction(step => uniform(step, rate))
}
