/** Mistakes with layers are told with the layer's path, what was given, and what would fit. */
import { describe, expect, test } from 'vitest'
import { Layer, Random, Tensor } from '../../src/index.js'

const initialized = <L extends Layer.AnyLayer>(model: L) => Layer.initialize(model)(Random.key(1))
/** A size that the compiler does not know. */
const size = (n: number): number => n

describe('shapes', () => {
  test('an input that does not fit names the layer', () => {
    const model = Layer.sequential(Layer.named('output_linear', Layer.linear(size(13), 1)), Layer.tanh)
    expect(() => model.apply(initialized(model))(Tensor.ones([9, 12]))).toThrow(
      'matmul at output_linear: [9, 12] × [13, 1]: inner dimensions 12 and 13 differ'
    )
  })
  test('the path is the whole way', () => {
    const model = Layer.sequential(
      Layer.named('hidden', Layer.sequential(Layer.named('output_linear', Layer.linear(size(13), 1))))
    )
    expect(() => model.apply(initialized(model))(Tensor.ones([9, 12]))).toThrow(
      'matmul at hidden.output_linear: [9, 12] × [13, 1]: inner dimensions 12 and 13 differ'
    )
  })
  test('layers that do not fit are told apart when they are composed', () => {
    expect(() => Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(size(12), 1))).toThrow(
      'sequential: layer 2 (linear) expects input [12] but layer 1 (tanh) produces [13]'
    )
    expect(() =>
      Layer.sequential(Layer.named('hidden', Layer.linear(1, 13)), Layer.named('output', Layer.linear(size(12), 1)))
    ).toThrow("sequential: layer 'output' expects input [12] but layer 'hidden' produces [13]")
    expect(() => Layer.residual(Layer.linear(size(2), size(3)))).toThrow(
      'residual: needs a layer with equal input and output, not [2] to [3]'
    )
  })
  test('a scalar has no features', () => {
    expect(() => Layer.linear(size(1), 1).apply(initialized(Layer.linear(1, 1)))(Tensor.scalar(1) as never)).toThrow(
      'linear: a scalar has no axis of 1 features; Tensor.unsqueeze gives it one'
    )
  })
  test('a user’s own layer must give what it declares', () => {
    const lying = Layer.make({ name: 'lying', input: [2], output: [3], init: key => [{}, key], apply: () => x => x })
    expect(() => lying.apply({})(Tensor.ones([5, 2]))).toThrow(
      'lying: declares output [3], so for input [5, 2] gives [5, 3], but gave [5, 2]'
    )
    expect(() => Layer.sequential(Layer.named('own', lying)).apply({})(Tensor.ones([5, size(4)]))).toThrow(
      'lying at own: input [5, 4] does not end in [2]'
    )
  })
  test('parallel takes as many inputs as it has branches', () => {
    const both = Layer.parallel(Layer.tanh, Layer.relu)
    expect(() => both.apply({})([Tensor.ones([2])] as never)).toThrow(
      'parallel: needs an array of 2 inputs, one for each layer'
    )
  })
})

describe('parameters of another model', () => {
  const model = Layer.sequential(Layer.named('hidden', Layer.linear(1, 8)), Layer.tanh, Layer.linear(8, 1))
  const x = Tensor.ones([3, 1])
  test('that lack a layer', () => {
    expect(() => model.apply({ '2': initialized(model)['2'] } as never)(x)).toThrow(
      "linear at hidden: the parameters have no 'weight'; are they of another model?"
    )
  })
  test('that have other sizes', () => {
    const other = Layer.sequential(Layer.named('hidden', Layer.linear(1, 13)), Layer.tanh, Layer.linear(13, 1))
    expect(() => model.apply(initialized(other) as never)(x)).toThrow(
      'linear at hidden: weight is [13, 1], and should be [8, 1]; are these parameters of another model?'
    )
  })
  test('buffers that are missing', () => {
    const centre = Layer.sequential(Layer.named('centre', Layer.runningMean(1)))
    expect(() => centre.apply({}, {} as never)(x)).toThrow(
      "runningMean at centre: the buffers have no 'mean'; are they of another model?"
    )
  })
})

describe('names and settings', () => {
  test('a name is used once', () => {
    const twice = (name: string) => () => Layer.sequential(Layer.named(name, Layer.tanh), Layer.named(name, Layer.relu))
    expect(twice('bend')).toThrow("Layer.sequential: layer name 'bend' is used twice; Layer.named gives another")
    expect(() => Layer.parallel(Layer.named(String('a'), Layer.tanh), Layer.named(String('a'), Layer.relu))).toThrow(
      "Layer.parallel: layer name 'a' is used twice"
    )
  })
  test.each(['hidden.linear', '', '3', '__proto__'])("'%s' is no name", name => {
    expect(() => Layer.named(name, Layer.tanh)).toThrow(
      `Layer.named: '${name}' cannot be a layer name: names have no dots, are not numbers and not empty`
    )
  })
  test.each([0, -1, 1.5, Number.NaN])('%d is no number of features', n => {
    expect(() => Layer.linear(n, 1)).toThrow(`Layer.linear: inFeatures is ${n}; it must be a whole number of 1 or more`)
  })
  test.each([-0.1, 1.1, Number.NaN])('%d is no probability', probability => {
    expect(() => Layer.dropout({ probability })).toThrow(
      `Layer.dropout: probability is ${probability}, which is not between 0 and 1`
    )
  })
})
