/** Convolutions against loops, what they are in special cases, and what they say of settings and inputs that do not fit. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jit, Layer, pipe, Random, Tensor } from '../../src/index.js'
import * as _ from '../../src/layer/convolution.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
const seeds = fc.nat(1e6)
interface Params {
  readonly weight: Tensor.Tensor
  readonly bias?: Tensor.Tensor
}
const apply =
  (layer: Layer.AnyLayer, params: Params) =>
  (x: Tensor.Tensor): Tensor.Tensor =>
    (layer as Layer.Layer<unknown, [], []>).apply(params)(x as never)

/** Settings along three axes. */
interface Settings {
  readonly kernelSize: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[] | 'same'
  readonly dilation: readonly number[]
  readonly groups: number
  readonly bias: boolean
}
type Volume = number[][][][]
/** The definition, one sum after the other. */
const byHand = (x: Volume, weight: Volume[], bias: readonly number[], settings: Settings): Volume => {
  const { kernelSize, stride, padding, dilation, groups } = settings
  const image = [x[0]!.length, x[0]![0]!.length, x[0]![0]![0]!.length]
  const reach = kernelSize.map((size, axis) => dilation[axis]! * (size - 1))
  // What keeps a size is half before, and what is left behind.
  const before = padding === 'same' ? reach.map(zeros => Math.floor(zeros / 2)) : padding
  const [D, H, W] = image.map((size, axis) =>
    padding === 'same' ? size : Math.floor((size + 2 * padding[axis]! - reach[axis]! - 1) / stride[axis]!) + 1
  ) as [number, number, number]
  const at = (i: number, k: number, axis: number) => i * stride[axis]! + k * dilation[axis]! - before[axis]!
  return weight.map((kernels, o) => {
    const first = Math.floor(o / (weight.length / groups)) * kernels.length
    return Array.from({ length: D }, (_, d) =>
      Array.from({ length: H }, (_, h) =>
        Array.from({ length: W }, (_, w) => {
          let sum = bias[o]!
          for (let c = 0; c < kernels.length; c++)
            for (let i = 0; i < kernelSize[0]!; i++)
              for (let j = 0; j < kernelSize[1]!; j++)
                for (let k = 0; k < kernelSize[2]!; k++)
                  sum += kernels[c]![i]![j]![k]! * (x[first + c]![at(d, i, 0)]?.[at(h, j, 1)]?.[at(w, k, 2)] ?? 0)
          return sum
        })
      )
    )
  })
}

describe('against loops', () => {
  const few = fc.integer({ min: 1, max: 3 })
  const two = fc.integer({ min: 1, max: 2 })
  /** Settings along so many axes, and as many in front along which nothing happens. */
  const cases = (axes: number) => {
    const each = (value: fc.Arbitrary<number>, otherwise: number) =>
      fc
        .array(value, { minLength: axes, maxLength: axes })
        .map(own => [...Array.from({ length: 3 - axes }, () => otherwise), ...own])
    return fc
      .record({
        kernelSize: each(axes === 3 ? two : few, 1),
        stride: each(few, 1),
        padding: each(fc.nat(2), 0),
        dilation: each(two, 1),
        groups: two,
        bias: fc.boolean(),
        same: fc.boolean(),
        channels: fc.tuple(two, two),
        more: each(fc.nat(axes === 3 ? 1 : 3), 0),
        seed: seeds
      })
      .map(({ same, channels: [ins, outs], more, seed, ...rest }) => {
        const settings: Settings = { ...rest, ...(same ? { padding: 'same' as const, stride: [1, 1, 1] } : {}) }
        const image = more.map((n, axis) => (rest.kernelSize[axis]! - 1) * rest.dilation[axis]! + 1 + n)
        const channels = [ins * rest.groups, outs * rest.groups] as const
        return { settings, image, channels, seed }
      })
  }
  const layers = [_.conv1d, _.conv2d, _.conv3d] as unknown as readonly ((
    ...of: readonly [number, number, object]
  ) => Layer.AnyLayer)[]
  test.each([1, 2, 3])('along %d axes: strides, paddings, dilations, groups', axes => {
    fc.assert(
      fc.property(cases(axes), ({ settings, image, channels: [ins, outs], seed }) => {
        const { groups, bias, ...rest } = settings
        const own = Object.fromEntries(
          Object.entries(rest).map(([name, value]) => [name, value === 'same' ? value : value.slice(3 - axes)])
        )
        const layer = layers[axes - 1]!(ins, outs, { ...own, groups, bias })
        const weight = random([outs, ins / groups, ...settings.kernelSize], seed)
        const offset = random([outs], seed + 1)
        const x = random([ins, ...image], seed + 2)
        const expected = byHand(
          Tensor.toArray(x) as Volume,
          Tensor.toArray(weight) as Volume[],
          bias ? [...Tensor.toData(offset)] : Array.from({ length: outs }, () => 0),
          settings
        )
        const wanted = Tensor.tensor(expected as never, double) as Tensor.Tensor
        const within = (y: Tensor.Tensor, lead: number): Tensor.Tensor => {
          const shape = Tensor.shape(y)
          return Tensor.reshape([...shape.slice(0, lead), ...shape.slice(lead + 3 - axes)])(y) as Tensor.Tensor
        }
        const params = { weight: within(weight, 2), ...(bias ? { bias: offset } : {}) }
        near(1e-12)(apply(layer, params)(within(x, 1)), within(wanted, 1))
      }),
      { numRuns: 30 }
    )
  })
  test('what keeps an even kernel’s size has one zero more behind, as in PyTorch', () => {
    const layer = _.conv1d(1, 1, { kernelSize: 2, padding: 'same', bias: false })
    const weight = Tensor.tensor([[[1, 10]]], double)
    expect(Tensor.toArray(layer.apply({ weight })(Tensor.tensor([[1, 2, 3]], double)))).toEqual([[21, 32, 3]])
  })
})

describe('a convolution', () => {
  const x = random([2, 3, 4, 5], 1)
  /** `[…, C, H, W]` with the channels last, and back. */
  const channelsLast = Tensor.permute([0, 2, 3, 1])
  test('of kernels of one element is a linear layer at every place', () => {
    const [weight, bias] = [random([6, 3], 2), random([6], 3)]
    const conv = _.conv2d(3, 6, { kernelSize: 1 })
    const linear = Layer.linear(3, 6).apply({ weight, bias } as never)(channelsLast(x) as never)
    const params = { weight: Tensor.reshape([6, 3, 1, 1])(weight) as Tensor.Tensor, bias }
    near(1e-13)(channelsLast(apply(conv, params)(x)), linear)
  })
  test('of kernels as large as the image is a linear layer of the whole', () => {
    const [weight, bias] = [random([6, 3, 4, 5], 2), random([6], 3)]
    const linear = Layer.linear(60, 6).apply({ weight: Tensor.reshape([6, 60])(weight), bias } as never)
    const whole = apply(_.conv2d(3, 6, { kernelSize: [4, 5] }), { weight, bias })(x)
    near(1e-12)(
      whole,
      pipe(x, Tensor.reshape([2, 60]), y => linear(y as never), Tensor.reshape([2, 6, 1, 1]))
    )
  })
  test('of kernels with one 1 in the middle is the identity', () => {
    const delta = (channels: number): Tensor.Tensor =>
      pipe(Tensor.eye(channels, double), Tensor.reshape([channels, channels, 1, 1]), y =>
        Tensor.pad([
          [0, 0],
          [0, 0],
          [1, 1],
          [1, 1]
        ])(y)
      )
    for (const padding of [1, 'same'] as const)
      near(0)(apply(_.conv2d(3, 3, { kernelSize: 3, padding, bias: false }), { weight: delta(3) })(x), x)
  })
  test('in as many groups as channels takes each by itself', () => {
    const weight = random([3, 1, 2, 2], 2)
    const each = [0, 1, 2].map(c => {
      const part = (axis: number) => Tensor.slice({ axis, start: c, stop: c + 1 })
      const alone = _.conv2d(1, 1, { kernelSize: 2, bias: false })
      return apply(alone, { weight: part(0)(weight) })(part(1)(x))
    })
    const depthwise = _.conv2d(3, 3, { kernelSize: 2, groups: 3, bias: false })
    near(1e-13)(apply(depthwise, { weight })(x), Tensor.concat(1)(each))
  })
  test('with dilation is one whose kernel has zeros between', () => {
    const weight = random([2, 3, 2, 2], 2)
    const zeros = Tensor.zeros([2, 3, 2, 1], double)
    const column = (k: number) => Tensor.slice({ axis: 3, start: k, stop: k + 1 })(weight)
    const spread = Tensor.concat(3)([column(0), zeros, column(1)]) as Tensor.Tensor
    const dilated = _.conv2d(3, 2, { kernelSize: 2, dilation: [1, 2], bias: false })
    const plain = _.conv2d(3, 2, { kernelSize: [2, 3], bias: false })
    near(1e-13)(apply(dilated, { weight })(x), apply(plain, { weight: spread })(x))
  })
  test('takes any leading axes, each example by itself, compiled too', () => {
    const conv = _.conv2d(3, 2, { kernelSize: 2, stride: [1, 2], padding: [0, 1] })
    const params = Layer.initialize(conv, double)(Random.key(1))
    const run = apply(conv, params)
    const many = random([2, 3, 3, 4, 5], 4)
    const at = (y: Tensor.Tensor): Tensor.Tensor => pipe(y, Tensor.select(0, 1), Tensor.select(0, 2))
    expect(Tensor.shape(run(many))).toEqual([2, 3, 2, 3, 3])
    near(1e-13)(at(run(many)), run(at(many)))
    near(1e-13)(jit(run)(many), run(many))
    expect(Tensor.shape(run(Tensor.zeros([0, 3, 4, 5], double)))).toEqual([0, 2, 3, 3])
  })
  test('begins within ±1/√(weights of one output)', () => {
    const { weight, bias } = Layer.initialize(_.conv2d(8, 64, { kernelSize: [2, 4], groups: 2 }), double)(Random.key(1))
    const most = (w: Tensor.Tensor): number => pipe(w, Tensor.abs, Tensor.max(), Tensor.item)
    expect(Tensor.shape(weight)).toEqual([64, 4, 2, 4])
    expect(most(weight) * Math.sqrt(32)).toBeGreaterThan(0.99)
    expect(most(weight) * Math.sqrt(32)).toBeLessThanOrEqual(1)
    expect(most(bias) * Math.sqrt(32)).toBeLessThanOrEqual(1)
  })
})

test('printed as PyTorch prints them', () => {
  const layers: readonly Layer.AnyLayer[] = [
    _.conv1d(2, 3, { kernelSize: 5, stride: 2, padding: 2 }),
    _.conv2d(1, 8, { kernelSize: 3 }),
    _.conv2d(4, 6, { kernelSize: [3, 5], padding: 'same', dilation: 2, groups: 2, bias: false }),
    _.conv2d(4, 8, { kernelSize: 3, stride: [2, 1], padding: [1, 0] }),
    _.conv3d(1, 2, { kernelSize: [1, 3, 3] })
  ]
  expect(layers.map(Layer.show)).toEqual([
    'Conv1d(2, 3, kernel_size=(5,), stride=(2,), padding=(2,))',
    'Conv2d(1, 8, kernel_size=(3, 3), stride=(1, 1))',
    'Conv2d(4, 6, kernel_size=(3, 5), stride=(1, 1), padding=same, dilation=(2, 2), groups=2, bias=False)',
    'Conv2d(4, 8, kernel_size=(3, 3), stride=(2, 1), padding=(1, 0))',
    'Conv3d(1, 2, kernel_size=(1, 3, 3), stride=(1, 1, 1))'
  ])
})

describe('mistakes', () => {
  const size = (n: number): number => n
  const whole = (least: number): string => `it must be a whole number of ${least} or more`
  test('settings', () => {
    const kernelSize = 3
    expect(() => _.conv1d(0, 1, { kernelSize })).toThrow(`Layer.conv1d: inChannels is 0; ${whole(1)}`)
    expect(() => _.conv2d(1, 1.5, { kernelSize })).toThrow(`Layer.conv2d: outChannels is 1.5; ${whole(1)}`)
    expect(() => _.conv2d(1, 1, { kernelSize: [3, 0] })).toThrow(`Layer.conv2d: kernelSize is 0; ${whole(1)}`)
    expect(() => _.conv2d(1, 1, { kernelSize, stride: 0.5 })).toThrow(`Layer.conv2d: stride is 0.5; ${whole(1)}`)
    expect(() => _.conv2d(1, 1, { kernelSize, dilation: 0 })).toThrow(`Layer.conv2d: dilation is 0; ${whole(1)}`)
    expect(() => _.conv2d(1, 1, { kernelSize, padding: -1 })).toThrow(`Layer.conv2d: padding is -1; ${whole(0)}`)
    expect(() => _.conv2d(1, 1, { kernelSize, groups: 0 })).toThrow(`Layer.conv2d: groups is 0; ${whole(1)}`)
    expect(() => _.conv2d(1, 1, { kernelSize, size: [0, 5] })).toThrow(`Layer.conv2d: size is 0; ${whole(1)}`)
    expect(() => _.conv3d(1, 1, { kernelSize: [3, 3] as never })).toThrow(
      'Layer.conv3d: kernelSize is [3, 3]: 2 numbers for 3 axes; give 3, or one for all'
    )
    expect(() => _.conv1d(1, 1, { kernelSize, stride: [1, 2] as never })).toThrow(
      'Layer.conv1d: stride is [1, 2]: 2 numbers for 1 axis; give 1, or one for all'
    )
    expect(() => _.conv2d(4, 6, { kernelSize, groups: size(4) })).toThrow(
      'Layer.conv2d: groups is 4, which does not divide outChannels, 6; its divisors are 1, 2, 3, 6'
    )
    expect(() => _.conv2d(6, 4, { kernelSize, groups: size(4) })).toThrow(
      'Layer.conv2d: groups is 4, which does not divide inChannels, 6; its divisors are 1, 2, 3, 6'
    )
    expect(() => _.conv2d(1, 1, { kernelSize, padding: 'same', stride: size(2) } as never)).toThrow(
      "Layer.conv2d: padding 'same' keeps extents at stride 1 only, not at stride [2, 2]; give the padding as a number"
    )
  })
  test('inputs', () => {
    const conv = _.conv2d(3, 1, { kernelSize: [5, 2], bias: false })
    const run = apply(conv, { weight: Tensor.ones([1, 3, 5, 2]) })
    expect(() => run(Tensor.ones([2, 4, 6, 6]))).toThrow('conv2d: input [2, 4, 6, 6] does not end in [3, ?, ?]')
    expect(() => run(Tensor.ones([6, 6]))).toThrow('conv2d: input [6, 6] does not end in [3, ?, ?]')
    expect(() => run(Tensor.ones([3, 3, 6]))).toThrow(
      'conv2d: a kernel of 5 × 2 does not fit into an image of 3 × 6 padded to 3 × 6; a padding of 1 along axis -2 would do'
    )
    const wide = _.conv1d(1, 1, { kernelSize: 3, dilation: 4, padding: 1, bias: false })
    expect(() => apply(wide, { weight: Tensor.ones([1, 1, 3]) })(Tensor.ones([1, 4]))).toThrow(
      'conv1d: a kernel of 3, which reaches over 9 elements, does not fit into an image of 4 padded to 6; a padding of 3 along axis -1 would do'
    )
    const sized = _.conv2d(1, 1, { kernelSize: 3, size: [8, 8] }) as Layer.AnyLayer
    expect(() => apply(sized, Layer.initialize(sized)(Random.key(1)) as Params)(Tensor.ones([1, 8, 9]))).toThrow(
      'conv2d: input [1, 8, 9] does not end in [1, 8, 8]'
    )
    expect(() => _.conv2d(1, 1, { kernelSize: 3, size: [8, size(2)] })).toThrow(
      'conv2d: a kernel of 3 × 3 does not fit into an image of 8 × 2 padded to 8 × 2'
    )
    expect(() => apply(conv, { weight: Tensor.ones([1, 3, 2, 5]) })(Tensor.ones([3, 6, 6]))).toThrow(
      'conv2d: weight is [1, 3, 2, 5], and should be [1, 3, 5, 2]; are these parameters of another model?'
    )
    expect(() =>
      apply(_.conv1d(1, 2, { kernelSize: 1 }), { weight: Tensor.ones([2, 1, 1]) })(Tensor.ones([1, 4]))
    ).toThrow("conv1d: the parameters have no 'bias'; are they of another model?")
  })
})
