import type * as E from 'fp-ts/lib/Either.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type * as t from 'io-ts'
import { expectTypeOf, test } from 'vitest'
import * as _ from '../../src/data/csv.js'
import type { DecodeError } from '../../src/data/decode-error.js'

const row = _.row({ width: _.number, species: _.oneOf(['setosa', 'virginica']), label: _.category(['no', 'yes']) })

test('a row’s type is that of its codecs', () => {
  expectTypeOf<t.TypeOf<typeof row>>().toEqualTypeOf<{
    readonly width: number
    readonly species: 'setosa' | 'virginica'
    readonly label: number
  }>()
})

test('decoding gives rows, at least one', () => {
  expectTypeOf(_.decode(row)('')).toEqualTypeOf<E.Either<DecodeError, ReadonlyNonEmptyArray<t.TypeOf<typeof row>>>>()
})

test('only columns of numbers make a matrix', () => {
  const rows: readonly t.TypeOf<typeof row>[] = []
  expectTypeOf(_.columns(['width', 'label'])(rows)).toEqualTypeOf<readonly (readonly number[])[]>()
  // @ts-expect-error a species is a word
  _.columns(['width', 'species'])(rows)
  // @ts-expect-error there is no such column
  _.columns(['height'])(rows)
})

test('a separator is one of four, and a field is a codec from text', () => {
  // @ts-expect-error not a separator
  _.decode(row, { separator: ':' })
  // @ts-expect-error not a codec
  _.row({ width: Number })
})
