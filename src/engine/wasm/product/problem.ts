/**
 * A product in the fewest axes.
 *
 * Strides become bytes; an outer axis along which the right operand stays the same joins the rows; a column as result is computed as a row of
 * the transposed product, so that what is stored together is computed together.
 */
import type { Dtype } from '../../../structure/dtype.js'
import type { Type } from '../../../tensor/tensor.js'
import { bytesOf } from '../kernel.js'
import type { Team } from './team.js'

/** A tensor in memory but for its address. */
export interface Layout extends Type {
  readonly strides: readonly number[]
}
/** What plan and scratch memory depend on. */
export interface Shapes {
  /** `[...outer, m, k]`, any strides. */
  readonly left: Layout
  /** `[...outer, k, n]`, any strides. */
  readonly right: Layout
  /** `[...outer, m, n]`; elements of a row side by side, rows anywhere. */
  readonly result: Layout
  /** What the epilogue reads, each of the result's shape. */
  readonly operands?: readonly Layout[]
  readonly fusedMultiplyAdd: boolean
  /** Who helps, if memory is shared. */
  readonly team?: Team
}

/** How many bytes neighbours lie apart, along each outer axis, from row to row and from column to column. */
export interface Steps {
  readonly dtype: Dtype
  readonly outer: readonly number[]
  readonly row: number
  readonly column: number
}
export interface Problem {
  readonly dtype: Dtype
  readonly outer: readonly number[]
  readonly m: number
  readonly n: number
  readonly k: number
  readonly left: Steps
  readonly right: Steps
  readonly result: Steps
  readonly operands: readonly Steps[]
  /** Whether left and right have changed places. */
  readonly flipped: boolean
  readonly fusedMultiplyAdd: boolean
}

export const problemOf = ({ left, right, result, operands = [], fusedMultiplyAdd }: Shapes): Problem => {
  const rank = result.shape.length
  return joined(
    flipped({
      dtype: result.dtype,
      outer: result.shape.slice(0, rank - 2),
      m: result.shape[rank - 2]!,
      n: result.shape[rank - 1]!,
      k: left.shape[rank - 1]!,
      left: stepsOf(left),
      right: stepsOf(right),
      result: stepsOf(result),
      operands: operands.map(stepsOf),
      flipped: false,
      fusedMultiplyAdd
    })
  )
}

/** Nobody goes from one row to the next where there is one; one column lies side by side with itself. */
const stepsOf = ({ shape, strides, dtype }: Layout): Steps => {
  const bytes = bytesOf[dtype]
  const [m, n] = shape.slice(-2) as [number, number]
  const [row, column] = strides.slice(-2).map(stride => stride * bytes) as [number, number]
  return {
    dtype,
    outer: strides.slice(0, -2).map((stride, axis) => (shape[axis] === 1 ? 0 : stride * bytes)),
    row: m === 1 ? 0 : row,
    column: n === 1 ? bytes : column
  }
}

const flipped = (p: Problem): Problem => {
  const bytes = bytesOf[p.dtype]
  if (p.n !== 1 || p.m === 1 || p.result.row !== bytes) return p
  // An operand of which a vector cannot be read along the column keeps the product as it is.
  if (!p.operands.every(({ row, dtype }) => row === 0 || row === bytesOf[dtype])) return p
  const flip = ({ row, column, ...rest }: Steps, single: boolean): Steps => ({
    ...rest,
    row: single ? 0 : column,
    column: row
  })
  return {
    ...p,
    m: 1,
    n: p.m,
    left: flip(p.right, true),
    // What had one row now has one column.
    right: flip(p.left, false),
    result: flip(p.result, true),
    operands: p.operands.map(operand => flip(operand, true)),
    flipped: true
  }
}

/** Takes outer axes away, the last first. */
const joined = (p: Problem): Problem => {
  const last = p.outer.length - 1
  if (last < 0) return p
  const extent = p.outer[last]!
  const walked = [p.left, p.result, ...p.operands]
  const without = (steps: Steps, row = steps.row): Steps => ({ ...steps, outer: steps.outer.slice(0, -1), row })
  const rest = { ...p, outer: p.outer.slice(0, -1) }
  if (extent === 1)
    return joined({
      ...rest,
      left: without(p.left),
      right: without(p.right),
      result: without(p.result),
      operands: p.operands.map(x => without(x))
    })
  const joins = ({ outer, row }: Steps): boolean => p.m === 1 || outer[last] === p.m * row
  if (p.right.outer[last] === 0 && walked.every(joins)) {
    const joining = (x: Steps): Steps => without(x, p.m === 1 ? x.outer[last]! : x.row)
    return joined({
      ...rest,
      m: p.m * extent,
      left: joining(p.left),
      right: without(p.right),
      result: joining(p.result),
      operands: p.operands.map(joining)
    })
  }
  return p
}

/** Whether there is nothing to compute. */
export const isEmpty = ({ outer, m, n }: Problem): boolean => m === 0 || n === 0 || outer.includes(0)
