/** The figures as plain data for the JSON file. */
import { columns, type Finished } from './row.js'
import { figures, ratios, subjectOf } from './statistics.js'
import { verdicts } from './verdict.js'

export const records = (finished: readonly Finished[]): readonly object[] =>
  finished.map(one => {
    const subject = subjectOf(one)
    const others = columns.filter(c => c !== subject && one.outcomes.some(o => o.column === c && o.samples.length > 0))
    return {
      family: one.family.name,
      ...one.row,
      subject,
      outcomes: one.outcomes.map(outcome => ({ ...outcome, figure: figures(one, outcome) })),
      timesFasterThan: Object.fromEntries(others.map(c => [c, ratios(one, subject, c)])),
      verdicts: verdicts(one)
    }
  })
