import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { expect, test } from 'vitest'
import * as _ from '../../src/data/decode-error.js'

const shown = <A>(decoded: E.Either<_.DecodeError, A>): string => (E.isLeft(decoded) ? _.show(decoded.left) : 'right')

test('what is right passes', () => {
  expect(_.decode(t.type({ epochs: t.number }))({ epochs: 3 })).toEqual(E.right({ epochs: 3 }))
})

test('each issue names its path, what was expected and what was found', () => {
  const layers = t.readonly(t.type({ layers: t.readonlyArray(t.type({ weight: t.array(t.number), name: t.string })) }))
  expect(shown(_.decode(layers)({ layers: [{ weight: [1, 'x'], name: 'a' }, { weight: {} }] }))).toBe(
    [
      'layers.0.weight.1: expected number, found "x"',
      'layers.1.weight: expected Array<number>, found an empty object',
      'layers.1.name: expected string, found nothing'
    ].join('\n')
  )
})

test('the whole has no path', () => {
  expect(shown(_.decode(t.UnknownRecord)(null))).toBe('expected UnknownRecord, found null')
})

test('members of intersections, read-only and exact ones too, are no steps of a path', () => {
  const both = t.intersection([t.type({ a: t.number }), t.partial({ b: t.string })])
  for (const codec of [both, t.readonly(both), t.exact(both), t.readonly(t.exact(both))]) {
    expect(shown(_.decode(codec)({ a: 'x', b: 1 }))).toBe('a: expected number, found "x"\nb: expected string, found 1')
  }
})

test('what several members of a union expected at one place is one issue', () => {
  expect(shown(_.decode(t.type({ size: t.union([t.number, t.string, t.null]) }))({ size: [] }))).toBe(
    'size: expected number or string or null, found an array of 0 elements'
  )
})

test('a codec’s own message is what was expected', () => {
  const positive = new t.Type<number, number, unknown>(
    'Positive',
    t.number.is,
    (u, c) => (typeof u === 'number' && u > 0 ? t.success(u) : t.failure(u, c, 'a positive number')),
    t.identity
  )
  expect(shown(_.decode(t.type({ rate: positive }))({ rate: -1 }))).toBe('rate: expected a positive number, found -1')
})

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [Number.NaN, 'NaN'],
  ['', '""'],
  ['x'.repeat(100), `"${'x'.repeat(40)}"…`],
  [[1], 'an array of 1 element'],
  [{ a: 1, b: 2 }, 'an object with "a", "b"'],
  [() => 1, 'a function'],
  [1n, 'a bigint']
])('%s is described', (value, words) => {
  expect(_.describe(value)).toBe(words)
})

test('Semigroup: the issues of both in order, associative', () => {
  const error = (actual: string): _.DecodeError => _.make([{ path: [], expected: 'x', actual }])
  const { concat } = _.Semigroup
  const [a, b, c] = [error('1'), error('2'), error('3')]
  expect(concat(concat(a, b), c)).toEqual(concat(a, concat(b, c)))
  expect(concat(a, b).issues.map(({ actual }) => actual)).toEqual(['1', '2'])
})
