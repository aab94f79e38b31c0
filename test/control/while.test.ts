import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { show, trace } from '../../src/compiler/program.js'
import { checkpoint } from '../../src/control/call.js'
import { cond } from '../../src/control/cond.js'
import { fold } from '../../src/control/scan.js'
import * as _ from '../../src/control/while.js'
import { jit } from '../../src/engine/jit.js'
import { stopGradient } from '../../src/operation/stop-gradient.js'
import * as T from '../../src/Tensor.js'
import { jvp, linearize } from '../../src/transform/forward.js'
import { jacfwd } from '../../src/transform/jacobian.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { engines } from '../engine/engines.js'
import { told } from '../told.js'
import { close, numbers, type Scalar, scalar, vector } from '../transform/close.js'

interface Pair {
  readonly last: Scalar
  readonly next: Scalar
}
/** Heron's root: the unknown is closed over, and carried. */
const root = (x: Scalar): Scalar =>
  _.whileLoop(({ last, next }: Pair) => pipe(last, T.sub(next), T.abs, T.greater(1e-13)))(({ next }) => ({
    last: next,
    next: pipe(x, T.div(next), T.add(next), T.mul(0.5))
  }))({ last: T.zerosLike(x), next: x }).next

interface Walk {
  readonly at: Scalar
  readonly sum: Scalar
}
const zero = T.scalar(0, { dtype: 'int32' })
/** The sum of so many elements from the first on. */
const sumOfFirst =
  (list: T.Tensor<[4]>) =>
  (count: Scalar): Scalar =>
    _.whileLoop(({ at }: Walk) => T.less(count)(at))(({ at, sum }) => ({
      at: T.add(1)(at),
      sum: T.add(T.take(at)(list))(sum)
    }))({ at: zero, sum: scalar(0) }).sum

test('goes on until the condition fails', () => {
  close([root(scalar(2)), root(scalar(9))], [scalar(Math.SQRT2), scalar(3)])
})
test('is the start where the condition does not hold', () => {
  const start = { at: zero, sum: scalar(7) }
  const end = _.whileLoop(({ at }: Walk) => T.less(0)(at))(() => start)(start)
  expect([T.item(end.at), T.item(end.sum)]).toEqual([0, 7])
})
test('ends at a comparison with NaN', () => {
  const doubled = _.whileLoop((x: Scalar) => T.less(100)(x))(x => pipe(x, T.mul(Number.NaN)))(scalar(1))
  expect(T.item(doubled)).toBeNaN()
})
test('is one equation, whose condition and body are programs of their own', () => {
  expect(show(trace(sumOfFirst(T.ones([4])))(zero)).match(/= whileLoop/g)).toHaveLength(1)
})
test('has derivatives of every order forwards', () => {
  const slope = (f: (x: Scalar) => Scalar) => (x: Scalar) => jvp(f)(x, scalar(1))[1]
  close(slope(root)(scalar(2)), 0.5 * 2 ** -0.5)
  close(slope(slope(root))(scalar(2)), -0.25 * 2 ** -1.5)
  close(slope(slope(slope(root)))(scalar(2)), 0.375 * 2 ** -2.5)
  close(linearize(root)(scalar(4))[1](scalar(8)), 2)
  expect(numbers(jacfwd(vmap(root))(vector(1, 4)))).toEqual([0.5, 0, 0, 0.25])
})
test('carries no tangent that nothing moves', () => {
  const counted = (x: Scalar): Scalar =>
    _.whileLoop(({ at }: Walk) => T.less(3)(at))(({ at, sum }) => ({ at: T.add(1)(at), sum: T.add(x)(sum) }))({
      at: scalar(0),
      sum: x
    }).sum
  const text = show(trace((x: Scalar) => jvp(counted)(x, x)[1])(scalar(1)))
  expect(text.split('\n').filter(line => line.includes('= whileLoop'))).toEqual([
    expect.stringMatching(/t\d\.0: float64\[\], t\d\.1: float64\[\], t\d\.2: float64\[\] = whileLoop/)
  ])
  close(jvp(counted)(scalar(1), scalar(1))[1], 4)
})
describe('in reverse', () => {
  test('says what else there is', () => {
    expect(told(() => grad(root)(scalar(2)))).toMatch(
      /^NotDifferentiable: whileLoop: reverse mode .*jvp, jacfwd, linearize.* Control\.fold .* Tensor\.where or Control\.cond/
    )
  })
  test('does not mind a loop that no cotangent reaches', () => {
    close(grad((x: Scalar) => pipe(x, T.mul(stopGradient(root(x)))))(scalar(4)), 2)
    const count = (x: Scalar) =>
      _.whileLoop(({ sum }: Walk) => T.less(10)(sum))(({ at, sum }) => ({ at: T.add(1)(at), sum: T.add(x)(sum) }))({
        at: zero,
        sum: scalar(0)
      }).at
    close(grad((x: Scalar) => pipe(x, T.mul(count(x))))(scalar(4)), 3)
  })
})
describe('under vmap', () => {
  test('members stop apart', () => {
    close(vmap(root)(vector(1, 2, 1e6)), vector(1, Math.SQRT2, 1000))
    close(vmap((x: Scalar) => jvp(root)(x, scalar(1))[1])(vector(1, 4)), vector(0.5, 0.25))
  })
  test('a member that has stopped looks nothing up', () => {
    const list = T.tensor([1, 3, 5, 7], { dtype: 'float64' })
    const counts = T.tensor([0, 4, 2], { dtype: 'int32' })
    expect(numbers(vmap(sumOfFirst(list))(counts))).toEqual([0, 16, 4])
    for (const engine of engines) expect(numbers(jit(vmap(sumOfFirst(list)), { engine })(counts))).toEqual([0, 16, 4])
  })
  test('one condition for all asks once, and what is the same for all is computed once', () => {
    const f = (x: Scalar): Scalar =>
      _.whileLoop(({ at }: Walk) => T.less(3)(at))(({ at, sum }) => ({ at: T.add(1)(at), sum: pipe(sum, T.mul(x)) }))({
        at: zero,
        sum: scalar(1)
      }).sum
    close(vmap(f)(vector(2, 3)), vector(8, 27))
    expect(show(trace(vmap(f))(vector(2, 3)))).toMatch(/: int32\[\], t\d\.1: float64\[2\] = whileLoop/)
  })
  test('of no members', () => {
    expect(T.shape(vmap(root)(T.zeros([0], { dtype: 'float64' })))).toEqual([0])
  })
})
describe.each(engines)('compiled by $name', engine => {
  test('means the same, with derivatives', () => {
    close(jit(root, { engine })(scalar(2)), Math.SQRT2)
    close(jit((x: Scalar) => jvp(root)(x, scalar(1))[1], { engine })(scalar(4)), 0.25)
    close(jit(vmap(root), { engine })(vector(1, 4, 9)), vector(1, 2, 3))
  })
  test('an exchange of what is carried', () => {
    const fibonacci = (n: Scalar) =>
      _.whileLoop(({ at }: { readonly a: Scalar; readonly b: Scalar; readonly at: Scalar }) => T.less(n)(at))(
        ({ a, b, at }) => ({ a: b, b: T.add(b)(a), at: T.add(1)(at) })
      )({ a: zero, b: T.scalar(1, { dtype: 'int32' }), at: zero }).a
    const compiled = jit(fibonacci, { engine })
    expect([0, 1, 2, 10, 30].map(n => T.item(compiled(T.scalar(n, { dtype: 'int32' }))))).toEqual([0, 1, 1, 55, 832040])
  })
  test('loops in loops, choices and kept functions', () => {
    const inner = (x: Scalar): Scalar => _.whileLoop((y: Scalar) => T.less(10)(y))(y => pipe(y, T.mul(2)))(x)
    const f = (x: Scalar): Scalar =>
      pipe(
        fold((total: Scalar, y: Scalar): Scalar => T.add(inner(y))(total))(
          scalar(0),
          T.tensor([1, 3], { dtype: 'float64' })
        ),
        T.add(cond(T.less(0)(x), T.neg<[]>, (y: Scalar): Scalar => inner(y))(x)),
        T.add(checkpoint(inner)(x))
      )
    close(jit(f, { engine })(scalar(5)), 16 + 12 + 10 + 10)
  })
})
describe('complains of', () => {
  test('a condition that is not one bool', () => {
    const of = (condition: (x: Scalar) => unknown) => () =>
      _.whileLoop(condition as (x: Scalar) => Scalar)((x: Scalar) => x)(scalar(1))
    expect(told(of(x => x))).toBe('ShapeMismatch: whileLoop: the condition must give one bool, not float64 []')
    expect(told(of(() => T.tensor([true])))).toBe(
      'ShapeMismatch: whileLoop: the condition must give one bool, not bool [1]'
    )
    expect(told(of(() => false))).toBe(
      'ShapeMismatch: whileLoop: the condition must give one bool, not the boolean false, which is the same in every step'
    )
  })
  test('a carry that changes', () => {
    const of = (body: (x: Scalar) => unknown) => () =>
      _.whileLoop((x: Scalar) => T.less(3)(x))(body as (x: Scalar) => Scalar)(scalar(1))
    expect(told(of(x => T.cast('float32')(x)))).toBe(
      'ShapeMismatch: whileLoop: the carry goes in as float64 [] and comes out as float32 []'
    )
    expect(told(of(() => T.zeros([2], { dtype: 'float64' })))).toBe(
      'ShapeMismatch: whileLoop: the carry goes in as float64 [] and comes out as float64 [2]'
    )
    expect(told(of(x => [x]))).toMatch(/the carry that comes out/)
  })
})
