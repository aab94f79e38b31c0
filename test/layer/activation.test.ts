/** Activations as layers: PyTorch's print, values, the parameter of one, and what they refuse. */
import { describe, expect, test } from 'vitest'
import { Layer, Random, Tensor } from '../../src/index.js'
import { untyped } from '../../src/layer/layer.js'
import type { AnyLayer } from '../../src/layer/types.js'

const key = Random.key(1)

// As PyTorch 1.13 prints them, but for the floats of Softplus, which are those of PyTorch 2.
const printed: readonly (readonly [AnyLayer, string])[] = [
  [Layer.tanh, 'Tanh()'],
  [Layer.sigmoid, 'Sigmoid()'],
  [Layer.softplus(), 'Softplus(beta=1.0, threshold=20.0)'],
  [Layer.logSigmoid, 'LogSigmoid()'],
  [Layer.silu, 'SiLU()'],
  [Layer.gelu(), "GELU(approximate='none')"],
  [Layer.gelu({ approximate: 'tanh' }), "GELU(approximate='tanh')"],
  [Layer.mish, 'Mish()'],
  [Layer.softsign, 'Softsign()'],
  [Layer.tanhshrink, 'Tanhshrink()'],
  [Layer.relu, 'ReLU()'],
  [Layer.leakyRelu(), 'LeakyReLU(negative_slope=0.01)'],
  [Layer.prelu(), 'PReLU(num_parameters=1)'],
  [Layer.prelu({ parameters: 3 }), 'PReLU(num_parameters=3)'],
  [Layer.elu(), 'ELU(alpha=1.0)'],
  [Layer.elu({ alpha: 0.5 }), 'ELU(alpha=0.5)'],
  [Layer.selu, 'SELU()'],
  [Layer.celu(), 'CELU(alpha=1.0)'],
  [Layer.relu6, 'ReLU6()'],
  [Layer.hardtanh(), 'Hardtanh(min_val=-1.0, max_val=1.0)'],
  [Layer.hardsigmoid, 'Hardsigmoid()'],
  [Layer.hardswish, 'Hardswish()'],
  [Layer.softshrink(), 'Softshrink(0.5)'],
  [Layer.softshrink({ lambda: 1 }), 'Softshrink(1.0)'],
  [Layer.hardshrink(), 'Hardshrink(0.5)'],
  [Layer.threshold({ threshold: 0.1, value: 20 }), 'Threshold(threshold=0.1, value=20)'],
  [Layer.softmax(), 'Softmax(dim=-1)'],
  [Layer.logSoftmax(), 'LogSoftmax(dim=-1)'],
  [Layer.softmin({ axis: -2 }), 'Softmin(dim=-2)'],
  [Layer.glu(), 'GLU(dim=-1)']
]
test.each(printed)('%# is printed as %s', (layer, expected) => {
  expect(Layer.show(layer)).toBe(expected)
})

const x = Tensor.tensor([-3, -0.25, 0, 0.75, 4], { dtype: 'float64' })
const functions: readonly (readonly [Layer.Pointwise, (x: Tensor.Tensor<[5]>) => Tensor.Tensor<[5]>])[] = [
  [Layer.tanh, Tensor.tanh],
  [Layer.sigmoid, Tensor.sigmoid],
  [Layer.softplus({ beta: 2, threshold: 6 }), Tensor.softplus({ beta: 2, threshold: 6 })],
  [Layer.logSigmoid, Tensor.logSigmoid],
  [Layer.silu, Tensor.silu],
  [Layer.gelu(), Tensor.gelu()],
  [Layer.gelu({ approximate: 'tanh' }), Tensor.gelu({ approximate: 'tanh' })],
  [Layer.mish, Tensor.mish],
  [Layer.softsign, Tensor.softsign],
  [Layer.tanhshrink, Tensor.tanhshrink],
  [Layer.relu, Tensor.relu],
  [Layer.leakyRelu({ negativeSlope: 0.5 }), Tensor.leakyRelu({ negativeSlope: 0.5 })],
  [Layer.elu({ alpha: 2 }), Tensor.elu({ alpha: 2 })],
  [Layer.selu, Tensor.selu],
  [Layer.celu({ alpha: 2 }), Tensor.celu({ alpha: 2 })],
  [Layer.relu6, Tensor.relu6],
  [Layer.hardtanh({ min: -2, max: 3 }), Tensor.hardtanh({ min: -2, max: 3 })],
  [Layer.hardsigmoid, Tensor.hardsigmoid],
  [Layer.hardswish, Tensor.hardswish],
  [Layer.softshrink({ lambda: 1 }), Tensor.softshrink({ lambda: 1 })],
  [Layer.hardshrink({ lambda: 1 }), Tensor.hardshrink({ lambda: 1 })],
  [Layer.threshold({ threshold: 0.5, value: 7 }), Tensor.threshold({ threshold: 0.5, value: 7 })]
]
test.each(functions.map(([layer, f]) => [layer.kind, layer, f] as const))('%s is the function', (_kind, layer, f) => {
  expect(Tensor.toArray(layer.apply({})(x))).toEqual(Tensor.toArray(f(x)))
})
test('so are those along an axis', () => {
  const y = Tensor.tensor([[1, 2, 3, 5]], { dtype: 'float64' })
  expect(Tensor.show(Layer.logSoftmax().apply({})(y))).toBe(Tensor.show(Tensor.logSoftmax()(y)))
  expect(Tensor.show(Layer.softmin().apply({})(y))).toBe(Tensor.show(Tensor.softmin()(y)))
  expect(Tensor.show(Layer.softmax({ axis: -2 }).apply({})(y))).toBe(Tensor.show(Tensor.softmax({ axis: -2 })(y)))
  expect(Tensor.show(Layer.glu().apply({})(y))).toBe(Tensor.show(Tensor.glu()(y)))
})

describe('prelu', () => {
  const images = Tensor.tensor([[[[-1, 1]], [[-2, 2]]]], { dtype: 'float64' })
  test('has a slope for each channel, at the place that `spatial` says', () => {
    const layer = Layer.prelu({ parameters: 2, spatial: 2 })
    const weight = Tensor.tensor([0.5, 3], { dtype: 'float64' })
    expect(Tensor.toArray(layer.apply({ weight })(images))).toEqual([[[[-0.5, 1]], [[-6, 2]]]])
    expect(Tensor.toArray(Layer.prelu({ parameters: 2 }).apply({ weight })(Tensor.tensor([-1, -1])))).toEqual([
      -0.5, -3
    ])
  })
  test('starts where it is told, in the dtype it is told', () => {
    const params = Layer.initialize(Layer.prelu({ parameters: 2, initial: 0.5 }), { dtype: 'float64' })(key)
    expect([Tensor.dtype(params.weight), Tensor.toArray(params.weight)]).toEqual(['float64', [0.5, 0.5]])
  })
  test('refuses what is no number of channels or axes, and other channels', () => {
    expect(() => Layer.prelu({ parameters: 0 })).toThrow(
      'Layer.prelu: parameters is 0; it must be a whole number of 1 or more'
    )
    expect(() => Layer.prelu({ spatial: 4 as 3 })).toThrow('Layer.prelu: spatial is 4; it must be 0, 1, 2 or 3')
    const layer = Layer.prelu({ parameters: 3, spatial: 2 })
    const run = untyped(layer)
    expect(() => run.shapeOf([1, 2, 4, 4])).toThrow('prelu: input [1, 2, 4, 4] does not end in [3, ?, ?]')
    const apply = layer.apply(Layer.initialize(layer)(key)) as (x: Tensor.Tensor) => Tensor.Tensor
    expect(() => apply(images)).toThrow('prelu: input [1, 2, 1, 2] does not end in [3, ?, ?]')
    expect(() => Layer.prelu().apply({ weight: Tensor.ones([2]) as unknown as Tensor.Tensor<[1]> })(x)).toThrow(
      'prelu: weight is [2], and should be [1]; are these parameters of another model?'
    )
  })
})

describe('what they refuse', () => {
  test('settings for which there is no such function', () => {
    expect(() => Layer.celu({ alpha: 0 })).toThrow('celu: alpha is 0; it must be above 0')
    expect(() => Layer.softshrink({ lambda: -1 })).toThrow('softshrink: lambda is -1; it must be 0 or more')
    expect(() => Layer.hardshrink({ lambda: -1 })).toThrow('hardshrink: lambda is -1; it must be 0 or more')
    expect(() => Layer.gelu({ approximate: 'erf' as 'none' })).toThrow(
      `gelu: approximate is "erf"; it must be 'none' or 'tanh'`
    )
  })
  test('axes counted from the front', () => {
    for (const [name, make] of [
      ['softmax', Layer.softmax],
      ['logSoftmax', Layer.logSoftmax],
      ['softmin', Layer.softmin],
      ['glu', Layer.glu]
    ] as const)
      expect(() => make({ axis: 1 as -1 })).toThrow(`Layer.${name}: axis is 1; it must be -1, -2 or -3`)
  })
  test('shapes without the axis, or with one that has no halves', () => {
    expect(() => untyped(Layer.logSoftmax({ axis: -2 })).shapeOf([3])).toThrow('logSoftmax: input [3] has no axis -2')
    expect(() => untyped(Layer.glu()).shapeOf([2, 3])).toThrow(
      'glu: axis -1 of input [2, 3] has size 3, which has no two equal halves'
    )
    const apply = Layer.glu().apply({}) as (x: Tensor.Tensor) => Tensor.Tensor
    expect(() => apply(Tensor.ones([2, 3]))).toThrow('glu: axis -1 of [2, 3] has size 3, which has no two equal halves')
  })
})
test('glu halves the shape it is given, as far as that is known', () => {
  expect(untyped(Layer.glu()).shapeOf([2, 6])).toEqual([2, 3])
  expect(untyped(Layer.glu({ axis: -2 })).shapeOf([4, -1])).toEqual([2, -1])
})
