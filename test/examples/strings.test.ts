import { pipe, Random, Tensor } from 'cotangent'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { characters, decode, encode, reversed, stages, strings } from '../../examples/shared/strings.js'

const lengths = { least: 2, most: 4 } as const

test('what is written is read back, with blanks after it', () => {
  const text = fc.string({ unit: fc.constantFrom(...characters.slice(1)), maxLength: 7 })
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), texts => {
      expect(decode(encode(7)(texts))).toEqual(texts.map(each => each.padEnd(7)))
    })
  )
  expect(pipe(encode(4)(['ab|']), Tensor.toArray)).toEqual([[2, 3, 1, 0]])
})

test('strings are different, of the lengths asked for, and the same for the same key', () => {
  const found = strings(500, lengths)(Random.key(1))
  expect(new Set(found).size).toBe(500)
  expect(found.every(text => /^[a-z]{2,4}$/.test(text))).toBe(true)
  expect(new Set(found.map(text => text.length))).toEqual(new Set([2, 3, 4]))
  expect(strings(500, lengths)(Random.key(1))).toEqual(found)
})

test('strings that are excepted are not drawn', () => {
  const one = { least: 1, most: 1 }
  const vowels = new Set('aeiou')
  expect([...strings(21, one, vowels)(Random.key(1))].sort().join('')).toBe('bcdfghjklmnpqrstvwxyz')
})

test('strings backwards', () => {
  expect(reversed('hello')).toBe('olleh')
})

test('the first epoch and the last are looked at, and few between', () => {
  expect([...stages(1000)]).toEqual([1, 50, 100, 200, 400, 700, 1000])
  expect([...stages(1)]).toEqual([1])
})
