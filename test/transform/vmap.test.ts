import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as T from '../../src/Tensor.js'
import { grad } from '../../src/transform/reverse.js'
import * as _ from '../../src/transform/vmap.js'
import { close, matrix, type Network, network, networkLoss, numbers, type Scalar, scalar, vector } from './close.js'

const xs = vector(0.1, 0.2, 0.3)

test('of a gradient', () => {
  close(_.vmap(grad(T.sin<[]>))(xs), vector(...[0.1, 0.2, 0.3].map(Math.cos)), 1e-15)
})
test('a closed-over unknown is the same for all members', () => {
  const total = (a: Scalar): Scalar => T.sum()(_.vmap((x: Scalar) => pipe(T.sin(x), T.mul(a)))(xs))
  close(grad(total)(scalar(2)), Math.sin(0.1) + Math.sin(0.2) + Math.sin(0.3))
})
test('in itself makes two axes, and what is outside comes first', () => {
  const outer = _.vmap((x: Scalar) => _.vmap((y: Scalar) => pipe(x, T.sub(y)))(vector(1, 2)))(xs)
  close(
    outer,
    matrix([
      [-0.9, -1.9],
      [-0.8, -1.8],
      [-0.7, -1.7]
    ])
  )
  const three = _.vmap((x: T.Tensor<[2, 3]>) => _.vmap((y: T.Tensor<[3]>) => _.vmap(T.exp)(y))(x))(T.zeros([4, 2, 3]))
  expect(T.shape(three)).toEqual([4, 2, 3])
})
test('a result that does not depend on the member is repeated', () => {
  expect(T.toArray(_.vmap((_x: Scalar) => T.tensor([1, 2]))(xs))).toEqual([
    [1, 2],
    [1, 2],
    [1, 2]
  ])
})
test('goes along the leading axis of every leaf of every argument', () => {
  const f = ({ a, b: [b] }: { a: Scalar; b: readonly [T.Tensor<[2]>] }, c: Scalar) => ({
    r: pipe(b, T.mul(a), T.add(c)),
    c
  })
  const { r, c } = _.vmap(f)(
    {
      a: T.tensor([1, 2]),
      b: [
        T.tensor([
          [1, 2],
          [3, 4]
        ])
      ]
    },
    T.tensor([10, 20])
  )
  expect([T.toArray(r), T.toArray(c)]).toEqual([
    [
      [11, 12],
      [26, 28]
    ],
    [10, 20]
  ])
})
test('of no members is no result, with its shape', () => {
  expect(T.shape(_.vmap((x: T.Tensor<[2]>) => T.stack(0)([x, x]))(T.zeros([0, 2])))).toEqual([0, 2, 2])
})
test('is the function applied to each, bit for bit where no sum is reordered', () => {
  const f = (x: T.Tensor<[3]>) => pipe(T.softmax()(x), T.mul(T.cumsum({ axis: 0 })(x)), T.flip(0))
  const rows = matrix([
    [0.5, -1, 2],
    [3, 0, 1],
    [-2, 0.25, 0.125]
  ])
  const each = [0, 1, 2].map(i => f(T.select(0, i)(rows)))
  close(_.vmap(f)(rows), T.stack(0)(each), 1e-15)
})
test("per-example gradients of a network's loss add up to the gradient", () => {
  const scaled = (factor: Scalar) => grad((params: Network) => pipe(networkLoss(params), T.mul(factor)))(network)
  const each = _.vmap(scaled)(vector(1, 2, 3))
  expect(T.shape(each.hidden.weight)).toEqual([3, 4, 2])
  close(T.sum({ axis: 0 })(each.hidden.weight), T.mul(6)(grad(networkLoss)(network).hidden.weight), 1e-12)
  expect(numbers(each.output.bias)).toHaveLength(3)
})

describe('mistakes', () => {
  const first = (...given: unknown[]) => _.vmap((x: T.Tensor) => x)(...(given as [T.Tensor]))
  test.each([
    ['a scalar', () => first(T.scalar(1)), 'vmap: a scalar has no axis to take members along'],
    ['different sizes', () => first(T.zeros([2, 3]), T.zeros([3])), 'vmap: leading axes differ: [2, 3] and [3]'],
    ['nothing to map', () => first(), 'vmap: no tensor to take members of'],
    [
      'a number',
      () => first(1),
      "vmap: '0' is the number 1; leaves must be tensors (Tensor.scalar makes one of a number)"
    ]
  ])('%s', (_name, run, message) => expect(run).toThrow(message))
})
