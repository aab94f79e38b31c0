import { describe, expect, test } from 'vitest'
import { interpreter } from '../../src/engine/interpreter.js'
import { jit } from '../../src/engine/jit.js'
import * as _ from '../../src/random/distribution.js'
import { key } from '../../src/random/key.js'
import * as T from '../../src/Tensor.js'
import { told } from '../told.js'

const n = 100_000
const moments = (x: T.Tensor) => ({ mean: T.item(T.mean()(x)), deviation: T.item(T.standardDeviation()(x)) })
/** Five standard errors: a right sampler fails once in millions of seeds, and this seed is fixed. */
const near = (actual: number, expected: number, error: number) =>
  expect(Math.abs(actual - expected)).toBeLessThan(5 * error)

describe.each(['float32', 'float64'] as const)('%s', dtype => {
  test('uniform: in its range, with mean and deviation', () => {
    const sample = _.uniform([n], { min: -1, max: 3, dtype })(key(1))
    const data = T.toData(sample)
    expect(data.every(x => x >= -1 && x < 3)).toBe(true)
    const { mean, deviation } = moments(T.cast('float64')(sample))
    near(mean, 1, 4 / Math.sqrt(12 * n))
    near(deviation, 4 / Math.sqrt(12), 4 / Math.sqrt(12 * n))
    // Every tenth of the range has its tenth of the numbers.
    for (let tenth = 0; tenth < 10; tenth++) {
      const count = data.filter(x => Math.floor(((x + 1) / 4) * 10) === tenth).length
      near(count / n, 0.1, Math.sqrt(0.09 / n))
    }
  })
  test('normal: mean, deviation, tails, and no infinity', () => {
    const sample = T.cast('float64')(_.normal([n], { mean: 2, standardDeviation: 3, dtype })(key(2)))
    const { mean, deviation } = moments(sample)
    near(mean, 2, 3 / Math.sqrt(n))
    near(deviation, 3, 3 / Math.sqrt(2 * n))
    const beyond = T.toData(sample).filter(x => Math.abs(x - 2) > 6).length / n
    near(beyond, 0.0455, Math.sqrt(0.0455 / n))
    expect(T.toData(sample).every(Number.isFinite)).toBe(true)
  })
})

test('the most extreme bits give a finite float32 normal', () => {
  // 2²³ cells: 2 million draws meet the outermost few of them, in which a carelessly rounded 1 would be infinite.
  let largest = 0
  for (let seed = 0; seed < 4; seed++) {
    const sample = T.toData(_.normal([500_000])(key(seed)))
    for (const x of sample) largest = Math.max(largest, Math.abs(x))
  }
  expect(largest).toBeGreaterThan(4.5)
  expect(largest).toBeLessThan(5.5)
})

test('bernoulli, integers and permutations', () => {
  const share = T.item(T.mean()(T.cast('float64')(_.bernoulli([n], { probability: 0.3 })(key(3)))))
  near(share, 0.3, Math.sqrt(0.21 / n))
  expect(T.toArray(_.bernoulli([3], { probability: 0 })(key(3)))).toEqual([false, false, false])
  const dice = T.toData(_.integers([n], { min: 1, max: 7 })(key(4)))
  for (const face of [1, 2, 3, 4, 5, 6]) near(dice.filter(x => x === face).length / n, 1 / 6, Math.sqrt(5 / 36 / n))
  const wide = T.toData(_.integers([1000], { min: -(2 ** 31), max: 2 ** 31 })(key(5)))
  expect([wide.some(x => x < -(2 ** 30)), wide.some(x => x > 2 ** 30)]).toEqual([true, true])
  const order = _.permutation(1000)(key(6))
  expect([T.dtype(order), new Set(T.toData(order)).size]).toEqual(['int32', 1000])
  expect(T.toArray(order).slice(0, 5)).not.toEqual([0, 1, 2, 3, 4])
  expect([T.toArray(_.permutation(0)(key(6))), T.toArray(_.permutation(1)(key(6)))]).toEqual([[], [0]])
  // Every order of three is as likely as any other.
  const counts = new Map<string, number>()
  for (let seed = 0; seed < 600; seed++) {
    const name = String(T.toArray(_.permutation(3)(key(seed))))
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  for (const count of counts.values()) near(count / 600, 1 / 6, Math.sqrt(5 / 36 / 600))
})

test('the same key gives the same sample, compiled or not, and another key another', () => {
  for (const sample of [
    _.uniform([9]),
    _.normal([9]),
    _.bernoulli([99]),
    _.integers([9], { min: 0, max: 100 }),
    _.permutation(9)
  ]) {
    const draw = (seed: number): T.Tensor => sample(key(seed))
    expect(T.equals(draw(1))(draw(1))).toBe(true)
    const traced = (k: T.Tensor<[2]>): T.Tensor => sample(k)
    expect(T.equals(draw(1))(jit(traced, { engine: interpreter })(key(1)))).toBe(true)
    // The random bits are the same; a function of them (erf⁻¹ in `normal`) may round otherwise.
    const compiled = T.toData(jit(traced)(key(1)))
    T.toData(draw(1)).forEach((x, i) => {
      near(compiled[i]!, x, 1e-6)
    })
    expect(T.equals(draw(1))(draw(2))).toBe(false)
  }
  expect(T.shape(_.normal([2, 0, 3])(key(1)))).toEqual([2, 0, 3])
})

test.each<readonly [() => unknown, string]>([
  [() => _.uniform([2], { min: 1, max: 0 })(key(0)), 'InvalidArgument: Random.uniform: no range from 1 to 0'],
  [
    () => _.uniform([2], { max: Number.POSITIVE_INFINITY })(key(0)),
    'InvalidArgument: Random.uniform: no range from 0 to Infinity'
  ],
  [
    () => _.uniform([2.5])(key(0)),
    'InvalidArgument: Random.uniform: [2.5] is not a shape: sizes are whole numbers from 0 on'
  ],
  [
    () => _.normal([2], { standardDeviation: -1 })(key(0)),
    'InvalidArgument: Random.normal: standardDeviation is -1, which is not 0 or more'
  ],
  [
    () => _.normal([2], { standardDeviation: Number.NaN })(key(0)),
    'InvalidArgument: Random.normal: standardDeviation is NaN, which is not 0 or more'
  ],
  [
    () => _.bernoulli([2], { probability: 1.5 })(key(0)),
    'InvalidArgument: Random.bernoulli: probability is 1.5, which is not between 0 and 1'
  ],
  [
    () => _.integers([2], { min: 3, max: 3 })(key(0)),
    'InvalidArgument: Random.integers: no int32 numbers from 3 up to but not including 3'
  ],
  [
    () => _.integers([2], { min: 0, max: 2.5 })(key(0)),
    'InvalidArgument: Random.integers: no int32 numbers from 0 up to but not including 2.5'
  ],
  [
    () => _.permutation(-1)(key(0)),
    'InvalidArgument: Random.permutation: [-1] is not a shape: sizes are whole numbers from 0 on'
  ]
])('mistakes, %#', (run, message) => expect(told(run)).toBe(message))
