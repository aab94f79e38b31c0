/** Transformations inside each other, in every order: none takes another's perturbation for its own. */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as T from '../../src/Tensor.js'
import * as _ from '../../src/Transform.js'
import { type Curve, close, matrix, network, networkLoss, numbers, type Scalar, scalar, vector } from './close.js'

const one = scalar(1)
const d =
  (f: Curve): Curve =>
  x =>
    _.jvp(f)(x, one)[1]

describe('perturbation confusion', () => {
  test('reverse in reverse', () => {
    close(_.grad((x: Scalar) => pipe(x, T.mul(_.grad((y: Scalar) => pipe(x, T.add(y)))(one))))(one), 1)
    close(_.grad((x: Scalar) => pipe(x, T.mul(_.grad((y: Scalar) => pipe(x, T.mul(y)))(x))))(scalar(3)), 6)
  })
  test('forward in forward', () => {
    close(d(x => pipe(x, T.mul(d(y => pipe(x, T.add(y)))(one))))(one), 1)
    // A function that returns a closure over its own variable.
    close(d(x => d(y => pipe(x, T.mul(d(z => pipe(x, T.mul(y), T.mul(z)))(y))))(x))(scalar(2)), 4)
  })
  test('forward in reverse and reverse in forward', () => {
    const cube =
      (x: Scalar): Curve =>
      y =>
        pipe(x, T.mul(y), T.mul(y))
    close(_.grad((x: Scalar) => d(cube(x))(x))(scalar(3)), 12)
    close(d(x => _.grad(cube(x))(x))(scalar(3)), 12)
  })
  test('in maps', () => {
    const xs = vector(1, 2, 3)
    const inner = (x: Scalar) =>
      _.grad((y: Scalar): Scalar => T.sum()(_.vmap((z: Scalar) => pipe(x, T.mul(y), T.mul(z)))(xs)))(x)
    expect(numbers(_.vmap(inner)(xs))).toEqual([6, 12, 18])
    expect(numbers(_.vmap(_.grad(inner))(xs))).toEqual([6, 6, 6])
  })
})

const curves: Readonly<Record<string, readonly [Curve, readonly ((x: number) => number)[]]>> = {
  sin: [T.sin, [Math.sin, Math.cos, x => -Math.sin(x), x => -Math.cos(x)]],
  exp: [T.exp, [Math.exp, Math.exp, Math.exp, Math.exp]],
  'x⁴': [x => pipe(x, T.pow(4)), [x => x ** 4, x => 4 * x ** 3, x => 12 * x ** 2, x => 24 * x]]
}
const derivatives: readonly (readonly [string, (f: Curve) => Curve])[] = [
  ['grad', f => _.grad(f)],
  ['jvp', d],
  ['vjp', f => x => _.vjp(f)(x)[1](one)],
  ['linearize', f => x => _.linearize(f)(x)[1](one)],
  ['jacfwd', f => x => _.jacfwd(f)(x)],
  ['jacrev', f => x => _.jacrev(f)(x)],
  ['grad of jit', f => _.grad(_.jit(f))],
  ['jit of grad', f => _.jit(_.grad(f))],
  ['grad of checkpoint', f => _.grad(_.checkpoint(f))],
  ['grad under vmap', f => x => T.reshape([])(_.vmap(_.grad(f))(T.reshape([1])(x)))],
  ['grad through vmap', f => _.grad((x: Scalar): Scalar => T.sum()(_.vmap(f)(T.reshape([1])(x))))]
]
describe.each(Object.entries(curves))('%s', (_name, [f, orders]) => {
  const at = 0.7
  test.each(derivatives)('%s of every derivative of every other', (_outer, first) => {
    close(first(f)(scalar(at)), orders[1]!(at))
    for (const [, second] of derivatives) {
      close(second(first(f))(scalar(at)), orders[2]!(at))
      close(second(_.grad(first(f)))(scalar(at)), orders[3]!(at))
      close(second(d(first(f)))(scalar(at)), orders[3]!(at))
    }
  })
})

test('the same Jacobian of a Jacobian, whichever way', () => {
  const f = (x: T.Tensor<[number]>) => pipe(T.sin(x), T.mul(T.flip(0)(T.exp(x))))
  const x = vector(0.3, -0.7, 1.1)
  const expected = _.jacfwd(_.jacfwd(f))(x)
  expect(T.shape(expected)).toEqual([3, 3, 3])
  for (const outer of [_.jacfwd, _.jacrev])
    for (const inner of [_.jacfwd, _.jacrev]) close(outer(inner(f))(x), expected)
})

test('vmap of hessian, and hessian of a mapped sum', () => {
  const f = (x: T.Tensor<[2]>): Scalar => T.prod()(T.square(x))
  const xs = matrix([
    [1, 2],
    [3, -1]
  ])
  const each = [
    [8, 8, 8, 2],
    [2, -12, -12, 18]
  ]
  expect(numbers(_.vmap(_.hessian(f))(xs))).toEqual(each.flat())
  const whole = _.hessian((ys: T.Tensor<[2, 2]>): Scalar => T.sum()(_.vmap(f)(ys)))(xs)
  expect(T.shape(whole)).toEqual([2, 2, 2, 2])
  close(T.toArray(whole).flat(3)[0], 8)
})

test('hypergradients: a derivative through steps of gradient descent', () => {
  const descended = (rate: Scalar): Scalar => {
    let params = network
    for (let i = 0; i < 3; i++) {
      const step = _.grad(networkLoss)(params)
      const moved = (p: T.Tensor, g: T.Tensor): T.Tensor => T.sub(T.mul(rate)(g))(p)
      params = {
        hidden: {
          weight: moved(params.hidden.weight, step.hidden.weight) as T.Tensor<[4, 2]>,
          bias: moved(params.hidden.bias, step.hidden.bias) as T.Tensor<[4]>
        },
        output: {
          weight: moved(params.output.weight, step.output.weight) as T.Tensor<[1, 4]>,
          bias: moved(params.output.bias, step.output.bias) as T.Tensor<[1]>
        }
      }
    }
    return networkLoss(params)
  }
  const h = 1e-5
  const difference = (T.item(descended(scalar(0.1 + h))) - T.item(descended(scalar(0.1 - h)))) / (2 * h)
  close(_.grad(descended)(scalar(0.1)), difference, 1e-8)
  close(d(descended)(scalar(0.1)), _.grad(descended)(scalar(0.1)), 1e-12)
})
