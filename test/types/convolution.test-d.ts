/** Convolutions when compiling: sizes follow from sizes, and what does not fit does not compile. */
import { expectTypeOf, test } from 'vitest'
import * as _ from '../../src/Layer.js'
import type { Key } from '../../src/random/key.js'
import * as Tensor from '../../src/Tensor.js'

type T<S extends readonly number[]> = Tensor.Tensor<S>
declare const key: Key
declare const n: number
declare const settings: { readonly stride: number }
const { zeros } = Tensor
const { conv1d, conv2d, conv3d, convTranspose1d, convTranspose2d, flatten, linear, reshape, sequential, relu } = _

test('parameters have PyTorch’s layouts', () => {
  expectTypeOf(_.initialize(conv2d(3, 8, { kernelSize: 3 }))(key)).toEqualTypeOf<{
    readonly weight: T<[8, 3, 3, 3]>
    readonly bias: T<[8]>
  }>()
  expectTypeOf(_.initialize(conv2d(4, 8, { kernelSize: [3, 5], groups: 2, bias: false }))(key)).toEqualTypeOf<{
    readonly weight: T<[8, 2, 3, 5]>
  }>()
  expectTypeOf(_.initialize(conv1d(2, 3, { kernelSize: 4 }))(key).weight).toEqualTypeOf<T<[3, 2, 4]>>()
  expectTypeOf(_.initialize(conv3d(2, 3, { kernelSize: 4 }))(key).weight).toEqualTypeOf<T<[3, 2, 4, 4, 4]>>()
  expectTypeOf(_.initialize(convTranspose1d(4, 6, { kernelSize: 3, groups: 2 }))(key).weight).toEqualTypeOf<
    T<[4, 3, 3]>
  >()
  expectTypeOf(_.initialize(convTranspose2d(4, 6, { kernelSize: 3 }))(key).weight).toEqualTypeOf<T<[4, 6, 3, 3]>>()
})

test('a layer by itself knows its channels, and the sizes that it was told', () => {
  const open = conv2d(1, 8, { kernelSize: 3 })
  expectTypeOf(open.apply(_.initialize(open)(key))(zeros([5, 1, 28, 28]))).toEqualTypeOf<T<[5, 8, number, number]>>()
  const told = conv2d(1, 8, { kernelSize: 3, size: [28, 20] })
  expectTypeOf(told.apply(_.initialize(told)(key))(zeros([5, 1, 28, 20]))).toEqualTypeOf<T<[5, 8, 26, 18]>>()
  // @ts-expect-error 3 channels
  open.apply(_.initialize(open)(key))(zeros([5, 3, 28, 28]))
  // @ts-expect-error another size
  told.apply(_.initialize(told)(key))(zeros([5, 1, 28, 28]))
})

test('sizes follow through a network', () => {
  const network = sequential(
    conv2d(1, 8, { kernelSize: 3, size: [28, 28] }),
    relu,
    conv2d(8, 16, { kernelSize: 3, stride: 2, padding: 1 }),
    sequential(relu, conv2d(16, 4, { kernelSize: [1, 3], padding: 'same' })),
    convTranspose2d(4, 2, { kernelSize: 4, stride: 2, padding: 1 }),
    flatten(3),
    linear(1352, 10)
  )
  expectTypeOf(network.apply(_.initialize(network)(key))(zeros([64, 1, 28, 28]))).toEqualTypeOf<T<[64, 10]>>()
  const images = sequential(reshape([784], [1, 28, 28]), conv2d(1, 8, { kernelSize: 3 }), relu)
  expectTypeOf<_.Output<typeof images>>().toEqualTypeOf<[8, 26, 26]>()
  const sequences = sequential(
    conv1d(2, 3, { kernelSize: 3, dilation: 2, size: [20] }),
    convTranspose1d(3, 2, { kernelSize: 3, dilation: 2 })
  )
  expectTypeOf<_.Output<typeof sequences>>().toEqualTypeOf<[2, 20]>()
  const volumes = sequential(conv3d(1, 2, { kernelSize: [1, 2, 3], size: [4, 5, 6] }))
  expectTypeOf<_.Output<typeof volumes>>().toEqualTypeOf<[2, 4, 4, 4]>()
})

test('sizes that are not known', () => {
  const layers = sequential(conv2d(1, 8, { kernelSize: n, size: [28, 28] }), relu)
  expectTypeOf<_.Output<typeof layers>>().toEqualTypeOf<[8, number, number]>()
  const stepped = sequential(conv2d(1, 8, { kernelSize: 3, size: [28, 28], ...settings }))
  expectTypeOf<_.Output<typeof stepped>>().toEqualTypeOf<[8, number, number]>()
})

test('what does not fit', () => {
  // @ts-expect-error 8 channels are not 16
  sequential(conv2d(1, 8, { kernelSize: 3 }), relu, conv2d(16, 8, { kernelSize: 3 }))
  // @ts-expect-error 8 · 26 · 26 is 5408
  sequential(conv2d(1, 8, { kernelSize: 3, size: [28, 28] }), flatten(3), linear(5407, 10))
  // @ts-expect-error a kernel of 5 in an image of 3
  sequential(conv2d(1, 8, { kernelSize: 3, size: [5, 5] }), conv2d(8, 8, { kernelSize: 5 }))
  // @ts-expect-error the same inside another sequence
  sequential(conv2d(1, 8, { kernelSize: 3, size: [5, 5] }), sequential(relu, conv2d(8, 8, { kernelSize: 5 })))
  // @ts-expect-error a setting that there is not
  conv2d(1, 8, { kernelSize: 3, strides: 2 })
  // @ts-expect-error three numbers for two axes
  conv2d(1, 8, { kernelSize: [3, 3, 3] })
  // @ts-expect-error the kernel is missing
  conv2d(1, 8, {})
  // @ts-expect-error a transpose has sizes of its own
  convTranspose2d(1, 8, { kernelSize: 3, padding: 'same' })
})

test('functions of tensors', () => {
  const weight = zeros([4, 3, 3, 3])
  expectTypeOf(Tensor.conv2d()(weight)(zeros([5, 3, 8, 8]))).toEqualTypeOf<T<[5, 4, 6, 6]>>()
  expectTypeOf(Tensor.conv2d({ stride: 2, padding: [1, 0] })(weight)(zeros([3, 8, 8]))).toEqualTypeOf<T<[4, 4, 3]>>()
  expectTypeOf(Tensor.conv2d({ groups: 2 })(weight)(zeros([6, 8, 8]))).toEqualTypeOf<T<[4, 6, 6]>>()
  expectTypeOf(Tensor.convTranspose2d({ stride: 2, groups: 2 })(weight)(zeros([4, 8, 8]))).toEqualTypeOf<
    T<[6, 17, 17]>
  >()
  expectTypeOf(Tensor.conv1d()(zeros([2, 3, 4]))(zeros([n, 3, n]))).toEqualTypeOf<T<[number, 2, number]>>()
  expectTypeOf(Tensor.conv3d({ padding: 'same' })(zeros([2, 1, 3, 3, 3]))(zeros([1, 4, 5, 6]))).toEqualTypeOf<
    T<[2, 4, 5, 6]>
  >()
  // @ts-expect-error 4 channels are not 3
  Tensor.conv2d()(weight)(zeros([5, 4, 8, 8]))
  // @ts-expect-error no image
  Tensor.conv2d()(weight)(zeros([8, 8]))
  // @ts-expect-error a kernel of 3 in an image of 2
  Tensor.conv2d()(weight)(zeros([3, 2, 2]))
  // @ts-expect-error a setting that there is not
  Tensor.conv2d({ strides: 2 })
})
