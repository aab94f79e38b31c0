/** For every schedule that the library exports, instances of it with the bounds of their rates; one that is missing is a type error. */
import fc from 'fast-check'
import { add, div, mul } from '../src/primitive/arithmetic.js'
import * as Library from '../src/Schedule.js'
import type { CompositionCase, PlateauCase, ScheduleCase } from './schedules.js'

/** What `Schedule` exports beside schedules and their makers: what has laws of its own. */
export const words = ['reduceOnPlateau'] as const
export type ScheduleName = Exclude<keyof typeof Library, (typeof words)[number]>
/** A schedule with its bounds. */
export type Bounded = Omit<ScheduleCase, 'steps'>

const bounded = (schedule: Library.Schedule, ...ends: readonly number[]): Bounded => ({
  schedule,
  low: Math.min(...ends),
  high: Math.max(...ends)
})
const rate = fc.double({ min: 0.01, max: 2, noNaN: true })
const gamma = fc.constantFrom(0, 0.1, 0.5, 0.95, 1)
/** Lengths of periods: whole, as they mostly are, and between. */
const length = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.5, max: 40, noNaN: true }))
const whole = fc.integer({ min: 0, max: 40 })
const milestones = fc.array(whole, { maxLength: 4 })

/** Schedules of the step alone. */
const simple = {
  constant: rate.map(initial => bounded(Library.constant(initial), initial)),
  fromFunction: fc.tuple(rate, rate).map(([a, b]) =>
    bounded(
      Library.fromFunction(t => add(div(a, add(mul(t, b), 1)), b)),
      b,
      a + b
    )
  ),
  step: fc
    .tuple(rate, length, gamma)
    .map(([initial, stepSize, gamma]) => bounded(Library.step({ initial, stepSize, gamma }), 0, initial)),
  multiStep: fc
    .tuple(rate, milestones, gamma)
    .map(([initial, milestones, gamma]) => bounded(Library.multiStep({ initial, milestones, gamma }), 0, initial)),
  exponential: fc
    .tuple(rate, gamma)
    .map(([initial, gamma]) => bounded(Library.exponential({ initial, gamma }), 0, initial)),
  inverseTime: fc
    .tuple(rate, rate)
    .map(([initial, decay]) => bounded(Library.inverseTime({ initial, decay }), 0, initial)),
  inverseSquareRoot: fc
    .tuple(rate, length)
    .map(([peak, warmupSteps]) => bounded(Library.inverseSquareRoot({ peak, warmupSteps }), 0, peak)),
  linear: fc
    .tuple(rate, rate, length)
    .map(([initial, final, steps]) => bounded(Library.linear({ initial, final, steps }), initial, final)),
  polynomial: fc
    .tuple(rate, rate, length, fc.constantFrom(0.5, 1, 2, 3))
    .map(([initial, final, steps, power]) =>
      bounded(Library.polynomial({ initial, final, steps, power }), initial, final)
    ),
  cosine: fc
    .tuple(rate, rate, length)
    .map(([initial, final, steps]) => bounded(Library.cosine({ initial, final, steps }), initial, final)),
  cosineRestarts: fc
    .tuple(rate, rate, length, fc.integer({ min: 1, max: 3 }))
    .map(([initial, final, steps, factor]) =>
      bounded(Library.cosineRestarts({ initial, final, steps, factor }), initial, final)
    ),
  cyclic: fc
    .record({
      initial: rate,
      peak: rate,
      stepsUp: length,
      stepsDown: length,
      mode: fc.constantFrom<Library.CyclicMode>('triangular', 'triangular2', 'exponentialRange'),
      gamma: fc.constantFrom(0.5, 0.98, 1)
    })
    .map(options => bounded(Library.cyclic(options), options.initial, options.peak)),
  oneCycle: fc
    .record({
      peak: rate,
      initial: rate,
      final: rate,
      steps: fc.integer({ min: 2, max: 60 }),
      warmupFraction: fc.constantFrom(0.1, 0.3, 0.5),
      annealing: fc.constantFrom('cosine' as const, 'linear' as const),
      threePhase: fc.boolean()
    })
    .map(options => bounded(Library.oneCycle(options), options.initial, options.peak, options.final)),
  warmupCosine: fc
    .tuple(rate, rate, rate, whole, fc.integer({ min: 1, max: 40 }))
    .map(([peak, initial, final, warmupSteps, more]) =>
      bounded(
        Library.warmupCosine({ peak, initial, final, warmupSteps, steps: warmupSteps + more }),
        initial,
        peak,
        final
      )
    )
} satisfies Partial<Record<ScheduleName, fc.Arbitrary<Bounded>>>
const any: fc.Arbitrary<Bounded> = fc.oneof(...Object.values(simple))

/** All rates are positive, so that the bounds of a sum and of a product are those of the ends. */
export const table: { readonly [Name in ScheduleName]: fc.Arbitrary<Bounded> } = {
  ...simple,
  scale: fc
    .tuple(any, rate)
    .map(([s, factor]) => bounded(Library.scale(factor)(s.schedule), factor * s.low, factor * s.high)),
  add: fc.tuple(any, any).map(([s, r]) => bounded(Library.add(r.schedule)(s.schedule), s.low + r.low, s.high + r.high)),
  mul: fc.tuple(any, any).map(([s, r]) => bounded(Library.mul(r.schedule)(s.schedule), s.low * r.low, s.high * r.high)),
  shift: fc.tuple(any, whole).map(([s, steps]) => ({ ...s, schedule: Library.shift(steps)(s.schedule) })),
  hold: fc.tuple(any, whole).map(([s, steps]) => ({ ...s, schedule: Library.hold(steps)(s.schedule) })),
  join: fc
    .tuple(any, any, whole)
    .map(([s, r, n]) => bounded(Library.join([n])(s.schedule, r.schedule), s.low, s.high, r.low, r.high))
}

const steps = fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 6 })
export const scheduleCase = (subjects: fc.Arbitrary<Bounded>): fc.Arbitrary<ScheduleCase> =>
  fc.tuple(subjects, steps).map(([subject, steps]) => ({ ...subject, steps }))

const factor = fc.double({ min: -4, max: 4, noNaN: true })
const schedule = any.map(subject => subject.schedule)
export const compositionCase: fc.Arbitrary<CompositionCase> = fc.record({
  schedules: fc.tuple(schedule, schedule, schedule),
  boundaries: fc.tuple(whole, whole).map(([m, more]) => [m, m + more] as const),
  factors: fc.tuple(factor, factor),
  steps
})

/** Metrics that come down and stop coming down, with some noise. */
export const plateauCase: fc.Arbitrary<PlateauCase> = fc.record({
  metrics: fc.array(fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), fc.constantFrom(0, 1)), { maxLength: 30 }),
  initial: fc.constantFrom(0.1, 1),
  minimum: fc.constantFrom(0, 0.01),
  factor: fc.constantFrom(0.1, 0.5, 0.7),
  patience: fc.integer({ min: 0, max: 3 }),
  cooldown: fc.integer({ min: 0, max: 3 }),
  mode: fc.constantFrom('min' as const, 'max' as const)
})
