/** Pools, norms and layers that change shapes, when compiling: literal sizes are computed, and what does not fit does not compile. */
import { expectTypeOf, test } from 'vitest'
import * as _ from '../../src/Layer.js'
import type { Key } from '../../src/random/key.js'
import type { Shape } from '../../src/structure/shape-types.js'
import * as Tensor from '../../src/Tensor.js'

type T<S extends Shape = Shape> = Tensor.Tensor<S>
type Affine<S extends Shape> = { readonly weight: T<S>; readonly bias: T<S> }
const { sequential, linear, zeros } = { ..._, ...Tensor }

declare const key: Key
declare const n: number
declare const flag: boolean
/** A layer that says exactly what comes in. */
const input = <const S extends Shape>(...sizes: S) => _.reshape<S, S>(sizes, sizes as never)
type Out<L extends _.AnyLayer> = _.Output<L>

test('pools give the sizes of their windows', () => {
  const halved = sequential(input(3, 28, 20), _.maxPool2d({ kernelSize: 2 }))
  expectTypeOf<Out<typeof halved>>().toEqualTypeOf<[3, 14, 10]>()
  const each = sequential(input(3, 28, 20), _.maxPool2d({ kernelSize: [3, 2], stride: [2, 1], padding: [1, 0] }))
  expectTypeOf<Out<typeof each>>().toEqualTypeOf<[3, 14, 19]>()
  const wide = sequential(input(10), _.maxPool1d({ kernelSize: 3, stride: 1, dilation: 2 }))
  expectTypeOf<Out<typeof wide>>().toEqualTypeOf<[6]>()
  const means = sequential(input(4, 9), _.avgPool1d({ kernelSize: 3 }))
  expectTypeOf<Out<typeof means>>().toEqualTypeOf<[4, 3]>()
  const plane = sequential(input(4, 9, 9), _.avgPool2d({ kernelSize: 3, stride: 2, countIncludePad: false }))
  expectTypeOf<Out<typeof plane>>().toEqualTypeOf<[4, 4, 4]>()
})
test('where that is not literal, or windows may reach beyond the end, sizes are known at run time', () => {
  const some = sequential(input(3, 28, 20), _.maxPool2d({ kernelSize: n }))
  expectTypeOf<Out<typeof some>>().toEqualTypeOf<[3, number, number]>()
  const ceil = sequential(input(3, 28, 20), _.maxPool2d({ kernelSize: 2, ceilMode: true }))
  expectTypeOf<Out<typeof ceil>>().toEqualTypeOf<[3, number, number]>()
  const maybe = sequential(input(3, 28, 20), _.avgPool2d({ kernelSize: 2, ceilMode: flag }))
  expectTypeOf<Out<typeof maybe>>().toEqualTypeOf<[3, number, number]>()
})
test('adaptive pools give what they are asked for', () => {
  expectTypeOf<Out<ReturnType<typeof _.adaptiveAvgPool1d<7>>>>().toEqualTypeOf<[7]>()
  const one = sequential(input(3, 28, 20), _.adaptiveAvgPool2d(1))
  expectTypeOf<Out<typeof one>>().toEqualTypeOf<[3, 1, 1]>()
  const pair = sequential(input(3, 28, 20), _.adaptiveMaxPool2d([2, 5]))
  expectTypeOf<Out<typeof pair>>().toEqualTypeOf<[3, 2, 5]>()
  expectTypeOf(_.adaptiveAvgPool2d(1).apply({})(zeros([8, 3, 7, 5]))).toEqualTypeOf<T<[8, 3, 1, 1]>>()
})
test('settings that cannot be', () => {
  // @ts-expect-error a window has a size
  _.maxPool2d({})
  // @ts-expect-error two axes
  _.maxPool2d({ kernelSize: [2, 2, 2] })
  // @ts-expect-error only the largest has neighbours apart
  _.avgPool2d({ kernelSize: 2, dilation: 2 })
  // @ts-expect-error images have two axes
  _.upsample({ factor: [2, 2, 2] })
  // @ts-expect-error two modes
  _.upsample({ factor: 2, mode: 'cubic' })
})

test('a network of images', () => {
  const network = sequential(
    input(1, 28, 28),
    _.batchNorm2d(1),
    _.maxPool2d({ kernelSize: 2 }),
    _.dropout2d(),
    _.groupNorm(1, 1),
    _.avgPool2d({ kernelSize: 2 }),
    _.flatten(3),
    linear(49, 10)
  )
  const [params, x] = [_.initialize(network)(key), zeros([64, 1, 28, 28])]
  expectTypeOf(network.apply(params, network.buffers)(x)).toEqualTypeOf<T<[64, 10]>>()
  expectTypeOf<_.Buffers<typeof network>>().toEqualTypeOf<{ readonly 1: _.RunningStatistics<1> }>()
  // @ts-expect-error 14 · 14 is 196
  sequential(input(1, 28, 28), _.maxPool2d({ kernelSize: 2 }), _.flatten(3), linear(49, 10))
  // @ts-expect-error windows of 30 do not fit into [28, 28]
  sequential(input(1, 28, 28), _.maxPool2d({ kernelSize: 30 }))
  expectTypeOf(sequential(input(1, 28, 28), _.maxPool2d({ kernelSize: 28 }))).toHaveProperty('apply')
  // @ts-expect-error one channel is not two
  sequential(input(1, 28, 28), _.batchNorm2d(2))
  const convolutions = sequential(
    _.conv2d(1, 8, { kernelSize: 3, size: [28, 28] }),
    _.relu,
    _.maxPool2d({ kernelSize: 2 }),
    _.flatten(3),
    linear(1352, 10)
  )
  expectTypeOf<_.Output<typeof convolutions>>().toEqualTypeOf<[10]>()
  // Without an input the sizes are known at run time only.
  expectTypeOf(sequential(_.maxPool2d({ kernelSize: 2 }), _.flatten(3), linear(49, 10))).toHaveProperty('apply')
})

test('flatten multiplies, unflatten divides', () => {
  expectTypeOf(_.flatten([3, 4, 5]).apply({})(zeros([8, 3, 4, 5]))).toEqualTypeOf<T<[8, 60]>>()
  expectTypeOf(_.flatten(2).apply({})(zeros([8, 3, 4, 5]))).toEqualTypeOf<T<[8, 3, number]>>()
  const flat = sequential(input(3, 4, 5), _.flatten(2))
  expectTypeOf<Out<typeof flat>>().toEqualTypeOf<[3, 20]>()
  expectTypeOf<_.Input<ReturnType<typeof _.flatten<3>>>>().toEqualTypeOf<[number, number, number]>()
  expectTypeOf(_.flatten(n).apply({})(zeros([8, 3]))).toExtend<T>()
  expectTypeOf(_.unflatten([3, 4]).apply({})(zeros([8, 12]))).toEqualTypeOf<T<[8, 3, 4]>>()
  // @ts-expect-error 3 · 4 is 12
  _.unflatten([3, 4]).apply({})(zeros([8, 11]))
  // @ts-expect-error the last axes are others
  _.flatten([3, 4]).apply({})(zeros([8, 3, 5]))
})
test('reshape counts elements', () => {
  expectTypeOf(_.reshape([6, 4], [3, -1]).apply({})(zeros([5, 6, 4]))).toEqualTypeOf<T<[5, 3, 8]>>()
  // @ts-expect-error 25 elements are not 24
  _.reshape([6, 4], [5, 5])
})
test('pixels become channels, and channels pixels', () => {
  const up = sequential(input(8, 5, 6), _.pixelShuffle(2))
  expectTypeOf<Out<typeof up>>().toEqualTypeOf<[2, 10, 12]>()
  const down = sequential(up, _.pixelUnshuffle(2))
  expectTypeOf<Out<typeof down>>().toEqualTypeOf<[8, 5, 6]>()
  // @ts-expect-error 6 channels are not a multiple of 4
  sequential(input(6, 5, 6), _.pixelShuffle(2))
  // @ts-expect-error 5 rows are not a multiple of 2
  sequential(input(6, 5, 6), _.pixelUnshuffle(2))
  const larger = sequential(input(3, 5, 6), _.upsample({ factor: [2, 3] }))
  expectTypeOf<Out<typeof larger>>().toEqualTypeOf<[3, 10, 18]>()
  const fraction = sequential(input(3, 5, 6), _.upsample({ factor: 1.5, mode: 'bilinear' }))
  expectTypeOf<Out<typeof fraction>>().toEqualTypeOf<[3, number, number]>()
})

test('norms have parameters of their features', () => {
  expectTypeOf(_.initialize(_.layerNorm(5))(key)).toEqualTypeOf<Affine<[5]>>()
  expectTypeOf(_.initialize(_.layerNorm([3, 4]))(key)).toEqualTypeOf<Affine<[3, 4]>>()
  expectTypeOf(_.initialize(_.rmsNorm(5))(key)).toEqualTypeOf<{ readonly weight: T<[5]> }>()
  expectTypeOf<_.Params<ReturnType<typeof _.layerNorm<5, false>>>>().toEqualTypeOf<_.Empty>()
  expectTypeOf(_.initialize(_.groupNorm(2, 4))(key)).toEqualTypeOf<Affine<[4]>>()
  expectTypeOf(_.initialize(_.batchNorm1d(4))(key)).toEqualTypeOf<Affine<[4]>>()
  expectTypeOf(_.instanceNorm2d(4).apply({})(zeros([2, 4, 5, 6]))).toEqualTypeOf<T<[2, 4, number, number]>>()
  expectTypeOf(_.initialize(_.instanceNorm1d(4, { affine: true }))(key)).toEqualTypeOf<Affine<[4]>>()
  expectTypeOf(_.layerNorm([3, 4], { affine: false }).apply({})(zeros([2, 3, 4]))).toEqualTypeOf<T<[2, 3, 4]>>()
  const sequence = sequential(input(4, 9), _.batchNorm1d(4, { sequence: true }))
  expectTypeOf<Out<typeof sequence>>().toEqualTypeOf<[4, 9]>()
  expectTypeOf<_.Buffers<ReturnType<typeof _.batchNorm2d<4, true, false>>>>().toEqualTypeOf<_.Empty>()
  // @ts-expect-error four features are not five
  _.layerNorm(5, { affine: false }).apply({})(zeros([2, 4]))
  // @ts-expect-error the buffers are missing
  _.batchNorm1d(4).apply(_.initialize(_.batchNorm1d(4))(key))
})
test('an embedding gives vectors for numbers of any shape', () => {
  const words = _.embedding(100, 16)
  expectTypeOf(_.initialize(words)(key)).toEqualTypeOf<{ readonly weight: T<[100, 16]> }>()
  expectTypeOf(words.apply(_.initialize(words)(key))(zeros([8, 5]))).toEqualTypeOf<T<[8, 5, 16]>>()
  const model = sequential(words, linear(16, 4))
  expectTypeOf(model.apply(_.initialize(model)(key))(zeros([8, 5]))).toEqualTypeOf<T<[8, 5, 4]>>()
  // @ts-expect-error vectors of 16 are not of 15
  sequential(words, linear(15, 4))
})
