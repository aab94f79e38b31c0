/** Tensors from numbers: nested arrays, typed arrays, and the constants that everybody needs. */
import { cast } from '../primitive/conversion.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { equal } from '../primitive/selection.js'
import { allocate, type Data, type Dtype } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { checkShape, type Shape, showShape, size } from '../structure/shape.js'
import { constant, type Tensor, uniform } from '../tensor/tensor.js'
import { fromNested, type Nested, type ShapeOf } from './nested.js'

/** The dtype of what is made. */
export interface DtypeOptions {
  readonly dtype?: Dtype
}

/** Numbers rounded to a dtype as `cast` rounds them. */
const rounded = (shape: Shape, values: Float64Array, dtype: Dtype): Tensor =>
  cast(dtype)(constant(shape, 'float64', values))
/** The shape is copied: whoever made it may change it later. */
const filled = (operation: string, shape: Shape, value: number, dtype: Dtype): Tensor =>
  cast(dtype)(uniform({ shape: [...checkShape(operation, shape)], dtype: 'float64' }, value))
const counted = (operation: string, n: number): number => checkShape(operation, [n])[0]!

/**
 * Nested arrays as a tensor: `torch.tensor`, `jnp.array`.
 *
 * The shape is that of the arrays, known to the compiler where they are written out. Numbers become float32 unless
 * told otherwise, booleans bool.
 *
 * @throws a Mistake if rows differ in length, or an element is neither number nor boolean
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x: Tensor.Tensor<[2, 3]> = Tensor.tensor([[1, 2, 3], [4, 5, 6]], { dtype: 'float64' })
 * deepStrictEqual(Tensor.shape(x), [2, 3])
 */
export const tensor = <const N extends Nested>(values: N, { dtype }: DtypeOptions = {}): Tensor<ShapeOf<N>> => {
  const { shape, elements } = fromNested('tensor', values)
  const truths = elements.length > 0 && elements.every(element => typeof element === 'boolean')
  return rounded(shape, Float64Array.from(elements, Number), dtype ?? (truths ? 'bool' : 'float32'))
}

/**
 * One number, or one truth value, as a tensor without axes.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * strictEqual(Tensor.item(Tensor.scalar(1.5)), 1.5)
 */
export const scalar = (value: number | boolean, options?: DtypeOptions): Tensor<[]> => tensor(value, options)

const dtypeOf = (data: Data): Dtype =>
  data instanceof Float32Array
    ? 'float32'
    : data instanceof Float64Array
      ? 'float64'
      : data instanceof Int32Array
        ? 'int32'
        : 'bool'

/**
 * Elements in row-major order under a shape; they are copied.
 *
 * `Float32Array` makes float32, `Float64Array` float64, `Int32Array` int32, and `Uint8Array` bool, in which everything
 * but 0 is true.
 *
 * @throws a Mistake if the shape has another number of elements
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.fromData([2, 2], new Int32Array([1, 2, 3, 4]))
 * deepStrictEqual(Tensor.toArray(x), [[1, 2], [3, 4]])
 */
export const fromData = <const S extends Shape>(shape: S, data: Data): Tensor<[...S]> => {
  const expected = size(checkShape('fromData', shape))
  if (data.length !== expected)
    throw mistake(
      'ShapeMismatch',
      'fromData',
      `${data.length} elements where shape ${showShape(shape)} has ${expected}`
    )
  const dtype = dtypeOf(data)
  const copied = allocate(dtype, expected)
  // Not data.slice(), which for Node's Buffer is no copy.
  copied.set(dtype === 'bool' ? data.map(Math.sign) : data)
  return constant([...shape], dtype, copied)
}

/**
 * A tensor with one value everywhere: `torch.full`. A truth value makes a bool tensor.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.full([2, 2], 7)), [[7, 7], [7, 7]])
 */
export const full = <const S extends Shape>(
  shape: S,
  value: number | boolean,
  { dtype = typeof value === 'boolean' ? 'bool' : 'float32' }: DtypeOptions = {}
): Tensor<[...S]> => filled('full', shape, Number(value), dtype)

/**
 * A tensor of zeros: `torch.zeros`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.zeros([2, 3])), [[0, 0, 0], [0, 0, 0]])
 */
export const zeros = <const S extends Shape>(shape: S, { dtype = 'float32' }: DtypeOptions = {}): Tensor<[...S]> =>
  filled('zeros', shape, 0, dtype)

/**
 * A tensor of ones: `torch.ones`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.ones([3], { dtype: 'bool' })), [true, true, true])
 */
export const ones = <const S extends Shape>(shape: S, { dtype = 'float32' }: DtypeOptions = {}): Tensor<[...S]> =>
  filled('ones', shape, 1, dtype)

/**
 * Zeros with the shape of another tensor, and its dtype unless told otherwise: `torch.zeros_like`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.zerosLike(Tensor.tensor([1, 2]))), [0, 0])
 */
export const zerosLike = <S extends Shape>(x: Tensor<S>, { dtype = x.dtype }: DtypeOptions = {}): Tensor<S> =>
  filled('zerosLike', x.shape, 0, dtype)

/**
 * Ones with the shape of another tensor, and its dtype unless told otherwise: `torch.ones_like`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.onesLike(Tensor.tensor([1, 2]))), [1, 1])
 */
export const onesLike = <S extends Shape>(x: Tensor<S>, { dtype = x.dtype }: DtypeOptions = {}): Tensor<S> =>
  filled('onesLike', x.shape, 1, dtype)

/**
 * One value everywhere, with the shape of another tensor, and its dtype unless told otherwise: `torch.full_like`.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 2]), Tensor.fullLike(7), Tensor.toArray), [7, 7])
 */
export const fullLike =
  (value: number | boolean, options: DtypeOptions = {}) =>
  <S extends Shape>(x: Tensor<S>): Tensor<S> =>
    filled('fullLike', x.shape, Number(value), options.dtype ?? x.dtype)

/** Where a range starts, and how far apart its numbers are. */
export interface RangeOptions extends DtypeOptions {
  readonly start?: number
  readonly step?: number
}
type RangeSize<Stop extends number, Options> = Options extends { readonly start: number } | { readonly step: number }
  ? number
  : `${Stop}` extends `${string}${'-' | '.' | 'e'}${string}`
    ? number
    : Stop

/**
 * The numbers `start, start + step, …` before `stop`: `torch.arange`, `jnp.arange`. From 0 in steps of 1 unless told otherwise.
 *
 * int32 where start, stop and step are whole numbers, else float32.
 *
 * @throws a Mistake if the step is 0 or something is not finite
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.arange(4)), [0, 1, 2, 3])
 * deepStrictEqual(Tensor.toArray(Tensor.arange(10, { start: 4, step: 2 })), [4, 6, 8])
 * deepStrictEqual(Tensor.toArray(Tensor.arange(0, { start: 3, step: -1 })), [3, 2, 1])
 */
export const arange = <Stop extends number, const Options extends RangeOptions = DtypeOptions>(
  stop: Stop,
  options?: Options
): Tensor<[RangeSize<Stop, Options>]> => {
  const { start = 0, step = 1, dtype }: RangeOptions = options ?? {}
  const length = Math.ceil((stop - start) / step)
  if (!Number.isFinite(length))
    throw mistake('InvalidArgument', 'arange', `no numbers from ${start} up to ${stop} in steps of ${step}`)
  const values = Float64Array.from({ length: Math.max(0, length) }, (_, i) => start + i * step)
  return rounded([values.length], values, dtype ?? ([start, stop, step].every(Number.isInteger) ? 'int32' : 'float32'))
}

/**
 * So many numbers at equal distances, from start to stop, both included: `torch.linspace`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.linspace(0, 1, 5)), [0, 0.25, 0.5, 0.75, 1])
 */
export const linspace = <N extends number>(
  start: number,
  stop: number,
  n: N,
  { dtype = 'float32' }: DtypeOptions = {}
): Tensor<[N]> => {
  const step = (stop - start) / (n - 1)
  // Counted from the nearer end, so that both ends are met exactly.
  const at = (i: number): number => (i === 0 ? start : 2 * i < n ? start + i * step : stop - (n - 1 - i) * step)
  return rounded(
    [n],
    Float64Array.from({ length: counted('linspace', n) }, (_, i) => at(i)),
    dtype
  )
}

/**
 * The unit matrix: `torch.eye`.
 *
 * @example
 * import { Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Tensor.eye(2)), [[1, 0], [0, 1]])
 */
export const eye = <N extends number>(n: N, { dtype = 'float32' }: DtypeOptions = {}): Tensor<[N, N]> => {
  const data = allocate(dtype, counted('eye', n) ** 2)
  for (let i = 0; i < n; i++) data[i * (n + 1)] = 1
  return constant([n, n], dtype, data)
}

/**
 * A 1 at the place of each index along a new last axis, 0 elsewhere: `torch.nn.functional.one_hot`, `jax.nn.one_hot`.
 * An index outside 0 … depth − 1 gives zeros only.
 *
 * @throws a Mistake if the indices are not int32
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const labels = Tensor.tensor([2, 0], { dtype: 'int32' })
 * deepStrictEqual(pipe(labels, Tensor.oneHot(3), Tensor.toArray), [[0, 0, 1], [1, 0, 0]])
 */
export const oneHot =
  <N extends number>(depth: N, { dtype = 'float32' }: DtypeOptions = {}) =>
  <S extends Shape>(indices: Tensor<S>): Tensor<[...S, N]> => {
    if (indices.dtype !== 'int32')
      throw mistake('DtypeMismatch', 'oneHot', `indices are ${indices.dtype}, not int32; use cast('int32')`)
    const shape = [...indices.shape, counted('oneHot', depth)]
    return cast(dtype)(equal(broadcast(shape)(reshape([...indices.shape, 1])(indices)), arange(depth)))
  }
