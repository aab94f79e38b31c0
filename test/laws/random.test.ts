/** Keys and samples keep their laws, and instances that are broken are seen to be. */
import { describe, test } from 'vitest'
import { keys } from '../../laws/arbitrary.js'
import { count, type Draw, type RandomWords, randomLaws, words } from '../../laws/random.js'
import { add, mul } from '../../src/primitive/arithmetic.js'
import { cast } from '../../src/primitive/conversion.js'
import { maximum, minimum } from '../../src/primitive/extremum.js'
import { broadcast } from '../../src/primitive/movement.js'
import { reverse, slice } from '../../src/primitive/window.js'
import { bernoulli, integers, normal, permutation, uniform } from '../../src/random/distribution.js'
import { draw, type Key, key as keyOf, split } from '../../src/random/key.js'
import { truncatedNormal } from '../../src/random/truncated-normal.js'
import { constant, isConstant, type Tensor } from '../../src/tensor/tensor.js'
import { fails, holds, named } from './verdict.js'

describe('keys and samples', () => {
  test.each(randomLaws())('$name: $statement', law => holds(law, keys, 40))
})

let calls = 0
/** A counter, as if there were a generator with a state behind it. */
const stateful: Draw = key => words.uniform(words.foldIn(calls++)(key))
const float64 = { dtype: 'float64' } as const
const bump = (key: Key): Key => add(key, constant([2], 'int32', Int32Array.of(0, 1))) as Key
const ordered = constant(
  [count],
  'int32',
  Int32Array.from({ length: count }, (_, i) => i)
)
const firstForAll = (x: Tensor): Tensor => broadcast([count])(slice({ start: [0], step: [1], shape: [1] })(x))

const broken: readonly (readonly [string, string, Partial<RandomWords>])[] = [
  ['a generator with a state', 'same key, same draw', { uniform: stateful }],
  ['a split that repeats', 'split keys differ', { split: key => [split(key)[0], split(key)[0]] }],
  ['a split that gives its key back', 'split keys differ', { split: key => [key, split(key)[1]] }],
  ['a split that counts up', 'splitting is a tree', { split: key => [bump(key), bump(bump(key))] }],
  ['many keys that are one', 'many keys differ', { keys: n => key => broadcast([n, 2])(split(key)[0]) }],
  ['folding that forgets the number', 'folded keys differ', { foldIn: () => key => split(key)[0] }],
  [
    'folding that splits',
    'folded keys differ',
    { foldIn: data => key => split(words.foldIn(typeof data === 'number' ? data >> 1 : data)(key))[0] }
  ],
  [
    'folding that reads the number',
    'folding what is unknown',
    { foldIn: data => words.foldIn(typeof data === 'number' ? data : isConstant(data) ? data.data[0]! : 0) }
  ],
  ['split keys that are the first words drawn', 'no word twice', { split: key => firstWords(key) }],
  [
    'draws that look at whether they are traced',
    'traced draws',
    { normal: key => (isConstant(key) ? words.normal(key) : mul(words.normal(key), 2)) }
  ],
  ['uniform numbers that reach below 0', 'uniform', { uniform: uniform([count], { min: -0.1, ...float64 }) }],
  ['uniform numbers with 1 among them', 'uniform', { uniform: key => add(mul(words.uniform(key), 0), 1) }],
  ['uniform numbers that are bent', 'uniform', { uniform: key => mul(words.uniform(key), words.uniform(key)) }],
  ['uniform numbers of float32 that reach 2', 'uniform, float32', { uniformFloat32: uniform([count], { max: 2 }) }],
  ['one number for all', 'uniform numbers differ', { uniform: key => firstForAll(words.uniform(key)) }],
  [
    '53 bits asked for, 12 given',
    'uniform numbers differ',
    {
      uniform: key =>
        cast('float64')(
          cast('float32')(mul(cast('float64')(cast('int32')(mul(words.uniform(key), 2 ** 12))), 2 ** -12))
        )
    }
  ],
  ['normal numbers that are uniform', 'normal', { normal: key => mul(add(words.uniform(key), -0.5), Math.sqrt(12)) }],
  [
    'normal numbers of another deviation',
    'normal',
    { normal: normal([count], { standardDeviation: 1.6, ...float64 }) }
  ],
  ['a coin that is fair', 'bernoulli', { bernoulli: bernoulli([count], { probability: 0.5 }) }],
  ['a coin that lands on numbers', 'bernoulli', { bernoulli: key => cast('float32')(words.bernoulli(key)) }],
  ['integers that reach their upper end', 'integers', { integers: integers([count], { min: -3, max: 6 }) }],
  [
    'integers rounded instead of cut',
    'integers',
    { integers: key => cast('int32')(add(mul(words.uniform(key), 8), -3)) }
  ],
  ['a permutation of too few', 'permutation', { permutation: permutation(count - 1) }],
  ['the order that there was', 'permutation', { permutation: () => ordered }],
  ['the opposite order', 'permutation', { permutation: () => reverse([0])(ordered) }],
  [
    'keys whose draws are the same but for their order',
    'independence',
    { uniform: key => mul(add(words.uniform(keyOf(0)), mul(words.uniform(key), 0.1)), 1 / 1.1) }
  ],
  ['seeds of 32 bits', 'seeds', { key: seed => keyOf(seed >>> 0) }],
  ['seeds without a sign', 'seeds differ', { key: seed => keyOf(Math.abs(seed)) }],
  ['seeds whose words are added up', 'seeds differ', { key: seed => keyOf((seed | 0) + Math.floor(seed / 2 ** 32)) }],
  ['a next that keeps its key', 'next', { next: key => [split(key)[0], key] }],
  ['a next that gives the two keys the other way', 'next', { next: key => [split(key)[1], split(key)[0]] }],
  ['a draw with the key to go on with', 'draw a key', { draw: drawingWith(([, rest]) => [rest, rest]) }],
  [
    'a draw that splits again each time',
    'draw is natural',
    { draw: sample => key => draw(sample)(words.foldIn(calls++)(key)) }
  ],
  ['draws that all have the same key', 'draws in a row', { draw: drawingWith(([fresh], key) => [fresh, key]) }],
  ['draws that pass on the key they drew with', 'draws in a row', { draw: drawingWith(([a]) => [a, a]) }],
  [
    'draws that count',
    'draws one by one',
    { draw: sample => key => [sample(words.foldIn(calls++)(key)), split(key)[1]] }
  ],
  [
    'normal numbers cut off by moving them to the bounds',
    'truncated normal',
    {
      truncatedNormal:
        ({ min, max, ...of }) =>
        key =>
          maximum(minimum(normal([count], { ...of, ...float64 })(key), max), min)
    }
  ],
  [
    'bounds that are multiples of the deviation',
    'truncated normal',
    {
      truncatedNormal:
        ({ mean, standardDeviation, min, max }) =>
        key =>
          add(mul(words.truncatedNormal({ mean: 0, standardDeviation: 1, min, max })(key), standardDeviation), mean)
    }
  ],
  [
    'equally likely numbers between the bounds',
    'truncated normal',
    {
      truncatedNormal: ({ min, max }) => uniform([count], { min: Math.max(min, -9), max: Math.min(max, 9), ...float64 })
    }
  ],
  [
    'bounds that do not move the mean',
    'truncated mean',
    {
      truncatedNormal: ({ mean, standardDeviation, min, max }) => {
        const reach = Math.min(mean - min, max - mean)
        return reach > 0
          ? words.truncatedNormal({ mean, standardDeviation, min: mean - reach, max: mean + reach })
          : words.normal
      }
    }
  ],
  [
    'a mean that is added twice',
    'truncated and moved',
    { truncatedNormal: settings => key => add(words.truncatedNormal(settings)(key), settings.mean) }
  ],
  [
    'as wide as float32 can tell',
    'without bounds',
    { truncatedNormal: settings => key => cast('float64')(truncatedNormal([count], settings)(key)) }
  ]
]
/** A draw with the first of two keys that leaves the second. */
function drawingWith(choose: (both: readonly [Key, Key], key: Key) => readonly [Key, Key]): RandomWords['draw'] {
  return sample => key => {
    const [fresh, rest] = choose(split(key), key)
    return [sample(fresh), rest]
  }
}
function firstWords(key: Key): readonly [Key, Key] {
  const [high, low] = words.words(key)
  const at = (i: number): Key => {
    const [h, l] = [high, low].map(x => (isConstant(x) ? x.data[i]! : 0))
    return constant([2], 'int32', Int32Array.of(h!, l!)) as Key
  }
  return [at(0), at(1)]
}
describe('every broken key or sample is caught within 40 runs', () => {
  test.each(broken)('%s (%s)', (_, name, wrong) => fails(named(randomLaws({ ...words, ...wrong }), name), keys, 40))
})
