/** Parts of a tensor, and a tensor as a part of a larger one: slices, padding, reversal, rotation, repetition. */
import { broadcast, reshape } from '../primitive/movement.js'
import { where } from '../primitive/selection.js'
import { concat, pad as padPrimitive, reverse, slice as slicePrimitive } from '../primitive/window.js'
import type { Drop, Resize } from '../structure/axis-types.js'
import type { Add } from '../structure/digits.js'
import { adopt } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { normalizeAxes, normalizeAxis, type Shape, showShape, size, without } from '../structure/shape.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import type { AlongOperand } from './signatures.js'

/** Which elements along an axis, as in Python's `x[start:stop:step]`: negative positions count from the end, those beyond it are cut off. */
export interface Range {
  readonly start?: number
  readonly stop?: number
  readonly step?: number
}

/** The same elements by the smallest position, the distance between neighbours, and their number. */
interface Found {
  readonly first: number
  readonly stride: number
  readonly count: number
  readonly backwards: boolean
}
const find = (operation: string, extent: number, { start, stop, step = 1 }: Range): Found => {
  for (const [name, value] of [
    ['start', start],
    ['stop', stop],
    ['step', step]
  ] as const) {
    if (value !== undefined && !Number.isInteger(value))
      throw mistake('InvalidArgument', operation, `${name} is ${value}, which is not a whole number`)
  }
  if (step === 0) throw mistake('InvalidArgument', operation, 'step is 0')
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1]
  const clip = (position: number): number => Math.min(Math.max(position < 0 ? position + extent : position, low), high)
  const from = start === undefined ? (step > 0 ? low : high) : clip(start)
  const to = stop === undefined ? (step > 0 ? high : low) : clip(stop)
  const count = Math.max(0, Math.ceil((to - from) / step))
  const first = count === 0 ? 0 : step > 0 ? from : from + (count - 1) * step
  return { first, stride: Math.abs(step), count, backwards: step < 0 }
}
/** One range for each axis. */
const cut = (operation: string, x: Tensor, ranges: readonly Range[]): Tensor => {
  const found = ranges.map((range, axis) => find(operation, x.shape[axis]!, range))
  const shape = found.map(({ count }) => count)
  const whole = found.every(({ count, stride }, axis) => count === x.shape[axis] && stride === 1)
  const part = whole
    ? x
    : slicePrimitive({ start: found.map(({ first }) => first), step: found.map(({ stride }) => stride), shape })(x)
  return reverse(found.flatMap(({ backwards }, axis) => (backwards ? [axis] : [])))(part)
}
const only = (x: Tensor, axis: number, range: Range): readonly Range[] =>
  x.shape.map((_, i) => (i === axis ? range : {}))

/** So many elements from one on, along an axis counted from 0. */
export const part = (x: Tensor, axis: number, first: number, count: number): Tensor =>
  cut('slice', x, only(x, axis, { start: first, stop: first + count }))

export type ResizeResult<S extends Shape, Axis extends number, Size extends number> =
  Resize<S, Axis, Size, 'slice'> extends infer R extends Shape ? Tensor<R> : Tensor
export type SliceSignature = <Axis extends number>(
  options: Range & { readonly axis: Axis }
) => <S extends Shape>(x: AlongOperand<S, Axis, 'slice'>) => ResizeResult<S, Axis, number>

/**
 * The elements along an axis from `start` up to but not including `stop`, in steps: Python's `x[start:stop:step]`.
 *
 * All elements unless told otherwise. Negative positions count from the end, those beyond an end are cut off, and a negative
 * step goes backwards.
 *
 * @throws a Mistake if there is no such axis, if the step is 0, or if a position is not a whole number
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.arange(6)
 * deepStrictEqual(pipe(x, Tensor.slice({ axis: 0, start: 1, stop: -1, step: 2 }), Tensor.toArray), [1, 3])
 * deepStrictEqual(pipe(x, Tensor.slice({ axis: 0, stop: 2, step: -1 }), Tensor.toArray), [5, 4, 3])
 */
export const slice = (({ axis, ...range }: Range & { readonly axis: number }) =>
  (x: Tensor): Tensor =>
    cut('slice', x, only(x, normalizeAxis('slice', x.shape.length, axis), range))) as SliceSignature

/** The same axes, of sizes that are not known. */
export type Resized<S extends Shape> = number extends S['length']
  ? Tensor
  : { -readonly [K in keyof S]: number } extends infer R extends Shape
    ? Tensor<R>
    : Tensor

/**
 * A slice of each axis, from the first on: Python's `x[1:, :, ::2]`. Axes without a range stay whole.
 *
 * @throws a Mistake as `slice` does, or if there are more ranges than axes
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[1, 2, 3], [4, 5, 6]])
 * deepStrictEqual(pipe(x, Tensor.slices([{ start: 1 }, { stop: 2 }]), Tensor.toArray), [[4, 5]])
 */
export const slices =
  (ranges: readonly Range[]) =>
  <S extends Shape>(x: Tensor<S>): Resized<S> => {
    if (ranges.length > x.shape.length)
      throw mistake(
        'ShapeMismatch',
        'slices',
        `${ranges.length} ranges for the ${x.shape.length} axes of ${showShape(x.shape)}`
      )
    return cut(
      'slices',
      x,
      x.shape.map((_, axis) => ranges[axis] ?? {})
    ) as Resized<S>
  }

export type SelectOperand<S extends Shape, Axis extends number> =
  Drop<S, Axis, 'select'> extends infer Message extends string ? Message : Tensor<S>
export type SelectResult<S extends Shape, Axis extends number> =
  Drop<S, Axis, 'select'> extends infer R extends Shape ? Tensor<R> : Tensor
export type SelectSignature = <Axis extends number>(
  axis: Axis,
  index: number
) => <S extends Shape>(x: SelectOperand<S, Axis>) => SelectResult<S, Axis>

/**
 * What is at one position of an axis, which disappears: `torch.select`. A negative position counts from the end.
 *
 * @throws a Mistake if there is no such axis, or no such position
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[1, 2, 3], [4, 5, 6]])
 * deepStrictEqual(pipe(x, Tensor.select(0, 1), Tensor.toArray), [4, 5, 6])
 * deepStrictEqual(pipe(x, Tensor.select(1, -1), Tensor.toArray), [3, 6])
 */
export const select = ((axis: number, index: number) =>
  (x: Tensor): Tensor => {
    const along = normalizeAxis('select', x.shape.length, axis)
    const extent = x.shape[along]!
    const at = index < 0 ? index + extent : index
    if (!Number.isInteger(index) || at < 0 || at >= extent)
      throw mistake('InvalidArgument', 'select', `no position ${index} along axis ${axis} of ${showShape(x.shape)}`)
    return reshape(without(x.shape, [along]))(part(x, along, at, 1))
  }) as SelectSignature

/** For each axis, how many elements come before and after. */
export type Widths = readonly (readonly [number, number])[]
type Padded<S extends Shape, W extends Widths> = {
  -readonly [K in keyof S]: K extends keyof W
    ? W[K] extends readonly [infer Before extends number, infer After extends number]
      ? Add<Add<S[K], Before>, After>
      : number
    : number
}
export type PadResult<S extends Shape, W extends Widths> = number extends S['length'] | W['length']
  ? Tensor
  : Padded<S, W> extends infer R extends Shape
    ? Tensor<R>
    : Tensor
export type PadOperand<S extends Shape, W extends Widths> = number extends S['length'] | W['length']
  ? Tensor<S>
  : S['length'] extends W['length']
    ? Tensor<S>
    : `pad: ${W['length']} pairs of widths for ${S['length']} axes`
export type PadSignature = <const W extends Widths>(
  widths: W,
  options?: { readonly value?: number }
) => <S extends Shape>(x: PadOperand<S, W>) => PadResult<S, W>

/**
 * With more elements before and after along each axis, all of one value: `jnp.pad`, `torch.nn.functional.pad`.
 *
 * `widths` has a pair `[before, after]` for each axis, the first axis first (PyTorch begins with the last). `value` is 0 unless given.
 *
 * @throws a Mistake if there is not a pair for each axis, or a width is not a whole number from 0 on
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[1, 2]])
 * deepStrictEqual(pipe(x, Tensor.pad([[1, 0], [0, 2]], { value: 9 }), Tensor.toArray), [[9, 9, 9, 9], [1, 2, 9, 9]])
 */
export const pad = ((widths: Widths, { value = 0 }: { readonly value?: number } = {}) =>
  (x: Tensor): Tensor => {
    if (widths.length !== x.shape.length)
      throw mistake('ShapeMismatch', 'pad', `${widths.length} pairs of widths for ${x.shape.length} axes`)
    for (const width of widths.flat()) {
      if (!Number.isInteger(width) || width < 0)
        throw mistake('InvalidArgument', 'pad', `a width is ${width}, which is not a whole number from 0 on`)
    }
    const place = padPrimitive({
      start: widths.map(([before]) => before),
      step: x.shape.map(() => 1),
      shape: x.shape.map((extent, axis) => widths[axis]![0] + extent + widths[axis]![1])
    })
    if (Object.is(value, 0)) return place(x)
    const inside = place(uniform({ shape: x.shape, dtype: 'bool' }, 1))
    const dtype = x.dtype === 'bool' && (value === 0 || value === 1) ? 'bool' : adopt(x.dtype, value)
    return where(inside, place(x), uniform({ shape: inside.shape, dtype }, value))
  }) as PadSignature

/**
 * The elements along one axis or several in the opposite order: `torch.flip`.
 *
 * @throws a Mistake if there is no such axis, or one is named twice
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2], [3, 4]]), Tensor.flip(0), Tensor.toArray), [[3, 4], [1, 2]])
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2], [3, 4]]), Tensor.flip([0, 1]), Tensor.toArray), [[4, 3], [2, 1]])
 */
export const flip = ((axes: number | readonly number[]) =>
  (x: Tensor): Tensor =>
    reverse(normalizeAxes('flip', x.shape.length, typeof axes === 'number' ? [axes] : axes))(x)) as <
  const Axes extends number | readonly number[]
>(
  axes: Axes
) => <S extends Shape>(x: AlongOperand<S, Axes, 'flip'>) => Tensor<S>

export type RollSignature = <Axis extends number | undefined = undefined>(options: {
  readonly shift: number
  readonly axis?: Axis
}) => <S extends Shape>(x: AlongOperand<S, Axis, 'roll'>) => Tensor<S>

/**
 * The elements moved on along an axis, those that leave at the end coming in at the beginning: `torch.roll`.
 *
 * A negative shift moves the other way. Without an axis the elements are moved as one row, whatever the shape.
 *
 * @throws a Mistake if there is no such axis, or the shift is not a whole number
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2, 3, 4]), Tensor.roll({ shift: 1, axis: 0 }), Tensor.toArray), [4, 1, 2, 3])
 */
export const roll = (({ shift, axis }: { readonly shift: number; readonly axis?: number | undefined }) =>
  (x: Tensor): Tensor => {
    if (!Number.isInteger(shift))
      throw mistake('InvalidArgument', 'roll', `shift is ${shift}, which is not a whole number`)
    const row = axis === undefined ? reshape([size(x.shape)])(x) : x
    const along = axis === undefined ? 0 : normalizeAxis('roll', x.shape.length, axis)
    const extent = row.shape[along]!
    if (extent === 0 || shift % extent === 0) return x
    const kept = extent - (((shift % extent) + extent) % extent)
    return reshape(x.shape)(concat(along)([part(row, along, kept, extent - kept), part(row, along, 0, kept)]))
  }) as RollSignature

/**
 * The whole repeated, side by side, so many times along each axis: `torch.tile`, `jnp.tile`.
 *
 * The counts belong to the last axes; more counts than axes make new leading ones.
 *
 * @throws a Mistake if a count is not a whole number from 0 on
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2]), Tensor.tile([2, 2]), Tensor.toArray), [[1, 2, 1, 2], [1, 2, 1, 2]])
 */
export const tile =
  (counts: readonly number[]) =>
  (x: Tensor): Tensor => {
    const wrong = counts.find(count => !Number.isInteger(count) || count < 0)
    if (wrong !== undefined)
      throw mistake('InvalidArgument', 'tile', `a count is ${wrong}, which is not a whole number from 0 on`)
    const rank = Math.max(counts.length, x.shape.length)
    const fill = (sizes: readonly number[]): readonly number[] => [
      ...new Array<number>(rank - sizes.length).fill(1),
      ...sizes
    ]
    const [times, extents] = [fill(counts), fill(x.shape)]
    const apart = reshape(extents.flatMap(extent => [1, extent]))(x)
    const repeated = broadcast(extents.flatMap((extent, axis) => [times[axis]!, extent]))(apart)
    return reshape(extents.map((extent, axis) => extent * times[axis]!))(repeated)
  }
