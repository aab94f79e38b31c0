/**
 * Copies of matrices whose rows lie side by side, whatever the strides of the original: whole vectors, squares of vectors transposed, or
 * vectors gathered number by number.
 *
 * Rows of a copy are whole vectors: lanes past the end hold zeros or neighbours, not what was in memory before (as a float that may be
 * subnormal, and a product with it sixty times slower). Reads stay within what may be read past the end of a buffer.
 */
import { local, type Statement, sequence, set, type Value } from '../assembler.js'
import { type Address, type Cut, cut, type Index, moved, pointer, reach, walk } from './address.js'
import { type Kind, transposed, type Vectors } from './vectors.js'

/** A matrix: the address of its corner, bytes from row to row and from column to column. */
export interface Placed {
  readonly at: Address
  readonly row: number
  readonly column: number
}
export interface Copy {
  readonly from: Placed
  /** Columns side by side, rows at multiples of 16 bytes. */
  readonly to: { readonly at: Address; readonly row: number }
  readonly height: number
  readonly width: number
}

export const pack = <V extends Kind>(F: Vectors<V>, copy: Copy): Statement =>
  copy.from.column === F.bytes ? copied(F, copy) : copy.from.row === F.bytes ? turned(F, copy) : gathered(F, copy)

/** Code for each row and each block of a vector's lanes in it. */
const byVectors = <V extends Kind>(
  F: Vectors<V>,
  { from, to, height, width }: Copy,
  body: (source: Value<'i32'>, target: Value<'i32'>, lanes: number) => Statement
): Statement =>
  walk(cut(height, 1), y =>
    walk(cut(width, F.lanes), (x, lanes) => {
      const [source, target] = [local('i32'), local('i32')]
      return sequence(
        set(source, pointer(moved(moved(from.at, y, from.row), x, from.column))),
        set(target, pointer(moved(moved(to.at, y, to.row), x, F.bytes))),
        body(source, target, lanes)
      )
    })
  )

const copied = <V extends Kind>(F: Vectors<V>, copy: Copy): Statement =>
  byVectors(F, copy, (source, target) => F.store(target, F.load(source)))

const gathered = <V extends Kind>(F: Vectors<V>, copy: Copy): Statement =>
  byVectors(F, copy, (source, target, lanes) => {
    const rest = Array.from({ length: lanes - 1 }, (_, lane) => lane + 1)
    const gather = rest.reduce<Value<V>>((into, lane) => {
      const [address, offset] = reach(source, lane * copy.from.column)
      return F.loadLane(address, into, lane, offset)
    }, F.loadZero(source))
    return F.store(target, gather)
  })

/** Squares of vectors: columns of the original are read as vectors, and rows of the copy written as vectors. */
const turned = <V extends Kind>(F: Vectors<V>, { from, to, height, width }: Copy): Statement => {
  const square = (x: Index, columns: number, y: Index, rows: number): Statement => {
    const [source, target] = [local('i32'), local('i32')]
    const lines = Array.from({ length: F.lanes }, () => local(F.type))
    return sequence(
      set(source, pointer(moved(moved(from.at, x, from.column), y, F.bytes))),
      set(target, pointer(moved(moved(to.at, x, F.bytes), y, to.row))),
      ...lines.map((line, i) => set(line, i < columns ? F.load(...reach(source, i * from.column)) : F.const(0))),
      transposed(F, lines, turnedLines =>
        sequence(...turnedLines.slice(0, rows).map((line, i) => F.store(target, line, i * to.row)))
      )
    )
  }
  const squares = (length: number): Cut => cut(length, F.lanes)
  return walk(squares(width), (x, columns) => walk(squares(height), (y, rows) => square(x, columns, y, rows)))
}
