/**
 * Keys: randomness as a value. A key is two int32 words; the same key always draws the same numbers, and keys made from it draw others.
 *
 * Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), written in bitwise
 * primitives, so that it runs inside traced programs as well.
 */
import type { State } from 'fp-ts/lib/State.js'
import { add } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { bitOr, bitXor, shiftLeft, shiftRight } from '../primitive/selection.js'
import { concat, slice } from '../primitive/window.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { checkShape, type Shape, sameShape, showShape, size } from '../structure/shape.js'
import { constant, isTensor, type Tensor, uniform } from '../tensor/tensor.js'

export type Key = Tensor<[2]>

const int32 = (shape: Shape, value: number): Tensor => uniform({ shape, dtype: 'int32' }, value)

/** The two words of a key, for each of its members. */
const wordsOf = (operation: string, key: Key): readonly [Tensor, Tensor] => {
  if (key.dtype !== 'int32' || !sameShape(key.shape, [2])) {
    throw mistake(
      'ShapeMismatch',
      operation,
      `a key is int32 [2], not ${key.dtype} ${showShape(key.shape)}; make one with Random.key`
    )
  }
  const word = (i: number): Tensor => reshape([])(slice({ start: [i], step: [1], shape: [1] })(key))
  return [word(0), word(1)]
}

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const
const rotateLeft = (x: Tensor, by: number): Tensor => bitOr(shiftLeft(x, by), shiftRight(x, 32 - by))

/** The block cipher: two counter words under two key words to two random words, element by element. */
export const threefry = (
  [k0, k1]: readonly [Tensor, Tensor],
  [c0, c1]: readonly [Tensor, Tensor]
): readonly [Tensor, Tensor] => {
  // The third key word makes a zero key harmless; the constant is Skein's C240, cut to 32 bits.
  const schedule = [k0, k1, bitXor(bitXor(k0, k1), 0x1bd11bda)] as const
  let x0 = add(c0, schedule[0])
  let x1 = add(c1, schedule[1])
  for (let round = 0; round < 20; round++) {
    x0 = add(x0, x1)
    x1 = bitXor(rotateLeft(x1, rotations[round % 8]!), x0)
    if (round % 4 === 3) {
      const injection = (round + 1) / 4
      x0 = add(x0, schedule[injection % 3]!)
      x1 = add(add(x1, schedule[(injection + 1) % 3]!), injection)
    }
  }
  return [x0, x1]
}

/** What a block of words is for: draws, splits and folded numbers never share a counter, even under one key. */
const purposes = { draw: 0, split: 1, fold: 2 } as const

const blocks = (
  operation: string,
  key: Key,
  purpose: keyof typeof purposes,
  counters: Tensor
): readonly [Tensor, Tensor] => {
  const [k0, k1] = wordsOf(operation, key)
  const lift = broadcast(counters.shape)
  return threefry([lift(k0), lift(k1)], [counters, int32(counters.shape, purposes[purpose])])
}
const counted = (n: number): Tensor =>
  constant(
    [n],
    'int32',
    allocate('int32', n).map((_, i) => i)
  )
const asColumn = (x: Tensor): Tensor => reshape([...x.shape, 1])(x)
const paired = ([x0, x1]: readonly [Tensor, Tensor]): Tensor => concat(x0.shape.length)([asColumn(x0), asColumn(x1)])

/** Two words of random bits for each element of a shape. */
export const bits =
  (operation: string, shape: Shape) =>
  (key: Key): readonly [Tensor, Tensor] => {
    const [x0, x1] = blocks(operation, key, 'draw', counted(size(shape)))
    return [reshape(shape)(x0), reshape(shape)(x1)]
  }

/**
 * A key from a seed: `jax.random.key`.
 *
 * @example
 * import { Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Random.key(42)), [0, 42])
 */
export const key = (seed: number): Key => {
  if (!Number.isSafeInteger(seed))
    throw mistake('InvalidArgument', 'Random.key', `a seed is a whole number, not ${seed}`)
  return constant([2], 'int32', Int32Array.of(Math.floor(seed / 2 ** 32), seed | 0))
}

/**
 * So many independent keys in one tensor `[n, 2]`, to map over: `jax.random.split`.
 *
 * @example
 * import { Random, Tensor, vmap } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const draws = vmap(Random.normal([3]))(Random.keys(100)(Random.key(1)))
 * deepStrictEqual(Tensor.shape(draws), [100, 3])
 */
export const keys =
  <N extends number>(n: N) =>
  (key: Key): Tensor<[N, 2]> =>
    paired(blocks('Random.keys', key, 'split', counted(checkShape('Random.keys', [n])[0]!))) as Tensor<[N, 2]>

/**
 * Two keys that draw differently from each other and from the one they come from: `jax.random.split`.
 *
 * @example
 * import { Random, Tensor } from 'cotangent'
 * import { notDeepStrictEqual } from 'node:assert'
 *
 * const [first, second] = Random.split(Random.key(42))
 * notDeepStrictEqual(Tensor.toArray(first), Tensor.toArray(second))
 */
export const split = (key: Key): [Key, Key] => {
  const both = paired(blocks('Random.split', key, 'split', counted(2)))
  const member = (i: number): Key => reshape([2])(slice({ start: [i, 0], step: [1, 1], shape: [1, 2] })(both)) as Key
  return [member(0), member(1)]
}

/**
 * A key for a number, known or traced, such as a step or a member of a batch: `jax.random.fold_in`.
 *
 * @example
 * import { pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(
 *   pipe(Random.key(42), Random.foldIn(7), Tensor.toArray),
 *   pipe(Random.key(42), Random.foldIn(7), Tensor.toArray)
 * )
 */
export const foldIn =
  (data: number | Tensor<[]>) =>
  (key: Key): Key => {
    if (!isTensor(data) && (data | 0) !== data && data >>> 0 !== data)
      throw mistake('InvalidArgument', 'Random.foldIn', `${data} is not a whole number of 32 bits`)
    return paired(blocks('Random.foldIn', key, 'fold', isTensor(data) ? cast('int32')(data) : int32([], data))) as Key
  }

/**
 * A fresh key, and the key to go on with: where every random step of a program begins.
 *
 * @example
 * import { Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [fresh, rest] = Random.next(Random.key(0))
 * deepStrictEqual([fresh, rest].map(Tensor.toArray), Random.split(Random.key(0)).map(Tensor.toArray))
 */
export const next: State<Key, Key> = key => split(key)

/**
 * A sampler as a step of a program that carries a key.
 *
 * @example
 * import { pipe, Random, Tensor } from 'cotangent'
 * import * as S from 'fp-ts/lib/State.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const pair = pipe(
 *   Random.draw(Random.normal([2])),
 *   S.chain(a => pipe(Random.draw(Random.normal([2])), S.map(b => [a, b] as const)))
 * )
 * const [[a, b]] = pair(Random.key(0))
 * deepStrictEqual([Tensor.shape(a), Tensor.shape(b)], [[2], [2]])
 */
export const draw =
  <A>(sample: (key: Key) => A): State<Key, A> =>
  key => {
    const [fresh, rest] = next(key)
    return [sample(fresh), rest]
  }
