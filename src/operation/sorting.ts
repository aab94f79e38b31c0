/** Elements in order of size along an axis. Equal ones keep their order; NaN is larger than every number. */
import { argsort as argsortLast } from '../primitive/indexing.js'
import { mistake } from '../structure/mistake.js'
import { normalizeAxis, type Shape, showShape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { gather } from './indexing.js'
import { swapAxes } from './movement.js'
import type { AlongOperand } from './signatures.js'
import { part, type ResizeResult } from './window.js'

/** Which axis, the last unless given, and whether the largest comes first. */
export interface SortOptions<Axis extends number> {
  readonly axis?: Axis
  readonly descending?: boolean
}
export type SortSignature<Name extends string> = <Axis extends number = -1>(
  options?: SortOptions<Axis>
) => <S extends Shape>(x: AlongOperand<S, Axis, Name>) => Tensor<S>

const order = (x: Tensor, axis: number, descending: boolean): Tensor => {
  const last = x.shape.length - 1
  return swapAxes(axis, last)(argsortLast({ descending })(swapAxes(axis, last)(x)))
}

/**
 * The positions of the elements along an axis in ascending order, int32: `torch.argsort`.
 *
 * The last axis unless given; with `descending` the largest first.
 *
 * @throws a Mistake if there is no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([30, 10, 20]), Tensor.argsort(), Tensor.toArray), [1, 2, 0])
 */
export const argsort = (({ axis = -1, descending = false }: SortOptions<number> = {}) =>
  (x: Tensor): Tensor =>
    order(x, normalizeAxis('argsort', x.shape.length, axis), descending)) as SortSignature<'argsort'>

/**
 * The elements along an axis in ascending order: `torch.sort(x).values`.
 *
 * The last axis unless given; with `descending` the largest first.
 *
 * @throws a Mistake if there is no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[3, 1], [2, 4]]), Tensor.sort({ descending: true }), Tensor.toArray), [[3, 1], [4, 2]])
 */
export const sort = (({ axis = -1, descending = false }: SortOptions<number> = {}) =>
  (x: Tensor): Tensor => {
    const along = normalizeAxis('sort', x.shape.length, axis)
    return gather(order(x, along, descending), { axis: along })(x)
  }) as SortSignature<'sort'>

/** Which axis, the last unless given, and whether the largest are wanted, as unless told otherwise, or the smallest. */
export interface TopkOptions<Axis extends number> {
  readonly axis?: Axis
  readonly largest?: boolean
}
export interface Top<Values> {
  readonly values: Values
  /** Where they were, int32. */
  readonly indices: Values
}
export type TopkSignature = <K extends number, Axis extends number = -1>(
  k: K,
  options?: TopkOptions<Axis>
) => <S extends Shape>(x: AlongOperand<S, Axis, 'topk'>) => Top<ResizeResult<S, Axis, K>>

/**
 * The k largest elements along an axis, or the smallest, best first, and their positions: `torch.topk`.
 *
 * @throws a Mistake if there are fewer than k, or there is no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const { values, indices } = pipe(Tensor.tensor([10, 40, 20, 30]), Tensor.topk(2))
 * deepStrictEqual([Tensor.toArray(values), Tensor.toArray(indices)], [[40, 30], [1, 3]])
 */
export const topk = ((k: number, { axis = -1, largest = true }: TopkOptions<number> = {}) =>
  (x: Tensor): Top<Tensor> => {
    const along = normalizeAxis('topk', x.shape.length, axis)
    const extent = x.shape[along]!
    if (!Number.isInteger(k) || k < 0 || k > extent)
      throw mistake(
        'InvalidArgument',
        'topk',
        `k is ${k}, and not a whole number from 0 to ${extent}, the size of axis ${axis} of ${showShape(x.shape)}`
      )
    const indices = part(order(x, along, largest), along, 0, k)
    return { values: gather(indices, { axis: along })(x), indices }
  }) as TopkSignature
