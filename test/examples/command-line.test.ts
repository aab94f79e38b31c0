import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../examples/shared/command-line.js'
import { type Ended, run } from '../command.js'

const program: _.Program = {
  name: 'thermometer',
  description: 'Fits a thermometer.',
  epochs: 'epochs of each training run (3000 and 5000 if not given)',
  defaults: { seed: 42, csv: 'thermometer.csv', out: 'report.html' }
}
const parse = _.parse(program)
const misused = (...argv: readonly string[]): string => {
  const parsed = parse(argv)
  return E.isLeft(parsed) && parsed.left._tag === 'Misused' ? parsed.left.message : 'not misused'
}

describe('parse', () => {
  test('nothing given: the defaults', () => {
    expect(parse([])).toEqual(E.right({ seed: 42, csv: 'thermometer.csv', out: 'report.html' }))
  })

  test('everything given, in either way', () => {
    expect(parse(['--epochs', '20', '--seed=0', '--csv', 'a b.csv', '--out=out/r.html'])).toEqual(
      E.right({ epochs: 20, seed: 0, csv: 'a b.csv', out: 'out/r.html' })
    )
  })

  test('help names every flag', () => {
    const parsed = parse(['--help'])
    if (E.isRight(parsed) || parsed.left._tag !== 'Help') throw new Error('no help')
    for (const flag of [
      '--epochs <count>',
      '--seed <number>',
      '--csv <file>',
      '--out <file>',
      '--help',
      '3000 and 5000',
      'default: 42'
    ]) {
      expect(parsed.left.text).toContain(flag)
    }
  })

  test.each([
    [['--epoch', '3'], "unknown option '--epoch' (Did you mean --epochs?) (thermometer --help lists what there is)"],
    [['--fast'], "unknown option '--fast' (thermometer --help lists what there is)"],
    [['--epochs'], "option '--epochs <count>' argument missing (thermometer --help lists what there is)"],
    [['data.csv'], 'too many arguments. Expected 0 arguments but got 1. (thermometer --help lists what there is)'],
    [
      ['--epochs', 'many'],
      "option '--epochs <count>' argument 'many' is invalid. Expected a whole number from 1 on. (thermometer --help lists what there is)"
    ]
  ])('%j is misused', (argv, message) => {
    expect(misused(...argv)).toBe(message)
  })

  test.each(['0', '-1', '1.5', '1e3', '', 'NaN', '99999999999'])('%j is no number of epochs', value => {
    expect(misused(`--epochs=${value}`)).toContain('Expected a whole number from 1 on')
  })
  test.each(['-1', '0.5', '4294967296', 'x'])('%j is no seed', value => {
    expect(misused(`--seed=${value}`)).toContain('Expected a whole number from 0 to 4294967295')
  })
  test('a file has a name', () => {
    expect(misused('--csv=')).toContain('Expected a file')
  })
})

describe('a program', () => {
  const root = join(import.meta.dirname, '../..')
  const start = (...argv: readonly string[]): Promise<Ended> =>
    run(root, process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'test/examples/program.ts', ...argv])
  const out = join(tmpdir(), 'report.html')

  test('runs with what it was given, and shows no bar where nobody watches', async () => {
    expect(await start('--epochs', '3', '--out', out)).toEqual({
      code: 0,
      stdout: `${JSON.stringify({ csv: 'readings.csv', seed: 42, out, epochs: 3 })}\n`,
      stderr: ''
    })
  })

  test('says how it is used', async () => {
    const { code, stdout, stderr } = await start('--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: program/)
  })

  test.each([
    [['--seed', 'x'], /^program: option '--seed <number>' argument 'x' is invalid\. Expected a whole number .*\n$/],
    [['--csv', 'missing.csv', '--out', out], /^program: missing\.csv: no such file or folder\n$/],
    [['--csv', 'thrown.csv', '--out', out], /^program: two lines; of an error\n$/],
    [['--out', join(tmpdir(), 'no', 'such', 'r.html')], /^program: .*r\.html: there is no folder .*such\n$/],
    [['--out', tmpdir()], /^program: .*: is a folder, not a file\n$/]
  ])('%j: one line on stderr and exit code 1', async (argv, line) => {
    const { code, stdout, stderr } = await start(...argv)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(line)
  })
})
