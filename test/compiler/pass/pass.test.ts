import { expect, test } from 'vitest'
import { prepare, simplified } from '../../../src/compiler/optimize.js'
import { everywhere, followedBy, inOrder, untilStill } from '../../../src/compiler/pass/pass.js'
import { rewrite } from '../../../src/compiler/pass/rewrite.js'
import { simplify } from '../../../src/compiler/pass/simplify.js'
import { type Program, show, trace } from '../../../src/compiler/program.js'
import { checkpoint, customJvp } from '../../../src/control/call.js'
import { cond } from '../../../src/control/cond.js'
import { scan } from '../../../src/control/scan.js'
import { add, mul, neg } from '../../../src/primitive/arithmetic.js'
import { exp, sin } from '../../../src/primitive/elementary.js'
import { less } from '../../../src/primitive/selection.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { zeros } from './lines.js'

/** Told in two steps where one would do. */
const long = (x: Tensor): Tensor => mul(neg(exp(x)), 3)
const short = (x: Tensor): Tensor => mul(exp(x), -3)

const bodies: { readonly [name: string]: (body: (x: Tensor) => Tensor) => (x: Tensor) => Tensor } = {
  checkpoint: body => x => checkpoint(body)(x),
  customJvp: body => x => customJvp(body, (_, t) => t)(x),
  'the rule of a customJvp': body => x => customJvp(sin as (x: Tensor) => Tensor, (_, t) => body(t))(x),
  'one branch': body => x => cond(less(x, 0), body, (y: Tensor) => sin(y))(x),
  'the other branch': body => x => cond(less(x, 0), (y: Tensor) => sin(y), body)(x),
  'a loop': body => x => scan((h: Tensor, _: Tensor) => [body(h), h] as const)(x, zeros([3]))[0],
  'a checkpoint in a loop': body => x =>
    scan((h: Tensor, _: Tensor) => [checkpoint(body)(h), h] as const)(x, zeros([3]))[0]
}
test.each(Object.entries(bodies))('passes go into the body of %s', (_, around) => {
  const shown = (body: (x: Tensor) => Tensor, run: (p: Program) => Program) => show(run(trace(around(body))(zeros([]))))
  expect(shown(long, simplified)).toBe(shown(short, p => p))
  expect(shown(long, simplify.run)).toBe(shown(long, p => p))
})
test('what has nothing to be done to it is given back itself', () => {
  const p = trace((x: Tensor) => bodies['a checkpoint in a loop']!(short)(x))(zeros([]))
  expect(simplified(p)).toBe(p)
  expect(rewrite(p, () => undefined)).toBe(p)
})
test('a cluster is left as it is', () => {
  const p = prepare(trace(short)(zeros([2])))
  expect(everywhere(() => trace(short)(zeros([2])))(p)).not.toBe(p)
  expect(simplified(p)).toBe(p)
})
test('equations that read what was replaced are made again, the others stay the same', () => {
  const p = trace((x: Tensor) => [sin(x), exp(add(x, x))])(zeros([]))
  const q = rewrite(p, (e, [x]) => (e.primitive.name === 'add' ? [neg(x!)] : undefined))
  expect(show(q).split('\n').slice(1)).toEqual([
    '  t0: float32[] = sin x0',
    '  t1: float32[] = neg x0',
    '  t2: float32[] = exp t1',
    '  t0, t2'
  ])
  expect(q.equations[0]).toBe(p.equations[0])
})
test('a tensor is read once, or more often, counted after what came before was replaced', () => {
  const told: boolean[] = []
  const p = trace((x: Tensor) => [neg(exp(x)), sin(x)].map(y => sin(y)))(zeros([]))
  rewrite(p, (e, inputs, readOnce) => {
    told.push(...inputs.map(readOnce))
    return e.primitive.name === 'sin' && inputs[0] === p.parameters[0] ? [p.equations[0]!.outputs[0]!] : undefined
  })
  // Each is read once but the last: sin x has become exp x, which its own reader reads and neg does. Parameters are never told to be.
  expect(p.equations.map(e => e.primitive.name)).toEqual(['exp', 'neg', 'sin', 'sin', 'sin'])
  expect(told).toEqual([false, true, true, false, false])
})
test('one after the other, once more, until nothing happens, and only where something happened', () => {
  const p = trace(long)(zeros([]))
  const steps: string[] = []
  const named =
    (name: string, run: (p: Program) => Program) =>
    (q: Program): Program => {
      steps.push(name)
      return run(q)
    }
  inOrder(
    named('a', simplify.run),
    named('b', q => q)
  )(p)
  untilStill(named('c', simplify.run))(p)
  followedBy(
    named('d', simplify.run),
    named('e', q => q)
  )(p)
  followedBy(
    named('f', q => q),
    named('g', q => q)
  )(p)
  expect(steps.join('')).toBe('abccdef')
})
