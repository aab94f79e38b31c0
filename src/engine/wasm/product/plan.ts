/**
 * How a product is computed, and in how much memory.
 *
 * `dots`: sums along k, a vector of k a step, where both operands have k side by side and there are few rows.
 * `blocks`: a register block of `rows × vectors` sums. The left operand is read in place through its strides, number by number; the right one
 * needs columns side by side: in place where it has them, otherwise packed into panels as wide as the block.
 *
 * The numbers come from measurements. V8 has 16 vector registers, of which one is scratch: 3 × 3 vectors already spill and are half as fast as
 * 2 × 3, 4 × 2 are the best of nine, with fused multiply-add 6 × 2. What hurts large operands in place is the first-level translation of
 * addresses (96 pages): beyond it they are packed, 15 → 27 GFLOP/s at 512. Rows whole pages apart hurt too: packed they are 18 → 25 at 16 × 9 × 50176.
 */
import { bytesOf } from '../kernel.js'
import { evenSize } from './address.js'
import type { Problem, Steps } from './problem.js'

export interface Dots {
  readonly kind: 'dots'
  /** Whether the rows of the left operand are copied so that k lies side by side. */
  readonly packLeft: boolean
  /** Sums side by side along k for each element. */
  readonly chains: number
}
export interface Blocks {
  readonly kind: 'blocks'
  readonly rows: number
  readonly vectors: number
  readonly packLeft: boolean
  readonly packRight: boolean
  /** Longer sums are cut into depths, which add to the result: one stays in the second-level cache. */
  readonly depth: number
  /** Rows of the left operand and columns of the right one that are packed at a time. */
  readonly height: number
  readonly breadth: number
}
export type Plan = Dots | Blocks

const pageBytes = 4096
const registerBytes = 16
/** Rows of a block that is one, two or three vectors wide. */
const plainRows = { one: 6, two: 4, three: 2 }
const fusedRows = { one: 8, two: 6, three: 3 }
/** Rows of the right operand that meet in the first-level cache are packed if there are so many blocks to read them, and of so few of them. */
const [readings, fewSteps] = [3, 256]
/** Up to so many rows sums along k beat packing the right operand. */
const dotRows = 4

/** `whole` is the plan of a product of which this is a part: what it packs is packed here. */
export const planOf = (p: Problem, whole?: Plan): Plan => {
  const bytes = bytesOf[p.dtype]
  const { m, n, k, left, right } = p
  if (m <= dotRows && k > 1 && right.row === bytes && (right.column !== bytes || n === 1))
    return {
      kind: 'dots',
      packLeft: left.column !== bytes,
      chains: Math.max(1, Math.min(Math.floor(4 / (Math.min(m, 2) * n)), Math.floor((k * bytes) / registerBytes)))
    }
  const [rows, vectors] = registerBlock(p)
  const lanes = registerBytes / bytes
  const width = vectors * lanes
  const height = evenSize(m, 256, rows)
  const isLarge = m >= 8 * rows && n > width && pages(right, k, n, bytes) > 48
  // Rows whole pages apart have the same few places in that cache: 64 images of 28 × 28 are 49 pages.
  const meets = m >= readings * rows && k > 1 && k <= fewSteps && n > width && right.row % pageBytes === 0
  // The block stops where the right operand ends; a row that is repeated has no end.
  const isRepeated = right.row === 0 && k > 1
  const given = whole?.kind === 'blocks' ? whole : undefined
  const packRight = given?.packRight ?? (k > 0 && (right.column !== bytes || isRepeated || isLarge || meets))
  return {
    kind: 'blocks',
    rows,
    vectors,
    packLeft: given?.packLeft ?? (k > 0 && left.column !== bytes && n > 4 * width && pages(left, m, k, bytes) > 96),
    packRight,
    depth: k <= 800 ? k : evenSize(k, 512, 1),
    height,
    // One panel at a time is still in the first-level cache when it is used; it has to last for all heights, though.
    breadth: packRight ? (height >= m ? Math.min(width, n) : evenSize(n, 1024, width)) : n
  }
}

const registerBlock = ({ m, n, dtype, fusedMultiplyAdd }: Problem): readonly [rows: number, vectors: number] => {
  const columns = Math.ceil((n * bytesOf[dtype]) / registerBytes)
  // Without fused multiply-add every product passes through a register of its own.
  const most = fusedMultiplyAdd && dtype !== 'int32' ? fusedRows : plainRows
  if (m === 1) return [1, Math.min(8, columns)]
  if (m === 2) return [2, Math.min(4, columns)]
  if (columns === 1) return [evenSize(m, most.one, 1), 1]
  if (columns === 3) return [Math.min(m, most.three), 3]
  return [evenSize(m, most.two, 1), 2]
}

/** Rows and columns that are computed at once. */
export const registerBlockOf = (p: Problem): { readonly rows: number; readonly columns: number } => {
  const [rows, vectors] = registerBlock(p)
  return { rows, columns: (vectors * registerBytes) / bytesOf[p.dtype] }
}

/** How many pages of memory the elements of a matrix lie in, about. */
const pages = ({ row, column }: Steps, height: number, width: number, bytes: number): number => {
  const [near, far] = Math.abs(row) < Math.abs(column) ? [row, column] : [column, row]
  const [along, across] = near === row ? [height, width] : [width, height]
  const line = Math.abs(near) * (along - 1) + bytes
  // Lines that are further apart than they are long do not share pages with their neighbours once the distance is a page.
  return (Math.min(Math.abs(far), Math.max(line, pageBytes)) * (across - 1) + line) / pageBytes
}

/** How far apart rows of the packed left operand lie: whole vectors. */
export const packedRow = (bytes: number, depth: number): number =>
  Math.ceil((depth * bytes) / registerBytes) * registerBytes
/** The packed right operand: panels one after the other, in each the rows one after the other. */
export const panelBytes = ({ vectors, depth }: Blocks): number => vectors * registerBytes * depth

export interface Scratch {
  /** Where the packed left operand begins; the right one begins at the start. */
  readonly left: number
  readonly bytes: number
}
export const scratchOf = ({ m, k, dtype }: Problem, plan: Plan): Scratch => {
  const bytes = bytesOf[dtype]
  if (plan.kind === 'dots') return { left: 0, bytes: plan.packLeft ? m * packedRow(bytes, k) : 0 }
  const width = (plan.vectors * registerBytes) / bytes
  const left = plan.packRight ? Math.ceil(plan.breadth / width) * panelBytes(plan) : 0
  return { left, bytes: left + (plan.packLeft ? plan.height * packedRow(bytes, plan.depth) : 0) }
}
