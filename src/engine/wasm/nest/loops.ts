/**
 * Loops that move pointers. A pointer is a local and a known number of bytes after it, or known altogether; operands that are walked through
 * in the same way share one. A loop adds to its pointers and ends when one of them has come to its end: nothing is multiplied, and nothing counted besides.
 */
import {
  branchIf,
  i32,
  type Local,
  label,
  local,
  loop,
  type Statement,
  select,
  sequence,
  set,
  type Value
} from '../assembler.js'
import type { Address } from './registers.js'

export type Pointers = readonly Address[]

export const moved = ({ local, plus }: Address, bytes: number): Address => ({ local, plus: plus + bytes })
const addressIn = ({ local, plus }: Address): Value<'i32'> =>
  local === undefined ? i32.const(plus) : plus === 0 ? local : i32.add(local, i32.const(plus))

/** What one iteration adds to each pointer, how many there are, and whether they are written out one after the other. */
export interface Walk {
  readonly steps: readonly number[]
  readonly times: number
  readonly written: boolean
  /** After each so many iterations, and at the end, something else happens as well. */
  readonly block?: { readonly times: number; readonly after: Statement } | undefined
}

/** Runs the body again and again; it gets the pointers of its iteration. */
export const walk = (
  pointers: Pointers,
  { steps, times, written, block }: Walk,
  body: (pointers: Pointers) => Statement
): Statement => {
  if (times <= 0) return sequence()
  if (times === 1 || (written && !block))
    return sequence(
      ...Array.from({ length: times }, (_, i) => body(pointers.map((p, group) => moved(p, i * steps[group]!)))),
      ...(block ? [block.after] : [])
    )
  // The loop is counted by a pointer, best by one whose end is known, or else by a number of its own.
  const known = pointers.findIndex((p, group) => steps[group] !== 0 && p.local === undefined)
  const primary = known >= 0 ? known : steps.findIndex(step => step !== 0)
  const counter = local('i32')
  const locals = pointers.map((_, group) =>
    steps[group] === 0 ? undefined : group === primary ? counter : local('i32')
  )
  const step = primary < 0 ? 1 : steps[primary]!
  const from: Address = primary < 0 ? { local: undefined, plus: 0 } : pointers[primary]!
  const end = moved(from, times * step)
  const again = label()
  const advance = (to: Local<'i32'>, by: number): Statement => set(to, i32.add(to, i32.const(by)))
  const inside = (below: Value<'i32'>): Statement =>
    loop(
      again,
      body(pointers.map((p, group) => (locals[group] ? { local: locals[group], plus: 0 } : p))),
      ...locals.flatMap((l, group) => (l && group !== primary ? [advance(l, steps[group]!)] : [])),
      advance(counter, step),
      branchIf(again, i32.ne(counter, below))
    )
  const start = sequence(
    ...(primary < 0 ? [set(counter, i32.const(0))] : []),
    ...locals.flatMap((l, group) => (l ? [set(l, addressIn(pointers[group]!))] : []))
  )
  // A known end is repeated in the code, another is computed once.
  const last = local('i32')
  const [prepare, below] = end.local ? [[set(last, addressIn(end))], last] : [[], addressIn(end)]
  if (!block) return sequence(...prepare, start, inside(below))
  const limit = local('i32')
  const outer = label()
  const next = i32.add(counter, i32.const(block.times * step))
  // Downwards the end may lie below 0.
  return sequence(
    ...prepare,
    start,
    loop(
      outer,
      set(limit, next),
      set(limit, select(step > 0 ? i32.ltU(limit, below) : i32.gt(limit, below), limit, below)),
      inside(limit),
      block.after,
      branchIf(outer, i32.ne(counter, below))
    )
  )
}

/** Vectors side by side as steps of `ways`, then one of what is left; the last vector of all may have fewer lanes. */
export const walkVectors = (
  pointers: Pointers,
  {
    perVector,
    count,
    lanes,
    ways,
    written,
    block
  }: {
    /** What a step adds to each pointer for each of its vectors. */
    readonly perVector: readonly number[]
    /** Elements in all. */
    readonly count: number
    readonly lanes: number
    readonly ways: number
    /** Whether so many steps are written out one after the other. */
    readonly written: (times: number) => boolean
    readonly block?: Walk['block']
  },
  body: (pointers: Pointers, ways: number, lastLanes: number) => Statement
): Statement => {
  const vectors = Math.ceil(count / lanes)
  const lastLanes = count - (vectors - 1) * lanes
  if (vectors <= ways) return vectors === 0 ? sequence() : body(pointers, vectors, lastLanes)
  const whole = lastLanes === lanes ? vectors : vectors - 1
  const times = Math.floor(whole / ways)
  const left = vectors - times * ways
  const steps = perVector.map(bytes => bytes * ways)
  return sequence(
    walk(pointers, { steps, times, written: written(times), block }, at => body(at, ways, lanes)),
    ...(left > 0
      ? [
          body(
            pointers.map((p, group) => moved(p, times * steps[group]!)),
            left,
            lastLanes
          )
        ]
      : [])
  )
}
