/** Convolutions of tensors: the layers' sums, with a weight of one's own, and what is said of one that does not fit. */
import { describe, expect, test } from 'vitest'
import { Layer, pipe, Random, Tensor } from '../../src/index.js'
import * as _ from '../../src/operation/convolution.js'
import { convolved } from '../../src/operation/convolution-product.js'
import { geometryOf } from '../../src/operation/convolution-settings.js'
import { near } from '../layer/near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
type Operation = (weight: Tensor.Tensor, options?: object) => (x: Tensor.Tensor) => Tensor.Tensor
const by =
  (operation: unknown): Operation =>
  (weight, options) =>
    (operation as (options?: object) => (weight: Tensor.Tensor) => ReturnType<Operation>)(options)(weight)
const [conv1d, conv2d, conv3d] = [by(_.conv1d), by(_.conv2d), by(_.conv3d)]
const [convTranspose1d, convTranspose2d] = [by(_.convTranspose1d), by(_.convTranspose2d)]

describe('is what the layer of its name does', () => {
  const cases: readonly (readonly [string, Operation, Layer.AnyLayer, object, Tensor.Shape])[] = [
    ['conv1d', conv1d, Layer.conv1d(4, 6, { kernelSize: 3, stride: 2, groups: 2 }), { stride: 2, groups: 2 }, [4, 9]],
    ['conv2d', conv2d, Layer.conv2d(4, 6, { kernelSize: 2, padding: 'same' }), { padding: 'same' }, [4, 3, 5]],
    ['conv3d', conv3d, Layer.conv3d(2, 3, { kernelSize: 2, padding: [0, 1, 0] }), { padding: [0, 1, 0] }, [2, 3, 2, 4]],
    [
      'convTranspose1d',
      convTranspose1d,
      Layer.convTranspose1d(4, 6, { kernelSize: 3, stride: 2 }),
      { stride: 2 },
      [4, 5]
    ],
    [
      'convTranspose2d',
      convTranspose2d,
      Layer.convTranspose2d(4, 6, { kernelSize: 2, dilation: 2 }),
      { dilation: 2 },
      [4, 3, 2]
    ]
  ]
  test.each(cases)('%s', (_name, operation, layer, options, shape) => {
    const params = Layer.initialize(layer, double)(Random.key(1)) as Readonly<Record<'weight' | 'bias', Tensor.Tensor>>
    const x = random([2, ...shape], 2)
    const expected = (layer as Layer.Layer<unknown, [], []>).apply(params)(x as never)
    near(1e-14)(
      pipe(
        x,
        operation(params.weight, options),
        Tensor.add(Tensor.reshape([-1, ...shape.slice(1).map(() => 1)])(params.bias))
      ),
      expected
    )
  })
})

describe('mistakes', () => {
  const weight = Tensor.ones([4, 3, 2, 2])
  const axes = "should have 4 axes, none empty: two of channels, then the kernel's"
  test('of weights and biases', () => {
    const biased = (bias: Tensor.Tensor) =>
      convolved('conv2d', 2, geometryOf('conv2d', 2, {}))(weight, bias)(Tensor.ones([3, 5, 5]))
    expect(() => conv2d(Tensor.ones([4, 3, 2]))(Tensor.ones([3, 5, 5]))).toThrow(`conv2d: the weight [4, 3, 2] ${axes}`)
    expect(() => conv2d(Tensor.ones([4, 3, 0, 2]))(Tensor.ones([3, 5, 5]))).toThrow(
      `conv2d: the weight [4, 3, 0, 2] ${axes}`
    )
    expect(() => convTranspose2d(Tensor.ones([4, 3]))(Tensor.ones([4, 5, 5]))).toThrow(
      `convTranspose2d: the weight [4, 3] ${axes}`
    )
    expect(() => biased(Tensor.ones([3]))).toThrow('conv2d: the bias [3] should be [4]')
    expect(() => biased(Tensor.ones([4, 1]))).toThrow('conv2d: the bias [4, 1] should be [4]')
    expect(() => conv2d(weight, { groups: 3 })(Tensor.ones([9, 5, 5]))).toThrow(
      'conv2d: groups is 3, which does not divide the number of output channels, 4; its divisors are 1, 2, 4'
    )
    expect(() => convTranspose2d(weight, { groups: 3 })(Tensor.ones([4, 5, 5]))).toThrow(
      'convTranspose2d: groups is 3, which does not divide the number of input channels, 4; its divisors are 1, 2, 4'
    )
  })
  test('of images', () => {
    expect(() => conv2d(weight)(Tensor.ones([5, 5]))).toThrow(
      'conv2d: input [5, 5] does not end in [channels, height, width]'
    )
    expect(() => conv1d(Tensor.ones([4, 3, 2]))(Tensor.ones([5]))).toThrow(
      'conv1d: input [5] does not end in [channels, width]'
    )
    expect(() => conv2d(weight)(Tensor.ones([1, 5, 5]))).toThrow(
      'conv2d: input [1, 5, 5] has 1 channel at axis -3, where the weight [4, 3, 2, 2] takes 3'
    )
    expect(() => conv2d(weight, { groups: 2 })(Tensor.ones([3, 5, 5]))).toThrow(
      'conv2d: input [3, 5, 5] has 3 channels at axis -3, where the weight [4, 3, 2, 2] takes 6'
    )
    expect(() => convTranspose2d(weight)(Tensor.ones([3, 5, 5]))).toThrow(
      'convTranspose2d: input [3, 5, 5] has 3 channels at axis -3, where the weight [4, 3, 2, 2] takes 4'
    )
    expect(() => conv2d(weight)(Tensor.ones([3, 5, 1]))).toThrow(
      'conv2d: a kernel of 2 × 2 does not fit into an image of 5 × 1 padded to 5 × 1; a padding of 1 along axis -1 would do'
    )
  })
  test('of settings', () => {
    expect(() => conv2d(weight, { stride: 0 })(Tensor.ones([3, 5, 5]))).toThrow(
      'stride is 0; it must be a whole number'
    )
    expect(() => conv2d(weight, { padding: 'same', stride: [1, 2] })(Tensor.ones([3, 5, 5]))).toThrow(
      "padding 'same' keeps extents at stride 1 only, not at stride [1, 2]; give the padding as a number"
    )
  })
})
