/** Programs that share a memory do not notice each other, and one that is too large for any memory says so. */
import { describe, expect, test } from 'vitest'
import { interpreter } from '../../../src/engine/interpreter.js'
import { jit } from '../../../src/engine/jit.js'
import type { ResidentEngine } from '../../../src/engine/machine.js'
import { arena } from '../../../src/engine/wasm/arena.js'
import { wasmWith } from '../../../src/engine/wasm/wasm.js'
import { Program } from '../../../src/index.js'
import * as T from '../../../src/Tensor.js'
import type { Constant } from '../../../src/tensor/tensor.js'
import { told } from '../../told.js'

const numbers = (x: T.Tensor): readonly number[] => [...T.toData(x)]
const ramp = (n: number, from = 0): Constant =>
  T.fromData(
    [n],
    Float32Array.from({ length: n }, (_, i) => from + i)
  ) as Constant

/** x ← x · 0.5 + given, and the sum of x: a program that carries one tensor. */
const halving = (n: number) =>
  Program.trace((x: T.Tensor, given: T.Tensor) => [T.add(given)(T.mul(0.5)(x)), T.sum()(x)])(ramp(n), ramp(n))

const run = (engine: ResidentEngine, between: () => void): readonly (readonly number[])[] => {
  const machine = engine.machine(halving(5), { carried: 1 })
  const seen: (readonly number[])[] = []
  machine.load([ramp(5)])
  machine.feed([ramp(5, 10)])
  for (let i = 0; i < 4; i++) {
    between()
    machine.run(3)
    between()
    seen.push(numbers(machine.save()()[0]!), [machine.number(0)])
  }
  return seen
}

describe('a machine', () => {
  const engine = wasmWith()
  const small = jit((x: T.Tensor) => T.exp(x), { engine })
  const large = jit((x: T.Tensor) => T.add(1)(T.cumsum({ axis: 0 })(x)), { engine })
  const others: readonly (readonly [string, () => void])[] = [
    ['nothing', () => undefined],
    ['a small program', () => small(ramp(7))],
    ['a program for which memory grows', () => large(ramp(100_000))],
    ['another machine', () => void run(engine, () => undefined)]
  ]
  test.each(others)('does what the interpreter does with %s between its calls', (_, between) => {
    const expected = run(interpreter, () => undefined)
    run(engine, between).forEach((values, i) => {
      values.forEach((value, j) => {
        expect(value).toBeCloseTo(expected[i]![j]!, 4)
      })
    })
  })
  test('gives copies: what was saved stays what it was', () => {
    const machine = engine.machine(halving(5), { carried: 1 })
    machine.load([ramp(5)])
    machine.feed([ramp(5, 10)])
    machine.run(1)
    const unread = machine.save()
    const read = machine.save()()[0]!
    const before = numbers(read)
    machine.run(5)
    small(ramp(7))
    expect(numbers(read)).toEqual(before)
    expect(numbers(unread()[0]!)).toEqual(before)
  })
})

describe('a program', () => {
  test('leaves its operands and earlier results alone', () => {
    const engine = wasmWith()
    const f = jit((x: T.Tensor, y: T.Tensor) => T.mul(y)(T.add(1)(x)), { engine })
    const [x, y] = [ramp(6), ramp(6, 1)]
    const first = f(x, y)
    const before = numbers(first)
    f(ramp(6, 50), ramp(6, 70))
    expect(numbers(first)).toEqual(before)
    expect(numbers(x)).toEqual(numbers(ramp(6)))
    expect(numbers(y)).toEqual(numbers(ramp(6, 1)))
  })
  test('has its constants after another program had the memory', () => {
    const engine = wasmWith()
    const table = ramp(100, 7)
    const f = jit((x: T.Tensor) => T.add(table)(x), { engine })
    const g = jit((x: T.Tensor) => T.mul(ramp(100, 3))(x), { engine })
    for (let i = 0; i < 3; i++) {
      expect(T.toData(f(ramp(100)))[9]).toBe(25)
      expect(T.toData(g(ramp(100)))[9]).toBe(108)
    }
  })
  test('that needs more than there is says how much', () => {
    const engine = wasmWith()
    const wide = jit(
      (x: T.Tensor, y: T.Tensor) => T.sum()(T.cumsum({ axis: 0 })(T.mul(y)(T.reshape([70_000, 1])(x)))),
      { engine }
    )
    expect(told(() => wide(T.zeros([70_000]), T.zeros([1, 70_000])))).toMatch(
      /jit: the program needs \d+\.\d GiB of memory, and the engine has at most 2 GiB; use smaller batches, or checkpoint/
    )
  })
  test('by the thousand, in one memory', () => {
    const engine = wasmWith()
    for (let i = 0; i < 2000; i++) {
      const f = jit((x: T.Tensor) => T.add(i)(x), { engine })
      if (i % 500 === 0) expect(T.item(f(T.scalar(1)))).toBe(i + 1)
      else f(T.scalar(1))
    }
  })
})

test('memory grows in place, and views over it are made anew', () => {
  const at = arena(10)
  const before = at.generation()
  at.reserve(200_000)
  expect(at.memory.buffer.byteLength).toBeGreaterThanOrEqual(200_000)
  expect(at.generation()).toBe(before + 1)
  at.reserve(100)
  expect(at.generation()).toBe(before + 1)
})
