/**
 * Sums, products, powers, and what rounds and bounds.
 *
 * Two operands are broadcast, and meet in the dtype that holds both (bool < int32 < float32 < float64). A number takes the
 * tensor's dtype, except that one with a fraction beside an int32 or bool tensor makes float32. Truth values count as 0 and 1.
 */
import * as arithmetic from '../primitive/arithmetic.js'
import type { Operand } from '../primitive/conversion.js'
import * as elementary from '../primitive/elementary.js'
import * as extremum from '../primitive/extremum.js'
import * as selection from '../primitive/selection.js'
import type { Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { binary } from './data-last.js'
import type { Binary, Unary } from './signatures.js'

/**
 * The sum of two tensors, `add(b)(a) = a + b`: `torch.add`.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const rows = Tensor.tensor([[1, 2], [3, 4]])
 * deepStrictEqual(pipe(rows, Tensor.add(Tensor.tensor([10, 20])), Tensor.toArray), [[11, 22], [13, 24]])
 */
export const add: Binary<'add'> = /* @__PURE__ */ binary(arithmetic.add)

/**
 * The difference of two tensors, `sub(b)(a) = a − b`: `torch.sub`.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([3, 4]), Tensor.sub(1), Tensor.toArray), [2, 3])
 */
export const sub: Binary<'sub'> = /* @__PURE__ */ binary(arithmetic.sub)

/**
 * The product of two tensors, element by element, `mul(b)(a) = a · b`: `torch.mul`. For matrix products see `matmul`.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([3, 4]), Tensor.mul(Tensor.tensor([2, 0.5])), Tensor.toArray), [6, 2])
 */
export const mul: Binary<'mul'> = /* @__PURE__ */ binary(arithmetic.mul)

/**
 * The quotient of two tensors, `div(b)(a) = a / b`: `torch.div`. Of integers, float32.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.arange(3), Tensor.div(2), Tensor.toArray), [0, 0.5, 1])
 */
export const div: Binary<'div'> = /* @__PURE__ */ binary(arithmetic.div)

/**
 * Powers, `pow(b)(a) = aᵇ`: `torch.pow`. Of integers, float32. 0⁰ is 1.
 *
 * The slope in a is `b · aᵇ⁻¹`, 0 where b = 0; the slope in b is `aᵇ · log a`, 0 where a = 0 and b ≥ 0.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([2, 3]), Tensor.pow(3), Tensor.toArray), [8, 27])
 */
export const pow: Binary<'pow'> = /* @__PURE__ */ binary(elementary.pow)

/**
 * The larger of two, element by element: `torch.maximum`. NaN if one of them is; where they are equal each has half of the derivative.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 5]), Tensor.maximum(3), Tensor.toArray), [3, 5])
 */
export const maximum: Binary<'maximum'> = /* @__PURE__ */ binary(extremum.maximum)

/**
 * The smaller of two, element by element: `torch.minimum`. NaN if one of them is; where they are equal each has half of the derivative.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 5]), Tensor.minimum(3), Tensor.toArray), [1, 3])
 */
export const minimum: Binary<'minimum'> = /* @__PURE__ */ binary(extremum.minimum)

/**
 * The negative: `torch.neg`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, -2]), Tensor.neg, Tensor.toArray), [-1, 2])
 */
export const neg: Unary = x => arithmetic.neg(x)

/**
 * The product with itself, x²: `torch.square`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, -2]), Tensor.square, Tensor.toArray), [1, 4])
 */
export const square: Unary = x => arithmetic.square(x)

/**
 * The square root: `torch.sqrt`. NaN below 0; at 0 the derivative is ∞.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([4, 9]), Tensor.sqrt, Tensor.toArray), [2, 3])
 */
export const sqrt: Unary = x => elementary.sqrt(x)

/**
 * One over the square root: `torch.rsqrt`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([4, 0.25]), Tensor.rsqrt, Tensor.toArray), [0.5, 2])
 */
export const rsqrt: Unary = x => elementary.rsqrt(x)

/**
 * One over each element: `torch.reciprocal`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([4, 0.5]), Tensor.reciprocal, Tensor.toArray), [0.25, 2])
 */
export const reciprocal: Unary = x => arithmetic.reciprocal(x)

/**
 * The absolute value: `torch.abs`. The derivative at 0 is 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, -2]), Tensor.abs, Tensor.toArray), [1, 2])
 */
export const abs: Unary = x => elementary.abs(x)

/**
 * −1, 0 or 1: `torch.sign`, `jnp.sign`. NaN of NaN.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([3, 0, -2]), Tensor.sign, Tensor.toArray), [1, 0, -1])
 */
export const sign: Unary = x => selection.sign(x)

/**
 * The largest whole number that is not above: `torch.floor`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1.5, -1.5]), Tensor.floor, Tensor.toArray), [1, -2])
 */
export const floor: Unary = x => selection.floor(x)

/**
 * The smallest whole number that is not below: `torch.ceil`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1.5, -1.5]), Tensor.ceil, Tensor.toArray), [2, -1])
 */
export const ceil: Unary = x => selection.ceil(x)

/**
 * The nearest whole number, the even one of two: `torch.round`, `jnp.round`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([0.5, 1.5, 2.4]), Tensor.round, Tensor.toArray), [0, 2, 2])
 */
export const round: Unary = x => selection.round(x)

/** The ends of an interval; an end that is not given is at infinity. */
export interface Bounds {
  readonly min?: number | Tensor<[]>
  readonly max?: number | Tensor<[]>
}
const above = (min: Operand, x: Tensor): Tensor => selection.where(selection.less(x, min), min, x)
const below = (max: Operand, x: Tensor): Tensor => selection.where(selection.less(max, x), max, x)

/**
 * The nearest number of an interval: `torch.clamp`, `jnp.clip`. NaN stays NaN; where min is above max, max.
 *
 * The derivative in x is 1 from end to end, both included, and 0 outside.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-3, 0.5, 3]), Tensor.clamp({ min: 0, max: 1 }), Tensor.toArray), [0, 0.5, 1])
 */
export const clamp =
  ({ min, max }: Bounds) =>
  <S extends Shape>(x: Tensor<S>): Tensor<S> => {
    const raised = min === undefined ? x : above(min, x)
    return max === undefined ? raised : below(max, raised)
  }
