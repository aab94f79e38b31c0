/** Loops, choices and kept functions as cases for the same laws as everything else. */
import fc from 'fast-check'
import { checkpoint, customJvp } from '../src/control/call.js'
import { cond } from '../src/control/cond.js'
import { fold, scan } from '../src/control/scan.js'
import { whileLoop } from '../src/control/while.js'
import { interpreter } from '../src/engine/interpreter.js'
import { jit } from '../src/engine/jit.js'
import { add, div, mul, square, sub } from '../src/primitive/arithmetic.js'
import { matmul } from '../src/primitive/contraction.js'
import { cast } from '../src/primitive/conversion.js'
import { abs, cos, exp, sin, tanh } from '../src/primitive/elementary.js'
import { amax } from '../src/primitive/extremum.js'
import { take } from '../src/primitive/indexing.js'
import { reshape, sum, sumAll } from '../src/primitive/movement.js'
import { bitAnd, less, where } from '../src/primitive/selection.js'
import { slice } from '../src/primitive/window.js'
import { range, type Shape } from '../src/structure/shape.js'
import { type Constant, constant, type Tensor, uniform } from '../src/tensor/tensor.js'
import { grad } from '../src/transform/reverse.js'
import { vmap } from '../src/transform/vmap.js'
import { away, bools, extent, real, small } from './arbitrary.js'
import type { Case } from './case.js'

type Pair = readonly [Tensor, Tensor]
interface Counted {
  readonly state: Tensor
  readonly steps: Tensor
}

const over = (
  shapes: fc.Arbitrary<readonly Shape[]>,
  f: Case['f'],
  operand: (s: Shape) => fc.Arbitrary<Constant> = real
): fc.Arbitrary<Case> => shapes.chain(all => fc.tuple(...all.map(s => operand(s)))).map(inputs => ({ inputs, f }))

/** Weights, a state, and a sequence that may be empty. */
const recurrent = fc.tuple(extent, fc.integer({ min: 0, max: 3 })).map(([n, length]): readonly Shape[] => [
  [n, n],
  [1, n],
  [length, 1, n]
])
const loop = (f: (w: Tensor, h: Tensor, xs: Tensor) => Tensor): fc.Arbitrary<Case> =>
  over(recurrent, ([w, h, xs]) => f(w!, h!, xs!), small)
const product = matmul({ left: false, right: false })
const step =
  (w: Tensor) =>
  (h: Tensor, x: Tensor): Tensor =>
    tanh(add(product(h, w), x))

/** A function of two vectors. */
const ofTwo = (f: (x: Tensor, y: Tensor) => Tensor, operand?: (s: Shape) => fc.Arbitrary<Constant>) =>
  over(
    extent.map((n): readonly Shape[] => [[n], [n]]),
    ([x, y]) => f(x!, y!),
    operand
  )
/** A function of two numbers, of which conditions are made. */
const choice = (f: (x: Tensor, y: Tensor) => Tensor): fc.Arbitrary<Case> =>
  over(fc.constant([[], []]), ([x, y]) => f(x!, y!), away)

export const sine = customJvp(
  (x: Tensor) => sin(x),
  (x, tangent) => mul(cos(x), tangent)
)
/** Two results of two operands; the rule of each mentions both. */
const rotation = customJvp(
  ({ x, y }: { readonly x: Tensor; readonly y: Tensor }): Pair => [mul(x, cos(y)), mul(x, sin(y))],
  ({ x, y }, { x: dx, y: dy }): Pair => [
    sub(mul(dx, cos(y)), mul(mul(x, sin(y)), dy)),
    add(mul(dx, sin(y)), mul(mul(x, cos(y)), dy))
  ]
)

export const controls = {
  fold: loop((w, h, xs) => fold(step(w))(h, xs)),
  scan: loop((w, h, xs) => {
    const [last, all] = scan((carry: Tensor, x: Tensor) => {
      const next = step(w)(carry, x)
      return [next, mul(next, product(x, w))] as const
    })(h, xs)
    return add(last, mul(0.5, fold((a: Tensor, b: Tensor) => add(a, b))(h, all)))
  }),
  'outputs of a scan': loop(
    (w, h, xs) =>
      scan((carry: Tensor, x: Tensor) => {
        const next = step(w)(carry, x)
        return [next, product(next, w)] as const
      })(h, xs)[1]
  ),
  'scan over records, with a counter': loop((w, h, xs) => {
    const start: Counted = { state: h, steps: uniform({ shape: [], dtype: 'int32' }, 0) }
    const [last] = scan(({ state, steps }: Counted, { x, y }: { readonly x: Tensor; readonly y: Tensor }) => {
      const next = step(w)(state, mul(x, y))
      return [{ state: add(next, mul(state, cast('float64')(steps))), steps: add(steps, 1) }, [next]] as const
    })(start, { x: xs, y: sin(xs) })
    return add(last.state, cast('float64')(last.steps))
  }),
  'fold in fold': loop((w, h, xs) =>
    fold((carry: Tensor, x: Tensor) => fold((inner: Tensor, y: Tensor) => step(w)(inner, mul(x, y)))(carry, xs))(h, xs)
  ),
  'grad in fold': loop((w, h, xs) =>
    fold((carry: Tensor, x: Tensor) => {
      const energy = (y: Tensor): Tensor<[]> => sumAll(mul(tanh(product(y, w)), x))
      return sub(carry, mul(0.1, grad(energy)(carry)))
    })(h, xs)
  ),
  'vmap in fold': loop((w, h, xs) =>
    fold((carry: Tensor, x: Tensor) => tanh(sum([0])(vmap((row: Tensor) => mul(row, add(carry, x)))(w))))(h, xs)
  ),
  'jit in fold': loop((w, h, xs) => fold(jit(step(w), { engine: interpreter }))(h, xs)),
  cond: choice((x, y) =>
    cond(
      less(0, x),
      ([p, q]: Pair) => mul(p, sin(q)),
      ([, q]) => mul(q, exp(x))
    )([x, y])
  ),
  'cond on a condition given': fc.tuple(bools([]), away([]), away([])).map(inputs => ({
    inputs,
    f: ([condition, x, y]) =>
      cond(
        condition!,
        (p: Tensor) => mul(p, sin(y!)),
        p => add(exp(p), y!)
      )(x!)
  })),
  'one of two results of a cond': choice((x, y) => {
    const [, second] = cond(
      less(0, mul(x, y)),
      ([p, q]: Pair): Pair => [sin(p), mul(p, sin(q))],
      ([p, q]): Pair => [p, mul(q, q)]
    )([x, y])
    return mul(second, x)
  }),
  'cond in cond': choice((x, y) =>
    cond(
      less(0, x),
      (p: Tensor) =>
        cond(
          less(0, y),
          (q: Tensor) => mul(q, sin(y)),
          q => mul(q, exp(p))
        )(p),
      p => mul(p, y)
    )(x)
  ),
  'cond in fold': over(
    fc.constant([[], [3]]),
    ([x, ys]) =>
      fold((carry: Tensor, y: Tensor) =>
        cond(
          less(0, y),
          (p: Tensor) => mul(p, sin(y)),
          p => add(sin(p), x!)
        )(carry)
      )(x!, ys!),
    away
  ),
  'fold in cond': over(
    fc.constant([[], [3]]),
    ([x, ys]) =>
      cond(
        less(0, x!),
        (p: Tensor) => fold((carry: Tensor, y: Tensor) => sin(add(mul(carry, y), x!)))(p, ys!),
        p => sin(p)
      )(x!),
    away
  ),
  checkpoint: ofTwo((x, y) => checkpoint(([p, q]: Pair) => mul(sin(mul(p, q)), x))([x, y])),
  'one of two results of a checkpoint': ofTwo(
    (x, y) => checkpoint(([p, q]: Pair): Pair => [sin(p), mul(p, exp(q))])([x, y])[1]
  ),
  'checkpoint in fold': loop((w, h, xs) =>
    fold((carry: Tensor, x: Tensor) => checkpoint((p: Tensor) => step(w)(p, x))(carry))(h, xs)
  ),
  'fold in checkpoint': loop((w, h, xs) => checkpoint((p: Tensor) => fold(step(w))(p, xs))(h)),
  'checkpoint in scan and cond': over(
    fc.constant([[], [3]]),
    ([x, ys]) => {
      const [last, all] = scan((carry: Tensor, y: Tensor) => {
        const next = cond(
          less(0, y),
          checkpoint((p: Tensor) => mul(sin(p), y)),
          checkpoint((p: Tensor) => sin(add(p, x!)))
        )(carry)
        return [next, mul(next, carry)] as const
      })(x!, ys!)
      return add(last, sumAll(all))
    },
    away
  ),
  customJvp: ofTwo((x, y) => mul(y, sine(mul(x, x)))),
  'customJvp of a record': ofTwo((x, y) => {
    const [p, q] = rotation({ x, y })
    return mul(p, sin(q))
  }),
  'customJvp in fold': loop((w, h, xs) => fold((carry: Tensor, x: Tensor) => sine(add(product(carry, w), x)))(h, xs))
} satisfies { readonly [name: string]: fc.Arbitrary<Case> }

/** A state with a count, and the next one while there are fewer steps than so many. */
const counted = (
  limit: Tensor | number,
  next: (state: Tensor, steps: Tensor) => Tensor
): ((start: Tensor) => Tensor) => {
  const zero = uniform({ shape: [], dtype: 'int32' }, 0)
  return start =>
    whileLoop(({ steps }: Counted) => less(steps, limit))(({ state, steps }) => ({
      state: next(state, steps),
      steps: add(steps, 1)
    }))({ state: start, steps: zero }).state
}
/** Heron's roots, until none of them changes any more. */
const roots = (x: Tensor): Tensor =>
  whileLoop(([last, root]: Pair) => {
    const change = abs(sub(last, root))
    return less(1e-13, amax(range(x.shape.length))(div(change, root)))
  })(([, root]): Pair => [root, mul(0.5, add(root, div(x, root)))])([add(x, x), x])[1]

/** Loops whose length depends on what is computed: they have the derivatives that are taken forwards. */
export const unboundedControls = {
  whileLoop: loop((w, h) => counted(3, state => tanh(add(product(state, w), h)))(h)),
  'whileLoop that never begins': loop((w, h) => counted(0, state => product(state, w))(h)),
  'whileLoop until it settles': over(
    extent.map((n): readonly Shape[] => [[n]]),
    ([x]) => mul(roots(add(square(x!), 1)), sin(x!))
  ),
  'whileLoop whose members stop apart': fc
    .tuple(
      fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)).map(limits => constant([3], 'int32', Int32Array.from(limits))),
      away([]),
      away([])
    )
    .map(inputs => ({
      inputs,
      f: ([limits, x, y]) => {
        // Members have the limits in another order, and so another first one.
        const limit = reshape([])(slice({ start: [0], step: [1], shape: [1] })(limits!))
        return counted(limit, state => mul(sin(add(state, y!)), mul(x!, 0.5)))(mul(x!, y!))
      }
    })),
  'whileLoop along a list': over(
    fc.constant([[], [4]]),
    ([x, list]) =>
      whileLoop(({ state, steps }: Counted) => bitAnd(less(steps, where(less(0, x!), 4, 2)), less(abs(state), 1e6)))(
        ({ state, steps }) => ({ state: add(mul(state, x!), take(steps)(list!)), steps: add(steps, 1) })
      )({ state: x!, steps: uniform({ shape: [], dtype: 'int32' }, 0) }).state,
    away
  ),
  'whileLoop with a part that stays': loop((w, h) => {
    const [, state] = whileLoop(([kept, , steps]: readonly [Tensor, Tensor, Tensor]) =>
      bitAnd(less(steps, 2), less(sumAll(kept), 1e6))
    )(([kept, state, steps]): readonly [Tensor, Tensor, Tensor] => [kept, add(product(state, w), kept), add(steps, 1)])(
      [sin(h), h, uniform({ shape: [], dtype: 'int32' }, 0)]
    )
    return state
  }),
  'whileLoop in fold': loop((w, h, xs) =>
    fold((carry: Tensor, x: Tensor) => counted(2, state => step(w)(state, x))(carry))(h, xs)
  ),
  'fold in whileLoop': loop((w, h, xs) => counted(2, state => fold(step(w))(state, xs))(h)),
  // By a quarter of y, so that after five sines the differences still see the slope.
  'whileLoop in whileLoop': choice((x, y) =>
    counted(2, (state, steps) => counted(add(steps, 1), inner => sin(add(mul(inner, mul(y, 0.25)), x)))(state))(x)
  ),
  'whileLoop in cond': choice((x, y) =>
    cond(
      less(0, x),
      (p: Tensor) => counted(where(less(0, y), 3, 1), state => mul(sin(state), y))(p),
      p => exp(p)
    )(x)
  ),
  'whileLoop in checkpoint': choice((x, y) => checkpoint((p: Tensor) => counted(3, state => mul(sin(state), y))(p))(x)),
  'vmap in whileLoop': loop((w, h) => counted(2, state => tanh(sum([0])(vmap((row: Tensor) => mul(row, state))(w))))(h))
} satisfies { readonly [name: string]: fc.Arbitrary<Case> }
