/**
 * CSV text from and to typed rows. A row is described once, by io-ts codecs for its columns, and read and written by that description:
 *
 *   `decode(row)(encode(row)(rows)) = right(rows)`   for one row or more
 *
 * Decoding reports every bad row with its line and column, and returns nothing where any row is bad.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type { Row } from './csv-row.js'
import { type Line, type Position, read, type Separator, separators, write } from './csv-text.js'
import { type DecodeError, fromErrors, type Issue, listed, make } from './decode-error.js'

export { category, type Field, integer, number, oneOf, type Row, row, string } from './csv-row.js'
export type { Separator } from './csv-text.js'

/** As fp-ts has it; the modules that come with its own take Node as long to load as all the rest of it. */
const isNonEmpty = <A>(xs: readonly A[]): xs is ReadonlyNonEmptyArray<A> => xs.length > 0

/** How rows are laid out in the text. */
export interface Options {
  /** Between two fields; a comma unless said otherwise. */
  readonly separator?: Separator
  /** Whether the first line names the columns, as it does unless said otherwise; if not, the row's columns come in their order. */
  readonly header?: boolean
}

type Issues = ReadonlyNonEmptyArray<Issue>

const issueAt = ({ line, column }: Position, path: readonly string[], expected: string, actual: string): Issue => ({
  path,
  line,
  column,
  expected,
  actual
})
const fields = (count: number): string => (count === 1 ? '1 field' : `${count} fields`)

// A whole header in one column that holds another separator was most likely written with that one.
const hint = (found: readonly string[], separator: Separator): string => {
  const other = found.length > 1 ? undefined : separators.find(one => one !== separator && found[0]?.includes(one))
  return other === undefined ? '' : ` (is the separator ${JSON.stringify(other)}, not ${JSON.stringify(separator)}?)`
}

/** Where in the lines each of a row's columns stands, or what is wrong with the header. */
const locate = (
  names: readonly string[],
  header: Line,
  separator: Separator
): E.Either<Issues, ReadonlyMap<string, number>> => {
  if (header.issue !== undefined) return E.left([header.issue])
  const found = header.fields.map(({ text }) => text)
  const issues = names.flatMap(name => {
    const at = found.indexOf(name)
    const again = header.fields[found.indexOf(name, at + 1)]
    if (at < 0) {
      const actual = `${found.length === 1 ? 'only' : 'only the columns'} ${listed(found)}${hint(found, separator)}`
      return [issueAt(header, [name], `a column named ${JSON.stringify(name)}`, actual)]
    }
    return again === undefined
      ? []
      : [issueAt(again, [name], 'a name of its own for each column', `${JSON.stringify(name)} again`)]
  })
  return isNonEmpty(issues) ? E.left(issues) : E.right(new Map(names.map(name => [name, found.indexOf(name)])))
}

const decodeLine =
  <A>(row: Row<A>, places: ReadonlyMap<string, number>, width: number) =>
  (line: Line): E.Either<Issues, A> => {
    if (line.issue !== undefined) return E.left([line.issue])
    if (line.blank) return E.left([issueAt(line, [], fields(width), 'an empty line')])
    if (line.fields.length !== width) {
      return E.left([issueAt(line.fields[width] ?? line.end, [], fields(width), String(line.fields.length))])
    }
    return pipe(
      row.decode(Object.fromEntries(Array.from(places, ([name, at]) => [name, line.fields[at]?.text]))),
      E.mapLeft(errors => {
        const located = ({ path, expected, actual }: Issue): Issue => {
          const place = line.fields[places.get(path[0] ?? '') ?? -1] ?? line
          return issueAt(place, path, expected, actual === '""' ? 'an empty field' : actual)
        }
        const [first, ...rest] = fromErrors(errors).issues
        return [located(first), ...rest.map(located)]
      })
    )
  }

/**
 * The rows of a CSV text, or everything that is wrong with it: missing columns by name, with those found; each bad field with its line and
 * column, what was expected and what is there; lines with too few or too many fields; faults of quoting; a text without rows.
 *
 * `separator` is `,` and `header` is `true` unless said otherwise. Columns in issues count characters from 1, as editors do.
 * Where `pandas.read_csv` guesses types, this is told them.
 *
 * @example
 * import { Csv, DecodeError, pipe } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const decode = Csv.decode(Csv.row({ celsius: Csv.number, unknown: Csv.number }), { separator: ';' })
 *
 * deepStrictEqual(decode('celsius;unknown\n0.5;35.7\n'), E.right([{ celsius: 0.5, unknown: 35.7 }]))
 * deepStrictEqual(
 *   pipe(decode('celsius;unknown\n0.5;warm\n'), E.mapLeft(DecodeError.show)),
 *   E.left('line 2, column 5 (unknown): expected a finite number, found "warm"'))
 */
export const decode =
  <A>(row: Row<A>, { separator = ',', header = true }: Options = {}) =>
  (text: string): E.Either<DecodeError, ReadonlyNonEmptyArray<A>> => {
    const lines = read(separator)(text)
    const [first] = lines
    if (first === undefined) {
      const expected = header ? 'a header and at least one row' : 'at least one row'
      return E.left(make([issueAt({ line: 1, column: 1 }, [], expected, 'an empty text')]))
    }
    const located = header
      ? locate(row.names, first, separator)
      : E.right(new Map(row.names.map((name, i) => [name, i] as const)))
    if (E.isLeft(located)) return E.left(make(located.left))
    const width = header ? first.fields.length : row.names.length
    const issues: Issue[] = []
    const rows: A[] = []
    for (const line of header ? lines.slice(1) : lines) {
      const decoded = decodeLine(row, located.right, width)(line)
      if (E.isRight(decoded)) rows.push(decoded.right)
      else issues.push(...decoded.left)
    }
    if (isNonEmpty(issues)) return E.left(make(issues))
    return isNonEmpty(rows)
      ? E.right(rows)
      : E.left(make([issueAt(first.end, [], 'at least one row below the header', 'only a header')]))
  }

/**
 * Rows as CSV text that `decode` reads back; fields are quoted where they must be, lines end in LF.
 *
 * @example
 * import { Csv, pipe } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const row = Csv.row({ name: Csv.string, score: Csv.number })
 * strictEqual(pipe([{ name: 'Ada, "the first"', score: 1 }], Csv.encode(row)), 'name,score\n"Ada, ""the first""",1\n')
 */
export const encode =
  <A>(row: Row<A>, { separator = ',', header = true }: Options = {}) =>
  (rows: readonly A[]): string => {
    const lines = rows.map(one => {
      const texts = row.encode(one)
      return row.names.map(name => texts[name] ?? '')
    })
    return write(separator)(header ? [row.names, ...lines] : lines)
  }

/**
 * Some columns of numbers as a matrix, rows × columns, as `Tensor.tensor` takes it.
 *
 * @example
 * import { Csv, pipe } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rows = [{ width: 1, length: 2, species: 0 }, { width: 3, length: 4, species: 1 }]
 * deepStrictEqual(pipe(rows, Csv.columns(['length', 'width'])), [[2, 1], [4, 3]])
 */
export const columns =
  <const K extends string>(names: readonly K[]) =>
  (rows: readonly Readonly<Record<K, number>>[]): readonly (readonly number[])[] =>
    rows.map(one => names.map(name => one[name]))
