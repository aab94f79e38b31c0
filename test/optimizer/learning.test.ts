/** Every optimizer learns the line of the thermometer, compiled, in float32; and what is told of a training besides. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { Layer, Loss, Optimizer, pipe, Random, Schedule, Tensor, Training, Tree } from '../../src/index.js'
import { line, readings } from '../training/thermometer.js'

const train = readings('float32', 0.1)
const trained = (optimizer: Optimizer.Optimizer, epochs: number) => {
  const trainer = Training.make({ model: Layer.linear(1, 1), loss: Loss.mse(), optimizer })
  const end = trainer.epochs(epochs)(train)(trainer.from(line(1, -1, 'float32'), Random.key(0)))
  if (E.isLeft(end)) throw new Error(JSON.stringify(end.left))
  return { ...end.right, loss: trainer.evaluate(train)(end.right) }
}
/** The least loss there is. */
const least = 2.9276447

const learners: Readonly<Record<string, readonly [Optimizer.Optimizer, number]>> = {
  sgd: [Optimizer.sgd({ learningRate: 1e-2, momentum: 0.9, nesterov: true }), 1000],
  'sgd with a cycled momentum': [
    Optimizer.sgd({
      learningRate: Schedule.oneCycle({ peak: 3e-2, steps: 1000 }),
      momentum: Schedule.oneCycle({ initial: 0.95, peak: 0.85, final: 0.95, steps: 1000 })
    }),
    1000
  ],
  adam: [Optimizer.adam({ learningRate: 0.1 }), 2000],
  amsgrad: [Optimizer.adam({ learningRate: 0.1, amsgrad: true }), 2000],
  adamW: [Optimizer.adamW({ learningRate: 0.1, weightDecay: 1e-4 }), 2000],
  rmsprop: [Optimizer.rmsprop({ learningRate: Schedule.inverseTime({ initial: 0.1, decay: 0.01 }) }), 2000],
  'rmsprop, centered, with momentum': [
    Optimizer.rmsprop({
      learningRate: Schedule.inverseTime({ initial: 0.01, decay: 0.01 }),
      centered: true,
      momentum: 0.9
    }),
    2000
  ],
  adagrad: [Optimizer.adagrad({ learningRate: 1 }), 2000],
  adadelta: [Optimizer.adadelta({ learningRate: Schedule.cosine({ initial: 20, steps: 4000 }) }), 4000],
  adamax: [Optimizer.adamax({ learningRate: 0.2 }), 2000],
  nadam: [Optimizer.nadam({ learningRate: 0.1 }), 2000],
  radam: [Optimizer.radam({ learningRate: 0.1 }), 2000],
  lion: [Optimizer.lion({ learningRate: Schedule.cosine({ initial: 0.1, steps: 1000 }) }), 1000],
  lamb: [Optimizer.lamb({ learningRate: Schedule.cosine({ initial: 0.1, steps: 1000 }) }), 1000],
  lookahead: [pipe(Optimizer.adam({ learningRate: 0.2 }), Optimizer.lookahead()), 2000],
  sam: [pipe(Optimizer.sgd({ learningRate: 1e-2, momentum: 0.9 }), Optimizer.sam({ radius: 1e-3 })), 2000],
  accumulate: [pipe(Optimizer.adam({ learningRate: 0.2 }), Optimizer.accumulate({ steps: 4 })), 4000],
  partition: [
    Optimizer.partition(path => (path === 'bias' ? 'bias' : 'weight'))({
      bias: Optimizer.adam({ learningRate: 0.1 }),
      weight: Optimizer.sgd({ learningRate: 1e-3 })
    }),
    2000
  ],
  'reduceOnPlateau over sgd': [
    Optimizer.chain(
      Optimizer.sgd({ learningRate: 1e-2, momentum: 0.9 }),
      Optimizer.reduceOnPlateau({ factor: 0.5, patience: 50, every: 2 })
    ),
    1000
  ],
  'by the norm of each leaf': [
    Optimizer.chain(Optimizer.clipByNorm({ maxNorm: 10 }), Optimizer.sgd({ learningRate: 2e-2, momentum: 0.9 })),
    1000
  ]
}
describe('learns the thermometer', () => {
  test.each(Object.entries(learners))('%s', (_, [optimizer, epochs]) => {
    const { loss } = trained(optimizer, epochs)
    expect(loss).toBeGreaterThan(least - 1e-4)
    expect(loss).toBeLessThan(least + 0.02)
  })
})

describe('a group that is frozen', () => {
  test('stays to the last bit, and the others do what they can', () => {
    const { params } = trained(
      Optimizer.partition(path => (path === 'weight' ? 'still' : 'moving'))({
        still: Optimizer.freeze,
        moving: Optimizer.adam({ learningRate: 0.1 })
      }),
      1000
    )
    expect(Tensor.toArray(params.weight)).toEqual([[1]])
    // With a slope of 1 the best is the mean of what is left.
    expect(Tensor.item(params.bias)).toBeCloseTo(5.32, 3)
  })
  test('sees only itself, when an optimizer looks again', () => {
    const seen: string[] = []
    const looking = Optimizer.make<readonly []>({
      init: () => [],
      update: (gradients, state, params, { valueAndGrad }) => {
        const [, again] = valueAndGrad(params)
        seen.push(...Tree.entries(again).map(([path]) => path))
        return [Tree.sub(again)(gradients), state]
      }
    })
    const { params } = trained(
      Optimizer.partition(path => (path === 'weight' ? 'looking' : 'still'))({ looking, still: Optimizer.freeze }),
      1
    )
    expect([...new Set(seen)]).toEqual(['weight'])
    expect(Tensor.toArray(params.weight)).toEqual([[1]])
  })
})

describe('an average of the parameters', () => {
  const averaging = (debias: boolean) =>
    Optimizer.chain(Optimizer.sgd({ learningRate: 1e-2 }), Optimizer.exponentialMovingAverage({ decay: 0.99, debias }))
  test.each([false, true])('is read from a snapshot, and trails behind (debias: %s)', debias => {
    const snapshot = trained(averaging(debias), 300)
    const average = Optimizer.averaged(snapshot)
    const [w, a] = [snapshot.params, average].map(params => Tensor.item(params.weight))
    expect(Tensor.shape(average.weight)).toEqual([1, 1])
    expect(Tensor.dtype(average.weight)).toBe('float32')
    expect(a!).toBeGreaterThan(1)
    expect(a!).toBeLessThan(w!)
    expect(w! - a!).toBeLessThan(1)
  })
  test('is the parameters before the first step', () => {
    for (const debias of [false, true]) {
      const snapshot = trained(averaging(debias), 0)
      expect(Optimizer.averaged(snapshot)).toEqual(snapshot.params)
    }
  })
  test('of one group leaves the others as they are', () => {
    const optimizer = Optimizer.partition(path => (path === 'weight' ? 'averaged' : 'plain'))({
      averaged: averaging(true),
      plain: Optimizer.sgd({ learningRate: 1e-2 })
    })
    const snapshot = trained(optimizer, 100)
    const { weight, bias } = Optimizer.averaged(snapshot)
    expect(Tensor.toArray(bias)).toEqual(Tensor.toArray(snapshot.params.bias))
    expect(Tensor.item(weight)).not.toEqual(Tensor.item(snapshot.params.weight))
  })
  test('is found within lookahead and accumulation', () => {
    const wrapped = pipe(averaging(false), Optimizer.lookahead(), Optimizer.accumulate({ steps: 2 }))
    expect(Tree.leaves(Optimizer.averaged(trained(wrapped, 3))).length).toBe(2)
  })
})

describe('schedules in a training', () => {
  test('a rate of 0 from a step on is an end', () => {
    const stopping = (initial: number) =>
      Optimizer.sgd({ learningRate: Schedule.multiStep({ initial, milestones: [10], gamma: 0 }) })
    const [ten, hundred] = [trained(stopping(1e-2), 10), trained(stopping(1e-2), 100)]
    expect(hundred.params).toEqual(ten.params)
  })
  test('are counted in steps of the inner optimizer, under accumulation', () => {
    const rate = Schedule.multiStep({ initial: 1e-2, milestones: [2], gamma: 0 })
    const optimizer = pipe(Optimizer.sgd({ learningRate: rate }), Optimizer.accumulate({ steps: 3 }))
    const [five, six, nine] = [5, 6, 9].map(epochs => Tree.leaves(trained(optimizer, epochs).params).map(Tensor.item))
    expect(six).not.toEqual(five)
    expect(nine).toEqual(six)
  })
  test('in float64 are as exact as the parameters', () => {
    const trainer = (learningRate: Optimizer.Rate) =>
      Training.make({
        model: Layer.linear(1, 1),
        loss: Loss.mse(),
        optimizer: Optimizer.sgd({ learningRate }),
        dtype: 'float64'
      })
    const data = readings('float64', 0.1)
    const stepped = (rate: Optimizer.Rate) => {
      const made = trainer(rate)
      return made.step(data)(made.from(line(1, 0, 'float64'), Random.key(0)))[1].params
    }
    expect(stepped(Schedule.constant(0.01))).toEqual(stepped(0.01))
  })
})
