/** Layers that give the same elements in another shape or order. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Layer, Random, Tensor } from '../../src/index.js'
import { near } from './near.js'

const size = (n: number): number => n
const random = (shape: Tensor.Shape, seed = 1): Tensor.Tensor => Random.normal(shape)(Random.key(seed))

describe('flatten', () => {
  test('makes the last axes one, whatever comes before', () => {
    expect(Tensor.shape(Layer.flatten(3).apply({})(Tensor.zeros([8, 3, 4, 5])))).toEqual([8, 60])
    expect(Tensor.shape(Layer.flatten(2).apply({})(Tensor.zeros([8, 3, 4, 5])))).toEqual([8, 3, 20])
    expect(Tensor.shape(Layer.flatten([3, 4]).apply({})(Tensor.zeros([3, 4])))).toEqual([12])
  })
  test('is undone by unflatten', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), sizes => {
        const x = random([2, ...sizes])
        const flat = Layer.flatten(sizes.length).apply({})(x)
        expect(Tensor.shape(flat)).toEqual([2, sizes.reduce((a, b) => a * b)])
        near(0)(Layer.unflatten(sizes).apply({})(flat as never), x)
      }),
      { numRuns: 20 }
    )
  })
  test('stands between images and features', () => {
    const model = Layer.sequential(
      Layer.maxPool2d({ kernelSize: 2 }),
      Layer.groupNorm(1, 3, { affine: false }),
      Layer.flatten(3),
      Layer.linear(12, 2)
    )
    const params = Layer.initialize(model)(Random.key(1))
    expect(Tensor.shape(model.apply(params)(Tensor.zeros([5, 3, 4, 4])))).toEqual([5, 2])
    expect(Layer.summary(model, [5, 3, 4, 4])).toMatch(/2 +Flatten +\[5, 12\] +0/)
    expect(() => model.apply(params)(Tensor.zeros([5, 3, 4, 6]))).toThrow(
      'matmul at 3: [5, 18] × [12, 2]: inner dimensions 18 and 12 differ'
    )
  })
  test('mistakes', () => {
    expect(() => Layer.flatten(size(0))).toThrow(
      'Layer.flatten: the number of axes is 0; it must be a whole number of 1 or more'
    )
    expect(() => Layer.flatten([])).toThrow('Layer.flatten: the shape is []; name at least one axis to flatten')
    expect(() => Layer.flatten([2, 1.5])).toThrow(
      'Layer.flatten: the shape is [2, 1.5], and a size of it is 1.5; it must be a whole number of 1 or more'
    )
    expect(() => Layer.flatten(3).apply({})(Tensor.zeros([4, 5]) as never)).toThrow(
      'flatten: input [4, 5] does not end in [?, ?, ?]'
    )
    expect(() => Layer.flatten([size(3), 4]).apply({})(Tensor.zeros([4, 4]))).toThrow(
      'flatten: input [4, 4] does not end in [3, 4]'
    )
    expect(() => Layer.unflatten([size(3), 4]).apply({})(Tensor.zeros([11]) as never)).toThrow(
      'unflatten: input [11] does not end in [12]'
    )
    expect(() => Layer.unflatten([3, -1])).toThrow('Layer.unflatten: [3, -1] is not a shape')
  })
})

describe('reshape', () => {
  test('keeps the order of the elements', () => {
    const x = random([2, 6, 4])
    near(0)(Layer.reshape([6, 4], [3, 8]).apply({})(x as never), Tensor.reshape([2, 3, 8])(x))
    near(0)(Layer.reshape([6, 4], [2, -1]).apply({})(x as never), Tensor.reshape([2, 2, 12])(x))
    near(0)(Layer.reshape([], [1, 1]).apply({})(Tensor.ones([3])), Tensor.ones([3, 1, 1]))
  })
  test('mistakes', () => {
    expect(() => Layer.reshape([size(6), 4], [5, 5])).toThrow('reshape: [6, 4] has 24 elements, [5, 5] would have 25')
    expect(() => Layer.reshape([size(6), 4], [5, -1])).toThrow(
      'reshape: [6, 4] has 24 elements, [5, -1] would have a multiple of 5'
    )
    expect(() => Layer.reshape([size(2), 3], [6]).apply({})(Tensor.zeros([5, 3, 2]) as never)).toThrow(
      'reshape: input [5, 3, 2] does not end in [2, 3]'
    )
  })
})

describe('pixelShuffle', () => {
  test('puts channel i · factor + j at (i, j) of each block', () => {
    const [c, h, w, r] = [2, 3, 2, 3]
    const x = random([c * r * r, h, w])
    const from = Tensor.toArray(x) as number[][][]
    const to = Tensor.toArray(Layer.pixelShuffle(r).apply({})(x as never)) as number[][][]
    for (let channel = 0; channel < c; channel++)
      for (let i = 0; i < h * r; i++)
        for (let j = 0; j < w * r; j++) {
          const source = channel * r * r + (i % r) * r + (j % r)
          expect(to[channel]![i]![j]).toBe(from[source]![Math.floor(i / r)]![Math.floor(j / r)])
        }
  })
  test('is undone by pixelUnshuffle', () => {
    const x = random([5, 8, 3, 4])
    near(0)(Layer.pixelUnshuffle(2).apply({})(Layer.pixelShuffle(2).apply({})(x as never)), x)
  })
  test('mistakes', () => {
    expect(() => Layer.pixelShuffle(1.5)).toThrow(
      'Layer.pixelShuffle: factor is 1.5; it must be a whole number of 1 or more'
    )
    expect(() => Layer.pixelShuffle(2).apply({})(Tensor.zeros([6, 2, 2]))).toThrow(
      'pixelShuffle: 6 channels of [6, 2, 2] are not a multiple of 4, the square of the factor'
    )
    expect(() => Layer.pixelUnshuffle(2).apply({})(Tensor.zeros([6, 3, 2]))).toThrow(
      'pixelUnshuffle: 3 rows of [6, 3, 2] are not a multiple of 2, the factor'
    )
    expect(() => Layer.pixelUnshuffle(2).apply({})(Tensor.zeros([6, 2, 3]))).toThrow(
      'pixelUnshuffle: 3 columns of [6, 2, 3] are not a multiple of 2, the factor'
    )
  })
})

test('printed as PyTorch prints them', () => {
  expect(
    [
      Layer.flatten(3),
      Layer.unflatten([2, 3]),
      Layer.reshape([6], [2, 3]),
      Layer.pixelShuffle(2),
      Layer.pixelUnshuffle(2)
    ].map(Layer.show)
  ).toEqual([
    'Flatten(start_dim=-3, end_dim=-1)',
    'Unflatten(dim=-1, unflattened_size=(2, 3))',
    'Reshape((6,), (2, 3))',
    'PixelShuffle(upscale_factor=2)',
    'PixelUnshuffle(downscale_factor=2)'
  ])
})
