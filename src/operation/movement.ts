/** The same elements under another shape, in another order of axes, or repeated. */
import { broadcast, permute as permutePrimitive, reshape as reshapePrimitive } from '../primitive/movement.js'
import type { Product } from '../structure/digits.js'
import { mistake } from '../structure/mistake.js'
import { normalizeAxis, range, type Shape, showShape, size, without } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type {
  ExpandSignature,
  PermuteSignature,
  ReshapeSignature,
  SqueezeSignature,
  SwapAxesSignature,
  TransposeSignature,
  UnsqueezeSignature
} from './signatures.js'

/** Sizes from 0 on, or −1 for a size to be found. */
const checkSizes = (operation: string, shape: Shape): void => {
  if (!shape.every(extent => Number.isInteger(extent) && extent >= -1))
    throw mistake(
      'InvalidArgument',
      operation,
      `${showShape(shape)} is not a shape: sizes are whole numbers from 0 on, or -1`
    )
}

const dynamicReshape =
  (to: Shape) =>
  (x: Tensor): Tensor => {
    checkSizes('reshape', to)
    const open = to.indexOf(-1)
    // Copied: whoever made the list may change it later.
    if (open < 0) return reshapePrimitive([...to])(x)
    const others = to.filter((_, axis) => axis !== open)
    if (others.includes(-1))
      throw mistake('InvalidArgument', 'reshape', `${showShape(to)} leaves more than one size open`)
    const [total, part] = [size(x.shape), size(others)]
    if (part === 0)
      throw mistake('ShapeMismatch', 'reshape', `${showShape(to)} has no elements, whatever -1 stands for`)
    if (total % part !== 0)
      throw mistake(
        'ShapeMismatch',
        'reshape',
        `${showShape(x.shape)} has ${total} elements, ${showShape(to)} would have a multiple of ${part}`
      )
    return reshapePrimitive(to.map((extent, axis) => (axis === open ? total / part : extent)))(x)
  }

/**
 * The same elements, in row-major order, under another shape: `torch.reshape`. One size may be −1: what is left for it.
 *
 * @throws a Mistake if the shape would have another number of elements, or leaves more than one size open
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([1, 2, 3, 4, 5, 6])
 * deepStrictEqual(pipe(x, Tensor.reshape([2, 3]), Tensor.toArray), [[1, 2, 3], [4, 5, 6]])
 * deepStrictEqual(pipe(x, Tensor.reshape([-1, 2]), Tensor.shape), [3, 2])
 */
export const reshape = dynamicReshape as ReshapeSignature

/** Which axes become one; all, unless told otherwise. */
export interface FlattenOptions<Start extends number> {
  readonly start?: Start
  readonly end?: number
}
type FlattenFrom<S extends Shape, Start extends number, Done extends Shape = []> = Done['length'] extends Start
  ? [...Done, Product<S>]
  : S extends readonly [infer First extends number, ...infer Rest extends Shape]
    ? FlattenFrom<Rest, Start, [...Done, First]>
    : Shape
export type FlattenResult<S extends Shape, Options extends FlattenOptions<number>> = number extends S['length']
  ? Tensor
  : Options extends { readonly end: number }
    ? Tensor
    : Tensor<FlattenFrom<S, Options extends { readonly start: infer Start extends number } ? Start : 0>>
export type FlattenSignature = <const Options extends FlattenOptions<number> = Record<never, never>>(
  options?: Options
) => <S extends Shape>(x: Tensor<S>) => FlattenResult<S, Options>

/**
 * The axes from `start` to `end`, both included, made one: `torch.flatten`. From the first to the last unless given.
 *
 * A scalar becomes a vector of one element.
 *
 * @throws a Mistake if there are no such axes, or they are not in order
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const images = Tensor.zeros([10, 3, 8, 8])
 * deepStrictEqual(pipe(images, Tensor.flatten(), Tensor.shape), [1920])
 * deepStrictEqual(pipe(images, Tensor.flatten({ start: 1 }), Tensor.shape), [10, 192])
 */
export const flatten = (({ start = 0, end = -1 }: FlattenOptions<number> = {}) =>
  (x: Tensor): Tensor => {
    if (x.shape.length === 0) return reshapePrimitive([1])(x)
    const first = normalizeAxis('flatten', x.shape.length, start)
    const last = normalizeAxis('flatten', x.shape.length, end)
    if (first > last) throw mistake('InvalidArgument', 'flatten', `axis ${start} lies after axis ${end}`)
    const middle = size(x.shape.slice(first, last + 1))
    return reshapePrimitive([...x.shape.slice(0, first), middle, ...x.shape.slice(last + 1)])(x)
  }) as FlattenSignature

/** The order of axes in which two are exchanged. */
const exchanged = (rank: number, a: number, b: number): readonly number[] =>
  range(rank).map(axis => (axis === a ? b : axis === b ? a : axis))

/**
 * The last two axes exchanged: rows become columns. `torch.Tensor.mT`; other axes are exchanged by `swapAxes`.
 *
 * @throws a Mistake if there are fewer than two axes
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2, 3], [4, 5, 6]]), Tensor.transpose, Tensor.toArray), [[1, 4], [2, 5], [3, 6]])
 */
export const transpose = ((x: Tensor): Tensor => {
  const rank = x.shape.length
  if (rank < 2) throw mistake('ShapeMismatch', 'transpose', `${showShape(x.shape)} has fewer than two axes`)
  return permutePrimitive(exchanged(rank, rank - 2, rank - 1))(x)
}) as TransposeSignature

/**
 * Two axes exchanged: `torch.transpose(x, axis1, axis2)`, `jnp.swapaxes`.
 *
 * @throws a Mistake if there is no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.zeros([2, 3, 4]), Tensor.swapAxes(0, -1), Tensor.shape), [4, 3, 2])
 */
export const swapAxes = ((axis1: number, axis2: number) =>
  (x: Tensor): Tensor => {
    const rank = x.shape.length
    const [a, b] = [normalizeAxis('swapAxes', rank, axis1), normalizeAxis('swapAxes', rank, axis2)]
    return permutePrimitive(exchanged(rank, a, b))(x)
  }) as SwapAxesSignature

/**
 * The axes in another order: axis i of the result is axis `axes[i]` of x. `torch.permute`, `jnp.transpose`.
 *
 * @throws a Mistake if the axes are not all of x's, each once
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.zeros([2, 3, 4]), Tensor.permute([2, 0, 1]), Tensor.shape), [4, 2, 3])
 */
export const permute = ((axes: readonly number[]) =>
  (x: Tensor): Tensor => {
    const rank = x.shape.length
    const order = axes.map(axis => (axis < 0 ? axis + rank : axis))
    if (order.length !== rank || !range(rank).every(axis => order.includes(axis)))
      throw mistake(
        'ShapeMismatch',
        'permute',
        `axes ${showShape(axes)} are not an order of the axes of ${showShape(x.shape)}`
      )
    return permutePrimitive(order)(x)
  }) as PermuteSignature

const dynamicExpand =
  (to: Shape) =>
  (x: Tensor): Tensor => {
    checkSizes('expand', to)
    const missing = to.length - x.shape.length
    const shown = `${showShape(x.shape)} does not fit ${showShape(to)}`
    if (missing < 0)
      throw mistake('ShapeMismatch', 'expand', `${showShape(x.shape)} has more axes than ${showShape(to)}`)
    const sizes = to.map((extent, axis) => {
      const old = x.shape[axis - missing]
      if (old === undefined && extent === -1)
        throw mistake('ShapeMismatch', 'expand', `${shown}: a new axis has no size that -1 could keep`)
      if (old !== undefined && extent !== -1 && old !== 1 && old !== extent)
        throw mistake(
          'ShapeMismatch',
          'expand',
          `${shown}: size ${old} at axis ${axis - to.length} is neither 1 nor ${extent}`
        )
      return extent === -1 ? old! : extent
    })
    return broadcast(sizes)(x)
  }

/**
 * Repeated along axes of size 1 and along new leading axes: `torch.Tensor.expand`. −1 keeps a size.
 *
 * @throws a Mistake if a size is neither 1 nor the one that is asked for
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1], [2]]), Tensor.expand([-1, 3]), Tensor.toArray), [[1, 1, 1], [2, 2, 2]])
 */
export const expand = dynamicExpand as ExpandSignature

/**
 * The same as `expand`, under the name that PyTorch, JAX and NumPy share: `torch.broadcast_to`, `jnp.broadcast_to`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2]), Tensor.broadcastTo([2, 2]), Tensor.toArray), [[1, 2], [1, 2]])
 */
export const broadcastTo: ExpandSignature = expand

/**
 * Without an axis of size 1: `torch.squeeze(x, axis)`.
 *
 * @throws a Mistake if the axis has another size, or does not exist
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1], [2]]), Tensor.squeeze(1), Tensor.toArray), [1, 2])
 */
export const squeeze = ((axis: number) =>
  (x: Tensor): Tensor => {
    const found = normalizeAxis('squeeze', x.shape.length, axis)
    if (x.shape[found] !== 1)
      throw mistake(
        'ShapeMismatch',
        'squeeze',
        `axis ${axis} of ${showShape(x.shape)} has size ${x.shape[found]}, not 1`
      )
    return reshapePrimitive(without(x.shape, [found]))(x)
  }) as SqueezeSignature

/** With a new axis of size 1, counted from 0 in the result. */
export const withAxis = (x: Tensor, axis: number): Tensor =>
  reshapePrimitive([...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)])(x)

/**
 * With a new axis of size 1, counted in the result: `torch.unsqueeze`.
 *
 * @throws a Mistake if the result would have no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2]), Tensor.unsqueeze(1), Tensor.toArray), [[1], [2]])
 */
export const unsqueeze = ((axis: number) =>
  (x: Tensor): Tensor =>
    withAxis(x, normalizeAxis('unsqueeze', x.shape.length + 1, axis))) as UnsqueezeSignature
