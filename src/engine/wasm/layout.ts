/** Addresses for buffers: which can lie where another lies, and the plan for the rest. */
import { memoryPlan } from '../../compiler/memory-plan.js'
import { bytesOf } from './kernel.js'
import type { Kernel, Move, Step } from './step.js'
import { type Event, kernelOf, type Timeline, timeline } from './timeline.js'
import { type Buffer, isWhole, type View } from './view.js'

export interface Layout {
  /** Nothing for a buffer that no step and no result uses. */
  readonly addressOf: (buffer: Buffer) => number | undefined
  readonly scratchOf: (kernel: Kernel) => number
  /** Moves that turned out to be nothing. */
  readonly vanished: ReadonlySet<Move>
  readonly end: number
  /** The largest number of bytes alive at one time. */
  readonly live: number
}

/** Buffers that lie where others lie. */
interface Sharing {
  /** The one at the bottom, whose life is that of all upon it. */
  readonly ground: (buffer: Buffer) => Buffer
  readonly isShared: (buffer: Buffer) => boolean
  readonly put: (upper: Buffer, lower: Buffer) => void
}
const sharing = ({ lives }: Timeline): Sharing => {
  const below = new Map<Buffer, Buffer>()
  const ground = (buffer: Buffer): Buffer => {
    let found = buffer
    for (let next = below.get(found); next !== undefined; next = below.get(found)) found = next
    return found
  }
  return {
    ground,
    isShared: buffer => below.has(buffer),
    put: (upper, lower) => {
      const bottom = ground(lower)
      const [a, b] = [lives.get(upper)!, lives.get(bottom)!]
      b.from = Math.min(a.from, b.from)
      b.to = Math.max(a.to, b.to)
      below.set(upper, bottom)
    }
  }
}

const sameView = (a: View, b: View): boolean =>
  a.buffer === b.buffer &&
  a.offset === b.offset &&
  a.dtype === b.dtype &&
  a.shape.join() === b.shape.join() &&
  a.strides.join() === b.strides.join()

/** Whether a kernel may write a result over an old buffer: all its reads of that buffer follow the elements that it writes. */
const mayOverwrite = (step: Kernel, result: number, isOld: (buffer: Buffer) => boolean): boolean => {
  const written = step.writes[result]!
  const first = step.reads.find(read => isOld(read.buffer))
  return step.reads.every(
    (read, i) =>
      !isOld(read.buffer) ||
      (isWhole(read) &&
        isWhole(written) &&
        bytesOf[read.dtype] === bytesOf[written.dtype] &&
        sameView(read, first!) &&
        step.mayOverwrite(i, result))
  )
}

/** What is made only to be moved is made where it is moved to, if what lies there is not needed any more by then. */
const removeMoves = ({ events, uses, lives }: Timeline, { ground, isShared, put }: Sharing): ReadonlySet<Move> => {
  const vanished = new Set<Move>()
  const writesTo = (event: Event, buffer: Buffer): boolean =>
    kernelOf(event.step).writes.some(view => ground(view.buffer) === buffer)
  for (const { step, time, block } of events) {
    if (step.kind !== 'move') continue
    const { buffer } = step.from
    const target = ground(step.to.buffer)
    const maker = uses.get(buffer)![0]!
    if (buffer.kind !== 'temporary' || isShared(buffer) || maker.step.kind !== 'kernel' || maker.block !== block)
      continue
    const result = maker.step.writes.findIndex(view => view.buffer === buffer)
    const others = events.filter(
      e =>
        e.step !== step &&
        kernelOf(e.step)
          .reads.concat(kernelOf(e.step).writes)
          .some(v => ground(v.buffer) === target)
    )
    const usedLater = lives.get(buffer)!.to > time
    const possible =
      result >= 0 &&
      maker.step.complete &&
      isWhole(step.to) &&
      buffer.bytes === step.to.buffer.bytes &&
      !others.some(e => e.time > maker.time && e.time < time) &&
      mayOverwrite(maker.step, result, old => ground(old) === target) &&
      !(usedLater && others.some(e => e.time > time && writesTo(e, target)))
    if (!possible) continue
    put(buffer, target)
    vanished.add(step)
  }
  return vanished
}

/** A result lies where an operand lay that is not needed any more. */
const overwriteInPlace = ({ events, uses, lives }: Timeline, { ground, isShared, put }: Sharing): void => {
  for (const { step, time } of events) {
    if (step.kind !== 'kernel' || !step.complete) continue
    const taken = new Set<Buffer>()
    step.writes.forEach(({ buffer }, result) => {
      if (isShared(buffer) || buffer.kind !== 'temporary' || uses.get(buffer)![0]!.step !== step) return
      const old = step.reads
        .map(read => ground(read.buffer))
        .find(
          candidate =>
            lives.get(candidate)!.to === time &&
            (candidate.kind === 'temporary' || candidate.kind === 'operand') &&
            candidate.scope === buffer.scope &&
            candidate.bytes === buffer.bytes &&
            !taken.has(candidate) &&
            mayOverwrite(step, result, b => ground(b) === candidate)
        )
      if (old === undefined) return
      taken.add(old)
      put(buffer, old)
    })
  }
}

const aligned = (bytes: number): number => (bytes + 15) & -16

/** A place for every buffer of the steps, from an address on. The pinned ones come first, one after the other, so that they can be copied as one. */
export const layout = (
  steps: readonly Step[],
  results: readonly View[],
  pinned: readonly Buffer[],
  start: number
): Layout => {
  const time = timeline(steps, results)
  const shared = sharing(time)
  const vanished = removeMoves(time, shared)
  overwriteInPlace(time, shared)
  const addresses = new Map<Buffer, number>()
  let end = start
  for (const buffer of pinned) {
    addresses.set(buffer, end)
    end += aligned(buffer.bytes)
  }
  const buffers = [...time.lives.keys()].filter(buffer => !shared.isShared(buffer) && !addresses.has(buffer))
  const scratches = time.events.flatMap(({ step, time: at }) => {
    const kernel = kernelOf(step)
    return kernel.scratch > 0 && !(step.kind === 'move' && vanished.has(step)) ? [{ kernel, at }] : []
  })
  const plan = memoryPlan(
    [
      ...buffers.map(buffer => ({ bytes: buffer.bytes, ...time.lives.get(buffer)! })),
      ...scratches.map(({ kernel, at }) => ({ bytes: kernel.scratch, from: at, to: at }))
    ],
    end
  )
  buffers.forEach((buffer, i) => {
    addresses.set(buffer, plan.addresses[i]!)
  })
  const ofKernel = new Map(scratches.map(({ kernel }, i) => [kernel, plan.addresses[buffers.length + i]!]))
  return {
    addressOf: buffer => addresses.get(shared.ground(buffer)),
    scratchOf: kernel => ofKernel.get(kernel) ?? start,
    vanished,
    end: plan.end,
    live: end - start + plan.live
  }
}
