/** Windows are added up as the interpreter adds them, wherever they lie in memory, and nothing else is written. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overlapAdd } from '../../../../src/engine/wasm/indexing/overlap-add.js'
import { bytesOf } from '../../../../src/engine/wasm/kernel.js'
import { overlapAddPrimitive, span } from '../../../../src/primitive/windows.js'
import { allocate, type Dtype } from '../../../../src/structure/dtype.js'
import { range, type Shape, size } from '../../../../src/structure/shape.js'
import { constant, elements } from '../../../../src/tensor/tensor.js'
import { type Layout, layouts, placed, seeds } from './arbitrary.js'
import { after, memoryBytes, wrong } from './harness.js'

/** Small whole numbers: of these every order gives the same sum. */
const whole = (dtype: Dtype, shape: Shape, seed: number) => {
  const data = Float64Array.from({ length: size(shape) }, (_, i) => (Math.imul(seed + i, 0x9e3779b1) >>> 28) - 8)
  const numbers = allocate(dtype, data.length)
  numbers.set(data)
  return constant(shape, dtype, numbers)
}
/** The result's elements lie side by side, in any order of its axes. */
const turned = ({ order }: Layout): Layout => ({
  order,
  gaps: order.map(() => 1),
  backwards: order.map(() => false),
  repeated: order.map(() => false)
})

const cases = fc
  .record({
    dtype: fc.constantFrom<Dtype>('float32', 'float64', 'int32'),
    // Some are more than are added up at a time.
    before: fc.array(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constantFrom(97, 128)), {
      maxLength: 2
    }),
    after: fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constantFrom(13, 16, 33)), { maxLength: 2 }),
    count: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(11, 16, 40)),
    window: fc.integer({ min: 1, max: 5 }),
    step: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    more: fc.nat(3),
    seed: seeds
  })
  .chain(given => {
    const rank = given.before.length + given.after.length
    return fc.record({
      given: fc.constant(given),
      source: layouts(rank + 2, true),
      result: layouts(rank + 1, false).map(turned)
    })
  })

test('windows added up', () => {
  fc.assert(
    fc.property(cases, ({ given, source, result }) => {
      const { dtype, before, count, window, step, dilation, more, seed } = given
      const axis = before.length
      const extent = (count === 0 ? 0 : (count - 1) * step + span(window, dilation)) + more
      const attributes = { axis, extent, step, dilation }
      const shape = [...before, count, window, ...given.after]
      const type = overlapAddPrimitive.type([{ shape, dtype }], attributes)
      const from = placed(dtype, shape, source, 64)
      const to = placed(dtype, type.shape, result, after(from.end, 0))
      fc.pre(to.end < memoryBytes)
      // An axis that is repeated has the same numbers everywhere along it.
      const steps = from.place.strides
      const numbers = whole(dtype, [(from.end - 64) / bytesOf[dtype] + 1], seed)
      const at = (i: number): number => {
        let [rest, position] = [i, (from.place.base - 64) / bytesOf[dtype]]
        for (const a of [...range(shape.length)].reverse()) {
          position += (rest % shape[a]!) * steps[a]!
          rest = Math.floor(rest / shape[a]!)
        }
        return numbers.data[position]!
      }
      const y = constant(
        shape,
        dtype,
        allocate(dtype, size(shape)).map((_, i) => at(i))
      )
      const problem = wrong(
        {
          operands: [{ place: from.place, data: elements(y) }],
          result: to.place,
          statement: overlapAdd({ source: from.place, result: to.place, axis, step, dilation })
        },
        elements(overlapAddPrimitive.evaluate([y], attributes, type))
      )
      expect(problem).toBeUndefined()
    }),
    { numRuns: 500 }
  )
})
