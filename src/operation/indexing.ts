/**
 * Elements by number. The numbers are int32 tensors, counted from 0.
 *
 * Numbers that lie outside are never wrapped around: they are a Mistake, when the numbers are known or else when they become known.
 */
import { add, mul } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { scatterAdd as scatterAddRows, take as takeRows } from '../primitive/indexing.js'
import { broadcast, permute, reshape } from '../primitive/movement.js'
import { bitAnd, less, lessEqual, where } from '../primitive/selection.js'
import type { Resize } from '../structure/axis-types.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { normalizeAxis, range, type Shape, sameShape, showShape, size, strides } from '../structure/shape.js'
import { constant, isConstant, type Tensor } from '../tensor/tensor.js'
import { productDtype } from './contraction.js'
import type { AlongOperand } from './signatures.js'

/** Indices are whole numbers, and where they are known they lie on the axis. */
const checkIndices = (operation: string, x: Tensor, indices: Tensor, axis: number): void => {
  if (indices.dtype !== 'int32')
    throw mistake(
      'DtypeMismatch',
      operation,
      `indices are ${indices.dtype}, not int32; make them with { dtype: 'int32' } or cast them`
    )
  if (!isConstant(indices) || size(indices.shape) === 0) return
  const extent = x.shape[axis]!
  const wrong = indices.data.find(index => index < 0 || index >= extent)
  if (wrong !== undefined)
    throw mistake(
      'InvalidArgument',
      operation,
      `index ${wrong} lies outside axis ${axis} of ${showShape(x.shape)}, which has size ${extent}`
    )
}

/** The order of axes in which one is brought to the front. */
const toFront = (rank: number, axis: number): readonly number[] => [axis, ...range(rank).filter(a => a !== axis)]

/** Along which axis; the first unless given. */
export interface AxisOptions<Axis extends number> {
  readonly axis?: Axis
}
type Splice<Marked extends Shape, Put extends Shape, Done extends Shape = []> = Marked extends readonly [
  infer First extends number,
  ...infer Rest extends Shape
]
  ? First extends -1
    ? [...Done, ...Put, ...Rest]
    : Splice<Rest, Put, [...Done, First]>
  : Shape
export type TakeResult<S extends Shape, Indices extends Shape, Axis extends number> = number extends Indices['length']
  ? Tensor
  : Resize<S, Axis, -1, 'take'> extends infer Marked extends Shape
    ? Tensor<Splice<Marked, Indices>>
    : Tensor
export type TakeSignature = <Indices extends Shape, Axis extends number = 0>(
  indices: Tensor<Indices>,
  options?: AxisOptions<Axis>
) => <S extends Shape>(x: AlongOperand<S, Axis, 'take'>) => TakeResult<S, Indices, Axis>

/**
 * Slices along an axis by number: `torch.index_select`, `jnp.take`. The first axis unless given.
 *
 * The axis gives way to the axes of the indices: `x[:, indices]` for axis 1. Of a table of rows these are the rows that are
 * asked for, in that order; the derivative adds up what comes back to a row that was taken several times.
 *
 * @throws a Mistake if the indices are not int32 or lie outside, or if there is no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const table = Tensor.tensor([[1, 2], [3, 4], [5, 6]])
 * const rows = Tensor.tensor([2, 0, 2], { dtype: 'int32' })
 * deepStrictEqual(pipe(table, Tensor.take(rows), Tensor.toArray), [[5, 6], [1, 2], [5, 6]])
 * deepStrictEqual(pipe(table, Tensor.take(Tensor.scalar(1, { dtype: 'int32' }), { axis: 1 }), Tensor.toArray), [2, 4, 6])
 */
export const take = ((indices: Tensor, { axis = 0 }: AxisOptions<number> = {}) =>
  (x: Tensor): Tensor => {
    const rank = x.shape.length
    const along = normalizeAxis('take', rank, axis)
    checkIndices('take', x, indices, along)
    const taken = takeRows(indices)(permute(toFront(rank, along))(x))
    const added = indices.shape.length
    const before = range(along).map(a => added + a)
    return permute([...before, ...range(added), ...range(rank - 1 - along).map(a => added + along + a)])(taken)
  }) as TakeSignature

/** How far along an axis each element of a shape lies. */
const positions = (shape: Shape, axis: number): Tensor => {
  const along = constant(
    [shape[axis]!],
    'int32',
    allocate('int32', shape[axis]!).map((_, i) => i)
  )
  return broadcast(shape)(reshape(shape.map((extent, a) => (a === axis ? extent : 1)))(along))
}
/** Where, in row-major order, the elements of x lie that indices along an axis point to; nowhere (−1), if outside. */
const flatPositions = (operation: string, x: Tensor, indices: Tensor, axis: number): Tensor => {
  const along = normalizeAxis(operation, x.shape.length, axis)
  const fits =
    indices.shape.length === x.shape.length && indices.shape.every((extent, a) => a === along || extent <= x.shape[a]!)
  if (!fits)
    throw mistake(
      'ShapeMismatch',
      operation,
      `indices ${showShape(indices.shape)} do not fit ${showShape(x.shape)}: they need as many axes, and none that is larger, apart from axis ${axis}`
    )
  checkIndices(operation, x, indices, along)
  const steps = strides(x.shape)
  const flat = range(x.shape.length)
    .map(a => mul(a === along ? indices : positions(indices.shape, a), steps[a]!))
    .reduce((sum, term) => add(sum, term))
  if (isConstant(indices)) return flat
  return where(bitAnd(lessEqual(0, indices), less(indices, x.shape[along]!)), flat, -1)
}

export type GatherSignature = <Indices extends Shape, Axis extends number>(
  indices: Tensor<Indices>,
  options: { readonly axis: Axis }
) => <S extends Shape>(x: AlongOperand<S, Axis, 'gather'>) => Tensor<Indices>

/**
 * For each place of the indices, the element of x at that place with the index put for its position along the axis: `torch.gather`.
 *
 * For axis 1 of a matrix, element [i, j] of the result is `x[i, indices[i, j]]`.
 *
 * @throws a Mistake if the indices are not int32, lie outside, or have another number of axes than x, or larger ones
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const scores = Tensor.tensor([[1, 2, 3], [4, 5, 6]])
 * const classes = Tensor.tensor([[2], [0]], { dtype: 'int32' })
 * deepStrictEqual(pipe(scores, Tensor.gather(classes, { axis: 1 }), Tensor.toArray), [[3], [4]])
 */
export const gather = ((indices: Tensor, { axis }: { readonly axis: number }) =>
  (x: Tensor): Tensor =>
    takeRows(flatPositions('gather', x, indices, axis))(reshape([size(x.shape)])(x))) as GatherSignature

export type ScatterAddSignature = <Indices extends Shape, Axis extends number>(
  indices: Tensor<Indices>,
  updates: Tensor<NoInfer<Indices>>,
  options: { readonly axis: Axis }
) => <S extends Shape>(x: AlongOperand<S, Axis, 'scatterAdd'>) => Tensor<S>

/**
 * x with each update added at its place, with the index put for its position along the axis: `torch.scatter_add`. The transpose of `gather`.
 *
 * For axis 1 of a matrix, update [i, j] is added to element `[i, indices[i, j]]`. Updates of one element are all added.
 *
 * @throws a Mistake if the indices are not int32, lie outside, or have another shape than the updates, or if they do not fit x as in `gather`
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const bins = Tensor.tensor([0, 2, 0], { dtype: 'int32' })
 * const counts = pipe(Tensor.zeros([3]), Tensor.scatterAdd(bins, Tensor.ones([3]), { axis: 0 }))
 * deepStrictEqual(Tensor.toArray(counts), [2, 0, 1])
 */
export const scatterAdd = ((indices: Tensor, updates: Tensor, { axis }: { readonly axis: number }) =>
  (x: Tensor): Tensor => {
    if (!sameShape(indices.shape, updates.shape))
      throw mistake(
        'ShapeMismatch',
        'scatterAdd',
        `indices ${showShape(indices.shape)} and updates ${showShape(updates.shape)} differ`
      )
    const dtype = productDtype([x, updates])
    const places = flatPositions('scatterAdd', x, indices, axis)
    const added = scatterAddRows(size(x.shape))(places)(cast(dtype)(updates))
    return add(cast(dtype)(x), reshape(x.shape)(added))
  }) as ScatterAddSignature
