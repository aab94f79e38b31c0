/**
 * Training as a fold: an epoch folds steps over batches, epochs fold epochs, and a history is the same fold looked at as it goes.
 *
 * 1. `epochs(0)(data) = E.right`
 * 2. `epochs(m + n)(data) = epochs(m)(data) >=> epochs(n)(data)`
 * 3. `last ∘ history(n) = epochs(n)`, for n of 1 or more
 * 4. the same snapshot and data give the same snapshot, bit for bit
 */
import * as E from 'fp-ts/lib/Either.js'
import type { State as FpState } from 'fp-ts/lib/State.js'
import type { Engine } from '../compiler/program.js'
import { asBatches, type Batches, draw, size } from '../data/dataset.js'
import { defaultEngine } from '../engine/default.js'
import { jit } from '../engine/jit.js'
import { withMachines } from '../engine/machine.js'
import { frozenIn } from '../layer/parameter-paths.js'
import type { RunLayer } from '../layer/runtime.js'
import type { Optimizer } from '../optimizer/optimizer.js'
import { type Key, key as keyOf } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape } from '../structure/shape.js'
import { item, type Tensor } from '../tensor/tensor.js'
import { entries, matching } from '../tensor/tree.js'
import { diagnosis } from './diagnosis.js'
import type { Diverged } from './diverged.js'
import { elementsOf } from './history.js'
import { evaluationBody } from './program.js'
import { type Course, coursesOf, type Position } from './resident.js'
import type { Batch, Epoch, Snapshot, StepInfo } from './snapshot.js'
import type { Forward } from './step.js'
import { inOneBatch, mean, type Walk, walkBatches, walkWhole } from './walk.js'

/** Data as it is, all in one batch, or in batches. */
export type Data<X, T> = Batch<X, T> | Batches<Batch<X, T>>

/**
 * Data, the same in every epoch; or a function from the number of epochs before, 0 for the first, to the data of the next, so that they can be
 * made as they are needed. As it is a function of the number, a training that goes on from a snapshot meets the data that it would have met.
 */
export type Source<X, T> = Data<X, T> | ((epoch: number) => Data<X, T>)

/** All that training does, for one model, loss and optimizer. */
export interface Trainer<P, B, X, T> {
  /** A snapshot with fresh parameters, drawn by a key. */
  readonly initialize: (key: Key) => Snapshot<P, B>
  /** A snapshot with given parameters; the key serves random layers and shuffles. */
  readonly from: (params: P, key: Key) => Snapshot<P, B>
  /** One step on one batch. */
  readonly step: (batch: Batch<X, T>) => FpState<Snapshot<P, B>, StepInfo>
  /** Steps over the batches of the data, in order. */
  readonly epoch: (data: Source<X, T>) => (snapshot: Snapshot<P, B>) => E.Either<Diverged<P, B>, Snapshot<P, B>>
  /** So many epochs. */
  readonly epochs: (
    n: number
  ) => (data: Source<X, T>) => (snapshot: Snapshot<P, B>) => E.Either<Diverged<P, B>, Snapshot<P, B>>
  /** The same, looked at as it goes: lazily, an element an epoch. It can go on from an element of another history. */
  readonly history: (
    n: number
  ) => (data: {
    readonly train: Source<X, T>
    readonly validation?: Data<X, T>
  }) => (start: Snapshot<P, B> | Epoch<P, B>) => Iterable<E.Either<Diverged<P, B>, Epoch<P, B>>>
  /** The loss in evaluation mode, over all batches. */
  readonly evaluate: (data: Data<X, T>) => (snapshot: Snapshot<P, B>) => number
}

export interface Model<P, B, X, Y> {
  readonly init: (options: { readonly dtype: 'float32' | 'float64' }) => FpState<Key, P>
  readonly buffers: B
  readonly forward: Forward<P, B, X, Y>
  /** The layers inside, and whether a parameter is not to be trained, where the model is a layer. */
  readonly children?: RunLayer['children']
  readonly frozen?: (path: string) => boolean
}
export interface Configuration<P, B, X, Y, T> {
  readonly model: Model<P, B, X, Y>
  readonly loss: (target: T) => (prediction: Y) => Tensor<[]>
  readonly optimizer: Optimizer
  /** The dtype of fresh parameters; float32 unless given. */
  readonly dtype?: 'float32' | 'float64'
  /** What runs the steps, with their state in its memory from one to the next; the compiled engine unless given. */
  readonly engine?: Engine
}

const checkParams = (expected: unknown, given: unknown): void => {
  const others = matching('Training.from', expected, given)
  entries(expected).forEach(([path, leaf], i) => {
    const other = others[i]!
    if (!sameShape(leaf.shape, other.shape)) {
      throw mistake(
        'ShapeMismatch',
        'Training.from',
        `parameter '${path.join('.')}' is ${showShape(other.shape)}, and the model's is ${showShape(leaf.shape)}`
      )
    }
  })
}
const checkCount = (operation: string, n: number): void => {
  if (!Number.isInteger(n) || n < 0)
    throw mistake('InvalidArgument', operation, `${n} is not a number of epochs: a whole number of 0 or more`)
}

type Prepared<D> = Batches<D> | ((epoch: number) => D | Batches<D>)
const prepared = <D>(source: D | Batches<D> | ((epoch: number) => D | Batches<D>)): Prepared<D> =>
  typeof source === 'function' ? (source as (epoch: number) => D | Batches<D>) : asBatches(source)

/**
 * A trainer for one model, loss and optimizer. Parameters are float32 unless `dtype` says otherwise.
 *
 * @throws a Mistake, when used, if model, loss and data do not fit; it names the layer
 *
 * @example
 * import { Layer, Loss, Optimizer, pipe, Random, Tensor, Training } from 'cotangent'
 * import * as E from 'fp-ts/lib/Either.js'
 * import { ok } from 'node:assert'
 *
 * const trainer = Training.make({ model: Layer.linear(1, 1), loss: Loss.mse(), optimizer: Optimizer.sgd({ learningRate: 0.1 }) })
 * const train = { x: Tensor.tensor([[-1], [0], [1]]), y: Tensor.tensor([[-1], [1], [3]]) }
 * const end = pipe(trainer.initialize(Random.key(1)), trainer.history(200)({ train }), Training.last)
 * ok(E.isRight(end) && end.right.trainLoss < 1e-6)
 *
 * // Data made as they are needed.
 * const fresh = (epoch: number) => {
 *   const x = pipe(Random.key(2), Random.foldIn(epoch), Random.normal([8, 1]))
 *   return { x, y: pipe(x, Tensor.mul(2), Tensor.add(1)) }
 * }
 * const other = pipe(trainer.initialize(Random.key(1)), trainer.history(200)({ train: fresh }), Training.last)
 * ok(E.isRight(other) && other.right.trainLoss < 1e-6)
 */
export const make = <P, B, X, Y, T = Y>({
  model,
  loss,
  optimizer,
  dtype = 'float32',
  engine: given = defaultEngine
}: Configuration<P, B, X, Y, T>): Trainer<P, B, X, T> => {
  const { children = [], frozen } = model
  const isFrozen = frozenIn({ children, ...(frozen && { frozen }) })
  const objective = { forward: model.forward, loss, optimizer, isFrozen }
  const engine = withMachines(given)
  const courses = coursesOf(objective, engine)
  const diagnose = diagnosis(objective, engine)
  const evaluateBatch = jit(evaluationBody(objective), { engine })

  const from = (params: P, key: Key): Snapshot<P, B> => {
    checkParams(model.init({ dtype })(keyOf(0))[0], params)
    return { params, buffers: model.buffers, optimizer: optimizer.init(params), step: 0, epoch: 0, key }
  }
  const initialize = (key: Key): Snapshot<P, B> => {
    const [params, rest] = model.init({ dtype })(key)
    return { params, buffers: model.buffers, optimizer: optimizer.init(params), step: 0, epoch: 0, key: rest }
  }

  const step =
    (batch: Batch<X, T>) =>
    (snapshot: Snapshot<P, B>): [StepInfo, Snapshot<P, B>] => {
      const [course, { state, step, epoch }] = courses(snapshot)
      const [resident, given] = course.resident(batch)
      resident.hold(state)
      resident.run(given, 1)
      const info = { loss: resident.loss() }
      return [info, course.leave({ state: resident.save(), step: step + 1, epoch })]
    }

  /** How epochs over the data are walked; the losses are told with validation data where they come in one batch as the others do. */
  const walkOver = (
    course: Course<P, B, X, T>,
    batches: Batches<Batch<X, T>>,
    validation?: Batch<X, T>
  ): Walk<P, B> => {
    const whole = inOneBatch(batches)
    return whole === undefined ? walkBatches(course, diagnose, batches) : walkWhole(course, diagnose, whole, validation)
  }
  /** Where each epoch has data of its own, one epoch at a time. */
  const walkThrough = (
    course: Course<P, B, X, T>,
    source: Prepared<Batch<X, T>>,
    validation?: Batch<X, T>
  ): Walk<P, B> =>
    typeof source === 'function'
      ? from => walkOver(course, asBatches(source(from.epoch)))(from, 1)
      : walkOver(course, source, validation)
  const epochsOver = (operation: string, n: number, data: Source<X, T>) => {
    checkCount(operation, n)
    const source = prepared(data)
    return (snapshot: Snapshot<P, B>): E.Either<Diverged<P, B>, Snapshot<P, B>> => {
      if (n === 0) return E.right(snapshot)
      const [course, start] = courses(snapshot)
      const walk = walkThrough(course, source)
      const end = start.epoch + n
      let position = start
      while (position.epoch < end) {
        const walked = walk(position, end - position.epoch)
        if (E.isLeft(walked)) return walked
        position = walked.right.position
      }
      return E.right(course.leave(position))
    }
  }

  const evaluateOver =
    (batches: Batches<Batch<X, T>>) =>
    ({ params, buffers, key }: Snapshot<P, B>): number =>
      mean(
        [...draw(key)({ ...batches, shuffle: false, dropLast: false })].map(batch => [
          item('Training')(evaluateBatch([{ params, buffers, key }, batch])),
          size(batch)
        ])
      )

  const history =
    (n: number) =>
    ({ train, validation }: { readonly train: Source<X, T>; readonly validation?: Data<X, T> }) => {
      checkCount('Training.history', n)
      const source = prepared(train)
      const held = validation === undefined ? undefined : asBatches(validation)
      // Validation data in one batch are looked at in the program of the step itself, if an epoch is one step.
      const isOneStep = typeof source !== 'function' && inOneBatch(source) !== undefined
      const together = held && isOneStep ? inOneBatch({ ...held, shuffle: false }) : undefined
      const apart = together === undefined ? held : undefined
      return (start: Snapshot<P, B> | Epoch<P, B>): Iterable<E.Either<Diverged<P, B>, Epoch<P, B>>> => ({
        [Symbol.iterator]: () =>
          elementsOf(n, () => {
            const { state, best, sinceBest } =
              'state' in start ? start : { state: start, best: Number.POSITIVE_INFINITY, sinceBest: 0 }
            const [course, position] = courses(state)
            const evaluate = apart && evaluateOver(apart)
            const validate = evaluate && ((at: Position) => evaluate(course.leave(at)))
            return { position, best, sinceBest, course, walk: walkThrough(course, source, together), validate }
          })
      })
    }

  return {
    initialize,
    from,
    step,
    epoch: data => epochsOver('Training.epoch', 1, data),
    epochs: n => data => epochsOver('Training.epochs', n, data),
    history,
    evaluate: data => evaluateOver(asBatches(data))
  }
}
