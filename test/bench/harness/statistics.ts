/** Medians, ranges and ratios of samples. */
import type { Column, Finished, Outcome, Unit } from './row.js'

export interface Summary {
  readonly median: number
  readonly low: number
  readonly high: number
}

const present = (xs: readonly (number | undefined)[]): readonly number[] =>
  xs.filter((x): x is number => x !== undefined)

export const summary = (samples: readonly (number | undefined)[]): Summary | undefined => {
  const sorted = [...present(samples)].sort((a, b) => a - b)
  const n = sorted.length
  if (n === 0) return undefined
  const median = n % 2 === 1 ? sorted[(n - 1) / 2]! : (sorted[n / 2 - 1]! + sorted[n / 2]!) / 2
  return { median, low: sorted[0]!, high: sorted[n - 1]! }
}

/** Samples in the unit that the row is told in, apart from the scale of times. */
export const inUnit =
  (unit: Unit) =>
  (sample: number): number =>
    unit._tag === 'Rate' ? unit.operations / sample / 1e6 : sample

/** A figure that is stored is already in the row's unit. */
export const figures = ({ row: { unit } }: Finished, { column, samples }: Outcome): Summary | undefined =>
  summary(column === 'C' ? samples : samples.map(s => (s === undefined ? s : inUnit(unit)(s))))

/** How many times faster the subject was than another, round by round. */
export const ratios = (finished: Finished, subject: Column, other: Column): Summary | undefined => {
  const of = (column: Column): Outcome | undefined =>
    finished.outcomes.find(o => o.column === column && o.unable === undefined)
  const [mine, theirs] = [of(subject), of(other)]
  if (mine === undefined || theirs === undefined || finished.row.unit._tag === 'Plain') return undefined
  return summary(
    mine.samples.map((sample, round) => {
      const against = theirs.samples[round]
      return sample === undefined || against === undefined ? undefined : against / sample
    })
  )
}

/** The compiled engine where it takes part, else the interpreter. */
export const subjectOf = ({ outcomes }: Finished): Column =>
  outcomes.some(o => o.column === 'wasm') ? 'wasm' : 'interpreter'
