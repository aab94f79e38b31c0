/** More pixels: repeated or interpolated, as PyTorch does. */
import { describe, expect, test } from 'vitest'
import { Layer, pipe, Random, Tensor } from '../../src/index.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const matrix = (rows: readonly (readonly number[])[]): Tensor.Tensor => Tensor.tensor(rows, double)
const x = matrix([
  [1, 2, 4],
  [3, 5, 9]
])
const third = 1 / 3
/** PyTorch's values. */
const values: readonly (readonly [string, Parameters<typeof Layer.upsample>[0], readonly (readonly number[])[]])[] = [
  [
    'bilinear',
    { factor: 2, mode: 'bilinear' },
    [
      [1, 1.25, 1.75, 2.5, 3.5, 4],
      [1.5, 1.8125, 2.4375, 3.375, 4.625, 5.25],
      [2.5, 2.9375, 3.8125, 5.125, 6.875, 7.75],
      [3, 3.5, 4.5, 6, 8, 9]
    ]
  ],
  [
    'bilinear, corners aligned',
    { factor: 2, mode: 'bilinear', alignCorners: true },
    [
      [1, 1.4, 1.8, 2.4, 3.2, 4],
      [5 * third, 2.2, 8.2 * third, 10.6 * third, 4.6, 17 * third],
      [7 * third, 3, 11 * third, 14 * third, 6, 22 * third],
      [3, 3.8, 4.6, 5.8, 7.4, 9]
    ]
  ],
  [
    'bilinear, a factor for each axis',
    { factor: [1.5, 3], mode: 'bilinear' },
    [
      [1, 1, 4 * third, 5 * third, 2, 8 * third, 10 * third, 4, 4],
      [2, 2, 2.5, 3, 3.5, 4.5, 5.5, 6.5, 6.5],
      [3, 3, 11 * third, 13 * third, 5, 19 * third, 23 * third, 9, 9]
    ]
  ],
  [
    'nearest, a factor that is not whole',
    { factor: 1.5 },
    [
      [1, 1, 2, 4],
      [1, 1, 2, 4],
      [3, 3, 5, 9]
    ]
  ],
  [
    'nearest, fewer columns',
    { factor: [2, 0.7] },
    [
      [1, 2],
      [1, 2],
      [3, 5],
      [3, 5]
    ]
  ]
]

describe('as PyTorch', () => {
  test.each(values)('%s', (_, options, expected) => {
    near(1e-12)(Layer.upsample(options).apply({})(x as never), matrix(expected))
  })
})

describe('upsample', () => {
  const images = Random.normal([2, 3, 4, 5], double)(Random.key(1))
  test('nearest repeats each pixel', () => {
    const repeated = (axis: number, factor: number) => (y: Tensor.Tensor) => {
      const shape = Tensor.shape(y)
      const columns = Tensor.stack(axis + 1)(new Array<Tensor.Tensor>(factor).fill(y)) as Tensor.Tensor
      return Tensor.reshape(shape.map((extent, a) => (a === axis ? extent * factor : extent)))(columns)
    }
    const expected = pipe(images as Tensor.Tensor, repeated(2, 3), repeated(3, 2))
    near(0)(Layer.upsample({ factor: [3, 2] }).apply({})(images), expected)
  })
  test('by 1 is the identity, in every mode', () => {
    for (const options of [{}, { mode: 'bilinear' }, { mode: 'bilinear', alignCorners: true }] as const)
      near(0)(Layer.upsample({ factor: 1, ...options }).apply({})(images), images)
  })
  test('bilinear keeps planes that are straight, corners aligned', () => {
    const straight = matrix([
      [0, 2, 4],
      [3, 5, 7]
    ])
    const up = Layer.upsample({ factor: 2, mode: 'bilinear', alignCorners: true })
    const [first, second] = Tensor.toArray(up.apply({})(straight as never)) as number[][]
    expect(first![1]! - first![0]!).toBeCloseTo(0.8, 12)
    expect(second![0]! - first![0]!).toBeCloseTo(1, 12)
  })
  test('whole numbers stay whole only where they are repeated', () => {
    const whole = Tensor.ones([2, 2], { dtype: 'int32' })
    expect(Tensor.dtype(Layer.upsample({ factor: 2 }).apply({})(whole))).toBe('int32')
    expect(Tensor.dtype(Layer.upsample({ factor: 2, mode: 'bilinear' }).apply({})(whole))).toBe('float32')
  })
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('not by %d', factor => {
    expect(() => Layer.upsample({ factor })).toThrow(
      `Layer.upsample: factor is ${factor}; it must be positive and finite`
    )
  })
  test('mistakes', () => {
    expect(() => Layer.upsample({ factor: 2, alignCorners: true })).toThrow(
      "Layer.upsample: alignCorners is true, which needs mode: 'bilinear'"
    )
    expect(() => Layer.upsample({ factor: 0.25 }).apply({})(Tensor.ones([4, 3]))).toThrow(
      'upsample: input [4, 3] would become [1, 0], without pixels'
    )
    expect(() => Layer.upsample({ factor: 2 }).apply({})(Tensor.ones([4]) as never)).toThrow(
      'upsample: input [4] does not end in [?, ?]'
    )
  })
  test('is printed as PyTorch prints it', () => {
    expect(
      [Layer.upsample({ factor: 2 }), Layer.upsample({ factor: [2, 3], mode: 'bilinear' })].map(Layer.show)
    ).toEqual(['Upsample(scale_factor=2.0, mode=nearest)', 'Upsample(scale_factor=(2.0, 3.0), mode=bilinear)'])
  })
})
