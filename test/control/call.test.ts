import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../src/control/call.js'
import { jit } from '../../src/engine/jit.js'
import * as T from '../../src/Tensor.js'
import { jvp } from '../../src/transform/forward.js'
import { jacfwd, jacrev } from '../../src/transform/jacobian.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { told } from '../told.js'
import {
  type Curve,
  close,
  type Network,
  network,
  networkLoss,
  numbers,
  type Scalar,
  scalar,
  vector
} from '../transform/close.js'

const x = scalar(0.7)

describe('checkpoint', () => {
  const f: Curve = y => pipe(T.sin(T.square(y)), T.mul(T.exp(y)))
  test('is the same function, to third order, batched and compiled', () => {
    const kept = _.checkpoint(f)
    for (const transform of [
      (g: Curve) => g,
      grad,
      (g: Curve) => grad(grad(g)),
      (g: Curve) => grad(grad(grad(g)))
    ] as ((g: Curve) => Curve)[]) {
      close(transform(kept)(x), transform(f)(x), 1e-14)
      close(jit(transform(kept))(x), transform(f)(x), 1e-14)
      close(vmap(transform(kept))(vector(1, 2)), vmap(transform(f))(vector(1, 2)), 1e-13)
    }
    close(jacfwd(jacrev(kept))(x), jacfwd(jacrev(f))(x), 1e-14)
  })
  test('takes and gives trees, and differentiates what it closes over', () => {
    close(grad(_.checkpoint(networkLoss))(network), grad(networkLoss)(network), 1e-15)
    const closing = (params: Network, keep: boolean): Scalar => {
      const inner = (y: Scalar) => ({ loss: [pipe(networkLoss(params), T.mul(y))] as const })
      return (keep ? _.checkpoint(inner) : inner)(scalar(3)).loss[0]
    }
    close(grad(closing)(network, true), grad(closing)(network, false), 1e-15)
  })
  test('in itself', () => {
    const twice = _.checkpoint((y: Scalar) => _.checkpoint(f)(_.checkpoint(f)(y)))
    close(grad(twice)(x), grad((y: Scalar) => f(f(y)))(x), 1e-13)
  })
})

test('of several results, those that are used', () => {
  const both = _.checkpoint((y: Scalar) => [T.sin(y), pipe(y, T.mul(y))] as const)
  close(grad((y: Scalar): Scalar => both(y)[0])(x), Math.cos(0.7))
  close(grad((y: Scalar): Scalar => both(y)[1])(x), 1.4)
  close(grad(grad((y: Scalar): Scalar => both(y)[1]))(x), 2)
  close(jacrev(grad((y: Scalar): Scalar => both(y)[1]))(x), 2)
})

describe('customJvp', () => {
  let used = 0
  const sine = _.customJvp(T.sin<[]>, (y, tangent): Scalar => {
    used++
    return pipe(tangent, T.mul(3), T.mul(y))
  })
  test('has the value of the function, and the derivative of the rule, to any order', () => {
    close(sine(x), Math.sin(0.7))
    expect(used).toBe(0)
    close(grad(sine)(x), 3 * 0.7)
    close(jvp(sine)(x, scalar(2))[1], 6 * 0.7)
    close(grad(grad(sine))(x), 3)
    close(grad(grad(grad(sine)))(x), 0)
    expect(used).toBeGreaterThan(0)
  })
  test('under and around vmap, and compiled', () => {
    close(vmap(grad(sine))(vector(1, 2)), vector(3, 6))
    close(grad((y: Scalar): Scalar => T.sum()(vmap(sine)(T.stack(0)([y, y, y]))))(x), 9 * 0.7)
    close(vmap((y: Scalar) => vmap(grad(sine))(T.stack(0)([y, T.mul(2)(y)])))(vector(1, 2)), vector(3, 6, 6, 12))
    close(jit(grad(sine))(x), 3 * 0.7)
  })
  test('of trees', () => {
    const swap = _.customJvp(
      ({ a, b }: { a: Scalar; b: Scalar }) => [b, a] as const,
      (_point, { a, b }) => [pipe(b, T.mul(10)), pipe(a, T.mul(100))] as const
    )
    const f = (p: { a: Scalar; b: Scalar }): Scalar => {
      const [first, second] = swap(p)
      return pipe(first, T.add(second))
    }
    expect(numbers(grad(f)({ a: scalar(1), b: scalar(2) }))).toEqual([100, 10])
  })
  test('a rule may divide the tangent by what does not depend on it', () => {
    const f = _.customJvp(T.sin<[]>, (y, tangent): Scalar => pipe(tangent, T.div(y)))
    close(grad(f)(x), 1 / 0.7)
    close(grad(grad(f))(x), -1 / 0.49)
  })
  test('a rule may close over what is unknown, and is part of what is differentiated again', () => {
    const scaled = ({ y, w }: { y: Scalar; w: Scalar }): Scalar =>
      _.customJvp(T.sin<[]>, (_point, tangent): Scalar => pipe(tangent, T.mul(w)))(y)
    const point = { y: x, w: scalar(3) }
    close(scaled(point), Math.sin(0.7))
    close(grad(scaled)(point).y, 3)
    close(grad(scaled)(point).w, 0)
    close(grad((p: typeof point) => grad(scaled)(p).y)(point).w, 1)
    close(vmap(grad(scaled))({ y: vector(1, 2), w: vector(3, 4) }).y, vector(3, 4))
    close(jit(grad(scaled))(point).y, 3)
  })
  test('gradient clipping: the identity, with a derivative that is bounded where it comes from above', () => {
    const straight = _.customJvp(T.round<[]>, (_y, tangent) => tangent)
    close(grad((y: Scalar): Scalar => T.square(straight(y)))(scalar(2.7)), 6)
  })

  const linear = (rule: (y: Scalar, tangent: Scalar) => Scalar) => () => grad(_.customJvp(T.sin<[]>, rule))(x)
  test.each<readonly [string, () => unknown, string]>([
    [
      'a product of tangents',
      linear((y, t) => pipe(t, T.mul(t), T.mul(y))),
      'NotLinear: transpose: mul is not linear in what a tangent reaches'
    ],
    [
      'a function of the tangent',
      linear((_y, t) => T.exp(t)),
      'NotLinear: transpose: exp is not linear in what a tangent reaches'
    ],
    [
      'a quotient by the tangent',
      linear((y, t) => pipe(y, T.div(t))),
      'NotLinear: transpose: div is not linear in what a tangent reaches'
    ],
    [
      'a sign of the tangent',
      linear((y, t) => pipe(T.sign(t), T.mul(y))),
      'NotLinear: transpose: sign is not linear in what a tangent reaches'
    ],
    [
      'a function that closes over what is differentiated',
      () =>
        grad(
          (w: Scalar): Scalar =>
            _.customJvp(
              (y: Scalar): Scalar => pipe(y, T.mul(w)),
              (_y, t) => t
            )(w)
        )(x),
      'NotDifferentiable: customJvp: the rule says nothing of what the function closes over, float64 [], with respect to which it is differentiated; make that an argument, or stop its gradient'
    ],
    [
      'another number of results',
      () =>
        grad(
          _.customJvp(
            (y: Scalar): unknown => y,
            (_y, t) => [t, t]
          ) as Curve
        )(x),
      'TreeMismatch: customJvp: the rule gives 2 tensors, and the function 1'
    ],
    [
      'another shape',
      () =>
        grad(
          _.customJvp(
            (y: T.Tensor) => y,
            (_y, t) => T.unsqueeze(0)(t)
          ) as Curve
        )(x),
      'ShapeMismatch: customJvp: the rule gives float64 [1] as the tangent of a result that is float64 []'
    ],
    [
      'another dtype',
      () =>
        grad(
          _.customJvp(
            (y: T.Tensor) => y,
            (_y, t) => T.cast('float32')(t)
          ) as Curve
        )(x),
      'ShapeMismatch: customJvp: the rule gives float32 [] as the tangent of a result that is float64 []'
    ],
    [
      'a tangent that is read',
      linear((_y, t) => scalar(T.item(t))),
      'UnknownValue: item: an argument, float64 [], is not known inside a transformed function (grad, jvp, vmap, jit); use where, Control.cond or Control.fold'
    ]
  ])('mistakes: %s', (_name, run, message) => expect(told(run)).toBe(message))
})
