/** The encoder's block against PyTorch's, and what follows from how it is made. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { grad, jit, Layer, pipe, Random, Tensor, Tree } from '../../src/index.js'
import * as _ from '../../src/layer/transformer.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
type Block = _.TransformerEncoderLayer<4, 3>
const block = (settings: Parameters<typeof _.transformerEncoderLayer>[2] = {}): Block =>
  _.transformerEncoderLayer(4, 2, { ...settings, feedForward: 3 })
const drawn = (layer: Block, seed = 1) => Layer.initialize(layer, double)(Random.key(seed))
const apply = (layer: Block, params = drawn(layer)) => layer.apply(params) as (x: Tensor.Tensor) => Tensor.Tensor

describe('as PyTorch 1.13 has it', () => {
  const named = t.record(t.string, t.unknown)
  const table = t.strict({
    params: named,
    x: t.unknown,
    weights: t.unknown,
    cases: t.readonlyArray(
      t.strict({
        norm_first: t.boolean,
        activation: t.union([t.literal('relu'), t.literal('gelu')]),
        causal: t.boolean,
        output: t.unknown,
        gradient: t.unknown,
        gradients: named
      })
    )
  })
  const file = readFileSync(new URL('./reference/transformer.json', import.meta.url), 'utf8')
  const decoded = table.decode(JSON.parse(file))
  if (decoded._tag === 'Left') throw new Error('reference/transformer.json is not what reference.py makes')
  const { cases, ...inputs } = decoded.right
  const tensor = (numbers: unknown): Tensor.Tensor => Tensor.tensor(numbers as number[], double)
  const params = Tree.mapWithPath(path => tensor(inputs.params[path]))(drawn(block()))
  const [x, weights] = [tensor(inputs.x), tensor(inputs.weights)]

  test.each(cases)(
    'normFirst: $norm_first, activation: $activation, causal: $causal',
    ({ norm_first: normFirst, activation, causal, output, gradient, gradients }) => {
      const layer = block({ activation, normFirst, causal })
      const at = (given: { readonly params: typeof params; readonly x: Tensor.Tensor }) =>
        apply(layer, given.params)(given.x)
      near(1e-13)(at({ params, x }), tensor(output))
      if (causal) near(1e-13)(jit(at)({ params, x }), tensor(output))
      const slopes = grad((given: Parameters<typeof at>[0]) => pipe(at(given), Tensor.mul(weights), Tensor.sum()))
      const found = slopes({ params, x })
      near(1e-12)(found.x, tensor(gradient))
      for (const [path, slope] of causal ? [] : Tree.entries(found.params)) near(1e-12)(slope, tensor(gradients[path]))
    }
  )
  test('under the names of its state_dict', () => {
    expect(Layer.namedParameters(block())(drawn(block())).map(([name]) => name)).toEqual(Object.keys(inputs.params))
  })
  test('printed', () => {
    const attention = '    (out_proj): NonDynamicallyQuantizableLinear(in_features=4, out_features=4, bias=True)'
    expect(Layer.show(block({ dropout: 0.25, epsilon: 1e-6 }))).toBe(
      [
        'TransformerEncoderLayer(',
        '  (self_attn): MultiheadAttention(',
        attention,
        '  )',
        '  (linear1): Linear(in_features=4, out_features=3, bias=True)',
        '  (dropout): Dropout(p=0.25, inplace=False)',
        '  (linear2): Linear(in_features=3, out_features=4, bias=True)',
        '  (norm1): LayerNorm((4,), eps=1e-06, elementwise_affine=True)',
        '  (norm2): LayerNorm((4,), eps=1e-06, elementwise_affine=True)',
        '  (dropout1): Dropout(p=0.25, inplace=False)',
        '  (dropout2): Dropout(p=0.25, inplace=False)',
        ')'
      ].join('\n')
    )
  })
})

describe('a block', () => {
  const seeds = fc.nat(1e6)
  const modes = fc.record({ normFirst: fc.boolean(), rotary: fc.boolean() })
  test('gives a position what is before it and no more, if it is causal', () => {
    fc.assert(
      fc.property(modes, seeds, fc.integer({ min: 0, max: 4 }), (settings, seed, position) => {
        const run = apply(block({ ...settings, causal: true }), drawn(block(), seed))
        const [x, other] = [random([2, 5, 4], seed), random([2, 5, 4], seed + 1)]
        const upTo = Tensor.slice({ axis: 1, stop: position + 1 })
        const changed = Tensor.concat(1)([upTo(x), Tensor.slice({ axis: 1, start: position + 1 })(other)])
        near(0)(upTo(run(changed)), upTo(run(x)))
      }),
      { numRuns: 8 }
    )
  })
  test('has slopes with respect to what is before, and none with respect to what comes after', () => {
    const run = apply(block({ causal: true }))
    const third = (x: Tensor.Tensor) => pipe(run(x), Tensor.select(0, 2), Tensor.square, Tensor.select(0, 1)) as never
    const rows = Tensor.toArray(grad(third)(random([5, 4], 1))) as number[][]
    expect(rows.map(row => row.every(slope => slope === 0))).toEqual([false, false, false, true, true])
  })
  test('does not know positions unless it is told', () => {
    const x = random([5, 4], 1)
    const order = Tensor.tensor([3, 1, 4, 0, 2], { dtype: 'int32' })
    const turned = (y: Tensor.Tensor): Tensor.Tensor => Tensor.take(order)(y)
    for (const normFirst of [false, true])
      near(1e-13)(apply(block({ normFirst }))(turned(x)), turned(apply(block({ normFirst }))(x)))
    const knowing = apply(block({ rotary: true }))
    expect(Tensor.toArray(knowing(turned(x)))).not.toEqual(Tensor.toArray(turned(knowing(x))))
  })
  test('ends with a norm, or else begins with one', () => {
    const x = pipe(random([3, 5, 4], 1), Tensor.mul(100))
    const rows = apply(block({ epsilon: 1e-12 }))(x)
    near(1e-12)(Tensor.mean({ axis: -1 })(rows), Tensor.zeros([3, 5], double))
    near(1e-9)(Tensor.variance({ axis: -1, correction: 0 })(rows), Tensor.ones([3, 5], double))
    // The network adds something to its input that it has seen normalized: as much to one twice as large.
    const layer = block({ normFirst: true, epsilon: 1e-12 })
    const params = { ...drawn(layer), self_attn: Tree.zerosLike(drawn(layer).self_attn) }
    const added = (y: Tensor.Tensor) => pipe(apply(layer, params)(y), Tensor.sub(y))
    near(1e-11)(added(pipe(x, Tensor.mul(2))), added(x))
    expect(Tensor.toData(added(x)).every(y => y !== 0)).toBe(true)
  })
  test('of which everything is dropped is its input, or that normalized twice', () => {
    const x = random([3, 5, 4], 1)
    const dropped = (layer: Block) =>
      layer.forward(drawn(layer), 'training')(x as never)({ buffers: {}, key: Random.key(2) })[0] as Tensor.Tensor
    near(0)(dropped(block({ dropout: 1, normFirst: true })), x)
    const norm = (y: Tensor.Tensor): Tensor.Tensor => Layer.layerNorm(4, { affine: false }).apply({})(y as never)
    near(1e-13)(dropped(block({ dropout: 1 })), norm(norm(x)))
    near(0)(apply(block({ dropout: 1 }))(x), apply(block())(x))
  })
  test('is told layer by layer', () => {
    const cells = Layer.summary(block(), [2, 5, 4])
      .split('\n')
      .map(line => line.trim().split(/ {2,}/))
    expect(cells.filter(([name]) => ['linear1', 'dropout', 'linear2', 'norm2'].includes(name!))).toEqual([
      ['linear1', 'Linear', '[2, 5, 3]', '15'],
      ['dropout', 'Dropout', '[2, 5, 3]', '0'],
      ['linear2', 'Linear', '[2, 5, 4]', '16'],
      ['norm2', 'LayerNorm', '[2, 5, 4]', '8']
    ])
    expect(cells.at(-1)).toEqual(['total', String(80 + 31 + 16)])
  })
})

test('mistakes', () => {
  const size = (n: number): number => n
  const of = 'Layer.transformerEncoderLayer:'
  expect(() => _.transformerEncoderLayer(6, 4)).toThrow(`${of} 6 features cannot be divided among 4 heads`)
  expect(() => _.transformerEncoderLayer(0, 1)).toThrow(`${of} embedding is 0; it must be a whole number of 1 or more`)
  expect(() => _.transformerEncoderLayer(4, 0.5)).toThrow(`${of} heads is 0.5; it must be a whole number of 1 or more`)
  expect(() => _.transformerEncoderLayer(4, 2, { feedForward: 0 })).toThrow(
    `${of} feedForward is 0; it must be a whole number of 1 or more`
  )
  expect(() => block({ dropout: 1.5 })).toThrow(`${of} dropout is 1.5, which is not between 0 and 1`)
  expect(() => block({ activation: 'tanh' as 'relu' })).toThrow(`${of} activation is tanh; it must be relu or gelu`)
  expect(() => block({ epsilon: 0 })).toThrow('epsilon is 0; it must be positive and finite')
  expect(() => _.transformerEncoderLayer(6, 2, { rotary: true })).toThrow(
    'the features of a head are 3; an even number is turned, in pairs'
  )
  expect(() => block().apply(drawn(block()))(Tensor.ones([5, size(3)]))).toThrow(
    'transformerEncoderLayer: input [5, 3] does not end in [?, 4]'
  )
  const { linear2: __, ...rest } = drawn(block())
  expect(() => block().apply(rest as never)(Tensor.ones([5, 4]))).toThrow(
    "linear at linear2: the parameters have no 'weight'; are they of another model?"
  )
})
