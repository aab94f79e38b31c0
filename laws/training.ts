/** What must hold of every trainer, to the last bit: training is a fold, and snapshots are values. */
import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import type { Engine } from '../src/compiler/program.js'
import type { Diverged } from '../src/Diverged.js'
import { asBatches, type Batches, draw, size } from '../src/data/dataset.js'
import type { Values } from '../src/layer/runtime.js'
import { split } from '../src/random/key.js'
import * as Training from '../src/Training.js'
import { leaves } from '../src/tensor/tree.js'
import { type Law, law } from './law.js'
import { close, copy, identical } from './same.js'

type Trainer = Training.Trainer<Values, Values, Values, Values>
type Snapshot = Training.Snapshot<Values, Values>
type Epoch = Training.Epoch<Values, Values>
type Batch = Training.Batch<Values, Values>

/** A trainer with data, a snapshot to start from, and two numbers of epochs. */
export interface TrainingCase {
  readonly trainer: Trainer
  /** The same trainer on another engine. */
  readonly make: (engine: Engine) => Trainer
  readonly train: Batch | Batches<Batch>
  readonly validation: Batch | Batches<Batch> | undefined
  readonly start: Snapshot
  readonly epochs: readonly [number, number]
}

type Ended = E.Either<Diverged<Values, Values>, Snapshot>
const dataOf = ({ train, validation }: TrainingCase) => ({ train, ...(validation === undefined ? {} : { validation }) })
const historyOf = (subject: TrainingCase, n: number, start: Snapshot | Epoch = subject.start) =>
  subject.trainer.history(n)(dataOf(subject))(start)
const run = ({ trainer, train }: TrainingCase, n: number, start: Snapshot): Ended => trainer.epochs(n)(train)(start)
/** The mean of losses weighted by the sizes of their batches; of one loss it is that loss. */
const mean = (losses: readonly (readonly [number, number])[]): number =>
  losses.length === 1
    ? losses[0]![0]
    : losses.reduce((sum, [loss, count]) => sum + loss * count, 0) / losses.reduce((sum, [, count]) => sum + count, 0)
/**
 * The steps of an epoch as the design says it: a shuffled epoch splits the key first, and draws its order by the first half.
 * No more than so many of them.
 */
const stepByStep = (
  { trainer, train }: TrainingCase,
  start: Snapshot,
  most = Number.POSITIVE_INFINITY
): readonly [number, Snapshot] => {
  const batches = asBatches(train)
  const [fresh, rest] = batches.shuffle ? split(start.key) : [start.key, start.key]
  let current: Snapshot = { ...start, key: rest }
  const losses: (readonly [number, number])[] = []
  for (const batch of draw(fresh)(batches)) {
    if (losses.length >= most) return [mean(losses), current]
    const [{ loss }, next] = trainer.step(batch)(current)
    losses.push([loss, size(batch)])
    current = next
  }
  return [mean(losses), { ...current, epoch: start.epoch + 1 }]
}

/** The tensors of a snapshot. */
const partsOf = ({ params, buffers, optimizer, key }: Snapshot) => [params, buffers, optimizer, key]
/** What a training ended with, read and copied now. */
const endOf = (ended: Ended): unknown => copy(partsOf(E.isLeft(ended) ? ended.left.last : ended.right))
const contents: (element: E.Either<Diverged<Values, Values>, Epoch>) => unknown = flow(
  E.map(({ state }) => state),
  endOf
)

/** Every law of a trainer. */
export const trainingLaws: readonly Law<TrainingCase>[] = [
  law('an epoch is a fold', 'epoch = reduce step over its batches', subject => {
    const { trainer, train, start } = subject
    const ended = trainer.epoch(train)(start)
    return E.isLeft(ended) || identical(ended.right, stepByStep(subject, start)[1])
  }),
  law('epochs are a fold', 'epochs n = reduce epoch', subject => {
    const { trainer, train, start, epochs } = subject
    const n = epochs[0] + epochs[1]
    const folded = Array.from({ length: n }).reduce(
      (at: Ended) => pipe(at, E.chain(trainer.epoch(train))),
      E.right(start)
    )
    return identical(run(subject, n, start), folded)
  }),
  law('epochs add', 'epochs (m + n) = epochs m >=> epochs n', subject => {
    const { start, epochs } = subject
    const [m, n] = epochs
    const inTwo = pipe(
      run(subject, m, start),
      E.chain(at => run(subject, n, at))
    )
    return identical(run(subject, m + n, start), inTwo)
  }),
  law(
    'no epochs',
    'epochs 0 = right, and history 0 is empty',
    subject =>
      identical(run(subject, 0, subject.start), E.right(subject.start)) && [...historyOf(subject, 0)].length === 0
  ),
  law('last of a history', 'last ∘ history n = epochs n', subject => {
    const n = subject.epochs[0] + 1
    const ended = pipe(
      Training.last(historyOf(subject, n)),
      E.map(({ state }) => state)
    )
    return identical(ended, run(subject, n, subject.start))
  }),
  law(
    'what a history tells',
    'trainLoss is the mean of the losses of the steps, validationLoss that of evaluate before them',
    subject => {
      const { trainer, validation, start } = subject
      const [first] = historyOf(subject, 1)
      return (
        first === undefined ||
        E.isLeft(first) ||
        (identical(first.right.trainLoss, stepByStep(subject, start)[0]) &&
          identical(first.right.validationLoss, validation && trainer.evaluate(validation)(start)) &&
          first.right.epoch === start.epoch + 1)
      )
    }
  ),
  law('a history goes on', 'history (m + n) = history m ⧺ history n from its last element', subject => {
    const [m, n] = [subject.epochs[0] + 1, subject.epochs[1]]
    const first = [...historyOf(subject, m)]
    const end = first[first.length - 1]!
    return identical(
      [...historyOf(subject, m + n)],
      E.isLeft(end) ? first : [...first, ...historyOf(subject, n, end.right)]
    )
  }),
  law('a history starts again', 'iterating a history a second time, or after half of it, gives the same', subject => {
    const history = historyOf(subject, subject.epochs[0] + 1)
    const first = [...history]
    for (const _ of history) break
    return identical(first, [...history]) && identical(first, [...history])
  }),
  law(
    'data of each epoch',
    'epochs n f = epoch (f (k + n − 1)) ∘ … ∘ epoch (f k), after k epochs, and so ends a history',
    subject => {
      const { trainer, train, start, epochs } = subject
      const n = epochs[0] + 2
      const whole = asBatches(train)
      const source = (epoch: number): Batches<Batch> => (epoch % 2 === 0 ? whole : { ...whole, size: 1 })
      const folded = Array.from({ length: n }).reduce(
        (at: Ended) =>
          pipe(
            at,
            E.chain(now => trainer.epoch(source(now.epoch))(now))
          ),
        E.right(start)
      )
      const ended = pipe(
        Training.last(trainer.history(n)({ ...dataOf(subject), train: source })(start)),
        E.map(({ state }) => state)
      )
      return identical(trainer.epochs(n)(source)(start), folded) && identical(ended, folded)
    }
  ),
  law('the same data in each epoch', 'history n (always d) = history n d, whatever it tells', subject => {
    const { trainer, train, start, epochs } = subject
    const n = epochs[0] + 1
    return identical(
      [...trainer.history(n)({ ...dataOf(subject), train: () => train })(start)],
      [...historyOf(subject, n)]
    )
  }),
  law('determinism', 'the same snapshot and data give the same, whatever was trained in between', subject => {
    const { trainer, start, epochs } = subject
    const first = run(subject, epochs[0], start)
    const other = trainer.initialize(split(start.key)[0])
    run(subject, 1, other)
    return (
      identical(first, run(subject, epochs[0], start)) &&
      identical(other, trainer.initialize(split(start.key)[0])) &&
      identical(trainer.from(start.params, start.key).params, start.params)
    )
  }),
  law('snapshots escape', 'a snapshot held unread, trained on and branched from twice is what it was', subject => {
    const { start, epochs } = subject
    const before = copy(partsOf(start))
    const atOnce = endOf(run(subject, epochs[0], start))
    const held = run(subject, epochs[0], start)
    const branches = [1, 2].map(() =>
      pipe(
        held,
        E.chain(at => run(subject, epochs[1] + 1, at))
      )
    )
    return identical(branches[0], branches[1]) && identical(endOf(held), atOnce) && identical(before, partsOf(start))
  }),
  law('steps escape', 'so is a snapshot between two steps', subject => {
    const { trainer, train, start } = subject
    const [batch] = draw(start.key)(asBatches(train))
    const step = trainer.step(batch!)
    const atOnce = copy(partsOf(step(start)[1]))
    const [, held] = step(start)
    const branches = [step(held), step(held)]
    step(branches[0]![1])
    return identical(branches[0], branches[1]) && identical(partsOf(held), atOnce)
  }),
  law(
    'elements escape',
    'elements of a history, held unread while it and others go on, are what they were as they passed',
    subject => {
      const { epochs, start } = subject
      const n = epochs[0] + 2
      const passing = Array.from(historyOf(subject, n), contents)
      const held = [...historyOf(subject, n)]
      const last = held[held.length - 1]!
      const branches = [1, 2].map(() => (E.isLeft(last) ? [last] : [...historyOf(subject, epochs[1], last.right)]))
      run(subject, epochs[1] + 1, start)
      return identical(held.map(contents), passing) && identical(branches[0], branches[1])
    }
  ),
  law(
    'histories do not meet',
    'histories of one trainer, taken in turns with steps and evaluations in between, are what each is alone',
    subject => {
      const { trainer, train, start, epochs } = subject
      const [batch] = draw(start.key)(asBatches(train))
      const other = trainer.initialize(split(start.key)[0])
      const histories = [start, other, start].map(at => historyOf(subject, epochs[0] + 2, at))
      const alone = histories.map(history => [...history])
      const iterators = histories.map(history => history[Symbol.iterator]())
      const inTurns = iterators.map((): unknown[] => [])
      // The third lags behind the first.
      iterators[0]!.next()
      inTurns[0]!.push(alone[0]![0])
      for (let turn = 0; turn < epochs[0] + 2; turn++) {
        iterators.forEach((iterator, i) => {
          const { done, value } = iterator.next()
          if (done !== true) inTurns[i]!.push(value)
          trainer.evaluate(train)(other)
          trainer.step(batch!)(start)
        })
      }
      return identical(inTurns, alone)
    }
  ),
  law(
    'validation only looks',
    'history with validation data = history without, but for what it tells of them',
    subject => {
      const { trainer, train, validation = asBatches(train).data, start, epochs } = subject
      const n = epochs[0] + 1
      const told = (history: Iterable<E.Either<Diverged<Values, Values>, Epoch>>) =>
        Array.from(
          history,
          E.map(({ epoch, trainLoss, state }) => ({ epoch, trainLoss, state }))
        )
      return identical(
        told(trainer.history(n)({ train, validation })(start)),
        told(trainer.history(n)({ train })(start))
      )
    }
  ),
  law(
    'a divergence loses nothing',
    'the last snapshot before it is that of the steps before it, and the next is the one that diverges',
    subject => {
      const { start, epochs } = subject
      const n = epochs[0] + epochs[1] + 3
      const ended = run(subject, n, start)
      if (E.isRight(ended)) return true
      const { last, step } = ended.left
      let current = start
      while (current.epoch < last.epoch) [, current] = stepByStep(subject, current)
      ;[, current] = stepByStep(subject, current, last.step - current.step)
      return step === last.step + 1 && identical(last, current)
    }
  )
]

/** On another engine it comes to nearly the same: an epoch from any snapshot that it passes. */
export const enginesAgree = (engine: Engine): Law<TrainingCase> =>
  law('engines agree', 'epoch ≈ epoch on another engine', subject => {
    const other: TrainingCase = { ...subject, trainer: subject.make(engine) }
    const passed = [...historyOf(subject, subject.epochs[0])].flatMap(e => (E.isLeft(e) ? [] : [e.right.state]))
    return [subject.start, ...passed].every(at => {
      const [[one], [another]] = [historyOf(subject, 1, at), historyOf(other, 1, at)]
      if (one === undefined || another === undefined || E.isLeft(one) || E.isLeft(another))
        return one?._tag === another?._tag
      const isDouble = leaves(at.params).every(({ dtype }) => dtype === 'float64')
      return close(isDouble ? 1e-9 : 1e-4)({ ...one.right }, { ...another.right })
    })
  })

/** A way to end a history early, by what its elements tell. */
export type Stopping = (options: {
  readonly patience: number
}) => (history: Iterable<E.Either<unknown, Epoch>>) => Iterable<E.Either<unknown, Epoch>>
/** Stopped anywhere and gone on from there, it ends where it would have. */
export const stoppingResumes = (stopping: Stopping = Training.earlyStopping): Law<TrainingCase> =>
  law(
    'early stopping resumes',
    'stop ∘ history (m + n) = stop ∘ history m ⧺ stop ∘ history n, gone on from an element',
    subject => {
      const n = 8
      const stop = stopping({ patience: 1 + subject.epochs[0] })
      const whole = [...stop(historyOf(subject, n))]
      return whole.slice(0, -1).every((element, i) => {
        if (E.isLeft(element)) return true
        const rest = [...stop(historyOf(subject, n - i - 1, element.right))]
        return identical(whole, [...whole.slice(0, i + 1), ...rest])
      })
    }
  )
