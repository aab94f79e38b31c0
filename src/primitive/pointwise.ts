/** What primitives that work element by element have in common: their types, and the step from a loop to constants. */
import type { BinaryLoop, UnaryLoop } from '../kernel/elementwise.js'
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape, size } from '../structure/shape.js'
import { type Constant, constant, type Type } from '../tensor/tensor.js'

export const sameType = ([x]: readonly [Type]): Type => x

/** Operands of one shape and dtype; broadcasting and promotion are operations of their own. */
export const pairType =
  (name: string) =>
  ([x, y]: readonly [Type, Type]): Type => {
    if (!sameShape(x.shape, y.shape))
      throw mistake('ShapeMismatch', name, `shapes ${showShape(x.shape)} and ${showShape(y.shape)} differ`)
    if (x.dtype !== y.dtype) throw mistake('DtypeMismatch', name, `dtypes ${x.dtype} and ${y.dtype} differ`)
    return x
  }

export const map =
  (loop: UnaryLoop) =>
  ([x]: readonly [Constant], _: unknown, { shape, dtype }: Type): Constant => {
    const n = x.data.length
    const out = allocate(dtype, n)
    loop(out, n, x.data)
    return constant(shape, dtype, out)
  }

export const zip =
  (loop: BinaryLoop) =>
  ([x, y]: readonly [Constant, Constant], _: unknown, { shape, dtype }: Type): Constant => {
    const total = size(shape)
    const [alone, other] = [x.data.length === 1, y.data.length === 1]
    const n = alone && other ? 1 : total
    const out = allocate(dtype, n)
    loop(out, n, x.data, alone ? 0 : 1, y.data, other ? 0 : 1)
    return constant(shape, dtype, out)
  }
