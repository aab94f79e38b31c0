/**
 * Comparisons, and choice by them. Derivatives go through the choice only.
 *
 * Data last: `less(b)(a)` is a < b. Operands are broadcast and meet in one dtype as in arithmetic; the results are bool.
 */
import { type Operand, operands } from '../primitive/conversion.js'
import { abs } from '../primitive/elementary.js'
import * as selection from '../primitive/selection.js'
import type { Broadcast } from '../structure/broadcast-types.js'
import type { Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { binary } from './data-last.js'
import type { Binary, BroadcastResult, Unary } from './signatures.js'

/**
 * Whether a < b, `less(b)(a)`: `torch.lt`.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2, 3]), Tensor.less(2), Tensor.toArray), [true, false, false])
 */
export const less: Binary<'less'> = /* @__PURE__ */ binary(selection.less)

/**
 * Whether a ≤ b, `lessEqual(b)(a)`: `torch.le`.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2, 3]), Tensor.lessEqual(2), Tensor.toArray), [true, true, false])
 */
export const lessEqual: Binary<'lessEqual'> = /* @__PURE__ */ binary(selection.lessEqual)

/**
 * Whether a > b, `greater(b)(a)`: `torch.gt`.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2, 3]), Tensor.greater(2), Tensor.toArray), [false, false, true])
 */
export const greater: Binary<'greater'> = /* @__PURE__ */ binary((a, b) => {
  const [x, y] = operands('greater', a, b)
  return selection.less(y, x)
})

/**
 * Whether a ≥ b, `greaterEqual(b)(a)`: `torch.ge`.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2, 3]), Tensor.greaterEqual(2), Tensor.toArray), [false, true, true])
 */
export const greaterEqual: Binary<'greaterEqual'> = /* @__PURE__ */ binary((a, b) => {
  const [x, y] = operands('greaterEqual', a, b)
  return selection.lessEqual(y, x)
})

/**
 * Whether elements are equal: `torch.eq`. NaN equals nothing. For one answer about whole tensors see `equals`.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2, 3]), Tensor.equal(2), Tensor.toArray), [false, true, false])
 */
export const equal: Binary<'equal'> = /* @__PURE__ */ binary(selection.equal)

/**
 * Whether elements differ: `torch.ne`. NaN differs from everything.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2, 3]), Tensor.notEqual(2), Tensor.toArray), [true, false, true])
 */
export const notEqual: Binary<'notEqual'> = /* @__PURE__ */ binary((a, b) =>
  selection.not(selection.equal(...operands('notEqual', a, b)))
)

/**
 * Whether elements are NaN: `torch.isnan`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 1 / 0, 0 / 0]), Tensor.isNaN, Tensor.toArray), [false, false, true])
 */
const notNumber: Unary = x => selection.not(selection.equal(x, x))

/**
 * Whether elements are finite, neither infinite nor NaN: `torch.isfinite`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 1 / 0, 0 / 0]), Tensor.isFinite, Tensor.toArray), [true, false, false])
 */
const finite: Unary = x => selection.less(abs(x), Number.POSITIVE_INFINITY)

// The names of globals, which a linter guards inside.
export { finite as isFinite, notNumber as isNaN }

type Chosen<X extends Shape, Y extends Shape> = Broadcast<X, Y, 'where'> extends infer V extends Shape ? V : Shape
/** The second value, if it fits the first. */
export type WhereValue<X extends Shape, Y extends Shape> =
  Broadcast<X, Y, 'where'> extends infer Message extends string ? Message : Tensor<Y> | number
type BroadcastCondition<C extends Shape, V extends Shape> =
  Broadcast<C, V, 'where'> extends infer Message extends string ? Message : Tensor<C>
/** The condition, if it fits the values; two numbers fit every shape, known or not. */
export type WhereCondition<C extends Shape, X extends Shape, Y extends Shape> =
  Chosen<X, Y> extends readonly [] ? Tensor<C> : BroadcastCondition<C, Chosen<X, Y>>
export type WhereResult<C extends Shape, X extends Shape, Y extends Shape> =
  Chosen<X, Y> extends readonly [] ? Tensor<C> : BroadcastResult<C, Chosen<X, Y>, 'where'>
export type Where = <X extends Shape = [], Y extends Shape = []>(
  x: Tensor<X> | number,
  y: WhereValue<X, Y>
) => <C extends Shape>(condition: WhereCondition<C, X, Y>) => WhereResult<C, X, Y>

/**
 * x where a condition holds, y elsewhere, `where(x, y)(condition)`, all three broadcast: `torch.where`, `jnp.where`.
 *
 * The derivative goes to what was chosen, and 0 to the other: even where the slope of the other is infinite.
 *
 * @throws a Mistake if the condition is not bool, or the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([-4, 9])
 * deepStrictEqual(pipe(x, Tensor.less(0), Tensor.where(0, Tensor.sqrt(x)), Tensor.toArray), [0, 3])
 */
export const where = ((x: Operand, y: Operand) => (condition: Tensor) => selection.where(condition, x, y)) as Where
