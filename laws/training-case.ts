/** Small trainings of every kind: with dropout, with buffers, in batches, shuffled, with and without validation, in both precisions. */
import fc from 'fast-check'
import type { Engine } from '../src/compiler/program.js'
import { type Batches, batches } from '../src/data/dataset.js'
import { defaultEngine } from '../src/engine/default.js'
import * as Layer from '../src/Layer.js'
import * as Loss from '../src/Loss.js'
import { untyped } from '../src/layer/layer.js'
import type { Values } from '../src/layer/runtime.js'
import type { AnyLayer } from '../src/layer/types.js'
import * as Optimizer from '../src/Optimizer.js'
import { key } from '../src/random/key.js'
import * as Training from '../src/Training.js'
import { constant, type Tensor } from '../src/tensor/tensor.js'
import type { TrainingCase } from './training.js'

const models: fc.Arbitrary<AnyLayer> = fc.constantFrom<AnyLayer>(
  Layer.linear(2, 1),
  Layer.sequential(Layer.named('hidden', Layer.linear(2, 3)), Layer.tanh, Layer.linear(3, 1)),
  Layer.sequential(Layer.linear(2, 4), Layer.dropout({ probability: 0.5 }), Layer.linear(4, 1)),
  Layer.sequential(Layer.runningMean(2, { momentum: 0.5 }), Layer.linear(2, 1))
)
const optimizers = fc.constantFrom(
  Optimizer.sgd({ learningRate: 0.05 }),
  Optimizer.sgd({ learningRate: 0.3, momentum: 0.9 }),
  Optimizer.chain(Optimizer.clipByGlobalNorm({ maxNorm: 1 }), Optimizer.adam({ learningRate: 0.1 }))
)
type Batch = Training.Batch<Tensor, Tensor>

/** Readings of both dtypes, so that every trainer can be given its own. */
const rows = (n: number, dtype: 'float32' | 'float64'): fc.Arbitrary<Batch> =>
  fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3 * n, maxLength: 3 * n }).map(numbers => {
    const data = (count: number, from: number) => {
      const some = numbers.slice(from, from + count)
      return dtype === 'float32' ? Float32Array.from(some) : Float64Array.from(some)
    }
    return { x: constant([n, 2], dtype, data(2 * n, 0)), y: constant([n, 1], dtype, data(n, 2 * n)) }
  })
const batched = (data: Batch): fc.Arbitrary<Batch | Batches<Batch>> =>
  fc.oneof(
    fc.constant(data),
    fc
      .tuple(fc.integer({ min: 1, max: data.x.shape[0]! }), fc.boolean(), fc.boolean())
      .map(([size, shuffle, dropLast]) => batches({ size, shuffle, dropLast })(data))
  )

const casesOf =
  (optimizers: fc.Arbitrary<Optimizer.Optimizer>) =>
  (engine: Engine): fc.Arbitrary<TrainingCase> =>
    fc
      .tuple(
        models,
        optimizers,
        fc.constantFrom('float32' as const, 'float64' as const),
        fc.integer({ min: 1, max: 5 })
      )
      .chain(([layer, optimizer, dtype, n]) => {
        const make: TrainingCase['make'] = engine =>
          Training.make<Values, Values, Values, Values, Values>({
            model: untyped(layer),
            loss: target => prediction => Loss.mse()(target as Tensor)(prediction as Tensor),
            optimizer,
            dtype,
            engine
          })
        const trainer = make(engine)
        return fc.record({
          trainer: fc.constant(trainer),
          make: fc.constant(make),
          train: rows(n, dtype).chain(batched),
          validation: fc.option(rows(2, dtype).chain(batched), { nil: undefined }),
          start: fc.nat(1000).map(seed => trainer.initialize(key(seed))),
          epochs: fc.tuple(fc.nat(3), fc.nat(3))
        })
      })

/** Trainings that an engine runs. */
export const trainingCaseOn = casesOf(optimizers)
export const trainingCase: fc.Arbitrary<TrainingCase> = trainingCaseOn(defaultEngine)
/** Trainings that leave the finite numbers, most of them within the first epochs. */
export const divergingCaseOn = casesOf(
  fc.constantFrom(Optimizer.sgd({ learningRate: 1e20 }), Optimizer.sgd({ learningRate: 1e110, momentum: 0.5 }))
)
