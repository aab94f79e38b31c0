import { expect, test } from 'vitest'
import * as _ from '../../../src/compiler/pass/join-pads.js'
import { show, trace } from '../../../src/compiler/program.js'
import { add, mul } from '../../../src/primitive/arithmetic.js'
import { exp } from '../../../src/primitive/elementary.js'
import { sumAll } from '../../../src/primitive/movement.js'
import { pad, slice } from '../../../src/primitive/window.js'
import type { Dtype } from '../../../src/structure/dtype.js'
import type { Shape } from '../../../src/structure/shape.js'
import { grad } from '../../../src/Transform.js'
import { type Many, type Tensor, uniform } from '../../../src/tensor/tensor.js'

const zeros = (shape: Shape, dtype: Dtype = 'float32'): Tensor => uniform({ shape, dtype }, 0)
const shown = <A extends readonly unknown[], B>(f: (...xs: A) => B, ...xs: A): readonly string[] =>
  show(_.joinPads.run(trace(f)(...xs)))
    .split('\n')
    .slice(1, -1)
/** Three columns of eight, from a place on. */
const columns = (start: number) => pad({ start: [0, start], step: [1, 1], shape: [2, 8] })
const part = zeros([2, 3])

test('gradients of slices lie side by side', () => {
  const at = (start: number) => slice({ start: [start], step: [1], shape: [4] })
  const f = (x: Tensor): Tensor<[]> => sumAll(mul(exp(at(0)(x)), at(4)(x))) as Tensor<[]>
  expect(shown(grad(f), zeros([8]))).toEqual([
    '  t0: float32[4] = slice {"start":[4],"step":[1]} x0',
    '  t1: float32[4] = slice {"start":[0],"step":[1]} x0',
    '  t2: float32[4] = exp t1',
    '  t3: float32[4] = scale t0 t2',
    '  t4: float32[4] = add t3 0',
    '  t5: float32[4] = add t2 0',
    '  t6: float32[8] = concat 0 t4 t5'
  ])
})
test('with zeros where no part is', () => {
  expect(shown((x: Tensor, y: Tensor) => add(columns(4)(x), columns(0)(y)), part, part)).toEqual([
    '  t0: float32[2,3] = add x1 0',
    '  t1: float32[2,3] = add x0 0',
    '  t2: float32[2,8] = concat 1 t0 0 t1 0'
  ])
})
test('three, one of them in two sums', () => {
  const f = (x: Tensor, y: Tensor): Many => {
    const z = columns(0)(x)
    return [
      add(add(z, columns(3)(y)), columns(6)(slice({ start: [0, 0], step: [1, 1], shape: [2, 2] })(y))),
      add(z, columns(5)(y))
    ]
  }
  expect(shown(f, part, part)).toEqual([
    '  t0: float32[2,3] = add x0 0',
    '  t1: float32[2,3] = add x1 0',
    '  t2: float32[2,2] = slice {"start":[0,0],"step":[1,1]} x1',
    '  t3: float32[2,2] = add t2 0',
    '  t4: float32[2,8] = concat 1 t0 t1 t3',
    '  t5: float32[2,3] = add x1 0',
    '  t6: float32[2,8] = concat 1 t0 0 t5'
  ])
})
test('of integers nothing is added', () => {
  expect(
    shown((x: Tensor, y: Tensor) => add(columns(0)(x), columns(5)(y)), zeros([2, 3], 'int32'), zeros([2, 3], 'int32'))
  ).toEqual(['  t0: int32[2,8] = concat 1 x0 0 x1'])
})
test('what overlaps, lies apart in steps, along several axes, or is needed padded stays', () => {
  const same = (f: (x: Tensor, y: Tensor) => unknown): void => {
    const before = trace(f)(part, part)
    expect(_.joinPads.run(before)).toBe(before)
  }
  same((x, y) => add(columns(0)(x), columns(2)(y)))
  same((x, y) => {
    const z = columns(0)(x)
    return [add(z, columns(4)(y)), exp(z)]
  })
  const within = (start: readonly number[], step: readonly number[]) => pad({ start, step, shape: [2, 8] })
  same((x, y) => add(within([0, 0], [1, 2])(x), within([0, 5], [1, 1])(y)))
  const corner = (x: Tensor): Tensor => pad({ start: [0, 0], step: [1, 1], shape: [4, 8] })(x)
  same((x, y) => add(corner(x), pad({ start: [2, 3], step: [1, 1], shape: [4, 8] })(y)))
})
