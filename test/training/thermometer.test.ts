/** The chapter's trainings, number by number. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { Diverged, Layer, Loss, Optimizer, pipe, Random, Tensor, Training, Tree } from '../../src/index.js'
import { line, readings } from './thermometer.js'

const model = Layer.linear(1, 1)
const loss = Loss.mse()
const relative = (actual: number, expected: number): number => Math.abs(actual - expected) / Math.abs(expected)
const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error('diverged')
  return either.right
}

test('from w = 1, b = 0 on a tenth of the unknowns, SGD walks as in the book', () => {
  const trainer = Training.make({ model, loss, optimizer: Optimizer.sgd({ learningRate: 1e-2 }) })
  const start = trainer.from(line(1, 0, 'float32'), Random.key(0))
  const epochs = right(pipe(start, trainer.history(5000)({ train: readings('float32', 0.1) }), Training.toArray))
  const expected = [
    [1, 80.364342],
    [2, 37.574917],
    [3, 30.871077],
    [10, 29.030487],
    [100, 22.14871],
    [5000, 2.927648]
  ] as const
  for (const [epoch, value] of expected) expect(relative(epochs[epoch - 1]!.trainLoss, value)).toBeLessThan(1e-6)
  const { weight, bias } = epochs[4999]!.state.params
  expect(Tensor.item(weight)).toBeCloseTo(5.3671, 4)
  expect(Tensor.item(bias)).toBeCloseTo(-17.3012, 4)
  expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1))
})

test('Adam, on the unknowns as they are, in float64', () => {
  const optimizer = Optimizer.adam({ learningRate: 0.1 })
  const trainer = Training.make({ model, loss, optimizer, dtype: 'float64' })
  const start = trainer.from(line(1, 0, 'float64'), Random.key(0))
  const seen: number[] = []
  const end = pipe(
    start,
    trainer.history(2000)({ train: readings('float64') }),
    Training.every(500),
    Training.tap(({ trainLoss }) => seen.push(trainLoss)),
    Training.last
  )
  expect(seen.map(value => value.toFixed(6))).toEqual(['7.612880', '3.086696', '2.928580', '2.927646'])
  expect(Tensor.dtype(right(end).state.params.weight)).toBe('float64')
})

describe('SGD on the unknowns as they are', () => {
  const trainer = Training.make({ model, loss, optimizer: Optimizer.sgd({ learningRate: 1e-2 }) })
  const start = trainer.from(line(1, 0, 'float32'), Random.key(0))
  const ended = trainer.epochs(100)(readings('float32'))(start)
  const diverged = E.isLeft(ended) ? ended.left : undefined

  test('diverges, and says where and in what', () => {
    expect(diverged).toMatchObject({ _tag: 'Diverged', what: 'loss', path: 'loss', value: Number.POSITIVE_INFINITY })
    expect(diverged!.epoch).toBeGreaterThan(5)
    expect(diverged!.epoch).toBeLessThan(30)
    expect(diverged!.step).toBe(diverged!.epoch)
    expect(diverged!.equation).toBe('mul: float32 [11, 1], float32 [11, 1] → float32 [11, 1]')
  })
  test('loses nothing of what was trained', () => {
    const { last, epoch } = diverged!
    expect(last.epoch).toBe(epoch - 1)
    expect(last.step).toBe(epoch - 1)
    for (const leaf of Tree.leaves(last.params)) expect(Number.isFinite(Tensor.item(leaf))).toBe(true)
    expect(trainer.epochs(epoch - 1)(readings('float32'))(start)).toEqual(E.right(last))
  })
  test('is told in words', () => {
    const { epoch } = diverged!
    expect(Diverged.show(diverged!)).toBe(
      [
        `diverged in epoch ${epoch} (step ${epoch}): the loss became Infinity`,
        '  first not finite: mul: float32 [11, 1], float32 [11, 1] → float32 [11, 1]',
        `  last finite snapshot: after step ${epoch - 1} (epoch ${epoch - 1})`,
        '  a smaller learning rate, inputs scaled to about 1, or Optimizer.clipByGlobalNorm may help'
      ].join('\n')
    )
  })
  test('ends a history with one Left, which every function on it lets through', () => {
    const history = pipe(start, trainer.history(100)({ train: readings('float32') }))
    const all = [...history]
    expect(all.length).toBe(diverged!.epoch)
    expect(all.map(E.isLeft).lastIndexOf(false)).toBe(all.length - 2)
    expect(pipe(history, Training.every(1000), Training.last)).toEqual(ended)
    expect(
      pipe(
        history,
        Training.filter(() => false),
        Training.map(String),
        Training.toArray
      )
    ).toEqual(ended)
    expect([
      ...pipe(
        history,
        Training.until(() => false),
        Training.earlyStopping({ patience: 100 })
      )
    ]).toEqual(all)
  })
})

describe('what else leaves the finite numbers', () => {
  const from = (weight: number, x: number, learningRate: number) => {
    const named = Layer.sequential(Layer.named('output', Layer.linear(1, 1)))
    const trainer = Training.make({ model: named, loss, optimizer: Optimizer.sgd({ learningRate }) })
    const data = { x: Tensor.tensor([[x]]), y: Tensor.tensor([[0]]) }
    return trainer.epoch(data)(trainer.from({ output: line(weight, 0, 'float32') }, Random.key(0)))
  }
  test('a gradient, by its path', () => {
    expect(from(1e-11, 1e30, 1e-2)).toMatchObject({
      left: { what: 'gradient', path: 'output.weight', value: Number.POSITIVE_INFINITY, epoch: 1, step: 1 }
    })
  })
  test('a parameter, by its path', () => {
    expect(from(1, 10, 1e38)).toMatchObject({
      left: { what: 'parameter', path: 'output.weight', value: Number.NEGATIVE_INFINITY, last: { step: 0 } }
    })
  })
  test('a reading that is not a number', () => {
    expect(from(1, Number.NaN, 1e-2)).toMatchObject({
      left: { what: 'loss', value: Number.NaN, equation: 'an operand of the step' }
    })
  })
})
