import { pipe } from 'fp-ts/lib/function.js'
import * as S from 'fp-ts/lib/State.js'
import { describe, expect, test } from 'vitest'
import { interpreter } from '../../src/engine/interpreter.js'
import { jit } from '../../src/engine/jit.js'
import { normal, uniform } from '../../src/random/distribution.js'
import * as _ from '../../src/random/key.js'
import * as T from '../../src/Tensor.js'
import { vmap } from '../../src/transform/vmap.js'
import { told } from '../told.js'

const word = (value: number): T.Tensor<[]> => T.fromData([], Int32Array.of(value | 0))
const hexadecimal = (x: T.Tensor): string => (T.item(x) >>> 0).toString(16).padStart(8, '0')

describe('Threefry-2x32, 20 rounds: the known answers of its authors', () => {
  test.each([
    [[0, 0], [0, 0], '6b200159 99ba4efe'],
    [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '1cb996fc bb002be7'],
    [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], 'c4923a9c 483df7a0']
  ] as const)('key %j, counter %j: %s', ([k0, k1], [c0, c1], expected) => {
    const cipher = (a: T.Tensor, b: T.Tensor, c: T.Tensor, d: T.Tensor) => _.threefry([a, b], [c, d])
    const words = [word(k0), word(k1), word(c0), word(c1)] as const
    expect(
      cipher(...words)
        .map(hexadecimal)
        .join(' ')
    ).toBe(expected)
    expect(
      jit(cipher)(...words)
        .map(hexadecimal)
        .join(' ')
    ).toBe(expected)
  })
})

describe('keys', () => {
  const distinct = (keys: readonly _.Key[]): number => new Set(keys.map(k => String(T.toArray(k)))).size
  test('hold all of a seed', () => {
    const seeds = [
      0,
      1,
      -1,
      42,
      2 ** 31,
      2 ** 32,
      2 ** 32 + 1,
      -(2 ** 32),
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER
    ]
    expect(distinct(seeds.map(_.key))).toBe(seeds.length)
    expect(T.toArray(_.key(2 ** 32 + 5))).toEqual([1, 5])
    expect(T.toArray(_.key(-1))).toEqual([-1, -1])
  })
  test('split and fold into others, none of which is another', () => {
    const key = _.key(42)
    const made = [
      key,
      ..._.split(key),
      ...[0, 1, 2, 7, -1, 2 ** 31].map(n => _.foldIn(n)(key)),
      ..._.split(_.split(key)[0]),
      ..._.split(_.split(key)[1])
    ]
    expect(distinct(made)).toBe(made.length)
    expect(T.toArray(_.keys(2)(key))).toEqual(_.split(key).map(k => T.toArray(k)))
    expect(T.shape(_.keys(0)(key))).toEqual([0, 2])
  })
  test('fold in a number as they fold in a tensor, known or not', () => {
    const key = _.key(1)
    const steps = T.arange(3)
    const mapped = vmap((step: T.Tensor<[]>) => _.foldIn(step)(key))(steps)
    expect(T.toArray(mapped)).toEqual([0, 1, 2].map(n => T.toArray(_.foldIn(n)(key))))
  })
  test('mapped over draw what each draws alone', () => {
    const keys = _.keys(3)(_.key(7))
    const each = [0, 1, 2].map(i => normal([4])(T.select(0, i)(keys)))
    expect(T.equals(T.stack(0)(each))(vmap(normal([4]))(keys))).toBe(true)
    expect(T.equals(normal([4])(_.key(7)))(jit(normal([4]), { engine: interpreter })(_.key(7)))).toBe(true)
  })
  test('draw passes the key on', () => {
    const twice = pipe(
      _.draw(uniform([2])),
      S.chain(a =>
        pipe(
          _.draw(uniform([2])),
          S.map(b => [a, b] as const)
        )
      )
    )
    const [[a, b], rest] = twice(_.key(0))
    expect(T.equals(a)(b)).toBe(false)
    const [fresh, key] = _.next(_.key(0))
    expect(T.equals(uniform([2])(fresh))(a)).toBe(true)
    expect(T.equals(_.next(key)[1])(rest)).toBe(true)
  })
})

describe('mistakes', () => {
  const key = _.key(0)
  test.each<readonly [() => unknown, string]>([
    [() => _.key(1.5), 'InvalidArgument: Random.key: a seed is a whole number, not 1.5'],
    [() => _.key(Number.NaN), 'InvalidArgument: Random.key: a seed is a whole number, not NaN'],
    [() => _.key(2 ** 60), 'InvalidArgument: Random.key: a seed is a whole number, not 1152921504606847000'],
    [() => _.keys(-1)(key), 'InvalidArgument: Random.keys: [-1] is not a shape: sizes are whole numbers from 0 on'],
    [() => _.foldIn(1.5)(key), 'InvalidArgument: Random.foldIn: 1.5 is not a whole number of 32 bits'],
    [() => _.foldIn(2 ** 32)(key), 'InvalidArgument: Random.foldIn: 4294967296 is not a whole number of 32 bits'],
    [
      () => _.split(T.zeros([2])),
      'ShapeMismatch: Random.split: a key is int32 [2], not float32 [2]; make one with Random.key'
    ],
    [
      () => uniform([2])(_.keys(3)(key) as T.Tensor as _.Key),
      'ShapeMismatch: Random.uniform: a key is int32 [2], not int32 [3, 2]; make one with Random.key'
    ]
  ])('%#: %s', (run, message) => expect(told(run)).toBe(message))
})
