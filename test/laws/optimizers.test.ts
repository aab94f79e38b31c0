/** The laws of optimizers, run on every one of the library; and optimizers and chains that break them. */
import { describe, expect, test } from 'vitest'
import * as composition from '../../laws/optimizer-composition.js'
import * as tables from '../../laws/optimizer-table.js'
import * as updates from '../../laws/optimizer-updates.js'
import * as _ from '../../laws/optimizers.js'
import { Optimizer, pipe, Tensor, Tree } from '../../src/index.js'
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
  for (const [name, subjects] of Object.entries(tables.table))
    test(`${name} is compiled`, () => holds(_.compiledStep, tables.optimizerCase(subjects), 6))
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

describe('optimizers of optimizers', () => {
  for (const law of composition.wrapperLaws())
    test(`${law.name}: ${law.statement}`, () => holds(law, tables.wrapperCase, 60))
})

describe('updates and norms', () => {
  test.each(updates.updateLaws())('$name: $statement', law => holds(law, tables.updateCase, 100))
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

describe('broken updates and norms are caught', () => {
  const { globalNorm } = updates.words
  const wrong: readonly (readonly [string, string, Partial<updates.UpdateWords>])[] = [
    [
      'updates that decay what they are added to',
      'no update',
      { applyUpdates: u => p => Tree.add(u)(Tree.scale(0.9)(p)) }
    ],
    ['updates that are cut off', 'one update after another', { applyUpdates: u => Tree.add(Tree.map(Tensor.tanh)(u)) }],
    [
      'updates in the order of their keys',
      'updates by name',
      { applyUpdates: u => p => Tree.add(Tree.fill(Tree.leaves(u))(p as Tensor.Tensor) as Tree.Tree)(p) }
    ],
    ['updates that only grow', 'an update and back', { applyUpdates: u => Tree.add(Tree.map(Tensor.abs)(u)) }],
    ['a norm that is always Euclid’s', 'length', { globalNorm: () => globalNorm() }],
    [
      'a norm that is squared',
      'a norm is homogeneous',
      { globalNorm: o => g => Tensor.square(globalNorm(o)(g)) as Tensor.Tensor<[]> }
    ],
    ['a norm of the first leaf', 'as one vector', { globalNorm: o => g => globalNorm(o)(Tree.leaves(g)[0]!) }],
    [
      'a norm that is squared',
      'a norm is subadditive',
      { globalNorm: o => g => Tensor.square(globalNorm(o)(g)) as Tensor.Tensor<[]> }
    ],
    [
      'a norm that adds magnitudes unless told',
      'Euclid’s unless told',
      { globalNorm: ({ order = 1 } = {}) => globalNorm({ order }) }
    ]
  ]
  test.each(wrong)('%s (%s)', (_name, name, words) => {
    fails(named(updates.updateLaws({ ...updates.words, ...words }), name), tables.updateCase)
  })
})

describe('a broken composition is caught', () => {
  const { accumulate, lookahead, partition, sam, exponentialMovingAverage, clipByNorm, addDecayedWeights } =
    composition.wrappers
  const by = (factor: number) => Optimizer.scale(factor)
  const seldom = (steps: number): Optimizer.Optimizer => Optimizer.accumulate({ steps })(Optimizer.scale(1))
  const wrong: readonly (readonly [string, string, Partial<composition.Wrappers>])[] = [
    [
      'an accumulation that halves',
      'accumulation of one',
      { accumulate: o => f => Optimizer.chain(accumulate(o)(f), by(0.5)) }
    ],
    ['an accumulation that goes on meanwhile', 'rest', { accumulate: () => f => f }],
    ['an accumulation of sums', 'mean', { accumulate: o => f => accumulate(o)(Optimizer.chain(by(o.steps), f)) }],
    ['an accumulation of the last gradients', 'mean', { accumulate: o => f => Optimizer.chain(seldom(o.steps), f) }],
    [
      'a lookahead that goes back at a rate of 1',
      'lookahead all the way',
      { lookahead: o => lookahead({ ...o, rate: o.rate / 2 }) }
    ],
    [
      'a lookahead that takes one step more',
      'slow and fast',
      { lookahead: o => lookahead({ ...o, steps: o.steps + 1 }) }
    ],
    [
      'a lookahead that goes the other part',
      'slow and fast',
      { lookahead: o => lookahead({ ...o, rate: 1 - o.rate }) }
    ],
    [
      'a partition that exchanges its groups',
      'to each its own',
      { partition: labelOf => partition(path => (labelOf(path) === 'a' ? 'b' : 'a')) }
    ],
    [
      'a partition that gives the second group half',
      'one for all',
      {
        partition:
          labelOf =>
          ({ a, b }) =>
            partition(labelOf)({ a, b: Optimizer.chain(b, by(0.5)) })
      }
    ],
    [
      'a partition that moves all',
      'frozen',
      {
        partition:
          () =>
          ({ a }) =>
            a
      }
    ],
    ['a freeze that lets through', 'freeze', { freeze: Optimizer.identity }],
    ['a sam that looks away', 'no neighbour', { sam: o => sam({ radius: o.radius + 0.1 }) }],
    ['a sam that looks back', 'worst neighbour', { sam: o => f => Optimizer.chain(by(-1), sam(o)(f)) }],
    ['a sam that does not look', 'worst neighbour', { sam: () => f => f }],
    [
      'an average that stops the others',
      'seen through',
      { exponentialMovingAverage: o => Optimizer.chain(exponentialMovingAverage(o), by(0)) }
    ],
    [
      'an average that keeps more',
      'average',
      { exponentialMovingAverage: o => exponentialMovingAverage({ ...o, decay: (1 + o.decay) / 2 }) }
    ],
    [
      'an average that remembers its start',
      'average without a start',
      { exponentialMovingAverage: o => exponentialMovingAverage({ ...o, debias: false }) }
    ],
    [
      'an average that is read too large',
      'within bounds',
      { averaged: snapshot => Tree.scale(1.001)(Optimizer.averaged(snapshot)) }
    ],
    ['a clip of all together', 'clip each', { clipByNorm: Optimizer.clipByGlobalNorm }],
    ['a clip to twice the norm', 'clip each', { clipByNorm: o => clipByNorm({ maxNorm: 2 * o.maxNorm }) }],
    ['a decay without its mask', 'mask', { addDecayedWeights: o => addDecayedWeights({ ...o, mask: () => true }) }]
  ]
  test.each(wrong)('%s (%s)', (_name, name, words) => {
    fails(named(composition.wrapperLaws({ ...composition.wrappers, ...words }), name), tables.wrapperCase)
  })
  test('an optimizer that reads numbers, or has no program', () => {
    const reading = tables.optimizerCase(
      tables.table.sgd.map(() =>
        Optimizer.stateless((gradients, _params, context) => Tree.scale(Tensor.item(context.step))(gradients))
      )
    )
    fails(_.compiledStep, reading)
    const branching = tables.optimizerCase(
      tables.table.sgd.map(() =>
        Optimizer.stateless(gradients =>
          Tree.map(g => (Tensor.item(pipe(g, Tensor.sum())) > 0 ? g : pipe(g, Tensor.mul(2))))(gradients)
        )
      )
    )
    fails(named(_.optimizerLaws, 'vectorized'), branching)
  })
})
