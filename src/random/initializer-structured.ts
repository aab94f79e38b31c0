/** Initializers whose numbers hang together: orthogonal, sparse, and those that let signals through unchanged. */
import type { State } from 'fp-ts/lib/State.js'
import { scan } from '../control/scan.js'
import { jit } from '../engine/jit.js'
import { matmul } from '../operation/contraction.js'
import { eye } from '../operation/creation.js'
import { reshape, transpose, unsqueeze } from '../operation/movement.js'
import { argsort } from '../operation/sorting.js'
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { sqrt } from '../primitive/elementary.js'
import { sumAll } from '../primitive/movement.js'
import { less, where } from '../primitive/selection.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { checkShape, type Shape, showShape, size } from '../structure/shape.js'
import { constant, type Tensor } from '../tensor/tensor.js'
import { normal, type SampleOptions, uniform } from './distribution.js'
import { notNegative, type Standard } from './initializer.js'
import { draw, type Key } from './key.js'

const standard = (initialize: (shape: Shape, options: Required<SampleOptions>) => State<Key, Tensor>): Standard =>
  ((shape: Shape, { dtype = 'float32' }: SampleOptions = {}) => initialize(shape, { dtype })) as Standard

/** A weight with two axes: the sizes of both. */
const matrix = (operation: string, shape: Shape): readonly [number, number] => {
  const [rows, columns] = checkShape(operation, shape)
  if (shape.length !== 2) throw mistake('ShapeMismatch', operation, `${showShape(shape)} does not have two axes`)
  return [rows!, columns!]
}

/**
 * The rows, made orthonormal one after the other by Gram–Schmidt: there must be no more of them than columns.
 *
 * Taken away twice (Giraud, Langou & Rozložník 2005), what each has of those before is gone up to rounding. Each row keeps its own direction, as in
 * a QR decomposition whose R has a positive diagonal: of normally distributed rows, all orthonormal systems are then equally likely.
 */
const orthonormal = (rows: Tensor): Tensor => {
  const [count = 0, length = 0] = rows.shape
  const start: Tensor = constant([count, length], rows.dtype, allocate(rows.dtype, 1))
  const step = (before: Tensor, [row, place]: readonly [Tensor, Tensor]): readonly [Tensor, Tensor] => {
    const apart = (x: Tensor): Tensor => {
      const column = reshape([length, 1])(x as Tensor<[number]>)
      const shares = matmul(column)(before as Tensor<[number, number]>)
      return sub(
        x,
        reshape([length])(matmul(before as Tensor<[number, number]>)(transpose(shares as Tensor<[number, number]>)))
      )
    }
    const rest = apart(apart(row))
    const unit = div(rest, sqrt(sumAll(mul(rest, rest))))
    return [add(before, mul(unsqueeze(1)(place), unsqueeze(0)(unit))), unit]
  }
  const places = cast(rows.dtype)(eye(count))
  return scan(step)(start, [rows, places])[1]
}
/** From here on, in multiplications, compiling costs less than it saves. */
const large = 2 ** 18
const orthonormalCompiled = /* @__PURE__ */ jit(orthonormal)

/**
 * A matrix with orthonormal rows, or columns if there are more rows, times a gain: `torch.nn.init.orthogonal_` (Saxe et al. 2014).
 *
 * Axes after the first are taken together: a weight `[out, in, …kernel]` is a matrix `[out, in · |kernel|]`. All such matrices are equally likely. They
 * are computed in float64, whatever dtype is asked for. The gain is 1 unless given.
 *
 * @throws a Mistake if the gain is negative; when drawn, if the shape has fewer than two axes
 *
 * @example
 * import { Initializer, pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const [weight] = Initializer.orthogonal()([3, 5], { dtype: 'float64' })(Random.key(1))
 * const gram = pipe(weight, Tensor.matmul(Tensor.transpose(weight)))
 * ok(pipe(gram, Tensor.sub(Tensor.eye(3, { dtype: 'float64' })), Tensor.abs, Tensor.max(), Tensor.item) < 1e-14)
 */
export const orthogonal = ({ gain = 1 }: { readonly gain?: number } = {}): Standard => {
  notNegative('Initializer.orthogonal', 'gain', gain)
  return standard((shape, { dtype }) => {
    const [rows, ...others] = checkShape('Initializer.orthogonal', shape)
    if (rows === undefined || others.length === 0)
      throw mistake('ShapeMismatch', 'Initializer.orthogonal', `${showShape(shape)} has fewer than two axes`)
    const columns = size(others)
    const [few, many] = [Math.min(rows, columns), Math.max(rows, columns)]
    const orthonormalize = few * few * many < large ? orthonormal : orthonormalCompiled
    return draw(key => {
      const system = orthonormalize(normal([few, many], { dtype: 'float64' })(key))
      const oriented = rows > columns ? transpose(system as Tensor<[number, number]>) : system
      return cast(dtype)(mul(reshape(shape)(oriented), gain))
    })
  })
}

/**
 * The identity matrix, with zeros beside or below it where the shape is not square: `torch.nn.init.eye_`. The key goes on unused.
 *
 * @throws a Mistake, when drawn, if the shape does not have two axes
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Initializer.identity([2, 3])(Random.key(1))[0]), [[1, 0, 0], [0, 1, 0]])
 */
export const identity: Standard = /* @__PURE__ */ standard((shape, { dtype }) => {
  const [rows, columns] = matrix('Initializer.identity', shape)
  const data = allocate(dtype, rows * columns)
  for (let i = 0; i < Math.min(rows, columns); i++) data[i * columns + i] = 1
  const value = constant(shape, dtype, data)
  return key => [value, key]
})

/**
 * Convolutions that let as many channels as they can through unchanged: `torch.nn.init.dirac_`. The key goes on unused.
 *
 * Of a weight `[out, in, …kernel]`, channel i of each group goes to channel i of its outputs, by a 1 in the middle of the kernel; all else is 0.
 *
 * @throws a Mistake if groups is not a whole number of 1 or more; when drawn, if the shape does not have three to five axes, or the groups do not
 * divide the first
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [weight] = Initializer.dirac()([2, 2, 3])(Random.key(1))
 * deepStrictEqual(Tensor.toArray(weight), [[[0, 1, 0], [0, 0, 0]], [[0, 0, 0], [0, 1, 0]]])
 */
export const dirac = ({ groups = 1 }: { readonly groups?: number } = {}): Standard => {
  if (!Number.isInteger(groups) || groups < 1)
    throw mistake('InvalidArgument', 'Initializer.dirac', `groups is ${groups}; it must be a whole number of 1 or more`)
  return standard((shape, { dtype }) => {
    const [outputs = 0, inputs = 0, ...kernel] = checkShape('Initializer.dirac', shape)
    if (shape.length < 3 || shape.length > 5)
      throw mistake(
        'ShapeMismatch',
        'Initializer.dirac',
        `${showShape(shape)} is no weight of a convolution [out, in, …kernel], which has three to five axes`
      )
    if (outputs % groups !== 0)
      throw mistake(
        'ShapeMismatch',
        'Initializer.dirac',
        `${groups} groups do not divide the ${outputs} outputs of ${showShape(shape)}`
      )
    const [share, field] = [outputs / groups, size(kernel)]
    const middle = kernel.reduce((place, extent) => place * extent + Math.floor(extent / 2), 0)
    const data = allocate(dtype, size(shape))
    for (let group = 0; group < groups; group++)
      for (let i = 0; i < Math.min(share, inputs); i++) data[((group * share + i) * inputs + i) * field + middle] = 1
    const value = constant(shape, dtype, data)
    return key => [value, key]
  })
}

/**
 * Normally distributed numbers, but for a share of zeros in each column, at random: `torch.nn.init.sparse_` (Martens 2010).
 *
 * Of a weight `[out, in]`, `⌈sparsity · out⌉` of the numbers that each input goes by are 0; the others have mean 0 and a standard deviation of 0.01
 * unless given.
 *
 * @throws a Mistake if the sparsity is not between 0 and 1, or the standard deviation negative; when drawn, if the shape does not have two axes
 *
 * @example
 * import { Initializer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [weight] = Initializer.sparse({ sparsity: 0.5 })([4, 2])(Random.key(1))
 * const zeros = Tensor.toArray(Tensor.transpose(weight)).map(column => column.filter(x => x === 0).length)
 * deepStrictEqual(zeros, [2, 2])
 */
export const sparse = ({
  sparsity,
  standardDeviation = 0.01
}: {
  readonly sparsity: number
  readonly standardDeviation?: number
}): Standard => {
  if (!(sparsity >= 0 && sparsity <= 1))
    throw mistake('InvalidArgument', 'Initializer.sparse', `sparsity is ${sparsity}, which is not between 0 and 1`)
  notNegative('Initializer.sparse', 'standardDeviation', standardDeviation)
  return standard((shape, { dtype }) => key => {
    const [rows] = matrix('Initializer.sparse', shape)
    const [drawn, next] = draw(normal(shape, { standardDeviation, dtype }))(key)
    // In each column the rows in a random order, and each row's place in it.
    const [numbers, rest] = draw(uniform(shape, { dtype: 'float64' }))(next)
    const order = argsort({ axis: 0 })
    const place = order(order(numbers as Tensor<[number, number]>))
    return [where(less(place, Math.ceil(sparsity * rows)), 0, drawn), rest]
  })
}
