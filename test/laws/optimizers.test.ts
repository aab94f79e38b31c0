/** The laws of optimizers, run on every one of the library; and optimizers and chains that break them. */
import { describe, expect, test } from 'vitest'
import * as tables from '../../laws/optimizer-table.js'
import * as _ from '../../laws/optimizers.js'
import { Optimizer, Tree } from '../../src/index.js'
import { cast } from '../../src/primitive/conversion.js'
import { fails, holds, named } from './verdict.js'

describe('every optimizer', () => {
  test('is in the table, or is a word about them', () => {
    expect([...Object.keys(tables.table), ...tables.words].sort()).toEqual(Object.keys(Optimizer).sort())
  })
  for (const [name, subjects] of Object.entries(tables.table)) {
    test(`${name} obeys ${_.optimizerLaws.length} laws`, () => {
      for (const law of _.optimizerLaws) holds(law, tables.optimizerCase(subjects), 40)
    })
  }
  for (const [name, subjects] of Object.entries(tables.optimizers))
    test(`${name} goes downhill`, () => holds(_.descent, tables.optimizerCase(subjects), 40))
  for (const [name, subjects] of Object.entries(tables.transformations)) {
    const steps = subjects.map(one => Optimizer.chain(one, Optimizer.scale(-0.01)))
    test(`${name}, followed by small steps, goes downhill`, () => holds(_.descent, tables.optimizerCase(steps), 20))
  }
})

describe('chain', () => {
  for (const law of _.chainLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, tables.chainCase, 150))
  test('is what the Monoid says', () => {
    const { concat, empty } = Optimizer.Monoid
    const chain: _.Chaining['chain'] = (...all) => all.reduce(concat, empty)
    for (const law of _.chainLaws({ chain, identity: empty })) holds(law, tables.chainCase, 40)
  })
})
describe('scale and clip', () => {
  test('scaling', () => holds(_.scaling(), tables.scaleCase, 200))
  test('clipping', () => holds(_.clipping(), tables.clipCase, 500))
})

describe('a broken chain is caught', () => {
  const law = (words: Partial<_.Chaining>, name: string) => named(_.chainLaws({ ..._.library, ...words }), name)
  const nesting: _.Chaining['chain'] = (...optimizers) =>
    optimizers.reduce(
      (first, second) => ({
        slots: 2,
        init: params => [first.init(params), second.init(params)],
        update: (gradients, state, params, context) => {
          const [between, next] = first.update(gradients, state[0] as readonly Tree.Tree[], params, context)
          const [updates, last] = second.update(between, state[1] as readonly Tree.Tree[], params, context)
          return [updates, [next, last]]
        }
      }),
      Optimizer.identity
    )
  test('that nests states', () => {
    fails(law({ chain: nesting }, 'associativity of chain'), tables.chainCase)
    fails(law({ chain: nesting }, 'unit of chain'), tables.chainCase)
    fails(law({ chain: nesting }, 'slots of chain'), tables.chainCase)
  })
  test('that goes from right to left when it is given three', () => {
    const chain: _.Chaining['chain'] = (...all) => Optimizer.chain(...(all.length > 2 ? [...all].reverse() : all))
    fails(law({ chain }, 'chain of many'), tables.chainCase)
  })
  test('that goes from right to left', () => {
    const chain: _.Chaining['chain'] = (...all) => Optimizer.chain(...[...all].reverse())
    fails(law({ chain }, 'chain composes'), tables.chainCase)
  })
  test('that halves in between', () => {
    const chain: _.Chaining['chain'] = (...all) => Optimizer.chain(...all, Optimizer.scale(0.5))
    fails(law({ chain }, 'associativity of chain'), tables.chainCase)
    fails(law({ chain }, 'unit of chain'), tables.chainCase)
  })
  test('whose unit is not one', () => {
    fails(law({ identity: Optimizer.scale(2) }, 'unit of chain'), tables.chainCase)
  })
})

describe('a broken optimizer is caught', () => {
  const law = (name: string) => named(_.optimizerLaws, name)
  const broken = (change: (optimizer: Optimizer.Optimizer) => Optimizer.Optimizer) =>
    tables.optimizerCase(tables.table.sgd.map(change))

  test('that changes the dtype of its updates', () => {
    const narrow = broken(sgd =>
      Optimizer.chain(
        sgd,
        Optimizer.stateless(g => Tree.map(cast('float32'))(g))
      )
    )
    fails(law('updates like gradients'), narrow)
  })
  test('that loses a leaf', () => {
    const losing = broken(sgd => ({
      ...sgd,
      update: <P>(g: P, state: Optimizer.OptimizerState, p: P, context: Optimizer.Context<P>) => {
        const [updates, next] = sgd.update(g, state, p, context)
        const { scales: __, ...rest } = updates as { readonly scales: unknown }
        return [rest as P, next]
      }
    }))
    fails(law('updates like gradients'), losing)
  })
  test('whose state grows', () => {
    const growing = broken(() =>
      Optimizer.make<readonly Tree.Tree[]>({ init: () => [], update: (g, all) => [g, [...all, g]] })
    )
    fails(law('steady state'), growing)
  })
  test('that does not count its slots', () => {
    fails(
      law('steady state'),
      broken(sgd => ({ ...sgd, slots: sgd.slots + 1 }))
    )
  })
  test('that counts outside its state', () => {
    let count = 0
    fails(
      law('pure'),
      broken(() => Optimizer.stateless(g => Tree.scale(1 / ++count)(g)))
    )
  })
  test('that goes uphill', () => {
    fails(
      _.descent,
      broken(sgd => Optimizer.chain(sgd, Optimizer.scale(-1)))
    )
  })
  test('a scale that adds', () => {
    fails(
      _.scaling(factor => Optimizer.scale(factor + 1e-3)),
      tables.scaleCase
    )
  })
  test('a clip of each leaf by itself', () => {
    const clip = ({ maxNorm }: { readonly maxNorm: number }) =>
      Optimizer.stateless(g =>
        Tree.map(leaf => Tree.scale(Math.min(1, maxNorm / (1e-6 + Math.sqrt(Number(Tree.dot(leaf)(leaf))))))(leaf))(g)
      )
    fails(_.clipping(clip), tables.clipCase)
  })
})
