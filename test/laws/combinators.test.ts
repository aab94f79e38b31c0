/** The laws of combinators, arrows and the category of layers; and words that break them, which the laws must catch. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { categoryLaws } from '../../laws/category.js'
import { arrowLaws, type Combining, combinatorLaws, combining } from '../../laws/combinators.js'
import { chainOf } from '../../laws/composition.js'
import { fitting, keeping, sizes } from '../../laws/layer-parts.js'
import * as Layer from '../../src/Layer.js'
import { branchOf, repeatOf } from '../../src/layer/combinator-run.js'
import { typed, untyped } from '../../src/layer/layer.js'
import type { RunLayer } from '../../src/layer/runtime.js'
import type { AnyLayer, Arrow } from '../../src/layer/types.js'
import { next } from '../../src/random/key.js'
import { but, fails, holds, named } from './verdict.js'

const chains = chainOf(fc.integer({ min: 1, max: 3 }).chain(fitting))
/** Chains of which every layer keeps its size, so that a whole may follow itself. */
const endless = chainOf(
  sizes.chain(features => fc.array(keeping(features), { minLength: 1, maxLength: 3 })) as fc.Arbitrary<
    readonly AnyLayer[]
  >
)
const both = fc.oneof(chains, endless)

describe('combinators', () => {
  for (const law of combinatorLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, both, 40))
})
describe('arrows', () => {
  for (const law of arrowLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, chains, 40))
})
describe('the category', () => {
  const three = chainOf(fc.constant(3).chain(fitting))
  for (const law of categoryLaws()) test(`${law.name}: ${law.statement}`, () => holds(law, three, 40))
})

describe('a broken combinator is caught', () => {
  const law = (words: Partial<Combining>, name: string) => named(combinatorLaws(but(combining, words)), name)
  const arrow = (words: Partial<Combining>, name: string) => named(arrowLaws(but(combining, words)), name)
  const changed =
    (make: (...layers: readonly AnyLayer[]) => RunLayer, change: (run: RunLayer) => Partial<RunLayer>) =>
    (...layers: readonly AnyLayer[]): AnyLayer => {
      const run = make(...layers)
      return typed({ ...run, ...change(run) })
    }
  const branched = (...layers: readonly AnyLayer[]): RunLayer => branchOf(layers.map(untyped))
  const coins = chainOf(fc.constant<readonly AnyLayer[]>([Layer.linear(2, 4), Layer.dropout()]))

  test('a branch that gives every layer the same key', () => {
    const branch = changed(branched, run => ({
      forward: (params, mode) => x => memory => {
        const results = run.children.map(({ name, layer }) =>
          layer.forward((params as Readonly<Record<string, unknown>>)[name!], mode)(x)(memory)
        )
        return [results.map(([output]) => output), memory]
      }
    }))
    fails(law({ branch }, 'branch'), coins)
    fails(law({ branch }, 'branch copies, then parallel'), coins)
  })
  test('a concat in the other order', () => {
    const concat = (...layers: readonly AnyLayer[]): AnyLayer => {
      const run = untyped(combining.concat(...layers))
      return typed({ ...run, forward: untyped(combining.concat(...[...layers].reverse())).forward })
    }
    // Both layers are one: what differs are their places, and so their masks and parameters.
    fails(
      law({ concat: (...layers) => typed({ ...untyped(concat(...layers)), init: swapped(layers) }) }, 'concat'),
      chainOf(fc.constant<readonly AnyLayer[]>([Layer.linear(2, 3)]))
    )
  })
  /** Draws the second layer first. */
  const swapped =
    (layers: readonly AnyLayer[]): RunLayer['init'] =>
    options =>
    key => {
      const [b, between] = untyped(layers[1]!).init(options)(key)
      const [a, last] = untyped(layers[0]!).init(options)(between)
      return [{ 0: a, 1: b }, last]
    }
  test('a repeat that draws its copies alike', () => {
    const repeat = (count: number) => (layer: AnyLayer) => {
      const run = repeatOf(count, untyped(layer))
      return typed<AnyLayer>({
        ...run,
        init: options => key => {
          const [drawn, rest] = untyped(layer).init(options)(key)
          return [Object.fromEntries(run.children.map(({ name }) => [name, drawn])), count === 0 ? key : rest]
        }
      })
    }
    const linear = chainOf(fc.constant<readonly AnyLayer[]>([Layer.linear(2, 2)]))
    fails(law({ repeat }, 'repeat'), linear)
    fails(law({ repeat }, 'repeat adds up'), linear)
  })
  test('a repeat that is once too many', () => {
    const repeat = (count: number) => combining.repeat(count + 1)
    fails(law({ repeat }, 'repeat'), endless)
  })
  test('a condition that is turned round, and one that is not looked at', () => {
    const turned: Combining['when'] = (condition, layer) =>
      combining.when(typeof condition === 'boolean' ? !condition : condition, layer)
    const ignored: Combining['when'] = (_, layer) => layer
    const moving = chainOf(fc.constant<readonly AnyLayer[]>([Layer.linear(2, 2), Layer.tanh]))
    fails(law({ when: turned }, 'when true'), moving)
    fails(law({ when: turned }, 'when false'), moving)
    fails(law({ when: ignored }, 'when false'), moving)
    fails(law({ when: ignored }, 'when in a mode'), chainOf(fc.constant<readonly AnyLayer[]>([Layer.runningMean(2)])))
  })
  test('a condition that draws where it does not hold', () => {
    const when: Combining['when'] = (condition, layer) => {
      const run = untyped(combining.when(condition, layer))
      return typed({
        ...run,
        forward: (params, mode) => x => memory => {
          const [output, after] = run.forward(params, mode)(x)(memory)
          return [output, { ...after, key: next(memory.key)[1] }]
        }
      })
    }
    fails(law({ when }, 'when false'), endless)
  })
  test('a lift that does not say so', () => {
    fails(law({ lift: () => layer => layer }, 'lift'), chains)
  })
  test('a first that is a second', () => {
    fails(arrow({ first: combining.second }, 'first leaves the second alone'), coins)
    fails(arrow({ first: combining.second }, 'second is first, exchanged'), coins)
  })
  test('a second that draws before the first', () => {
    const split: Combining['split'] = (f, g) => {
      const run = untyped(combining.split(f, g))
      return typed({ ...run, init: swapped([f, g]) })
    }
    fails(arrow({ split }, 'split'), coins)
  })
  test('a fanout that gives the second what the first made', () => {
    const fanout: Combining['fanout'] = (f, g) => {
      const run = untyped(combining.fanout(f, g))
      return typed({
        ...run,
        forward: (params, mode) => x => memory => {
          const [output, after] = run.forward(params, mode)(x)(memory)
          const [first] = output as readonly unknown[]
          return [[first, first], after]
        }
      })
    }
    fails(arrow({ fanout }, 'fanout'), coins)
  })
  test('a first that counts one draw too many', () => {
    const first: Combining['first'] = layer => {
      const run = untyped(combining.first(layer))
      return typed({ ...run, init: options => key => run.init(options)(next(key)[1]) })
    }
    fails(arrow({ first }, 'first of the identity'), chains)
    fails(arrow({ first }, 'first and second are functors'), chains)
  })
})

describe('a broken category is caught', () => {
  const three = chainOf(fc.constant(3).chain(fitting))
  const right = Layer.Category
  const law = (words: Partial<typeof Layer.Category>, name: string) =>
    named(categoryLaws(but(Layer.Category, words)), name)
  test('a composition whose records tell how it was grouped', () => {
    const compose = <A, B, C>(after: Arrow<B, C>, before: Arrow<A, B>): Arrow<A, C> =>
      combining.sequential(before, after) as Arrow<A, C>
    fails(law({ compose }, 'category: associativity'), three)
    fails(law({ compose }, 'category: identity'), three)
  })
  test('a composition the wrong way round', () => {
    const square = chainOf(fc.constant<readonly AnyLayer[]>([Layer.linear(2, 2), Layer.tanh, Layer.linear(2, 2)]))
    const compose = <A, B, C>(after: Arrow<B, C>, before: Arrow<A, B>): Arrow<A, C> =>
      right.compose(before as Arrow<unknown, unknown>, after as Arrow<unknown, unknown>) as Arrow<A, C>
    fails(law({ compose }, 'category: composition'), square)
  })
  test('an identity that does something', () => {
    const doubling = <A>(): Arrow<A, A> => Layer.residual(Layer.identity) as AnyLayer as Arrow<A, A>
    fails(law({ id: doubling }, 'category: identity'), three)
    fails(law({ id: doubling }, 'category: identity of compositions'), three)
  })
})
