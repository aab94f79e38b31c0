/** A vector for each number of a vocabulary. */
import { arange } from '../operation/creation.js'
import { stopGradient } from '../primitive/conversion.js'
import { take } from '../primitive/indexing.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { equal, where } from '../primitive/selection.js'
import { normal } from '../random/distribution.js'
import { draw } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { isConstant, type Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { parameter } from './linear.js'
import { isShape, pure, type RunLayer, showSizes } from './runtime.js'
import { checkWhole } from './tail.js'
import type { AnyLayer, Empty, Layer } from './types.js'

/** Whole numbers to vectors. */
export interface Embedding<N extends number, D extends number>
  extends Layer<{ readonly weight: Tensor<[N, D]> }, [], [D], Empty, 'embedding'> {}

const row = (count: number, paddingIndex: number | undefined): number | undefined => {
  if (paddingIndex === undefined) return undefined
  const found = paddingIndex < 0 ? paddingIndex + count : paddingIndex
  if (!Number.isInteger(paddingIndex) || found < 0 || found >= count)
    throw mistake(
      'InvalidArgument',
      'Layer.embedding',
      `paddingIndex is ${paddingIndex}; it must be a whole number from ${-count} to ${count - 1}`
    )
  return found
}

/** Numbers that are known must be rows; the others are looked at when they are. */
const checkNumbers = (count: number, numbers: Tensor): void => {
  if (numbers.dtype !== 'int32')
    throw mistake(
      'DtypeMismatch',
      'embedding',
      `the input is ${numbers.dtype}, and should be int32: whole numbers from 0 to ${count - 1}`
    )
  if (!isConstant(numbers) || numbers.shape.includes(0)) return
  const wrong = numbers.data.find(number => number < 0 || number >= count)
  if (wrong !== undefined)
    throw mistake('InvalidArgument', 'embedding', `${wrong} has no vector: there are ${count}, for 0 to ${count - 1}`)
}

const embeddingOf = (count: number, dimension: number, padding: number | undefined): RunLayer => ({
  kind: 'embedding',
  printed: {
    name: 'Embedding',
    settings: `${count}, ${dimension}${padding === undefined ? '' : `, padding_idx=${padding}`}`
  },
  settings: { count, dimension, paddingIndex: padding ?? null },
  children: [],
  input: [],
  output: [dimension],
  shapeOf: given => {
    if (isShape(given)) return [...given, dimension]
    throw mistake('ShapeMismatch', 'embedding', `input ${showSizes(given)} is not one tensor`)
  },
  batchCoupled: false,
  init:
    ({ dtype }) =>
    key => {
      const [drawn, rest] = draw(normal([count, dimension], { dtype }))(key)
      if (padding === undefined) return [{ weight: drawn }, rest]
      const isPadding = reshape([count, 1])(equal(arange(count, { dtype: 'int32' }), padding))
      return [{ weight: where(isPadding, 0, drawn) }, rest]
    },
  buffers: {},
  forward: pure(params => {
    const weight = parameter('embedding', params, 'weight', [count, dimension])
    return indices => {
      checkNumbers(count, indices)
      const taken = take(indices)(weight)
      if (padding === undefined) return taken
      const isPadding = broadcast(taken.shape)(reshape([...indices.shape, 1])(equal(indices, padding)))
      return where(isPadding, stopGradient(taken), taken)
    }
  })
})

/**
 * A vector for each whole number, the rows of a table: `weight[number]`, `torch.nn.Embedding`.
 *
 * Shapes: int32 `[…] → […, dimension]`. `weight [count, dimension]` is drawn from the standard normal distribution. The row
 * `paddingIndex`, if one is named (counted from the end if negative), is 0 at first and gets no gradient: it stands for places
 * where there is nothing.
 *
 * @throws a Mistake if a size is not a whole number of 1 or more, if there is no row `paddingIndex`, if the input is not int32, or if a
 * number has no vector
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const words = Layer.embedding(10, 3, { paddingIndex: 0 })
 * const vectors = words.apply(Layer.initialize(words)(Random.key(1)))(Tensor.tensor([[4, 7], [4, 0]], { dtype: 'int32' }))
 * deepStrictEqual(Tensor.shape(vectors), [2, 2, 3])
 * deepStrictEqual(Tensor.toArray(vectors)[1]![1], [0, 0, 0])
 */
export const embedding = <N extends number, D extends number>(
  count: N,
  dimension: D,
  { paddingIndex }: { readonly paddingIndex?: number } = {}
): Embedding<N, D> => {
  checkWhole('Layer.embedding', 'count', count)
  checkWhole('Layer.embedding', 'dimension', dimension)
  return typed<AnyLayer>(embeddingOf(count, dimension, row(count, paddingIndex))) as Embedding<N, D>
}
