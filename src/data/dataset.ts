/** Data to learn from: a record of tensors with one row for each example. */

import * as Tree from '../operation/tree.js'
import { take } from '../primitive/indexing.js'
import { slice } from '../primitive/window.js'
import { permutation } from '../random/distribution.js'
import type { Key } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { showShape } from '../structure/shape.js'
import { constant, isTensor, type Tensor } from '../tensor/tensor.js'

/** Inputs and targets; any record (or tree) of tensors with a common leading axis will do. */
export interface Dataset<X = Tensor, Y = Tensor> {
  readonly x: X
  readonly y: Y
}

/** How an epoch goes through the data. */
export interface Batches<D> {
  readonly _tag: 'Batches'
  readonly data: D
  readonly size: number
  readonly shuffle: boolean
  readonly dropLast: boolean
}

/**
 * The number of examples.
 *
 * @throws a Mistake if the tensors' leading axes differ, or there is none, or no example
 *
 * @example
 * import { Dataset, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Dataset.size({ x: Tensor.zeros([11, 1]), y: Tensor.zeros([11, 1]) }), 11)
 */
export const size = (data: unknown): number => {
  const entries = Tree.entries(data)
  const [first] = entries
  if (first === undefined) throw mistake('InvalidArgument', 'Dataset', 'a data set holds at least one tensor')
  const n = first[1].shape[0]
  if (n === undefined)
    throw mistake('ShapeMismatch', 'Dataset', `'${first[0]}' is a scalar; its first axis would be the examples`)
  for (const [path, x] of entries) {
    if (x.shape[0] !== n) {
      throw mistake(
        'ShapeMismatch',
        'Dataset',
        `'${first[0]}' ${showShape(first[1].shape)} and '${path}' ${showShape(x.shape)} have different numbers of examples`
      )
    }
  }
  if (n === 0)
    throw mistake('InvalidArgument', 'Dataset', `there are no examples: '${first[0]}' is ${showShape(first[1].shape)}`)
  return n
}

const rows =
  (start: number, count: number) =>
  (x: Tensor): Tensor =>
    slice({
      start: x.shape.map((_, axis) => (axis === 0 ? start : 0)),
      step: x.shape.map(() => 1),
      shape: [count, ...x.shape.slice(1)]
    })(x)

/**
 * The examples with these numbers, in this order.
 *
 * @example
 * import { Dataset, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const data = { x: Tensor.tensor([10, 20, 30]) }
 * deepStrictEqual(Tensor.toArray(pipe(data, Dataset.select([2, 0])).x), [30, 10])
 */
export const select =
  (indices: readonly number[] | Tensor) =>
  <D>(data: D): D => {
    size(data)
    const order = isTensor(indices) ? indices : constant([indices.length], 'int32', Int32Array.from(indices))
    return Tree.map(take(order))(data)
  }

/** Two parts of a data set, under the names by which `history` takes them. */
export interface Split<D> {
  readonly train: D
  readonly validation: D
}

/**
 * Given examples for training and for validation, in the given order.
 *
 * @example
 * import { Dataset, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const { validation } = pipe({ x: Tensor.tensor([10, 20, 30]) }, Dataset.splitByIndices({ train: [2, 0], validation: [1] }))
 * deepStrictEqual(Tensor.toArray(validation.x), [20])
 */
export const splitByIndices =
  ({ train, validation }: { readonly train: readonly number[]; readonly validation: readonly number[] }) =>
  <D>(data: D): Split<D> => ({ train: select(train)(data), validation: select(validation)(data) })

/**
 * A random part of the data held out for validation: `⌊n · fraction⌋` examples, at least one on either side.
 *
 * @throws a Mistake if the fraction is not between 0 and 1, or there are fewer than two examples
 *
 * @example
 * import { Dataset, pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const data = { x: Tensor.zeros([11, 1]), y: Tensor.zeros([11, 1]) }
 * const { train, validation } = pipe(data, Dataset.split({ fraction: 0.2, key: Random.key(1) }))
 * deepStrictEqual([Dataset.size(train), Dataset.size(validation)], [9, 2])
 */
export const split =
  ({ fraction, key }: { readonly fraction: number; readonly key: Key }) =>
  <D>(data: D): Split<D> => {
    if (!(fraction > 0 && fraction < 1))
      throw mistake('InvalidArgument', 'Dataset.split', `fraction is ${fraction}; it must lie between 0 and 1`)
    const n = size(data)
    if (n < 2) throw mistake('InvalidArgument', 'Dataset.split', 'one example cannot be split in two')
    const held = Math.min(n - 1, Math.max(1, Math.floor(n * fraction)))
    const order = permutation(n)(key)
    return { train: select(rows(0, n - held)(order))(data), validation: select(rows(n - held, held)(order))(data) }
  }

/**
 * The data in batches: how an epoch goes through it. Defaults: shuffle false, dropLast false.
 *
 * With `shuffle` the order of each epoch is drawn from the snapshot's key; with `dropLast` a last batch that is not full is left out.
 *
 * @throws a Mistake if the size is not a whole number of 1 or more
 *
 * @example
 * import { Dataset, Tensor } from 'cotangent'
 * import { throws } from 'node:assert'
 *
 * throws(() => Dataset.batches({ size: -3 })({ x: Tensor.zeros([11, 1]) }), /size is -3; it must be a whole number of 1 or more/)
 */
export const batches = ({
  size: length,
  shuffle = false,
  dropLast = false
}: {
  readonly size: number
  readonly shuffle?: boolean
  readonly dropLast?: boolean
}) => {
  if (!Number.isInteger(length) || length < 1) {
    throw mistake('InvalidArgument', 'Dataset.batches', `size is ${length}; it must be a whole number of 1 or more`)
  }
  return <D>(data: D): Batches<D> => {
    const n = size(data)
    if (dropLast && n < length)
      throw mistake(
        'InvalidArgument',
        'Dataset.batches',
        `no batch of ${length} is full with ${n} examples, and the last is dropped`
      )
    return { _tag: 'Batches', data, size: length, shuffle, dropLast }
  }
}

/**
 * The batches of one epoch, drawn by a key; the key is not looked at where nothing is shuffled.
 *
 * @example
 * import { Dataset, pipe, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const batches = pipe({ x: Tensor.zeros([11, 1]) }, Dataset.batches({ size: 4, shuffle: true }))
 * deepStrictEqual([...Dataset.draw(Random.key(1))(batches)].map(Dataset.size), [4, 4, 3])
 */
export const draw =
  (key: Key) =>
  <D>({ data, size: length, shuffle, dropLast }: Batches<D>): Iterable<D> => ({
    *[Symbol.iterator]() {
      const n = size(data)
      const ordered = shuffle ? select(permutation(n)(key))(data) : data
      for (let start = 0; start < n; start += length) {
        const count = Math.min(length, n - start)
        if (count === n) yield ordered
        else if (count === length || !dropLast) yield Tree.map(rows(start, count))(ordered)
      }
    }
  })

const isBatches = (data: unknown): data is Batches<unknown> =>
  typeof data === 'object' && data !== null && '_tag' in data && data._tag === 'Batches'
/**
 * Data as batches: a plain data set is one batch of all of it, in order.
 *
 * @example
 * import { Dataset, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Dataset.asBatches({ x: Tensor.zeros([11, 1]) }).size, 11)
 */
export const asBatches = <D>(data: D | Batches<D>): Batches<D> =>
  isBatches(data) ? (data as Batches<D>) : batches({ size: size(data) })(data)
