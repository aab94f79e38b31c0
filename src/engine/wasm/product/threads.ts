/**
 * A product in parts that several threads take.
 *
 * Every thread has an instance of the same module over one shared memory. The thread that runs the program opens a product: it writes a ticket,
 * which names the product and says how many parts are left, and wakes the others. Whoever is free takes a part by counting the ticket down.
 * Whoever comes late finds nothing, or another product, and goes back to sleep: a thread that took nothing is never waited for. When the
 * parts are gone, the first thread waits for those that are taken and not finished.
 *
 * Rows, columns or matrices are divided, never a sum: the bits are those of one thread.
 */
import {
  block,
  branch,
  branchIf,
  call,
  choose,
  drop,
  i32,
  type Local,
  label,
  local,
  loop,
  nothing,
  type Routine,
  routine,
  type Statement,
  sequence,
  set,
  when
} from '../assembler.js'
import { address } from './address.js'
import { type Axis, type Corner, further } from './corner.js'
import type { At } from './driver.js'
import { type Plan, planOf, registerBlockOf, scratchOf } from './plan.js'
import type { Problem } from './problem.js'
import { help, leftBits, ring, type Team } from './team.js'

const ticket = 0
const finished = 4
const mostParts = 2 ** leftBits - 1

/** Floating-point operations from which on it pays to wake somebody (that takes 30 to 60 µs), and those of a part. */
const worthwhile = 1e7
const operationsOfPart = 1e6

/** How a product is divided: into `count` parts of `size` along an axis, the last one with what is left. */
export interface Division {
  readonly axis: Axis
  readonly size: number
  readonly count: number
  /** One part, and the plan of all. */
  readonly part: Problem
  readonly plan: Plan
  /** Bytes of each thread: whole cache lines, so that threads do not wait for each other's. */
  readonly scratch: number
}
const operationsOf = ({ outer, m, n, k }: Problem): number =>
  2 * k * m * n * outer.reduce((product, extent) => product * extent, 1)

export const divisionOf = (p: Problem, threads: number): Division | undefined => {
  const operations = operationsOf(p)
  if (threads < 2 || operations < worthwhile) return undefined
  const whole = planOf(p)
  // Of two packed operands one is packed again for each part.
  const perThread = whole.kind === 'blocks' && whole.packLeft && whole.packRight ? 4 : 8
  const most = Math.min(perThread * threads, mostParts, Math.floor(operations / operationsOfPart))
  const { axis, extent, unit } = choiceOf(p, whole, 2 * threads)
  const size = Math.ceil(Math.ceil(extent / most) / unit) * unit
  const count = Math.ceil(extent / size)
  if (count < 2) return undefined
  const part = cropped(p, axis, size)
  const plan = planOf(part, whole)
  return { axis, size, count, part, plan, scratch: Math.ceil(scratchOf(part, plan).bytes / 64) * 64 }
}
const cropped = (p: Problem, axis: Axis, size: number): Problem =>
  axis === 'outer' ? { ...p, outer: [size, ...p.outer.slice(1)] } : { ...p, [axis]: size }

/** An axis, its extent, and of what a part has to be a multiple to be about as fast as the whole. */
interface Choice {
  readonly axis: Axis
  readonly extent: number
  readonly unit: number
}
const choiceOf = (p: Problem, plan: Plan, wanted: number): Choice => {
  if (p.outer.length > 0 && p.outer[0]! >= wanted) return { axis: 'outer', extent: p.outer[0]!, unit: 1 }
  const { rows, columns } = registerBlockOf(p)
  const down: Choice = { axis: 'm', extent: p.m, unit: 4 * rows }
  const across: Choice = { axis: 'n', extent: p.n, unit: columns }
  const units = ({ extent, unit }: Choice): number => extent / unit
  const larger = units(down) > units(across) ? down : across
  if (plan.kind === 'dots') return across
  if (plan.packLeft === plan.packRight) return larger
  // What is packed should be packed once: parts share the operand that is read in place, if there are enough of them.
  const better = plan.packLeft ? down : across
  return units(better) >= wanted ? better : larger
}

/** Computes the product together with whoever comes. `at` is the code of a part. */
export const divided = (
  name: string,
  p: Problem,
  division: Division,
  { control, maySleep, enlist }: Team,
  corner: Corner,
  at: At
): Statement => {
  const { axis, size, count, part, scratch: bytes } = division
  const number = enlist()
  const compute = (index: Local<'i32'>, thread: Local<'i32'>): Statement => {
    const scratch = address(corner.scratch.known, i32.mul(thread, i32.const(bytes)))
    const here = { ...further(corner, p, axis, index, size), scratch }
    const whole = axis === 'outer' ? p.outer[0]! : p[axis]
    const left = whole - (count - 1) * size
    if (left === size) return at(here, part)
    const last = cropped(p, axis, left)
    return choose(i32.eq(index, i32.const(count - 1)), at(here, last), at(here, part))
  }
  const helping = helpRoutine(number, name, control, compute)
  return sequence(
    i32.atomicStore(zero, zero, control + finished),
    i32.atomicStore(zero, i32.const((number << leftBits) | count), control + ticket),
    call(ring, i32.const(number)),
    call(helping, zero),
    wait(control, count, operationsOf(part), maySleep)
  )
}
const zero = i32.const(0)

const helpRoutine = (
  number: number,
  name: string,
  control: number,
  compute: (index: Local<'i32'>, thread: Local<'i32'>) => Statement
): Routine => {
  const [thread, seen, left] = [local('i32'), local('i32'), local('i32')]
  const [forThread, forIndex] = [local('i32'), local('i32')]
  // A routine of its own: V8 takes up faster code at the next call.
  const part = routine(`${name}.part`, [forIndex, forThread], compute(forIndex, forThread))
  const [again, nothingLeft] = [label(), label()]
  return routine(
    `${help}${number}`,
    [thread],
    block(
      nothingLeft,
      loop(
        again,
        set(seen, i32.atomicLoad(zero, control + ticket)),
        branchIf(nothingLeft, i32.ne(i32.shrU(seen, i32.const(leftBits)), i32.const(number))),
        set(left, i32.and(seen, i32.const(mostParts))),
        branchIf(nothingLeft, i32.eqz(left)),
        when(
          i32.eq(i32.atomicExchange(zero, seen, i32.sub(seen, i32.const(1)), control + ticket), seen),
          call(part, i32.sub(left, i32.const(1)), thread),
          drop(i32.atomicAdd(zero, i32.const(1), control + finished)),
          drop(i32.atomicNotify(zero, i32.const(1), control + finished))
        ),
        branch(again)
      )
    ),
    { exported: true }
  )
}

/** How often to look for each operation of a part before sleeping: about as long as a part takes. */
const looks = 0.1

/**
 * Until all parts are finished. A thread that runs finishes its part within the time of one; if it takes longer, the machine does not run it, and
 * sleeping leaves room for it.
 */
const wait = (control: number, count: number, operations: number, maySleep: boolean): Statement => {
  const [done, look] = [label(), label()]
  const [seen, left] = [local('i32'), local('i32')]
  const sleep = sequence(
    when(left, set(left, i32.sub(left, i32.const(1))), branch(look)),
    drop(i32.atomicWait(zero, seen, -1n, control + finished))
  )
  return sequence(
    set(left, i32.const(Math.min(2 ** 30, Math.ceil(operations * looks)))),
    block(
      done,
      loop(
        look,
        set(seen, i32.atomicLoad(zero, control + finished)),
        branchIf(done, i32.eq(seen, i32.const(count))),
        maySleep ? sleep : nothing,
        branch(look)
      )
    )
  )
}
