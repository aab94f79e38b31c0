/** Rows of a table that a list of numbers points at. */
import { size } from '../../../structure/shape.js'
import { i32, type Local, local, nothing, type Statement, sequence, set, share, trap, when } from '../assembler.js'
import type { Place } from '../kernel.js'
import { times } from './loops.js'

export interface Table {
  readonly base: number
  readonly rows: number
  readonly rowBytes: number
}

const advance = (pointer: Local<'i32'>, bytes: number): Statement =>
  bytes === 0 ? nothing : set(pointer, i32.add(pointer, i32.const(bytes)))

/**
 * The numbers in order: the body gets the address of the row that each points at, and of the row that belongs to the number itself, of as many
 * bytes, in a list that begins at `list`. A number without a row stops the program.
 */
export const eachRow = (
  indices: Place,
  { base, rows, rowBytes }: Table,
  list: number,
  body: (row: Local<'i32'>, own: Local<'i32'>) => Statement
): Statement => {
  const count = size(indices.shape)
  if (count === 0) return nothing
  const [index, own, number] = [local('i32'), local('i32'), local('i32')]
  return sequence(
    set(index, i32.const(indices.base)),
    set(own, i32.const(list)),
    times(
      count,
      set(number, i32.load(index)),
      // As unsigned numbers, negative ones are too large.
      when(i32.geU(number, i32.const(rows)), trap),
      share(i32.add(i32.const(base), i32.mul(number, i32.const(rowBytes))), row => body(row, own)),
      advance(index, 4),
      advance(own, rowBytes)
    )
  )
}
