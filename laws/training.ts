/** What must hold of every trainer, to the last bit: training is a fold, and snapshots are values. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Diverged } from '../src/Diverged.js'
import { asBatches, type Batches, draw, size } from '../src/data/dataset.js'
import type { Values } from '../src/layer/runtime.js'
import { split } from '../src/random/key.js'
import * as Training from '../src/Training.js'
import { type Law, law } from './law.js'
import { copy, identical } from './same.js'

type Trainer = Training.Trainer<Values, Values, Values, Values>
type Snapshot = Training.Snapshot<Values, Values>
type Epoch = Training.Epoch<Values, Values>
type Batch = Training.Batch<Values, Values>

/** A trainer with data, a snapshot to start from, and two numbers of epochs. */
export interface TrainingCase {
  readonly trainer: Trainer
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
/** The steps of an epoch as the design says it: a shuffled epoch splits the key first, and draws its order by the first half. */
const stepByStep = ({ trainer, train }: TrainingCase, start: Snapshot): readonly [number, Snapshot] => {
  const batches = asBatches(train)
  const [fresh, rest] = batches.shuffle ? split(start.key) : [start.key, start.key]
  let current: Snapshot = { ...start, key: rest }
  let [total, seen] = [0, 0]
  for (const batch of draw(fresh)(batches)) {
    const [{ loss }, next] = trainer.step(batch)(current)
    total += loss * size(batch)
    seen += size(batch)
    current = next
  }
  return [total / seen, { ...current, epoch: start.epoch + 1 }]
}

/** The tensors of a snapshot. */
const partsOf = ({ params, buffers, optimizer, key }: Snapshot) => [params, buffers, optimizer, key]

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
    const held = run(subject, epochs[0], start)
    const branches = [1, 2].map(() =>
      pipe(
        held,
        E.chain(at => run(subject, epochs[1] + 1, at))
      )
    )
    return (
      identical(branches[0], branches[1]) &&
      identical(held, run(subject, epochs[0], start)) &&
      identical(before, partsOf(start))
    )
  }),
  law('steps escape', 'so is a snapshot between two steps', subject => {
    const { trainer, train, start } = subject
    const [batch] = draw(start.key)(asBatches(train))
    const step = trainer.step(batch!)
    const [, held] = step(start)
    const branches = [step(held), step(held)]
    step(branches[0]![1])
    return identical(branches[0], branches[1]) && identical(held, step(start)[1])
  })
]

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
