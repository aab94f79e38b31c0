/** The harness itself: nothing passes by not being looked at; and a table of what is compared. */
import { existsSync, readdirSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { pipe, Tensor } from '../../src/index.js'
import { type Case, casesOf, differences, namedDifferences, toleranceOf } from './oracle.js'
import { account, type Suite } from './suite.js'
import { suites } from './suites.js'

const near = differences('x', toleranceOf({}))
const of = (...values: readonly number[]) => Tensor.tensor(values, { dtype: 'float64' })

describe('closeness', () => {
  it.each([
    ['equal', of(1, -2), of(1, -2)],
    ['the last places', of(1e9), of(1e9 + 0.5)],
    ['zeros of both signs', of(0), of(-0)],
    ['tails that cancel', of(0), of(1e-13)],
    ['infinities', of(Number.POSITIVE_INFINITY), of(Number.POSITIVE_INFINITY)]
  ])('holds: %s', (_, expected, actual) => {
    expect(near(expected)(actual)).toEqual([])
  })
  it.each([
    ['the ninth digit', of(1), of(1 + 2e-9)],
    ['signs of infinities', of(Number.POSITIVE_INFINITY), of(Number.NEGATIVE_INFINITY)],
    ['a number for an infinity', of(Number.POSITIVE_INFINITY), of(1e300)],
    ['an infinity for a number', of(1), of(Number.POSITIVE_INFINITY)],
    ['NaN', of(1), of(Number.NaN)],
    ['shapes', of(1), pipe(of(1), Tensor.reshape([]))],
    ['dtypes', of(1), Tensor.tensor([1])],
    ['something missing', of(1), undefined],
    ['something too many', undefined, of(1)]
  ])('fails: %s', (_, expected, actual) => {
    expect(near(expected)(actual)).not.toEqual([])
  })
  it('fails for tensors by name where a name differs', () => {
    expect(namedDifferences(toleranceOf({}))({ a: of(1) })({ b: of(1) })).toHaveLength(2)
  })
})

describe('every expected tensor is compared', () => {
  const off = (x: Tensor.Tensor): Tensor.Tensor => {
    const dtype = Tensor.dtype(x)
    return pipe(
      x,
      Tensor.cast('float64'),
      Tensor.mul(1.01),
      Tensor.add(dtype === 'int32' ? 1 : 0.01),
      Tensor.cast(dtype)
    )
  }
  const spoilt = (c: Case): readonly (readonly [string, Case])[] => [
    ...Object.keys(c.outputs).map(
      name => [name, { ...c, outputs: { ...c.outputs, [name]: off(c.outputs[name]!) } }] as const
    ),
    ...Object.keys(c.grads).map(
      name => [`gradient of ${name}`, { ...c, grads: { ...c.grads, [name]: off(c.grads[name]!) } }] as const
    )
  ]
  it.each(suites.map(suite => [suite.file, suite] as const))('%s', (file, { kinds, check }) => {
    for (const kind of kinds) {
      const [first] = casesOf(file).filter(c => c.kind === kind)
      const passed = spoilt(first!).filter(([, c]) => check(c).length === 0)
      expect(passed.map(([name]) => `${first!.name}: ${name}`)).toEqual([])
    }
  })
  it('and every option is read', () => {
    for (const { file, kinds, check } of suites) {
      for (const kind of kinds) {
        const [first] = casesOf(file).filter(c => c.kind === kind)
        expect(() => check({ ...first!, options: { ...first!.options, anotherOption: 1 } }), first!.name).toThrow(
          'anotherOption'
        )
      }
    }
  })
})

describe('the account', () => {
  const suiteOf = (file: string): Suite | undefined => suites.find(suite => suite.file === file)
  const files = readdirSync(new URL('./data', import.meta.url)).map(name => name.replace('.json', ''))
  const accounts = files.map(file => account(file, suiteOf(file)?.kinds ?? []))

  it.each(accounts.map(each => [each.file, each] as const))('%s: every kind is implemented', (file, { wrong }) => {
    expect(wrong).toEqual([])
    expect(existsSync(new URL(`./${file}.test.ts`, import.meta.url))).toBe(true)
  })
  it('notices a kind that nobody implements, and one that is none of the file', () => {
    const activations = suiteOf('activations')!.kinds
    expect(
      account(
        'activations',
        activations.filter(kind => kind !== 'tanh')
      ).wrong
    ).toEqual(['tanh: not implemented'])
    expect(account('activations', [...activations, 'sine']).wrong).toEqual(['sine: not in the oracle'])
  })

  afterAll(() => {
    const passing = accounts.map(({ file, cases }) => cases.filter(c => suiteOf(file)?.check(c).length === 0).length)
    const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
    const counts = accounts.map(({ cases }) => cases.length)
    const rows: readonly (readonly [string, string, string])[] = [
      ["PyTorch's values", 'cases', 'pass'],
      ...accounts.map(({ file }, i) => [file, String(counts[i]), String(passing[i])] as const),
      ['all files', String(total(counts)), String(total(passing))]
    ]
    const lines = rows.map(([name, ...cells]) => [name.padEnd(18), ...cells.map(cell => cell.padStart(6))].join(''))
    console.log(lines.join('\n'))
  })
})
