import { describe, expect, test } from 'vitest'
import * as _ from '../../src/operation/activation.js'
import { ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { dtype, shape, show, toArray, toData } from '../../src/operation/reading.js'
import { sum } from '../../src/operation/reduction.js'
import type { Unary } from '../../src/operation/signatures.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { at, type Curve, difference, slope } from './slope.js'

const wide = { dtype: 'float64' } as const
const bends: readonly (readonly [string, Unary])[] = [
  ['relu', _.relu],
  ['leakyRelu', _.leakyRelu()],
  ['leakyRelu, steeper', _.leakyRelu({ negativeSlope: 0.25 })],
  ['hardtanh', _.hardtanh()],
  ['hardtanh between other ends', _.hardtanh({ min: 0, max: 3 })],
  ['softplus', _.softplus()],
  ['softplus, sharper', _.softplus({ beta: 3 })]
]

describe.each(bends)('%s', (_name, activation) => {
  test('has the slope that differences see, away from kinks', () => {
    for (const x of [-2.2, -0.7, 0.4, 1.8, 5]) expect(slope(x)(activation)).toBeCloseTo(difference(x)(activation), 8)
  })
  test('keeps shape and real dtype, passes NaN on, and takes unknowns', () => {
    expect(shape(activation(ones([2, 0])))).toEqual([2, 0])
    expect(dtype(activation(ones([], wide)))).toBe('float64')
    expect(toArray(activation(scalar(Number.NaN)))).toBe(Number.NaN)
    const x = tensor([-2, 0, 3])
    expect(show(vmap((y: Tensor) => activation(y))(x))).toBe(show(activation(x)))
  })
  test('is finite with all its derivatives far out', () => {
    const first: Curve = grad((x: Tensor<[]>) => activation(x))
    for (const x of [-700, 700]) {
      const found = [at(x)(activation), at(x)(first), slope(x)(first), slope(x)(grad(first))]
      expect(found.filter(y => !Number.isFinite(y))).toEqual([])
    }
  })
})

describe('at kinks the slope is PyTorch’s', () => {
  test('relu: 0', () => {
    expect(slope(0)(_.relu)).toBe(0)
    expect(slope(-0)(_.relu)).toBe(0)
  })
  test('leakyRelu: the slope below', () => {
    expect(slope(0)(_.leakyRelu({ negativeSlope: 0.25 }))).toBe(0.25)
  })
  test('hardtanh: 0 at both ends', () => {
    expect([-1, 1].map(x => slope(x)(_.hardtanh()))).toEqual([0, 0])
  })
})

test('values', () => {
  const x = tensor([-2, -0.5, 0, 0.5, 2])
  expect(toArray(_.relu(x))).toEqual([0, 0, 0, 0.5, 2])
  expect(toArray(_.leakyRelu({ negativeSlope: 0.5 })(x))).toEqual([-1, -0.25, 0, 0.5, 2])
  expect(toArray(_.hardtanh()(x))).toEqual([-1, -0.5, 0, 0.5, 1])
  expect(toArray(_.relu(tensor([-1, 2], { dtype: 'int32' })))).toEqual([0, 2])
  expect(toArray(_.softplus()(scalar(0, wide)))).toBeCloseTo(Math.LN2, 15)
})

describe('softplus', () => {
  test('is the identity above the threshold, to the last bit', () => {
    expect(toArray(_.softplus()(scalar(20.1, wide)))).toBe(20.1)
    expect(toArray(_.softplus()(scalar(20, wide)))).toBe(Math.log1p(Math.exp(20)))
    expect(toArray(_.softplus({ beta: 2, threshold: 1 })(scalar(0.6, wide)))).toBe(0.6)
  })
  test('a threshold beyond what the exponential reaches changes nothing', () => {
    const far = _.softplus({ threshold: 1e9 })
    expect(toArray(far(tensor([1000, 100, 50], wide)))).toEqual([1000, 100, 50])
    expect(toArray(far(tensor([1000, 100, 50])))).toEqual([1000, 100, 50])
    expect(slope(1000)(far)).toBe(1)
  })
})

describe('softmax and logSoftmax', () => {
  const x = tensor(
    [
      [1, 2, 3],
      [-1, 0, 1000]
    ],
    wide
  )
  test('probabilities sum to 1 along the axis, the last unless told otherwise', () => {
    const totals = [sum({ axis: 1 })(_.softmax()(x)), sum({ axis: 0 })(_.softmax({ axis: 0 })(x))]
    for (const total of totals.flatMap(t => [...toData(t)])) expect(total).toBeCloseTo(1, 14)
    expect(show(_.softmax({ axis: -1 })(x))).toBe(show(_.softmax({ axis: 1 })(x)))
    const [first] = toArray(_.softmax()(x))
    expect(first?.[0]).toBeCloseTo(1 / (1 + Math.E + Math.E ** 2), 14)
  })
  test('logarithms are exact where probabilities are rounded to 0', () => {
    expect(toArray(_.logSoftmax()(x))[1]).toEqual([-1001, -1000, 0])
  })
  test('an impossible class has probability 0 and finite derivatives', () => {
    const scores = tensor([0, Number.NEGATIVE_INFINITY, 0], wide)
    expect(toArray(_.softmax()(scores))).toEqual([0.5, 0, 0.5])
    const first = (y: Tensor<[3]>): Tensor<[]> => sum()(_.softmax()(y))
    expect(toArray(grad(first)(scores))).toEqual([0, 0, 0])
  })
  test('derivatives of logSoftmax are those known: 1 − n softmax', () => {
    const total = (y: Tensor<[2, 3]>): Tensor<[]> => sum()(_.logSoftmax()(y))
    const probabilities = toData(_.softmax()(x))
    toData(grad(total)(x)).forEach((found, i) => {
      expect(found).toBeCloseTo(1 - 3 * probabilities[i]!, 12)
    })
  })
  test('integers become float32; empty axes stay empty; members of a batch are treated alike', () => {
    expect(dtype(_.softmax()(tensor([1, 2], { dtype: 'int32' })))).toBe('float32')
    for (const f of [_.softmax, _.logSoftmax]) {
      expect(shape(f()(zeros([2, 0])))).toEqual([2, 0])
      expect(shape(f({ axis: 0 })(zeros([2, 0])))).toEqual([2, 0])
      expect(show(vmap((row: Tensor) => f()(row))(x))).toBe(show(f()(x)))
    }
  })
  test('the axis must exist', () => {
    const vector: Tensor = ones([2])
    expect(() => _.softmax({ axis: 1 })(vector)).toThrow('softmax: axis 1 is out of range for rank 1')
    expect(() => _.logSoftmax()(scalar(1) as Tensor)).toThrow('logSoftmax: axis -1 is out of range for rank 0')
    // @ts-expect-error the compiler says the same
    expect(() => _.softmax({ axis: 1 })(ones([2]))).toThrow('softmax: axis 1 is out of range for rank 1')
  })
})
