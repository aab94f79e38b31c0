/** VOCABULARY.md says what the sources say, and what it counts is what the tests run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { law } from '../../laws/law.js'
import { suites } from '../oracle/suites.js'
import { commentsOf } from './comments.js'
import { documentOf, lawless, nameless, rowsOf, undocumented } from './document.js'
import { trials, used } from './family.js'
import { elsewhere } from './names.js'
import { unaccounted } from './oracle-counts.js'
import { file, sections, vocabulary } from './sections.js'

/** What is called nothing elsewhere, as far as we know. A name that is missing here wants one in its doc comment. */
const own: Readonly<Record<string, string>> = {
  Layer:
    'URI arrow branch carried countParameters init initialize isFrozen lastStep lift named predict runningMean show spec summary when',
  Tensor: 'fromData scalar show toData',
  Metric: 'URI contramap contramapTarget evaluate fold map struct tuple',
  Optimizer: 'averaged scaleByNadam',
  Schedule: 'add hold scale shift',
  Random: 'draw next',
  Tree: 'add at castFloats dot scale sub zerosLike zipWithPath'
}

test('it is what `npm run vocabulary` writes', () => {
  expect(readFileSync(file, 'utf8')).toBe(vocabulary())
})

describe.each(sections.map(section => [section.title, section] as const))('%s', (title, section) => {
  test('every name has a doc comment with a summary', () => {
    expect(undocumented(section)).toEqual([])
  })
  test('every name passes laws', () => {
    expect(lawless(section)).toEqual([])
  })
  test('every doc comment says what it is called elsewhere, or where it is from, but for what is our own', () => {
    const names = (own[title] ?? '').split(' ').filter(name => name !== '')
    expect(nameless(section)).toEqual(
      names.map(name => `${section.prefix}${name}`).sort(new Intl.Collator('en').compare)
    )
  })
  test('families of laws are about names that there are, and none about none', () => {
    for (const { name, counts } of section.families) {
      expect(counts.size, name).toBeGreaterThan(0)
      expect(
        [...counts.keys()].filter(each => !section.comments.has(each)),
        name
      ).toEqual([])
    }
  })
  test.each(section.families.map(family => [family.name, family] as const))(
    'the laws of the family %s are run',
    (_, { test: path, runs }) => {
      const text = readFileSync(join(import.meta.dirname, '..', path), 'utf8').replace(/\s+/g, ' ')
      expect(runs.filter(run => !text.includes(run))).toEqual([])
    }
  )
})

test('every kind of case is about something', () => {
  expect(unaccounted(suites)).toEqual([])
  expect(unaccounted([...suites, { ...suites[0]!, kinds: ['sine'] }])).toContain(
    `${suites[0]!.file}: sine is about nothing`
  )
})

describe('doc comments', () => {
  const sources: Readonly<Record<string, string>> = {
    'a.ts': "export * from './b/c.js'\nexport { inner as outer, type Kind } from './b/c.js'\n",
    'b/c.ts': [
      '/** The file. */',
      "import { x } from './x.js'",
      '/** One: `torch.one`. */\nexport const one = 1',
      '/**\n * Two.\n *\n * More.\n * @example\n * two()\n */\nexport function two(): void',
      'export function two(x?: number): void {}',
      '/** Inner. */\nconst inner = 3',
      'export { inner }',
      'export const silent = 4'
    ].join('\n')
  }
  test('are found through what is exported from elsewhere, under other names too', () => {
    expect([...commentsOf(name => sources[name]!)('a.ts')]).toEqual([
      ['one', 'One: `torch.one`.'],
      ['two', 'Two.\n\nMore.'],
      ['silent', ''],
      ['inner', 'Inner.'],
      ['outer', 'Inner.']
    ])
  })
  test.each([
    ['The sum: `torch.sum(x, 0)`. Not `torch.mean`.', '`torch.sum`'],
    ['The sum: `jnp.sum`, `torch.sum`.', '`torch.sum`, `jnp.sum`'],
    ["As one over the time: Keras's `Inverse`, the decay of `torch.optim.Adagrad`.", "Keras's `Inverse`"],
    ['The sum (He et al. 2016).', 'He et al. 2016'],
    ['The sum.\nD. Misra, "A Function" (2019).', 'D. Misra 2019'],
    ['The sum.\n@throws a Mistake as `torch.sum` does', undefined]
  ])('%j', (comment, expected) => {
    expect(elsewhere(comment)).toBe(expected)
  })
})

test('a law counts for the words that it uses', () => {
  const words = { add: (a: number) => a + 1, sub: (a: number) => a - 1, zero: { value: 0 } }
  const lawsOf = ({ add, sub, zero }: typeof words) => [
    law('inverse', '', (n: number) => sub(add(n)) === n),
    law('one', '', (_: number) => add(zero.value) === 1)
  ]
  expect(used(words, given => trials(lawsOf(given), fc.integer()))).toEqual(
    new Map([
      ['add', 2],
      ['sub', 1],
      ['zero', 1]
    ])
  )
})

test('rows are written as a table', () => {
  const section = {
    title: 'Example',
    prefix: 'Example.',
    comments: new Map([
      ['two', 'Two: `torch.two`.'],
      ['One', 'One.'],
      ['three', 'Three.']
    ]),
    families: [{ name: 'laws', about: 'things', counts: new Map([['two', 3]]), test: 'laws/x.test.ts', runs: [] }],
    cases: new Map([
      ['two', 2],
      ['three', 1]
    ])
  }
  expect(rowsOf(section).map(({ name }) => name)).toEqual(['One', 'three', 'two'])
  const text = documentOf([section], 3)
  expect(lawless(section)).toEqual(['Example.One', 'Example.three'])
  expect(text).toContain('| `One` | — | — | — |\n| `three` | — | — | 1 |\n| `two` | `torch.two` | laws 3 | 2 |\n')
  expect(text).toContain('| [Example](#example) | 3 | 1 | 2 | 1 |')
})
