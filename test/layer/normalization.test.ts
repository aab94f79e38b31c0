/** Normalizing layers: what they make of means and spreads, what they remember, and that they stay right where numbers are large or all equal. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../src/compiler/optimize.js'
import { Engine, grad, jit, Layer, Loss, Optimizer, Program, pipe, Random, Tensor, Training } from '../../src/index.js'
import { near } from './near.js'

const key = Random.key(1)
const double = { dtype: 'float64' } as const
const of = <L extends Layer.AnyLayer>(layer: L) => Layer.initialize(layer, double)(key)
/** A layer's training step, which gives output and buffers. */
const train = (layer: Layer.AnyLayer, x: Tensor.Tensor, buffers?: unknown) => {
  const run = layer as Layer.Layer<unknown, [], [], unknown>
  const [output, after] = run.forward(of(layer), 'training')(x)({ buffers: buffers ?? run.buffers, key })
  return { output: output as Tensor.Tensor, buffers: after.buffers as Layer.RunningStatistics<number> }
}
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor =>
  pipe(Random.key(seed), Random.normal(shape, double), Tensor.mul(3), Tensor.add(5))
const seeds = fc.nat(1e6)
const extent = fc.integer({ min: 2, max: 4 })

describe('what is normalized has mean 0 and variance 1', () => {
  const moments = (x: Tensor.Tensor, axis: readonly number[]): void => {
    near(1e-10)(Tensor.mean({ axis })(x), Tensor.zerosLike(Tensor.mean({ axis })(x)))
    const variance = Tensor.variance({ axis, correction: 0 })(x)
    near(1e-4)(variance, Tensor.onesLike(variance))
  }
  const epsilon = 1e-9
  test('over the batch', () => {
    fc.assert(
      fc.property(seeds, fc.tuple(extent, extent, extent, extent), (seed, [n, c, h, w]) => {
        moments(train(Layer.batchNorm1d(c, { epsilon }), random([n + 3, c], seed)).output, [0])
        moments(train(Layer.batchNorm1d(c, { epsilon, sequence: true }), random([n, c, h], seed)).output, [0, 2])
        moments(train(Layer.batchNorm2d(c, { epsilon }), random([n, c, h, w], seed)).output, [0, 2, 3])
      }),
      { numRuns: 20 }
    )
  })
  test('in each example', () => {
    fc.assert(
      fc.property(seeds, fc.tuple(extent, extent, extent, extent), (seed, [n, c, h, w]) => {
        const x = random([n, c, h + 1, w], seed)
        moments(train(Layer.layerNorm([h + 1, w], { epsilon }), x).output, [2, 3])
        moments(train(Layer.instanceNorm2d(c, { epsilon }), x).output, [2, 3])
        moments(train(Layer.instanceNorm1d(h + 1, { epsilon }), random([n, h + 1, 9], seed)).output, [2])
        const grouped = train(Layer.groupNorm(2, 2 * c, { epsilon }), random([n, 2 * c, h, w], seed)).output
        moments(Tensor.reshape([n, 2, c * h * w])(grouped), [2])
      }),
      { numRuns: 20 }
    )
  })
  test('or the square of its root mean square is 1', () => {
    const { output } = train(Layer.rmsNorm(5), random([3, 5], 1))
    near(1e-12)(pipe(output, Tensor.square, Tensor.mean({ axis: 1 })), Tensor.ones([3], double))
    // The default epsilon belongs to the dtype of the input.
    const small = Tensor.full([4], 1e-12, double)
    expect(pipe(small, Layer.rmsNorm(4, { affine: false }).apply({}), Tensor.toArray)[0]).toBeCloseTo(
      1e-12 / Math.sqrt(1e-24 + 2 ** -52),
      12
    )
    const single = Tensor.full([4], 1e-4)
    expect(pipe(single, Layer.rmsNorm(4, { affine: false }).apply({}), Tensor.toArray)[0]).toBeCloseTo(
      1e-4 / Math.sqrt(1e-8 + 2 ** -23),
      5
    )
  })
})

describe('norms are cases of each other', () => {
  test('one group is a layer norm over everything, a group for each channel an instance norm', () => {
    fc.assert(
      fc.property(seeds, fc.tuple(extent, extent, extent), (seed, [c, h, w]) => {
        const x = random([2, c, h, w], seed)
        const affine = false
        const whole = Layer.layerNorm([c, h, w], { affine }).apply({})(x)
        near(1e-12)(Layer.groupNorm(1, c, { affine }).apply({})(x as never), whole)
        const each = Layer.instanceNorm2d(c).apply({})(x as never)
        near(1e-12)(Layer.groupNorm(c, c, { affine }).apply({})(x as never), each)
      }),
      { numRuns: 20 }
    )
  })
  test('one example’s batch norm is its instance norm', () => {
    const x = random([1, 3, 4, 5], 7)
    near(1e-12)(train(Layer.batchNorm2d(3, { affine: false }), x).output, Layer.instanceNorm2d(3).apply({})(x as never))
  })
})

describe('running statistics', () => {
  const x = Tensor.tensor(
    [
      [1, 10],
      [2, 20],
      [6, 60]
    ],
    double
  )
  const wide = (n: number): Tensor.Tensor => Tensor.tensor([n, n], double)
  const buffers = {
    running_mean: wide(0),
    running_var: wide(1),
    num_batches_tracked: Tensor.scalar(0, { dtype: 'int32' })
  }
  test('take in a part of each batch, the variance unbiased', () => {
    const after = train(Layer.batchNorm1d(2, { momentum: 0.25 }), x, buffers).buffers
    expect(Tensor.toArray(after.running_mean)).toEqual([0.75, 7.5])
    expect(Tensor.toArray(after.running_var)).toEqual([0.75 + 7 / 4, 0.75 + 700 / 4])
    expect([Tensor.item(after.num_batches_tracked), Tensor.dtype(after.num_batches_tracked)]).toEqual([1, 'int32'])
  })
  test('or are averages of all batches', () => {
    const norm = Layer.batchNorm1d(2, { momentum: null })
    const once = train(norm, x, buffers).buffers
    expect(Tensor.toArray(once.running_mean)).toEqual([3, 30])
    const twice = train(norm, pipe(x, Tensor.add(3)), once).buffers
    expect(Tensor.toArray(twice.running_mean)).toEqual([4.5, 31.5])
    expect(Tensor.toArray(twice.running_var)).toEqual([7, 700])
  })
  test('keep their dtypes, whatever is normalized', () => {
    const dtypes = (b: Layer.RunningStatistics<number>) => Object.values(b).map(Tensor.dtype)
    expect(dtypes(train(Layer.batchNorm1d(2), x).buffers)).toEqual(['float32', 'float32', 'int32'])
    expect(dtypes(train(Layer.batchNorm1d(2), x, buffers).buffers)).toEqual(['float64', 'float64', 'int32'])
  })
  test('are no path for gradients', () => {
    const norm = Layer.batchNorm1d(2)
    const remembered = (y: Tensor.Tensor) => {
      const { running_mean, running_var } = train(norm, y, buffers).buffers
      return pipe(running_mean, Tensor.add(running_var), Tensor.sum())
    }
    expect(Tensor.toArray(grad(remembered)(x))).toEqual([
      [0, 0],
      [0, 0],
      [0, 0]
    ])
  })
  test('of a batch of one value leave the variance, of an empty one everything', () => {
    const norm = Layer.batchNorm1d(2)
    const one = train(norm, Tensor.tensor([[4, 5]], double), buffers)
    expect(Tensor.toArray(one.output)).toEqual([[0, 0]])
    expect(Tensor.toArray(one.buffers.running_var)).toEqual([1, 1])
    expect(Tensor.toArray(one.buffers.running_mean)[0]).toBeCloseTo(0.4, 15)
    expect(train(norm, Tensor.zeros([0, 2], double), buffers).buffers).toEqual(buffers)
  })
  test('of instances are averaged over the batch', () => {
    const norm = Layer.instanceNorm1d(1, { momentum: 1, trackRunningStatistics: true })
    const two = Tensor.tensor([[[1, 3]], [[10, 14]]], double)
    const { buffers: after } = train(norm, two)
    expect(Tensor.toArray(after.running_mean)).toEqual([7])
    expect(Tensor.toArray(after.running_var)).toEqual([5])
  })
  test('make evaluation affine', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const norm = Layer.batchNorm2d(3)
        const [a, b] = [random([2, 3, 4, 5], seed), random([2, 3, 4, 5], seed + 1)]
        const { buffers: seen } = train(norm, a)
        const params = pipe(of(norm), ({ weight, bias }) => ({
          weight: pipe(weight, Tensor.mul(1.5)),
          bias: pipe(bias, Tensor.add(0.25))
        }))
        const f = (x: Tensor.Tensor): Tensor.Tensor => norm.apply(params, seen as never)(x as never)
        const sum = pipe(f(a), Tensor.add(f(b)))
        near(1e-10)(sum, pipe(f(pipe(a, Tensor.add(b))), Tensor.add(f(Tensor.zerosLike(a)))))
        // Examples do not see each other.
        near(1e-12)(pipe(f(a), Tensor.slice({ axis: 0, stop: 1 })), f(pipe(a, Tensor.slice({ axis: 0, stop: 1 }))))
      }),
      { numRuns: 10 }
    )
  })
  test('or, where none run, evaluation is training', () => {
    const norm = Layer.batchNorm1d(2, { trackRunningStatistics: false })
    expect(norm.buffers).toEqual({})
    near(0)(norm.apply(of(norm))(x as never), train(norm, x).output)
  })
})

describe('numbers far from 0, and equal numbers', () => {
  const layers: readonly (readonly [string, Layer.AnyLayer, Tensor.Shape])[] = [
    ['layerNorm', Layer.layerNorm(4), [3, 4]],
    ['groupNorm', Layer.groupNorm(2, 4, { spatial: 0 }), [3, 4]],
    ['batchNorm1d', Layer.batchNorm1d(4), [3, 4]],
    ['batchNorm2d', Layer.batchNorm2d(2), [2, 2, 3, 3]],
    ['instanceNorm1d', Layer.instanceNorm1d(2), [3, 2, 5]],
    ['instanceNorm2d', Layer.instanceNorm2d(2), [2, 2, 3, 3]]
  ]
  test.each(layers)('%s of equal numbers is 0, and so is its derivative', (_, layer, shape) => {
    for (const value of [0, 5, 1e30, -1e-30]) {
      const x = Tensor.full(shape, value)
      const { output } = train(layer, x)
      expect(Tensor.toData(output).every(y => y === 0)).toBe(true)
      const loss = (y: Tensor.Tensor) =>
        pipe(train(layer, y).output, Tensor.mul(Tensor.arange(shape.at(-1)!)), Tensor.sum())
      expect(Tensor.toData(grad(loss)(x)).every(Number.isFinite)).toBe(true)
    }
  })
  test.each(layers)('%s keeps the digits of a spread beside a large mean', (_, layer, shape) => {
    const spread = pipe(Random.normal(shape)(Random.key(3)), Tensor.mul(4), Tensor.round)
    const x = pipe(spread, Tensor.add(2 ** 12))
    near(1e-3)(train(layer, x).output, train(layer, spread).output)
  })
  test('rmsNorm of zeros is 0, and so finite its derivative', () => {
    const x = Tensor.zeros([4])
    const norm = Layer.rmsNorm(4, { affine: false })
    expect(Tensor.toArray(norm.apply({})(x))).toEqual([0, 0, 0, 0])
    const slope = grad((y: Tensor.Tensor) => pipe(norm.apply({})(y), Tensor.sum()))(x)
    expect(Tensor.toData(slope).every(Number.isFinite)).toBe(true)
  })
})

describe('compiled', () => {
  /** How many nests a layer and its gradient are. */
  const nests = (layer: Layer.AnyLayer, shape: Tensor.Shape): number => {
    const params = Layer.initialize(layer)(key)
    const x = Random.normal(shape)(key)
    const run = layer as Layer.Layer<unknown, [], [], unknown>
    const loss = (at: { params: unknown; x: Tensor.Tensor }) =>
      pipe(run.forward(at.params, 'training')(at.x)({ buffers: run.buffers, key })[0], Tensor.square, Tensor.sum())
    const { equations } = prepare(Program.trace(grad(loss as never))({ params, x } as never))
    const kinds = new Set(equations.map(e => e.primitive.name))
    expect([...kinds].filter(name => !['fused', 'reshape', 'broadcast', 'permute'].includes(name))).toEqual([])
    return equations.filter(e => e.primitive.name === 'fused').length
  }
  test('a layer and its gradient are few passes over the numbers', () => {
    expect(nests(Layer.layerNorm(16), [8, 16])).toBeLessThanOrEqual(2)
    expect(nests(Layer.rmsNorm(16), [8, 16])).toBeLessThanOrEqual(2)
    expect(nests(Layer.batchNorm1d(16), [8, 16])).toBeLessThanOrEqual(2)
    expect(nests(Layer.batchNorm2d(3), [4, 3, 5, 5])).toBeLessThanOrEqual(2)
    expect(nests(Layer.groupNorm(2, 4), [4, 4, 5, 5])).toBeLessThanOrEqual(4)
    expect(nests(Layer.instanceNorm2d(4, { affine: true }), [4, 4, 5, 5])).toBeLessThanOrEqual(3)
  })
  test('training with every engine is the same', () => {
    const model = Layer.sequential(
      Layer.linear(3, 4),
      Layer.batchNorm1d(4, { momentum: null }),
      Layer.tanh,
      Layer.layerNorm(4),
      Layer.linear(4, 1)
    )
    const data = { x: random([6, 3], 1), y: random([6, 1], 2) }
    const [a, b] = [Engine.interpreter, Engine.wasm].map(engine => {
      const trainer = Training.make({
        model,
        loss: Loss.mse(),
        optimizer: Optimizer.sgd({ learningRate: 0.01 }),
        engine
      })
      const after = trainer.epochs(5)(data)(trainer.initialize(key))
      return after._tag === 'Right' ? after.right : undefined
    })
    const leaves = (snapshot: typeof a) => [
      ...Layer.parameters(model)(snapshot!.params),
      ...Object.values(snapshot!.buffers['1'])
    ]
    expect(Tensor.item(a!.buffers['1'].num_batches_tracked)).toBe(5)
    leaves(a).forEach((leaf, i) => {
      near(1e-4)(leaf, leaves(b)[i]!)
    })
    const predict = (params: Layer.Params<typeof model>) => model.apply(params, a!.buffers)(data.x as never)
    near(1e-6)(predict(a!.params), jit(predict)(a!.params))
  })
})

describe('mistakes', () => {
  const size = (n: number): number => n
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('epsilon %d', epsilon => {
    const sentence = `epsilon is ${epsilon}; it must be positive and finite, so that values that are all equal are not divided by 0`
    expect(() => Layer.layerNorm(2, { epsilon })).toThrow(`Layer.layerNorm: ${sentence}`)
    expect(() => Layer.rmsNorm(2, { epsilon })).toThrow(`Layer.rmsNorm: ${sentence}`)
    expect(() => Layer.groupNorm(1, 2, { epsilon })).toThrow(`Layer.groupNorm: ${sentence}`)
    expect(() => Layer.batchNorm1d(2, { epsilon })).toThrow(`Layer.batchNorm1d: ${sentence}`)
    expect(() => Layer.instanceNorm2d(2, { epsilon })).toThrow(`Layer.instanceNorm2d: ${sentence}`)
  })
  test.each([-0.1, 1.1, Number.NaN])('momentum %d', momentum => {
    expect(() => Layer.batchNorm2d(2, { momentum })).toThrow(
      `Layer.batchNorm2d: momentum is ${momentum}; it must be between 0 and 1, or null for the average of all batches`
    )
  })
  test('sizes', () => {
    expect(() => Layer.layerNorm([])).toThrow(
      'Layer.layerNorm: the shape is []; name at least one axis to normalize over'
    )
    expect(() => Layer.layerNorm([2, 0])).toThrow(
      'Layer.layerNorm: the shape is [2, 0], and a size of it is 0; it must be a whole number of 1 or more'
    )
    expect(() => Layer.batchNorm1d(1.5)).toThrow(
      'Layer.batchNorm1d: channels is 1.5; it must be a whole number of 1 or more'
    )
    expect(() => Layer.groupNorm(3, 4)).toThrow('Layer.groupNorm: 3 groups do not divide 4 channels')
    expect(() => Layer.groupNorm(0, 4)).toThrow('Layer.groupNorm: groups is 0; it must be a whole number of 1 or more')
  })
  test('inputs that do not fit', () => {
    expect(() => Layer.layerNorm([size(3), 4]).apply({} as never)(Tensor.ones([2, 4]))).toThrow(
      "layerNorm: the parameters have no 'weight'; are they of another model?"
    )
    const norm = Layer.layerNorm([size(3), 4], { affine: false })
    expect(() => norm.apply({})(Tensor.ones([2, 4]))).toThrow('layerNorm: input [2, 4] does not end in [3, 4]')
    const batch = Layer.batchNorm2d(size(3))
    expect(() => batch.apply(of(batch), batch.buffers)(Tensor.ones([2, 4, 5]))).toThrow(
      'batchNorm2d: input [2, 4, 5] does not end in [3, ?, ?]'
    )
    const group = Layer.groupNorm(2, size(4), { spatial: 1, affine: false })
    expect(() => group.apply({})(Tensor.ones([4]) as never)).toThrow('groupNorm: input [4] does not end in [4, ?]')
  })
  test('buffers of another model', () => {
    const norm = Layer.sequential(Layer.named('norm', Layer.batchNorm1d(2)))
    const x = Tensor.ones([3, 2])
    expect(() => norm.apply(of(norm), {} as never)(x)).toThrow(
      "batchNorm1d at norm: the buffers have no 'running_mean'; are they of another model?"
    )
    const other = Layer.sequential(Layer.named('norm', Layer.batchNorm1d(3)))
    expect(() => norm.apply(of(norm), other.buffers as never)(x)).toThrow(
      'batchNorm1d at norm: running_mean is [3], and should be [2]; are these buffers of another model?'
    )
  })
})

test('printed as PyTorch prints them', () => {
  expect(
    [
      Layer.batchNorm1d(3),
      Layer.batchNorm2d(3, { momentum: null, affine: false, epsilon: 1e-3 }),
      Layer.layerNorm(5),
      Layer.layerNorm([3, 4], { affine: false }),
      Layer.rmsNorm(5),
      Layer.groupNorm(2, 4),
      Layer.instanceNorm1d(3)
    ].map(Layer.show)
  ).toEqual([
    'BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)',
    'BatchNorm2d(3, eps=0.001, momentum=None, affine=False, track_running_stats=True)',
    'LayerNorm((5,), eps=1e-05, elementwise_affine=True)',
    'LayerNorm((3, 4), eps=1e-05, elementwise_affine=False)',
    'RMSNorm((5,), eps=None, elementwise_affine=True)',
    'GroupNorm(2, 4, eps=1e-05, affine=True)',
    'InstanceNorm1d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)'
  ])
})
