/** What is seen of a layer: PyTorch's print, the table, plain data. */
import { expect, test } from 'vitest'
import { Layer } from '../../src/index.js'

test('a Sequential is printed as PyTorch prints it', () => {
  expect(Layer.show(Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1)))).toBe(
    [
      'Sequential(',
      '  (0): Linear(in_features=1, out_features=13, bias=True)',
      '  (1): Tanh()',
      '  (2): Linear(in_features=13, out_features=1, bias=True)',
      ')'
    ].join('\n')
  )
})
test('names stand in the place of numbers', () => {
  const model = Layer.sequential(
    Layer.named('hidden_linear', Layer.linear(1, 8)),
    Layer.named('hidden_activation', Layer.tanh),
    Layer.named('output_linear', Layer.linear(8, 1))
  )
  expect(Layer.show(model)).toBe(
    [
      'Sequential(',
      '  (hidden_linear): Linear(in_features=1, out_features=8, bias=True)',
      '  (hidden_activation): Tanh()',
      '  (output_linear): Linear(in_features=8, out_features=1, bias=True)',
      ')'
    ].join('\n')
  )
})
test('layers inside layers are indented', () => {
  const model = Layer.sequential(
    Layer.named('encoder', Layer.sequential(Layer.linear(3, 2, { bias: false }), Layer.relu)),
    Layer.linear(2, 1)
  )
  expect(Layer.show(model)).toBe(
    [
      'Sequential(',
      '  (encoder): Sequential(',
      '    (0): Linear(in_features=3, out_features=2, bias=False)',
      '    (1): ReLU()',
      '  )',
      '  (1): Linear(in_features=2, out_features=1, bias=True)',
      ')'
    ].join('\n')
  )
})
test.each([
  [Layer.identity, 'Identity()'],
  [Layer.sigmoid, 'Sigmoid()'],
  [Layer.dropout(), 'Dropout(p=0.5, inplace=False)'],
  [Layer.dropout({ probability: 0.25 }), 'Dropout(p=0.25, inplace=False)'],
  [Layer.hardtanh(), 'Hardtanh(min_val=-1.0, max_val=1.0)'],
  [Layer.hardtanh({ min: -2, max: 0.5 }), 'Hardtanh(min_val=-2.0, max_val=0.5)'],
  [Layer.softplus(), 'Softplus(beta=1.0, threshold=20.0)'],
  [Layer.softplus({ beta: 0.5 }), 'Softplus(beta=0.5, threshold=20.0)'],
  [Layer.leakyRelu(), 'LeakyReLU(negative_slope=0.01)'],
  [Layer.softmax(), 'Softmax(dim=-1)']
])('%# is printed as %s', (layer, printed) => {
  expect(Layer.show(layer)).toBe(printed)
})

test('the summary is a table with a total', () => {
  const model = Layer.sequential(Layer.named('hidden', Layer.linear(1, 13)), Layer.tanh, Layer.linear(13, 1))
  const cells = (text: string): readonly (readonly string[])[] =>
    text.split('\n').map(line => line.trim().split(/ {2,}/))
  expect(cells(Layer.summary(model, [9, 1]))).toEqual([
    ['layer', 'kind', 'output', 'parameters'],
    [expect.stringMatching(/^─+$/)],
    ['hidden', 'Linear', '[9, 13]', '26'],
    ['1', 'Tanh', '[9, 13]', '0'],
    ['2', 'Linear', '[9, 1]', '14'],
    [expect.stringMatching(/^─+$/)],
    ['total', '40']
  ])
  expect(Layer.summary(model)).toMatch(/hidden +Linear +\[13\] +26/)
})
test('numbers of parameters are grouped, and nested layers have paths', () => {
  const model = Layer.sequential(Layer.named('encoder', Layer.sequential(Layer.linear(100, 200), Layer.relu)))
  expect(Layer.summary(model, [100])).toMatch(/encoder\.0 +Linear +\[200\] +20,200/)
  expect(Layer.summary(model, [100])).toMatch(/total +20,200$/)
})
test('the specification is plain data', () => {
  const model = Layer.sequential(Layer.named('hidden', Layer.linear(1, 13)), Layer.leakyRelu({ negativeSlope: 0.2 }))
  expect(JSON.parse(JSON.stringify(Layer.spec(model)))).toEqual({
    kind: 'sequential',
    settings: {},
    layers: [
      { kind: 'linear', name: 'hidden', settings: { inFeatures: 1, outFeatures: 13, bias: true }, layers: [] },
      { kind: 'leakyRelu', settings: { negativeSlope: 0.2 }, layers: [] }
    ]
  })
})
