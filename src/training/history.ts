/** Epochs, looked at as they go. */
import * as E from 'fp-ts/lib/Either.js'
import type { Diverged } from './diverged.js'
import type { Course, Position } from './resident.js'
import type { Epoch, Snapshot } from './snapshot.js'
import type { Walk } from './walk.js'

/** Where a history begins and the watched loss there, and how it goes on. */
export interface Beginning<P, B, X, T> {
  readonly position: Position
  readonly best: number
  readonly sinceBest: number
  readonly course: Course<P, B, X, T>
  readonly walk: Walk<P, B>
  /** Measures the validation loss, where the walk does not tell it. */
  readonly validate: ((position: Position) => number) | undefined
}

type Leave<P, B> = (position: Position) => Snapshot<P, B>
const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * An element whose snapshot is put together when it is first read: of a small model that costs as much as the epoch. The numbers it will hold
 * were copied before.
 *
 * `state` is an enumerable property of the element itself, as of any record, so that `{ ...element }` copies it. Its getter is one function for
 * all elements, because V8 takes five times as long over an accessor that is new to it.
 */
class Element<P, B> implements Epoch<P, B> {
  readonly epoch: number
  readonly trainLoss: number
  readonly validationLoss: number | undefined
  readonly best: number
  readonly sinceBest: number
  declare readonly state: Snapshot<P, B>
  readonly #leave: Leave<P, B>
  readonly #position: Position
  #state: Snapshot<P, B> | undefined

  constructor(epoch: Omit<Epoch<P, B>, 'state' | 'epoch'>, leave: Leave<P, B>, position: Position) {
    this.epoch = position.epoch
    this.trainLoss = epoch.trainLoss
    this.validationLoss = epoch.validationLoss
    this.best = epoch.best
    this.sinceBest = epoch.sinceBest
    this.#leave = leave
    this.#position = position
    Object.defineProperty(this, 'state', Element.#reading)
  }
  [inspect](): Epoch<P, B> {
    return { ...this }
  }
  static readonly #reading: PropertyDescriptor & ThisType<Element<unknown, unknown>> = {
    enumerable: true,
    get() {
      this.#state ??= this.#leave(this.#position)
      return this.#state
    }
  }
}

/** So many elements of a history. Nothing is begun before the first is asked for. */
export function* elementsOf<P, B, X, T>(
  n: number,
  begin: () => Beginning<P, B, X, T>
): Generator<E.Either<Diverged<P, B>, Epoch<P, B>>, void> {
  if (n === 0) return
  const { course, walk, validate, ...beginning } = begin()
  const { leave } = course
  let { position, best, sinceBest } = beginning
  for (let i = 0; i < n; i++) {
    const measured = validate?.(position)
    const walked = walk(position, 1)
    if (E.isLeft(walked)) {
      yield walked
      return
    }
    const { trainLoss, validationLoss = measured } = walked.right
    const watched = validationLoss ?? trainLoss
    sinceBest = watched < best ? 0 : sinceBest + 1
    if (watched < best) best = watched
    position = walked.right.position
    yield E.right(new Element({ trainLoss, validationLoss, best, sinceBest }, leave, position))
  }
}
