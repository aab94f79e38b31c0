/** Products that are summed along an axis: of matrices, of vectors, and of batches of matrices. */
import { mul } from '../primitive/arithmetic.js'
import { matmul as multiply } from '../primitive/contraction.js'
import { cast } from '../primitive/conversion.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { type Dtype, promote } from '../structure/dtype.js'
import { type Mistake, mistake } from '../structure/mistake.js'
import { broadcastShapes, type Shape, showShape, size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { DotSignature, MatmulSignature, OuterSignature } from './signatures.js'

const plain = multiply({ left: false, right: false })

/** The dtype in which products of tensors are summed; truth values are counted. */
export const productDtype = (tensors: readonly Tensor[]): Dtype => tensors.map(x => x.dtype).reduce(promote, 'int32')

/** `[…, m, k] × […, k, n]`, leading axes broadcast. */
const multiplyBatches = (a: Tensor, b: Tensor): Tensor => {
  const [leadingA, rows, inner] = [a.shape.slice(0, -2), a.shape[a.shape.length - 2]!, a.shape[a.shape.length - 1]!]
  const [leadingB, columns] = [b.shape.slice(0, -2), b.shape[b.shape.length - 1]!]
  // One matrix on the right for all on the left: their rows are one long matrix.
  if (leadingB.length === 0 && leadingA.length > 0) {
    const long = plain(reshape([size(leadingA) * rows, inner])(a), b)
    return reshape([...leadingA, rows, columns])(long)
  }
  const leading = broadcastShapes('matmul', leadingA, leadingB)
  return plain(broadcast([...leading, rows, inner])(a), broadcast([...leading, inner, columns])(b))
}

/** Whether shapes, aligned at their last axes, have equal sizes or 1. */
const broadcastable = (a: Shape, b: Shape): boolean => {
  const [long, short] = a.length < b.length ? [b, a] : [a, b]
  const aligned = long.slice(long.length - short.length)
  return short.every((extent, axis) => extent === aligned[axis] || extent === 1 || aligned[axis] === 1)
}

const dynamicMatmul = (a: Tensor, b: Tensor): Tensor => {
  const wrong = (what: string): Mistake =>
    mistake('ShapeMismatch', 'matmul', `${showShape(a.shape)} × ${showShape(b.shape)}: ${what}`)
  const [rankA, rankB] = [a.shape.length, b.shape.length]
  if (rankA === 0 || rankB === 0) throw wrong('a scalar has no axis to sum over; use mul')
  const [innerA, innerB] = [a.shape[rankA - 1]!, b.shape[rankB === 1 ? 0 : rankB - 2]!]
  if (innerA !== innerB) throw wrong(`inner dimensions ${innerA} and ${innerB} differ`)
  const [leadingA, leadingB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)]
  if (!broadcastable(leadingA, leadingB))
    throw wrong(`leading axes ${showShape(leadingA)} and ${showShape(leadingB)} do not broadcast`)
  const dtype = productDtype([a, b])
  const rows = reshape(rankA === 1 ? [1, innerA] : a.shape)(cast(dtype)(a))
  const columns = reshape(rankB === 1 ? [innerB, 1] : b.shape)(cast(dtype)(b))
  const product = multiplyBatches(rows, columns)
  const leading = product.shape.slice(0, -2)
  const [m, n] = [rows.shape[rows.shape.length - 2]!, columns.shape[columns.shape.length - 1]!]
  return reshape([...leading, ...(rankA === 1 ? [] : [m]), ...(rankB === 1 ? [] : [n])])(product)
}

/**
 * The matrix product: `matmul(b)(a)` is a × b, `torch.matmul`.
 *
 * `[…, m, k] × […, k, n] → […, m, n]`, leading axes broadcast. A vector stands for one row on the left and one column on the
 * right, and that axis is not in the result: `[m, k] × [k] → [m]`, `[k] × [k, n] → [n]`, `[k] × [k] → []`.
 * float32 is summed in float64 and rounded once.
 *
 * @throws a Mistake if inner dimensions differ, leading axes do not broadcast, or an operand is a scalar
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rotate = Tensor.tensor([[0, -1], [1, 0]])
 * deepStrictEqual(pipe(rotate, Tensor.matmul(Tensor.tensor([2, 3])), Tensor.toArray), [-3, 2])
 * deepStrictEqual(pipe(rotate, Tensor.matmul(rotate), Tensor.toArray), [[-1, 0], [0, -1]])
 */
export const matmul = ((b: Tensor) => (a: Tensor) => dynamicMatmul(a, b)) as MatmulSignature

/**
 * The sum of the products of two vectors: `dot(b)(a)` is `Σ aᵢ bᵢ`, `torch.dot`.
 *
 * @throws a Mistake if an operand is not a vector, or their sizes differ
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.tensor([1, 2, 3]), Tensor.dot(Tensor.tensor([4, 5, 6])), Tensor.item), 32)
 */
export const dot = ((b: Tensor) =>
  (a: Tensor): Tensor => {
    const wrong = (what: string): Mistake =>
      mistake('ShapeMismatch', 'dot', `${showShape(a.shape)} · ${showShape(b.shape)}: ${what}`)
    if (a.shape.length !== 1 || b.shape.length !== 1) throw wrong('both operands must be vectors; use matmul')
    if (a.shape[0] !== b.shape[0]) throw wrong(`sizes ${a.shape[0]} and ${b.shape[0]} differ`)
    return dynamicMatmul(a, b)
  }) as DotSignature

/**
 * All products of the elements of two vectors: element [i, j] of `outer(b)(a)` is `aᵢ bⱼ`, `torch.outer`.
 *
 * @throws a Mistake if an operand is not a vector
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2]), Tensor.outer(Tensor.tensor([3, 4, 5])), Tensor.toArray), [[3, 4, 5], [6, 8, 10]])
 */
export const outer = ((b: Tensor) =>
  (a: Tensor): Tensor => {
    if (a.shape.length !== 1 || b.shape.length !== 1)
      throw mistake(
        'ShapeMismatch',
        'outer',
        `${showShape(a.shape)} and ${showShape(b.shape)}: both operands must be vectors`
      )
    const column: Shape = [a.shape[0]!, 1]
    return mul(reshape(column)(a), b)
  }) as OuterSignature
