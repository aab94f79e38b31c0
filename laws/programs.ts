/** Programs put together at random, as cases for the same laws: primitives and controls beside each other, values used often or never. */
import fc from 'fast-check'
import { checkpoint, customJvp } from '../src/control/call.js'
import { cond } from '../src/control/cond.js'
import { scan } from '../src/control/scan.js'
import { jit } from '../src/engine/jit.js'
import { add, div, mul, neg, square, sub } from '../src/primitive/arithmetic.js'
import { matmul } from '../src/primitive/contraction.js'
import { cos, exp, sin, tanh } from '../src/primitive/elementary.js'
import { cumsum, scatterAdd, take } from '../src/primitive/indexing.js'
import { broadcast, permute, reshape, sum, sumAll } from '../src/primitive/movement.js'
import { not, where } from '../src/primitive/selection.js'
import { concat, pad, reverse, slice } from '../src/primitive/window.js'
import { constant, type Tensor } from '../src/tensor/tensor.js'
import { jvp } from '../src/transform/forward.js'
import { grad } from '../src/transform/reverse.js'
import { vmap } from '../src/transform/vmap.js'
import { bools, real } from './arbitrary.js'
import type { Case } from './case.js'

/** What an instruction has: two values that came before, and a condition. All values are `[2, 2]`, and bounded. */
type Instruction = (x: Tensor, y: Tensor, condition: Tensor) => Tensor

const product = matmul({ left: false, right: true })
const bounded = (x: Tensor): Tensor => tanh(mul(x, 0.5))
const order = constant([2], 'int32', Int32Array.of(1, 1))
const row = (i: number) => ({ start: [i, 0], step: [1, 1], shape: [1, 2] })
const first = (condition: Tensor): Tensor =>
  reshape([])(slice({ start: [0, 0], step: [1, 1], shape: [1, 1] })(condition))
const energy =
  (y: Tensor) =>
  (x: Tensor): Tensor<[]> =>
    sumAll(mul(sin(x), y))
const kept = checkpoint(([x, y]: readonly [Tensor, Tensor]): readonly [Tensor, Tensor] => [sin(mul(x, y)), cos(x)])
const custom = customJvp(
  (x: Tensor) => sin(x),
  (x, tangent) => mul(cos(x), tangent)
)

const instructions: { readonly [name: string]: Instruction } = {
  add: (x, y) => mul(add(x, y), 0.5),
  sub: (x, y) => mul(sub(x, y), 0.5),
  mul: (x, y) => mul(x, y),
  div: (x, y) => bounded(div(x, add(square(y), 1))),
  neg: x => neg(x),
  sin: x => sin(x),
  tanh: x => tanh(x),
  exp: x => bounded(exp(bounded(x))),
  matmul: (x, y) => bounded(product(x, y)),
  permute: x => permute([1, 0])(x),
  sum: (x, y) => bounded(add(broadcast([2, 2])(sum([0])(x)), y)),
  cumsum: x => bounded(cumsum({ axis: 0, backwards: false })(x)),
  parts: (x, y) => concat(0)([slice(row(1))(x), slice(row(0))(y)]),
  pad: x => pad({ ...row(1), shape: [2, 2] })(slice(row(0))(x)),
  reverse: x => reverse([1])(x),
  take: x => take(order)(x),
  scatterAdd: x => bounded(scatterAdd(2)(order)(x)),
  where: (x, y, condition) => where(condition, x, y),
  cond: (x, y, condition) =>
    cond(
      first(condition),
      (p: Tensor) => sin(mul(p, y)),
      p => tanh(add(p, y))
    )(x),
  'scan, its end': (x, y) => scan((h: Tensor, r: Tensor) => [sin(add(mul(h, 0.5), r)), h] as const)(y, x)[0],
  'scan, its outputs': (x, y) =>
    scan((h: Tensor, r: Tensor) => {
      const next = sin(add(mul(h, y), r))
      return [next, sum([0])(next)] as const
    })(x, reshape([2, 1, 2])(y))[1],
  'checkpoint, both': (x, y) => bounded(sub(...kept([x, y]))),
  'checkpoint, one': (x, y) => kept([x, y])[1],
  customJvp: x => custom(x),
  jit: (x, y) => jit((p: Tensor, q: Tensor) => sin(mul(p, q)))(x, y),
  vmap: (x, y) => vmap((r: Tensor) => tanh(mul(r, sum([0])(y))))(x),
  grad: (x, y) => bounded(grad(energy(y))(x)),
  jvp: (x, y) => bounded(jvp(energy(x))(y, x)[1]) as Tensor
}
const names = Object.keys(instructions)

interface Line {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly other: boolean
}
const line: fc.Arbitrary<Line> = fc.record({
  name: fc.constantFrom(...names),
  x: fc.nat(9),
  y: fc.nat(9),
  other: fc.boolean()
})
/** Each line reads values before it, the latest ones by the smallest numbers. */
const run =
  (lines: readonly Line[]): Case['f'] =>
  ([condition, ...inputs]) => {
    const values = [...inputs]
    for (const { name, x, y, other } of lines) {
      const read = (back: number): Tensor => values[values.length - 1 - (back % values.length)]!
      const made = instructions[name]!(read(x), read(y), other ? not(condition!) : condition!)
      values.push(made.shape.length === 0 ? broadcast([2, 2])(made) : made)
    }
    return values[values.length - 1]!
  }

/** Programs of some lines, on two tensors and a condition. */
export const programs: fc.Arbitrary<Case> = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 7 }), bools([2, 2]), real([2, 2]), real([2, 2]))
  .map(([lines, ...inputs]) => ({
    inputs,
    f: run(lines),
    about: lines.map(({ name, x, y, other }) => `${name} ${x} ${y}${other ? ' other' : ''}`).join('; ')
  }))
