/** Programs put together at random, as cases for the same laws: primitives and controls beside each other, values used often or never. */
import fc from 'fast-check'
import { checkpoint, customJvp } from '../src/control/call.js'
import { cond } from '../src/control/cond.js'
import { scan } from '../src/control/scan.js'
import { interpreter } from '../src/engine/interpreter.js'
import * as Jit from '../src/engine/jit.js'
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

/** By the definition, which is exact; what compiled engines make of programs is the matter of their own laws. */
const jit = <A extends readonly unknown[], B>(f: (...xs: A) => B) => Jit.jit(f, { engine: interpreter })
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
  jvp: (x, y) => broadcast([2, 2])(bounded(jvp(energy(x))(y, x)[1]))
}

/** What has another program inside: as a function of a value that closes over all there is around it, and of that value alone. */
type Around = (body: (x: Tensor) => Tensor, x: Tensor, condition: Tensor, alone: (x: Tensor) => Tensor) => Tensor

const around: { readonly [name: string]: Around } = {
  'fold of': (body, x) => scan((h: Tensor, r: Tensor) => [bounded(add(body(h), r)), []] as const)(x, x)[0],
  'scan of': (body, x) =>
    scan((h: Tensor, r: Tensor) => {
      const next = bounded(add(body(h), r))
      return [next, sum([0])(next)] as const
    })(x, x)[1],
  'cond of': (body, x, condition) => cond(first(condition), body, (p: Tensor) => sin(p))(x),
  'checkpoint of': (body, x) => checkpoint(body)(x),
  'customJvp of': (_, x, __, alone) => customJvp(alone, (p, t) => jvp(alone)(p, t)[1])(x),
  'jit of': (body, x) => jit(body)(x),
  'vmap of': (body, x) => mul(sum([0])(vmap(body)(concat(0)([x, sin(x)].map(y => reshape([1, 2, 2])(y))))), 0.5),
  'grad of': (body, x) => bounded(grad((p: Tensor): Tensor<[]> => sumAll(body(p)))(x)),
  'jvp of': (body, x) => bounded(jvp(body)(x, cos(x))[1])
}

export const instructionNames: readonly string[] = [...Object.keys(instructions), ...Object.keys(around)]

interface Line {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly other: boolean
  readonly inner: readonly Line[]
}
const place = fc.nat(9)
const plain: fc.Arbitrary<Line> = fc.record({
  name: fc.constantFrom(...Object.keys(instructions)),
  x: place,
  y: place,
  other: fc.boolean(),
  inner: fc.constant([])
})
const nesting = (inner: fc.Arbitrary<Line>): fc.Arbitrary<Line> =>
  fc.record({
    name: fc.constantFrom(...Object.keys(around)),
    x: place,
    y: place,
    other: fc.boolean(),
    inner: fc.array(inner, { minLength: 1, maxLength: 3 })
  })
const once = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: nesting(plain) })
const line = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: nesting(once) })

const run = (lines: readonly Line[], condition: Tensor, given: readonly Tensor[]): Tensor => {
  const values = [...given]
  for (const { name, x, y, other, inner } of lines) {
    /** The latest values by the smallest numbers. */
    const read = (back: number): Tensor => values[values.length - 1 - (back % values.length)]!
    const chosen = other ? not(condition) : condition
    const seen = [...values]
    values.push(
      around[name]?.(
        p => run(inner, chosen, [...seen, p]),
        read(x),
        chosen,
        p => run(inner, chosen, [p])
      ) ?? instructions[name]!(read(x), read(y), chosen)
    )
  }
  return values[values.length - 1]!
}
const told = (lines: readonly Line[]): string =>
  lines
    .map(({ name, x, y, other, inner }) =>
      [name, x, y, ...(other ? ['other'] : []), ...(inner.length > 0 ? [`(${told(inner)})`] : [])].join(' ')
    )
    .join('; ')

/** Programs of some lines, on two tensors and a condition. */
export const programs: fc.Arbitrary<Case> = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), bools([2, 2]), real([2, 2]), real([2, 2]))
  .map(([lines, ...inputs]) => ({
    inputs,
    f: ([condition, ...given]) => run(lines, condition!, given),
    about: told(lines)
  }))
