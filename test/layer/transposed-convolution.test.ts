/** Transposed convolutions against loops and against the convolutions that they transpose, and what they say of settings and inputs. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grad, jit, Layer, pipe, Random, Tensor } from '../../src/index.js'
import * as _ from '../../src/layer/transposed-convolution.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
interface Params {
  readonly weight: Tensor.Tensor
  readonly bias?: Tensor.Tensor
}
const apply =
  (layer: Layer.AnyLayer, params: Params) =>
  (x: Tensor.Tensor): Tensor.Tensor =>
    (layer as Layer.Layer<unknown, [], []>).apply(params)(x as never)

const few = fc.integer({ min: 1, max: 3 })
const two = fc.integer({ min: 1, max: 2 })
const pair = (value: fc.Arbitrary<number>) => fc.tuple(value, value)
const cases = fc
  .record({
    kernelSize: pair(few),
    stride: pair(few),
    dilation: pair(two),
    padding: pair(fc.nat(2)),
    outputPadding: pair(fc.nat(2)),
    groups: two,
    bias: fc.boolean(),
    channels: pair(two),
    image: pair(few),
    seed: fc.nat(1e6)
  })
  .map(({ channels: [ins, outs], image, seed, ...settings }) => {
    const { kernelSize, stride, dilation } = settings
    const outputPadding = [0, 1].map(a => settings.outputPadding[a]! % Math.max(stride[a]!, dilation[a]!))
    const wholeOf = (a: number) =>
      (image[a]! - 1) * stride[a]! + dilation[a]! * (kernelSize[a]! - 1) + 1 + outputPadding[a]!
    const padding = [0, 1].map(a => Math.min(settings.padding[a]!, Math.floor((wholeOf(a) - 1) / 2)))
    return {
      settings: { ...settings, outputPadding, padding },
      ins: ins * settings.groups,
      outs: outs * settings.groups,
      image,
      seed
    }
  })

describe('against loops', () => {
  test('each element times the kernel is added where its window lies', () => {
    fc.assert(
      fc.property(cases, ({ settings, ins, outs, image: [h, w], seed }) => {
        const { kernelSize, stride, dilation, padding, outputPadding, groups, bias } = settings
        const weight = random([ins, outs / groups, ...kernelSize], seed)
        const offset = random([outs], seed + 1)
        const x = random([ins, h, w], seed + 2)
        const [weights, numbers] = [Tensor.toArray(weight) as number[][][][], Tensor.toArray(x) as number[][][]]
        const [height, width] = [h, w].map(
          (size, a) =>
            (size - 1) * stride[a]! - 2 * padding[a]! + dilation[a]! * (kernelSize[a]! - 1) + outputPadding[a]! + 1
        ) as [number, number]
        const y = Array.from({ length: outs }, (_, o) =>
          Array.from({ length: height }, () =>
            Array.from({ length: width }, () => (bias ? Tensor.toData(offset)[o]! : 0))
          )
        )
        for (let c = 0; c < ins; c++)
          for (let o = 0; o < outs / groups; o++)
            for (let i = 0; i < h; i++)
              for (let j = 0; j < w; j++)
                for (let k = 0; k < kernelSize[0]; k++)
                  for (let l = 0; l < kernelSize[1]; l++) {
                    const row =
                      y[Math.floor(c / (ins / groups)) * (outs / groups) + o]![
                        i * stride[0] + k * dilation[0] - padding[0]!
                      ]
                    const at = j * stride[1] + l * dilation[1] - padding[1]!
                    if (row?.[at] !== undefined) row[at] += weights[c]![o]![k]![l]! * numbers[c]![i]![j]!
                  }
        const layer = _.convTranspose2d(ins, outs, settings as never) as Layer.AnyLayer
        near(1e-12)(
          apply(layer, bias ? { weight, bias: offset } : { weight })(x),
          Tensor.tensor(y as never, double) as Tensor.Tensor
        )
      }),
      { numRuns: 40 }
    )
  })
  test('along one axis as along two, of which one has one element', () => {
    const settings = { kernelSize: 3, stride: 2, padding: 1, outputPadding: 1, dilation: 2 }
    const [weight, bias, x] = [random([2, 4, 3], 1), random([4], 2), random([5, 2, 6], 3)]
    const flat = {
      kernelSize: [1, 3],
      stride: [1, 2],
      padding: [0, 1],
      outputPadding: [0, 1],
      dilation: [1, 2]
    } as const
    const params = { weight: Tensor.unsqueeze(2)(weight), bias }
    const plane = apply(_.convTranspose2d(2, 4, flat), params)(Tensor.unsqueeze(2)(x))
    near(1e-13)(apply(_.convTranspose1d(2, 4, settings), { weight, bias })(x), Tensor.squeeze(2)(plane))
  })
})

describe('is a convolution’s transpose', () => {
  test('⟨u, conv x⟩ = ⟨convTranspose u, x⟩, with the same weight; and so its slope', () => {
    fc.assert(
      fc.property(cases, ({ settings, ins, outs, image, seed }) => {
        const { outputPadding, bias: __, ...own } = settings
        const weight = random([ins, outs / settings.groups, ...own.kernelSize], seed)
        const back = _.convTranspose2d(ins, outs, { ...settings, bias: false } as never) as Layer.AnyLayer
        const u = random([ins, ...image], seed + 1)
        const transposed = apply(back, { weight })(u)
        const conv = Layer.conv2d(outs, ins, { ...own, bias: false } as never) as Layer.AnyLayer
        const run = apply(conv, { weight })
        const x = random(Tensor.shape(transposed), seed + 2)
        // As many rows more as the stride has would be another window.
        fc.pre(outputPadding.every((extent, a) => extent < own.stride[a]!))
        const sum = (y: Tensor.Tensor) => pipe(run(y), Tensor.mul(u), Tensor.sum()) as Tensor.Tensor<[]>
        const inner = pipe(transposed, Tensor.mul(x), Tensor.sum(), Tensor.item)
        expect(Math.abs(Tensor.item(sum(x)) - inner)).toBeLessThan(1e-11)
        near(1e-12)(grad(sum)(x), transposed)
      }),
      { numRuns: 25 }
    )
  })
  test('gives back the sizes that the convolution rounds down', () => {
    const conv = Layer.conv1d(1, 1, { kernelSize: 3, stride: 2, padding: 1 })
    for (const [outputPadding, length] of [
      [0, 7],
      [1, 8]
    ] as const) {
      const back = _.convTranspose1d(1, 1, { kernelSize: 3, stride: 2, padding: 1, outputPadding })
      const model = Layer.sequential(conv, back)
      const params = Layer.initialize(model)(Random.key(1))
      expect(Tensor.shape(model.apply(params)(Tensor.ones([1, length]) as never))).toEqual([1, length])
    }
  })
})

test('takes any leading axes, compiled too, and begins within ±1/√(second axis · kernel)', () => {
  const layer = _.convTranspose2d(3, 16, { kernelSize: [2, 4], groups: 1, size: [4, 5] })
  const params = Layer.initialize(layer, double)(Random.key(1))
  const run = apply(layer as Layer.AnyLayer, params)
  const x = random([2, 3, 3, 4, 5], 1)
  expect(Tensor.shape(run(x))).toEqual([2, 3, 16, 5, 8])
  const at = (y: Tensor.Tensor): Tensor.Tensor => pipe(y, Tensor.select(0, 1), Tensor.select(0, 2))
  near(1e-13)(at(run(x)), run(at(x)))
  near(1e-13)(jit(run)(x), run(x))
  const most = pipe(params.weight, Tensor.abs, Tensor.max(), Tensor.item) * Math.sqrt(16 * 8)
  expect(most).toBeLessThanOrEqual(1)
  expect(most).toBeGreaterThan(0.98)
})

test('printed as PyTorch prints them', () => {
  const layers: readonly Layer.AnyLayer[] = [
    _.convTranspose1d(3, 2, { kernelSize: 4, stride: 2, padding: 1 }),
    _.convTranspose2d(4, 2, {
      kernelSize: 3,
      stride: 2,
      padding: 1,
      outputPadding: 1,
      groups: 2,
      dilation: 2,
      bias: false
    }),
    _.convTranspose2d(4, 2, { kernelSize: [3, 2] })
  ]
  expect(layers.map(Layer.show)).toEqual([
    'ConvTranspose1d(3, 2, kernel_size=(4,), stride=(2,), padding=(1,))',
    'ConvTranspose2d(4, 2, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2), output_padding=(1, 1), groups=2, bias=False)',
    'ConvTranspose2d(4, 2, kernel_size=(3, 2), stride=(1, 1))'
  ])
})

describe('mistakes', () => {
  const size = (n: number): number => n
  test('settings', () => {
    expect(() => _.convTranspose2d(1, 1, { kernelSize: 3, stride: [2, 3], outputPadding: size(2) })).toThrow(
      'Layer.convTranspose2d: outputPadding is 2; it must be smaller than the stride, 2, or the dilation, 1'
    )
    expect(() => _.convTranspose1d(1, 1, { kernelSize: 3, outputPadding: -1 })).toThrow(
      'Layer.convTranspose1d: outputPadding is -1; it must be a whole number of 0 or more'
    )
    expect(() => _.convTranspose1d(1, 1, { kernelSize: 3, padding: 0.5 })).toThrow(
      'Layer.convTranspose1d: padding is 0.5; it must be a whole number of 0 or more'
    )
    expect(() => _.convTranspose2d(4, 6, { kernelSize: 3, groups: size(4) })).toThrow(
      'Layer.convTranspose2d: groups is 4, which does not divide outChannels, 6; its divisors are 1, 2, 3, 6'
    )
    expect(() => _.convTranspose2d(1, 1, { kernelSize: [1, 2, 3] as never })).toThrow(
      'Layer.convTranspose2d: kernelSize is [1, 2, 3]: 3 numbers for 2 axes; give 2, or one for all'
    )
  })
  test('inputs', () => {
    const layer = _.convTranspose2d(2, 1, { kernelSize: 3, padding: [0, 3], bias: false })
    const run = apply(layer, { weight: Tensor.ones([2, 1, 3, 3]) })
    expect(() => run(Tensor.ones([2, 4, 3]))).toThrow(
      'convTranspose2d: a padding of 3 takes away all 5 elements along axis -1; at most 2 would leave some'
    )
    expect(() => run(Tensor.ones([3, 4, 9]))).toThrow('convTranspose2d: input [3, 4, 9] does not end in [2, ?, ?]')
    expect(() => apply(layer, { weight: Tensor.ones([1, 2, 3, 3]) })(Tensor.ones([2, 4, 9]))).toThrow(
      'convTranspose2d: weight is [1, 2, 3, 3], and should be [2, 1, 3, 3]; are these parameters of another model?'
    )
  })
})
