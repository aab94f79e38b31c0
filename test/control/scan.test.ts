import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import * as _ from '../../src/control/scan.js'
import { jit } from '../../src/engine/jit.js'
import * as T from '../../src/Tensor.js'
import { jvp } from '../../src/transform/forward.js'
import { hessian, jacfwd, jacrev } from '../../src/transform/jacobian.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { told } from '../told.js'
import { close, matrix, numbers, type Scalar, scalar, vector } from '../transform/close.js'

type Matrix = T.Tensor<[2, 2]>
type Row = T.Tensor<[2]>
const w = matrix([
  [0.5, -0.3],
  [0.2, 0.9]
])
const xs = matrix([
  [1, 2],
  [3, -1],
  [0.5, 0.25]
])
const h = vector(0.1, 0.2) as Row
const last = vector(1, 2) as Row

const step =
  (p: Matrix) =>
  (state: Row, x: Row): Row =>
    T.tanh(T.add(x)(T.matmul(p)(state)))
const reduced = (state: Row): Scalar => T.sum()(T.mul(last)(state))
interface Point {
  readonly w: Matrix
  readonly xs: T.Tensor<[3, 2]>
  readonly h: Row
}
const folded = (p: Point): Scalar => reduced(_.fold((state: Row, x: Row): Row => step(p.w)(state, x))(p.h, p.xs))
const unrolled = (p: Point): Scalar =>
  reduced([0, 1, 2].reduce<Row>((state, i) => step(p.w)(state, T.select(0, i)(p.xs) as Row), p.h))
const point: Point = { w, xs, h }
const inWeight =
  (f: (p: Point) => Scalar) =>
  (q: Matrix): Scalar =>
    f({ ...point, w: q })

describe('a fold is the loop written out', () => {
  test('in value and gradient, over all that it reads', () => {
    close(folded(point), unrolled(point), 1e-14)
    close(grad(folded)(point), grad(unrolled)(point), 1e-13)
    close(jit(grad(folded))(point), grad(unrolled)(point), 1e-13)
    close(jvp(folded)(point, point), jvp(unrolled)(point, point), 1e-13)
  })
  test('in second derivatives, by every order of the modes', () => {
    const expected = hessian(inWeight(unrolled))(w)
    for (const second of [
      hessian(inWeight(folded)),
      jacrev(grad(inWeight(folded))),
      jacrev(jacfwd(inWeight(folded))),
      jacfwd(jacfwd(inWeight(folded)))
    ])
      close(second(w), expected, 1e-12)
  })
  test('in a gradient of a gradient', () => {
    const twice = (f: (p: Point) => Scalar) =>
      grad((q: Point): Scalar => {
        const g = grad(f)(q)
        return pipe(T.sum()(T.mul(q.w)(g.w)), T.add(T.sum()(T.sin(g.xs))), T.add(T.sum()(T.mul(q.h)(g.h))))
      })(point)
    close(twice(folded), twice(unrolled), 1e-12)
  })
  test('under vmap, over what it carries, goes through, closes over, and all at once', () => {
    const two = <S extends readonly number[]>(x: T.Tensor<S>) =>
      vmap((factor: Scalar): T.Tensor<S> => T.mul(factor)(x))(vector(1, 0.5) as T.Tensor<[2]>)
    const [ws, xss, hs] = [two(w), two(xs), two(h)] as const
    const each = (f: (p: Point) => Scalar) => [
      vmap((q: Matrix) => f({ ...point, w: q }))(ws),
      vmap((q: Point['xs']) => f({ ...point, xs: q }))(xss),
      vmap((q: Row) => f({ ...point, h: q }))(hs),
      vmap(grad(f))({ w: ws, xs: xss, h: hs })
    ]
    close(each(folded), each(unrolled), 1e-12)
  })
})

describe('scan', () => {
  const cumulative = (q: T.Tensor<[number]>) =>
    _.scan((c: Scalar, x: Scalar) => {
      const next = pipe(c, T.add(T.sin(x)))
      return [next, pipe(next, T.mul(x))] as const
    })(scalar(0), q)[1]
  const q = vector(1, 2, 3)
  test("stacks every step's output", () => {
    const [total, sums] = _.scan(
      (c: Scalar, x: Scalar) => [pipe(c, T.add(x)), { before: c, row: T.stack(0)([c, x]) }] as const
    )(scalar(0), q)
    expect([T.toArray(total), T.toArray(sums.before), T.toArray(sums.row)]).toEqual([
      6,
      [0, 1, 3],
      [
        [0, 1],
        [1, 2],
        [3, 3]
      ]
    ])
  })
  test('has one Jacobian, batches, and compiles', () => {
    close(jacfwd(cumulative)(q), jacrev(cumulative)(q), 1e-14)
    close(
      vmap(cumulative)(
        matrix([
          [1, 2, 3],
          [4, 5, 6]
        ])
      ),
      [cumulative(q), cumulative(vector(4, 5, 6))],
      1e-14
    )
    close(jit(cumulative)(q), cumulative(q), 0)
  })
  test('carries and goes through trees, with integers among the floats', () => {
    const [{ count, total }] = _.scan(
      (carry: { count: T.Tensor<[]>; total: Scalar }, { x, i }: { x: Scalar; i: T.Tensor<[]> }) =>
        [{ total: pipe(x, T.mul(i), T.add(carry.total)), count: pipe(carry.count, T.add(1)) }, []] as const
    )({ count: T.scalar(0, { dtype: 'int32' }), total: scalar(0) }, { x: q, i: T.arange(3) })
    expect([T.dtype(count), T.item(count), T.item(total)]).toEqual(['int32', 3, 8])
    const slope = grad(
      (y: T.Tensor<[number]>): Scalar =>
        _.fold((c: Scalar, { x, i }: { x: Scalar; i: T.Tensor<[]> }): Scalar => pipe(x, T.mul(i), T.add(c)))(
          scalar(0),
          { x: y, i: T.arange(3) }
        )
    )
    expect(numbers(slope(q))).toEqual([0, 1, 2])
  })
  test('no steps give the start, no outputs, and derivatives', () => {
    const f = (c: Scalar, x: Row) => [pipe(T.sum()(x), T.mul(c)), T.mul(c)(x)] as const
    const none = T.zeros([0, 2], { dtype: 'float64' })
    const [carry, outputs] = _.scan(f)(scalar(5), none)
    expect([T.item(carry), T.shape(outputs)]).toEqual([5, [0, 2]])
    const both = grad((p: { c: Scalar; xs: T.Tensor<[0, 2]> }): Scalar => _.scan(f)(p.c, p.xs)[0])({
      c: scalar(5),
      xs: none
    })
    expect([T.item(both.c), T.shape(both.xs)]).toEqual([1, [0, 2]])
    expect(T.toArray(vmap((c: Scalar) => _.scan(f)(c, none)[0])(vector(1, 2)))).toEqual([1, 2])
    expect(T.shape(jacfwd((c: Scalar) => _.scan(f)(c, none)[1])(scalar(1)))).toEqual([0, 2])
  })
  test('a loop in a loop, differentiated twice', () => {
    const nested = (a: Scalar): Scalar =>
      _.fold(
        (c: Scalar, x: Scalar): Scalar =>
          _.fold((d: Scalar, y: Scalar): Scalar => T.sin(pipe(d, T.mul(a), T.add(x), T.mul(y))))(c, q)
      )(a, q)
    const difference = (f: (x: Scalar) => Scalar): number =>
      (T.item(f(scalar(0.4 + 1e-5))) - T.item(f(scalar(0.4 - 1e-5)))) / 2e-5
    close(grad(nested)(scalar(0.4)), difference(nested), 1e-7)
    close(grad(grad(nested))(scalar(0.4)), difference(grad(nested)), 1e-7)
    close(vmap(grad(nested))(vector(0.4, 0.5)), [grad(nested)(scalar(0.4)), grad(nested)(scalar(0.5))], 1e-12)
  })
})
test('a fold of 20,000 steps has a derivative', () => {
  const f = (a: Scalar): Scalar =>
    _.fold((c: Scalar, _x: Scalar): Scalar => pipe(c, T.mul(a)))(scalar(1), T.zeros([20_000]))
  close(grad(f)(scalar(1)), 20_000)
})

describe('mistakes', () => {
  const [zero, three] = [T.scalar(0), T.zeros([3])]
  const same = (c: T.Tensor): T.Tensor => c
  test.each<readonly [string, () => unknown, string]>([
    [
      'a carry of another shape',
      () => _.fold((c: T.Tensor) => T.unsqueeze(0)(c))(zero, three),
      'ShapeMismatch: fold: the carry goes in as float32 [] and comes out as float32 [1]'
    ],
    [
      'a carry of another dtype',
      () => _.scan((c: T.Tensor, x: T.Tensor) => [T.add(x)(c), c] as const)(T.scalar(0, { dtype: 'int32' }), three),
      'ShapeMismatch: scan: the carry goes in as int32 [] and comes out as float32 []'
    ],
    [
      'a carry of another kind',
      () => _.fold<object, T.Tensor>(c => [c])({ a: zero }, three),
      'TreeMismatch: fold: the carry that comes out should be a record, and is an array'
    ],
    [
      'sequences of different lengths',
      () => _.fold(same)(zero, [three, T.zeros([2])]),
      'ShapeMismatch: fold: sequences of 3 and 2 elements: leading axes differ'
    ],
    [
      'a scalar',
      () => _.fold(same)(zero, zero),
      'InvalidArgument: fold: no sequence to go through: give tensors with a leading axis'
    ],
    [
      'a scalar beside a sequence',
      () => _.scan((c: T.Tensor) => [c, c] as const)(zero, [three, zero]),
      'InvalidArgument: scan: no sequence to go through: give tensors with a leading axis'
    ],
    [
      'nothing',
      () => _.fold(same)(zero, []),
      'InvalidArgument: fold: no sequence to go through: give tensors with a leading axis'
    ]
  ])('%s', (_name, run, message) => expect(told(run)).toBe(message))
})
