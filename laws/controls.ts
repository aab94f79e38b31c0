/** Loops, choices and kept functions as cases for the same laws as everything else. */
import fc from 'fast-check'
import { checkpoint, customJvp } from '../src/control/call.js'
import { cond } from '../src/control/cond.js'
import { fold, scan } from '../src/control/scan.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import { matmul } from '../src/primitive/contraction.js'
import { cos, exp, sin, tanh } from '../src/primitive/elementary.js'
import { less } from '../src/primitive/selection.js'
import type { Shape } from '../src/structure/shape.js'
import type { Constant, Tensor } from '../src/tensor/tensor.js'
import { away, real, small } from './arbitrary.js'
import type { Case } from './case.js'

type Make = (inputs: readonly [Tensor, Tensor, Tensor]) => Tensor
type MakeTwo = (inputs: readonly [Tensor, Tensor]) => Tensor
const extent = fc.integer({ min: 1, max: 3 })

const over = (
  shapes: fc.Arbitrary<readonly Shape[]>,
  f: Case['f'],
  operand: (s: Shape) => fc.Arbitrary<Constant> = real
): fc.Arbitrary<Case> => shapes.chain(all => fc.tuple(...all.map(s => operand(s)))).map(inputs => ({ inputs, f }))
const three =
  (f: Make): Case['f'] =>
  ([a, b, c]) =>
    f([a!, b!, c!])
const two =
  (f: MakeTwo): Case['f'] =>
  ([a, b]) =>
    f([a!, b!])

/** Weights, a state, and a sequence that may be empty. */
const recurrent = fc.tuple(extent, fc.integer({ min: 0, max: 3 })).map(([n, length]): readonly Shape[] => [
  [n, n],
  [1, n],
  [length, 1, n]
])
const loop = (f: Make): fc.Arbitrary<Case> => over(recurrent, three(f), small)
const product = matmul({ left: false, right: false })
const step =
  (w: Tensor) =>
  (h: Tensor, x: Tensor): Tensor =>
    tanh(add(product(h, w), x))
export const sine = customJvp(
  (x: Tensor) => sin(x),
  (x, tangent) => mul(cos(x), tangent)
)
const pair = extent.map((n): readonly Shape[] => [[n], [n]])

export const controls = {
  fold: loop(([w, h, xs]) => fold(step(w))(h, xs)),
  scan: loop(([w, h, xs]) => {
    const [last, all] = scan((carry: Tensor, x: Tensor) => {
      const next = step(w)(carry, x)
      return [next, mul(next, product(x, w))] as const
    })(h, xs)
    return add(last, mul(0.5, fold((a: Tensor, b: Tensor) => add(a, b))(h, all)))
  }),
  'fold in fold': loop(([w, h, xs]) =>
    fold((carry: Tensor, x: Tensor) => fold((inner: Tensor, y: Tensor) => step(w)(inner, mul(x, y)))(carry, xs))(h, xs)
  ),
  cond: over(
    fc.constant([[], []]),
    two(([x, y]) =>
      cond(
        less(0, x),
        ([p, q]: readonly [Tensor, Tensor]) => mul(p, sin(q)),
        ([, q]) => mul(q, exp(x))
      )([x, y])
    ),
    away
  ),
  'cond in fold': over(
    fc.constant([[], [3]]),
    two(([x, ys]) =>
      fold((carry: Tensor, y: Tensor) =>
        cond(
          less(0, y),
          (p: Tensor) => mul(p, sin(y)),
          p => add(sin(p), x)
        )(carry)
      )(x, ys)
    ),
    away
  ),
  checkpoint: over(
    pair,
    two(([x, y]) => checkpoint(([p, q]: readonly [Tensor, Tensor]) => mul(sin(mul(p, q)), x))([x, y]))
  ),
  'checkpoint in fold': loop(([w, h, xs]) =>
    fold((carry: Tensor, x: Tensor) => checkpoint((p: Tensor) => step(w)(p, x))(carry))(h, xs)
  ),
  customJvp: over(
    pair,
    two(([x, y]) => mul(y, sine(mul(x, x))))
  )
} satisfies { readonly [name: string]: fc.Arbitrary<Case> }
