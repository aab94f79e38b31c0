/** What must hold of every schedule, and of schedules made of others; and a table of those that the library exports. */
import { jit } from '../src/engine/jit.js'
import { stack } from '../src/operation/joining.js'
import { cast } from '../src/primitive/conversion.js'
import * as Library from '../src/Schedule.js'
import { isConstant, item, type Tensor, uniform } from '../src/tensor/tensor.js'
import { vmap } from '../src/transform/vmap.js'
import { near } from './closeness.js'
import { type Law, law } from './law.js'
import { close, identical } from './same.js'

type Schedule = Library.Schedule

/** A schedule, the bounds of its rates, and some steps. */
export interface ScheduleCase {
  readonly schedule: Schedule
  readonly low: number
  readonly high: number
  readonly steps: readonly number[]
}
/** Three schedules, whole numbers of steps that rise, and two factors. */
export interface CompositionCase {
  readonly schedules: readonly [Schedule, Schedule, Schedule]
  readonly boundaries: readonly [number, number]
  readonly factors: readonly [number, number]
  readonly steps: readonly number[]
}

const at = (step: number, dtype: 'int32' | 'float32' | 'float64'): Tensor<[]> => uniform({ shape: [], dtype }, step)
const value = (x: Tensor): number => item('a law')(x)
/** The rates at all steps, in float64. */
const rates = (schedule: Schedule, steps: readonly number[]): readonly number[] =>
  steps.map(step => value(schedule(at(step, 'float64'))))

/** Laws of one schedule. Steps are whole, and below 2²⁴, so that each dtype has them. */
export const scheduleLaws: readonly Law<ScheduleCase>[] = [
  law('scalars', 'of a scalar it gives a scalar: float32 for int32 and float32, float64 for float64', c =>
    c.steps.every(step =>
      (['int32', 'float32', 'float64'] as const).every(dtype => {
        const rate: Tensor = c.schedule(at(step, dtype))
        return rate.shape.length === 0 && rate.dtype === (dtype === 'float64' ? 'float64' : 'float32')
      })
    )
  ),
  law('precisions', 's(t) in float32 ≈ s(t) in float64, to six digits of the largest rate', c =>
    c.steps.every(step => {
      const exact = value(c.schedule(at(step, 'float64')))
      const margin = 1e-6 * Math.max(Math.abs(c.low), Math.abs(c.high), Math.abs(exact))
      return (['int32', 'float32'] as const).every(
        dtype => Math.abs(value(c.schedule(at(step, dtype))) - exact) <= margin
      )
    })
  ),
  law('bounds', 'low ≤ s(t) ≤ high', ({ schedule, low, high, steps }) => {
    const margin = 1e-12 * Math.max(Math.abs(low), Math.abs(high))
    return rates(schedule, steps).every(rate => rate >= low - margin && rate <= high + margin)
  }),
  law('pure', 's(t) = s(t), to the last bit', ({ schedule, steps }) =>
    identical(rates(schedule, steps), rates(schedule, steps))
  ),
  law('vectorized', 'vmap(s) ≈ stack ∘ map(s)', ({ schedule, steps }) =>
    (['int32', 'float64'] as const).every(dtype => {
      const each = steps.map(step => at(step, dtype))
      return close(dtype === 'float64' ? 1e-12 : 1e-6)(vmap(schedule)(stack(0)(each)), stack(0)(each.map(schedule)))
    })
  )
]
/** Apart from the others, for it costs a compilation. */
export const compiledSchedule: Law<ScheduleCase> = law('compiled', 'jit(s) ≈ s', ({ schedule, steps }) =>
  (['int32', 'float64'] as const).every(dtype => {
    const compiled = jit(schedule)
    return steps.every(step =>
      close(dtype === 'float64' ? 1e-12 : 1e-6)(compiled(at(step, dtype)), schedule(at(step, dtype)))
    )
  })
)

/** What laws of composition are about. */
export interface Composing {
  readonly scale: (factor: number) => (schedule: Schedule) => Schedule
  readonly add: (other: Schedule) => (schedule: Schedule) => Schedule
  readonly mul: (other: Schedule) => (schedule: Schedule) => Schedule
  readonly shift: (steps: number) => (schedule: Schedule) => Schedule
  readonly hold: (steps: number) => (schedule: Schedule) => Schedule
  readonly join: (boundaries: readonly number[]) => (...schedules: readonly Schedule[]) => Schedule
}
export const composing: Composing = Library

/** Laws of schedules made of others; closeness is to 1e-12. */
export const compositionLaws = ({
  scale,
  add,
  mul,
  shift,
  hold,
  join
}: Composing = composing): readonly Law<CompositionCase>[] => {
  const agree = (a: Schedule, b: Schedule, { steps }: CompositionCase): boolean => {
    const others = rates(b, steps)
    return rates(a, steps).every((rate, i) => near(rate, others[i]!, 1e-12))
  }
  const same = (a: Schedule, b: Schedule, { steps }: CompositionCase): boolean =>
    identical(rates(a, steps), rates(b, steps))
  return [
    law('scale', 'scale a ∘ scale b ≈ scale ab, and scale 1 = id', c => {
      const [[s], [a, b]] = [c.schedules, c.factors]
      return agree(scale(a)(scale(b)(s)), scale(a * b)(s), c) && same(scale(1)(s), s, c)
    }),
    law('add', 's + r = r + s, (s + r) + q ≈ s + (r + q), and s + 0 = s', c => {
      const [s, r, q] = c.schedules
      return (
        same(add(r)(s), add(s)(r), c) &&
        agree(add(q)(add(r)(s)), add(add(q)(r))(s), c) &&
        same(add(Library.constant(0))(s), s, c)
      )
    }),
    law('mul', 's r = r s, (s r) q ≈ s (r q), and s · k = scale k s', c => {
      const [s, r, q] = c.schedules
      const [k] = c.factors
      return (
        same(mul(r)(s), mul(s)(r), c) &&
        agree(mul(q)(mul(r)(s)), mul(mul(q)(r))(s), c) &&
        same(mul(Library.constant(k))(s), scale(k)(s), c)
      )
    }),
    law('distributive', 'k (s + r) ≈ k s + k r, and q (s + r) ≈ q s + q r', c => {
      const [s, r, q] = c.schedules
      const [k] = c.factors
      return (
        agree(scale(k)(add(r)(s)), add(scale(k)(r))(scale(k)(s)), c) &&
        agree(mul(add(r)(s))(q), add(mul(r)(q))(mul(s)(q)), c)
      )
    }),
    law('pointwise', '(s + r)(t) = s(t) + r(t), and so for s r and k s', c => {
      const [s, r] = c.schedules
      const [k] = c.factors
      const [ofS, ofR] = [rates(s, c.steps), rates(r, c.steps)]
      const is = (composed: Schedule, f: (x: number, y: number) => number): boolean =>
        identical(
          rates(composed, c.steps),
          ofS.map((x, i) => f(x, ofR[i]!))
        )
      return is(add(r)(s), (x, y) => x + y) && is(mul(r)(s), (x, y) => x * y) && is(scale(k)(s), x => k * x)
    }),
    law('shift', 'shift n s (t) = s(t + n), shift m ∘ shift n = shift (m + n), and shift 0 = id', c => {
      const [[s], [m, n]] = [c.schedules, c.boundaries]
      const later = c.steps.map(step => step + n)
      return (
        identical(rates(shift(n)(s), c.steps), rates(s, later)) &&
        same(shift(m)(shift(n)(s)), shift(m + n)(s), c) &&
        same(shift(0)(s), s, c)
      )
    }),
    law('hold', 'hold n s (t) = s(min(t, n)), and hold m ∘ hold n = hold (min m n)', c => {
      const [[s], [m, n]] = [c.schedules, c.boundaries]
      const held = c.steps.map(step => Math.min(step, n))
      return (
        identical(rates(hold(n)(s), c.steps), rates(s, held)) && same(hold(m)(hold(n)(s)), hold(Math.min(m, n))(s), c)
      )
    }),
    law('join', 'join n s r (t) = s(t) for t < n, and r(t − n) from n on', c => {
      const [[s, r], [n]] = [c.schedules, c.boundaries]
      const around = [n, ...(n > 0 ? [n - 1] : []), n + 1, ...c.steps]
      return identical(
        rates(join([n])(s, r), around),
        around.map(t => (t < n ? rates(s, [t]) : rates(r, [t - n]))[0])
      )
    }),
    law(
      'join of many',
      'join [m, n] s r q = join [n] (join [m] s r) q = join [m] s (join [n − m] r q), and join [] s = s',
      c => {
        const [[s, r, q], [m, n]] = [c.schedules, c.boundaries]
        const whole = join([m, n])(s, r, q)
        return (
          same(whole, join([n])(join([m])(s, r), q), c) &&
          same(whole, join([m])(s, join([n - m])(r, q)), c) &&
          same(join([])(s), s, c)
        )
      }
    ),
    law('join of one', 'join n s (shift n s) = s: cut anywhere and joined, it is whole', c => {
      const [[s], [n]] = [c.schedules, c.boundaries]
      return same(join([n])(s, shift(n)(s)), s, c)
    })
  ]
}

/** Metrics, the rate at the start and the least one, in a mode. */
export interface PlateauCase {
  readonly metrics: readonly number[]
  readonly initial: number
  readonly minimum: number
  readonly factor: number
  readonly patience: number
  readonly cooldown: number
  readonly mode: 'min' | 'max'
}
type ReduceOnPlateau = (options: Library.ReduceOnPlateauOptions) => Library.Plateau
export const plateauLaws = (
  reduceOnPlateau: ReduceOnPlateau = Library.reduceOnPlateau
): readonly Law<PlateauCase>[] => {
  const fold = (
    c: Library.ReduceOnPlateauOptions & Pick<PlateauCase, 'metrics'>,
    change: (x: number) => number = x => x
  ) => {
    const { init, update } = reduceOnPlateau({ ...c, dtype: 'float64' })
    let state = init
    return c.metrics.map(metric => {
      const [rate, next] = update(uniform({ shape: [], dtype: 'float64' }, change(metric)) as Tensor<[]>)(state)
      state = next
      return { rate: value(rate), state: next }
    })
  }
  return [
    law('never up', 'rates never rise, begin with the initial one, and stay at or above the least', c => {
      const all = [c.initial, ...fold(c).map(({ rate }) => rate)]
      return all.every((rate, i) => i === 0 || (rate <= all[i - 1]! && rate >= Math.min(c.minimum, all[i - 1]!)))
    }),
    law('falls by the factor', 'each rate is the one before, or max(factor · it, minimum)', c => {
      const all = [c.initial, ...fold(c).map(({ rate }) => rate)]
      return all.every(
        (rate, i) => i === 0 || rate === all[i - 1] || rate === Math.max(c.factor * all[i - 1]!, c.minimum)
      )
    }),
    law('patience', 'between falls there are more than patience metrics, and cooldown besides', c => {
      const all = fold(c).map(({ rate }) => rate)
      const falls = all.flatMap((rate, i) => (rate < (i === 0 ? c.initial : all[i - 1]!) ? [i] : []))
      return falls.every((i, k) => (k === 0 ? i >= c.patience + 1 : i - falls[k - 1]! > c.patience + c.cooldown))
    }),
    law('rate', 'what update gives is the rate of the state, all of it finite numbers', c =>
      fold(c).every(
        ({ rate, state }) =>
          rate === value(state.rate) &&
          Object.values<Tensor>({ ...state }).every(x => isConstant(x) && Number.isFinite(value(cast('float64')(x))))
      )
    ),
    law('mirror', 'min of metrics is max of their opposites, with a threshold that is absolute', c =>
      identical(
        fold({ ...c, thresholdMode: 'absolute' }).map(({ rate }) => rate),
        fold({ ...c, thresholdMode: 'absolute', mode: c.mode === 'min' ? 'max' : 'min' }, x => -x).map(
          ({ rate }) => rate
        )
      )
    )
  ]
}
