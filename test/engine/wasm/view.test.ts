/** Views are the primitives that move elements, as arithmetic: read element by element they give what the primitives compute. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shape } from '../../../laws/arbitrary.js'
import { domains, emptyDomains } from '../../../laws/domains.js'
import { primitive } from '../../../laws/primitives.js'
import * as _ from '../../../src/engine/wasm/view.js'
import { range, type Shape, size, strides } from '../../../src/structure/shape.js'
import { apply, type Constant, constant, elements, type Tensor } from '../../../src/tensor/tensor.js'

const root: _.Scope = { parent: undefined }
const numbered = (s: Shape): Constant =>
  constant(
    s,
    'int32',
    Int32Array.from({ length: size(s) }, (_, i) => i)
  )
const wholeOf = (x: Tensor): _.View => _.whole(_.bufferFor(x, root), x)

/** The elements of the buffer that a view reads, in order; the buffer holds 0, 1, 2, … */
const read = ({ shape, offset, strides: steps }: _.View): readonly number[] => {
  const units = strides(shape)
  return range(size(shape)).map(i =>
    shape.reduce((at, extent, axis) => at + (Math.floor(i / units[axis]!) % extent) * steps[axis]!, offset)
  )
}
const views = {
  permute: (x, axes) => _.permuteView(axes as readonly number[], x),
  broadcast: (x, s) => _.broadcastView(s as Shape, x),
  slice: (x, window) => _.sliceView(window as Parameters<typeof _.sliceView>[0], x),
  reverse: (x, axes) => _.reverseView(axes as readonly number[], x),
  windows: (x, along) => _.windowsView(along as Parameters<typeof _.windowsView>[0], x),
  reshape: (x, s) => _.reshapeView(s as Shape, x)!
} satisfies Record<string, (x: _.View, attributes: unknown) => _.View>

describe('a view reads what the primitive computes', () => {
  test.each(Object.keys(views) as readonly (keyof typeof views)[])('%s', name => {
    fc.assert(
      fc.property(fc.oneof(domains[name] as fc.Arbitrary<never>, emptyDomains[name] as fc.Arbitrary<never>), sample => {
        const { inputs, attributes } = sample as { inputs: readonly Tensor[]; attributes: unknown }
        const x = numbered(inputs[0]!.shape)
        const expected = apply(primitive(name), [x], attributes) as Constant
        const view = views[name](wholeOf(x), attributes)
        expect(view.shape).toEqual(expected.shape)
        expect(read(view)).toEqual([...elements(expected)])
      })
    )
  })
})

describe('reshape', () => {
  test('of a view either reads the same elements in order or says that strides cannot', () => {
    const cases = shape(undefined, fc.constantFrom(1, 1, 2, 3, 4)).chain(s =>
      fc.record({
        shape: fc.constant(s),
        axes: fc.shuffledSubarray([...range(s.length)], { minLength: s.length, maxLength: s.length }),
        reversed: fc.subarray([...range(s.length)]),
        wanted: fc.constantFrom<Shape>(
          [size(s)],
          [1, ...s, 1],
          s.flatMap(d => [1, d]),
          [...s].reverse(),
          s.filter(d => d !== 1)
        )
      })
    )
    let possible = 0
    fc.assert(
      fc.property(cases, ({ shape: s, axes, reversed, wanted }) => {
        const view = _.reverseView(reversed, _.permuteView(axes, wholeOf(numbered(s))))
        const reshaped = _.reshapeView(wanted, view)
        if (reshaped === undefined) return
        possible++
        expect(reshaped.shape).toEqual(wanted)
        expect(read(reshaped)).toEqual(read(view))
      })
    )
    expect(possible).toBeGreaterThan(10)
  })
  test('of what lies side by side is always possible', () => {
    fc.assert(
      fc.property(shape(undefined, fc.nat(4)), s => {
        const view = wholeOf(numbered(s))
        for (const wanted of [[size(s)], [...s].reverse(), [1, ...s, 1]]) {
          expect(read(_.reshapeView(wanted, view)!)).toEqual(range(size(s)))
        }
      })
    )
  })
  test('of rows that are repeated splits and joins only inside of them', () => {
    const rows = _.broadcastView([4, 6], wholeOf(numbered([6])))
    expect(read(_.reshapeView([2, 2, 3, 2], rows)!)).toEqual(read(rows))
    expect(_.reshapeView([24], rows)).toBeUndefined()
  })
})
