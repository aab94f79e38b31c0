/** The laws of functions and derivatives, run on every operation on tensors; the laws of what makes and reads them; and what breaks these. */
import { describe, expect, test } from 'vitest'
import * as _ from '../../laws/operations.js'
import { type ReadingWords, readingLaws, tensors, words } from '../../laws/readings.js'
import { customJvp } from '../../src/control/call.js'
import { cast, stopGradient } from '../../src/primitive/conversion.js'
import { reverse } from '../../src/primitive/window.js'
import * as Tensor from '../../src/Tensor.js'
import { constant, isConstant } from '../../src/tensor/tensor.js'
import { but, fails, holds, named } from './verdict.js'

test('whatever the library exports for tensors is an operation, or one of the words that make and read them', () => {
  expect([...Object.keys(_.operations), ...words].sort()).toEqual(Object.keys(Tensor).sort())
})
describe('every operation', () => {
  for (const [name, cases] of Object.entries(_.operations))
    test(`${name} obeys ${_.operationLaws.length} laws`, () => {
      for (const law of _.operationLaws) holds(law, cases, 5)
    })
})
describe('every operation that has derivatives', () => {
  for (const [name, cases] of Object.entries(_.differentiable))
    test(`${name} obeys ${_.differentiableLaws.length} laws`, () => {
      for (const law of _.differentiableLaws) holds(law, cases, 4)
    })
})
describe('making and reading tensors', () => {
  test.each(readingLaws())('$law.name: $law.statement', ({ law }) => holds(law, tensors, 100))
  test('all of the words have laws', () => {
    expect(words.filter(word => !readingLaws().some(({ about }) => about.includes(word)))).toEqual([])
  })
})

type OfOne = (x: Tensor.Tensor) => Tensor.Tensor
const law = (name: string) => named([..._.operationLaws, ..._.differentiableLaws], name)
/** The operation with something done to it. */
const changed = (name: keyof typeof _.operations, change: (f: OfOne) => OfOne) =>
  _.operations[name].map(({ f, inputs }) => ({
    inputs,
    f: (xs: readonly Tensor.Tensor[]) => change(x => f([x, ...xs.slice(1)]))(xs[0]!)
  }))

describe('a broken operation is caught', () => {
  test('whose derivative forgets its setting', () => {
    const steep = _.operations.tanh.map(({ inputs }) => ({
      inputs,
      f: ([x]: readonly Tensor.Tensor[]) =>
        customJvp(
          (y: Tensor.Tensor) => Tensor.tanh(Tensor.mul(2)(y)),
          (y, tangent) => Tensor.mul(Tensor.sub(Tensor.square(Tensor.tanh(Tensor.mul(2)(y))))(1))(tangent)
        )(x!)
    }))
    fails(law('central difference'), steep)
  })
  test('whose second derivative is missing', () => {
    const flat = changed('exp', f => customJvp(f, (x, tangent) => Tensor.mul(stopGradient(f(x)))(tangent)))
    fails(law('difference of gradients'), flat)
  })
  test('that is something else when it is traced', () => {
    const other = changed('cumsum', f => x => (isConstant(x) ? f(x) : reverse([0])(f(x))))
    fails(law('one meaning'), other)
    fails(law('vmap is map'), other)
    fails(law('jit'), other)
  })
  test('that counts its calls', () => {
    let calls = 0
    fails(
      law('jit'),
      changed('softmax', f => x => Tensor.add(calls++)(f(x)))
    )
  })
  test('that rounds to float32 on the way', () => {
    fails(
      law('central difference'),
      changed('logsumexp', f => x => cast('float64')(cast('float32')(f(x))))
    )
  })
})

describe('broken making and reading of tensors is caught', () => {
  const broken: readonly (readonly [string, string, Partial<ReadingWords>])[] = [
    [
      'arrays that lose the sign of zero',
      'arrays and back',
      { toArray: x => Tensor.toArray(Tensor.add(0)(x)) as never }
    ],
    ['tensors that are float32 for all', 'arrays and back', { tensor: values => Tensor.tensor(values) }],
    ['data that are handed out themselves', 'copies', { toData: x => (isConstant(x) ? x.data : Tensor.toData(x)) }],
    ['data that are taken themselves', 'copies', { fromData: (s, data) => constant(s, dtypeOf(data), data) as never }],
    ['a rank that counts elements', 'sizes', { rank: x => Tensor.size(x) as never }],
    [
      'a scalar with an axis',
      'one number',
      { scalar: (...given) => Tensor.unsqueeze(0)(Tensor.scalar(...given)) as never }
    ],
    ['ones that are float32', 'constants', { ones: s => Tensor.ones(s) }],
    ['a range without its last number', 'ranges', { arange: (stop, o) => Tensor.arange(stop - 1, o) as never }],
    ['numbers that stop before the end', 'ranges', { linspace: (a, b, n, o) => Tensor.linspace(a, b - 0.1, n, o) }],
    ['a unit matrix turned round', 'unit matrix', { eye: (n, o) => Tensor.flip(0)(Tensor.eye(n, o)) as never }],
    ['an equality of shapes', 'equality', { equals: b => a => String(a.shape) === String(b.shape) }],
    [
      'data taken for a tensor',
      'recognition',
      { isTensor: (x): x is Tensor.Tensor => typeof x === 'object' && x !== null }
    ],
    ['printing without dtypes', 'printing', { show: x => String(Tensor.cast('float32')(x)) }]
  ]
  const dtypeOf = (data: Tensor.Data): Tensor.Dtype => Tensor.dtype(Tensor.fromData([data.length], data))
  test.each(broken)('%s', (_name, name, wrong) =>
    fails(readingLaws(but<ReadingWords>(Tensor, wrong)).find(each => each.law.name === name)?.law, tensors)
  )
})
