/** What optimizers and schedules refuse, by name. */
import { describe, expect, test } from 'vitest'
import { Optimizer, Schedule, Tensor } from '../../src/index.js'
import { descend, start } from './bowl.js'

type Refusal = readonly [make: () => unknown, message: string]
const refuse = (refusals: readonly Refusal[]): void => {
  test.each(refusals.map(([make, message]) => [message, make] as const))('%s', (message, make) =>
    expect(make).toThrow(message)
  )
}
const finite = 'it must be a finite number'
const orMore = `${finite} of 0 or more`
const below = 'it must be at least 0 and below 1'
const one = 'it must be a whole number of 1 or more'
const none = 'it must be a whole number of 0 or more'
const long = `${finite} above 0`

describe('settings of optimizers', () => {
  refuse([
    [() => Optimizer.adamW({ weightDecay: -1 }), `adamW: weightDecay is -1; ${orMore}`],
    [() => Optimizer.adamW({ betas: [0.9, 1] }), `adamW: betas[1] is 1; ${below}`],
    [() => Optimizer.scaleByAdam({ epsilon: -1 }), `Optimizer.scaleByAdam: epsilon is -1; ${orMore}`],
    [() => Optimizer.rmsprop({ decay: 1 }), `rmsprop: decay is 1; ${below}`],
    [() => Optimizer.rmsprop({ momentum: 1 }), `rmsprop: momentum is 1; ${below}`],
    [() => Optimizer.rmsprop({ learningRate: Number.NaN }), `rmsprop: learningRate is NaN; ${orMore}`],
    [() => Optimizer.scaleByRms({ epsilon: -1 }), `Optimizer.scaleByRms: epsilon is -1; ${orMore}`],
    [() => Optimizer.adagrad({ learningRateDecay: -1 }), `adagrad: learningRateDecay is -1; ${orMore}`],
    [() => Optimizer.adagrad({ initialAccumulator: -1 }), `adagrad: initialAccumulator is -1; ${orMore}`],
    [() => Optimizer.scaleByAdagrad({ epsilon: -1 }), `Optimizer.scaleByAdagrad: epsilon is -1; ${orMore}`],
    [() => Optimizer.adadelta({ decay: -0.1 }), `adadelta: decay is -0.1; ${below}`],
    [() => Optimizer.scaleByAdadelta({ epsilon: 0 }), 'Optimizer.scaleByAdadelta: epsilon is 0; it must be above 0'],
    [() => Optimizer.adamax({ betas: [1, 0.9] }), `adamax: betas[0] is 1; ${below}`],
    [() => Optimizer.scaleByAdamax({ epsilon: -1 }), `Optimizer.scaleByAdamax: epsilon is -1; ${orMore}`],
    [() => Optimizer.nadam({ momentumDecay: -1 }), `nadam: momentumDecay is -1; ${orMore}`],
    [() => Optimizer.scaleByNadam({ betas: [0.9, 2] }), `Optimizer.scaleByNadam: betas[1] is 2; ${below}`],
    [() => Optimizer.radam({ epsilon: Number.NaN }), `radam: epsilon is NaN; ${orMore}`],
    [() => Optimizer.scaleByRadam({ betas: [-1, 0.9] }), `Optimizer.scaleByRadam: betas[0] is -1; ${below}`],
    [() => Optimizer.lion({ weightDecay: -1 }), `lion: weightDecay is -1; ${orMore}`],
    [() => Optimizer.scaleByLion({ betas: [0.9, 1] }), `Optimizer.scaleByLion: betas[1] is 1; ${below}`],
    [() => Optimizer.lamb({ epsilon: -1 }), `lamb: epsilon is -1; ${orMore}`],
    [() => Optimizer.momentum({ momentum: -1 }), `Optimizer.momentum: momentum is -1; ${below}`],
    [() => Optimizer.momentum({ momentum: 0.9, dampening: 1 / 0 }), `dampening is Infinity; ${finite}`],
    [() => Optimizer.addDecayedWeights({ weightDecay: -1 }), `Optimizer.addDecayedWeights: weightDecay is -1`],
    [() => Optimizer.clipByNorm({ maxNorm: -1 }), `Optimizer.clipByNorm: maxNorm is -1; ${orMore}`],
    [() => Optimizer.clipByNorm({ maxNorm: 1, order: 0 }), 'Optimizer.clipByNorm: order is 0; it must be above 0'],
    [() => Optimizer.lookahead({ steps: 0 }), `Optimizer.lookahead: steps is 0; ${one}`],
    [() => Optimizer.lookahead({ rate: 2 }), 'Optimizer.lookahead: rate is 2; it must be between 0 and 1'],
    [() => Optimizer.sam({ radius: -1 }), `Optimizer.sam: radius is -1; ${orMore}`],
    [() => Optimizer.accumulate({ steps: 1.5 }), `Optimizer.accumulate: steps is 1.5; ${one}`],
    [() => Optimizer.exponentialMovingAverage({ decay: 1 }), `exponentialMovingAverage: decay is 1; ${below}`],
    [() => Optimizer.reduceOnPlateau({ every: 0 }), `Optimizer.reduceOnPlateau: every is 0; ${one}`],
    [() => Optimizer.reduceOnPlateau({ factor: 1 }), `Optimizer.reduceOnPlateau: factor is 1; ${below}`],
    [
      () => Optimizer.sgd({ learningRate: 1, momentum: () => Tensor.scalar(1), dampening: 0.5, nesterov: true }),
      'sgd: nesterov needs a momentum above 0 and no dampening, not a schedule and 0.5'
    ]
  ])
})
describe('what does not fit when it is used', () => {
  const vector = (): Tensor.Tensor<[]> => Tensor.zeros([2]) as unknown as Tensor.Tensor<[]>
  refuse([
    [
      () => descend(Optimizer.sgd({ learningRate: vector }), 1),
      'sgd: the schedule of learningRate gave a tensor of shape [2]; it must give a scalar'
    ],
    [
      () => descend(Optimizer.scaleBySchedule(vector), 1),
      'Optimizer.scaleBySchedule: the schedule of factor gave a tensor of shape [2]; it must give a scalar'
    ],
    [
      () => Optimizer.partition(path => path as 'w')({ w: Optimizer.freeze }).init(start()),
      "Optimizer.partition: 'b' is labelled 'b', for which there is no optimizer; there are 'w'"
    ],
    [
      () => Optimizer.averaged({ params: start(), optimizer: Optimizer.adam().init(start()) }),
      'Optimizer.averaged: the state has no average in it; chain(…, Optimizer.exponentialMovingAverage()) keeps one'
    ]
  ])
})

describe('settings of schedules', () => {
  const [initial, peak, steps] = [1, 1, 10]
  refuse([
    [() => Schedule.constant(Number.NaN), `Schedule.constant: rate is NaN; ${finite}`],
    [() => Schedule.step({ initial, stepSize: 0 }), `Schedule.step: stepSize is 0; ${long}`],
    [() => Schedule.step({ initial, stepSize: 1, gamma: -1 }), `Schedule.step: gamma is -1; ${orMore}`],
    [() => Schedule.step({ initial: 1 / 0, stepSize: 1 }), `Schedule.step: initial is Infinity; ${finite}`],
    [() => Schedule.multiStep({ initial, milestones: [1, 1 / 0] }), `milestones[1] is Infinity; ${finite}`],
    [() => Schedule.exponential({ initial, gamma: -1 }), `Schedule.exponential: gamma is -1; ${orMore}`],
    [() => Schedule.inverseTime({ initial, decay: -1 }), `Schedule.inverseTime: decay is -1; ${orMore}`],
    [() => Schedule.inverseSquareRoot({ peak, warmupSteps: 0 }), `inverseSquareRoot: warmupSteps is 0; ${long}`],
    [() => Schedule.linear({ initial, final: 0, steps: 0 }), `Schedule.linear: steps is 0; ${long}`],
    [() => Schedule.polynomial({ initial, steps, power: 0 }), `Schedule.polynomial: power is 0; ${long}`],
    [() => Schedule.cosine({ initial, steps: -1 }), `Schedule.cosine: steps is -1; ${long}`],
    [() => Schedule.cosineRestarts({ initial, steps, factor: 1.5 }), `Schedule.cosineRestarts: factor is 1.5; ${one}`],
    [() => Schedule.cyclic({ initial, peak, stepsUp: 0 }), `Schedule.cyclic: stepsUp is 0; ${long}`],
    [
      () => Schedule.cyclic({ initial, peak, mode: 'round' as 'triangular' }),
      "Schedule.cyclic: mode is 'round'; it must be 'triangular' or 'triangular2' or 'exponentialRange'"
    ],
    [
      () => Schedule.oneCycle({ peak, steps, warmupFraction: 2 }),
      'Schedule.oneCycle: warmupFraction is 2; it must be between 0 and 1'
    ],
    [
      () => Schedule.oneCycle({ peak, steps, annealing: 'none' as 'linear' }),
      "Schedule.oneCycle: annealing is 'none'; it must be 'cosine' or 'linear'"
    ],
    [
      () => Schedule.warmupCosine({ peak, warmupSteps: 10, steps: 10 }),
      'Schedule.warmupCosine: steps is 10; it must be more than warmupSteps, which is 10'
    ],
    [() => Schedule.scale(Number.NaN), `Schedule.scale: factor is NaN; ${finite}`],
    [() => Schedule.shift(-1), `Schedule.shift: steps is -1; ${none}`],
    [() => Schedule.hold(0.5), `Schedule.hold: steps is 0.5; ${none}`],
    [() => Schedule.join([-1]), `Schedule.join: boundaries[0] is -1; ${none}`],
    [() => Schedule.join([3, 2]), 'Schedule.join: boundaries [3, 2] do not rise'],
    [
      () => Schedule.join([3])(Schedule.constant(1)),
      'Schedule.join: 1 schedules and 1 boundaries; there must be one schedule more'
    ],
    [
      () => Schedule.reduceOnPlateau({ initial, mode: 'mean' as 'min' }),
      "Schedule.reduceOnPlateau: mode is 'mean'; it must be 'min' or 'max'"
    ],
    [() => Schedule.reduceOnPlateau({ initial, patience: -1 }), `Schedule.reduceOnPlateau: patience is -1; ${none}`],
    [
      () => Schedule.constant(1)(Tensor.zeros([3]) as unknown as Tensor.Tensor<[]>),
      'Schedule: the step has shape [3]; a schedule takes a scalar, and vmap(schedule) many'
    ],
    [
      () => Schedule.fromFunction(() => Tensor.zeros([3]))(Tensor.scalar(0)),
      'Schedule: the rate has shape [3]; a schedule gives a scalar'
    ]
  ])
})
