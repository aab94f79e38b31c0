import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { cond } from '../../src/control/cond.js'
import { stopGradient } from '../../src/operation/stop-gradient.js'
import * as T from '../../src/Tensor.js'
import * as forward from '../../src/transform/forward.js'
import * as _ from '../../src/transform/reverse.js'
import { told } from '../told.js'
import { type Curve, close, numbers, type Scalar, scalar, vector } from './close.js'

describe('grad', () => {
  test('of one number, once, twice, three times', () => {
    const x = scalar(0.7)
    close(_.grad(T.sin<[]>)(x), Math.cos(0.7), 1e-15)
    close(_.grad(_.grad(T.sin))(x), -Math.sin(0.7), 1e-15)
    close(_.grad(_.grad(_.grad(T.sin)))(x), -Math.cos(0.7), 1e-15)
    close(_.grad(_.grad(_.grad((y: Scalar) => pipe(y, T.pow(3)))))(x), 6)
    const t = Math.tanh(0.7)
    close(_.grad(_.grad(_.grad(T.tanh)))(x), -2 * (1 - t * t) * (1 - 3 * t * t))
  })
  test('of records, arrays and trees of both, in the same kind of tree', () => {
    const params = { w: vector(1, 2), deep: [{ b: scalar(3) }, scalar(4)] as const, none: {}, nothing: [] }
    const gradient = _.grad(({ w, deep: [{ b }, c] }: typeof params) => pipe(T.sum()(w), T.mul(b), T.mul(c)))(params)
    expect(Object.keys(gradient)).toEqual(['w', 'deep', 'none', 'nothing'])
    expect([gradient.w, gradient.deep[0].b, gradient.deep[1]].map(numbers)).toEqual([[12, 12], [12], [9]])
    expect([gradient.none, gradient.nothing]).toEqual([{}, []])
  })
  test('of an empty tree is the empty tree', () => {
    expect(_.grad((_params: object) => scalar(1))({})).toEqual({})
    expect(_.valueAndGrad((_params: readonly []) => scalar(1))([])[1]).toEqual([])
  })
  test('of what is not used is zero, with its shape and dtype', () => {
    const gradient = _.grad(({ a }: { a: Scalar; b: T.Tensor<[2]> }) => a)({ a: scalar(1), b: T.zeros([2]) })
    expect(T.toData(gradient.b)).toEqual(new Float32Array([0, 0]))
    close(_.grad(() => scalar(5))(scalar(1)), 0)
  })
  test('leaves further arguments alone, whatever they are', () => {
    const power = (x: Scalar, n: number, { shift }: { shift: T.Tensor<[]> }) => pipe(x, T.pow(n), T.add(shift))
    close(_.grad(power)(scalar(2), 3, { shift: scalar(1) }), 12)
    const chosen = (x: T.Tensor<[3]>, i: T.Tensor<[2]>) => T.sum()(T.take(i)(x))
    expect(numbers(_.grad(chosen)(T.ones([3]), T.tensor([1, 1], { dtype: 'int32' })))).toEqual([0, 2, 0])
  })
  test('meets every use of a leaf', () => {
    const x = scalar(3)
    close(_.grad(({ a, b }: { a: Scalar; b: Scalar }) => pipe(a, T.mul(b)))({ a: x, b: x }).a, 3)
    close(_.grad((a: Scalar) => pipe(a, T.mul(a), T.add(a)))(x), 7)
  })
})

test('valueAndGrad gives both, and valueAndGradAux what else was computed', () => {
  const [value, gradient] = _.valueAndGrad(T.square<[]>)(scalar(3))
  expect([value, gradient].map(T.item)).toEqual([9, 6])
  const f = (x: Scalar, factor: number) =>
    [T.square(x), { twice: [pipe(x, T.mul(factor))], flag: T.scalar(true) }] as const
  const [[loss, { twice, flag }], slope] = _.valueAndGradAux(f)(scalar(3), 2)
  expect([loss, ...twice, slope, flag].map(T.item)).toEqual([9, 6, 6, 1])
})

test('vjp and linearize are computed once and used many times', () => {
  const [value, push] = forward.linearize(T.sin)(scalar(0.7))
  close([value, push(scalar(2)), push(scalar(3))], [Math.sin(0.7), 2 * Math.cos(0.7), 3 * Math.cos(0.7)].map(scalar))
  const product = ({ a, b }: { a: T.Tensor<[2]>; b: T.Tensor<[2]> }) => pipe(a, T.mul(b))
  const [, pull] = _.vjp(product)({ a: T.tensor([1, 2]), b: T.tensor([3, 4]) })
  expect(numbers(pull(T.tensor([1, 1])))).toEqual([3, 4, 1, 2])
  expect(numbers(pull(T.tensor([2, 1])))).toEqual([6, 4, 2, 2])
})

test('jvp of trees pairs records by name, not by order', () => {
  const f = ({ a, b }: { a: Scalar; b: Scalar }) => ({ sum: pipe(a, T.add(b)), product: [pipe(a, T.mul(b))] })
  const [value, tangent] = forward.jvp(f)({ a: scalar(2), b: scalar(3) }, { b: scalar(10), a: scalar(1) })
  expect([value, tangent].map(numbers)).toEqual([
    [5, 6],
    [11, 23]
  ])
})

test('a stopped gradient is a constant in both modes', () => {
  const f = (x: Scalar) => pipe(x, T.mul(stopGradient(x)))
  close(_.grad(f)(scalar(0.7)), 0.7)
  close(forward.jvp(f)(scalar(0.7), scalar(1))[1], 0.7)
  close(_.grad((x: Scalar) => pipe(stopGradient({ y: x }).y, T.add(0)))(scalar(2)), 0)
})

describe('where floating point ends', () => {
  const logsumexp: Curve = x => T.logsumexp()(T.stack(0)([x, scalar(0)]))
  const cases: readonly (readonly [string, Curve, readonly [number, number], readonly [number, number]])[] = [
    ['softplus', T.softplus({ threshold: Number.POSITIVE_INFINITY }), [0, 700], [0, 1]],
    ['softplus with its threshold', T.softplus(), [0, 700], [0, 1]],
    ['logsumexp', logsumexp, [0, 700], [0, 1]],
    ['sigmoid', T.sigmoid, [0, 1], [0, 0]],
    ['tanh', T.tanh, [-1, 1], [0, 0]],
    ['log1p(exp(-|x|))', x => T.log1p(T.exp(T.neg(T.abs(x)))), [0, 0], [0, 0]]
  ]
  test.each(cases)('%s has finite derivatives at −700 and 700, to third order', (_name, f, values, slopes) => {
    ;[-700, 700].forEach((at, i) => {
      close(f(scalar(at)), values[i]!)
      close(_.grad(f)(scalar(at)), slopes[i]!)
      close(_.grad(_.grad(f))(scalar(at)), 0)
      close(_.grad(_.grad(_.grad(f)))(scalar(at)), 0)
      close(forward.jvp(f)(scalar(at), scalar(1))[1], slopes[i]!)
    })
  })

  type Vector = T.Tensor<[number]>
  const guarded: readonly (readonly [string, (x: Vector) => Vector, readonly number[], readonly number[]])[] = [
    ['log', x => T.where(T.log(x), 0)(T.greater(0)(x)), [0, 0, 0.5], [0, 0, -0.25]],
    ['reciprocal', x => T.where(T.reciprocal(x), 0)(T.greater(0)(x)), [0, 0, -0.25], [0, 0, 0.25]],
    ['sqrt', x => T.where(T.sqrt(x), 0)(T.greater(0)(x)), [0, 0, 0.5 / Math.SQRT2], [0, 0, -0.25 / Math.sqrt(8)]],
    ['exp of 1000 x', x => T.where(T.exp(T.mul(1000)(x)), x)(T.less(0)(x)), [0, 1, 1], [0, 0, 0]]
  ]
  test.each(guarded)('what a where masks has no derivative: %s', (_name, f, first, second) => {
    const x = vector(-1, 0, 2)
    const ones = vector(1, 1, 1)
    const total = (y: Vector): Scalar => T.sum()(f(y))
    close(_.grad(total)(x), vector(...first), 0)
    close(forward.jvp(f)(x, ones)[1], vector(...first), 0)
    const again = _.grad((y: Vector): Scalar => T.sum()(_.grad(total)(y)))(x)
    close(again, vector(...second), 1e-15)
    close(forward.jvp(_.grad(total))(x, ones)[1], vector(...second), 1e-15)
  })

  test('products with zeros are differentiated, to second order', () => {
    const zeros = vector(0, 0, 2)
    const product = (x: Vector): Scalar => T.prod()(x)
    expect(numbers(_.grad(product)(zeros))).toEqual([0, 0, 0])
    expect(numbers(_.grad(product)(vector(0, 3, 2)))).toEqual([6, 0, 0])
    const second = _.grad((x: Vector): Scalar => T.sum()(T.mul(vector(0, 1, 0))(_.grad(product)(x))))(zeros)
    expect(numbers(second)).toEqual([2, 0, 0])
    close(_.grad(_.grad((x: Scalar) => pipe(x, T.pow(2))))(scalar(0)), 2)
    close(_.grad((x: Scalar) => pipe(x, T.pow(0)))(scalar(0)), 0)
  })
})

describe('mistakes', () => {
  test('of control flow on what is not known yet', () => {
    expect(told(() => _.grad((x: Scalar) => (T.item(T.sin(x)) > 0 ? x : T.neg(x)))(scalar(1)))).toBe(
      'UnknownValue: item: the result of sin, float64 [], is not known inside a transformed function (grad, jvp, vmap, jit); use where, Control.cond or Control.fold'
    )
    const condition = (x: Scalar) => cond(T.greater(0)(T.sin(x)), (y: Scalar) => y, T.neg<[]>)(x)
    close(_.grad(condition)(scalar(1)), 1)
  })
  test('of results that are no scalar', () => {
    const vectorOf = (x: Scalar) => T.stack(0)([x, x])
    // @ts-expect-error the result is a vector
    expect(told(() => _.grad(vectorOf)(scalar(1)))).toBe(
      'NotScalar: grad: the function must give one number, not a tensor of shape [2]; take a sum or a mean, or use jacrev'
    )
    // @ts-expect-error the result is a number
    expect(told(() => _.valueAndGrad(() => 3)(scalar(1)))).toBe(
      'NotScalar: valueAndGrad: the function must give one number, not a JavaScript number that no longer depends on the argument; take a sum or a mean, or use jacrev'
    )
  })
  test('of integers, by their path', () => {
    const counted = { w: scalar(1), deep: [T.arange(2)] }
    expect(told(() => _.grad(({ w }: typeof counted) => w)(counted))).toBe(
      "NotDifferentiable: grad: cannot differentiate with respect to 'deep.0', a tensor of int32; cast it to float32 or float64, or pass it as a further argument"
    )
  })
  test('of tangents and cotangents that do not fit', () => {
    expect(told(() => forward.jvp((x: T.Tensor) => x)(T.zeros([2]), T.zeros([3])))).toBe(
      'ShapeMismatch: jvp: float32 [3] where float32 [2] is needed'
    )
    expect(told(() => _.vjp((x: T.Tensor): object => ({ a: x }))(T.zeros([2]))[1]({ b: T.zeros([2]) }))).toBe(
      'TreeMismatch: vjp: the record lacks a and has b too many'
    )
  })
})
