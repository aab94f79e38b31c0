/** Single steps: each is a step of the layer of its kind, which is tested against loops. */
import { describe, expect, test } from 'vitest'
import { Control, Layer, pipe, Random, Tensor, Tree } from '../../src/index.js'
import * as _ from '../../src/layer/recurrent-cell.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
type Parameters = Readonly<Record<string, Tensor.Tensor>>
const drawn = (layer: Layer.AnyLayer): Parameters => Layer.initialize(layer, double)(Random.key(1)) as Parameters
const apply = (layer: Layer.AnyLayer, params: unknown) =>
  (layer as Layer.Layer<unknown, [], []>).apply(params) as (x: unknown) => never

const pairs: readonly (readonly [string, Layer.AnyLayer, Layer.AnyLayer])[] = [
  ['rnn', _.rnnCell(3, 2), Layer.carried(Layer.rnn(3, 2))],
  [
    'rnn with relu',
    _.rnnCell(3, 2, { nonlinearity: 'relu' }),
    Layer.carried(Layer.rnn(3, 2, { nonlinearity: 'relu' }))
  ],
  ['gru', _.gruCell(3, 2), Layer.carried(Layer.gru(3, 2))],
  ['gru without bias', _.gruCell(3, 2, { bias: false }), Layer.carried(Layer.gru(3, 2, { bias: false }))],
  ['lstm', _.lstmCell(3, 2), Layer.carried(Layer.lstm(3, 2))]
]
test.each(pairs)('%s: a cell is a step of the layer', (name, cell, layer) => {
  const params = drawn(layer)
  const own = Object.fromEntries(Object.entries(params).map(([name, value]) => [name.replace('_l0', ''), value]))
  const place = (x: Tensor.Tensor): Tensor.Tensor => Tensor.unsqueeze(1)(x)
  const [x, h, c] = [random([5, 3], 1), random([5, 2], 2), random([5, 2], 3)]
  const state = name === 'lstm' ? { h, c } : { h }
  const given = (all: typeof state) => (name === 'lstm' ? all : all.h)
  const after = apply(layer, params)({ input: place(x), state: given(Tree.map(place)(state)) }) as {
    readonly state: unknown
  }
  const found: unknown = apply(cell, own)({ input: x, state: given(state) })
  const expected = new Map(Tree.entries(after.state))
  expect(Tree.entries(found).map(([path]) => path)).toEqual([...expected.keys()])
  for (const [path, leaf] of Tree.entries(found)) near(1e-14)(place(leaf), expected.get(path)!)
})
test('a fold over steps is the layer', () => {
  const [cell, layer] = [_.gruCell(2, 3), Layer.gru(2, 3)]
  const params = Layer.initialize(cell, double)(Random.key(1))
  const sequence = random([5, 2], 1) as Tensor.Tensor<[5, 2]>
  const last = Control.fold((state: Tensor.Tensor<[3]>, input: Tensor.Tensor<[2]>) =>
    cell.apply(params)({ input, state })
  )(Tensor.zeros([3], double), sequence)
  const ofLayer = Object.fromEntries(Object.entries(params).map(([name, value]) => [`${name}_l0`, value]))
  near(1e-14)(last, pipe(layer.apply(ofLayer as never)(sequence), Tensor.select(0, 4)))
})
test('parameters have the names and shapes of PyTorch’s state_dict', () => {
  const named = (layer: Layer.AnyLayer) =>
    Layer.namedParameters(layer)(drawn(layer)).map(([name, value]) => `${name} ${Tensor.shape(value).join(' × ')}`)
  expect(named(_.lstmCell(3, 2))).toEqual(['weight_ih 8 × 3', 'weight_hh 8 × 2', 'bias_ih 8', 'bias_hh 8'])
  expect(named(_.rnnCell(3, 2, { bias: false }))).toEqual(['weight_ih 2 × 3', 'weight_hh 2 × 2'])
})
test('printed as PyTorch prints them', () => {
  const layers: readonly Layer.AnyLayer[] = [
    _.rnnCell(3, 4),
    _.rnnCell(3, 4, { nonlinearity: 'relu' }),
    _.gruCell(3, 4, { bias: false }),
    _.lstmCell(3, 4)
  ]
  expect(layers.map(Layer.show)).toEqual([
    'RNNCell(3, 4)',
    'RNNCell(3, 4, nonlinearity=relu)',
    'GRUCell(3, 4, bias=False)',
    'LSTMCell(3, 4)'
  ])
})

describe('mistakes', () => {
  const run = (cell: Layer.AnyLayer) => apply(cell, drawn(cell))
  const input = Tensor.ones([5, 3])
  test('settings', () => {
    const whole = 'it must be a whole number of 1 or more'
    expect(() => _.rnnCell(0, 4)).toThrow(`Layer.rnnCell: inFeatures is 0; ${whole}`)
    expect(() => _.gruCell(3, -1)).toThrow(`Layer.gruCell: hiddenFeatures is -1; ${whole}`)
    expect(() => _.lstmCell(3, 1.5)).toThrow(`Layer.lstmCell: hiddenFeatures is 1.5; ${whole}`)
  })
  test('inputs and states', () => {
    expect(() => run(_.rnnCell(3, 4))(input)).toThrow('rnnCell: with its state it takes a record { input, state }')
    expect(() => run(_.gruCell(3, 4))({ input, state: [1] })).toThrow('gruCell: the state must be a tensor')
    expect(() => run(_.lstmCell(3, 4))({ input, state: { h: Tensor.ones([5, 4]) } })).toThrow(
      'lstmCell: the state must be a record { h, c } of tensors, and c is none'
    )
    expect(() => run(_.gruCell(3, 4))({ input, state: Tensor.ones([4]) })).toThrow(
      'gruCell: the state h is [4], and beside this input should be [5, 4]'
    )
    expect(() => run(_.gruCell(2, 4))({ input, state: Tensor.ones([5, 4]) })).toThrow(
      'gruCell: input [5, 3] does not end in [2]'
    )
  })
})
