/**
 * Randomness as a value: the same key draws the same, other keys draw otherwise, and samples are where they should be.
 *
 * Statistics are of some hundred numbers and within five standard errors, which chance oversteps once in a million.
 */
import { interpreter } from '../src/engine/interpreter.js'
import { jit } from '../src/engine/jit.js'
import type { Key } from '../src/random/key.js'
import { range } from '../src/structure/shape.js'
import { uniform as filled, type Tensor } from '../src/tensor/tensor.js'
import { vmap } from '../src/transform/vmap.js'
import { member, sameBits } from './closeness.js'
import { type Law, law } from './law.js'
import { programLaws } from './random-programs.js'
import { truncatedLaws } from './random-truncated.js'
import { allDiffer, count, draws, likely, mean, numbers, type RandomWords, shown, words } from './random-words.js'

export { count, type Draw, type RandomWords, words } from './random-words.js'

/** Keys: one draws the same always, and no two made in different ways draw alike. */
export const keyLaws = (w: RandomWords): readonly Law<Key>[] => [
  law('same key, same draw', 'draw k = draw k, split k = split k, foldIn i k = foldIn i k', (key, choice) => {
    const made: readonly ((k: Key) => readonly Tensor[])[] = [
      ...draws(w).map(draw => (k: Key) => [draw(k)]),
      w.split,
      k => [w.keys(3)(k), w.foldIn(choice)(k), ...w.words(k)]
    ]
    return made.every(make => {
      const again = make(key)
      return make(key).every((x, i) => sameBits(x, again[i]!))
    })
  }),
  law('split keys differ', 'split k = [a, b] ⇒ a, b and k are different and draw differently', key => {
    const three = [...w.split(key), key]
    return allDiffer(three.map(shown)) && allDiffer(three.map(k => numbers(w.uniform(k)).join()))
  }),
  law('splitting is a tree', 'keys from splitting and splitting again are all different', key => {
    const level = (ks: readonly Key[]): readonly Key[] => ks.flatMap(k => w.split(k))
    const [one, two, three] = [level([key]), level(level([key])), level(level(level([key])))]
    return allDiffer([key, ...one, ...two, ...three].map(shown))
  }),
  law('many keys differ', 'all of keys n k are different, and the first are those of split k', key => {
    const found = range(50).map(i => shown(member(w.keys(50)(key), i) as Key))
    const [a, b] = w.split(key)
    return allDiffer(found) && found[0] === shown(a) && found[1] === shown(b)
  }),
  law('folded keys differ', 'foldIn i k ≠ foldIn j k for i ≠ j, and none is k or a key of split k', (key, choice) => {
    const folded = range(20).map(i => w.foldIn(choice + i)(key))
    const again = folded.slice(0, 3).map(k => w.foldIn(choice)(k))
    return allDiffer([...folded, ...again, ...w.split(key), key].map(shown))
  }),
  law('folding what is unknown', 'foldIn i k is the same for a number and a tensor', (key, choice) => {
    const asTensor: Tensor<[]> = filled({ shape: [], dtype: 'int32' }, choice)
    return (
      sameBits(w.foldIn(asTensor)(key), w.foldIn(choice)(key)) &&
      sameBits(jit((i: Tensor<[]>) => w.foldIn(i)(key), { engine: interpreter })(asTensor), w.foldIn(choice)(key))
    )
  }),
  law('no word twice', 'words drawn, split off and folded in, from k and from its keys, are all different', key => {
    const from = [key, ...w.split(key), w.foldIn(0)(key), w.foldIn(1)(key)]
    const drawn = from.flatMap(k => {
      const [high, low] = w.words(k)
      const [x, y] = [numbers(high), numbers(low)]
      return x.map((word, i) => `${word},${y[i]}`)
    })
    return allDiffer([...drawn, ...from.flatMap(k => w.split(k)).map(shown), ...from.map(k => shown(w.foldIn(7)(k)))])
  }),
  law('traced draws', 'jit draw = draw, vmap draw = map draw', key => {
    const some = w.keys(3)(key)
    return draws(w).every(
      draw =>
        sameBits(jit(draw, { engine: interpreter })(key), draw(key)) &&
        range(3).every(i => sameBits(member(vmap(draw)(some as Tensor<[3, 2]>), i), draw(member(some, i) as Key)))
    )
  })
]

/** Samples: bounds, and moments as they should be. */
export const sampleLaws = (w: RandomWords): readonly Law<Key>[] => [
  ...([w.uniform, w.uniformFloat32] as const).map((draw, i) =>
    law(`uniform${i === 0 ? '' : ', float32'}`, '0 ≤ u < 1, mean ≈ 1/2, variance ≈ 1/12', (key: Key) => {
      const xs = numbers(draw(key))
      const average = mean(xs)
      return (
        xs.every(x => x >= 0 && x < 1) &&
        likely(average, 1 / 2, 1 / 12) &&
        likely(mean(xs.map(x => (x - 1 / 2) ** 2)), 1 / 12, 1 / 180)
      )
    })
  ),
  law('uniform numbers differ', 'no two of some hundred of 53 bits are the same', key =>
    allDiffer(numbers(w.uniform(key)).map(String))
  ),
  law('normal', 'finite, mean ≈ 0, variance ≈ 1, skewness ≈ 0, 68.27 % within one standard deviation', key => {
    const xs = numbers(w.normal(key))
    const moment = (n: number): number => mean(xs.map(x => x ** n))
    return (
      xs.every(Number.isFinite) &&
      likely(moment(1), 0, 1) &&
      likely(moment(2), 1, 2) &&
      likely(moment(3), 0, 15) &&
      likely(mean(xs.map(x => (Math.abs(x) < 1 ? 1 : 0))), 0.6827, 0.6827 * 0.3173)
    )
  }),
  law('bernoulli', 'bools, true with the probability asked for', key => {
    const drawn = w.bernoulli(key)
    return drawn.dtype === 'bool' && likely(mean(numbers(drawn)), 0.3, 0.21)
  }),
  law('integers', 'int32 from −3 to 4, each equally likely', key => {
    const drawn = w.integers(key)
    const xs = numbers(drawn)
    return (
      drawn.dtype === 'int32' &&
      range(8).every(i => likely(mean(xs.map(x => (x === i - 3 ? 1 : 0))), 1 / 8, 7 / 64)) &&
      xs.every(x => Number.isInteger(x) && x >= -3 && x < 5)
    )
  }),
  law('permutation', 'each of 0 … n − 1 once, in an order without memory of the old one', key => {
    const xs = numbers(w.permutation(key))
    const middle = (count - 1) / 2
    const variance = (count * count - 1) / 12
    const correlation = mean(xs.map((x, i) => ((x - middle) * (i - middle)) / variance))
    return new Set(xs).size === count && xs.every(x => x >= 0 && x < count) && likely(correlation, 0, 1)
  }),
  law('independence', 'neighbours, and draws from the two keys of a split, are not correlated', key => {
    const [a, b] = w.split(key).map(k => numbers(w.uniform(k)))
    const xs = numbers(w.uniform(key))
    const correlation = (ys: readonly number[], zs: readonly number[]): number =>
      mean(ys.map((y, i) => 12 * (y - 0.5) * (zs[i]! - 0.5)))
    return (
      likely(correlation(a!, b!), 0, 1) &&
      likely(correlation(xs, a!), 0, 1) &&
      likely(correlation(xs, [...xs.slice(1), xs[0]!]), 0, 1)
    )
  })
]

/** Every law of randomness. */
export const randomLaws = (w: RandomWords = words): readonly Law<Key>[] => [
  ...keyLaws(w),
  ...programLaws(w),
  ...sampleLaws(w),
  ...truncatedLaws(w)
]
