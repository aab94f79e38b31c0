/**
 * Folds along axes: `sum({ axis: 0 })(x)`, or over all elements, `sum()(x)`. With `keepDimensions` a folded axis stays, with size 1.
 *
 * Of a matrix [2, 3], `{ axis: 0 }` leaves [3], `{ axis: 1 }` and `{ axis: -1 }` leave [2], `{ axis: [0, 1] }` and nothing leave [].
 */
import { div, mul } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import {
  argmax as argmaxAlong,
  argmin as argminAlong,
  amax as largest,
  amin as smallest
} from '../primitive/extremum.js'
import { permute, reshape, sum as sumAlong } from '../primitive/movement.js'
import { concat, slice } from '../primitive/window.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { normalizeAxes, normalizeAxis, range, showShape, size, withOnes, without } from '../structure/shape.js'
import type { Shape } from '../structure/shape-types.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import type { Reduction, ReductionOperand, ReductionOptions, ReductionResult } from './signatures.js'

interface Given {
  readonly axis?: number | readonly number[] | undefined
  readonly keepDimensions?: boolean | undefined
}

/** A public reduction from a fold over axes that are counted from 0. */
export const reduction = <Name extends string, More = unknown>(
  name: Name,
  fold: (x: Tensor, axes: readonly number[], more: Partial<More>) => Tensor
) =>
  ((given: Given & Partial<More> = {}) =>
    (x: Tensor): Tensor => {
      const { axis, keepDimensions = false } = given
      const rank = x.shape.length
      const axes =
        axis === undefined ? range(rank) : normalizeAxes(name, rank, typeof axis === 'number' ? [axis] : axis)
      const folded = fold(x, axes, given)
      return keepDimensions ? reshape(withOnes(x.shape, axes))(folded) : folded
    }) as Reduction<Name, More>

/** How many elements are folded into one. */
export const count = (x: Tensor, axes: readonly number[]): number => size(axes.map(axis => x.shape[axis]!))

/** Truth values are counted. */
export const countable = (x: Tensor): Tensor => (x.dtype === 'bool' ? cast('int32')(x) : x)

/**
 * The sum along axes, or of all elements: `torch.sum`. Of bools it is how many are true, int32; the sum of nothing is 0.
 *
 * float32 is summed in float64 and rounded once.
 *
 * @throws a Mistake if there is no such axis, or one is named twice
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[1, 2, 3], [4, 5, 6]])
 * deepStrictEqual(pipe(x, Tensor.sum(), Tensor.toArray), 21)
 * deepStrictEqual(pipe(x, Tensor.sum({ axis: 0 }), Tensor.toArray), [5, 7, 9])
 * deepStrictEqual(pipe(x, Tensor.sum({ axis: -1, keepDimensions: true }), Tensor.toArray), [[6], [15]])
 */
export const sum = /* @__PURE__ */ reduction('sum', (x, axes) => sumAlong(axes)(countable(x)))

/** The mean along axes counted from 0. */
export const meanAlong = (x: Tensor, axes: readonly number[]): Tensor =>
  div(sumAlong(axes)(cast(floating(x.dtype))(x)), count(x, axes))

/**
 * The mean along axes, or of all elements: `torch.mean`. Of integers and bools it is float32; the mean of nothing is NaN.
 *
 * @throws a Mistake if there is no such axis, or one is named twice
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[1, 2, 3], [4, 5, 6]])
 * deepStrictEqual(pipe(x, Tensor.mean(), Tensor.toArray), 3.5)
 * deepStrictEqual(pipe(x, Tensor.mean({ axis: 1 }), Tensor.toArray), [2, 5])
 */
export const mean = /* @__PURE__ */ reduction('mean', meanAlong)

// Halves are multiplied with each other until one factor is left. Quotients, as in Πx / xᵢ, would fail where a factor is 0;
// here derivatives of every order are right there too.
const product = (x: Tensor): Tensor => {
  const outer = x.shape.slice(0, -1)
  const n = x.shape[outer.length]!
  if (n === 0) return uniform({ shape: outer, dtype: x.dtype }, 1)
  if (n === 1) return reshape(outer)(x)
  const part = (start: number, extent: number): Tensor =>
    slice({ start: [...outer.map(() => 0), start], step: x.shape.map(() => 1), shape: [...outer, extent] })(x)
  const half = Math.floor(n / 2)
  const pairs = mul(part(0, half), part(half, half))
  return product(n % 2 === 0 ? pairs : concat(outer.length)([pairs, part(n - 1, 1)]))
}

/**
 * The product along axes, or of all elements: `torch.prod`. The product of nothing is 1; of bools it is an int32.
 *
 * Derivatives of every order are right where factors are 0.
 *
 * @throws a Mistake if there is no such axis, or one is named twice
 *
 * @example
 * import { grad, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([3, 0, 5])
 * deepStrictEqual(pipe(x, Tensor.prod(), Tensor.toArray), 0)
 * deepStrictEqual(pipe(x, grad(Tensor.prod()), Tensor.toArray), [0, 15, 0])
 */
export const prod = /* @__PURE__ */ reduction('prod', (x, axes) => {
  const kept = range(x.shape.length).filter(axis => !axes.includes(axis))
  const last = permute([...kept, ...axes])(countable(x))
  return product(reshape([...without(x.shape, axes), count(x, axes)])(last))
})

const best = <Name extends string>(name: Name, along: (axes: readonly number[]) => (x: Tensor) => Tensor) =>
  reduction(name, (x, axes) => {
    const empty = axes.find(axis => x.shape[axis] === 0)
    if (empty !== undefined)
      throw mistake('ShapeMismatch', name, `no element along axis ${empty} of ${showShape(x.shape)}`)
    return along(axes)(x)
  })

/**
 * The largest element along axes, or of all: `torch.amax`. NaN is larger than every number.
 *
 * Elements that tie for the largest share the derivative equally.
 *
 * @throws a Mistake if there is no element, or no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1, 5], [4, 2]]), Tensor.max({ axis: 1 }), Tensor.toArray), [5, 4])
 */
export const max = /* @__PURE__ */ best('max', largest)

/**
 * The smallest element along axes, or of all: `torch.amin`. NaN is smaller than every number.
 *
 * Elements that tie for the smallest share the derivative equally.
 *
 * @throws a Mistake if there is no element, or no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1, 5], [4, 2]]), Tensor.min(), Tensor.toArray), 1)
 */
export const min = /* @__PURE__ */ best('min', smallest)

/** Along one axis, or over all elements in order. */
export type ArgSignature<Name extends string> = <
  Axis extends number | undefined = undefined,
  Keep extends boolean = false
>(
  options?: ReductionOptions<Axis, Keep>
) => <S extends Shape>(x: ReductionOperand<S, Axis, Keep, Name>) => ReductionResult<S, Axis, Keep, Name>

const position = <Name extends string>(name: Name, along: (axis: number) => (x: Tensor) => Tensor) =>
  (({ axis, keepDimensions = false }: { readonly axis?: number | undefined; readonly keepDimensions?: boolean } = {}) =>
    (x: Tensor): Tensor => {
      const rank = x.shape.length
      const found = axis === undefined ? range(rank) : [normalizeAxis(name, rank, axis)]
      const places =
        axis === undefined ? along(0)(reshape([size(x.shape)])(x)) : along(normalizeAxis(name, rank, axis))(x)
      return keepDimensions ? reshape(withOnes(x.shape, found))(places) : places
    }) as ArgSignature<Name>

/**
 * The index of the largest element along an axis, int32; without an axis, its number among all elements: `torch.argmax`.
 *
 * Of several it is the first; NaN counts as the largest.
 *
 * @throws a Mistake if there is no element, or no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const scores = Tensor.tensor([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]])
 * deepStrictEqual(pipe(scores, Tensor.argmax({ axis: 1 }), Tensor.toArray), [1, 0])
 */
export const argmax = /* @__PURE__ */ position('argmax', argmaxAlong)

/**
 * The index of the smallest element along an axis, int32; without an axis, its number among all elements: `torch.argmin`.
 *
 * Of several it is the first; NaN counts as the smallest.
 *
 * @throws a Mistake if there is no element, or no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[3, 1], [2, 4]]), Tensor.argmin(), Tensor.toArray), 1)
 */
export const argmin = /* @__PURE__ */ position('argmin', argminAlong)
