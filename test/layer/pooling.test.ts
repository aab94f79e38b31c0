/** Pools against loops as one would write them down, and what they say of settings and inputs that do not fit. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepare } from '../../src/compiler/optimize.js'
import { grad, jit, Layer, Program, pipe, Random, Tensor } from '../../src/index.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const tensor = (numbers: readonly number[]): Tensor.Tensor => Tensor.tensor(numbers, double)

interface Settings {
  readonly kernelSize: number
  readonly stride: number
  readonly padding: number
  readonly dilation: number
  readonly ceilMode: boolean
}
const settings = fc
  .record({
    kernelSize: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 4 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    pads: fc.boolean(),
    ceilMode: fc.boolean()
  })
  .map(({ pads, ...rest }): Settings => ({ ...rest, padding: pads ? Math.floor(rest.kernelSize / 2) : 0 }))

/** For each window the positions that it looks at, in the padding too, but none that lie behind it. */
const windowsOf = (length: number, { kernelSize, stride, padding, dilation, ceilMode }: Settings): number[][] => {
  const found: number[][] = []
  const reach = dilation * (kernelSize - 1)
  for (let start = -padding; ; start += stride) {
    const last = ceilMode ? length + padding + stride - 1 : length + padding
    if (start + reach >= last || (ceilMode && found.length > 0 && start >= length)) return found
    const positions = Array.from({ length: kernelSize }, (_, k) => start + k * dilation)
    found.push(positions.filter(position => position < length + padding))
  }
}
const largest = (xs: readonly number[]): number => Math.max(...xs)
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
const numbersOf = (length: number, seed: number): number[] => [
  ...Tensor.toData(Random.normal([length], double)(Random.key(seed)))
]

describe('against loops', () => {
  const line = fc.tuple(settings, fc.integer({ min: 7, max: 10 }), fc.nat(1e6))
  test('the largest of each window', () => {
    fc.assert(
      fc.property(line, ([options, length, seed]) => {
        const x = numbersOf(length, seed)
        const expected = windowsOf(length, options).map(window => largest(window.map(i => x[i] ?? -Infinity)))
        near(0)(Layer.maxPool1d(options).apply({})(tensor(x) as never), tensor(expected))
      }),
      { numRuns: 200 }
    )
  })
  test('the mean of each window', () => {
    fc.assert(
      fc.property(line, fc.boolean(), ([options, length, seed], countIncludePad) => {
        const { dilation: _, ...rest } = options
        const x = numbersOf(length, seed)
        const expected = windowsOf(length, { ...options, dilation: 1 }).map(window =>
          mean(window.filter(i => countIncludePad || x[i] !== undefined).map(i => x[i] ?? 0))
        )
        near(1e-12)(Layer.avgPool1d({ ...rest, countIncludePad }).apply({})(tensor(x) as never), tensor(expected))
      }),
      { numRuns: 200 }
    )
  })
  test('the largest and the mean of pieces', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 11 }), fc.nat(1e6), (n, length, seed) => {
        const x = numbersOf(length, seed)
        const pieces = Array.from({ length: n }, (_, i) =>
          x.slice(Math.floor((i * length) / n), Math.ceil(((i + 1) * length) / n))
        )
        near(0)(Layer.adaptiveMaxPool1d(n).apply({})(tensor(x) as never), tensor(pieces.map(largest)))
        near(1e-12)(Layer.adaptiveAvgPool1d(n).apply({})(tensor(x) as never), tensor(pieces.map(mean)))
      }),
      { numRuns: 100 }
    )
  })
  test('a plane is pooled along one axis, then along the other', () => {
    fc.assert(
      fc.property(settings, settings, fc.nat(1e6), (h, w, seed) => {
        const x = Random.normal([2, 9, 8], double)(Random.key(seed))
        const ceilMode = h.ceilMode
        const pair = <K extends 'kernelSize' | 'stride' | 'padding' | 'dilation'>(name: K) =>
          [h[name], w[name]] as const
        const options = {
          kernelSize: pair('kernelSize'),
          stride: pair('stride'),
          padding: pair('padding'),
          dilation: pair('dilation'),
          ceilMode
        }
        const along = (layer: Layer.Layer<Layer.Empty, [number], [number]>) => (y: Tensor.Tensor) =>
          layer.apply({})(y as never)
        const flipped = Tensor.swapAxes(-1, -2)
        const twice = pipe(
          x as Tensor.Tensor,
          along(Layer.maxPool1d({ ...w, ceilMode }) as never),
          flipped,
          along(Layer.maxPool1d({ ...h, ceilMode }) as never),
          flipped
        )
        near(0)(Layer.maxPool2d(options).apply({})(x), twice)
        const { dilation: _, ...rest } = options
        const averaged = pipe(
          x as Tensor.Tensor,
          along(Layer.avgPool1d({ ...w, ceilMode }) as never),
          flipped,
          along(Layer.avgPool1d({ ...h, ceilMode }) as never),
          flipped
        )
        near(1e-12)(Layer.avgPool2d(rest).apply({})(x), averaged)
      }),
      { numRuns: 60 }
    )
  })
})

describe('a pool', () => {
  test('takes the stride from its kernel', () => {
    const x = Tensor.reshape([3, 4])(Tensor.arange(12))
    expect(Tensor.toArray(Layer.maxPool2d({ kernelSize: [3, 2] }).apply({})(x))).toEqual([[9, 11]])
  })
  test('keeps whole numbers whole, apart from means', () => {
    const x = Tensor.tensor([-5, -7, -3], { dtype: 'int32' })
    const most = Layer.maxPool1d({ kernelSize: 3, stride: 1, padding: 1 }).apply({})(x)
    expect([Tensor.dtype(most), Tensor.toArray(most)]).toEqual(['int32', [-5, -3, -3]])
    const means = Layer.avgPool1d({ kernelSize: 2, stride: 1 }).apply({})(x)
    expect([Tensor.dtype(means), Tensor.toArray(means)]).toEqual(['float32', [-6, -5]])
  })
  test('finds what is not a number', () => {
    const x = Tensor.tensor([1, Number.NaN, 3, -Infinity, -Infinity, -Infinity])
    expect(Tensor.toArray(Layer.maxPool1d({ kernelSize: 2 }).apply({})(x))).toEqual([Number.NaN, 3, -Infinity])
  })
  test('shares the derivative of a tie', () => {
    const pool = Layer.maxPool1d({ kernelSize: 2, stride: 1 })
    const slope = grad((x: Tensor.Tensor<[3]>) => pipe(pool.apply({})(x), Tensor.sum()))
    expect(Tensor.toArray(slope(Tensor.tensor([2, 2, 1])))).toEqual([0.5, 1.5, 0])
    const plane = grad((x: Tensor.Tensor<[2, 2]>) =>
      pipe(Layer.maxPool2d({ kernelSize: 2 }).apply({})(x), Tensor.sum())
    )
    expect(pipe(plane(Tensor.zeros([2, 2])), Tensor.toArray)).toEqual([
      [0.25, 0.25],
      [0.25, 0.25]
    ])
  })
  test('of everything is what it reduces to', () => {
    const x = Random.normal([2, 3, 4, 5], double)(Random.key(1))
    near(1e-12)(Layer.adaptiveAvgPool2d(1).apply({})(x), pipe(x, Tensor.mean({ axis: [-1, -2], keepDimensions: true })))
    near(0)(Layer.adaptiveMaxPool2d([4, 5]).apply({})(x), x)
  })
  test('looks at windows where they lie: compiled, none is copied', () => {
    const pool = Layer.maxPool2d({ kernelSize: 3, stride: 2 })
    const x = Random.normal([2, 9, 9])(Random.key(1))
    const { equations } = prepare(Program.trace(pool.apply({}))(x))
    expect(equations.map(e => e.primitive.name)).toEqual(['windows', 'fused', 'windows', 'fused'])
    near(0)(jit(pool.apply({}))(x), pool.apply({})(x))
  })
})

describe('mistakes', () => {
  const size = (n: number): number => n
  test('settings', () => {
    expect(() => Layer.maxPool2d({ kernelSize: 0 })).toThrow(
      'Layer.maxPool2d: kernelSize is 0; it must be a whole number of 1 or more'
    )
    expect(() => Layer.avgPool1d({ kernelSize: 2, stride: 0.5 })).toThrow(
      'Layer.avgPool1d: stride is 0.5; it must be a whole number of 1 or more'
    )
    expect(() => Layer.maxPool1d({ kernelSize: 2, dilation: 0 })).toThrow(
      'Layer.maxPool1d: dilation is 0; it must be a whole number of 1 or more'
    )
    expect(() => Layer.maxPool1d({ kernelSize: 2, padding: -1 })).toThrow(
      'Layer.maxPool1d: padding is -1; it must be a whole number of 0 or more'
    )
    expect(() => Layer.maxPool2d({ kernelSize: 3, padding: [1, 2] })).toThrow(
      'Layer.maxPool2d: padding is 2; it must be at most half of the kernel size 3, so that no window is padding alone'
    )
    expect(() => Layer.avgPool2d({ kernelSize: [2] as never })).toThrow(
      'Layer.avgPool2d: kernelSize is [2]; it must be one number, or 2'
    )
    expect(() => Layer.adaptiveAvgPool2d([2, 0])).toThrow(
      'Layer.adaptiveAvgPool2d: outputSize is 0; it must be a whole number of 1 or more'
    )
  })
  test('inputs', () => {
    expect(() => Layer.maxPool2d({ kernelSize: [2, 3] }).apply({})(Tensor.ones([4, 5, 2]))).toThrow(
      'maxPool2d: windows of [2, 3] do not fit into [5, 2]'
    )
    const wide = Layer.maxPool1d({ kernelSize: size(3), padding: 1, dilation: 4 })
    expect(() => wide.apply({})(Tensor.ones([4]))).toThrow(
      'maxPool1d: windows of 3 do not fit into [4] with padding 1 with dilation 4'
    )
    expect(() => Layer.sequential(Layer.unflatten([size(3), 2]), Layer.avgPool1d({ kernelSize: size(4) }))).toThrow(
      'sequential: layer 1 (avgPool1d): windows of 4 do not fit into [2]'
    )
    expect(() => Layer.avgPool2d({ kernelSize: size(2) }).apply({})(Tensor.ones([4]) as never)).toThrow(
      'avgPool2d: input [4] does not end in [?, ?]'
    )
    expect(() => Layer.adaptiveMaxPool1d(2).apply({})(Tensor.zeros([3, 0]))).toThrow(
      'adaptiveMaxPool1d: input [0] has no elements to pool'
    )
  })
})

test('printed as PyTorch prints them', () => {
  expect(
    [
      Layer.maxPool1d({ kernelSize: 2 }),
      Layer.maxPool2d({ kernelSize: [2, 3], ceilMode: true }),
      Layer.avgPool1d({ kernelSize: 2, padding: 1 }),
      Layer.avgPool2d({ kernelSize: 2 }),
      Layer.adaptiveAvgPool1d(3),
      Layer.adaptiveAvgPool2d(1),
      Layer.adaptiveMaxPool2d([1, 2])
    ].map(Layer.show)
  ).toEqual([
    'MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)',
    'MaxPool2d(kernel_size=(2, 3), stride=(2, 3), padding=0, dilation=1, ceil_mode=True)',
    'AvgPool1d(kernel_size=(2,), stride=(2,), padding=(1,))',
    'AvgPool2d(kernel_size=2, stride=2, padding=0)',
    'AdaptiveAvgPool1d(output_size=3)',
    'AdaptiveAvgPool2d(output_size=1)',
    'AdaptiveMaxPool2d(output_size=(1, 2))'
  ])
})
