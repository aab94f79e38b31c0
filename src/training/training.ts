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
import { interpreter } from '../engine/interpreter.js'
import { jit } from '../engine/jit.js'
import type { Optimizer } from '../optimizer/optimizer.js'
import { type Key, key as keyOf, split } from '../random/key.js'
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape } from '../structure/shape.js'
import { item, type Tensor, uniform } from '../tensor/tensor.js'
import { entries, matching } from '../tensor/tree.js'
import { allFinite, diagnose } from './diagnosis.js'
import type { Diverged } from './diverged.js'
import type { Batch, Epoch, Snapshot, StepInfo } from './snapshot.js'
import { evaluationOf, type Forward, stepOf } from './step.js'

/** Data as it is, all in one batch, or in batches. */
export type Data<X, T> = Batch<X, T> | Batches<Batch<X, T>>

/** All that training does, for one model, loss and optimizer. */
export interface Trainer<P, B, X, T> {
  /** A snapshot with fresh parameters, drawn by a key. */
  readonly initialize: (key: Key) => Snapshot<P, B>
  /** A snapshot with given parameters; the key serves random layers and shuffles. */
  readonly from: (params: P, key: Key) => Snapshot<P, B>
  /** One step on one batch. */
  readonly step: (batch: Batch<X, T>) => FpState<Snapshot<P, B>, StepInfo>
  /** Steps over the batches of the data, in order. */
  readonly epoch: (data: Data<X, T>) => (snapshot: Snapshot<P, B>) => E.Either<Diverged<P, B>, Snapshot<P, B>>
  /** So many epochs. */
  readonly epochs: (
    n: number
  ) => (data: Data<X, T>) => (snapshot: Snapshot<P, B>) => E.Either<Diverged<P, B>, Snapshot<P, B>>
  /** The same, looked at as it goes: lazily, an element an epoch. It can go on from an element of another history. */
  readonly history: (
    n: number
  ) => (data: {
    readonly train: Data<X, T>
    readonly validation?: Data<X, T>
  }) => (start: Snapshot<P, B> | Epoch<P, B>) => Iterable<E.Either<Diverged<P, B>, Epoch<P, B>>>
  /** The loss in evaluation mode, over all batches. */
  readonly evaluate: (data: Data<X, T>) => (snapshot: Snapshot<P, B>) => number
}

export interface Model<P, B, X, Y> {
  readonly init: (options: { readonly dtype: 'float32' | 'float64' }) => FpState<Key, P>
  readonly buffers: B
  readonly forward: Forward<P, B, X, Y>
}
export interface Configuration<P, B, X, Y, T> {
  readonly model: Model<P, B, X, Y>
  readonly loss: (target: T) => (prediction: Y) => Tensor<[]>
  readonly optimizer: Optimizer
  /** The dtype of fresh parameters; float32 unless given. */
  readonly dtype?: 'float32' | 'float64'
  /** What runs the steps. */
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
 */
export const make = <P, B, X, Y, T = Y>({
  model,
  loss,
  optimizer,
  dtype = 'float32',
  engine = interpreter
}: Configuration<P, B, X, Y, T>): Trainer<P, B, X, T> => {
  const objective = { forward: model.forward, loss, optimizer }
  const pureStep = stepOf(objective)
  const compiledStep = jit(pureStep, { engine })
  const compiledEvaluation = jit(evaluationOf(objective), { engine })

  const from = (params: P, key: Key): Snapshot<P, B> => {
    checkParams(model.init({ dtype })(keyOf(0))[0], params)
    return { params, buffers: model.buffers, optimizer: optimizer.init(params), step: 0, epoch: 0, key }
  }
  const initialize = (key: Key): Snapshot<P, B> => {
    const [params, rest] = model.init({ dtype })(key)
    return { params, buffers: model.buffers, optimizer: optimizer.init(params), step: 0, epoch: 0, key: rest }
  }

  /** A step with what it looked at: an optimizer may make finite updates of gradients that are not. */
  const advance =
    (batch: Batch<X, T>) =>
    (snapshot: Snapshot<P, B>): readonly [StepInfo, Snapshot<P, B>, P] => {
      const { params, buffers, optimizer: memory, key } = snapshot
      const count: Tensor<[]> = uniform({ shape: [], dtype: 'int32' }, snapshot.step)
      const { loss: value, gradients, state } = compiledStep({ params, buffers, optimizer: memory, key }, count, batch)
      return [
        { loss: item('Training')(value) },
        { ...state, step: snapshot.step + 1, epoch: snapshot.epoch },
        gradients
      ]
    }
  const step =
    (batch: Batch<X, T>) =>
    (snapshot: Snapshot<P, B>): [StepInfo, Snapshot<P, B>] => {
      const [info, next] = advance(batch)(snapshot)
      return [info, next]
    }

  /** An epoch, with the mean of its losses. */
  const walk =
    (batches: Batches<Batch<X, T>>) =>
    (snapshot: Snapshot<P, B>): E.Either<Diverged<P, B>, readonly [number, Snapshot<P, B>]> => {
      const [fresh, rest] = batches.shuffle ? split(snapshot.key) : [snapshot.key, snapshot.key]
      let current: Snapshot<P, B> = { ...snapshot, key: rest }
      let [total, seen] = [0, 0]
      for (const batch of draw(fresh)(batches)) {
        const [info, next, gradients] = advance(batch)(current)
        if (!Number.isFinite(info.loss) || !allFinite([gradients, next.params, next.buffers, next.optimizer]))
          return E.left(diagnose(pureStep, current, batch))
        const count = size(batch)
        total += info.loss * count
        seen += count
        current = next
      }
      return E.right([total / seen, { ...current, epoch: snapshot.epoch + 1 }])
    }

  const epochsOver = (operation: string, n: number, data: Data<X, T>) => {
    checkCount(operation, n)
    const batches = asBatches(data)
    return (snapshot: Snapshot<P, B>): E.Either<Diverged<P, B>, Snapshot<P, B>> => {
      let current = snapshot
      for (let i = 0; i < n; i++) {
        const walked = walk(batches)(current)
        if (E.isLeft(walked)) return walked
        current = walked.right[1]
      }
      return E.right(current)
    }
  }

  const evaluateOver =
    (batches: Batches<Batch<X, T>>) =>
    ({ params, buffers, optimizer: memory, key }: Snapshot<P, B>): number => {
      let [total, seen] = [0, 0]
      for (const batch of draw(key)({ ...batches, shuffle: false, dropLast: false })) {
        const count = size(batch)
        total += item('Training')(compiledEvaluation({ params, buffers, optimizer: memory, key }, batch)) * count
        seen += count
      }
      return total / seen
    }

  const history =
    (n: number) =>
    ({ train, validation }: { readonly train: Data<X, T>; readonly validation?: Data<X, T> }) => {
      checkCount('Training.history', n)
      const walkTrain = walk(asBatches(train))
      const watch = validation === undefined ? undefined : evaluateOver(asBatches(validation))
      return (start: Snapshot<P, B> | Epoch<P, B>): Iterable<E.Either<Diverged<P, B>, Epoch<P, B>>> => ({
        *[Symbol.iterator]() {
          let [state, best, sinceBest] =
            'state' in start ? [start.state, start.best, start.sinceBest] : [start, Number.POSITIVE_INFINITY, 0]
          for (let i = 0; i < n; i++) {
            const validationLoss = watch?.(state)
            const walked = walkTrain(state)
            if (E.isLeft(walked)) {
              yield walked
              return
            }
            const [trainLoss, next] = walked.right
            const watched = validationLoss ?? trainLoss
            ;[best, sinceBest] = watched < best ? [watched, 0] : [best, sinceBest + 1]
            state = next
            yield E.right({ epoch: state.epoch, trainLoss, validationLoss, best, sinceBest, state })
          }
        }
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
