/** When two trees of tensors are the same: to the last bit, or up to rounding. */
import { sameShape } from '../src/structure/shape.js'
import { constant, elements, isConstant, isTensor, known } from '../src/tensor/tensor.js'
import { leaves, refill } from '../src/tensor/tree.js'
import { near } from './closeness.js'

const compared =
  (agree: (a: number, b: number) => boolean) =>
  (a: unknown, b: unknown): boolean => {
    if (isTensor(a) && isTensor(b)) {
      if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape) || !isConstant(a) || !isConstant(b)) return false
      const [xs, ys] = [elements(a), elements(b)]
      return xs.every((x, i) => agree(x, ys[i]!))
    }
    if (isTensor(a) || isTensor(b)) return false
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
      return typeof a === 'number' && typeof b === 'number' ? agree(a, b) : Object.is(a, b)
    const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
    const names = Object.keys(left)
    return (
      Array.isArray(a) === Array.isArray(b) &&
      names.length === Object.keys(right).length &&
      names.every(name => name in right && compared(agree)(left[name], right[name]))
    )
  }

/** The same records, arrays, shapes, dtypes and bits; −0 is not 0, and NaN is NaN. Numbers and texts beside the tensors count too. */
export const identical: (a: unknown, b: unknown) => boolean = compared(Object.is)

/** The same records, arrays, shapes and dtypes, with numbers that are close. */
export const close =
  (tolerance: number) =>
  (a: unknown, b: unknown): boolean =>
    compared((x, y) => near(x, y, tolerance))(a, b)

/** The same tree in buffers of its own: what it was, whatever happens to it. */
export const copy = (tree: unknown): unknown =>
  refill(
    tree,
    leaves(tree).map(x => {
      const { shape, dtype, data } = known('copy')(x)
      return constant([...shape], dtype, data.slice())
    })
  )
