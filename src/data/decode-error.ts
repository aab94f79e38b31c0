/**
 * What was wrong with data from outside: where, what was expected, what was found.
 *
 * Every decoder of the library (CSV, JSON, checkpoints) ends in `Either<DecodeError, A>`, with all that is wrong and nothing half-read.
 *
 * `Semigroup` is associative: the issues of both, in their order.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type * as S from 'fp-ts/lib/Semigroup.js'
import type * as t from 'io-ts'

/** One thing that is wrong. */
export interface Issue {
  /** Where in the data: names and indices from the outside in (a CSV column, `layers`, `0`, `weight`); empty is the whole. */
  readonly path: readonly string[]
  /** Where in the text, if it was one: lines and columns count from 1, a column is a character as editors count them. */
  readonly line?: number
  readonly column?: number
  readonly expected: string
  readonly actual: string
}

/** Everything that was wrong, in the order of the data. */
export interface DecodeError {
  readonly _tag: 'DecodeError'
  readonly issues: ReadonlyNonEmptyArray<Issue>
}

/** An error of these issues. */
export const make = (issues: ReadonlyNonEmptyArray<Issue>): DecodeError => ({ _tag: 'DecodeError', issues })

/** The issues of both, in their order. */
export const Semigroup: S.Semigroup<DecodeError> = {
  concat: (first, second) => make([first.issues[0], ...first.issues.slice(1), ...second.issues])
}

/**
 * One issue in one line.
 *
 * @example
 * import { DecodeError } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(
 *   DecodeError.showIssue({ path: ['celsius'], line: 3, column: 1, expected: 'a finite number', actual: '"warm"' }),
 *   'line 3, column 1 (celsius): expected a finite number, found "warm"')
 */
export const showIssue = ({ path, line, column, expected, actual }: Issue): string => {
  const place = path.join('.')
  const position = line === undefined ? '' : column === undefined ? `line ${line}` : `line ${line}, column ${column}`
  const where = position === '' ? place : place === '' ? position : `${position} (${place})`
  return `${where === '' ? '' : `${where}: `}expected ${expected}, found ${actual}`
}

const shownIssues = 10

/** A line for each of the first ten issues, and how many more there are. All of them are in `issues`. */
export const show = ({ issues }: DecodeError): string => {
  const more = issues.length - shownIssues
  const lines = issues.slice(0, shownIssues).map(showIssue)
  return (more > 0 ? [...lines, `and ${more} more`] : lines).join('\n')
}

const longestText = 40
const shownNames = 10

/** A value that was found, in a few words. */
export const describe = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') {
    return value.length > longestText ? `${JSON.stringify(value.slice(0, longestText))}…` : JSON.stringify(value)
  }
  if (Array.isArray(value)) return value.length === 1 ? 'an array of 1 element' : `an array of ${value.length} elements`
  if (typeof value !== 'object') return `a ${typeof value}`
  const names = Object.keys(value)
  return names.length === 0 ? 'an empty object' : `an object with ${listed(names)}`
}

/** `"a", "b", "c"`, the end of a long list left out. */
export const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, shownNames).map(name => JSON.stringify(name))
  return names.length > shownNames ? `${shown.join(', ')} and ${names.length - shownNames} more` : shown.join(', ')
}

interface Wrapper extends t.Decoder<unknown, unknown> {
  readonly type: t.Decoder<unknown, unknown>
}
const isWrapper = (type: t.Decoder<unknown, unknown>): type is Wrapper =>
  '_tag' in type && (type._tag === 'ReadonlyType' || type._tag === 'ExactType' || type._tag === 'RefinementType')

/** The members of unions and intersections are steps of io-ts's path that are not steps into the data. */
const choosesMember = (type: t.Decoder<unknown, unknown>): boolean =>
  isWrapper(type)
    ? choosesMember(type.type)
    : '_tag' in type && (type._tag === 'UnionType' || type._tag === 'IntersectionType')

const issueOf = (error: t.ValidationError): Issue => ({
  path: error.context.flatMap(({ key }, i) => {
    const parent = error.context[i - 1]
    return parent === undefined || choosesMember(parent.type) ? [] : [key]
  }),
  expected: error.message ?? error.context[error.context.length - 1]?.type.name ?? 'something else',
  actual: describe(error.value)
})

/** io-ts's errors; what several members of a union expected at one place is one issue. */
export const fromErrors = (errors: t.Errors): DecodeError => {
  const found = new Map<string, Issue>()
  for (const issue of errors.map(issueOf)) {
    const place = JSON.stringify(issue.path)
    const other = found.get(place)
    const known = other === undefined || other.expected.split(' or ').includes(issue.expected)
    found.set(place, known ? (other ?? issue) : { ...other, expected: `${other.expected} or ${issue.expected}` })
  }
  const [first, ...rest] = found.values()
  return make([first ?? { path: [], expected: 'something else', actual: 'this' }, ...rest])
}

/**
 * Runs an io-ts codec on data from outside.
 *
 * @example
 * import { DecodeError } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import * as t from 'io-ts'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const settings = t.type({ epochs: t.number })
 * deepStrictEqual(DecodeError.decode(settings)({ epochs: 3 }), E.right({ epochs: 3 }))
 * deepStrictEqual(E.mapLeft(DecodeError.show)(DecodeError.decode(settings)({ epochs: 'many' })), E.left('epochs: expected number, found "many"'))
 */
export const decode =
  <A, I>(codec: t.Decoder<I, A>) =>
  (input: I): E.Either<DecodeError, A> =>
    pipe(codec.decode(input), E.mapLeft(fromErrors))
