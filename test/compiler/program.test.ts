import { pipe } from 'fp-ts/lib/function.js'
import { expect, test } from 'vitest'
import * as _ from '../../src/compiler/program.js'
import { checkpoint } from '../../src/control/call.js'
import { cond } from '../../src/control/cond.js'
import { fold, scan } from '../../src/control/scan.js'
import * as T from '../../src/Tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { type Scalar, scalar } from '../transform/close.js'

const shown = <A extends readonly unknown[], B>(f: (...xs: A) => B, ...xs: A): readonly string[] =>
  _.show(_.trace(f)(...xs)).split('\n')

test('a line an equation, with types, and without what the results do not need', () => {
  const f = (x: T.Tensor<[2, 3]>, y: { scale: Scalar }) => {
    T.exp(x)
    return [T.sum({ axis: 1 })(x), pipe(y.scale, T.mul(2), T.add(1))]
  }
  expect(shown(f, T.zeros([2, 3]), { scale: scalar(1) })).toEqual([
    '(x0: float32[2,3], x1: float64[]) =>',
    '  t0: float32[2] = sum [1] x0',
    '  t1: float64[] = mul x1 2',
    '  t2: float64[] = add t1 1',
    '  t0, t2'
  ])
})
test('a derivative', () => {
  expect(
    shown(
      grad((x: Scalar) => pipe(x, T.sin, T.mul(x))),
      scalar(1)
    )
  ).toEqual([
    '(x0: float64[]) =>',
    '  t0: float64[] = sin x0',
    '  t1: float64[] = cos x0',
    '  t2: float64[] = scale x0 t1',
    '  t3: float64[] = add t0 t2',
    '  t3'
  ])
})
test('a function of nothing, the identity, constants', () => {
  expect(shown(() => scalar(1.5))).toEqual(['() =>', '  1.5'])
  expect(shown((x: Scalar) => x, scalar(1))).toEqual(['(x0: float64[]) =>', '  x0'])
  expect(shown((x: T.Tensor<[2]>) => T.add(T.tensor([1, 2]))(x), T.zeros([2]))).toEqual([
    '(x0: float32[2]) =>',
    '  t0: float32[2] = add x0 constant float32[2]',
    '  t0'
  ])
})
test('batching is another program, not a loop', () => {
  expect(
    shown(
      vmap((x: Scalar) => pipe(x, T.mul(x))),
      T.zeros([5])
    )
  ).toEqual(['(x0: float32[5]) =>', '  t0: float32[5] = mul x0 x0', '  t0'])
})
test('choices and loops carry their bodies', () => {
  expect(shown((x: Scalar) => cond(T.less(0)(x), T.neg<[]>, T.square<[]>)(x), scalar(1))).toEqual([
    '(x0: float64[]) =>',
    '  t0: bool[] = less x0 0',
    '  t1: float64[] = cond t0 x0',
    '    (x0: float64[]) =>',
    '      t0: float64[] = neg x0',
    '      t0',
    '    (x0: float64[]) =>',
    '      t0: float64[] = mul x0 x0',
    '      t0',
    '  t1'
  ])
  const horner = (x: Scalar) =>
    fold((total: Scalar, c: Scalar): Scalar => pipe(total, T.mul(x), T.add(c)))(
      scalar(0),
      T.ones([4], { dtype: 'float64' })
    )
  expect(shown(horner, scalar(1))).toEqual([
    '(x0: float64[]) =>',
    '  t0: float64[] = scan 0 1 x0',
    '    (x0: float64[], x1: float64[], x2: float64[]) =>',
    '      t0: float64[] = mul x0 x2',
    '      t1: float64[] = add t0 x1',
    '      t1',
    '  t0'
  ])
  expect(
    shown(
      (x: T.Tensor<[3]>) => scan((c: Scalar, y: Scalar) => [c, pipe(c, T.add(y))] as const)(scalar(0), x),
      T.zeros([3], { dtype: 'float64' })
    )
  ).toEqual([
    '(x0: float64[3]) =>',
    '  t0.0: float64[], t0.1: float64[3] = scan 0 x0',
    '    (x0: float64[], x1: float64[]) =>',
    '      t0: float64[] = add x0 x1',
    '      x0, t0',
    '  t0.0, t0.1'
  ])
  expect(shown(checkpoint(T.exp<[]>), scalar(1))).toEqual([
    '(x0: float64[]) =>',
    '  t0: float64[] = checkpoint x0',
    '    (x0: float64[]) =>',
    '      t0: float64[] = exp x0',
    '      t0',
    '  t0'
  ])
})
test('a program has its parameters, and only the equations that depend on them', () => {
  const { parameters, equations, results } = _.trace((x: Scalar, y: Scalar) => [T.sin(x), x, T.cos(scalar(0)), y])(
    scalar(1),
    scalar(2)
  )
  expect(parameters).toHaveLength(2)
  expect(equations.map(e => e.primitive.name)).toEqual(['sin'])
  expect(results.map(r => r.tag)).toEqual(['expression', 'variable', 'constant', 'variable'])
})
