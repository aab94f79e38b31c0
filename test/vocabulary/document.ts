/** The vocabulary as a Markdown document: data in, text out. */
import type { Family } from './family.js'
import { elsewhere, summaryOf } from './names.js'

/** What one namespace exports, and what is known of it. */
export interface Section {
  readonly title: string
  /** What comes before a name where it is used, `Layer.` for instance. */
  readonly prefix: string
  /** The doc comment of each exported value. */
  readonly comments: ReadonlyMap<string, string>
  readonly families: readonly Family[]
  /** The number of PyTorch's cases by name. */
  readonly cases: ReadonlyMap<string, number>
}
/** A name, and what is about it. */
export interface Row {
  readonly name: string
  readonly elsewhere: string | undefined
  readonly laws: readonly (readonly [family: string, count: number])[]
  readonly cases: number
}

const alphabetical = (a: string, b: string): number => a.localeCompare(b, 'en', { sensitivity: 'base' })
export const rowsOf = ({ comments, families, cases }: Section): readonly Row[] =>
  [...comments.keys()].sort(alphabetical).map(name => ({
    name,
    elsewhere: elsewhere(comments.get(name)!),
    laws: families.flatMap(family => {
      const count = family.counts.get(name) ?? 0
      return count === 0 ? [] : [[family.name, count] as const]
    }),
    cases: cases.get(name) ?? 0
  }))
/** Names without any comment. */
export const undocumented = ({ prefix, comments }: Section): readonly string[] =>
  [...comments].filter(([, comment]) => summaryOf(comment) === '').map(([name]) => `${prefix}${name}`)
/** Names that no law is about. */
export const lawless = (section: Section): readonly string[] =>
  rowsOf(section)
    .filter(({ laws }) => laws.length === 0)
    .map(({ name }) => `${section.prefix}${name}`)
/** Names whose comments say of nothing that it is the same elsewhere. */
export const nameless = (section: Section): readonly string[] =>
  rowsOf(section)
    .filter(row => row.elsewhere === undefined)
    .map(({ name }) => `${section.prefix}${name}`)

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
/** A bar in a cell would begin another. */
const cell = (text: string): string => text.replaceAll('|', '\\|')
const table = (alignments: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const [head = [], ...body] = rows
  return [head, alignments, ...body].map(cells => `| ${cells.join(' | ')} |`)
}

const rowOf = ({ name, elsewhere, laws, cases }: Row): readonly string[] => [
  `\`${name}\``,
  cell(elsewhere ?? '—'),
  laws.length === 0 ? '—' : laws.map(([family, n]) => `${family} ${n}`).join(', '),
  cases === 0 ? '—' : String(cases)
]
const familyOf = ({ name, about, counts, test }: Family): string => {
  const numbers = [...new Set(counts.values())].sort((a, b) => a - b)
  const [least, most] = [numbers[0], numbers.at(-1)]
  return `- **${name}** (${least === most ? most : `${least} to ${most}`}): ${about}; \`test/${test}\``
}
const sectionOf = (section: Section): readonly string[] => {
  return [
    `## ${section.title}`,
    '',
    ...section.families.map(familyOf),
    '',
    ...table(
      [':--', ':--', ':--', '--:'],
      [['name', 'elsewhere', 'laws passed', 'cases passed'], ...rowsOf(section).map(rowOf)]
    ),
    ''
  ]
}

/** How many names of each namespace laws and cases are about. */
const overview = (sections: readonly Section[]): readonly string[] => {
  const numbers = sections.map(section => {
    const rows = rowsOf(section)
    const having = (has: (row: Row) => boolean): number => rows.filter(has).length
    return {
      title: section.title,
      counts: [
        rows.length,
        having(({ laws }) => laws.length > 0),
        having(({ cases }) => cases > 0),
        having(row => row.elsewhere !== undefined)
      ]
    }
  })
  const totals = [0, 1, 2, 3].map(i => sum(numbers.map(({ counts }) => counts[i]!)))
  return table(
    [':--', '--:', '--:', '--:', '--:'],
    [
      ['namespace', 'names', 'with laws', 'with cases', 'named elsewhere'],
      ...numbers.map(({ title, counts }) => [`[${title}](#${title.toLowerCase()})`, ...counts.map(String)]),
      ['**all**', ...totals.map(n => `**${n}**`)]
    ]
  )
}

/** The whole document; the number of PyTorch's cases is that of all files together. */
export const documentOf = (sections: readonly Section[], cases: number): string =>
  [
    '<!-- Written by `npm run vocabulary` from the doc comments, the tables of laws and those of the cases. Do not edit. -->',
    '',
    '# Vocabulary',
    '',
    'All names that the library exports for building, training and judging models, what each is called elsewhere, and what checks it.',
    '',
    '- **elsewhere**: the name in PyTorch, or else in JAX, Optax or another library, or else the paper that it is from, as its doc',
    "  comment says; — where it is this library's own.",
    '- **laws passed**: families of laws, each with the number of those that `npm test` tries on this name, with arbitrary settings, sizes',
    '  and inputs. Numbers are counted from the lists and tables that the tests go through. Laws about several words together count',
    '  for each of the words that they use.',
    `- **cases passed**: how many of the ${count(cases, 'case')} with PyTorch's values, its vector–Jacobian products among them, are about this`,
    '  name; a case may be about several. Each is compared computed operation by operation, and under `jit` by the interpreter and by the',
    '  compiled engine. Where there is none, tests of the name may hold other values of PyTorch or of a textbook.',
    '',
    'A law that does not hold and a case that differs fail the build, so none is listed here that does not pass; `test/vocabulary` fails if this',
    'page is not what the sources give.',
    '',
    ...overview(sections),
    '',
    ...sections.flatMap(sectionOf)
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
