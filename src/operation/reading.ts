/** What is known of a tensor, and its elements as JavaScript values, each a copy. */
import type * as E from 'fp-ts/lib/Eq.js'
import type { Data, Dtype } from '../structure/dtype.js'
import { type Shape, sameShape, size as sizeOf } from '../structure/shape.js'
import { elements, isTensor as isAnyTensor, item as itemOf, known, type Tensor } from '../tensor/tensor.js'
import { type NumbersOf, toNested } from './nested.js'

/**
 * The sizes of the axes: `torch.Tensor.shape`, as far as the compiler knows them. Of an unknown, too.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [rows, columns]: [2, 3] = Tensor.shape(Tensor.zeros([2, 3]))
 * deepStrictEqual([rows, columns], [2, 3])
 */
export const shape = <S extends Shape>(x: Tensor<S>): S => [...x.shape] as Shape as S

/**
 * How the elements are stored: `float32`, `float64`, `int32` or `bool`; `torch.Tensor.dtype`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.dtype(Tensor.tensor([true, false])), 'bool')
 */
export const dtype = (x: Tensor): Dtype => x.dtype

/**
 * The number of axes: `torch.Tensor.dim`, `jnp.ndim`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.rank(Tensor.zeros([2, 3])), 2)
 */
export const rank = <S extends Shape>(x: Tensor<S>): S['length'] => x.shape.length

/**
 * The number of elements: `torch.numel`, `jnp.size`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.size(Tensor.zeros([2, 3])), 6)
 */
export const size = (x: Tensor): number => sizeOf(x.shape)

/**
 * The one element of a tensor of any rank, as a number: `torch.Tensor.item`. Truth values are 1 and 0.
 *
 * @throws a Mistake if there is not exactly one element, or it is not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Tensor.tensor([[3]])), 3)
 */
export const item = (x: Tensor): number => itemOf('item')(x)

/**
 * The elements as nested arrays: `torch.Tensor.tolist`. A tensor without axes gives the element itself.
 *
 * A bool tensor gives `true` and `false`, which count as 1 and 0; the type, which knows no dtypes, says number.
 *
 * @throws a Mistake if the elements are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.tensor([[1, 2], [3, 4]])), [[1, 2], [3, 4]])
 * deepStrictEqual(Tensor.toArray(Tensor.tensor([true, false])), [true, false])
 */
export const toArray = <S extends Shape>(x: Tensor<S>): NumbersOf<S> => {
  const data = elements(known('toArray')(x))
  const truth = x.dtype === 'bool'
  return toNested(x.shape, offset => (truth ? data[offset] !== 0 : data[offset]!)) as NumbersOf<S>
}

/**
 * The elements in row-major order as a typed array of their dtype (`Uint8Array` for bool): a copy, the caller's own.
 *
 * @throws a Mistake if the elements are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toData(Tensor.tensor([[1, 2], [3, 4]])), new Float32Array([1, 2, 3, 4]))
 */
export const toData = (x: Tensor): Data => elements(known('toData')(x)).slice()

/**
 * A tensor as PyTorch prints it: four decimals, columns aligned, long axes shortened; a dtype other than float32 is named.
 * Of an unknown, what is known of it. String conversion and Node's `console.log` show the same.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.show(Tensor.tensor([[1, 2.5]])), 'tensor([[1.0000, 2.5000]])')
 */
export const show = (x: Tensor): string => String(x)

/**
 * Whether something is a tensor, known or not: `torch.is_tensor`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual([Tensor.scalar(1), 1, [1]].map(x => Tensor.isTensor(x)), [true, false, false])
 */
export const isTensor = (x: unknown): x is Tensor => isAnyTensor(x)

const sameElements = (a: Data, b: Data): boolean => {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false
  return true
}
const identical = (a: Tensor, b: Tensor): boolean =>
  a === b ||
  (a.dtype === b.dtype &&
    sameShape(a.shape, b.shape) &&
    sameElements(elements(known('equals')(a)), elements(known('equals')(b))))

/**
 * Equality to the last bit, as an fp-ts `Eq`: the same shape, dtype and elements, where NaN is itself and −0 is not 0.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [zero, negative, nan] = [Tensor.scalar(0), Tensor.scalar(-0), Tensor.scalar(Number.NaN)]
 * deepStrictEqual([Tensor.Eq.equals(zero, negative), Tensor.Eq.equals(nan, nan)], [false, true])
 */
export const Eq: E.Eq<Tensor> = { equals: identical }

/**
 * Whether two tensors are the same value: shape, dtype, and every element to the last bit: `torch.equal`. It is `Eq`, data last.
 * `Tensor.equal` compares element by element instead.
 *
 * @throws a Mistake if the elements are not known (inside `grad`, `vmap`, `jit`)
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(pipe(Tensor.tensor([1, 2]), Tensor.equals(Tensor.tensor([1, 2]))), true)
 * strictEqual(pipe(Tensor.tensor([1, 2]), Tensor.equals(Tensor.tensor([[1, 2]]))), false)
 */
export const equals =
  (b: Tensor) =>
  (a: Tensor): boolean =>
    identical(a, b)
