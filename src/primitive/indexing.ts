/** Elements by number: take and scatterAdd, each the transpose of the other; running sums; the order that sorts. */
import { allocate } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, showShape, size } from '../structure/shape.js'
import {
  apply,
  constant,
  elements,
  type Linear,
  type LocallyConstant,
  type One,
  type Tensor,
  type Two,
  type Type
} from '../tensor/tensor.js'
import { add } from './arithmetic.js'
import { broadcast, leading, reshape } from './movement.js'
import { bitAnd, less, lessEqual, where } from './selection.js'

const rowSize = (shape: Shape): number => size(shape.slice(1))
const integers = (name: string, indices: Type): void => {
  if (indices.dtype !== 'int32') throw mistake('DtypeMismatch', name, `indices are ${indices.dtype}, not int32`)
}
const inside = (name: string, row: number, rows: number): number => {
  if (row < 0 || row >= rows) throw mistake('InvalidArgument', name, `index ${row} is outside 0…${rows - 1}`)
  return row
}
/**
 * The row numbers of each member of a batch moved apart, so that a batch of tables is one long table.
 * A number that is outside its own table becomes one that is outside of all, not a row of the neighbour's.
 */
const apart = (indices: Tensor, rows: number): Tensor => {
  const [n, ...rest] = indices.shape
  const first = allocate('int32', n!).map((_, i) => i * rows)
  const offsets = broadcast(indices.shape)(reshape([n!, ...rest.map(() => 1)])(constant([n!], 'int32', first)))
  return where(bitAnd(lessEqual(0, indices), less(indices, rows)), add(indices, offsets), -1)
}

/** `table [rows, …], indices [I…] → [I…, …]` */
export const takePrimitive: Linear<Two> = {
  kind: 'linear',
  name: 'take',
  linearIn: [0],
  type: ([table, indices]) => {
    integers('take', indices)
    if (table.shape.length === 0) throw mistake('ShapeMismatch', 'take', 'a scalar has no rows')
    return { shape: [...indices.shape, ...table.shape.slice(1)], dtype: table.dtype }
  },
  evaluate: ([table, indices], _, { shape, dtype }) => {
    const [width, rows, from] = [rowSize(table.shape), elements(indices), elements(table)]
    const data = allocate(dtype, size(shape))
    for (let i = 0; i < rows.length; i++) {
      const start = inside('take', rows[i]!, table.shape[0]!) * width
      for (let j = 0; j < width; j++) data[i * width + j] = from[start + j]!
    }
    return constant(shape, dtype, data)
  },
  transpose: (_, cotangent, [table, indices]) => scatterAdd(table.shape[0]!)(indices)(cotangent),
  batch: (inputs, batched) => {
    if (!batched[0]) return take(inputs[1])(inputs[0])
    const [table, indices] = leading(inputs, batched)
    const [n, rows, ...rest] = table.shape
    return take(apart(indices, rows!))(reshape([n! * rows!, ...rest])(table))
  }
}
/** Rows of a table by number. */
export const take =
  (indices: Tensor) =>
  (table: Tensor): Tensor =>
    apply(takePrimitive, [table, indices], undefined)

/** `updates [I…, …], indices [I…] → [rows, …]`: updates of the same row are added, in order. */
export const scatterAddPrimitive: Linear<Two, number> = {
  kind: 'linear',
  name: 'scatterAdd',
  linearIn: [0],
  type: ([updates, indices], rows) => {
    integers('scatterAdd', indices)
    if (indices.shape.some((extent, axis) => updates.shape[axis] !== extent)) {
      throw mistake(
        'ShapeMismatch',
        'scatterAdd',
        `updates ${showShape(updates.shape)} do not begin with the shape of the indices, ${showShape(indices.shape)}`
      )
    }
    return { shape: [rows, ...updates.shape.slice(indices.shape.length)], dtype: updates.dtype }
  },
  evaluate: ([updates, indices], rows, { shape, dtype }) => {
    const [width, at, from] = [rowSize(shape), elements(indices), elements(updates)]
    const data = allocate(dtype, size(shape))
    for (let i = 0; i < at.length; i++) {
      const start = inside('scatterAdd', at[i]!, rows) * width
      for (let j = 0; j < width; j++) data[start + j] = data[start + j]! + from[i * width + j]!
    }
    return constant(shape, dtype, data)
  },
  transpose: (_, cotangent, [, indices]) => take(indices)(cotangent),
  batch: (inputs, batched, rows) => {
    const [updates, indices] = leading(inputs, batched)
    const n = updates.shape[0]!
    const flat = scatterAdd(n * rows)(apart(indices, rows))(updates)
    return reshape([n, rows, ...flat.shape.slice(1)])(flat)
  }
}
/** Zeros of so many rows, with updates added at their rows. */
export const scatterAdd =
  (rows: number) =>
  (indices: Tensor) =>
  (updates: Tensor): Tensor =>
    apply(scatterAddPrimitive, [updates, indices], rows)

export interface Running {
  readonly axis: number
  /** From the last element to the first. */
  readonly backwards: boolean
}
export const cumsumPrimitive: Linear<One, Running> = {
  kind: 'linear',
  name: 'cumsum',
  linearIn: 'all',
  type: ([x]) => x,
  evaluate: ([x], { axis, backwards }, { shape, dtype }) => {
    const data = allocate(dtype, size(shape))
    const from = elements(x)
    const extent = shape[axis]!
    const inner = size(shape.slice(axis + 1))
    const outer = size(shape.slice(0, axis))
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let total = 0
        for (let k = 0; k < extent; k++) {
          const at = (o * extent + (backwards ? extent - 1 - k : k)) * inner + i
          total += from[at]!
          data[at] = total
        }
      }
    }
    return constant(shape, dtype, data)
  },
  transpose: (_, cotangent, __, { axis, backwards }) => cumsum({ axis, backwards: !backwards })(cotangent),
  batch: ([x], _, { axis, backwards }) => cumsum({ axis: axis + 1, backwards })(x)
}
export const cumsum =
  (running: Running) =>
  (x: Tensor): Tensor =>
    apply(cumsumPrimitive, [x], running)

export interface Order {
  readonly descending: boolean
}
/** The order that sorts the last axis: stable, NaN after all numbers (before, when descending). */
export const argsortPrimitive: LocallyConstant<One, Order> = {
  kind: 'locallyConstant',
  name: 'argsort',
  type: ([x]) => {
    if (x.shape.length === 0) throw mistake('ShapeMismatch', 'argsort', 'a scalar has no axis to sort along')
    return { shape: x.shape, dtype: 'int32' }
  },
  evaluate: ([x], { descending }, { shape, dtype }) => {
    const data = allocate(dtype, size(shape))
    const values = elements(x)
    const extent = shape[shape.length - 1]!
    const sign = descending ? -1 : 1
    const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : Number(a !== a) - Number(b !== b))
    for (let start = 0; start < data.length; start += extent) {
      const order = Array.from({ length: extent }, (_, i) => i).sort(
        (i, j) => sign * compare(values[start + i]!, values[start + j]!)
      )
      data.set(order, start)
    }
    return constant(shape, dtype, data)
  },
  batch: ([x], _, order) => apply(argsortPrimitive, [x], order)
}
export const argsort =
  (order: Order) =>
  (x: Tensor): Tensor =>
    apply(argsortPrimitive, [x], order)
