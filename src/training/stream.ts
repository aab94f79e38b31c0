/**
 * Functions on histories: streams of `Either<Diverged, Epoch>`, lazy, to be composed with `pipe`.
 *
 * All let a `Left` through, which ends a stream; iterating again starts again.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { mistake } from '../structure/mistake.js'

/** A history: epochs, at most one failure, and that the last. */
export type Stream<L, A> = Iterable<E.Either<L, A>>

const stream = <T>(generate: () => Generator<T>): Iterable<T> => ({ [Symbol.iterator]: generate })
const checkCount = (operation: string, n: number): void => {
  if (!Number.isInteger(n) || n < 1)
    throw mistake('InvalidArgument', operation, `${n} is not a whole number of 1 or more`)
}

/**
 * The epochs that a predicate holds for.
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * const odd = pipe(history, Training.filter(e => e.epoch % 2 === 1), Training.toArray)
 * deepStrictEqual(odd, E.right([{ epoch: 1, sinceBest: 0 }, { epoch: 3, sinceBest: 2 }]))
 */
export const filter =
  <A>(predicate: (epoch: A) => boolean) =>
  <L>(history: Stream<L, A>): Stream<L, A> =>
    stream(function* () {
      for (const element of history) if (E.isLeft(element) || predicate(element.right)) yield element
    })

/**
 * The epochs whose number is a multiple of n. A last epoch that is none is left out, so that `last` gives the one before.
 *
 * @throws a Mistake if n is not a whole number of 1 or more
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * deepStrictEqual(pipe(history, Training.every(3), Training.toArray), E.right([{ epoch: 3, sinceBest: 2 }]))
 */
export const every = (
  n: number
): (<L, A extends { readonly epoch: number }>(history: Stream<L, A>) => Stream<L, A>) => {
  checkCount('Training.every', n)
  return history => filter(({ epoch }: { readonly epoch: number }) => epoch % n === 0)(history) as typeof history
}

/**
 * Looks at each epoch as it passes: printing, drawing.
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * const seen: number[] = []
 * pipe(history, Training.tap(e => seen.push(e.epoch)), Training.last)
 * deepStrictEqual(seen, [1, 2, 3, 4])
 */
export const tap =
  <A>(look: (epoch: A) => void) =>
  <L>(history: Stream<L, A>): Stream<L, A> =>
    stream(function* () {
      for (const element of history) {
        if (E.isRight(element)) look(element.right)
        yield element
      }
    })

/**
 * Another value for each epoch.
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * deepStrictEqual(pipe(history, Training.map(e => e.epoch), Training.toArray), E.right([1, 2, 3, 4]))
 */
export const map =
  <A, B>(f: (epoch: A) => B) =>
  <L>(history: Stream<L, A>): Stream<L, B> =>
    stream(function* () {
      for (const element of history) yield E.map(f)(element)
    })

/**
 * Ends with the first epoch that a predicate holds for.
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * const end = pipe(history, Training.until(e => e.epoch > 1), Training.last)
 * deepStrictEqual(end, E.right({ epoch: 2, sinceBest: 1 }))
 */
export const until =
  <A>(predicate: (epoch: A) => boolean) =>
  <L>(history: Stream<L, A>): Stream<L, A> =>
    stream(function* () {
      for (const element of history) {
        yield element
        if (E.isRight(element) && predicate(element.right)) return
      }
    })

/**
 * Ends when the watched loss (on validation data where there is some) has not been smaller for `patience` epochs.
 *
 * The count is in the elements, so that a history that goes on from one of them stops where the uninterrupted one would.
 *
 * @throws a Mistake if the patience is not a whole number of 1 or more
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * const end = pipe(history, Training.earlyStopping({ patience: 2 }), Training.last)
 * deepStrictEqual(end, E.right({ epoch: 3, sinceBest: 2 }))
 */
export const earlyStopping = ({
  patience
}: {
  readonly patience: number
}): (<L, A extends { readonly sinceBest: number }>(history: Stream<L, A>) => Stream<L, A>) => {
  checkCount('Training.earlyStopping', patience)
  return history =>
    until(({ sinceBest }: { readonly sinceBest: number }) => sinceBest >= patience)(history) as typeof history
}

/**
 * The last element: the end of the training, or why it has none.
 *
 * @throws a Mistake if there is no element
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * deepStrictEqual(pipe(history, Training.last), E.right({ epoch: 4, sinceBest: 3 }))
 */
export const last = <L, A>(history: Stream<L, A>): E.Either<L, A> => {
  let found: E.Either<L, A> | undefined
  for (const element of history) found = element
  if (found === undefined)
    throw mistake(
      'InvalidArgument',
      'Training.last',
      'the history is empty; a history of 0 epochs, or all filtered out, has no last'
    )
  return found
}

/**
 * All epochs, or why there are not as many.
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * deepStrictEqual(pipe(history, Training.toArray, E.map(all => all.length)), E.right(4))
 */
export const toArray = <L, A>(history: Stream<L, A>): E.Either<L, readonly A[]> => {
  const found: A[] = []
  for (const element of history) {
    if (E.isLeft(element)) return element
    found.push(element.right)
  }
  return E.right(found)
}

/** A turn of the event loop, so that pages are drawn and servers answer. */
const breathe = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0))

/**
 * The same history, given out asynchronously: after each `milliseconds` of work, 10 unless given, the event loop has a turn.
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * for await (const epoch of pipe(history, Training.toAsync())) {
 *   if (E.isRight(epoch)) deepStrictEqual(epoch.right.sinceBest, epoch.right.epoch - 1)
 * }
 */
export const toAsync =
  ({ milliseconds = 10 }: { readonly milliseconds?: number } = {}) =>
  <L, A>(history: Stream<L, A>): AsyncIterable<E.Either<L, A>> => ({
    async *[Symbol.asyncIterator]() {
      let since = Date.now()
      for (const element of history) {
        yield element
        if (Date.now() - since >= milliseconds) {
          await breathe()
          since = Date.now()
        }
      }
    }
  })

/**
 * The last element of an asynchronous history.
 *
 * @example
 * import { pipe, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const history = [1, 2, 3, 4].map(epoch => E.right({ epoch, sinceBest: epoch - 1 }))
 * const end = await pipe(history, Training.toAsync(), Training.lastAsync)()
 * deepStrictEqual(end, E.right({ epoch: 4, sinceBest: 3 }))
 */
export const lastAsync =
  <L, A>(history: AsyncIterable<E.Either<L, A>>): TaskEither<L, A> =>
  async () => {
    let found: E.Either<L, A> | undefined
    for await (const element of history) found = element
    if (found === undefined) throw mistake('InvalidArgument', 'Training.lastAsync', 'the history is empty')
    return found
  }
