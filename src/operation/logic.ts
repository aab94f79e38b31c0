/** Truth values, and the bits of integers: joined, turned around, and asked of whole axes. None of it has a derivative. */
import { cast, type Operand, operands } from '../primitive/conversion.js'
import { sum } from '../primitive/movement.js'
import * as selection from '../primitive/selection.js'
import type { Tensor } from '../tensor/tensor.js'
import { binary } from './data-last.js'
import { reduction } from './reduction.js'
import type { Binary, Unary } from './signatures.js'

// A number stored as bool would lose its fraction first: 0.5 is true.
const truth = (x: Operand): Operand => (typeof x === 'number' ? Number(x !== 0) : cast('bool')(x))
const logical = <Name extends string>(name: Name, f: (a: Tensor, b: Tensor) => Tensor): Binary<Name> =>
  binary((a, b) => f(...operands(name, truth(a), truth(b), () => 'bool')))

/**
 * Whether both are true: `torch.logical_and`. Every number but 0 is true.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const other = Tensor.tensor([true, false, true])
 * deepStrictEqual(pipe(Tensor.tensor([true, true, false]), Tensor.logicalAnd(other), Tensor.toArray), [true, false, false])
 */
export const logicalAnd = /* @__PURE__ */ logical('logicalAnd', selection.bitAnd)

/**
 * Whether at least one is true: `torch.logical_or`. Every number but 0 is true.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const other = Tensor.tensor([true, false, false])
 * deepStrictEqual(pipe(Tensor.tensor([true, true, false]), Tensor.logicalOr(other), Tensor.toArray), [true, true, false])
 */
export const logicalOr = /* @__PURE__ */ logical('logicalOr', selection.bitOr)

/**
 * Whether exactly one is true: `torch.logical_xor`. Every number but 0 is true.
 *
 * @throws a Mistake if the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const other = Tensor.tensor([true, false, false])
 * deepStrictEqual(pipe(Tensor.tensor([true, true, false]), Tensor.logicalXor(other), Tensor.toArray), [false, true, false])
 */
export const logicalXor = /* @__PURE__ */ logical('logicalXor', selection.bitXor)

/**
 * Whether it is not true: `torch.logical_not`. Every number but 0 is true.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([true, false]), Tensor.logicalNot, Tensor.toArray), [false, true])
 */
export const logicalNot: Unary = x => selection.not(x)

/**
 * Whether any element along axes is true, of none false: `torch.any`. Every number but 0 is true.
 *
 * @throws a Mistake if an axis is out of range
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[true, false], [false, false]])
 * deepStrictEqual(pipe(x, Tensor.any({ axis: 1 }), Tensor.toArray), [true, false])
 */
export const any = /* @__PURE__ */ reduction('any', (x, axes) =>
  selection.less(0, sum(axes)(cast('int32')(cast('bool')(x))))
)

/**
 * Whether all elements along axes are true, of none true: `torch.all`. Every number but 0 is true.
 *
 * @throws a Mistake if an axis is out of range
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[true, true], [false, true]])
 * deepStrictEqual(pipe(x, Tensor.all({ axis: 1 }), Tensor.toArray), [true, false])
 */
export const all = /* @__PURE__ */ reduction('all', (x, axes) =>
  selection.equal(0, sum(axes)(cast('int32')(selection.not(x))))
)

/**
 * The bits that both int32 words have: `torch.bitwise_and`. Of bools, whether both are true.
 *
 * @throws a Mistake if an operand is not an integer, or the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0b1100, { dtype: 'int32' }), Tensor.bitAnd(0b1010), Tensor.item), 0b1000)
 */
export const bitAnd: Binary<'bitAnd'> = /* @__PURE__ */ binary(selection.bitAnd)

/**
 * The bits that at least one of two int32 words has: `torch.bitwise_or`. Of bools, whether one is true.
 *
 * @throws a Mistake if an operand is not an integer, or the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0b1100, { dtype: 'int32' }), Tensor.bitOr(0b1010), Tensor.item), 0b1110)
 */
export const bitOr: Binary<'bitOr'> = /* @__PURE__ */ binary(selection.bitOr)

/**
 * The bits that exactly one of two int32 words has: `torch.bitwise_xor`. Of bools, whether exactly one is true.
 *
 * @throws a Mistake if an operand is not an integer, or the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(0b1100, { dtype: 'int32' }), Tensor.bitXor(0b1010), Tensor.item), 0b0110)
 */
export const bitXor: Binary<'bitXor'> = /* @__PURE__ */ binary(selection.bitXor)

/**
 * The bits of an int32 word moved to the left by 0 … 31 places, `shiftLeft(places)(word)`: `jax.lax.shift_left`.
 *
 * @throws a Mistake if an operand is not int32, or the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(5, { dtype: 'int32' }), Tensor.shiftLeft(2), Tensor.item), 20)
 */
export const shiftLeft: Binary<'shiftLeft'> = /* @__PURE__ */ binary(selection.shiftLeft)

/**
 * The bits of an int32 word moved to the right by 0 … 31 places, zeros coming in: `jax.lax.shift_right_logical`.
 *
 * @throws a Mistake if an operand is not int32, or the shapes do not broadcast
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.scalar(-1, { dtype: 'int32' }), Tensor.shiftRight(24), Tensor.item), 255)
 */
export const shiftRight: Binary<'shiftRight'> = /* @__PURE__ */ binary(selection.shiftRight)
