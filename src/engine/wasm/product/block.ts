/**
 * The register block: `rows × columns` elements of the result at once.
 *
 * A step of k loads vectors of the right operand and repeats numbers of the left one. The loop is not unrolled: V8 keeps loads in their
 * order within a basic block and lets the arithmetic sink below them, so that unrolling spills. Ragged edges are further instances with fewer
 * rows, or with fewer lanes stored: nothing is padded, because lanes that are not stored may hold anything.
 */
import {
  branchIf,
  i32,
  type Local,
  label,
  local,
  loop,
  type Routine,
  routine,
  type Statement,
  sequence,
  set,
  type Value,
  when
} from '../assembler.js'
import { reach } from './address.js'
import { type Finish, readAt } from './epilogue.js'
import { type Kind, storeFirst, type Vectors, vectorsFor } from './vectors.js'

export interface Block<V extends Kind> {
  readonly name: string
  readonly rows: number
  readonly columns: number
  /** Undefined when k is cut into depths: then how far to go, and whether to add to the result, is told in each call. */
  readonly k: number | undefined
  /** Bytes from row to row and from step to step of k. */
  readonly left: { readonly row: number; readonly step: number }
  readonly right: { readonly step: number }
  readonly result: { readonly row: number }
  readonly finish: Finish<V> | undefined
}

/** Up to so many steps of k are written out. */
const shortest = 4

/** Takes the addresses of its corner in left, right and result; where k is cut, bytes of the right operand and whether to add; then those of operands. */
export const blockRoutine = <V extends Kind>(
  F: Vectors<V>,
  { name, rows, columns, k, left, right, result, finish }: Block<V>
): Routine => {
  const [fromLeft, fromRight, to, length, add] = [local('i32'), local('i32'), local('i32'), local('i32'), local('i32')]
  const operands = (finish?.operands ?? []).map(() => local('i32'))
  const vectors = vectorsFor(F, columns)
  const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => local(F.type)))
  const each = (f: (sum: Local<V>, row: number, vector: number) => readonly Statement[]): Statement =>
    sequence(...sums.flatMap((line, i) => line.flatMap((sum, j) => f(sum, i, j))))
  const step = (p: number): Statement => {
    const line = Array.from({ length: vectors }, () => local(F.type))
    const x = local(F.type)
    return sequence(
      ...line.map((y, j) => set(y, F.load(...reach(fromRight, p * right.step + j * 16)))),
      ...sums.flatMap((sumsOfRow, i) => [
        set(x, F.loadSplat(...reach(fromLeft, i * left.row + p * left.step))),
        ...sumsOfRow.map((sum, j) => set(sum, F.mulAdd(x, line[j]!, sum)))
      ])
    )
  }
  const finished = (sum: Value<V>, row: number, vector: number): Value<V> =>
    finish!.apply(
      sum,
      finish!.operands.map((steps, i) => readAt(F, steps, operands[i]!, row, vector))
    )
  return routine(
    name,
    [fromLeft, fromRight, to, ...(k === undefined ? [length, add] : []), ...operands],
    sequence(
      each(sum => [set(sum, F.const(0))]),
      k !== undefined && k <= shortest
        ? sequence(...Array.from({ length: k }, (_, p) => step(p)))
        : stepping(
            fromLeft,
            left.step,
            fromRight,
            right.step,
            k === undefined ? length : i32.const(k * right.step),
            step(0)
          ),
      k === undefined
        ? when(
            add,
            each((sum, i, j) => [set(sum, F.add(sum, F.load(...reach(to, i * result.row + j * 16))))])
          )
        : sequence(),
      finish ? each((sum, i, j) => [set(sum, finished(sum, i, j))]) : sequence(),
      each((sum, i, j) => {
        const [address, offset] = reach(to, i * result.row + j * 16)
        return storeFirst(F, address, sum, columns - j * F.lanes, offset)
      })
    )
  )
}

/** The body again and again while the right operand is walked for `length` bytes. */
const stepping = (
  left: Local<'i32'>,
  leftStep: number,
  right: Local<'i32'>,
  rightStep: number,
  length: Value<'i32'>,
  body: Statement
): Statement => {
  const end = local('i32')
  const again = label()
  return sequence(
    set(end, i32.add(right, length)),
    loop(
      again,
      body,
      set(left, i32.add(left, i32.const(leftStep))),
      set(right, i32.add(right, i32.const(rightStep))),
      branchIf(again, i32.ne(right, end))
    )
  )
}
