/**
 * Sums along k where k lies side by side in both operands: `rows × columns` of them at once, a vector of k a step.
 *
 * One sum waits for itself at every step; where there are few, several chains take turns along k.
 */
import {
  branchIf,
  i32,
  label,
  local,
  loop,
  type Routine,
  routine,
  type Statement,
  sequence,
  set,
  type Value
} from '../assembler.js'
import { reach } from './address.js'
import { type Finish, readAt } from './epilogue.js'
import { firstLanes, type Kind, storeFirst, transposed, type Vectors } from './vectors.js'

export interface DotBlock<V extends Kind> {
  readonly name: string
  readonly rows: number
  readonly columns: number
  readonly k: number
  readonly chains: number
  readonly left: { readonly row: number }
  readonly right: { readonly column: number }
  readonly result: { readonly row: number }
  readonly finish: Finish<V> | undefined
}

/** Takes the addresses of its corner in left, right, result and the operands. */
export const dotRoutine = <V extends Kind>(
  F: Vectors<V>,
  { name, rows, columns, k, chains, left, right, result, finish }: DotBlock<V>
): Routine => {
  const [fromLeft, fromRight, to, end] = [local('i32'), local('i32'), local('i32'), local('i32')]
  const operands = (finish?.operands ?? []).map(() => local('i32'))
  const whole = Math.floor(k / F.lanes)
  const sums = Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => Array.from({ length: chains }, () => local(F.type)))
  )
  const all = sums.flat(2)
  /** One vector of k, `ahead` vectors on. */
  const step = (ahead: number, chain: number, mask?: Value<V>): Statement => {
    const line = sums.map(() => local(F.type))
    const y = local(F.type)
    const read = (address: Value<'i32'>, distance: number): Value<V> => {
      const read = F.load(...reach(address, distance + ahead * 16))
      return mask ? F.and(read, mask) : read
    }
    return sequence(
      ...line.map((x, i) => set(x, read(fromLeft, i * left.row))),
      ...Array.from({ length: columns }, (_, j) =>
        sequence(
          set(y, read(fromRight, j * right.column)),
          ...line.map((x, i) => {
            const sum = sums[i]![j]![chain]!
            return set(sum, F.mulAdd(x, y, sum))
          })
        )
      )
    )
  }
  const again = label()
  const rounds = Math.floor(whole / chains)
  const rest = whole - rounds * chains
  const bytes = chains * 16
  return routine(
    name,
    [fromLeft, fromRight, to, ...operands],
    sequence(
      ...all.map(sum => set(sum, F.const(0))),
      ...(rounds > 0
        ? [
            set(end, i32.add(fromLeft, i32.const(rounds * bytes))),
            loop(
              again,
              ...Array.from({ length: chains }, (_, chain) => step(chain, chain)),
              set(fromLeft, i32.add(fromLeft, i32.const(bytes))),
              set(fromRight, i32.add(fromRight, i32.const(bytes))),
              branchIf(again, i32.ne(fromLeft, end))
            )
          ]
        : []),
      ...Array.from({ length: rest }, (_, ahead) => step(ahead, ahead)),
      ...(k > whole * F.lanes ? [step(rest, rest % chains, firstLanes(F, k - whole * F.lanes))] : []),
      ...sums.map((row, i) => {
        const totals = row.map(chain =>
          chain.reduce<Value<V>>((sum, other, at) => (at === 0 ? other : F.add(sum, other)), chain[0]!)
        )
        return storeTotals(F, totals, (total, j) => {
          const [address, offset] = reach(to, i * result.row + j * 16)
          const stored = local(F.type)
          return sequence(
            set(
              stored,
              finish
                ? finish.apply(
                    total,
                    finish.operands.map((steps, o) => readAt(F, steps, operands[o]!, i, j))
                  )
                : total
            ),
            ...storeFirst(F, address, stored, Math.min(F.lanes, columns - j * F.lanes), offset)
          )
        })
      })
    )
  )
}

/** Vectors to be added up, each into a lane: one vector of totals after the other. */
const storeTotals = <V extends Kind>(
  F: Vectors<V>,
  vectors: readonly Value<V>[],
  store: (total: Value<V>, index: number) => Statement
): Statement =>
  sequence(
    ...Array.from({ length: Math.ceil(vectors.length / F.lanes) }, (_, index) => {
      const group = Array.from({ length: F.lanes }, (_, i) => vectors[index * F.lanes + i])
      const lines = group.map(() => local(F.type))
      return sequence(
        ...lines.map((line, i) => set(line, group[i] ?? F.const(0))),
        transposed(F, lines, columns =>
          store(
            columns.reduce((sum, column) => F.add(sum, column)),
            index
          )
        )
      )
    })
  )
