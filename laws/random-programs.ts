/** Keys made of seeds, and programs that carry a key: each step draws with a fresh one. */
import * as State from 'fp-ts/lib/State.js'
import type { Key } from '../src/random/key.js'
import { range } from '../src/structure/shape.js'
import { sameBits } from './closeness.js'
import { type Law, law } from './law.js'
import { allDiffer, numbers, type RandomWords, shown } from './random-words.js'
import { identical } from './same.js'

/** Seeds that a careless key takes for one another: neighbours, opposites, and those that are alike in their lower 32 bits or their upper. */
const seedsFrom = (seed: number): readonly number[] => [
  ...new Set([seed, seed + 1, -seed - 1, seed + 2 ** 32, -seed - 2 ** 32, seed * 2 ** 32, seed * 2 ** 32 + 1])
]

/** Keys of seeds, and draws as an fp-ts `State`. */
export const programLaws = ({ key: keyOf, next, split, draw, uniform }: RandomWords): readonly Law<Key>[] => [
  law('seeds', 'key (2³² a + b) = k for k of the words a and b, b without a sign', key => {
    const [high, low] = numbers(key)
    return sameBits(keyOf(high! * 2 ** 32 + (low! >>> 0)), key)
  }),
  law('seeds differ', 'key s ≠ key t for whole numbers s ≠ t, and they draw differently', (_, choice) => {
    const seeds = seedsFrom(choice)
    return (
      allDiffer(seeds.map(seed => shown(keyOf(seed)))) &&
      allDiffer(seeds.map(seed => numbers(uniform(keyOf(seed))).join()))
    )
  }),
  law('next', 'next k = split k: a fresh key, and the key to go on with', key => identical(next(key), split(key))),
  law('draw a key', 'draw (k ↦ k) = next', key => identical(draw(k => k)(key), next(key))),
  law('draw is natural', 'draw (f ∘ s) = State.map f (draw s), which with the law before is all that draw does', key =>
    identical(draw(k => numbers(uniform(k)))(key), State.map(numbers)(draw(uniform))(key))
  ),
  law('draws in a row', 'chained draws are of keys that differ, and the key that is left is another', key => {
    const [found, rest] = State.sequenceArray(range(5).map(() => draw(k => [shown(k), numbers(uniform(k)).join()])))(
      key
    )
    return (
      allDiffer([...found.map(([fresh]) => fresh!), shown(rest), shown(key)]) &&
      allDiffer(found.map(([, sample]) => sample!))
    )
  }),
  law('draws one by one', 'two chained draws are a draw, and a draw of the key that it left', key => {
    const [both, end] = State.chain(a => State.map(b => [a, b])(draw(uniform)))(draw(uniform))(key)
    const [first, rest] = draw(uniform)(key)
    const [second, last] = draw(uniform)(rest)
    return identical([both, end], [[first, second], last])
  })
]
