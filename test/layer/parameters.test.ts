/** Parameters: their names, their order, how they are drawn; and outputs by path. */
import * as S from 'fp-ts/lib/State.js'
import { describe, expect, test } from 'vitest'
import { Layer, pipe, Random, Tensor, Tree } from '../../src/index.js'

const names = <L extends Layer.AnyLayer>(layer: L): readonly string[] =>
  Layer.namedParameters(layer)(Layer.initialize(layer)(Random.key(1))).map(([name]) => name)

describe('names', () => {
  test('of a named model', () => {
    const model = Layer.sequential(
      Layer.named('hidden_linear', Layer.linear(1, 8)),
      Layer.named('hidden_activation', Layer.tanh),
      Layer.named('output_linear', Layer.linear(8, 1))
    )
    expect(names(model)).toEqual([
      'hidden_linear.weight',
      'hidden_linear.bias',
      'output_linear.weight',
      'output_linear.bias'
    ])
  })
  test('of a model by places', () => {
    const model = Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1))
    expect(names(model)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias'])
    const params = Layer.initialize(model)(Random.key(1))
    expect(Layer.parameters(model)(params).map(Tensor.shape)).toEqual([[13, 1], [13], [1, 13], [1]])
    expect(Layer.countParameters(params)).toBe(40)
  })
  test('keep the order of the layers where names and places are mixed, though a record puts numbers first', () => {
    const model = Layer.sequential(
      Layer.named('first', Layer.linear(1, 2)),
      Layer.linear(2, 3),
      Layer.named('last', Layer.linear(3, 1, { bias: false }))
    )
    expect(Object.keys(Layer.initialize(model)(Random.key(1)))).toEqual(['1', 'first', 'last'])
    expect(names(model)).toEqual(['first.weight', 'first.bias', '1.weight', '1.bias', 'last.weight'])
  })
  test('of layers inside layers, where residual is transparent', () => {
    const block = Layer.residual(Layer.sequential(Layer.linear(2, 2), Layer.tanh))
    const model = Layer.sequential(Layer.named('block', block), Layer.linear(2, 1))
    expect(names(model)).toEqual(['block.0.weight', 'block.0.bias', '1.weight', '1.bias'])
    expect(names(Layer.parallel(Layer.named('left', Layer.linear(1, 1)), Layer.linear(1, 1, { bias: false })))).toEqual(
      ['left.weight', 'left.bias', '1.weight']
    )
  })
})

describe('initialisation', () => {
  const numbers = (x: Tensor.Tensor): readonly number[] => Array.from(Tensor.toData(x))
  test('is PyTorch’s: equally likely within ±1/√inFeatures, weight and bias', () => {
    const { weight, bias } = Layer.initialize(Layer.linear(16, 500))(Random.key(7))
    for (const drawn of [numbers(weight), numbers(bias)]) {
      expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(0.25)
      expect(Math.max(...drawn)).toBeGreaterThan(0.245)
      expect(Math.min(...drawn)).toBeLessThan(-0.245)
      expect(Math.abs(drawn.reduce((a, b) => a + b) / drawn.length)).toBeLessThan(0.03)
      const quarters = [-0.25, -0.125, 0, 0.125].map(from => drawn.filter(x => x >= from && x < from + 0.125).length)
      for (const count of quarters) expect(Math.abs(count / drawn.length - 0.25)).toBeLessThan(0.06)
    }
  })
  test('is the same for the same key, another for another, and in the dtype that is asked for', () => {
    const draw = (seed: number) => numbers(Layer.initialize(Layer.linear(3, 2))(Random.key(seed)).weight)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    const { weight, bias } = Layer.initialize(Layer.linear(3, 2), { dtype: 'float64' })(Random.key(1))
    expect([Tensor.dtype(weight), Tensor.dtype(bias)]).toEqual(['float64', 'float64'])
  })
  test('of a user’s own layer is in the dtype that is asked for, too', () => {
    const own = Layer.make({
      name: 'own',
      input: [2],
      output: [2],
      init: pipe(
        Random.draw(Random.normal([2])),
        S.map(shift => ({ shift }))
      ),
      apply:
        ({ shift }) =>
        x =>
          pipe(x, Tensor.add(shift))
    })
    expect(Tensor.dtype(Layer.initialize(own, { dtype: 'float64' })(Random.key(1)).shift)).toBe('float64')
    expect(Tensor.dtype(Layer.initialize(own)(Random.key(1)).shift)).toBe('float32')
  })
})

describe('intermediates', () => {
  const model = Layer.sequential(
    Layer.named('encoder', Layer.sequential(Layer.linear(1, 2), Layer.named('bend', Layer.tanh))),
    Layer.linear(2, 1)
  )
  const params = Layer.initialize(model)(Random.key(3))
  const x = Tensor.tensor([[0.5], [14], [-4]])
  test('are every layer’s output by path', () => {
    const outputs = Layer.intermediates(model)(params)(x)
    expect(Object.keys(outputs).sort()).toEqual(['1', 'encoder', 'encoder.0', 'encoder.bend'])
    expect(Tensor.toArray(outputs['1']!)).toEqual(Tensor.toArray(model.apply(params)(x)))
    expect(Tensor.toArray(outputs['encoder']!)).toEqual(Tensor.toArray(outputs['encoder.bend']!))
    expect(Tensor.toArray(Tensor.tanh(outputs['encoder.0']!))).toEqual(Tensor.toArray(outputs['encoder.bend']!))
  })
  test('of residuals in residuals, or around a layer that is named inner, are all there', () => {
    const deep = Layer.residual(Layer.residual(Layer.linear(1, 1)))
    const beside = Layer.residual(Layer.sequential(Layer.named('inner', Layer.linear(1, 1)), Layer.tanh))
    const drawn = Layer.initialize(deep)(Random.key(3))
    const outputs = Layer.intermediates(deep)(drawn)(x)
    expect(Object.keys(outputs)).toEqual(['inner.inner', 'inner'])
    expect(Tensor.toArray(outputs['inner.inner']!)).toEqual(Tensor.toArray(Layer.linear(1, 1).apply(drawn)(x)))
    expect(Object.keys(Layer.intermediates(beside)(Layer.initialize(beside)(Random.key(3)))(x)).sort()).toEqual([
      '1',
      'inner',
      'inner.inner'
    ])
  })
  test('leave the parameters alone', () => {
    const before = Tree.leaves(params).map(Tensor.toArray)
    Layer.intermediates(model)(params)(x)
    expect(Tree.leaves(params).map(Tensor.toArray)).toEqual(before)
  })
})
