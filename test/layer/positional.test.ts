/** What tells positions apart: waves and turns as they are written down, and what is said of settings and inputs that do not fit. */
import { describe, expect, test } from 'vitest'
import { grad, jit, Layer, pipe, Random, Tensor } from '../../src/index.js'
import * as _ from '../../src/layer/positional.js'
import { near } from './near.js'

const double = { dtype: 'float64' } as const
const random = (shape: Tensor.Shape, seed: number): Tensor.Tensor => Random.normal(shape, double)(Random.key(seed))
const table = (rows: number, columns: number, f: (row: number, column: number) => number): Tensor.Tensor =>
  Tensor.tensor(
    Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => f(row, column))),
    double
  )
const run = (layer: Layer.Layer<Layer.Empty, [number, number], [number, number]>) => (x: Tensor.Tensor) =>
  layer.apply({})(x as never) as Tensor.Tensor

describe('sinusoidalEncoding', () => {
  const wave = (base: number, features: number) => (position: number, feature: number) => {
    const angle = position / base ** ((feature - (feature % 2)) / features)
    return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
  }
  test.each([4, 5])('adds sines and cosines, to %d features', features => {
    const x = random([2, 7, features], 1)
    near(1e-14)(run(_.sinusoidalEncoding(features))(x), pipe(x, Tensor.add(table(7, features, wave(10000, features)))))
    const near100 = pipe(x, Tensor.add(table(7, features, wave(100, features))))
    near(1e-14)(jit(run(_.sinusoidalEncoding(features, { base: 100 })))(x), near100)
  })
  test('has the dtype of its input, and floats for whole numbers', () => {
    const dtypeOf = (x: Tensor.Tensor) => Tensor.dtype(run(_.sinusoidalEncoding(4))(x))
    expect([dtypeOf(random([3, 4], 1)), dtypeOf(Tensor.ones([3, 4]))]).toEqual(['float64', 'float32'])
    expect(dtypeOf(Tensor.ones([3, 4], { dtype: 'int32' }))).toBe('float32')
  })
  test('has as many positions as it is told, or any number', () => {
    const few = _.sinusoidalEncoding(4, { maximumLength: 3 })
    expect(Tensor.shape(run(few)(Tensor.ones([2, 3, 4])))).toEqual([2, 3, 4])
    expect(() => run(few)(Tensor.ones([2, 5, 4]))).toThrow(
      'sinusoidalEncoding: input [2, 5, 4] has more than 3 positions'
    )
    expect(Tensor.shape(run(_.sinusoidalEncoding(4))(Tensor.ones([0, 4])))).toEqual([0, 4])
  })
})

describe('learnedEncoding', () => {
  const encoding = _.learnedEncoding(5, 3)
  const params = { weight: random([5, 3], 2) as Tensor.Tensor<[5, 3]> }
  test('adds the first rows of its table, and learns those', () => {
    const x = random([2, 4, 3], 1)
    const rows = Tensor.slice({ axis: 0, stop: 4 })(params.weight)
    near(0)(encoding.apply(params)(x as never), pipe(x, Tensor.add(rows)))
    const sum = (p: typeof params) => pipe(encoding.apply(p)(x as never) as Tensor.Tensor, Tensor.sum())
    near(0)(
      grad(sum)(params).weight,
      table(5, 3, row => (row < 4 ? 2 : 0))
    )
  })
  test('begins near 0', () => {
    const spread = (layer: Layer.AnyLayer) =>
      pipe(Layer.parameters(layer)(Layer.initialize(layer)(Random.key(1)))[0]!, Tensor.standardDeviation(), Tensor.item)
    expect(spread(_.learnedEncoding(40, 50)) / 0.02).toBeCloseTo(1, 1)
    expect(spread(_.learnedEncoding(40, 50, { standardDeviation: 1 }))).toBeCloseTo(1, 1)
  })
  test('has no more positions than rows', () => {
    expect(() => encoding.apply(params)(Tensor.ones([6, 3]))).toThrow(
      'learnedEncoding: input [6, 3] has more than 5 positions'
    )
  })
})

describe('rotaryEncoding', () => {
  test('turns pairs of neighbours by their angles', () => {
    const [x, base] = [random([2, 5, 6], 1), 100]
    const numbers = Tensor.toArray(x) as number[][][]
    const expected = numbers.map(sequence =>
      sequence.map((row, position) =>
        row.map((feature, i) => {
          const angle = position / base ** ((i - (i % 2)) / 6)
          const other = i % 2 === 0 ? -row[i + 1]! : row[i - 1]!
          return feature * Math.cos(angle) + other * Math.sin(angle)
        })
      )
    )
    near(1e-14)(run(_.rotaryEncoding(6, { base }))(x), Tensor.tensor(expected as never, double))
    near(1e-14)(jit(run(_.rotaryEncoding(6, { base })))(x), Tensor.tensor(expected as never, double))
  })
  test('keeps lengths, and products that depend on distances only', () => {
    const turned = run(_.rotaryEncoding(6))
    const rows = (seed: number) => Tensor.broadcastTo([9, 6])(random([6], seed)) as Tensor.Tensor
    const [queries, keys] = [turned(rows(1)), turned(rows(2))]
    near(1e-13)(Tensor.norm({ axis: -1 })(queries), Tensor.norm({ axis: -1 })(rows(1)))
    const products = Tensor.toArray(Tensor.matmul(Tensor.transpose(keys))(queries)) as number[][]
    for (let q = 1; q < 9; q++)
      for (let k = 1; k < 9; k++) expect(products[q]![k]).toBeCloseTo(products[q - 1]![k - 1]!, 12)
    expect(products[3]![0]).not.toBeCloseTo(products[0]![0]!, 1)
  })
})

test('printed', () => {
  const layers = [_.sinusoidalEncoding(4), _.learnedEncoding(5, 3), _.rotaryEncoding(6)]
  expect(layers.map(layer => Layer.show(layer))).toEqual([
    'SinusoidalEncoding(4)',
    'LearnedEncoding(5, 3)',
    'RotaryEncoding(6)'
  ])
})

describe('mistakes', () => {
  const size = (n: number): number => n
  const whole = 'it must be a whole number of 1 or more'
  test.each([1, 0, Number.NaN, Number.POSITIVE_INFINITY])('a base of %d', base => {
    const sentence = `base is ${base}, which is not greater than 1 and finite`
    expect(() => _.sinusoidalEncoding(4, { base })).toThrow(`Layer.sinusoidalEncoding: ${sentence}`)
    expect(() => _.rotaryEncoding(4, { base })).toThrow(`Layer.rotaryEncoding: ${sentence}`)
  })
  test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])('a standard deviation of %d', standardDeviation => {
    expect(() => _.learnedEncoding(5, 3, { standardDeviation })).toThrow(
      `Layer.learnedEncoding: standardDeviation is ${standardDeviation}, which is not 0 or more and finite`
    )
  })
  test('sizes', () => {
    expect(() => _.sinusoidalEncoding(0)).toThrow(`Layer.sinusoidalEncoding: features is 0; ${whole}`)
    expect(() => _.sinusoidalEncoding(4, { maximumLength: 1.5 })).toThrow(
      `Layer.sinusoidalEncoding: maximumLength is 1.5; ${whole}`
    )
    expect(() => _.learnedEncoding(0, 3)).toThrow(`Layer.learnedEncoding: length is 0; ${whole}`)
    expect(() => _.learnedEncoding(5, -1)).toThrow(`Layer.learnedEncoding: features is -1; ${whole}`)
    expect(() => _.rotaryEncoding(0.5)).toThrow(`Layer.rotaryEncoding: features is 0.5; ${whole}`)
    expect(() => _.rotaryEncoding(3)).toThrow(
      'Layer.rotaryEncoding: features are 3; an even number is turned, in pairs'
    )
  })
  test('inputs', () => {
    expect(() => _.rotaryEncoding(size(4)).apply({})(Tensor.ones([3, 6]))).toThrow(
      'rotaryEncoding: input [3, 6] does not end in [?, 4]'
    )
    expect(() => _.sinusoidalEncoding(4).apply({})(Tensor.ones([4]) as never)).toThrow(
      'sinusoidalEncoding: input [4] does not end in [?, 4]'
    )
    const other = { weight: Tensor.ones([4, 3]) }
    expect(() => _.learnedEncoding(size(5), 3).apply(other)(Tensor.ones([2, 3]))).toThrow(
      'learnedEncoding: weight is [4, 3], and should be [5, 3]; are these parameters of another model?'
    )
  })
})
