/** Matrix products over equal leading axes. Either operand may be read transposed, so that derivatives need no permute. */
import { matmul as kernel, type MatmulSizes } from '../kernel/matmul.js'
import { mistake } from '../structure/mistake.js'
import { range, type Shape, sameShape, showShape, size } from '../structure/shape.js'
import {
  apply,
  constant,
  elements,
  isExpression,
  type Multilinear,
  type Tensor,
  type Two,
  type Type
} from '../tensor/tensor.js'
import { leading, permutePrimitive, reshape } from './movement.js'

/** Which operands are stored as [k, m] and [n, k] instead of [m, k] and [k, n]. */
export interface Transposed {
  readonly left: boolean
  readonly right: boolean
}
const rowsAndColumns = (shape: Shape, transposed: boolean): readonly [number, number] => {
  const [rows, columns] = [shape[shape.length - 2]!, shape[shape.length - 1]!]
  return transposed ? [columns, rows] : [rows, columns]
}
const sizes = ([x, y]: readonly [Type, Type], { left, right }: Transposed): MatmulSizes & { readonly outer: Shape } => {
  const [m, k] = rowsAndColumns(x.shape, left)
  const [inner, n] = rowsAndColumns(y.shape, right)
  const outer = x.shape.slice(0, -2)
  // Shown as they are multiplied, whichever way they are stored.
  const shown = `${showShape([...outer, m, k])} × ${showShape([...y.shape.slice(0, -2), inner, n])}`
  if (k !== inner) throw mistake('ShapeMismatch', 'matmul', `${shown}: inner dimensions ${k} and ${inner} differ`)
  if (!sameShape(outer, y.shape.slice(0, -2)))
    throw mistake('ShapeMismatch', 'matmul', `${shown}: leading dimensions differ`)
  if (x.dtype !== y.dtype) throw mistake('DtypeMismatch', 'matmul', `dtypes ${x.dtype} and ${y.dtype} differ`)
  return { batch: size(outer), m, k, n, outer }
}
/** The operand under a permute that only exchanges its last two axes. */
const untransposed = (x: Tensor): Tensor | undefined => {
  if (!isExpression(x) || x.equation.primitive !== permutePrimitive) return undefined
  const rank = x.shape.length
  const axes = x.equation.attributes as readonly number[]
  return sameShape(axes, [...range(rank - 2), rank - 1, rank - 2]) ? x.equation.inputs[0] : undefined
}

export const matmulPrimitive: Multilinear<Two, Transposed> = {
  kind: 'multilinear',
  name: 'matmul',
  type: (inputs, transposed) => {
    const { m, n, outer } = sizes(inputs, transposed)
    return { shape: [...outer, m, n], dtype: inputs[0].dtype }
  },
  simplify: ([x, y], { left, right }) => {
    const [a, b] = [untransposed(x), untransposed(y)]
    return a || b ? matmul({ left: a ? !left : left, right: b ? !right : right })(a ?? x, b ?? y) : undefined
  },
  evaluate: ([x, y], transposed, { shape, dtype }) =>
    constant(
      shape,
      dtype,
      kernel(dtype, sizes([x, y], transposed), elements(x), transposed.left, elements(y), transposed.right)
    ),
  transpose: (operand, cotangent, [x, y], { left, right }) => {
    if (operand === 0)
      return left
        ? matmul({ left: right, right: true })(y, cotangent)
        : matmul({ left: false, right: !right })(cotangent, y)
    return right
      ? matmul({ left: true, right: left })(cotangent, x)
      : matmul({ left: !left, right: false })(x, cotangent)
  },
  batch: (inputs, batched, transposed) => {
    const [x, y] = inputs
    // One matrix for all members: their rows are one long matrix.
    if (batched[0] && !batched[1] && !transposed.left && x.shape.length === 3) {
      const [n, m, k] = x.shape
      const flat = matmul(transposed)(reshape([n! * m!, k!])(x), y)
      return reshape([n!, m!, flat.shape[1]!])(flat)
    }
    return apply(matmulPrimitive, leading(inputs, batched), transposed)
  }
}
/** `[…, m, k] × […, k, n] → […, m, n]` for equal leading axes and dtypes. */
export const matmul =
  (transposed: Transposed) =>
  (x: Tensor, y: Tensor): Tensor =>
    apply(matmulPrimitive, [x, y], transposed)
