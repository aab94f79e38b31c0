/**
 * What rows of a CSV text hold, described once by io-ts codecs between the texts of fields and values.
 *
 * Each codec's laws: `decode(encode(a)) = right(a)` for every value that `is` one of it, and what it decodes `is` one of it.
 */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { listed } from './decode-error.js'

/** What one field may hold: a codec between its text and a value. */
export type Field<A> = t.Type<A, string, unknown>

/** What a row holds: a codec between the texts of its columns, by name, and a record of values. */
export interface Row<A> extends t.Type<A, Readonly<Record<string, string>>, unknown> {
  /** The columns, in the order in which they are written. */
  readonly names: readonly string[]
}

const field = <A>(
  name: string,
  is: (value: unknown) => value is A,
  parse: (text: string) => A | undefined,
  print: (value: A) => string
): Field<A> =>
  new t.Type<A, string, unknown>(
    name,
    is,
    (input, context) => {
      const value = typeof input === 'string' ? parse(input) : undefined
      return value === undefined ? t.failure(input, context) : t.success(value)
    },
    print
  )

const numeral = /^[ \t]*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[ \t]*$/i
const numberIn = (text: string): number | undefined => {
  const value = numeral.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}
const printNumber = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

/** A finite number in decimal notation, such as `21.8`, `-4` or `1e-3`; spaces around it are allowed. `NaN`, `∞` and empty fields are refused. */
export const number: Field<number> = /* @__PURE__ */ field(
  'a finite number',
  (value): value is number => typeof value === 'number' && Number.isFinite(value),
  numberIn,
  printNumber
)

/** A whole number that a double holds exactly. */
export const integer: Field<number> = /* @__PURE__ */ field(
  'an integer',
  (value): value is number => Number.isSafeInteger(value),
  text => {
    const value = numberIn(text)
    return Number.isSafeInteger(value) ? value : undefined
  },
  printNumber
)

/** Any text, the empty one included. */
export const string: Field<string> = /* @__PURE__ */ field(
  'a text',
  (value): value is string => typeof value === 'string',
  text => text,
  text => text
)

const oneOfName = (values: readonly string[]): string =>
  values.length === 1 ? listed(values) : `one of ${listed(values)}`

/**
 * One of some words.
 *
 * @example
 * import { Csv } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const answer = Csv.oneOf(['yes', 'no'])   // Csv.Field<'yes' | 'no'>
 * strictEqual(answer.name, 'one of "yes", "no"')
 */
export const oneOf = <const A extends string>(values: readonly A[]): Field<A> => {
  const find = (value: unknown): A | undefined => values.find(one => one === value)
  return field(
    oneOfName(values),
    (value): value is A => find(value) !== undefined,
    find,
    value => value
  )
}

/**
 * One of some words, as its index among them: what a classifier is trained on.
 *
 * @example
 * import { Csv, pipe } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const row = Csv.row({ species: Csv.category(['setosa', 'versicolor']) })
 * deepStrictEqual(pipe('species\nversicolor\nsetosa\n', Csv.decode(row)), E.right([{ species: 1 }, { species: 0 }]))
 */
export const category = (values: readonly string[]): Field<number> =>
  field(
    oneOfName(values),
    (value): value is number => typeof value === 'number' && values[value] !== undefined,
    text => (values.includes(text) ? values.indexOf(text) : undefined),
    index => values[index] ?? ''
  )

/**
 * The columns of a row by name. Columns of the text that it does not name are not read, and the text may have them in any order.
 *
 * @example
 * import { Csv, pipe } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const reading = Csv.row({ celsius: Csv.number, unknown: Csv.number })
 * const text = 'unknown,celsius\n35.7,0.5\n55.9,14.0\n'
 * deepStrictEqual(pipe(text, Csv.decode(reading)), E.right([{ celsius: 0.5, unknown: 35.7 }, { celsius: 14, unknown: 55.9 }]))
 */
export const row = <A extends Readonly<Record<string, unknown>>>(
  fields: { readonly [K in keyof A]: Field<A[K]> }
): Row<Readonly<A>> => {
  const names: readonly (keyof A & string)[] = Object.keys(fields)
  const record = t.type(fields)
  const decoder: t.Decoder<unknown, Readonly<Record<string, unknown>>> = record
  const codec = new t.Type<Readonly<A>, Readonly<Record<string, string>>, unknown>(
    record.name,
    (value): value is Readonly<A> => record.is(value),
    (input, context) =>
      pipe(
        decoder.validate(input, context),
        E.map(values => values as A)
      ),
    values => Object.fromEntries(names.map(name => [name, fields[name].encode(values[name])]))
  )
  return Object.assign(codec, { names })
}
