/** Epochs as walks from position to position, along one course and through its machines. */
import * as E from 'fp-ts/lib/Either.js'
import { type Batches, draw, size } from '../data/dataset.js'
import type { Saved } from '../engine/machine.js'
import { split } from '../random/key.js'
import type { Diagnose } from './diagnosis.js'
import type { Diverged } from './diverged.js'
import type { Course, Position, Resident } from './resident.js'
import type { Batch } from './snapshot.js'

/** Where a walk ended, and the losses of its last epoch. */
export interface Walked {
  readonly position: Position
  readonly trainLoss: number
  readonly validationLoss: number | undefined
}
/** Walks one epoch or more, and no more than it is told. */
export type Walk<P, B> = (from: Position, epochs: number) => E.Either<Diverged<P, B>, Walked>

/** The data, where an epoch is one step on all of them in their order. */
export const inOneBatch = <D>({ data, size: length, shuffle }: Batches<D>): D | undefined =>
  !shuffle && length >= size(data) ? data : undefined

/** The mean of losses weighted by the sizes of their batches; of one loss it is that loss. */
export const mean = (losses: readonly (readonly [loss: number, count: number])[]): number => {
  if (losses.length === 1) return losses[0]![0]
  let [total, seen] = [0, 0]
  for (const [loss, count] of losses) {
    total += loss * count
    seen += count
  }
  return total / seen
}

/** So many steps, at most, lie between a position that is kept and the one that it is taken up for. */
const stride = 1024

/** Epochs of one step each: many of them in one run. */
export const walkWhole = <P, B, X, T>(
  course: Course<P, B, X, T>,
  diagnose: Diagnose<P, B, X, T>,
  batch: Batch<X, T>,
  validation?: Batch<X, T>
): Walk<P, B> => {
  const [resident, given] = course.resident(batch, validation)
  const advance = (from: Position, steps: number): Position => ({
    step: from.step + steps,
    epoch: from.epoch + steps,
    state: resident.save()
  })
  /** The position so many steps on, which the machine has passed. */
  const again = (from: Position, steps: number): Position => {
    if (steps === 0) return from
    resident.hold(from.state)
    resident.run(given, steps)
    return advance(from, steps)
  }
  return (from, epochs) => {
    resident.hold(from.state)
    const steps = resident.run(given, Math.min(epochs, stride))
    const trainLoss = resident.loss()
    const validationLoss = validation === undefined ? undefined : resident.validationLoss()
    const finite = resident.finite()
    const position = advance(from, steps)
    if (!finite) {
      const before = course.leave(again(from, steps - 1))
      const failure = diagnose({ before, batch, loss: trainLoss, after: course.leave(position) })
      if (failure !== undefined) return E.left(failure)
    }
    return E.right({ position, trainLoss, validationLoss })
  }
}

/** An epoch of a step for each batch. */
export const walkBatches = <P, B, X, T>(
  course: Course<P, B, X, T>,
  diagnose: Diagnose<P, B, X, T>,
  batches: Batches<Batch<X, T>>
): Walk<P, B> => {
  /** Takes the steps, each looked at with its batch until that gives something; the state at the end. */
  const steps = (
    start: Saved,
    drawn: Iterable<Batch<X, T>>,
    stops: (resident: Resident, batch: Batch<X, T>) => boolean
  ): Saved => {
    let resident: Resident | undefined
    for (const batch of drawn) {
      const [next, given] = course.resident(batch)
      // A last batch of another size has a machine of its own.
      if (next !== resident) next.hold(resident?.save() ?? start)
      resident = next
      resident.run(given, 1)
      if (stops(resident, batch)) break
    }
    return resident?.save() ?? start
  }
  return from => {
    const { key } = course.leave(from)
    const [fresh, rest] = batches.shuffle ? split(key) : [key, key]
    const start = batches.shuffle ? course.withKey(rest)(from) : from
    const drawn = draw(fresh)(batches)
    const losses: (readonly [number, number])[] = []
    const after = (state: Saved, taken: number): Position => ({ ...start, state, step: start.step + taken })
    /** The state so many steps on: as a walk saves none in between, they are taken again. */
    const again = (taken: number): Saved => {
      let left = taken
      return taken === 0 ? start.state : steps(start.state, drawn, () => --left === 0)
    }
    let failure: Diverged<P, B> | undefined
    const state = steps(start.state, drawn, (resident, batch) => {
      const loss = resident.loss()
      const taken = losses.push([loss, size(batch)])
      if (resident.finite()) return false
      const now = resident.save()
      const before = course.leave(after(again(taken - 1), taken - 1))
      failure = diagnose({ before, batch, loss, after: course.leave(after(now, taken)) })
      resident.hold(now)
      return failure !== undefined
    })
    if (failure !== undefined) return E.left(failure)
    const position = { ...after(state, losses.length), epoch: from.epoch + 1 }
    return E.right({ position, trainLoss: mean(losses), validationLoss: undefined })
  }
}
