/** Trees and keys keep their laws, and instances that are broken are seen to be. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keys, tree } from '../../laws/arbitrary.js'
import type { Law } from '../../laws/law.js'
import * as random from '../../laws/random.js'
import * as trees from '../../laws/trees.js'
import { mul } from '../../src/primitive/arithmetic.js'
import { permutation, uniform } from '../../src/random/distribution.js'
import { split } from '../../src/random/key.js'
import { zeros } from '../../src/tensor/tensor.js'

describe('trees', () => {
  test.each([...trees.treeLaws(trees.words), ...trees.lensLaws, ...trees.vectorLaws])('$name: $statement', law =>
    fc.assert(law.property(tree))
  )
})
describe('keys', () => {
  test.each(random.randomLaws(random.words))('$name: $statement', law => fc.assert(law.property(keys), { numRuns: 30 }))
})

/** In how many of some seeds a law finds a broken instance out. */
const found = <A>(laws: readonly Law<A>[], name: string, subjects: fc.Arbitrary<A>): readonly boolean[] => {
  const law = laws.find(l => l.name === name)
  if (law === undefined) throw new Error(`no law '${name}'`)
  return [1, 2, 3, 4, 5].map(seed => fc.check(law.property(subjects), { seed }).failed)
}
const caught = [true, true, true, true, true]

describe('broken instances', () => {
  const { words } = trees
  const brokenTrees: readonly (readonly [string, string, Partial<trees.TreeWords>])[] = [
    [
      'a map that loses the last leaf',
      'map by leaves',
      { map: f => t => words.fill(words.leaves(t).map((x, i, all) => (i === all.length - 1 ? zeros(x) : f(x))))(t) }
    ],
    ['a map that applies twice', 'functor composition', { map: f => words.map(x => f(f(x))) }],
    ['a map that scales as it goes', 'functor identity', { map: f => words.map(x => mul(f(x), 1.001)) }],
    [
      'a fill that starts at the second value',
      'leaves after fill',
      { fill: values => words.fill([...values.slice(1), ...values.slice(0, 1)]) }
    ],
    [
      'leaves in the opposite order',
      'zip pairs by name',
      { zipWith: f => b => a => words.fill(words.leaves(a).map((x, i) => f(x, words.leaves(b)[i] ?? x)))(a) }
    ]
  ]
  test.each(brokenTrees)('%s (%s)', (_, name, wrong) =>
    expect(found(trees.treeLaws({ ...words, ...wrong }), name, tree)).toEqual(caught)
  )

  const brokenKeys: readonly (readonly [string, string, Partial<random.RandomWords>])[] = [
    ['a split that repeats', 'split keys differ', { split: key => [split(key)[0], split(key)[0]] }],
    ['a split that gives its key back', 'split keys differ', { split: key => [key, split(key)[1]] }],
    ['folding that forgets the number', 'folded keys differ', { foldIn: () => key => split(key)[0] }],
    [
      'uniform numbers that reach below 0',
      'uniform',
      { uniform: uniform([random.count], { min: -0.1, dtype: 'float64' }) }
    ],
    ['normal numbers that are uniform', 'normal', { normal: uniform([random.count], { dtype: 'float64' }) }],
    ['a permutation of too few', 'permutation', { permutation: permutation(random.count - 1) }]
  ]
  test.each(brokenKeys)('%s (%s)', (_, name, wrong) =>
    expect(found(random.randomLaws({ ...random.words, ...wrong }), name, keys)).toEqual(caught)
  )
})
