/**
 * Small matrix products as multiplications and sums, which meet with what is around them in one nest.
 *
 * The space of a sum has the axes of the operand that is a matrix in the order in which it is stored, so that its last axis is contiguous; the other
 * operand is repeated along it.
 */
import { mul } from '../../primitive/arithmetic.js'
import { matmulPrimitive, type Transposed } from '../../primitive/contraction.js'
import { broadcast, permute, reshape, reshapePrimitive, sum } from '../../primitive/movement.js'
import { isFloat } from '../../structure/dtype.js'
import { range, type Shape, size } from '../../structure/shape.js'
import { type Equation, isExpression, type Many, type Primitive, type Tensor } from '../../tensor/tensor.js'
import type { Pass } from './pass.js'
import { rewrite } from './rewrite.js'

/** A product of a matrix and a vector of so many multiplications costs less as a part of a nest, one of two matrices of so many. */
const mostWithVector = 1 << 15
const mostOfMatrices = 1 << 12
/** A sum of so few matrices does not lose to a product. */
const fewTerms = 2

/** A vector repeated along one of the last two axes of a shape. */
const repeated = (vector: Tensor, shape: Shape, along: 'rows' | 'columns'): Tensor => {
  const extent = along === 'rows' ? [1, shape[shape.length - 1]!] : [shape[shape.length - 2]!, 1]
  const outer = vector.shape.length === 2 ? [] : shape.slice(0, -2)
  return broadcast(shape)(reshape([...outer, ...extent])(vector))
}
/** The products of a stored matrix and a vector, `…, m` of `…, m, k` or of `…, k, m`. */
const applied = (matrix: Tensor, vector: Tensor, transposed: boolean): Tensor => {
  const { shape } = matrix
  const rank = shape.length
  return sum([transposed ? rank - 2 : rank - 1])(mul(matrix, repeated(vector, shape, transposed ? 'columns' : 'rows')))
}
/** The last two axes of a matrix, exchanged if it is stored the other way round, behind the others. */
const turned = (x: Tensor, transposed: boolean): Tensor => {
  const rank = x.shape.length
  return transposed ? permute([...range(rank - 2), rank - 1, rank - 2])(x) : x
}
/** The rows of a matrix under the shape that they had before they were put into one axis: there its equations meet others. */
const unflattened = (x: Tensor): Tensor => {
  if (!isExpression(x) || x.equation.primitive !== (reshapePrimitive as Primitive)) return x
  const before = x.equation.inputs[0]!
  const { length } = before.shape
  return x.shape.length === 2 && length > 2 && before.shape[length - 1] === x.shape[1] ? before : x
}

const expanded = ({ attributes, outputs }: Equation, [left, right]: Many): Tensor | undefined => {
  const flags = attributes as Transposed
  const { shape, dtype } = outputs[0]!
  const rank = shape.length
  const [m, n] = [shape[rank - 2]!, shape[rank - 1]!]
  const k = left!.shape[flags.left ? rank - 2 : rank - 1]!
  // Of integers the sum is that of exact products.
  if (!isFloat({ dtype }) || k === 0) return undefined
  const outer = shape.slice(0, -2)
  const rows = flags.left ? left! : unflattened(left!)
  if (k === 1) {
    const space = flags.left ? shape : [...rows.shape.slice(0, -1), n]
    const column = flags.left ? reshape([...outer, m, 1])(rows) : rows
    return reshape(shape)(mul(broadcast(space)(column), repeated(right!, space, 'rows')))
  }
  const multiplications = size(outer) * m * k * n
  if (n === 1 && multiplications <= mostWithVector) return reshape(shape)(applied(rows, right!, flags.left))
  if (m === 1 && multiplications <= mostWithVector) return reshape(shape)(applied(right!, left!, !flags.right))
  if (k > fewTerms || multiplications > mostOfMatrices) return undefined
  // Each term is the product of a column and a row; they are added along an axis before the last two.
  const terms = broadcast([...outer, k, m, n])
  const columns = reshape([...outer, k, m, 1])(turned(left!, !flags.left))
  return sum([rank - 2])(mul(terms(columns), terms(reshape([...outer, k, 1, n])(turned(right!, flags.right)))))
}

export const expandProducts: Pass = {
  name: 'expandProducts',
  statement:
    'a small matrix product ≈ a multiplication, or multiplications and a sum: products are rounded before they are added, and the sign of a zero may differ; there may be more equations',
  run: p =>
    rewrite(p, (e, inputs) => {
      const made = e.primitive === (matmulPrimitive as Primitive) ? expanded(e, inputs) : undefined
      return made && [made]
    })
}
