import { describe, expect, test } from 'vitest'
import * as _ from '../../src/operation/activation.js'
import { ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { dtype, shape, show, toArray, toData } from '../../src/operation/reading.js'
import { sum } from '../../src/operation/reduction.js'
import type { Unary } from '../../src/operation/signatures.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { slope } from './slope.js'

const wide = { dtype: 'float64' } as const
/** Those that work element by element; what they are, with all their derivatives, is in `activation-derivatives.test.ts`. */
const pointwise: readonly (readonly [string, Unary])[] = [
  ['relu', _.relu],
  ['leakyRelu', _.leakyRelu()],
  ['leakyRelu without a slope', _.leakyRelu({ negativeSlope: 0 })],
  ['prelu', _.prelu(0.25)],
  ['elu', _.elu()],
  ['selu', _.selu],
  ['celu', _.celu()],
  ['hardtanh', _.hardtanh()],
  ['relu6', _.relu6],
  ['hardsigmoid', _.hardsigmoid],
  ['hardswish', _.hardswish],
  ['softshrink', _.softshrink()],
  ['hardshrink', _.hardshrink()],
  ['threshold', _.threshold({ threshold: 0, value: 1.5 })],
  ['softplus', _.softplus()],
  ['logSigmoid', _.logSigmoid],
  ['silu', _.silu],
  ['gelu', _.gelu()],
  ['gelu by tanh', _.gelu({ approximate: 'tanh' })],
  ['mish', _.mish],
  ['softsign', _.softsign],
  ['tanhshrink', _.tanhshrink]
]
test.each(pointwise)('%s keeps shape and real dtype, takes integers and unknowns', (_name, activation) => {
  expect(shape(activation(ones([2, 0])))).toEqual([2, 0])
  expect(dtype(activation(ones([], wide)))).toBe('float64')
  const x = tensor([-2, 0, 3])
  expect(show(vmap((y: Tensor) => activation(y))(x))).toBe(show(activation(x)))
  expect(Array.from(toData(activation(tensor([-2, 0, 3], { dtype: 'int32' }))))).toEqual([...toData(activation(x))])
})

describe('at kinks the slope is PyTorch’s', () => {
  test('relu: 0', () => {
    expect(slope(0)(_.relu)).toBe(0)
    expect(slope(-0)(_.relu)).toBe(0)
  })
  test('leakyRelu: the slope below', () => {
    expect(slope(0)(_.leakyRelu({ negativeSlope: 0.25 }))).toBe(0.25)
  })
  test('hardtanh and relu6: 0 at both ends', () => {
    expect([-1, 1].map(x => slope(x)(_.hardtanh()))).toEqual([0, 0])
    expect([0, 6].map(x => slope(x)(_.relu6))).toEqual([0, 0])
  })
  test('elu and selu: that below; celu and softsign: 1, for there is none', () => {
    expect(slope(0)(_.elu({ alpha: 1.5 }))).toBe(1.5)
    expect(slope(0)(_.selu)).toBeCloseTo(1.7580993408473766, 15)
    expect(slope(0)(_.celu({ alpha: 0.5 }))).toBe(1)
    expect(slope(0)(_.softsign)).toBe(1)
  })
  test('hardsigmoid: 0; hardswish: that of the parabola', () => {
    expect([-3, 3].map(x => slope(x)(_.hardsigmoid))).toEqual([0, 0])
    expect([-3, 3].map(x => slope(x)(_.hardswish))).toEqual([-0.5, 1.5])
  })
  test('softshrink, hardshrink and threshold: 0', () => {
    expect([-0.5, 0.5].map(x => slope(x)(_.softshrink()))).toEqual([0, 0])
    expect([-0.5, 0.5].map(x => slope(x)(_.hardshrink()))).toEqual([0, 0])
    expect(slope(1)(_.threshold({ threshold: 1, value: 0 }))).toBe(0)
  })
  test('prelu: its weight, which has no part in it there', () => {
    expect(slope(0)(_.prelu(0.25))).toBe(0.25)
    expect(slope(0.25)(w => _.prelu(w)(0) as Tensor<[]>)).toBe(0)
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

describe('prelu', () => {
  test('broadcasts its weight, and has slopes in it', () => {
    const x = tensor(
      [
        [-1, 2],
        [-3, -4]
      ],
      wide
    )
    const weight = tensor([0.5, 2], wide)
    expect(toArray(_.prelu(weight)(x))).toEqual([
      [-0.5, 2],
      [-1.5, -8]
    ])
    expect(toArray(grad((w: Tensor<[2]>) => sum()(_.prelu(w)(x)))(weight))).toEqual([-4, -4])
  })
  test('refuses shapes that do not fit, by its own name', () => {
    const vector: Tensor = ones([3])
    expect(() => _.prelu(vector)(ones([2]) as Tensor)).toThrow('prelu: shapes [2] and [3] do not broadcast')
  })
})

test('glu gates one half by the other, along any axis', () => {
  const x = tensor(
    [
      [1, 2],
      [0, 1000]
    ],
    wide
  )
  expect(toArray(_.glu({ axis: 0 })(x))).toEqual([[0.5, 2]])
  expect(toArray(_.glu()(tensor([3, 0], wide)))).toEqual([1.5])
  const odd: Tensor = ones([2, 3])
  expect(() => _.glu()(odd)).toThrow('glu: axis -1 of [2, 3] has size 3, which has no two equal halves')
  expect(() => _.glu({ axis: 2 })(odd)).toThrow('glu: axis 2 is out of range for rank 2')
})
test('softmin is softmax of the negative', () => {
  const x = tensor([1, -2, 0.5], wide)
  expect(toArray(_.softmin()(x))).toEqual(toArray(_.softmax()(tensor([-1, 2, -0.5], wide))))
  expect(() => _.softmin({ axis: 1 })(x as Tensor)).toThrow('softmin: axis 1 is out of range for rank 1')
})
test('settings for which there is no such function', () => {
  for (const alpha of [0, -1, Number.NaN])
    expect(() => _.celu({ alpha })).toThrow(`celu: alpha is ${alpha}; it must be above 0`)
  for (const [name, f] of [
    ['softshrink', _.softshrink],
    ['hardshrink', _.hardshrink]
  ] as const)
    expect(() => f({ lambda: -0.5 })).toThrow(`${name}: lambda is -0.5; it must be 0 or more`)
  // @ts-expect-error the compiler says the same
  expect(() => _.gelu({ approximate: 'erf' })).toThrow(`gelu: approximate is "erf"; it must be 'none' or 'tanh'`)
})
