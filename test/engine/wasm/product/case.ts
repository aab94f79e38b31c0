/** Random products and what they should give, computed by the plainest of loops. */
import * as fc from 'fast-check'
import { expect } from 'vitest'
import { bytesOf, type Place } from '../../../../src/engine/wasm/kernel.js'
import { pageBytes } from '../../../../src/engine/wasm/platform.js'
import {
  type Epilogue,
  operandsMayBeOverwritten,
  type Product,
  product,
  scratchBytes
} from '../../../../src/engine/wasm/product/product.js'
import type { Team } from '../../../../src/engine/wasm/product/team.js'
import type { Dtype } from '../../../../src/structure/dtype.js'
import { type Shape, size } from '../../../../src/structure/shape.js'
import { elements, type Join, machine, memoryOf, pagesFor, read, write } from './machine.js'

/** How a tensor is stored: which axes vary fastest, gaps between neighbours, directions, repetition. */
interface Storage {
  readonly order: readonly number[]
  readonly gaps: readonly number[]
  readonly signs: readonly number[]
  readonly repeated: readonly boolean[]
}
export interface Case {
  readonly dtype: Dtype
  readonly outer: Shape
  readonly m: number
  readonly n: number
  readonly k: number
  readonly left: Storage
  readonly right: Storage
  readonly resultGap: number
  readonly operands: readonly { readonly dtype: Dtype; readonly storage: Storage }[]
  readonly fusedMultiplyAdd: boolean
  /** Whether the first operand lies where the result goes, if it may. */
  readonly inPlace: boolean
}

const storage = (rank: number, some: { readonly plain: number }): fc.Arbitrary<Storage> => {
  const each = <A>(one: fc.Arbitrary<A>): fc.Arbitrary<readonly A[]> =>
    fc.array(one, { minLength: rank, maxLength: rank })
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  const rowMajor = fc.constant(axes)
  const swapped = fc.constant([...axes.slice(0, -2), rank - 1, rank - 2])
  return fc.record({
    order: fc.oneof(
      { weight: 4, arbitrary: rowMajor },
      { weight: 4, arbitrary: swapped },
      { weight: 1, arbitrary: fc.shuffledSubarray(axes, { minLength: rank }) }
    ),
    gaps: each(fc.oneof({ weight: some.plain, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) })),
    signs: each(
      fc.oneof({ weight: 2 * some.plain, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(-1) })
    ),
    repeated: each(
      fc.oneof({ weight: some.plain, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) })
    )
  })
}

/** Strides, how many elements they span, and where the first element lies among them. */
const laidOut = (shape: Shape, { order, gaps, signs, repeated }: Storage) => {
  const strides = shape.map(() => 0)
  let [span, first] = [1, 0]
  for (const axis of [...order].reverse()) {
    if (repeated[axis]) continue
    const stride = span + gaps[axis]!
    const reach = Math.max(0, shape[axis]! - 1) * stride
    strides[axis] = signs[axis]! * stride
    if (signs[axis]! < 0) first += reach
    span += reach
  }
  return { strides, span, first }
}

/** Row by row without gaps. */
export const plainly = (rank: number): Storage => ({
  order: Array.from({ length: rank }, (_, axis) => axis),
  gaps: Array(rank).fill(0),
  signs: Array(rank).fill(1),
  repeated: Array(rank).fill(false)
})
/** What an epilogue can read: side by side along columns, or one number for all of them. */
const readable = (stored: Storage): Storage => {
  const column = stored.order.length - 1
  return {
    ...stored,
    order: plainly(column + 1).order,
    gaps: stored.gaps.map((gap, axis) => (axis === column ? 0 : gap)),
    signs: stored.signs.map((sign, axis) => (axis === column ? 1 : sign))
  }
}

const extent = (largest: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 3, 4) },
    { weight: 2, arbitrary: fc.nat(Math.min(largest, 20)) },
    { weight: 1, arbitrary: fc.nat(largest) }
  )
export const cases = (limits: { readonly mn: number; readonly k: readonly [number, number] }): fc.Arbitrary<Case> =>
  fc.array(fc.constantFrom(0, 1, 1, 2, 3), { maxLength: 2 }).chain(outer => {
    const rank = outer.length + 2
    return fc
      .record({
        dtype: fc.constantFrom<Dtype>('float32', 'float32', 'float64', 'int32'),
        outer: fc.constant(outer),
        m: extent(limits.mn),
        n: extent(limits.mn),
        k: limits.k[0] === 0 ? extent(limits.k[1]) : fc.integer({ min: limits.k[0], max: limits.k[1] }),
        left: storage(rank, { plain: 6 }),
        right: storage(rank, { plain: 6 }),
        resultGap: fc.constantFrom(0, 0, 1, 5),
        operands: fc.array(
          fc.record({
            dtype: fc.constantFrom<Dtype>('float32', 'float32', 'bool'),
            storage: storage(rank, { plain: 1 })
          }),
          { maxLength: 3 }
        ),
        fusedMultiplyAdd: fc.constant(false),
        inPlace: fc.boolean()
      })
      .map(found => ({
        ...found,
        operands:
          found.dtype === 'int32'
            ? []
            : found.operands.map(x => ({ ...x, dtype: x.dtype === 'bool' ? x.dtype : found.dtype }))
      }))
  })

/** Numbers whose sums of products are exact in every dtype and every order. */
const wholeNumber = (index: number, salt: number): number => ((index * 7919 + salt * 104729) % 9) - 4

/** A different mix of every operand: masks choose, numbers are added; at the end nothing is negative. */
const epilogueFor =
  (operands: Case['operands']): Epilogue =>
  (floats, value, read) =>
    floats.pmax(
      read.reduce(
        (sum, x, i) =>
          operands[i]!.dtype === 'bool' ? floats.select(x as never, sum, floats.neg(sum)) : floats.add(sum, x),
        value
      ),
      floats.const(0)
    )

export interface Prepared {
  readonly product: Product
  readonly memory: ReturnType<typeof memoryOf>
  /** What should be in memory at the result's elements afterwards. */
  readonly expected: Float64Array
  readonly run: () => void
}

/** A case in memory: buffers in a row, the last one as close to the end of memory as is allowed. */
export const prepare = (c: Case, help?: { readonly team: Team; readonly join: Join }): Prepared => {
  const { dtype, outer, m, n, k } = c
  const rank = outer.length + 2
  const shapes = { left: [...outer, m, k], right: [...outer, k, n], result: [...outer, m, n] }
  const resultStorage = {
    ...plainly(rank),
    gaps: plainly(rank).gaps.map((_, axis) => (axis === rank - 2 ? c.resultGap : 0))
  }
  // One by one in memory, each at a multiple of 16.
  const plain = [
    { name: 'result', shape: shapes.result, dtype, ...laidOut(shapes.result, resultStorage) },
    { name: 'left', shape: shapes.left, dtype, ...laidOut(shapes.left, c.left) },
    ...c.operands.map((operand, i) => ({
      name: `operand ${i}`,
      shape: shapes.result,
      dtype: operand.dtype,
      ...laidOut(shapes.result, readable(operand.storage))
    })),
    { name: 'right', shape: shapes.right, dtype, ...laidOut(shapes.right, c.right) }
  ]
  const room = (span: number, of: Dtype): number => Math.ceil((span * bytesOf[of]) / 16) * 16
  const [result, left, ...rest] = plain as [(typeof plain)[0], ...typeof plain]
  const operandLayouts = rest.slice(0, -1)
  const layouts = {
    left: left!,
    right: rest[rest.length - 1]!,
    result,
    operands: operandLayouts,
    fusedMultiplyAdd: c.fusedMultiplyAdd,
    ...(help ? { team: help.team } : {})
  }
  const scratch = Math.ceil(scratchBytes(layouts) / 16) * 16
  const total = plain.reduce((sum, x) => sum + room(x.span, x.dtype), 0)
  const pages = pagesFor(64 + scratch + 64 + total + 64)
  let next = pages * pageBytes - 64 - total
  const places = plain.map(({ shape, dtype: of, strides, span, first }): Place => {
    const base = next + first * bytesOf[of]
    next += room(span, of)
    return { shape, dtype: of, strides, base }
  })
  const [resultPlace, leftPlace, ...others] = places as [Place, Place, ...Place[]]
  const operands = others
    .slice(0, -1)
    .map((operand, i) =>
      c.inPlace && i === 0 && operand.dtype === dtype && operandsMayBeOverwritten(layouts) ? resultPlace : operand
    )
  const p: Product = {
    name: 'product',
    left: leftPlace,
    right: others[others.length - 1]!,
    result: resultPlace,
    operands,
    fusedMultiplyAdd: c.fusedMultiplyAdd,
    scratch: 64,
    ...(help ? { team: help.team } : {}),
    ...(dtype === 'int32' ? {} : { epilogue: epilogueFor(c.operands) })
  }
  const memory = memoryOf(pages, help !== undefined)
  // Not a number in either float dtype: what should not be read shows.
  new Uint8Array(memory.buffer).fill(0xff, 64)
  write(memory.buffer, p.left, i => (dtype === 'int32' ? Math.imul(i + 1, 0x9e3779b1) : wholeNumber(i, 1)))
  write(memory.buffer, p.right, i => (dtype === 'int32' ? Math.imul(i + 5, 0x85ebca6b) : wholeNumber(i, 2)))
  operands.forEach((operand, salt) =>
    write(memory.buffer, operand, i => (operand.dtype === 'bool' ? (i * 31 + (i >> 3)) & 1 : wholeNumber(i, salt + 3)))
  )
  return { product: p, memory, expected: expectedOf(c, p, memory.buffer), run: machine(product(p), memory, help?.join) }
}

const expectedOf = (c: Case, p: Product, buffer: ArrayBufferLike): Float64Array => {
  const { m, n, k } = c
  const [left, right] = [read(buffer, p.left), read(buffer, p.right)]
  const operands = p.operands!.map(operand => read(buffer, operand))
  return new Float64Array(size(p.result.shape)).map((_, index) => {
    const [matrix, i, j] = [Math.floor(index / (m * n)), Math.floor(index / n) % m, index % n]
    let sum = 0
    for (let q = 0; q < k; q++) {
      const [x, y] = [left[(matrix * m + i) * k + q]!, right[(matrix * k + q) * n + j]!]
      sum = c.dtype === 'int32' ? (sum + Math.imul(x, y)) | 0 : sum + x * y
    }
    if (c.dtype === 'int32') return sum
    const mixed = operands.reduce((value, operand, o) => {
      const x = operand[index]!
      return c.operands[o]!.dtype === 'bool' ? (x ? value : -value) : value + x
    }, sum)
    return Math.max(mixed, 0)
  })
}

/** Everything in memory but the elements of the result and the scratch memory. */
const untouched = ({ product: p, memory }: Prepared): Uint8Array => {
  const rest = new Uint8Array(memory.buffer).slice()
  const bytes = bytesOf[p.result.dtype]
  for (const at of elements(p.result)) rest.fill(0, at * bytes, (at + 1) * bytes)
  rest.fill(0, 0, 64)
  return rest.fill(0, p.scratch, p.scratch + scratchBytes(p))
}

/** The result is right, and nothing else has changed. */
export const holds = (prepared: Prepared): void => {
  const before = untouched(prepared)
  prepared.run()
  const found = read(prepared.memory.buffer, prepared.product.result)
  const wrong = prepared.expected.findIndex((x, i) => found[i] !== x)
  // The first difference; zeros of either sign are alike, because sums of products may have either.
  if (wrong >= 0) expect(`${found[wrong]} at ${wrong}`).toBe(`${prepared.expected[wrong]} at ${wrong}`)
  expect(found.length).toBe(prepared.expected.length)
  if (Buffer.compare(untouched(prepared), before) !== 0) expect.fail('something else was written')
}
