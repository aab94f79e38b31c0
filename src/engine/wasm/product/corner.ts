/** Where the elements of a product lie, and how to get from one to others. */
import { type Address, type Index, moved } from './address.js'
import type { Problem, Steps } from './problem.js'

/** Where the first elements lie, and the scratch memory. */
export interface Corner {
  readonly left: Address
  readonly right: Address
  readonly result: Address
  /** What the epilogue reads. */
  readonly operands: readonly Address[]
  readonly scratch: Address
}
/** The axes of a result: rows, columns, or the first of the outer ones. */
export type Axis = 'm' | 'n' | 'outer'

export const down = (from: Address, rows: Index, { row }: Steps): Address => moved(from, rows, row)
export const across = (from: Address, columns: Index, { column }: Steps): Address => moved(from, columns, column)

/** The corner `index · count` further along an axis. */
export const further = (corner: Corner, p: Problem, axis: Axis, index: Index, count = 1): Corner => {
  const on = (from: Address, { outer, row, column }: Steps): Address =>
    moved(from, index, count * (axis === 'm' ? row : axis === 'n' ? column : outer[0]!))
  return {
    left: axis === 'n' ? corner.left : on(corner.left, p.left),
    right: axis === 'm' ? corner.right : on(corner.right, p.right),
    result: on(corner.result, p.result),
    operands: corner.operands.map((from, i) => on(from, p.operands[i]!)),
    scratch: corner.scratch
  }
}

/** The product of matrices that remains when an index of the first outer axis is chosen. */
export const inner = (p: Problem): Problem => {
  const without = (steps: Steps): Steps => ({ ...steps, outer: steps.outer.slice(1) })
  return {
    ...p,
    outer: p.outer.slice(1),
    left: without(p.left),
    right: without(p.right),
    result: without(p.result),
    operands: p.operands.map(without)
  }
}
