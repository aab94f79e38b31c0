/** Schedules by the arguments of PyTorch's schedulers: the rate, and the momentum where it is cycled, after 0 to 100 steps. */
import * as t from 'io-ts'
import { Control, pipe, Schedule, Tensor } from '../../../src/index.js'
import { type Case, type Named, namedDifferences, optionsOf, toleranceOf } from '../oracle.js'
import { suite } from '../suite.js'
import type { Way } from '../ways.js'

/** Schedules by the names of what they give. */
type Schedules = Readonly<Record<string, Schedule.Schedule>>
type Check = (c: Case, way: Way) => readonly string[]

/** A schedule is a function of the step: every step is looked at by itself. */
const ofSteps =
  (schedules: (c: Case) => Schedules): Check =>
  (c, { run }) => {
    const rates = Object.entries(schedules(c)).map(([name, schedule]) => {
      const compiled = run(schedule)
      const steps = Array.from({ length: c.outputs[name]?.shape[0] ?? 0 }, (_, step) => step)
      return [
        name,
        Tensor.stack(0)(steps.map(step => compiled(Tensor.scalar(step, { dtype: 'float64' })) as Tensor.Tensor))
      ] as const
    })
    return namedDifferences(toleranceOf(c))(c.outputs)(Object.fromEntries(rates))
  }

/** `lr` is that of the optimizer, which most schedulers begin with. */
const from = <P extends t.Props, Q extends t.Props>(
  needed: P,
  optional: Q,
  make: (options: t.TypeOf<t.ExactC<t.TypeC<P & typeof common>>> & t.TypeOf<t.PartialC<Q>>) => Schedules
): Check =>
  ofSteps(c => {
    const decoder = t.intersection([t.strict({ ...common, ...needed }), t.exact(t.partial(optional))])
    return make(optionsOf(decoder, c) as Parameters<typeof make>[0])
  })
const common = { lr: t.number }

/** The formula of the only case, which the oracle gives in Python. */
const warmup = 'lr * min((t + 1) / warmup, sqrt(warmup / (t + 1)))'

const plateauOptions = t.strict({
  lr: t.number,
  mode: t.keyof({ min: null, max: null }),
  factor: t.number,
  patience: t.number,
  threshold: t.number,
  threshold_mode: t.keyof({ rel: null, abs: null }),
  cooldown: t.number,
  min_lr: t.number,
  eps: t.number
})
/** A fold over metrics, in one loop; the first rate is that before any metric. */
const plateau: Check = (c, { run }) => {
  const options = optionsOf(plateauOptions, c)
  const { init, update } = Schedule.reduceOnPlateau({
    initial: options.lr,
    mode: options.mode,
    factor: options.factor,
    patience: options.patience,
    threshold: options.threshold,
    thresholdMode: options.threshold_mode === 'rel' ? 'relative' : 'absolute',
    cooldown: options.cooldown,
    minimum: options.min_lr,
    epsilon: options.eps,
    dtype: 'float64'
  })
  const folded = run((metrics: Tensor.Tensor): Named => {
    const [, rates] = Control.scan((state: Schedule.PlateauState, metric: Tensor.Tensor<[]>) => {
      const [rate, next] = update(metric)(state)
      return [next, rate] as const
    })(init, metrics as Tensor.Tensor<[number]>)
    return { lr: Tensor.concat(0)([pipe(init.rate, Tensor.reshape([1])), rates]) }
  })
  return namedDifferences(toleranceOf(c))(c.outputs)(folded(c.inputs['metric']!))
}

const table: Readonly<Record<string, Check>> = {
  StepLR: from({ step_size: t.number, gamma: t.number }, {}, ({ lr: initial, step_size: stepSize, gamma }) => ({
    lr: Schedule.step({ initial, stepSize, gamma })
  })),
  MultiStepLR: from(
    { milestones: t.readonlyArray(t.number), gamma: t.number },
    {},
    ({ lr: initial, milestones, gamma }) => ({ lr: Schedule.multiStep({ initial, milestones, gamma }) })
  ),
  ExponentialLR: from({ gamma: t.number }, {}, ({ lr: initial, gamma }) => ({
    lr: Schedule.exponential({ initial, gamma })
  })),
  CosineAnnealingLR: from(
    { T_max: t.number, eta_min: t.number },
    {},
    ({ lr: initial, T_max: steps, eta_min: final }) => ({ lr: Schedule.cosine({ initial, final, steps }) })
  ),
  CosineAnnealingWarmRestarts: from(
    { T_0: t.number, T_mult: t.number, eta_min: t.number },
    {},
    ({ lr: initial, T_0: steps, T_mult: factor, eta_min: final }) => ({
      lr: Schedule.cosineRestarts({ initial, final, steps, factor })
    })
  ),
  LinearLR: from(
    { start_factor: t.number, end_factor: t.number, total_iters: t.number },
    {},
    ({ lr, start_factor, end_factor, total_iters: steps }) => ({
      lr: Schedule.linear({ initial: lr * start_factor, final: lr * end_factor, steps })
    })
  ),
  PolynomialLR: from({ total_iters: t.number, power: t.number }, {}, ({ lr: initial, total_iters: steps, power }) => ({
    lr: Schedule.polynomial({ initial, steps, power })
  })),
  OneCycleLR: from(
    {
      max_lr: t.number,
      total_steps: t.number,
      pct_start: t.number,
      anneal_strategy: t.keyof({ cos: null, linear: null }),
      div_factor: t.number,
      final_div_factor: t.number,
      cycle_momentum: t.literal(true),
      base_momentum: t.number,
      max_momentum: t.number
    },
    { three_phase: t.boolean },
    options => {
      const shape = {
        steps: options.total_steps,
        warmupFraction: options.pct_start,
        annealing: options.anneal_strategy === 'cos' ? ('cosine' as const) : ('linear' as const),
        threePhase: options.three_phase ?? false
      }
      const [peak, initial] = [options.max_lr, options.max_lr / options.div_factor]
      const [low, high] = [options.base_momentum, options.max_momentum]
      return {
        lr: Schedule.oneCycle({ ...shape, peak, initial, final: initial / options.final_div_factor }),
        momentum: Schedule.oneCycle({ ...shape, peak: low, initial: high, final: high })
      }
    }
  ),
  CyclicLR: from(
    {
      base_lr: t.number,
      max_lr: t.number,
      step_size_up: t.number,
      mode: t.keyof({ triangular: null, triangular2: null, exp_range: null }),
      cycle_momentum: t.boolean
    },
    { step_size_down: t.number, gamma: t.number, base_momentum: t.number, max_momentum: t.number },
    options => {
      const { step_size_up: stepsUp, step_size_down: stepsDown = stepsUp, gamma = 1, mode } = options
      const shape = { stepsUp, stepsDown, gamma, mode: mode === 'exp_range' ? ('exponentialRange' as const) : mode }
      const { base_momentum: low = 0.8, max_momentum: high = 0.9 } = options
      return {
        lr: Schedule.cyclic({ ...shape, initial: options.base_lr, peak: options.max_lr }),
        ...(options.cycle_momentum ? { momentum: Schedule.cyclic({ ...shape, initial: high, peak: low }) } : {})
      }
    }
  ),
  LambdaLR: from({ warmup: t.number, formula: t.literal(warmup) }, {}, ({ lr, warmup }) => ({
    lr: Schedule.fromFunction(step => {
      const n = pipe(step, Tensor.add(1))
      const [rising, falling] = [
        pipe(n, Tensor.div(warmup)),
        pipe(n, Tensor.reciprocal, Tensor.mul(warmup), Tensor.sqrt)
      ]
      return pipe(rising, Tensor.minimum(falling), Tensor.mul(lr))
    })
  })),
  ReduceLROnPlateau: plateau
}

export const schedulers = suite('schedulers', table, (check, c, way) => check(c, way))
