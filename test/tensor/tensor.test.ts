/** How tensors behave where JavaScript takes them for something else, and that nothing changes them. */
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import * as T from '../../src/Tensor.js'
import * as _ from '../../src/tensor/tensor.js'
import { grad } from '../../src/transform/reverse.js'
import { vmap } from '../../src/transform/vmap.js'
import { told } from '../told.js'

type Scalar = T.Tensor<[]>
/** What happens to an unknown, or to a result of one. */
const unknown = (use: (x: Scalar) => unknown): string => {
  let seen = ''
  grad((x: Scalar) => {
    seen = told(() => use(x))
    return x
  })(T.scalar(1))
  return seen
}

describe('coercion', () => {
  // What a program without types can write.
  const js = (x: unknown): number => x as number
  test('of one known element is its number', () => {
    const x = T.scalar(2.5)
    expect([+js(x), js(x) + 1, js(x) * 2, Math.max(js(x), 1), Number(T.tensor([[3]]))]).toEqual([2.5, 3.5, 5, 2.5, 3])
    expect(js(x) > 2).toBe(true)
    expect(js(T.scalar(true)) + 1).toBe(2)
  })
  test('of several, or of none, is refused', () => {
    expect(told(() => +js(T.zeros([2])))).toBe(
      'NotScalar: coercion to a number: a tensor of shape [2] has 2 elements, not one'
    )
    expect(told(() => js(T.zeros([0])) + 1)).toBe(
      'NotScalar: coercion to a number: a tensor of shape [0] has 0 elements, not one'
    )
  })
  test('of an unknown names what it is the result of, and says what to do', () => {
    const rest =
      'is not known inside a transformed function (grad, jvp, vmap, jit); use where, Control.cond or Control.fold'
    expect(unknown(x => +js(x))).toBe(`UnknownValue: coercion to a number: an argument, float32 [], ${rest}`)
    expect(unknown(x => js(x) + 1)).toBe(`UnknownValue: coercion to a number: an argument, float32 [], ${rest}`)
    expect(unknown(x => js(T.sin(x)) > 0)).toBe(
      `UnknownValue: coercion to a number: the result of sin, float32 [], ${rest}`
    )
    expect(unknown(x => Math.exp(js(T.mul(2)(x))))).toBe(
      `UnknownValue: coercion to a number: the result of mul, float32 [], ${rest}`
    )
  })
  test('to a string shows it', () => {
    expect(`${T.scalar(2)}`).toBe('tensor(2.)')
    expect(String(T.tensor([1, 2]))).toBe('tensor([1., 2.])')
    expect(
      unknown(x => {
        throw new Error(`${x} and ${T.exp(x)}`)
      })
    ).toBe('Error: unknown float32 [], an argument of a transformed function and unknown float32 [], a result of exp')
  })
})
test('JSON.stringify says what to use', () => {
  const message = 'InvalidArgument: JSON.stringify: a tensor has no JSON form of its own; use Tensor.toArray'
  expect(told(() => JSON.stringify(T.scalar(1)))).toBe(message)
  expect(told(() => JSON.stringify({ params: [T.zeros([2])] }))).toBe(message)
  expect(unknown(x => JSON.stringify(x))).toBe(message)
})
test('util.inspect shows what String does, inside other things too', () => {
  const x = T.tensor([1, 2])
  expect(inspect(x)).toBe('tensor([1., 2.])')
  expect(inspect({ weight: x, bias: [T.scalar(0.5)] })).toBe('{ weight: tensor([1., 2.]), bias: [ tensor(0.5000) ] }')
  expect(
    unknown(y => {
      throw new Error(inspect([y]))
    })
  ).toBe('Error: [ unknown float32 [], an argument of a transformed function ]')
})
test('the tags tell known from unknown', () => {
  const tags: string[] = []
  vmap((x: Scalar) => {
    tags.push(T.scalar(1).tag, x.tag, T.neg(x).tag, T.neg(T.scalar(1)).tag)
    return x
  })(T.zeros([1]))
  expect(tags).toEqual(['constant', 'variable', 'expression', 'constant'])
})

describe('a tensor never changes', () => {
  const kinds = [Float32Array.of(1, 2, 3), Float64Array.of(1, 2, 3), Int32Array.of(1, 2, 3), Uint8Array.of(1, 0, 1)]
  test.each(kinds.map(data => [data.constructor.name, data] as const))(
    'by writing to the %s that it came from',
    (_name, data) => {
      const x = T.fromData([3], data)
      const before = T.toArray(x)
      const derived = [T.reshape([3, 1])(x), T.neg(x), T.cast('float64')(x)]
      const derivedBefore = derived.map(y => [...T.toData(y)])
      data.fill(9)
      expect(T.toArray(x)).toEqual(before)
      expect(derived.map(y => [...T.toData(y)])).toEqual(derivedBefore)
    }
  )
  test('by writing to a node Buffer, or to another view of the same memory', () => {
    const buffer = Buffer.from([1, 0, 1])
    const x = T.fromData([3], buffer)
    buffer.fill(0)
    expect(T.toArray(x)).toEqual([true, false, true])
    const memory = new Float64Array(4)
    const part = T.fromData([2], memory.subarray(1, 3))
    memory.fill(7)
    expect(T.toArray(part)).toEqual([0, 0])
  })
  test('by writing to what is read from it', () => {
    const several: readonly T.Tensor[] = [
      T.tensor([1, 2]),
      T.full([2], 1),
      T.reshape([2])(T.tensor([[1, 2]])),
      T.arange(2),
      T.zeros([200])
    ]
    for (const x of several) {
      const before = T.show(x)
      T.toData(x).fill(9)
      ;(T.toArray(x) as number[])[0] = 9
      ;(T.shape(x) as number[])[0] = 9
      expect(T.show(x)).toBe(before)
    }
  })
  test('by changing the arrays of numbers and sizes that it was made of', () => {
    const values = [[1, 2]]
    const size = [1, 2]
    const [made, filled, copied] = [T.tensor(values), T.zeros(size), T.fromData(size, Float32Array.of(1, 2))]
    values[0]![0] = 9
    size[0] = 9
    expect([made, filled, copied].map(T.show)).toEqual([
      'tensor([[1., 2.]])',
      'tensor([[0., 0.]])',
      'tensor([[1., 2.]])'
    ])
  })
  test('by what is computed from it, though small tensors share memory', () => {
    const many = Array.from({ length: 50 }, (_unused, i) => T.fromData([20], new Float64Array(20).fill(i)))
    many.forEach(x => T.cumsum({ axis: 0 })(T.sort({ axis: 0 })(x)))
    many.forEach((x, i) => {
      expect(new Set(T.toData(x))).toEqual(new Set([i]))
    })
  })
})

test('one stored element stands for all of them', () => {
  const x = _.uniform({ shape: [2, 2], dtype: 'float64' }, 3)
  expect([x.data.length, _.elements(x).length]).toEqual([1, 4])
  expect([_.isUniform(x, 3), _.isUniform(_.zeros(x), -0), _.isUniform(_.zeros(x), 0)]).toEqual([true, false, true])
})
