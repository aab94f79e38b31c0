/** The table that is printed: medians, ranges beneath them, ratios, and below each row its targets and who could not take part. */
import { type Column, columns, type Finished, type Outcome, type Unit } from './row.js'
import { figures, ratios, type Summary, subjectOf } from './statistics.js'
import { digits, verdicts } from './verdict.js'

const against: readonly Column[] = ['PyTorch', 'jax-js', 'tfjs wasm']
const nameWidth = 40
const cellWidth = 14

interface Scale {
  readonly name: string
  readonly factor: number
}
/** One unit for all of a row, fit for the smallest of its times. */
const scaleOf = (unit: Unit, smallest: number): Scale => {
  if (unit._tag === 'Rate') return { name: 'GFLOP/s', factor: 1 }
  if (unit._tag === 'Plain') return { name: unit.name, factor: 1 }
  if (smallest >= 1) return { name: `ms ${unit.per}`, factor: 1 }
  return smallest >= 1e-4 ? { name: `µs ${unit.per}`, factor: 1e3 } : { name: `ns ${unit.per}`, factor: 1e6 }
}

const left = (text: string, width: number): string => text.padEnd(width)
const right = (text: string, width: number): string => text.padStart(width)
const scaled = ({ median, low, high }: Summary, { factor }: Scale): readonly [string, string] => [
  digits(median * factor),
  `[${digits(low * factor)}–${digits(high * factor)}]`
]

/** Words in lines no longer than a width. */
const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]
    if (last === undefined || `${last} ${word}`.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** What is to be said of contenders, once where it is the same of several. */
const told = (outcomes: readonly Outcome[], say: (outcome: Outcome) => string | undefined): readonly string[] =>
  [...new Set(outcomes.map(say))].flatMap(text =>
    text === undefined
      ? []
      : [
          `${outcomes
            .filter(o => say(o) === text)
            .map(o => o.column)
            .join(', ')}: ${text}`
        ]
  )

const rowLines = (shown: readonly Column[], finished: Finished): readonly string[] => {
  const { row, outcomes } = finished
  const found = shown.map(column => {
    const outcome = outcomes.find(o => o.column === column)
    return outcome === undefined ? undefined : { outcome, figure: figures(finished, outcome) }
  })
  const smallest = Math.min(...found.map(f => f?.figure?.median ?? Number.POSITIVE_INFINITY))
  const scale = scaleOf(row.unit, smallest)
  const cells = found.map((f): readonly [string, string] =>
    f === undefined ? ['', ''] : f.figure === undefined ? ['–', ''] : scaled(f.figure, scale)
  )
  const subject = subjectOf(finished)
  const compared = against.map((other): readonly [string, string] => {
    const ratio = ratios(finished, subject, other)
    return ratio === undefined ? ['', ''] : scaled(ratio, { name: '', factor: 1 })
  })
  const line = (name: string, part: 0 | 1): string =>
    `${left(name, nameWidth)}${cells.map(c => right(c[part], cellWidth)).join('')} │${compared.map(c => right(c[part], cellWidth)).join('')}`
  const names = [...wrapped(row.name, nameWidth - 2), `  ${scale.name}`]
  const notes = [
    ...verdicts(finished).map(({ target, told }) => `${told}: ${target}`),
    ...(row.remark === undefined ? [] : [row.remark]),
    ...told(outcomes, o => o.unable),
    ...told(outcomes, o => o.remark)
  ]
  const width = nameWidth + cellWidth * (shown.length + against.length)
  return [
    line(names[0]!, 0),
    line(names[1]!, 1),
    ...names.slice(2),
    ...notes.flatMap(note => wrapped(note, width - 6).map((text, i) => `    ${i === 0 ? '' : '  '}${text}`))
  ].map(text => text.trimEnd())
}

export const table = (finished: readonly Finished[]): string => {
  const shown = columns.filter(column =>
    finished.some(({ outcomes }) => outcomes.some(o => o.column === column && o.samples.length > 0))
  )
  const head = `${left('', nameWidth)}${shown.map(c => right(c, cellWidth)).join('')} │${against.map(c => right(`× ${c}`, cellWidth)).join('')}`
  const rule = '─'.repeat(head.length)
  const families = [...new Set(finished.map(f => f.family.name))]
  const body = families.flatMap(name => {
    const rows = finished.filter(f => f.family.name === name)
    return [rule, rows[0]!.family.title.toUpperCase(), ...rows.flatMap(row => ['', ...rowLines(shown, row)])]
  })
  const all = finished.flatMap(verdicts)
  const count = (reached: boolean | undefined): number => all.filter(v => v.reached === reached).length
  return [
    head,
    ...body,
    rule,
    `Targets: ${count(true)} reached, ${count(false)} missed, ${count(undefined)} not measured.`
  ].join('\n')
}
