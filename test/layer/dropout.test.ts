/** Dropping by chance: whole channels, and for networks that normalize themselves. */
import { describe, expect, test } from 'vitest'
import { Layer, pipe, Random, Tensor } from '../../src/index.js'

const train = (layer: Layer.AnyLayer, x: Tensor.Tensor, seed = 1): Tensor.Tensor =>
  (layer as typeof Layer.tanh).forward({}, 'training')(x)({ buffers: {}, key: Random.key(seed) })[0]

describe('channels', () => {
  test.each([
    ['dropout1d', Layer.dropout1d({ probability: 0.25 }), [30, 40, 3]],
    ['dropout2d', Layer.dropout2d({ probability: 0.25 }), [30, 40, 2, 2]]
  ] as const)('%s drops them as a whole, each by a coin of its own', (_, layer, shape) => {
    const channels = pipe(train(layer, Tensor.ones(shape)), Tensor.reshape([1200, -1]))
    const [most, least] = [Tensor.max({ axis: 1 }), Tensor.min({ axis: 1 })].map(f => Tensor.toArray(f(channels)))
    expect(most).toEqual(least)
    const dropped = (most as number[]).filter(value => value === 0).length
    expect(Math.abs(dropped / 1200 - 0.25)).toBeLessThan(0.04)
    expect(new Set(most as number[])).toEqual(new Set([0, Math.fround(4 / 3)]))
  })
  test('with all or none dropped', () => {
    const x = Tensor.full([2, 3, 4], Number.POSITIVE_INFINITY)
    expect(Tensor.toData(train(Layer.dropout1d({ probability: 1 }), x)).every(y => y === 0)).toBe(true)
    expect(train(Layer.dropout2d({ probability: 0 }), x)).toBe(x)
  })
  test('mistakes', () => {
    expect(() => train(Layer.dropout2d(), Tensor.ones([3, 4]))).toThrow(
      'dropout2d: input [3, 4] does not end in [?, ?, ?]'
    )
    expect(() => Layer.dropout1d({ probability: 2 })).toThrow(
      'Layer.dropout1d: probability is 2, which is not between 0 and 1'
    )
    expect(() => Layer.alphaDropout({ probability: -1 })).toThrow(
      'Layer.alphaDropout: probability is -1, which is not between 0 and 1'
    )
  })
})

describe('alphaDropout', () => {
  test.each([0.1, 0.5, 0.9])('keeps mean 0 and variance 1 with probability %d', probability => {
    const y = train(Layer.alphaDropout({ probability }), Random.normal([40000], { dtype: 'float64' })(Random.key(2)))
    expect(Math.abs(pipe(y, Tensor.mean(), Tensor.item))).toBeLessThan(0.04)
    expect(Math.abs(pipe(y, Tensor.variance(), Tensor.item) - 1)).toBeLessThan(0.04)
  })
  test('with all or none dropped', () => {
    const x = Random.normal([5])(Random.key(2))
    expect(Tensor.toArray(pipe(train(Layer.alphaDropout({ probability: 1 }), x), Tensor.abs))).toEqual([0, 0, 0, 0, 0])
    expect(train(Layer.alphaDropout({ probability: 0 }), x)).toBe(x)
  })
})

test('printed as PyTorch prints them', () => {
  expect([Layer.dropout1d(), Layer.dropout2d({ probability: 0.1 }), Layer.alphaDropout()].map(Layer.show)).toEqual([
    'Dropout1d(p=0.5, inplace=False)',
    'Dropout2d(p=0.1, inplace=False)',
    'AlphaDropout(p=0.5, inplace=False)'
  ])
})
