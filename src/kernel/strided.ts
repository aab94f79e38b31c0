/** Copies and folds between arrays seen under strides. */
import type { Data } from '../structure/dtype.js'
import { type Shape, size } from '../structure/shape.js'

type Row = (from: number, to: number, n: number, stepFrom: number, stepTo: number) => void

/** Visits every index of `shape` row by row, giving each row's start under two sets of strides. */
const rows = (
  shape: Shape,
  from: readonly number[],
  to: readonly number[],
  fromOffset: number,
  toOffset: number,
  visit: Row
): void => {
  if (size(shape) === 0) return
  const last = shape.length - 1
  if (last < 0) {
    visit(fromOffset, toOffset, 1, 0, 0)
    return
  }
  const n = shape[last]!
  const index = new Array<number>(last).fill(0)
  let f = fromOffset
  let t = toOffset
  for (;;) {
    visit(f, t, n, from[last]!, to[last]!)
    let axis = last - 1
    for (; axis >= 0; axis--) {
      f += from[axis]!
      t += to[axis]!
      if (++index[axis]! < shape[axis]!) break
      f -= from[axis]! * shape[axis]!
      t -= to[axis]! * shape[axis]!
      index[axis] = 0
    }
    if (axis < 0) return
  }
}

/** A place in an array: where index 0 lies, and how far apart neighbours along each axis are. */
export interface View {
  readonly data: Data
  readonly offset: number
  readonly strides: readonly number[]
}

export const copyStrided = (shape: Shape, from: View, to: View): void => {
  const x = from.data
  const out = to.data
  rows(shape, from.strides, to.strides, from.offset, to.offset, (f, t, n, stepFrom, stepTo) => {
    for (let i = 0, p = f, q = t; i < n; i++, p += stepFrom, q += stepTo) out[q] = x[p]!
  })
}

/** Adds the elements of `from` into the positions that the strides of `to` (0 on folded axes) send them to, in order of index. */
export const sumStrided = (shape: Shape, from: View, to: View): void => {
  const x = from.data
  const out = to.data
  rows(shape, from.strides, to.strides, from.offset, to.offset, (f, t, n, stepFrom, stepTo) => {
    for (let i = 0, p = f, q = t; i < n; i++, p += stepFrom, q += stepTo) out[q] = out[q]! + x[p]!
  })
}

/** The best element sent to each position: by `better`, and NaN above all. */
export const bestStrided = (shape: Shape, from: View, to: View, better: (a: number, b: number) => boolean): void => {
  const x = from.data
  const out = to.data
  rows(shape, from.strides, to.strides, from.offset, to.offset, (f, t, n, stepFrom, stepTo) => {
    for (let i = 0, p = f, q = t; i < n; i++, p += stepFrom, q += stepTo) {
      const value = x[p]!
      if (better(value, out[q]!) || value !== value) out[q] = value
    }
  })
}
