/** Types of optimizers and schedules: labels of groups, averages, rates. */
import { describe, expectTypeOf, test } from 'vitest'
import { Optimizer, pipe, Schedule, Tensor, type Training } from '../../src/index.js'

describe('partition', () => {
  const labelOf = (path: string) => (path.endsWith('bias') ? 'biases' : 'weights')
  test('takes an optimizer for every label', () => {
    expectTypeOf(
      Optimizer.partition(labelOf)({ biases: Optimizer.freeze, weights: Optimizer.adam() })
    ).toEqualTypeOf<Optimizer.Optimizer>()
    // @ts-expect-error the weights have none
    Optimizer.partition(labelOf)({ biases: Optimizer.freeze })
    // @ts-expect-error nothing is labelled so
    Optimizer.partition(labelOf)({ biases: Optimizer.freeze, weights: Optimizer.freeze, others: Optimizer.freeze })
  })
})

describe('averaged', () => {
  test('is parameters like those of the snapshot', () => {
    type Params = { readonly weight: Tensor.Tensor<[2, 3]> }
    expectTypeOf(Optimizer.averaged<Params>)
      .parameter(0)
      .toHaveProperty('params')
      .toEqualTypeOf<Params>()
    expectTypeOf(Optimizer.averaged<Params>).returns.toEqualTypeOf<Params>()
    expectTypeOf<Training.Snapshot<Params, object>>().toExtend<Parameters<typeof Optimizer.averaged<Params>>[0]>()
  })
})

describe('rates', () => {
  test('are numbers or schedules', () => {
    Optimizer.sgd({ learningRate: Schedule.cosine({ initial: 1, steps: 10 }) })
    Optimizer.sgd({ learningRate: 0.1, momentum: Schedule.constant(0.9) })
    // @ts-expect-error a schedule gives a scalar
    Optimizer.sgd({ learningRate: () => Tensor.zeros([2]) })
    // @ts-expect-error a schedule gives a tensor
    Optimizer.sgd({ learningRate: (step: Tensor.Tensor<[]>) => Tensor.item(step) })
  })
  test('compose', () => {
    expectTypeOf(
      pipe(Schedule.exponential({ initial: 1, gamma: 0.9 }), Schedule.mul(Schedule.constant(2)), Schedule.hold(3))
    ).toEqualTypeOf<Schedule.Schedule>()
  })
})

describe('optimizers around others', () => {
  test('are functions of one', () => {
    expectTypeOf(
      pipe(Optimizer.adam(), Optimizer.lookahead(), Optimizer.sam(), Optimizer.accumulate({ steps: 2 }))
    ).toEqualTypeOf<Optimizer.Optimizer>()
  })
})
