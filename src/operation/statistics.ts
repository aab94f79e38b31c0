/** Folds that are made of sums: spread, norms, the logarithm of a sum of exponentials; and running sums. */
import { add, div, square, sub } from '../primitive/arithmetic.js'
import { cast, stopGradient } from '../primitive/conversion.js'
import { abs, exp, log, pow, sqrt } from '../primitive/elementary.js'
import { amax, amin } from '../primitive/extremum.js'
import { cumsum as running } from '../primitive/indexing.js'
import { reshape, sum } from '../primitive/movement.js'
import { equal, less, not, where } from '../primitive/selection.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { normalizeAxis, showShape, withOnes } from '../structure/shape.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import { count, countable, meanAlong, reduction } from './reduction.js'
import type { AlongOperand } from './signatures.js'

/** What is taken from the number of elements before the squares are divided by it. */
export interface Correction {
  readonly correction?: number
}

const varianceAlong = (x: Tensor, axes: readonly number[], { correction = 1 }: Correction): Tensor => {
  const centered = sub(x, reshape(withOnes(x.shape, axes))(meanAlong(x, axes)))
  return div(sum(axes)(square(centered)), Math.max(0, count(x, axes) - correction))
}

/**
 * The variance along axes, or of all elements: `Σ(x − mean)² / (n − correction)`, `torch.var`.
 *
 * `correction` is 1 unless given, which makes the estimate unbiased; with 0 it is the variance of the elements themselves.
 * Of a single element, with a correction of 1, it is NaN. Of integers it is float32.
 *
 * @throws a Mistake if there is no such axis, or one is named twice
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([1, 2, 3, 4, 5])
 * deepStrictEqual(pipe(x, Tensor.variance(), Tensor.toArray), 2.5)
 * deepStrictEqual(pipe(x, Tensor.variance({ correction: 0 }), Tensor.toArray), 2)
 */
export const variance = /* @__PURE__ */ reduction<'variance', Correction>('variance', varianceAlong)

/** A root of a sum of powers; where that is 0 the root has no derivative, and 0 is taken for it. */
const rootOf =
  (root: (total: Tensor) => Tensor) =>
  (total: Tensor): Tensor => {
    const flat = equal(total, 0)
    // The root is taken of 1 where it is not used, so that its own derivative stays finite there.
    return where(flat, 0, root(where(flat, 1, total)))
  }

/**
 * The standard deviation along axes, or of all elements: the root of the variance, `torch.std`.
 *
 * `correction` is 1 unless given, as for `variance`. Where all elements are equal its derivative is taken to be 0.
 *
 * @throws a Mistake if there is no such axis, or one is named twice
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1, 3], [2, 8]]), Tensor.standardDeviation({ axis: 1, correction: 0 }), Tensor.toArray), [1, 3])
 */
export const standardDeviation = /* @__PURE__ */ reduction<'standardDeviation', Correction>(
  'standardDeviation',
  (x, axes, correction) => rootOf(sqrt)(varianceAlong(x, axes, correction))
)

/** Which norm: 2 is Euclid's. */
export interface Order {
  readonly order?: number
}

/**
 * The length of vectors along axes, or of all elements as one vector: `(Σ|x|ᵖ)¹ᐟᵖ`, `torch.linalg.vector_norm`.
 *
 * `order`, the p, is 2 unless given. `Infinity` gives the largest |x|, `-Infinity` the smallest, 0 how many elements are not 0.
 * The derivative of the norm of zeros is taken to be 0.
 *
 * @throws a Mistake if there is no such axis, if the order is NaN, or if it is infinite and there is no element
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[3, -4], [6, 8]])
 * deepStrictEqual(pipe(x, Tensor.norm({ axis: 1 }), Tensor.toArray), [5, 10])
 * deepStrictEqual(pipe(x, Tensor.norm({ axis: 1, order: 1 }), Tensor.toArray), [7, 14])
 */
export const norm = /* @__PURE__ */ reduction<'norm', Order>('norm', (given, axes, { order = 2 }) => {
  const x = cast(floating(given.dtype))(given)
  if (Number.isNaN(order)) throw mistake('InvalidArgument', 'norm', 'order is NaN')
  if (order === 2) return rootOf(sqrt)(sum(axes)(square(x)))
  if (order === 0) return sum(axes)(cast(x.dtype)(not(equal(x, 0))))
  if (Number.isFinite(order)) {
    const root = (total: Tensor): Tensor => pow(total, 1 / order)
    // To a negative power 0 is ∞, no kink.
    return (order > 0 ? rootOf(root) : root)(sum(axes)(pow(abs(x), order)))
  }
  if (count(x, axes) === 0)
    throw mistake('ShapeMismatch', 'norm', `no element of ${showShape(x.shape)} for a norm of order ${order}`)
  return (order > 0 ? amax : amin)(axes)(abs(x))
})

/**
 * The logarithm of the sum of the exponentials along axes, or of all elements: `log Σ eˣ`, `torch.logsumexp`.
 *
 * The largest element is taken out first, so that neither end overflows. Of nothing, and of −∞ alone, it is −∞.
 *
 * @throws a Mistake if there is no such axis, or one is named twice
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.tensor([1000, 1000], { dtype: 'float64' }), Tensor.logsumexp(), Tensor.item), 1000 + Math.log(2))
 */
export const logsumexp = /* @__PURE__ */ reduction('logsumexp', (given, axes) => {
  const x = cast(floating(given.dtype))(given)
  if (count(x, axes) === 0) return log(sum(axes)(x))
  const largest = stopGradient(amax(axes)(x))
  // An infinite shift would give ∞ − ∞.
  const shift = where(less(abs(largest), Number.POSITIVE_INFINITY), largest, 0)
  return add(log(sum(axes)(exp(sub(x, reshape(withOnes(x.shape, axes))(shift))))), shift)
})

export type CumulativeSignature<Name extends string> = <Axis extends number>(options: {
  readonly axis: Axis
  readonly reverse?: boolean
}) => <S extends Shape>(x: AlongOperand<S, Axis, Name>) => Tensor<S>

/**
 * Running sums along an axis: element i of the result is the sum of the elements up to and with i, `torch.cumsum`.
 *
 * With `reverse`, of those from i on. Bools are counted, int32.
 *
 * @throws a Mistake if there is no such axis
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([1, 2, 3])
 * deepStrictEqual(pipe(x, Tensor.cumsum({ axis: 0 }), Tensor.toArray), [1, 3, 6])
 * deepStrictEqual(pipe(x, Tensor.cumsum({ axis: 0, reverse: true }), Tensor.toArray), [6, 5, 3])
 */
export const cumsum = (({ axis, reverse = false }: { readonly axis: number; readonly reverse?: boolean }) =>
  (x: Tensor): Tensor =>
    running({ axis: normalizeAxis('cumsum', x.shape.length, axis), backwards: reverse })(
      countable(x)
    )) as CumulativeSignature<'cumsum'>
