import { describe, expect, it } from 'vitest'
import { type PrimitiveName, primitive, primitiveNames } from '../../../../laws/primitives.js'
import { allocate, type Data, type Dtype } from '../../../../src/structure/dtype.js'
import {
  apply,
  type Constant,
  constant,
  isExpression,
  type Tensor,
  uniform,
  variable
} from '../../../../src/tensor/tensor.js'
import { dtypes } from './bodies.js'
import { meant, run } from './harness.js'

const floats: readonly Dtype[] = ['float32', 'float64']
const words: readonly Dtype[] = ['float32', 'float64', 'int32']
/** Results of these are the same bits in every engine. */
const exact: { readonly [name in PrimitiveName]?: { readonly operands: 1 | 2; readonly of: readonly Dtype[] } } = {
  add: { operands: 2, of: words },
  sub: { operands: 2, of: words },
  mul: { operands: 2, of: words },
  scale: { operands: 2, of: floats },
  div: { operands: 2, of: floats },
  maximum: { operands: 2, of: dtypes },
  minimum: { operands: 2, of: dtypes },
  less: { operands: 2, of: dtypes },
  lessEqual: { operands: 2, of: dtypes },
  equal: { operands: 2, of: dtypes },
  bitAnd: { operands: 2, of: ['int32', 'bool'] },
  bitOr: { operands: 2, of: ['int32', 'bool'] },
  bitXor: { operands: 2, of: ['int32', 'bool'] },
  shiftLeft: { operands: 2, of: ['int32'] },
  shiftRight: { operands: 2, of: ['int32'] },
  neg: { operands: 1, of: words },
  abs: { operands: 1, of: words },
  sign: { operands: 1, of: words },
  floor: { operands: 1, of: words },
  ceil: { operands: 1, of: words },
  round: { operands: 1, of: words },
  sqrt: { operands: 1, of: floats },
  stopGradient: { operands: 1, of: dtypes }
}
/** These come from the vector functions, whose accuracy has tests of its own. */
const functions: readonly PrimitiveName[] = [
  ...(['exp', 'expm1', 'log', 'log1p', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'] as const),
  ...(['asinh', 'acosh', 'atanh', 'sigmoid', 'erf', 'erfc', 'erfinv', 'lgamma', 'digamma'] as const)
]
const elsewhere: readonly PrimitiveName[] = [
  ...(['polygamma', 'atan2', 'hypot'] as const),
  ...(['where', 'cast', 'pow', 'sum', 'amax', 'amin', 'broadcast', 'reshape'] as const),
  ...([
    'argmax',
    'argmin',
    'permute',
    'slice',
    'pad',
    'concat',
    'reverse',
    'take',
    'scatterAdd',
    'cumsum',
    'windows',
    'overlapAdd'
  ] as const),
  ...(['argsort', 'matmul'] as const)
]

const numbers = [
  ...[
    0, -0, 1, -1, 0.5, -0.5, 1.5, 2, -2.5, 3, 0.1, -7.25, 100.75, 1e10, -1e10, 2147483647, -2147483648, 4e9, 1e-40,
    -1e-310
  ],
  ...[3e38, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
]
const integers = [0, 1, -1, 2, 5, -7, 31, 32, 33, 1 << 20, 2147483647, -2147483648]
const some: Readonly<Record<Dtype, readonly number[]>> = {
  float32: numbers,
  float64: numbers,
  int32: integers,
  bool: [0, 1]
}
const tensor = (dtype: Dtype, values: readonly number[]): Constant => {
  const data = allocate(dtype, values.length)
  data.set(values)
  return constant([values.length], dtype, data)
}
/** Every pair. */
const pairs = (dtype: Dtype): readonly [Constant, Constant] => [
  tensor(
    dtype,
    some[dtype].flatMap(x => some[dtype].map(() => x))
  ),
  tensor(
    dtype,
    some[dtype].flatMap(() => some[dtype])
  )
]
/** A body of one equation on operands of these types, computed in both ways. */
const both = (inputs: readonly Constant[], f: (...x: readonly Tensor[]) => Tensor): readonly [Data, Data] => {
  const parameters = inputs.map(variable)
  const fused = {
    form: 'nest' as const,
    space: inputs[0]!.shape,
    folded: [],
    body: { parameters, results: [f(...parameters)] }
  }
  return [run({ fused, inputs })[0]!, meant({ fused, inputs })[0]!]
}
const expectSame = ([found, wanted]: readonly [Data, Data]): void => {
  expect([...found]).toEqual([...wanted])
}
const expectNear = ([found, wanted]: readonly [Data, Data], of: Constant, tolerance: number): void => {
  for (let i = 0; i < wanted.length; i++) {
    const [x, y] = [found[i]!, wanted[i]!]
    const near = Object.is(x, y) || Math.abs(x - y) <= tolerance * Math.abs(y) + (tolerance > 1e-10 ? 1e-44 : 1e-323)
    if (!near) throw new Error(`${x} instead of ${y} at ${of.data[i]}`)
  }
}
const toleranceOf = (dtype: Dtype): number => (dtype === 'float32' ? 5e-7 : 1e-14)

describe('primitives in a nest', () => {
  it('are all there', () => {
    expect([...Object.keys(exact), ...functions, ...elsewhere].sort()).toEqual([...primitiveNames].sort())
  })
  for (const [name, { operands, of }] of Object.entries(exact))
    for (const dtype of of)
      it(`${name} of ${dtype}, bit for bit`, () => {
        const f = (...x: readonly Tensor[]): Tensor => apply(primitive(name as PrimitiveName), x, undefined)
        if (operands === 1) return expectSame(both([tensor(dtype, some[dtype])], f))
        expectSame(both(pairs(dtype), f))
        for (const value of some[dtype]) {
          expectSame(both([tensor(dtype, some[dtype])], x => f(x!, uniform(x!, value))))
          expectSame(both([tensor(dtype, some[dtype])], x => f(uniform(x!, value), x!)))
        }
      })
  for (const from of dtypes)
    for (const to of dtypes)
      it(`cast from ${from} to ${to}`, () => {
        const cast = (x: Tensor): Tensor => apply(primitive('cast'), [x], to)
        expectSame(both([tensor(from, some[from])], x => cast(x!)))
      })
  for (const dtype of dtypes)
    it(`where of ${dtype}`, () => {
      const [x, y] = pairs(dtype)
      const condition = tensor(
        'bool',
        Array.from(x.data, (_, i) => (i % 3) & 1)
      )
      expectSame(both([condition, x, y], (c, a, b) => apply(primitive('where'), [c!, a!, b!], undefined)))
    })
  for (const dtype of floats) {
    for (const name of functions)
      it(`${name} of ${dtype}`, () => {
        const x = tensor(
          dtype,
          numbers.filter(n => Math.abs(n) < 1e5 || !Number.isFinite(n))
        )
        const made = both([x], y => apply(primitive(name), [y!], undefined))
        expectNear(made, x, toleranceOf(dtype))
      })
    it.each(['atan2', 'hypot'] as const)(`%s of ${dtype}`, name => {
      const [x, y] = pairs(dtype)
      const made = both([x, y], (a, b) => apply(primitive(name), [a!, b!], undefined))
      expectNear(made, y, toleranceOf(dtype))
    })
    it.each([1, 2, 5])(`polygamma of order %i and ${dtype}`, order => {
      // A power of the largest ones is no number.
      const x = tensor(
        dtype,
        numbers.filter(n => !(Math.abs(n) > 1e5))
      )
      const made = both([x], y => apply(primitive('polygamma'), [y!], order))
      expectNear(made, x, toleranceOf(dtype))
    })
    it(`pow of ${dtype}`, () => {
      const [x, y] = pairs(dtype)
      expectNear(
        both([x, y], (a, b) => apply(primitive('pow'), [a!, b!], undefined)),
        y,
        toleranceOf(dtype)
      )
      for (const exponent of [0, 1, 2, -1, 0.5, 3, -2, 2.5])
        expectNear(
          both([tensor(dtype, numbers)], a => {
            const power = apply(primitive('pow'), [a!, uniform(a!, exponent)], undefined)
            return isExpression(power) ? power : apply(primitive('stopGradient'), [power], undefined)
          }),
          tensor(dtype, numbers),
          toleranceOf(dtype)
        )
    })
  }
})
