import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, expect, test } from 'vitest'
import * as _ from '../../src/node/file.js'

const folder = mkdtempSync(join(tmpdir(), 'cotangent-file-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const reason = <A>(result: E.Either<_.FileError, A>): string => (E.isLeft(result) ? result.left.reason : 'none')

test('what is written is read back', async () => {
  for (const text of ['', 'celsius,unknown\r\n0.5,35.7', '\uFEFF°C 🌡\n']) {
    expect(await _.writeText(at('text.csv'))(text)()).toEqual(E.right(undefined))
    expect(await _.readText(at('text.csv'))()).toEqual(E.right(text))
  }
})

test('nothing happens until the task is run, and nothing but the file remains', async () => {
  mkdirSync(at('clean'))
  const task = _.writeText(at('clean/a.txt'))('a')
  expect(readdirSync(at('clean'))).toEqual([])
  await task()
  expect(readdirSync(at('clean'))).toEqual(['a.txt'])
})

test('writers at once leave one text whole', async () => {
  const texts = ['a', 'b', 'c', 'd'].map(letter => letter.repeat(100_000))
  await Promise.all(texts.map(text => _.writeText(at('race.txt'))(text)()))
  expect(texts).toContain(readFileSync(at('race.txt'), 'utf8'))
})

test('what cannot be read says why, in one line', async () => {
  mkdirSync(at('folder'))
  writeFileSync(at('latin1.csv'), Uint8Array.of(0x63, 0xe9, 0x0a))
  expect(await _.readText(at('missing.csv'))()).toEqual(
    E.left({ _tag: 'FileError', path: at('missing.csv'), reason: 'no such file or folder' })
  )
  expect(reason(await _.readText(at('folder'))())).toBe('is a folder, not a file')
  expect(reason(await _.readText(at('latin1.csv/x'))())).toBe('a part of the path is a file, not a folder')
  expect(reason(await _.readText(at('latin1.csv'))())).toBe('is not text in UTF-8')
  expect(_.show({ _tag: 'FileError', path: 'a.csv', reason: 'no such file or folder' })).toBe(
    'a.csv: no such file or folder'
  )
  expect(reason(await _.readText('a\0b')())).not.toMatch(/\n|^$/)
})

test('what cannot be written says why, names the file asked for, and leaves nothing behind', async () => {
  mkdirSync(at('taken/by'), { recursive: true })
  expect(await _.writeText(at('no/such/a.txt'))('a')()).toEqual(
    E.left({ _tag: 'FileError', path: at('no/such/a.txt'), reason: 'no such file or folder' })
  )
  expect(reason(await _.writeText(at('taken/by'))('a')())).toBe('is a folder, not a file')
  expect(readdirSync(at('taken'))).toEqual(['by'])
})
