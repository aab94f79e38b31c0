import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../src/data/csv.js'
import * as Text from '../../src/data/csv-text.js'
import { type Issue, show } from '../../src/data/decode-error.js'

const reading = _.row({ celsius: _.number, unknown: _.number })

/** What is wrong with a text, as a person reads it. */
const wrong = <A>(decoded: E.Either<Parameters<typeof show>[0], A>): string =>
  pipe(
    decoded,
    E.match(show, rows => `nothing: ${JSON.stringify(rows)}`)
  )
const issues = <A>(decoded: E.Either<Parameters<typeof show>[0], A>): readonly Issue[] =>
  E.isLeft(decoded) ? decoded.left.issues : []

const separator = fc.constantFrom(...Text.separators)
/** Texts in which whatever CSV treats in a special way is frequent. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', ',', ';', '\t', '|', '\n', '\r', ' ', '\uFEFF', 'a', 'é', '🌡'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
  ),
  maxLength: 8
})
const table = fc
  .integer({ min: 1, max: 4 })
  .chain(width => fc.array(fc.array(hostile, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }))

describe('laws', () => {
  test('read ∘ write = id, for any texts and every separator', () => {
    fc.assert(
      fc.property(separator, table, (one, rows) => {
        const read = Text.read(one)(Text.write(one)(rows))
        expect(read.map(({ fields }) => fields.map(({ text }) => text))).toEqual(rows)
        expect(read.every(({ issue }) => issue === undefined)).toBe(true)
      }),
      { numRuns: 500 }
    )
  })

  test('decode ∘ encode = right, for every kind of field, with and without a header', () => {
    const row = _.row({
      number: _.number,
      integer: _.integer,
      text: _.string,
      species: _.oneOf(['setosa', 'virginica']),
      label: _.category(['no', 'yes'])
    })
    const value = fc.record({
      number: fc.double({ noDefaultInfinity: true, noNaN: true }),
      integer: fc.maxSafeInteger(),
      text: hostile,
      species: fc.constantFrom('setosa', 'virginica'),
      label: fc.integer({ min: 0, max: 1 })
    })
    fc.assert(
      fc.property(separator, fc.boolean(), fc.array(value, { minLength: 1, maxLength: 5 }), (one, header, rows) => {
        const options = { separator: one, header }
        expect(_.decode(row, options)(_.encode(row, options)(rows))).toEqual(E.right(rows))
      }),
      { numRuns: 300 }
    )
  })

  test('decode ∘ encode = right, whatever the columns are called', () => {
    // Only names that look like indices are beyond it: the language puts those first in any record.
    const names = fc.uniqueArray(hostile, { minLength: 1, maxLength: 4 }).map(all => all.map(name => `${name}_`))
    const named = names.chain(all =>
      fc.tuple(
        fc.constant(all),
        fc.array(fc.record(Object.fromEntries(all.map(name => [name, hostile]))), { minLength: 1 })
      )
    )
    fc.assert(
      fc.property(separator, named, (one, [all, rows]) => {
        const row = _.row(Object.fromEntries(all.map(name => [name, _.string])))
        expect(_.decode(row, { separator: one })(_.encode(row, { separator: one })(rows))).toEqual(
          E.right(rows.map(r => ({ ...r })))
        )
      }),
      { numRuns: 300 }
    )
  })

  test('the end of a line may be LF, CRLF or CR, and the last one may be missing', () => {
    const numbers = fc.array(fc.record({ celsius: fc.integer(), unknown: fc.integer() }), { minLength: 1 })
    fc.assert(
      fc.property(numbers, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), (rows, end, ended) => {
        const text = _.encode(reading)(rows).replaceAll('\n', end)
        expect(_.decode(reading)(ended ? text : text.slice(0, -end.length))).toEqual(E.right(rows))
      })
    )
  })

  test('whatever the text, decoding says where each issue stands and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '1', 'a', ' '), maxLength: 30 }), text => {
        const lines = text.split(/\r\n|\r|\n/)
        for (const { line, column } of issues(_.decode(_.row({ a: _.number, '1': _.number }))(text))) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(column).toBeGreaterThanOrEqual(1)
          expect(column).toBeLessThanOrEqual((lines[line! - 1]?.length ?? 0) + 1)
        }
      }),
      { numRuns: 1000 }
    )
  })
})

describe('what is read', () => {
  test('the chapter’s readings', () => {
    expect(_.decode(reading)('celsius,unknown\n0.5,35.7\n-4.0,21.8\n')).toEqual(
      E.right([
        { celsius: 0.5, unknown: 35.7 },
        { celsius: -4, unknown: 21.8 }
      ])
    )
  })

  test('columns by name, in any order, those that are not asked for left alone', () => {
    expect(_.decode(reading)('day,unknown,celsius\nMonday,35.7,0.5')).toEqual(
      E.right([{ celsius: 0.5, unknown: 35.7 }])
    )
  })

  test('columns by place where there is no header', () => {
    expect(_.decode(reading, { header: false })('0.5,35.7\n')).toEqual(E.right([{ celsius: 0.5, unknown: 35.7 }]))
  })

  test('a byte order mark is no part of the first name, and moves no column', () => {
    expect(_.decode(reading)('\uFEFFcelsius,unknown\n1,2')).toEqual(E.right([{ celsius: 1, unknown: 2 }]))
    expect(issues(_.decode(reading)('\uFEFFcelsius,celsius,unknown\n1,2,3'))).toMatchObject([{ line: 1, column: 9 }])
  })

  test('blank lines at the end are not rows', () => {
    expect(_.decode(reading)('celsius,unknown\n1,2\n\n\r\n')).toEqual(E.right([{ celsius: 1, unknown: 2 }]))
  })

  test('quoted fields with separators, doubled quotes and line ends', () => {
    const row = _.row({ name: _.string, note: _.string })
    expect(_.decode(row)('name,note\r\n"a, ""b""","c\r\nd"\r\n')).toEqual(E.right([{ name: 'a, "b"', note: 'c\r\nd' }]))
  })

  test.each([
    ['1', 1],
    ['+1.', 1],
    ['.5', 0.5],
    [' -2.5e-3 ', -0.0025],
    ['-0', -0],
    ['1E3', 1000]
  ])('the number %s', (text, value) => {
    expect(_.number.decode(text)).toEqual(E.right(value))
  })

  test.each(['', ' ', 'warm', 'NaN', 'Infinity', '1e999', '0x10', '1_000', '1,5', '1 2', '--1', '.', 'e5', '1e', '١'])(
    'not the number “%s”',
    text => {
      expect(_.number.decode(text)._tag).toBe('Left')
    }
  )

  test('integers are whole and exact', () => {
    expect(_.integer.decode('12.0')).toEqual(E.right(12))
    expect(_.integer.decode('12.5')._tag).toBe('Left')
    expect(_.integer.decode('9007199254740993')._tag).toBe('Left')
  })

  test('columns make a matrix, in the order asked for', () => {
    const row = _.row({ a: _.number, b: _.number, c: _.string })
    expect(pipe('a,b,c\n1,2,x\n3,4,y', _.decode(row), E.map(_.columns(['b', 'a'])))).toEqual(
      E.right([
        [2, 1],
        [4, 3]
      ])
    )
  })

  test('a hundred thousand rows, and one field of a million characters', () => {
    const rows = Array.from({ length: 100_000 }, (_unused, i) => ({ celsius: i, unknown: -i }))
    expect(pipe(rows, _.encode(reading), _.decode(reading))).toEqual(E.right(rows))
    const long = [{ text: '"\n'.repeat(500_000) }]
    const row = _.row({ text: _.string })
    expect(pipe(long, _.encode(row), _.decode(row))).toEqual(E.right(long))
  })
})

describe('what is wrong is said', () => {
  test('a missing column, once, by name, with the columns found', () => {
    expect(wrong(_.decode(reading)('celsius,fahrenheit\n1,2\n3,4\n'))).toBe(
      'line 1, column 1 (unknown): expected a column named "unknown", found only the columns "celsius", "fahrenheit"'
    )
  })

  test('a missing column for want of the right separator', () => {
    expect(wrong(_.decode(_.row({ celsius: _.number }))('celsius;unknown\n1;2\n'))).toBe(
      'line 1, column 1 (celsius): expected a column named "celsius", found only "celsius;unknown" (is the separator ";", not ","?)'
    )
  })

  test('a column that is there twice', () => {
    expect(wrong(_.decode(reading)('celsius,unknown,celsius\n1,2,3\n'))).toBe(
      'line 1, column 17 (celsius): expected a name of its own for each column, found "celsius" again'
    )
  })

  test('a word for a number, and every bad field of every bad row', () => {
    expect(wrong(_.decode(reading)('celsius,unknown\n0.5,warm\n1,2\n,hot\n3,Infinity\n'))).toBe(
      [
        'line 2, column 5 (unknown): expected a finite number, found "warm"',
        'line 4, column 1 (celsius): expected a finite number, found an empty field',
        'line 4, column 2 (unknown): expected a finite number, found "hot"',
        'line 5, column 3 (unknown): expected a finite number, found "Infinity"'
      ].join('\n')
    )
  })

  test('a word that is none of those expected', () => {
    const row = _.row({ species: _.oneOf(['setosa', 'virginica']) })
    expect(wrong(_.decode(row)('species\nrosa\n'))).toBe(
      'line 2, column 1 (species): expected one of "setosa", "virginica", found "rosa"'
    )
    const label = _.row({ species: _.category(['setosa', 'virginica']) })
    expect(wrong(_.decode(label)('species\nrosa\n'))).toBe(
      'line 2, column 1 (species): expected one of "setosa", "virginica", found "rosa"'
    )
  })

  test.each(['', '\uFEFF', '\n', '\r\n\n'])('an empty file (%j)', text => {
    expect(wrong(_.decode(reading)(text))).toBe(
      'line 1, column 1: expected a header and at least one row, found an empty text'
    )
  })
  test('an empty file where no header is due', () => {
    expect(wrong(_.decode(reading, { header: false })(''))).toBe(
      'line 1, column 1: expected at least one row, found an empty text'
    )
  })

  test.each(['celsius,unknown', 'celsius,unknown\n', 'celsius,unknown\r\n\r\n'])(
    'a file with only a header (%j)',
    text => {
      expect(wrong(_.decode(reading)(text))).toBe(
        'line 1, column 16: expected at least one row below the header, found only a header'
      )
    }
  )

  test('rows with too few fields, with too many, and blank ones in between', () => {
    expect(wrong(_.decode(reading)('celsius,unknown\n1\n1,2,3\n\n1,2\n'))).toBe(
      [
        'line 2, column 2: expected 2 fields, found 1',
        'line 3, column 5: expected 2 fields, found 3',
        'line 4, column 1: expected 2 fields, found an empty line'
      ].join('\n')
    )
  })

  test('a quote that is never closed, at the place where it was opened', () => {
    expect(wrong(_.decode(reading)('celsius,unknown\n1,2\n3,"4\n5,6\n'))).toBe(
      'line 3, column 3: expected a closing quote, found the end of the text'
    )
    expect(wrong(_.decode(reading)('"celsius,unknown\n1,2\n'))).toBe(
      'line 1, column 1: expected a closing quote, found the end of the text'
    )
  })

  test('text behind a closing quote, and a quote in a field without quotes', () => {
    expect(wrong(_.decode(reading)('celsius,unknown\n"1"2,3\n4,5"6\n'))).toBe(
      [
        'line 2, column 4: expected a separator or the end of the line behind a closing quote, found "2"',
        'line 3, column 4: expected a field with quotes in it to be quoted, and they doubled, found a bare quote'
      ].join('\n')
    )
  })

  test('lines are those of the text, also behind a field that spans several', () => {
    const row = _.row({ note: _.string, value: _.number })
    expect(issues(_.decode(row)('note,value\n"a\nb",1\n"c\r\nd",e\n'))).toEqual([
      { path: ['value'], line: 5, column: 4, expected: 'a finite number', actual: '"e"' }
    ])
  })

  test('of very many issues the first ten, and how many more; all are in the value', () => {
    const decoded = _.decode(reading)(`celsius,unknown\n${'x,1\n'.repeat(5000)}`)
    expect(issues(decoded)).toHaveLength(5000)
    expect(wrong(decoded).split('\n')).toHaveLength(11)
    expect(wrong(decoded)).toMatch(/\nand 4990 more$/)
  })
})
