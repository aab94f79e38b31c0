/** Optimizers in float32: as in float64, but for the rounding of the parameters themselves. */
import { describe, expect, test } from 'vitest'
import { Optimizer, pipe, Schedule, Tensor } from '../../src/index.js'
import { descend, numbers, start } from './bowl.js'

const rate = { learningRate: 0.01 }
const optimizers: Readonly<Record<string, Optimizer.Optimizer>> = {
  sgd: Optimizer.sgd({ ...rate, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  adam: Optimizer.adam(rate),
  amsgrad: Optimizer.adamW({ ...rate, amsgrad: true }),
  rmsprop: Optimizer.rmsprop({ ...rate, momentum: 0.5 }),
  adagrad: Optimizer.adagrad({ ...rate, learningRateDecay: 0.1 }),
  adadelta: Optimizer.adadelta(),
  adamax: Optimizer.adamax(rate),
  nadam: Optimizer.nadam(rate),
  radam: Optimizer.radam(rate),
  lamb: Optimizer.lamb(rate),
  lookahead: pipe(Optimizer.adam(rate), Optimizer.lookahead()),
  sam: pipe(Optimizer.sgd(rate), Optimizer.sam()),
  accumulate: pipe(Optimizer.adam(rate), Optimizer.accumulate({ steps: 3 })),
  scheduled: Optimizer.adam({ learningRate: Schedule.cosine({ initial: 0.02, steps: 60 }) }),
  averaged: Optimizer.chain(Optimizer.sgd(rate), Optimizer.exponentialMovingAverage({ debias: true }))
}
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i]!) / (1 + Math.abs(b[i]!))))

describe('float32 is near float64', () => {
  const names = Object.entries(optimizers)
  test.each(names)('%s, from step to step', (_, optimizer) => {
    const exact = descend(optimizer, 60)
    descend(optimizer, 60, start('float32')).forEach(({ params }, i) => {
      expect(Tensor.dtype(params.w)).toBe('float32')
      expect(apart(numbers(params), numbers(exact[i]!.params))).toBeLessThan(5e-6)
    })
  })
  // Seven digits, where 1 − 0.999ᵗ in float32 has five.
  test.each(names)('%s, in the moves of the first steps', (name, optimizer) => {
    if (['adadelta', 'averaged', 'sam'].includes(name)) return
    const moves = (dtype: 'float32' | 'float64') => {
      const params = { w: Tensor.zeros([2], { dtype }), b: Tensor.zeros([1], { dtype }) }
      const gradients = { w: Tensor.tensor([0.3, -5], { dtype }), b: Tensor.tensor([1e-3], { dtype }) }
      let state = optimizer.init(params)
      return Array.from({ length: 5 }, (_, i) => {
        const step = Tensor.scalar(i, { dtype: 'int32' })
        const context = {
          loss: Tensor.scalar(1, { dtype }),
          step,
          valueAndGrad: () => [Tensor.scalar(1), gradients] as const
        }
        const [updates, next] = optimizer.update(gradients, state, params, context)
        state = next
        return numbers(updates)
      })
    }
    const exact = moves('float64')
    moves('float32').forEach((updates, i) => {
      updates.forEach((u, k) =>
        expect(Math.abs(u - exact[i]![k]!)).toBeLessThanOrEqual(1.2e-6 * Math.abs(exact[i]![k]!))
      )
    })
  })
})

test('a variance that rounding makes negative has no root that is not a number', () => {
  const optimizer = Optimizer.scaleByRms({ centered: true, decay: 0.9 })
  const params = Tensor.tensor([1])
  const gradients = Tensor.tensor([0.1])
  let state = optimizer.init(params)
  for (let i = 0; i < 500; i++) {
    const context = {
      loss: Tensor.scalar(0),
      step: Tensor.scalar(i, { dtype: 'int32' }),
      valueAndGrad: () => [Tensor.scalar(0), gradients] as const
    }
    const [updates, next] = optimizer.update(gradients, state, params, context)
    state = next
    expect(Number.isFinite(Tensor.item(updates))).toBe(true)
  }
})
