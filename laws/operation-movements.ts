/** Operations that move, cut, repeat and join elements, as cases for the laws. */
import fc from 'fast-check'
import { reshape } from '../src/primitive/movement.js'
import { concat } from '../src/primitive/window.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import * as Library from '../src/Tensor.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { real } from './arbitrary.js'
import type { Case } from './case.js'
import { any, axisOf, cases, lines, matrices, ofOne, plain, ranked, some } from './operation-case.js'

type Table = { readonly [Name in keyof typeof Library]?: fc.Arbitrary<Case> }

/** Several results as one row. */
const flat = (results: readonly Tensor[]): Tensor => concat(0)(results.map(x => reshape([size(x.shape)])(x)))
const offset = fc.record({ offset: fc.integer({ min: -2, max: 2 }) })
const shapes = {
  reshape: ofOne(any, real, s => fc.constantFrom<Shape>([size(s)], [1, ...s], [...s].reverse(), [-1]), Library.reshape),
  flatten: ofOne(
    ranked(1, 3),
    real,
    s => fc.nat(s.length - 1).chain(start => fc.record({ start: fc.constant(start), end: fc.constantFrom(start, -1) })),
    options => x => Library.flatten(options)(x)
  ),
  permute: ofOne(
    any,
    real,
    s => fc.shuffledSubarray([...range(s.length)], { minLength: s.length, maxLength: s.length }),
    Library.permute
  ),
  transpose: plain(matrices, real, Library.transpose),
  swapAxes: ofOne(
    ranked(1, 3),
    real,
    s => fc.tuple(axisOf(s), axisOf(s)),
    ([one, other]) => Library.swapAxes(one, other)
  ),
  expand: ofOne(
    any,
    real,
    s =>
      fc.constantFrom<Shape>(
        s,
        [2, ...s],
        s.map(extent => (extent === 1 ? 3 : -1))
      ),
    Library.expand
  ),
  broadcastTo: ofOne(any, real, s => fc.constantFrom<Shape>(s, [2, 1, ...s]), Library.broadcastTo),
  unsqueeze: ofOne(any, real, s => fc.integer({ min: -s.length - 1, max: s.length }), Library.unsqueeze),
  squeeze: ofOne(
    any.map(s => [...s, 1]),
    real,
    s => fc.constantFrom(-1, s.length - 1),
    Library.squeeze
  ),
  flip: ofOne(any, real, s => fc.subarray([...range(s.length)]), Library.flip),
  roll: ofOne(
    lines,
    real,
    s => fc.record({ shift: fc.integer({ min: -4, max: 4 }), axis: fc.option(axisOf(s), { nil: undefined }) }),
    Library.roll
  ),
  tile: ofOne(lines, real, () => ranked(0, 3), Library.tile),
  diag: ofOne(fc.oneof(ranked(1, 1, some), ranked(2, 2, some)), real, () => offset, Library.diag),
  diagonal: ofOne(matrices, real, () => offset, Library.diagonal),
  tril: ofOne(matrices, real, () => offset, Library.tril),
  triu: ofOne(matrices, real, () => offset, Library.triu)
} satisfies Table

const end = fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined })
const part = fc.tuple(end, end, fc.constantFrom(1, 2, -1)).map(([start, stop, step]) => ({
  ...(start === undefined ? {} : { start }),
  ...(stop === undefined ? {} : { stop }),
  step
}))
const joined = (s: Shape) => fc.tuple(real(s), real(s), real(s)).map((xs): readonly Tensor[] => xs)
const parts = {
  slice: ofOne(
    lines,
    real,
    s => fc.tuple(axisOf(s), part),
    ([axis, chosen]) => Library.slice({ axis, ...chosen })
  ),
  slices: ofOne(lines, real, s => fc.array(part, { maxLength: s.length }), Library.slices),
  select: ofOne(
    lines,
    real,
    s => fc.constantFrom(...range(s.length).flatMap(axis => [[axis, 0] as const, [axis, -1] as const])),
    ([axis, index]) => Library.select(axis, index)
  ),
  pad: ofOne(
    ranked(0, 2),
    real,
    s => fc.tuple(fc.tuple(...s.map(() => fc.tuple(fc.nat(2), fc.nat(2)))), fc.constantFrom(0, -1.5)),
    ([widths, value]) => Library.pad(widths, { value })
  ),
  concat: cases(lines, joined, axisOf, axis => xs => Library.concat(axis)(xs)),
  stack: cases(
    ranked(0, 2),
    joined,
    s => fc.integer({ min: -s.length - 1, max: s.length }),
    axis => xs => Library.stack(axis)(xs)
  ),
  split: ofOne(
    lines,
    real,
    s => fc.constantFrom<number | readonly number[]>(1, 2, [s.at(-1)! - 1, 1]),
    sizes => x => flat([...Library.split(sizes, -1)(x)].reverse())
  ),
  chunk: ofOne(
    lines.map(s => [...s, 4]),
    real,
    () => fc.constantFrom(1, 2, 4),
    count => x => flat([...Library.chunk(count, -1)(x)].reverse())
  )
} satisfies Table

/** All of them have derivatives. */
export const movements = { ...shapes, ...parts } satisfies Table
