import { expect, test } from 'vitest'
import { share } from '../../../src/compiler/pass/share.js'
import { checkpoint } from '../../../src/control/call.js'
import { add, mul, sub } from '../../../src/primitive/arithmetic.js'
import { exp } from '../../../src/primitive/elementary.js'
import { permute, sum } from '../../../src/primitive/movement.js'
import { slice } from '../../../src/primitive/window.js'
import { constant, type Tensor } from '../../../src/tensor/tensor.js'
import { lines, zeros } from './lines.js'

const shared = lines(share)

test('the same primitive of the same operands, whatever depends on it too', () => {
  expect(shared(x => add(exp(exp(x!)), exp(exp(x!))), zeros([2]))).toEqual(['exp x0', 'exp t0', 'add t1 t1', 't2'])
})
test('in either order where that makes no difference', () => {
  expect(shared((x, y) => [add(x!, y!), add(y!, x!), sub(x!, y!), sub(y!, x!)], zeros([2]), zeros([2]))).toEqual([
    'add x0 x1',
    'sub x0 x1',
    'sub x1 x0',
    't0, t0, t1, t2'
  ])
})
test('with the same attributes', () => {
  const part = (start: number) => slice({ start: [start, 0], step: [1, 1], shape: [1, 2] })
  expect(
    shared(
      x => [
        sum([0])(x!),
        sum([1])(x!),
        sum([0])(x!),
        permute([1, 0])(x!),
        permute([1, 0])(x!),
        ...[0, 1, 0].map(i => part(i)(x!))
      ],
      zeros([2, 2])
    )
  ).toEqual([
    'sum [0] x0',
    'sum [1] x0',
    'permute [1,0] x0',
    'slice {"start":[0,0],"step":[1,1]} x0',
    'slice {"start":[1,0],"step":[1,1]} x0',
    't0, t1, t0, t2, t2, t3, t4, t3'
  ])
})
test('constants are the same by value where they store one, and otherwise by what stores them', () => {
  const known = constant([2], 'float32', Float32Array.of(1, 2))
  const other = constant([2], 'float32', Float32Array.of(1, 2))
  expect(shared(x => [mul(x!, 3), mul(x!, 3), mul(x!, known), mul(x!, known), mul(x!, other)], zeros([2]))).toEqual([
    'mul x0 3',
    'mul x0 constant float32[2]',
    'mul x0 constant float32[2]',
    't0, t0, t1, t1, t2'
  ])
  expect(shared(x => [mul(x!, 0), mul(x!, -0)], zeros([2]))).toEqual(['mul x0 0', 'mul x0 0', 't0, t1'])
})
test('nothing inside a body with anything outside', () => {
  expect(shared(x => [exp(x!), checkpoint((y: Tensor) => exp(y))(x!)], zeros([])).slice(0, 2)).toEqual([
    'exp x0',
    'checkpoint x0'
  ])
})
test('each equation is looked at once: a hundred thousand that read the same', () => {
  const many = (x: Tensor): Tensor => {
    let y = x
    for (let i = 0; i < 50_000; i++) y = add(y, mul(x, i / 8))
    return y
  }
  const start = performance.now()
  expect(shared(x => many(x!), zeros([]))).toHaveLength(100_000)
  expect(performance.now() - start).toBeLessThan(10_000)
})
