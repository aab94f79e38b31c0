/** Optimizers step by step, by hand, and the settings that they refuse. */
import { describe, expect, test } from 'vitest'
import { Optimizer, pipe, Tensor } from '../../src/index.js'

const context = {
  loss: Tensor.scalar(0),
  step: Tensor.scalar(0, { dtype: 'int32' }),
  valueAndGrad: () => [Tensor.scalar(0), Tensor.scalar(0, { dtype: 'float64' })] as const
}
/** The parameter after each of some steps along `2p`, the gradient of p², from 1. */
const walk = (optimizer: Optimizer.Optimizer, steps: number): readonly number[] => {
  let p: Tensor.Tensor<[]> = Tensor.scalar(1, { dtype: 'float64' })
  let state = optimizer.init(p)
  return Array.from({ length: steps }, () => {
    const [update, next] = optimizer.update(pipe(p, Tensor.mul(2)), state, p, context as never)
    p = Optimizer.applyUpdates(update)(p)
    state = next
    return Tensor.item(p)
  })
}
const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length)
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12))
}

describe('sgd', () => {
  test('plain', () => close(walk(Optimizer.sgd({ learningRate: 0.1 }), 2), [0.8, 0.64]))
  test('with momentum: v₁ = 2, v₂ = 0.5 · 2 + 1.6', () =>
    close(walk(Optimizer.sgd({ learningRate: 0.1, momentum: 0.5 }), 2), [0.8, 0.54]))
  test('with dampening, which the first gradient is spared: v₂ = 0.5 · 2 + 0.75 · 1.6', () =>
    close(walk(Optimizer.sgd({ learningRate: 0.1, momentum: 0.5, dampening: 0.25 }), 2), [0.8, 0.58]))
  test('with Nesterov’s momentum: g + 0.5 v', () =>
    close(walk(Optimizer.sgd({ learningRate: 0.1, momentum: 0.5, nesterov: true }), 1), [0.7]))
  test('with weight decay: g + 0.5 p', () =>
    close(walk(Optimizer.sgd({ learningRate: 0.1, weightDecay: 0.5 }), 1), [0.75]))
  test('by a schedule', () =>
    close(walk(Optimizer.sgd({ learningRate: () => Tensor.scalar(0.1, { dtype: 'float64' }) }), 2), [0.8, 0.64]))
  test('a chain of two is one after the other', () =>
    close(
      walk(Optimizer.chain(Optimizer.clipByValue({ limit: 1 }), Optimizer.sgd({ learningRate: 0.1 })), 2),
      [0.9, 0.8]
    ))
})
describe('adam', () => {
  test('first goes a learning rate, whatever the size of the gradient', () => {
    const [first] = walk(Optimizer.adam({ learningRate: 0.1 }), 1)
    expect(first).toBeCloseTo(1 - 0.1 / (1 + 0.5e-8), 12)
  })
  test('keeps moments, a count, and with amsgrad the largest', () => {
    const p = { w: Tensor.ones([2]) }
    expect(Optimizer.adam().init(p)).toMatchObject([{ first: {}, second: {}, largest: [] }])
    expect(Optimizer.adam({ amsgrad: true }).init(p)).toMatchObject([{ largest: { w: {} } }])
  })
})

describe('refusals', () => {
  const rates = [Number.NaN, Number.POSITIVE_INFINITY, -0.1]
  test.each(rates)('a learning rate of %d', learningRate => {
    const message = `learningRate is ${learningRate}; it must be a finite number of 0 or more`
    expect(() => Optimizer.sgd({ learningRate })).toThrow(`sgd: ${message}`)
    expect(() => Optimizer.adam({ learningRate })).toThrow(`adam: ${message}`)
  })
  test.each([
    [() => Optimizer.sgd({ learningRate: 1, momentum: 1 }), 'momentum is 1; it must be at least 0 and below 1'],
    [
      () => Optimizer.sgd({ learningRate: 1, weightDecay: -1 }),
      'weightDecay is -1; it must be a finite number of 0 or more'
    ],
    [
      () => Optimizer.sgd({ learningRate: 1, nesterov: true }),
      'sgd: nesterov needs a momentum above 0 and no dampening, not 0 and 0'
    ],
    [() => Optimizer.adam({ betas: [1, 0.9] }), 'adam: betas[0] is 1; it must be at least 0 and below 1'],
    [() => Optimizer.adam({ epsilon: Number.NaN }), 'adam: epsilon is NaN; it must be a finite number of 0 or more'],
    [() => Optimizer.scale(Number.NaN), 'Optimizer.scale: factor is NaN; it must be a finite number'],
    [() => Optimizer.clipByGlobalNorm({ maxNorm: -1 }), 'Optimizer.clipByGlobalNorm: maxNorm is -1; it must be'],
    [() => Optimizer.clipByValue({ limit: Number.NaN }), 'Optimizer.clipByValue: limit is NaN; it must be']
  ])('settings out of range, by name: %#', (make, message) => {
    expect(make).toThrow(message)
  })
  test('gradients of another model, by path', () => {
    const sgd = Optimizer.sgd({ learningRate: 0.1, weightDecay: 0.1 })
    const params = { w: Tensor.scalar(1), b: Tensor.scalar(1) }
    expect(() =>
      sgd.update({ w: Tensor.scalar(1) } as typeof params, sgd.init(params), params, context as never)
    ).toThrow('has b too many')
  })
})
