/** The laws of data sets, run on the library's splits and batches; and on some that break them. */
import { describe, test } from 'vitest'
import * as _ from '../../laws/data.js'
import { Dataset, Random, Tensor, Tree } from '../../src/index.js'
import { fails, holds, named } from './verdict.js'

describe('data sets', () => {
  for (const law of _.dataLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, _.dataCase, 200))
})

describe('broken handling of data is caught', () => {
  const law = (words: Partial<_.Handling>, name: string) => named(_.dataLaws({ ..._.library, ...words }), name)
  const drawing =
    (change: <D>(batches: readonly D[]) => readonly D[]): _.Handling['draw'] =>
    key =>
    batches =>
      change([...Dataset.draw(key)(batches)])

  test('a split that overlaps', () => {
    const split: _.Handling['split'] = options => data => ({
      train: data,
      validation: Dataset.split(options)(data).validation
    })
    fails(law({ split }, 'a split is a partition'), _.dataCase)
  })
  test('a split that shuffles inputs and targets apart', () => {
    const split: _.Handling['split'] = options => data => {
      const parts = Dataset.split(options)(data)
      const torn = Tree.entries(parts.train).map(([path, leaf]) =>
        path.startsWith('y') ? Tensor.flip([0])(leaf) : leaf
      )
      return { ...parts, train: Tree.fill(torn)(parts.train) as typeof parts.train }
    }
    fails(law({ split }, 'a split is a partition'), _.dataCase)
  })
  test('a split with a coin of its own', () => {
    let calls = 0
    const split: _.Handling['split'] = options =>
      Dataset.split({ ...options, key: Random.foldIn(calls++)(options.key) })
    fails(law({ split }, 'a split is drawn by its key'), _.dataCase)
  })
  test('batches that skip the last row', () => {
    const draw = drawing(batches => (batches.length > 1 ? batches.slice(0, -1) : batches))
    fails(law({ draw }, 'batches in order'), _.dataCase)
    fails(law({ draw }, 'shuffled batches'), _.dataCase)
    fails(law({ draw }, 'sizes of batches'), _.dataCase)
  })
  test('batches in another order', () => {
    fails(law({ draw: drawing(batches => [...batches].reverse()) }, 'batches in order'), _.dataCase)
  })
  test('batches that are never shuffled the same', () => {
    let calls = 0
    const draw: _.Handling['draw'] = key => Dataset.draw(Random.foldIn(calls++)(key))
    fails(law({ draw }, 'shuffled batches'), _.dataCase)
  })
  test('batches that drop what they should keep', () => {
    const batches: _.Handling['batches'] = options => data =>
      Dataset.batches({ ...options, dropLast: options.size <= Dataset.size(data) })(data)
    fails(law({ batches }, 'batches in order'), _.dataCase)
    fails(law({ batches }, 'sizes of batches'), _.dataCase)
  })
  test('a selection in the order of the data', () => {
    const select: _.Handling['select'] = indices =>
      Dataset.select([...(indices as readonly number[])].sort((a, b) => a - b))
    fails(law({ select }, 'selection'), _.dataCase)
  })
})
