/** Training: snapshots, the asynchronous form, and what is refused. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { Dataset, flow, Layer, Loss, Optimizer, pipe, Random, Tensor, Training } from '../../src/index.js'
import { line, readings } from './thermometer.js'

const data = readings('float32', 0.1)
const trainer = Training.make({
  model: Layer.linear(1, 1),
  loss: Loss.mse(),
  optimizer: Optimizer.sgd({ learningRate: 1e-2 })
})
const start = trainer.from(line(1, 0, 'float32'), Random.key(0))

describe('a step', () => {
  test('tells the loss before it, and gives another snapshot', () => {
    const [info, next] = trainer.step(data)(start)
    expect(info.loss).toBeCloseTo(80.364342, 4)
    expect([start.step, next.step, next.epoch]).toEqual([0, 1, 0])
    expect(Tensor.item(start.params.weight)).toBe(1)
    expect(Tensor.item(next.params.weight)).not.toBe(1)
  })
  test('keeps what layers remember, and their key', () => {
    const model = Layer.sequential(
      Layer.named('centre', Layer.runningMean(1, { momentum: 1 })),
      Layer.dropout(),
      Layer.linear(1, 1)
    )
    const stateful = Training.make({ model, loss: Loss.mse(), optimizer: Optimizer.adam() })
    const first = stateful.initialize(Random.key(4))
    const [, next] = stateful.step(data)(first)
    expect(Tensor.item(first.buffers.centre.mean)).toBe(0)
    expect(Tensor.item(next.buffers.centre.mean)).toBeCloseTo(5.1800001, 4)
    expect(Tensor.toArray(next.key)).not.toEqual(Tensor.toArray(first.key))
    expect(Tensor.shape(Layer.predict(model)(next)(data.x))).toEqual([11, 1])
  })
})

describe('batches', () => {
  test('make as many steps as there are', () => {
    const inBatches = Dataset.batches({ size: 4 })(data)
    expect(trainer.epoch(inBatches)(start)).toMatchObject({ right: { step: 3, epoch: 1 } })
    const dropping = Dataset.batches({ size: 4, dropLast: true })(data)
    expect(trainer.epochs(2)(dropping)(start)).toMatchObject({ right: { step: 4, epoch: 2 } })
  })
  test('are shuffled by the key of the snapshot', () => {
    const shuffled = Dataset.batches({ size: 4, shuffle: true })(data)
    const losses = (seed: number) =>
      pipe(
        trainer.from(line(1, 0, 'float32'), Random.key(seed)),
        trainer.history(3)({ train: shuffled }),
        Training.toArray,
        E.map(epochs => epochs.map(({ trainLoss }) => trainLoss))
      )
    expect(losses(1)).toEqual(losses(1))
    expect(losses(1)).not.toEqual(losses(2))
  })
})

describe('asynchronously', () => {
  test('a history lets the event loop have its turns', async () => {
    let fired = 0
    const timer = setInterval(() => fired++, 0)
    const seen: number[] = []
    const firedAt: number[] = []
    const history = pipe(start, trainer.history(200)({ train: data }), Training.toAsync({ milliseconds: 0 }))
    for await (const element of history) {
      if (E.isRight(element)) seen.push(element.right.epoch)
      firedAt.push(fired)
    }
    clearInterval(timer)
    expect(seen).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
    expect(firedAt[199]).toBeGreaterThan(firedAt[0]!)
  })
  test('its last is that of the history', async () => {
    const history = pipe(start, trainer.history(50)({ train: data }))
    expect(await pipe(history, Training.toAsync(), Training.lastAsync)()).toEqual(Training.last(history))
    await expect(
      pipe(start, trainer.history(0)({ train: data }), Training.toAsync(), Training.lastAsync)()
    ).rejects.toThrow('Training.lastAsync: the history is empty')
  })
  test('it can be left', async () => {
    let trained = 0
    const history = pipe(
      start,
      trainer.history(1000)({ train: data }),
      Training.tap(() => trained++)
    )
    for await (const _ of Training.toAsync()(history)) break
    expect(trained).toBe(1)
  })
})

describe('a history', () => {
  test('is lazy', () => {
    let trained = 0
    const history = pipe(
      start,
      trainer.history(1_000_000)({ train: data }),
      Training.tap(() => trained++),
      Training.until(({ epoch }) => epoch === 3)
    )
    expect(trained).toBe(0)
    expect(pipe(history, Training.last)).toMatchObject({ right: { epoch: 3 } })
    expect(trained).toBe(3)
  })
  test('stops early when validation no longer improves', () => {
    const validation = { x: Tensor.tensor([[5]]), y: Tensor.tensor([[5]]) }
    const stopped = pipe(
      start,
      trainer.history(1000)({ train: data, validation }),
      Training.earlyStopping({ patience: 3 }),
      Training.toArray
    )
    if (E.isLeft(stopped)) throw new Error('diverged')
    const end = stopped.right[stopped.right.length - 1]!
    expect(stopped.right.length).toBeLessThan(1000)
    expect(end.sinceBest).toBe(3)
    expect(end.best).toBe(Math.min(...stopped.right.map(({ validationLoss }) => validationLoss!)))
  })
  test('without epochs has no last', () => {
    expect(() => pipe(start, trainer.history(0)({ train: data }), Training.last)).toThrow(
      'Training.last: the history is empty; a history of 0 epochs, or all filtered out, has no last'
    )
  })
})

describe('a gradient that is not finite', () => {
  test('ends the training, even where the optimizer makes a finite update of it', () => {
    const model = Layer.make({
      name: 'root',
      input: [1],
      output: [1],
      init: (key: Random.Key): [{ readonly factor: Tensor.Tensor<[]> }, Random.Key] => [
        { factor: Tensor.scalar(0) },
        key
      ],
      apply: ({ factor }) => flow(Tensor.mul(Tensor.sqrt(factor)))
    })
    const clipped = Optimizer.chain(Optimizer.clipByValue({ limit: 1 }), Optimizer.sgd({ learningRate: 0.1 }))
    const root = Training.make({ model, loss: Loss.mse(), optimizer: clipped })
    const one = { x: Tensor.tensor([[1]]), y: Tensor.tensor([[1]]) }
    expect(pipe(root.initialize(Random.key(0)), root.epochs(1)(one))).toMatchObject({
      left: { what: 'gradient', path: 'factor', value: Number.NEGATIVE_INFINITY, last: { step: 0 } }
    })
  })
})

describe('refusals', () => {
  test.each([-1, 1.5, Number.NaN])('%d is no number of epochs', n => {
    expect(() => trainer.epochs(n)(data)(start)).toThrow(
      `Training.epochs: ${n} is not a number of epochs: a whole number of 0 or more`
    )
    expect(() => trainer.history(n)({ train: data })).toThrow(`Training.history: ${n} is not a number of epochs`)
  })
  test.each([0, -1, Number.NaN])('%d is no period and no patience', n => {
    expect(() => Training.every(n)).toThrow(`Training.every: ${n} is not a whole number of 1 or more`)
    expect(() => Training.earlyStopping({ patience: n })).toThrow(`Training.earlyStopping: ${n} is not`)
  })
  test('an empty data set', () => {
    const empty = { x: Tensor.zeros([0, 1]), y: Tensor.zeros([0, 1]) }
    expect(() => trainer.epochs(1)(empty)(start)).toThrow("Dataset: there are no examples: 'x' is [0, 1]")
    expect(() => trainer.history(1)({ train: data, validation: empty })(start)).toThrow('there are no examples')
  })
  test('target and prediction of different shapes', () => {
    const flat = { x: data.x as Tensor.Tensor, y: Tensor.zeros([11]) as Tensor.Tensor }
    expect(() => trainer.epochs(1)(flat as never)(start)).toThrow('mse: target [11] and prediction [11, 1] differ')
  })
  test('a loss that is not one number', () => {
    const unreduced = Loss.mse({ reduction: 'none' }) as unknown as ReturnType<typeof Loss.mse>
    const other = Training.make({ model: Layer.linear(1, 1), loss: unreduced, optimizer: Optimizer.adam() })
    expect(() => other.epochs(1)(data)(start)).toThrow(
      "Training: the loss must be one number, not a tensor of shape [11, 1]; a loss with reduction 'mean' or 'sum' gives one"
    )
  })
  test('parameters of another model', () => {
    expect(() => trainer.from({ weight: Tensor.ones([2, 1]), bias: Tensor.ones([1]) } as never, Random.key(0))).toThrow(
      "Training.from: parameter 'weight' is [2, 1], and the model's is [1, 1]"
    )
    expect(() => trainer.from({ weight: Tensor.ones([1, 1]) } as never, Random.key(0))).toThrow('lacks bias')
  })
  test('an input that does not fit, by the layer’s path', () => {
    const model = Layer.sequential(Layer.named('hidden', Layer.linear(1, 2)), Layer.named('output', Layer.linear(2, 1)))
    const other = Training.make({ model, loss: Loss.mse(), optimizer: Optimizer.sgd({ learningRate: 1e-2 }) })
    const wide = { x: Tensor.zeros([11, 3]), y: Tensor.zeros([11, 1]) }
    expect(() => other.epochs(1)(wide as never)(other.initialize(Random.key(0)))).toThrow(
      'matmul at hidden: [11, 3] × [1, 2]'
    )
  })
})

test('optimizer state that leaves the finite numbers ends the training too', () => {
  const model = Layer.linear(1, 1, { bias: false })
  const trainer = Training.make({ model, loss: Loss.mse(), optimizer: Optimizer.adam() })
  const start = trainer.from({ weight: Tensor.tensor([[1]]) }, Random.key(1))
  const end = trainer.epochs(3)({ x: Tensor.tensor([[1e11]]), y: Tensor.tensor([[0]]) })(start)
  expect(E.isLeft(end) && [end.left.what, end.left.path, end.left.last.step]).toEqual([
    'optimizer state',
    '0.second.weight',
    0
  ])
})
