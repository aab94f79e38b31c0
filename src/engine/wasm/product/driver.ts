/** The loops around register blocks: what is packed when, and which block is computed where. */
import { call, i32, nothing, type Routine, type Statement, sequence } from '../assembler.js'
import { type Address, type Cut, cut, cutEvenly, type Index, moved, pointer, walk } from './address.js'
import { blockRoutine } from './block.js'
import { across, type Corner, down, further, inner } from './corner.js'
import { dotRoutine } from './dots.js'
import type { Finish } from './epilogue.js'
import { pack } from './packing.js'
import { type Blocks, type Dots, type Plan, packedRow, panelBytes, scratchOf } from './plan.js'
import type { Problem } from './problem.js'
import type { Kind, Vectors } from './vectors.js'

/** Code that computes as many rows and columns of a product as `extents` says. Its routines are the same for all corners and extents. */
export type At = (corner: Corner, extents: Pick<Problem, 'm' | 'n' | 'outer'>) => Statement

export const computed = <V extends Kind>(
  F: Vectors<V>,
  name: string,
  problem: Problem,
  plan: Plan,
  finish: Finish<V> | undefined
): At => {
  const at = plan.kind === 'dots' ? dots(F, name, problem, plan, finish) : blocks(F, name, problem, plan, finish)
  const each = (p: Problem, corner: Corner, { m, n, outer }: Parameters<At>[1]): Statement =>
    outer.length === 0
      ? at(corner, { m, n, outer })
      : walk(cut(outer[0]!, 1), index =>
          each(inner(p), further(corner, p, 'outer', index), { m, n, outer: outer.slice(1) })
        )
  return (corner, extents) => each(problem, corner, extents)
}

/** One routine for each key, made when it is first asked for. */
const remembered = (make: (rows: number, columns: number, isLast: boolean) => Routine) => {
  const made = new Map<string, Routine>()
  return (rows: number, columns: number, isLast: boolean): Routine => {
    const key = `${rows} ${columns} ${isLast}`
    const found = made.get(key) ?? make(rows, columns, isLast)
    made.set(key, found)
    return found
  }
}

/** Sums along k at once: 2 × 6 of them, a vector for each row and one more fit into 15 registers. */
const dotRows = 2
const dotColumns = 6

const dots = <V extends Kind>(
  F: Vectors<V>,
  name: string,
  p: Problem,
  { packLeft, chains }: Dots,
  finish: Finish<V> | undefined
): At => {
  const row = packLeft ? packedRow(F.bytes, p.k) : p.left.row
  const routineFor = remembered((rows, columns) =>
    dotRoutine(F, {
      name: `${name}.dots.${rows}x${columns}`,
      rows,
      columns,
      k: p.k,
      chains,
      left: { row },
      right: p.right,
      result: p.result,
      finish
    })
  )
  return (corner, { m, n }) => {
    const from = { at: corner.left, row: p.left.row, column: p.left.column }
    const left = packLeft ? corner.scratch : corner.left
    return sequence(
      packLeft ? pack(F, { from, to: { at: left, row }, height: m, width: p.k }) : nothing,
      walk(cutEvenly(n, dotColumns), (j, some) =>
        walk(cutEvenly(m, dotRows), (i, rows) => {
          const { right, result, operands } = further(further(corner, p, 'm', i), p, 'n', j)
          return call(routineFor(rows, some, true), ...[moved(left, i, row), right, result, ...operands].map(pointer))
        })
      )
    )
  }
}

/** The depths into which k is cut; with an epilogue the last one stands alone. */
const depthsOf = (k: number, depth: number, hasFinish: boolean): Cut => {
  if (k === 0) return [{ size: 0, times: 1 }]
  if (!hasFinish) return cut(k, depth)
  const before = Math.ceil(k / depth) - 1
  return [...cut(before * depth, depth), { size: k - before * depth, times: 1 }]
}

const blocks = <V extends Kind>(
  F: Vectors<V>,
  name: string,
  p: Problem,
  plan: Blocks,
  finish: Finish<V> | undefined
): At => {
  const { k } = p
  const { rows: mostRows, vectors, packLeft, packRight, depth, height, breadth } = plan
  const width = vectors * F.lanes
  const isCut = depth < k
  const left = packLeft ? { row: packedRow(F.bytes, depth), step: F.bytes } : { row: p.left.row, step: p.left.column }
  const right = { step: packRight ? width * F.bytes : p.right.row }
  const scratch = scratchOf(p, plan)
  const routineFor = remembered((rows, columns, isLast) =>
    blockRoutine(F, {
      name: `${name}.${rows}x${columns}`,
      rows,
      columns,
      k: isCut ? undefined : k,
      left,
      right,
      result: p.result,
      finish: isLast ? finish : undefined
    })
  )
  const copyLeft = (at: Address, packed: Address, steps: number, count: number): Statement =>
    pack(F, {
      from: { at, row: p.left.row, column: p.left.column },
      to: { at: packed, row: left.row },
      height: count,
      width: steps
    })
  /** Panels one after the other: what lies before a column in them are whole rows of `depth`. */
  const panelOf = (packed: Address, column: Index): Address => moved(packed, column, panelBytes(plan) / width)
  const copyRight = (at: Address, packed: Address, steps: number, columns: number): Statement =>
    walk(cut(columns, width), (j, some) =>
      pack(F, {
        from: { at: across(at, j, p.right), row: p.right.row, column: p.right.column },
        to: { at: panelOf(packed, j), row: right.step },
        height: steps,
        width: some
      })
    )
  return (corner, { m, n }) => {
    const packedRight = corner.scratch
    const packedLeft = moved(corner.scratch, 1, scratch.left)
    const isOneHeight = height >= m
    return walk(depthsOf(k, depth, finish !== undefined), (begin, steps) => {
      const isLast = finish !== undefined && typeof begin === 'number' && begin + steps === k
      const told = isCut ? [i32.const(steps * right.step), typeof begin === 'number' ? i32.const(begin) : begin] : []
      const fromLeft = moved(corner.left, begin, p.left.column)
      const fromRight = moved(corner.right, begin, p.right.row)
      /** All rows of a height against one panel. */
      const panel = (leftAt: Address, count: number, rightAt: Address, columns: number, goal: Corner): Statement =>
        walk(cutEvenly(count, mostRows), (i, rows) => {
          const { result, operands } = further(goal, p, 'm', i)
          const corners = [moved(leftAt, i, left.row), rightAt, result].map(pointer)
          const read = isLast ? operands.map(pointer) : []
          return call(routineFor(rows, columns, isLast), ...corners, ...told, ...read)
        })
      return sequence(
        packLeft && isOneHeight ? copyLeft(fromLeft, packedLeft, steps, m) : nothing,
        walk(cut(n, breadth), (first, some) => {
          const rightHere = across(fromRight, first, p.right)
          return sequence(
            packRight ? copyRight(rightHere, packedRight, steps, some) : nothing,
            walk(cut(m, height), (top, count) => {
              const leftHere = down(fromLeft, top, p.left)
              return sequence(
                packLeft && !isOneHeight ? copyLeft(leftHere, packedLeft, steps, count) : nothing,
                walk(cut(some, width), (j, columns) => {
                  const panelAt = packRight ? panelOf(packedRight, j) : across(rightHere, j, p.right)
                  const goal = further(further(further(corner, p, 'm', top), p, 'n', first), p, 'n', j)
                  return panel(packLeft ? packedLeft : leftHere, count, panelAt, columns, goal)
                })
              )
            })
          )
        })
      )
    })
  }
}
