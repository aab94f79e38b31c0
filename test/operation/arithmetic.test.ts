import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../src/operation/arithmetic.js'
import { greater, where } from '../../src/operation/comparison.js'
import { full, ones, scalar, tensor, zeros } from '../../src/operation/creation.js'
import { cast, log } from '../../src/operation/pointwise.js'
import { dtype, shape, show, toArray } from '../../src/operation/reading.js'
import { sum } from '../../src/operation/reduction.js'
import type { Dtype } from '../../src/structure/dtype.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { at, difference, slope } from './slope.js'

type OfTwo = (b: Tensor | number) => (a: Tensor | number) => Tensor
const ofTwo = {
  add: _.add,
  sub: _.sub,
  mul: _.mul,
  div: _.div,
  pow: _.pow,
  maximum: _.maximum,
  minimum: _.minimum
} satisfies Readonly<Record<string, OfTwo>>
const pairs: readonly (readonly [string, OfTwo])[] = Object.entries(ofTwo)

const ofOne = {
  neg: _.neg,
  square: _.square,
  sqrt: _.sqrt,
  rsqrt: _.rsqrt,
  reciprocal: _.reciprocal,
  abs: _.abs,
  sign: _.sign,
  floor: _.floor,
  ceil: _.ceil,
  round: _.round
}

describe('two operands', () => {
  const expected: Readonly<Record<keyof typeof ofTwo, (a: number, b: number) => number>> = {
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b) => a * b,
    div: (a, b) => a / b,
    pow: (a, b) => a ** b,
    maximum: Math.max,
    minimum: Math.min
  }
  const values = [2, 0, -0, 0.5, -3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]
  const options = { dtype: 'float64' } as const
  test.each(Object.entries(expected))('%s, the data last, is what numbers give', (name, f) => {
    const operation: OfTwo = ofTwo[name as keyof typeof ofTwo]
    const row = tensor(values, options)
    for (const b of values) {
      expect(toArray(operation(b)(row))).toEqual(values.map(a => f(a, b)))
      expect(toArray(operation(row)(b))).toEqual(values.map(a => f(b, a)))
      expect(toArray(operation(scalar(b, options))(row))).toEqual(values.map(a => f(a, b)))
    }
  })

  test.each(pairs)('%s broadcasts', (_name, operation) => {
    expect(shape(operation(ones([3]))(ones([2, 1])))).toEqual([2, 3])
    expect(shape(operation(ones([2, 0]))(ones([1])))).toEqual([2, 0])
    expect(shape(operation(ones([]))(1))).toEqual([])
    expect(shape(operation(2)(1))).toEqual([])
  })

  test.each(pairs)('%s names itself and both shapes where they do not fit', (name, operation) => {
    expect(() => operation(ones([4]))(ones([2, 3]))).toThrow(
      `${name}: shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 at axis -1 differ and neither is 1`
    )
  })

  test('what does not fit does not compile', () => {
    // @ts-expect-error sizes 3 and 4
    expect(() => pipe(ones([2, 3]), _.add(ones([4])))).toThrow('add: shapes [2, 3] and [4] do not broadcast')
    const fits: Tensor<[2, 3]> = pipe(ones([2, 1]), _.mul(ones([3])))
    expect(shape(fits)).toEqual([2, 3])
  })

  test('the dtype is the one that holds both', () => {
    const kinds: readonly Dtype[] = ['bool', 'int32', 'float32', 'float64']
    kinds.forEach((a, i) => {
      kinds.forEach((b, j) => {
        const both = kinds[Math.max(i, j, 1)]
        const [x, y] = [ones([2], { dtype: a }), ones([2], { dtype: b })]
        expect(dtype(_.add(y)(x))).toBe(both)
        expect(dtype(_.mul(y)(x))).toBe(both)
        expect(dtype(_.div(y)(x))).toBe(both === 'int32' ? 'float32' : both)
        expect(dtype(_.pow(y)(x))).toBe(both === 'int32' ? 'float32' : both)
      })
    })
  })

  test('a number takes the dtype of the tensor, unless that has no fractions and the number has', () => {
    const dtypesWith = (b: number) =>
      (['bool', 'int32', 'float32', 'float64'] as const).map(kind => dtype(_.add(b)(ones([1], { dtype: kind }))))
    expect(dtypesWith(1)).toEqual(['int32', 'int32', 'float32', 'float64'])
    expect(dtypesWith(0.5)).toEqual(['float32', 'float32', 'float32', 'float64'])
    expect(dtype(_.add(1)(2))).toBe('float32')
  })

  test('integers wrap around', () => {
    const largest = scalar(2147483647, { dtype: 'int32' })
    expect(toArray(_.add(1)(largest))).toBe(-2147483648)
    expect(toArray(_.mul(largest)(largest))).toBe(1)
  })

  test('derivatives reach both operands, summed where one was repeated', () => {
    const [a, b] = [tensor([[1], [2]]), tensor([3, 4, 5])]
    const total = (xs: { readonly a: Tensor; readonly b: Tensor }): Tensor<[]> => sum()(_.mul(xs.b)(xs.a))
    const { a: da, b: db } = grad(total)({ a, b })
    expect([toArray(da), toArray(db)]).toEqual([
      [[12], [12]],
      [3, 3, 3]
    ])
  })

  test('ties of maximum and minimum share the derivative', () => {
    for (const operation of [_.maximum, _.minimum]) {
      expect(slope(2)(x => operation(2)(x))).toBe(0.5)
      expect(slope(2)(x => operation(x)(2))).toBe(0.5)
    }
  })

  test('powers at 0 have the derivatives of PyTorch', () => {
    expect(slope(0)(_.pow(0))).toBe(0)
    expect(slope(0)(_.pow(1))).toBe(1)
    expect(slope(0)(_.pow(2))).toBe(0)
    expect(slope(0)(x => _.pow(x)(0))).toBe(0)
    expect(slope(2)(x => _.pow(x)(0))).toBe(0)
    expect(at(0)(grad(grad((x: Tensor<[]>) => _.pow(2)(x))))).toBe(2)
  })
})

describe('one operand', () => {
  test('values', () => {
    const x = tensor([-2.5, -1.5, -0.5, 0, 0.5, 4])
    expect(toArray(_.neg(x))).toEqual([2.5, 1.5, 0.5, -0, -0.5, -4])
    expect(toArray(_.square(x))).toEqual([6.25, 2.25, 0.25, 0, 0.25, 16])
    expect(toArray(_.abs(x))).toEqual([2.5, 1.5, 0.5, 0, 0.5, 4])
    expect(toArray(_.sign(x))).toEqual([-1, -1, -1, 0, 1, 1])
    expect(toArray(_.floor(x))).toEqual([-3, -2, -1, 0, 0, 4])
    expect(toArray(_.ceil(x))).toEqual([-2, -1, -0, 0, 1, 4])
    expect(toArray(_.round(x))).toEqual([-2, -2, -0, 0, 0, 4])
    expect(toArray(_.sqrt(tensor([4, 0, -1])))).toEqual([2, 0, Number.NaN])
    expect(toArray(_.rsqrt(tensor([4, 0])))).toEqual([0.5, Number.POSITIVE_INFINITY])
    expect(toArray(_.reciprocal(tensor([4, -0])))).toEqual([0.25, Number.NEGATIVE_INFINITY])
  })

  test.each(Object.entries(ofOne))('%s keeps shapes, empty ones too', (_name, operation) => {
    expect(shape(operation(ones([])))).toEqual([])
    expect(shape(operation(ones([2, 0])))).toEqual([2, 0])
    expect(toArray(operation(full([2, 1], 1)))).toEqual(toArray(operation(tensor([[1], [1]]))))
  })

  test('integers stay integers where the result is one; truth values are counted', () => {
    const dtypesOf = (kind: Dtype) =>
      Object.values(ofOne).map(operation => dtype(operation(ones([1], { dtype: kind }))))
    const [i, f] = ['int32', 'float32'] as const
    expect(dtypesOf('int32')).toEqual([i, i, f, f, f, i, i, i, i, i])
    expect(dtypesOf('bool')).toEqual(dtypesOf('int32'))
    expect(new Set(dtypesOf('float64'))).toEqual(new Set(['float64']))
  })

  test.each(Object.entries(ofOne))('%s has the slope that differences see', (_name, operation) => {
    for (const x of [0.3, 1.7]) expect(slope(x)(operation)).toBeCloseTo(difference(x)(operation), 9)
  })

  test('slopes at 0', () => {
    expect(slope(0)(_.abs)).toBe(0)
    expect(slope(0)(_.sqrt)).toBe(Number.POSITIVE_INFINITY)
    expect(slope(0)(_.sign)).toBe(0)
  })

  test('members of a batch are treated alike', () => {
    const x = tensor([
      [1, 4],
      [0.25, 9]
    ])
    for (const operation of Object.values(ofOne)) {
      expect(show(vmap((row: Tensor) => operation(row))(x))).toBe(show(operation(x)))
    }
  })
})

describe('clamp', () => {
  const x = tensor([-3, -1, 0.5, 2, 3, Number.NaN, Number.NEGATIVE_INFINITY])
  test('moves what lies outside to the ends, and passes NaN on', () => {
    expect(toArray(_.clamp({ min: -1, max: 2 })(x))).toEqual([-1, -1, 0.5, 2, 2, Number.NaN, -1])
    expect(toArray(_.clamp({ min: 0 })(x))).toEqual([0, 0, 0.5, 2, 3, Number.NaN, 0])
    expect(toArray(_.clamp({ max: 0 })(x))).toEqual([-3, -1, 0, 0, 0, Number.NaN, Number.NEGATIVE_INFINITY])
    expect(toArray(_.clamp({})(x))).toEqual(toArray(x))
    expect(toArray(_.clamp({ min: 2, max: 1 })(tensor([0, 5])))).toEqual([1, 1])
  })
  test('has slope 1 from end to end, and 0 outside', () => {
    const slopes = [-1.5, -1, 0, 2, 2.5].map(point => slope(point)(_.clamp({ min: -1, max: 2 })))
    expect(slopes).toEqual([0, 1, 1, 1, 0])
  })
  test('ends may be tensors, and unknown', () => {
    const between = (min: Tensor<[]>) => sum()(_.clamp({ min, max: scalar(2) })(x))
    expect(toArray(_.clamp({ min: scalar(-1) })(tensor([-3, 0])))).toEqual([-1, 0])
    expect(toArray(grad(between)(scalar(0)))).toBe(3)
  })
  test('of integers is an integer, between integers', () => {
    const integers = tensor([-3, 3], { dtype: 'int32' })
    expect(show(_.clamp({ min: -1, max: 2 })(integers))).toBe('tensor([-1,  2], dtype=int32)')
    expect(show(_.clamp({ max: 0.5 })(integers))).toBe('tensor([-3.0000,  0.5000])')
  })
  test('keeps empty shapes', () => {
    expect(shape(_.clamp({ min: 0 })(zeros([0, 2])))).toEqual([0, 2])
  })
})

test('a sentence of many words is typed to its end', () => {
  const standardized = <S extends readonly number[]>(x: Tensor<S>): Tensor<S> =>
    pipe(x, cast('float64'), _.sub(1), _.div(2), _.square, _.neg)
  const y: Tensor<[2]> = standardized(tensor([1, 3]))
  expect(toArray(y)).toEqual([-0, -1])
})

test('a product whose factor is infinite has a derivative behind a choice', () => {
  const entropy = (x: Tensor<[2]>) => sum()(where(_.mul(log(x))(x), 0)(greater(0)(x)))
  expect(toArray(grad(entropy)(tensor([0, 1])))).toEqual([0, 1])
})
