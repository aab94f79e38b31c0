/** What loops and choices mean: the same as the loops and choices of the language. */

import fc from 'fast-check'
import { cond } from '../src/control/cond.js'
import { fold, scan } from '../src/control/scan.js'
import { whileLoop } from '../src/control/while.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import { cos, sin, tanh } from '../src/primitive/elementary.js'
import { sumAll } from '../src/primitive/movement.js'
import { less } from '../src/primitive/selection.js'
import { concat } from '../src/primitive/window.js'
import { range } from '../src/structure/shape.js'
import { type Constant, item, type Tensor, uniform } from '../src/tensor/tensor.js'
import { jvp } from '../src/transform/forward.js'
import { grad } from '../src/transform/reverse.js'
import { extent, small } from './arbitrary.js'
import { direction, member, nearTrees, sameBits, sameTrees, stack } from './closeness.js'
import { type Law, law } from './law.js'

type Step = (carry: Tensor, x: Tensor) => Tensor
type Branch = (x: Tensor) => Tensor
type Tensors = readonly Tensor[]

/** What laws of loops are about: this library's words, or an instance that may be wrong. */
export interface LoopWords {
  readonly fold: (f: Step) => (start: Tensor, xs: Tensor) => Tensor
  readonly scan: (
    f: (carry: Tensor, x: Tensor) => readonly [Tensor, Tensor]
  ) => (start: Tensor, xs: Tensor) => readonly [Tensor, Tensor]
  readonly cond: (condition: Tensor, yes: Branch, no: Branch) => Branch
  readonly whileLoop: (
    condition: (carry: Tensors) => Tensor
  ) => (body: (carry: Tensors) => Tensors) => (start: Tensors) => Tensors
}
export const words: LoopWords = {
  fold: f => (start, xs) => fold(f)(start, xs),
  scan: f => (start, xs) => scan(f)(start, xs),
  cond,
  whileLoop
}

/** A step, where it starts, and a sequence, which may be empty, to go through. */
export interface Loop {
  readonly step: Step
  readonly start: Constant
  readonly xs: Constant
}
/** Steps of which no two commute. */
export const loops: fc.Arbitrary<Loop> = fc.tuple(extent, fc.nat(4)).chain(([n, length]) =>
  fc.record({
    step: fc.constantFrom<Step>(
      (h, x) => tanh(add(mul(h, cos(x)), x)),
      (h, x) => add(mul(h, 0.5), x),
      (h, x) => sin(add(mul(h, h), x))
    ),
    start: small([n]),
    xs: small([length, n])
  })
)

const members = (xs: Tensor): readonly Tensor[] => range(xs.shape[0]!).map(i => member(xs, i))
const condition = (value: number): Tensor => uniform({ shape: [], dtype: 'bool' }, value)
const count = (value: number): Tensor => uniform({ shape: [], dtype: 'int32' }, value)
/** While there are fewer steps than so many. */
const fewer =
  (limit: number) =>
  ([, steps]: Tensors): Tensor =>
    less(steps!, limit)
/** The same with the words of the language. */
const looped =
  (goesOn: (carry: Tensors) => Tensor) =>
  (body: (carry: Tensors) => Tensors) =>
  (start: Tensors): Tensors => {
    let carry = start
    while (item('a law')(goesOn(carry)) !== 0) carry = body(carry)
    return carry
  }
/** A step that is counted; its operand is closed over. */
const counting =
  (step: Step, x: Tensor) =>
  ([h, steps]: Tensors): Tensors => [step(h!, x), add(steps!, 1)]

export const loopLaws = (w: LoopWords): readonly Law<Loop>[] => [
  law('fold is reduce', 'fold f h xs = xs.reduce(f, h), bit for bit', ({ step, start, xs }) =>
    sameBits(w.fold(step)(start, xs), members(xs).reduce<Tensor>(step, start))
  ),
  law('fold over nothing', 'fold f h [] = h', ({ step, start, xs }) => {
    const nothing = uniform({ dtype: xs.dtype, shape: [0, ...xs.shape.slice(1)] }, 0)
    return sameBits(w.fold(step)(start, nothing), start)
  }),
  law('fold in parts', 'fold f h (xs ⧺ ys) = fold f (fold f h xs) ys', ({ step, start, xs }) =>
    sameBits(w.fold(step)(start, concat(0)([xs, xs])), w.fold(step)(w.fold(step)(start, xs), xs))
  ),
  law('scan is fold, looked at', 'scan f h xs = [fold f h xs, all that it went through]', ({ step, start, xs }) => {
    const [last, all] = w.scan((h, x) => {
      const next = step(h, x)
      return [next, next]
    })(start, xs)
    const through: Tensor[] = []
    members(xs).reduce<Tensor>((h, x) => {
      const next = step(h, x)
      through.push(next)
      return next
    }, start)
    const expected = through.length === 0 ? uniform(xs, 0) : stack(through)
    return sameBits(last, w.fold(step)(start, xs)) && sameBits(all, expected)
  }),
  law('scan without a carry is map', 'scan (h, x ↦ [h, f x]) h xs = [h, map f xs]', ({ start, xs }) => {
    const [last, all] = w.scan((h, x) => [h, sin(x)])(start, xs)
    return sameBits(last, start) && sameBits(all, sin(xs))
  }),
  law('gradient of a fold', '∇ (fold f) = ∇ (reduce f), in start, sequence and closure', ({ step, start, xs }) => {
    const through =
      (run: (f: Step) => (h: Tensor, xs: Tensor) => Tensor) =>
      ([h, all, c]: readonly [Tensor, Tensor, Tensor]): Tensor<[]> =>
        sumAll(sin(run((carry, x) => step(carry, mul(x, c)))(h, all)))
    const point = [start, xs, start] as const
    const reduce = (f: Step) => (h: Tensor, all: Tensor) => members(all).reduce<Tensor>(f, h)
    return nearTrees(grad(through(w.fold))(point), grad(through(reduce))(point), 1e-9)
  }),
  law('whileLoop is while', 'whileLoop c f h = h; while (c(h)) h = f(h), bit for bit', ({ step, start, xs }) => {
    const [limit, body] = [xs.shape[0]!, counting(step, start)]
    const begin = [start, count(0)]
    return sameTrees(w.whileLoop(fewer(limit))(body)(begin), looped(fewer(limit))(body)(begin))
  }),
  law('whileLoop that never begins', 'whileLoop (h ↦ false) f h = h', ({ step, start }) =>
    sameTrees(w.whileLoop(() => condition(0))(counting(step, start))([start, count(0)]), [start, count(0)])
  ),
  law('whileLoop, unrolled', 'whileLoop c f h = cond c(h) (whileLoop c f ∘ f) id', ({ step, start, xs }) => {
    const [goesOn, body] = [fewer(xs.shape[0]!), counting(step, start)]
    const begin = [start, count(0)]
    const whole = w.whileLoop(goesOn)(body)
    return sameTrees(whole(begin), item('a law')(goesOn(begin)) !== 0 ? whole(body(begin)) : begin)
  }),
  law('whileLoop is at rest', 'c(whileLoop c f h) = false', ({ step, start, xs }) => {
    const goesOn = fewer(xs.shape[0]!)
    return item('a law')(goesOn(w.whileLoop(goesOn)(counting(step, start))([start, count(0)]))) === 0
  }),
  law(
    'tangents of a whileLoop',
    'jvp (whileLoop c f) = jvp of its steps, in start and closure',
    ({ step, start, xs }) => {
      const goesOn = fewer(xs.shape[0]!)
      const through =
        (run: LoopWords['whileLoop']) =>
        ([h, x]: Tensors): Tensor =>
          run(goesOn)(counting(step, sin(x!)))([h!, count(0)])[0]!
      const point = [start, start]
      const v = point.map(direction(3))
      return nearTrees(jvp(through(w.whileLoop))(point, v), jvp(through(looped))(point, v), 1e-10)
    }
  ),
  law('cond', 'cond true f g = f, cond false f g = g', ({ step, start }) => {
    const [yes, no]: readonly [Branch, Branch] = [x => step(x, x), x => cos(x)]
    return (
      sameBits(w.cond(condition(1), yes, no)(start), yes(start)) &&
      sameBits(w.cond(condition(0), yes, no)(start), no(start))
    )
  }),
  law('gradient of a cond', '∇ (cond true f g) = ∇ f, ∇ (cond false f g) = ∇ g', ({ step, start }) => {
    const [yes, no]: readonly [Branch, Branch] = [x => step(x, x), x => cos(x)]
    const total =
      (f: Branch) =>
      (x: Tensor): Tensor<[]> =>
        sumAll(f(x))
    return [1, 0].every(value =>
      sameTrees(grad(total(w.cond(condition(value), yes, no)))(start), grad(total(value === 1 ? yes : no))(start))
    )
  }),
  law('cond of the same', 'cond c f f = f', ({ step, start }, choice) => {
    const f: Branch = x => step(x, x)
    return sameBits(w.cond(condition(choice % 2), f, f)(start), f(start))
  })
]
