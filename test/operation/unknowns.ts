/** What holds for every operation, and is asked of each: it means the same on unknown operands as on known ones. */
import { expect } from 'vitest'
import { interpreter } from '../../src/engine/interpreter.js'
import { jit } from '../../src/engine/jit.js'
import { isFloat } from '../../src/structure/dtype.js'
import * as T from '../../src/Tensor.js'
import { jvp } from '../../src/transform/forward.js'
import { vjp } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'

type Operation = (x: T.Tensor) => T.Tensor

/** Values in [−1, 1] without a pattern, so that nothing cancels by accident. */
export const scattered = (shape: readonly number[], phase = 1): T.Tensor => {
  const n = shape.reduce((product, extent) => product * extent, 1)
  return T.fromData(
    shape,
    Float64Array.from({ length: n }, (_, i) => Math.sin(12.9898 * (i + phase) + 78.233))
  )
}
export const numbers = (x: T.Tensor): readonly number[] => [...T.toData(x)]

const close = (actual: T.Tensor, expected: T.Tensor, tolerance: number): void => {
  expect(T.shape(actual)).toEqual(T.shape(expected))
  const [a, b] = [numbers(actual), numbers(expected)]
  a.forEach((value, i) => {
    expect(Math.abs(value - b[i]!), `${value} where ${b[i]} is expected`).toBeLessThanOrEqual(
      tolerance * (1 + Math.abs(b[i]!))
    )
  })
}
const inner = (a: T.Tensor, b: T.Tensor): number => {
  const [x, y] = [numbers(a), numbers(b)]
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0)
}

/**
 * Traced, it gives the same bits, and compiled the same up to rounding; over a batch, what it gives for each member; and of floats its derivative is that of differences,
 * forward and reverse.
 */
export const sameOnUnknowns = (f: Operation, x: T.Tensor): void => {
  const value = f(x)
  expect(T.equals(value)(jit(f, { engine: interpreter })(x))).toBe(true)
  close(jit(f)(x), value, isFloat(value) ? 1e-13 : 0)
  const other = T.flip([...T.shape(x).keys()])(x)
  close(vmap(f)(T.stack(0)([x, other])), T.stack(0)([value, f(other)]), 1e-12)
  if (!isFloat(x) || !isFloat(value)) return
  const [direction, cotangent] = [scattered(T.shape(x), 5), scattered(T.shape(value), 9)]
  const [, tangent] = jvp(f)(x, direction)
  const step = (h: number): T.Tensor => f(T.add(T.mul(h)(direction))(x))
  const difference = (h: number): T.Tensor => T.div(2 * h)(T.sub(step(-h))(step(h)))
  const richardson = T.div(3)(T.sub(difference(1e-3))(T.mul(4)(difference(5e-4))))
  close(tangent, richardson, 1e-8)
  const [, pullBack] = vjp(f)(x)
  const [left, right] = [inner(cotangent, tangent), inner(pullBack(cotangent), direction)]
  expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(left)))
  // Transformations nest: the batch of derivatives is that of its members.
  const gradient = (y: T.Tensor): T.Tensor => vjp(f)(y)[1](cotangent)
  close(vmap(gradient)(T.stack(0)([x, other])), T.stack(0)([gradient(x), gradient(other)]), 1e-12)
}
