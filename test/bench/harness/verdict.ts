/** Targets, and by how much they are missed. */
import type { Finished, Target, Unit } from './row.js'
import { figures, ratios, subjectOf } from './statistics.js'

export interface Verdict {
  readonly target: string
  readonly reached: boolean | undefined
  readonly told: string
}

/** Three digits, of small numbers two. */
export const digits = (x: number): string => {
  if (x === 0) return '0'
  if (Math.abs(x) >= 100) return x.toFixed(0)
  return Math.abs(x) < 1e-4 ? x.toExponential(1) : x.toPrecision(Math.abs(x) < 0.1 ? 2 : 3)
}

export const times = (factor: number): string => `${digits(factor)}×`

/** A time in the unit that suits it. */
const duration = (milliseconds: number): string =>
  milliseconds >= 1 ? `${milliseconds} ms` : `${milliseconds * 1e3} µs`
const amount = (unit: Unit, value: number): string =>
  unit._tag === 'Time' ? duration(value) : `${value} ${unit._tag === 'Rate' ? 'GFLOP/s' : unit.name}`

/** A share of what was asked: 1 or more is enough. */
const share = (finished: Finished, target: Target): number | undefined => {
  const subject = subjectOf(finished)
  if (target._tag === 'Faster') {
    const ratio = ratios(finished, subject, target.than)
    return ratio && ratio.median / target.atLeast
  }
  const outcome = finished.outcomes.find(o => o.column === subject)
  const found = outcome && figures(finished, outcome)
  if (found === undefined) return undefined
  return target._tag === 'AtMost' ? target.value / Math.max(found.median, 1e-12) : found.median / target.value
}
const showTarget = (unit: Unit, target: Target): string =>
  target._tag === 'Faster'
    ? `at least ${target.atLeast}× ${target.than}`
    : `at ${target._tag === 'AtMost' ? 'most' : 'least'} ${amount(unit, target.value)}`

export const verdicts = (finished: Finished): readonly Verdict[] =>
  finished.row.targets.map(target => {
    const reached = share(finished, target)
    return {
      target: showTarget(finished.row.unit, target),
      reached: reached === undefined ? undefined : reached >= 1,
      told: reached === undefined ? 'not measured' : reached >= 1 ? 'reached' : `missed by ${times(1 / reached)}`
    }
  })
