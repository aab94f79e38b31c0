/** Kernels that go by number or by order give what the interpreter gives, and stop where it throws. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type IndexingKernel, indexing } from '../../../../src/engine/wasm/indexing/indexing.js'
import { bytesOf } from '../../../../src/engine/wasm/kernel.js'
import { argmaxPrimitive, argminPrimitive } from '../../../../src/primitive/extremum.js'
import {
  argsortPrimitive,
  cumsumPrimitive,
  scatterAddPrimitive,
  takePrimitive
} from '../../../../src/primitive/indexing.js'
import { type Dtype, isFloat } from '../../../../src/structure/dtype.js'
import { range, type Shape, size } from '../../../../src/structure/shape.js'
import { type Constant, constant, elements, type FirstOrder, type Primitive } from '../../../../src/tensor/tensor.js'
import { dtypes, seeds, shapes } from './arbitrary.js'
import { after, densePlace, random, wrong } from './harness.js'

/** What is wrong with a kernel on these operands, in the eyes of the interpreter. */
const differs = <A>(
  primitive: Primitive,
  kernel: IndexingKernel<A>,
  inputs: readonly Constant[],
  attributes: A
): string | undefined => {
  const first = primitive as FirstOrder
  const type = first.type(inputs, attributes)
  const operands: { readonly place: ReturnType<typeof densePlace>; readonly data: Constant['data'] }[] = []
  let address = 64
  for (const input of inputs) {
    operands.push({ place: densePlace(input, address), data: elements(input) })
    address = after(address, size(input.shape) * bytesOf[input.dtype])
  }
  const result = densePlace(type, address)
  const scratch = after(address, size(type.shape) * bytesOf[type.dtype])
  const meant = (): Constant['data'] | 'trap' => {
    try {
      return elements(first.evaluate(inputs, attributes, type))
    } catch {
      return 'trap'
    }
  }
  return wrong(
    {
      operands,
      result,
      scratch: { from: scratch, bytes: kernel.scratchBytes(inputs, attributes) },
      statement: kernel.code({ inputs: operands.map(({ place }) => place), attributes, result, scratch })
    },
    meant()
  )
}
const indicesOf = (shape: Shape, rows: number, seed: number, outside: number | undefined): Constant => {
  const count = size(shape)
  const found = Int32Array.from(
    { length: count },
    (_, i) => (Math.imul(seed + i, 0x9e3779b1) >>> 8) % Math.max(rows, 1)
  )
  if (outside !== undefined && count > 0) found[seed % count] = outside
  return constant(shape, 'int32', found)
}
const listed = fc.record({
  dtype: dtypes,
  rows: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(0)),
  row: shapes(0, 2, 300),
  list: shapes(0, 2, 60),
  seed: seeds,
  wrong: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.boolean() }),
  outside: fc.constantFrom(-1, 0, 1, 1000, 2147483647, -2147483648)
})
type Listed = typeof listed extends fc.Arbitrary<infer A> ? A : never
const list = ({ rows, list: shape, seed, wrong: isWrong, outside }: Listed): Constant =>
  indicesOf(shape, rows, seed, isWrong ? (outside >= 0 && outside < 1000 ? rows + outside : outside) : undefined)

describe('take', () => {
  test('rows by number', () => {
    fc.assert(
      fc.property(listed, given => {
        const table = random(given.dtype, [given.rows, ...given.row], given.seed)
        expect(differs(takePrimitive as Primitive, indexing.take, [table, list(given)], undefined)).toBeUndefined()
      }),
      { numRuns: 300 }
    )
  })
})
describe('scatterAdd', () => {
  test('rows added by number', () => {
    fc.assert(
      fc.property(listed, given => {
        const indices = list(given)
        const updates = random(given.dtype, [...given.list, ...given.row], given.seed)
        expect(
          differs(scatterAddPrimitive as Primitive, indexing.scatterAdd, [updates, indices], given.rows)
        ).toBeUndefined()
      }),
      { numRuns: 300 }
    )
  })
})
const withAxis = (limit: number) =>
  shapes(1, 4, limit).chain(shape => fc.record({ shape: fc.constant(shape), axis: fc.nat(shape.length - 1) }))

describe('cumsum', () => {
  test('running sums, to the bit', () => {
    fc.assert(
      fc.property(withAxis(3000), dtypes, seeds, fc.boolean(), ({ shape, axis }, dtype, seed, backwards) => {
        const x = random(dtype, shape, seed)
        expect(differs(cumsumPrimitive as Primitive, indexing.cumsum, [x], { axis, backwards })).toBeUndefined()
      }),
      { numRuns: 400 }
    )
  })
})
describe('argsort', () => {
  test('stable, NaN at the end or, descending, at the beginning', () => {
    fc.assert(
      fc.property(shapes(1, 3, 2000), dtypes, seeds, fc.boolean(), (shape, dtype, seed, descending) => {
        const x = random(dtype, shape, seed)
        expect(differs(argsortPrimitive as Primitive, indexing.argsort, [x], { descending })).toBeUndefined()
      }),
      { numRuns: 400 }
    )
  })
  test.each(range(70))('rows of %i', length => {
    const x = random('float32', [2, length], 3 * length + 2)
    for (const descending of [false, true])
      expect(differs(argsortPrimitive as Primitive, indexing.argsort, [x], { descending })).toBeUndefined()
  })
})
describe.each([
  ['argmax', argmaxPrimitive, indexing.argmax],
  ['argmin', argminPrimitive, indexing.argmin]
] as const)('%s', (_, primitive, kernel) => {
  test('the first best, NaN before all', () => {
    fc.assert(
      fc.property(withAxis(3000), dtypes, seeds, ({ shape, axis }, dtype, seed) => {
        fc.pre(shape[axis] !== 0)
        expect(differs(primitive as Primitive, kernel, [random(dtype, shape, seed)], axis)).toBeUndefined()
      }),
      { numRuns: 400 }
    )
  })
  test.each(['float32', 'float64', 'int32', 'bool'] as const)('NaN in each position, of %s', (dtype: Dtype) => {
    for (let at = 0; at < 9; at++) {
      const x = random(dtype, [9, 7], 3 * at)
      const values = elements(x).slice()
      if (isFloat(x)) for (let column = 0; column < 7; column++) values[((at + column) % 9) * 7 + column] = Number.NaN
      expect(differs(primitive as Primitive, kernel, [constant([9, 7], dtype, values)], 0)).toBeUndefined()
    }
  })
})
