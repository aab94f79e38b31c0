import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../src/control/cond.js'
import { jit } from '../../src/engine/jit.js'
import * as T from '../../src/Tensor.js'
import { jvp } from '../../src/transform/forward.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { told } from '../told.js'
import { close, matrix, numbers, type Scalar, scalar, vector } from '../transform/close.js'

// A branch that closes over the unknown as well as taking it.
const f = (x: Scalar): Scalar =>
  _.cond(
    T.less(1)(x),
    (y: Scalar): Scalar => pipe(y, T.mul(y), T.mul(x)),
    (y: Scalar): Scalar => T.sin(y)
  )(x)

test('takes the branch that the condition says', () => {
  close([f(scalar(0.7)), f(scalar(2))], [scalar(0.7 ** 3), scalar(Math.sin(2))])
})
test('only runs that branch on known values', () => {
  const sizes: number[] = []
  const seen = (x: T.Tensor<[1]>) => {
    sizes.push(T.size(x))
    return x
  }
  const picked = _.cond(
    T.scalar(true),
    (x: T.Tensor<[1]>) => T.sqrt(x),
    (x: T.Tensor<[1]>) => T.log(seen(x))
  )(T.ones([1]))
  expect(T.toArray(picked)).toEqual([1])
  expect(sizes).toEqual([1])
})
test('has the derivative of the branch taken, to second order, in both modes', () => {
  close(grad(f)(scalar(0.7)), 3 * 0.49)
  close(grad(f)(scalar(2)), Math.cos(2))
  close(grad(grad(f))(scalar(0.7)), 6 * 0.7)
  close(grad(grad(f))(scalar(2)), -Math.sin(2))
  close(jvp(grad(f))(scalar(0.7), scalar(1))[1], 6 * 0.7)
  close(grad((x: Scalar): Scalar => jvp(f)(x, scalar(1))[1])(scalar(2)), -Math.sin(2))
})
test('an untaken branch spoils nothing', () => {
  const safe = (x: Scalar): Scalar =>
    _.cond(
      T.greater(0)(x),
      (y: Scalar): Scalar => T.log(y),
      (y: Scalar) => T.mul(0)(y)
    )(x)
  expect([grad(safe)(scalar(0)), grad(safe)(scalar(-1)), grad(grad(safe))(scalar(0))].flatMap(numbers)).toEqual([
    0, 0, 0
  ])
})
describe('under vmap', () => {
  test('members choose for themselves', () => {
    const xs = vector(0.7, 2, 0.5)
    close(vmap(f)(xs), vector(0.7 ** 3, Math.sin(2), 0.125))
    close(vmap(grad(f))(xs), vector(3 * 0.49, Math.cos(2), 0.75))
    close(grad((ys: T.Tensor<[number]>): Scalar => T.sum()(vmap(f)(ys)))(xs), vector(3 * 0.49, Math.cos(2), 0.75))
  })
  test('one condition for all, with members that differ, and the other way round', () => {
    const choose = (c: Scalar) => (x: T.Tensor<[2]>) => _.cond(T.greater(0)(c), T.exp<[2]>, T.neg<[2]>)(x)
    const xs = matrix([
      [1, 2],
      [3, 4]
    ])
    close(vmap(choose(scalar(-1)))(xs), T.neg(xs))
    close(
      vmap((c: Scalar) => choose(c)(T.tensor([1, 2], { dtype: 'float64' })))(vector(-1, 1)),
      matrix([
        [-1, -2],
        [Math.E, Math.E ** 2]
      ])
    )
  })
  test('results of any rank and several of them', () => {
    const pairOf = (c: Scalar) =>
      _.cond(
        T.greater(0)(c),
        (x: T.Tensor<[2]>) => ({ a: x, b: T.sum()(x) }),
        (x: T.Tensor<[2]>) => ({ b: T.mean()(x), a: T.neg(x) })
      )(T.tensor([1, 3], { dtype: 'float64' }))
    const { a, b } = vmap(pairOf)(vector(1, -1))
    expect([T.toArray(a), T.toArray(b)]).toEqual([
      [
        [1, 3],
        [-1, -3]
      ],
      [4, 2]
    ])
  })
})
test('in jit the condition is decided in each call', () => {
  const compiled = jit(f)
  close([compiled(scalar(0.7)), compiled(scalar(2))], [f(scalar(0.7)), f(scalar(2))], 0)
})
test('branches close over different unknowns', () => {
  const g = ({ a, b, c }: { a: Scalar; b: Scalar; c: Scalar }): Scalar =>
    _.cond(
      T.greater(0)(c),
      (x: Scalar): Scalar => pipe(x, T.mul(a)),
      (x: Scalar): Scalar => pipe(x, T.mul(b), T.mul(b))
    )(scalar(2))
  expect(numbers(grad(g)({ a: scalar(3), b: scalar(5), c: scalar(1) }))).toEqual([2, 0, 0])
  expect(numbers(grad(g)({ a: scalar(3), b: scalar(5), c: scalar(-1) }))).toEqual([0, 20, 0])
})

describe('mistakes', () => {
  const same = (x: T.Tensor): T.Tensor => x
  const yes = T.scalar(true)
  const x = T.zeros([2])
  test.each<readonly [string, () => unknown, string]>([
    [
      'branches of different shapes',
      () => _.cond(yes, same, (y: T.Tensor) => T.sum({ axis: 0, keepDimensions: true })(y))(x),
      'ShapeMismatch: cond: the branches give float32 [2] and float32 [1]'
    ],
    [
      'branches of different dtypes',
      () => _.cond(yes, same, T.cast('int32'))(x),
      'ShapeMismatch: cond: the branches give float32 [2] and int32 [2]'
    ],
    [
      'branches of different trees',
      () => _.cond<T.Tensor, object>(yes, same, y => [y])(x),
      "TreeMismatch: cond: the second branch's result should be a tensor, and is an array"
    ],
    [
      'branches of different records',
      () =>
        _.cond<T.Tensor, object>(
          yes,
          y => ({ r: { a: y } }),
          y => ({ r: { b: y } })
        )(x),
      "TreeMismatch: cond: 'r' in the second branch's result lacks a and has b too many"
    ],
    [
      'a number for a condition',
      () => _.cond(T.scalar(1), same, same)(x),
      'ShapeMismatch: cond: the condition must be one bool, not float32 []'
    ],
    [
      'several conditions',
      () => _.cond(T.ones([2], { dtype: 'bool' }), same, same)(x),
      'ShapeMismatch: cond: the condition must be one bool, not bool [2]'
    ],
    [
      "JavaScript's true",
      () => _.cond(JSON.parse('true'), same, same)(x),
      'ShapeMismatch: cond: the condition must be one bool, not the boolean true, for which ?: is enough'
    ]
  ])('%s', (_name, run, message) => {
    expect(told(run)).toBe(message)
  })
})
