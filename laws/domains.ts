/** For every primitive, operands inside its domain and away from kinks. A primitive that is missing here is a type error. */
import fc from 'fast-check'
import type { Window } from '../src/primitive/window.js'
import type { Dtype } from '../src/structure/dtype.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import { apply, type Constant, constant, type FirstOrder, type Many } from '../src/tensor/tensor.js'
import { away, between, bools, distinct, elementsOf, indices, integers, positive, real, shape } from './arbitrary.js'
import type { Case } from './derivatives.js'
import type { AttributesOf, PrimitiveName, primitives } from './primitives.js'

export interface Sample<A> {
  readonly inputs: readonly Constant[]
  readonly attributes: A
}
export type Domain<A> = fc.Arbitrary<Sample<A>>
type Operand = (s: Shape) => fc.Arbitrary<Constant>

const on = <A>(make: (s: Shape) => fc.Arbitrary<Sample<A>>, rank?: number): Domain<A> => shape(rank).chain(make)
/** Operands of one shape, and nothing else. */
const plain = (...operands: readonly Operand[]): Domain<void> =>
  on(s => fc.tuple(...operands.map(operand => operand(s))).map(inputs => ({ inputs, attributes: undefined })))
const axesOf = (s: Shape): fc.Arbitrary<readonly number[]> => fc.subarray([...range(s.length)])
const one = <A>(attributes: (s: Shape) => fc.Arbitrary<A>, operand: Operand = real, rank?: number): Domain<A> =>
  on(s => fc.tuple(operand(s), attributes(s)).map(([x, chosen]) => ({ inputs: [x], attributes: chosen })), rank)
/** Axes of which one may be chosen: shapes of rank 1 and more. */
const ranked = <A>(make: (s: Shape) => fc.Arbitrary<Sample<A>>): Domain<A> =>
  fc.tuple(fc.integer({ min: 1, max: 3 }), shape(2)).chain(([first, rest]) => make([first, ...rest]))
const anAxis = (operand: Operand): Domain<number> =>
  ranked(s => fc.tuple(operand(s), fc.nat(s.length - 1)).map(([x, axis]) => ({ inputs: [x], attributes: axis })))

/** Two tensors whose elements differ by at least 0.3, so that no small step changes which is larger. */
const apart: Domain<void> = on(s =>
  fc.tuple(real(s), away(s)).map(([x, d]) => {
    const at = (t: Constant, i: number): number => t.data[t.data.length === 1 ? 0 : i]!
    const y = Float64Array.from({ length: size(s) }, (_, i) => at(x, i) + at(d, i))
    return { inputs: [x, constant(s, 'float64', y)], attributes: undefined }
  })
)
const inside: Operand = elementsOf(between(-0.9, 0.9))
const aboveOne: Operand = elementsOf(between(1.2, 3))
const shifts: Operand = elementsOf(fc.integer({ min: 0, max: 31 }), 'int32')
const bits = fc
  .constantFrom<Dtype>('int32', 'bool')
  .chain(dtype => plain(dtype === 'int32' ? integers : bools, dtype === 'int32' ? integers : bools))

/** A part of each axis: where it starts, in which steps, and how many. */
const part = (s: Shape): fc.Arbitrary<Window> =>
  fc
    .tuple(
      ...s.map(extent =>
        fc
          .integer({ min: 1, max: 2 })
          .chain(step =>
            fc
              .integer({ min: 1, max: Math.floor((extent - 1) / step) + 1 })
              .chain(count =>
                fc.integer({ min: 0, max: extent - (count - 1) * step - 1 }).map(start => [start, step, count] as const)
              )
          )
      )
    )
    .map(parts => ({ start: parts.map(p => p[0]), step: parts.map(p => p[1]), shape: parts.map(p => p[2]) }))

const extent = fc.integer({ min: 1, max: 4 })
const table = fc.tuple(extent, shape(1), shape(2))

export const domains: { readonly [K in PrimitiveName]: Domain<AttributesOf<(typeof primitives)[K]>> } = {
  add: plain(real, real),
  sub: plain(real, real),
  neg: plain(real),
  mul: plain(real, real),
  scale: plain(real, away),
  div: plain(real, away),
  pow: plain(positive, real),
  abs: plain(away),
  exp: plain(real),
  expm1: plain(real),
  log: plain(positive),
  log1p: plain(positive),
  sqrt: plain(positive),
  sin: plain(real),
  cos: plain(real),
  tan: plain(inside),
  asin: plain(inside),
  acos: plain(inside),
  atan: plain(real),
  sinh: plain(real),
  cosh: plain(real),
  tanh: plain(real),
  asinh: plain(real),
  acosh: plain(aboveOne),
  atanh: plain(inside),
  sigmoid: plain(real),
  erf: plain(real),
  erfc: plain(real),
  erfinv: plain(inside),
  maximum: apart,
  minimum: apart,
  amax: one(axesOf, distinct),
  amin: one(axesOf, distinct),
  argmax: anAxis(distinct),
  argmin: anAxis(distinct),
  less: apart,
  lessEqual: apart,
  equal: apart,
  where: plain(bools, real, real),
  sign: plain(away),
  floor: plain(elementsOf(between(-1.9, 1.9).filter(x => Math.abs(x - Math.round(x)) > 0.05))),
  ceil: plain(elementsOf(between(-1.9, 1.9).filter(x => Math.abs(x - Math.round(x)) > 0.05))),
  round: plain(elementsOf(between(-1.9, 1.9).filter(x => Math.abs(Math.abs(x % 1) - 0.5) > 0.05))),
  bitAnd: bits,
  bitOr: bits,
  bitXor: bits,
  shiftLeft: plain(integers, shifts),
  shiftRight: plain(integers, shifts),
  cast: one(
    () => fc.constantFrom<Dtype>('float64', 'float64', 'int32', 'bool'),
    elementsOf(between(-1.9, 1.9).filter(x => Math.abs(x - Math.round(x)) > 0.05))
  ),
  stopGradient: plain(real),
  reshape: one(s => fc.constantFrom<Shape>([size(s)], [1, ...s], [...s].reverse())),
  permute: one(s => fc.shuffledSubarray([...range(s.length)], { minLength: s.length, maxLength: s.length })),
  broadcast: on(s =>
    fc.tuple(axesOf(s), fc.integer({ min: 0, max: s.length })).chain(([axes, dropped]) => {
      const ones = s.map((d, axis) => (axes.includes(axis) ? 1 : d))
      return real(ones.slice(dropped)).map(x => ({ inputs: [x], attributes: s }))
    })
  ),
  sum: one(axesOf),
  slice: one(part),
  pad: on(s => part(s).chain(p => real(p.shape).map(x => ({ inputs: [x], attributes: { ...p, shape: s } })))),
  concat: fc
    .tuple(shape(2), fc.array(extent, { minLength: 1, maxLength: 3 }))
    .chain(([s, extents]) =>
      fc
        .integer({ min: 0, max: s.length })
        .chain(axis =>
          fc
            .tuple(...extents.map(d => real([...s.slice(0, axis), d, ...s.slice(axis)])))
            .map(inputs => ({ inputs, attributes: axis }))
        )
    ),
  reverse: one(axesOf),
  take: table.chain(([rows, rest, s]) =>
    fc.tuple(real([rows, ...rest]), indices(rows)(s)).map(inputs => ({ inputs, attributes: undefined }))
  ),
  scatterAdd: table.chain(([rows, rest, s]) =>
    fc.tuple(real([...s, ...rest]), indices(rows)(s)).map(inputs => ({ inputs, attributes: rows }))
  ),
  cumsum: ranked(s =>
    fc
      .tuple(real(s), fc.nat(s.length - 1), fc.boolean())
      .map(([x, axis, backwards]) => ({ inputs: [x], attributes: { axis, backwards } }))
  ),
  argsort: ranked(s =>
    fc.tuple(distinct(s), fc.boolean()).map(([x, descending]) => ({ inputs: [x], attributes: { descending } }))
  ),
  // Equal sizes must be likely: a forgotten transpose shows only on square matrices.
  matmul: fc
    .tuple(
      shape(1),
      fc.oneof(
        fc.tuple(extent, extent, extent),
        extent.map(n => [n, n, n] as const)
      ),
      fc.boolean(),
      fc.boolean()
    )
    .chain(([outer, [m, k, n], left, right]) =>
      fc
        .tuple(real([...outer, ...(left ? [k, m] : [m, k])]), real([...outer, ...(right ? [n, k] : [k, n])]))
        .map(inputs => ({ inputs, attributes: { left, right } }))
    )
}

/** A primitive on samples of its domain, as cases for the laws of functions. */
export const casesOf = <A>(primitive: FirstOrder<Many, A>, domain: Domain<A>): fc.Arbitrary<Case> =>
  domain.map(({ inputs, attributes }) => ({ inputs, f: xs => apply(primitive, xs, attributes) }))
