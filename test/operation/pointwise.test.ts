import { describe, expect, test } from 'vitest'
import { arange, ones, scalar, tensor } from '../../src/operation/creation.js'
import * as _ from '../../src/operation/pointwise.js'
import { dtype, shape, show, toArray, toData } from '../../src/operation/reading.js'
import type { Unary } from '../../src/operation/signatures.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { type Curve, difference, slope } from './slope.js'

interface Function {
  readonly name: string
  readonly operation: Unary
  /** Points inside the domain. */
  readonly points: readonly number[]
  readonly value?: (x: number) => number
}
const everywhere = [-1.3, -0.2, 0.4, 2.1]
const functions: readonly Function[] = [
  { name: 'exp', operation: _.exp, points: everywhere, value: Math.exp },
  { name: 'expm1', operation: _.expm1, points: everywhere, value: Math.expm1 },
  { name: 'log', operation: _.log, points: [0.2, 1, 3.5], value: Math.log },
  { name: 'log1p', operation: _.log1p, points: [-0.5, 0.2, 3.5], value: Math.log1p },
  { name: 'sin', operation: _.sin, points: everywhere, value: Math.sin },
  { name: 'cos', operation: _.cos, points: everywhere, value: Math.cos },
  { name: 'tan', operation: _.tan, points: [-1, 0.2, 1], value: Math.tan },
  { name: 'asin', operation: _.asin, points: [-0.5, 0.1, 0.7], value: Math.asin },
  { name: 'acos', operation: _.acos, points: [-0.5, 0.1, 0.7], value: Math.acos },
  { name: 'atan', operation: _.atan, points: everywhere, value: Math.atan },
  { name: 'sinh', operation: _.sinh, points: everywhere, value: Math.sinh },
  { name: 'cosh', operation: _.cosh, points: everywhere, value: Math.cosh },
  { name: 'tanh', operation: _.tanh, points: everywhere, value: Math.tanh },
  { name: 'asinh', operation: _.asinh, points: everywhere, value: Math.asinh },
  { name: 'acosh', operation: _.acosh, points: [1.2, 3], value: Math.acosh },
  { name: 'atanh', operation: _.atanh, points: [-0.5, 0.1, 0.7], value: Math.atanh },
  { name: 'sigmoid', operation: _.sigmoid, points: everywhere, value: x => 1 / (1 + Math.exp(-x)) },
  { name: 'erf', operation: _.erf, points: everywhere },
  { name: 'erfc', operation: _.erfc, points: everywhere },
  { name: 'erfinv', operation: _.erfinv, points: [-0.5, 0.1, 0.7] }
]

describe.each(functions)('$name', ({ operation, points, value }) => {
  const x = tensor(points, { dtype: 'float64' })
  test('has its values', () => {
    if (value !== undefined)
      points.forEach((point, i) => {
        expect(toData(operation(x))[i]).toBeCloseTo(value(point), 14)
      })
  })
  test('has the slope that differences see, and so has its slope', () => {
    const slopes: Curve = grad((y: Tensor<[]>) => operation(y))
    for (const point of points) {
      expect(slope(point)(operation)).toBeCloseTo(difference(point)(operation), 8)
      expect(slope(point)(slopes)).toBeCloseTo(difference(point)(slopes), 7)
    }
  })
  test('keeps shape and real dtype, makes float32 of the others, and takes unknowns', () => {
    expect(shape(operation(ones([2, 0])))).toEqual([2, 0])
    const kinds = ['bool', 'int32', 'float32', 'float64'] as const
    const found = kinds.map(kind => dtype(operation(ones([], { dtype: kind }))))
    expect(found).toEqual(['float32', 'float32', 'float32', 'float64'])
    expect(show(vmap((y: Tensor) => operation(y))(x))).toBe(show(operation(x)))
  })
  test('passes NaN on', () => {
    expect(toArray(operation(scalar(Number.NaN)))).toBe(Number.NaN)
  })
})

test('values that are known otherwise', () => {
  const wide = { dtype: 'float64' } as const
  expect(toArray(_.erf(scalar(0.5, wide)))).toBeCloseTo(0.5204998778130465, 14)
  expect(toArray(_.erfc(scalar(3, wide)))).toBeCloseTo(2.209049699858544e-5, 18)
  expect(toArray(_.erf(_.erfinv(scalar(0.9, wide))))).toBeCloseTo(0.9, 14)
  expect(toArray(_.log(tensor([0, -1])))).toEqual([Number.NEGATIVE_INFINITY, Number.NaN])
  expect(toArray(_.erfinv(tensor([-1, 1, 2])))).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NaN
  ])
})

test('far out, values and derivatives are finite', () => {
  for (const f of [_.tanh, _.sigmoid, _.erf, _.atan]) {
    for (const x of [-700, 700]) {
      expect(Number.isFinite(slope(x)(f))).toBe(true)
      expect(Number.isFinite(slope(x)(grad((y: Tensor<[]>) => f(y))))).toBe(true)
    }
  }
})

describe('cast', () => {
  test('rounds towards 0, stops at the ends, and takes for true what is not 0', () => {
    const x = tensor([1.7, -1.7, 3e9, -3e9, Number.NaN, 0], { dtype: 'float64' })
    expect(toArray(_.cast('int32')(x))).toEqual([1, -1, 2147483647, -2147483648, 0, 0])
    expect(toArray(_.cast('bool')(x))).toEqual([true, true, true, true, true, false])
    expect(toArray(_.cast('float32')(tensor([0.1], { dtype: 'float64' })))).toEqual([Math.fround(0.1)])
    expect(toArray(_.cast('float64')(tensor([true, false])))).toEqual([1, 0])
    expect(dtype(_.cast('float64')(arange(3)))).toBe('float64')
  })
  test('derivatives come back in the dtype of the operand, and do not pass integers', () => {
    const wide = (x: Tensor<[]>): Tensor<[]> => _.exp(_.cast('float64')(x))
    expect(dtype(grad(wide)(scalar(0)))).toBe('float32')
    expect(slope(2.5)(x => _.exp(_.cast('float64')(_.cast('int32')(x))))).toBe(0)
  })
})
