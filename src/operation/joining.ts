/** Several tensors as one, along an axis, and one as several: `concat(axis)(split(sizes, axis)(x)) = x`. */
import { cast } from '../primitive/conversion.js'
import { concat as concatPrimitive } from '../primitive/window.js'
import type { Resize } from '../structure/axis-types.js'
import type { DivideExactly } from '../structure/digits.js'
import { promote } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { normalizeAxis, type Shape, sameShape, showShape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { withAxis } from './movement.js'
import type { AlongOperand, ConcatSignature, StackSignature } from './signatures.js'
import { part } from './window.js'

/** Tensors in the dtype that holds all of theirs. */
const together = (tensors: readonly Tensor[]): readonly Tensor[] => {
  const dtype = tensors.map(x => x.dtype).reduce(promote, 'bool')
  return tensors.map(cast(dtype))
}
const firstOf = (operation: string, tensors: readonly Tensor[]): Tensor => {
  const first = tensors[0]
  if (first === undefined) throw mistake('InvalidArgument', operation, 'nothing to put together')
  return first
}

/**
 * Tensors put together along an axis that they have: `torch.cat`. Dtypes are promoted to the one that holds all.
 *
 * @throws a Mistake if there are no tensors, if their shapes differ apart from that axis, or there is no such axis
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const joined = Tensor.concat(0)([Tensor.tensor([[1, 2]]), Tensor.tensor([[3, 4], [5, 6]])])
 * deepStrictEqual(Tensor.toArray(joined), [[1, 2], [3, 4], [5, 6]])
 */
export const concat = ((axis: number) =>
  (tensors: readonly Tensor[]): Tensor =>
    concatPrimitive(normalizeAxis('concat', firstOf('concat', tensors).shape.length, axis))(
      together(tensors)
    )) as ConcatSignature

/**
 * Tensors of one shape put together along a new axis, which is counted in the result: `torch.stack`. Dtypes are promoted to the one that holds all.
 *
 * @throws a Mistake if there are no tensors, if their shapes differ, or the result has no such axis
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [a, b] = [Tensor.tensor([1, 2]), Tensor.tensor([3, 4])]
 * deepStrictEqual(Tensor.toArray(Tensor.stack(0)([a, b])), [[1, 2], [3, 4]])
 * deepStrictEqual(Tensor.toArray(Tensor.stack(1)([a, b])), [[1, 3], [2, 4]])
 */
export const stack = ((axis: number) =>
  (tensors: readonly Tensor[]): Tensor => {
    const { shape } = firstOf('stack', tensors)
    const along = normalizeAxis('stack', shape.length + 1, axis)
    const other = tensors.findIndex(x => !sameShape(x.shape, shape))
    if (other >= 0)
      throw mistake(
        'ShapeMismatch',
        'stack',
        `shapes ${showShape(shape)} and ${showShape(tensors[other]!.shape)} (operand ${other}) differ`
      )
    return concatPrimitive(along)(together(tensors).map(x => withAxis(x, along)))
  }) as StackSignature

/** Parts of these sizes, one after another, along an axis counted from 0. */
const cut = (x: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] => {
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, extent) => sum + extent, 0))
  return sizes.map((extent, i) => part(x, axis, starts[i]!, extent))
}

type Piece<S extends Shape, Axis extends number, Size> =
  Resize<S, Axis, Size & number, 'split'> extends infer R extends Shape ? Tensor<R> : Tensor
export type SplitResult<S extends Shape, Axis extends number, Sizes> = Sizes extends readonly number[]
  ? { readonly [K in keyof Sizes]: Piece<S, Axis, Sizes[K]> }
  : readonly Piece<S, Axis, number>[]
export type SplitSignature = <const Sizes extends number | readonly number[], Axis extends number>(
  sizes: Sizes,
  axis: Axis
) => <S extends Shape>(x: AlongOperand<S, Axis, 'split'>) => SplitResult<S, Axis, Sizes>

/**
 * Parts of given sizes along an axis: `torch.split`. With one number all parts have that size, the last perhaps less.
 *
 * @throws a Mistake if the sizes do not add up to the axis's, or there is no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [first, rest] = pipe(Tensor.arange(5), Tensor.split([1, 4], 0))
 * deepStrictEqual([Tensor.toArray(first), Tensor.toArray(rest)], [[0], [1, 2, 3, 4]])
 * deepStrictEqual(pipe(Tensor.arange(5), Tensor.split(2, 0)).map(Tensor.toArray), [[0, 1], [2, 3], [4]])
 */
export const split = ((sizes: number | readonly number[], axis: number) =>
  (x: Tensor): readonly Tensor[] => {
    const along = normalizeAxis('split', x.shape.length, axis)
    const extent = x.shape[along]!
    if (typeof sizes === 'number') {
      if (!Number.isInteger(sizes) || sizes < 1)
        throw mistake('InvalidArgument', 'split', `a size is ${sizes}, which is not a whole number from 1 on`)
      const parts = Math.max(1, Math.ceil(extent / sizes))
      return cut(
        x,
        along,
        Array.from({ length: parts }, (_, i) => Math.min(sizes, extent - i * sizes))
      )
    }
    const wrong = sizes.find(each => !Number.isInteger(each) || each < 0)
    if (wrong !== undefined)
      throw mistake('InvalidArgument', 'split', `a size is ${wrong}, which is not a whole number from 0 on`)
    const total = sizes.reduce((sum, each) => sum + each, 0)
    if (total !== extent)
      throw mistake(
        'ShapeMismatch',
        'split',
        `sizes ${showShape(sizes)} add up to ${total}, axis ${axis} of ${showShape(x.shape)} has ${extent}`
      )
    return cut(x, along, sizes)
  }) as SplitSignature

type Times<N extends number, Each, Done extends readonly Each[] = []> = number extends N
  ? readonly Each[]
  : Done['length'] extends N
    ? Done
    : Times<N, Each, readonly [...Done, Each]>
type Shared<S extends Shape, Marked extends Shape, Parts extends number> = {
  -readonly [K in keyof S]: Marked[K & keyof Marked] extends -1 ? Quotient<S[K], Parts> : Marked[K & keyof Marked]
}
type Share<S extends Shape, Axis extends number, Parts extends number> =
  Resize<S, Axis, -1, 'chunk'> extends infer Marked extends Shape
    ? number extends Marked['length']
      ? Tensor
      : Shared<S, Marked, Parts> extends infer R extends Shape
        ? Tensor<R>
        : Tensor
    : Tensor
type Quotient<Size, Parts extends number> = Size extends number
  ? DivideExactly<Size, Parts> extends infer Q extends number
    ? Q
    : number
  : number
export type ChunkSignature = <Parts extends number, Axis extends number>(
  parts: Parts,
  axis: Axis
) => <S extends Shape>(x: AlongOperand<S, Axis, 'chunk'>) => Times<Parts, Share<S, Axis, Parts>>

/**
 * So many equal parts along an axis: `torch.chunk` where the number divides the axis's size, `jnp.split`.
 *
 * @throws a Mistake if the number does not divide the axis's size, or there is no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [left, right] = pipe(Tensor.tensor([[1, 2, 3, 4]]), Tensor.chunk(2, 1))
 * deepStrictEqual([Tensor.toArray(left), Tensor.toArray(right)], [[[1, 2]], [[3, 4]]])
 */
export const chunk = ((parts: number, axis: number) =>
  (x: Tensor): readonly Tensor[] => {
    const along = normalizeAxis('chunk', x.shape.length, axis)
    const extent = x.shape[along]!
    if (!Number.isInteger(parts) || parts < 1)
      throw mistake('InvalidArgument', 'chunk', `${parts} parts, which is not a whole number from 1 on`)
    if (extent % parts !== 0)
      throw mistake(
        'ShapeMismatch',
        'chunk',
        `axis ${axis} of ${showShape(x.shape)} has size ${extent}, which ${parts} does not divide`
      )
    return cut(x, along, new Array<number>(parts).fill(extent / parts))
  }) as ChunkSignature
