/** The bilinear layer against loops, and what it says of inputs that do not fit. */
import { describe, expect, test } from 'vitest'
import { jit, Layer, pipe, Random, Tensor } from '../../src/index.js'
import * as _ from '../../src/layer/bilinear.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
const layer = _.bilinear(3, 4, 2)
const params = Layer.initialize(layer, double)(Random.key(1))
const run = (x: Tensor.Tensor, y: Tensor.Tensor): Tensor.Tensor => layer.apply(params)([x, y] as never)

describe('bilinear', () => {
  test('is a sum over all products of a feature of each', () => {
    const [x, y] = [random([5, 3], 2), random([5, 4], 3)]
    const [xs, ys] = [Tensor.toArray(x) as number[][], Tensor.toArray(y) as number[][]]
    const [weight, bias] = [Tensor.toArray(params.weight), Tensor.toArray(params.bias)]
    const expected = xs.map((row, n) =>
      bias.map((b, o) => {
        let sum = b
        for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) sum += row[i]! * weight[o]![i]![j]! * ys[n]![j]!
        return sum
      })
    )
    near(1e-13)(run(x, y), Tensor.tensor(expected as never, double))
    near(1e-13)(jit(([a, b]: readonly [Tensor.Tensor, Tensor.Tensor]) => run(a, b))([x, y]), run(x, y))
  })
  test('is linear in each input, without its bias', () => {
    const linear = _.bilinear(3, 4, 2, { bias: false })
    const { bias, ...weight } = params
    const at = (x: Tensor.Tensor, y: Tensor.Tensor): Tensor.Tensor => linear.apply(weight)([x, y] as never)
    const [x, y, z] = [random([2, 5, 3], 2), random([2, 5, 4], 3), random([2, 5, 4], 4)]
    near(1e-13)(at(x, pipe(y, Tensor.add(z))), pipe(at(x, y), Tensor.add(at(x, z))))
    near(1e-13)(at(pipe(x, Tensor.mul(3)), y), pipe(at(x, y), Tensor.mul(3)))
    near(1e-13)(run(x, y), pipe(at(x, y), Tensor.add(bias)))
  })
  test('is printed as PyTorch prints it', () => {
    expect(Layer.show(layer)).toBe('Bilinear(in1_features=3, in2_features=4, out_features=2, bias=True)')
    expect(Layer.show(_.bilinear(3, 4, 2, { bias: false }))).toMatch(/bias=False\)$/)
  })
  test('begins within ±1/√in1Features', () => {
    const { weight, bias } = Layer.initialize(_.bilinear(4, 50, 20), double)(Random.key(1))
    const most = (x: Tensor.Tensor): number => pipe(x, Tensor.abs, Tensor.max(), Tensor.item)
    expect(most(weight)).toBeLessThanOrEqual(0.5)
    expect(most(weight)).toBeGreaterThan(0.49)
    expect(most(bias)).toBeLessThanOrEqual(0.5)
  })
})

describe('mistakes', () => {
  test('sizes', () => {
    const whole = 'it must be a whole number of 1 or more'
    expect(() => _.bilinear(0, 4, 2)).toThrow(`Layer.bilinear: in1Features is 0; ${whole}`)
    expect(() => _.bilinear(3, 1.5, 2)).toThrow(`Layer.bilinear: in2Features is 1.5; ${whole}`)
    expect(() => _.bilinear(3, 4, -1)).toThrow(`Layer.bilinear: outFeatures is -1; ${whole}`)
  })
  test('inputs', () => {
    const one = 'bilinear: takes an array of 2 inputs'
    const given = (x: unknown) => () => layer.apply(params)(x as never)
    for (const x of [random([3], 1), [random([3], 1)], [random([3], 1), [1, 2, 3, 4]]]) expect(given(x)).toThrow(one)
    expect(given([random([5, 3], 1), random([5, 3], 1)])).toThrow('bilinear: input 2: input [5, 3] does not end in [4]')
    expect(given([random([5, 3], 1), random([2, 4], 1)])).toThrow(
      'bilinear: inputs [5, 3] and [2, 4] have other leading axes'
    )
  })
})
