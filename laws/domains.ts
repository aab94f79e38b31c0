/**
 * For every primitive, operands inside its domain and away from kinks. A primitive that is missing here is a type error.
 *
 * The numbers are ones that central differences can follow; `variants.ts` puts others in their place.
 */
import fc from 'fast-check'
import type { Window } from '../src/primitive/window.js'
import { span } from '../src/primitive/windows.js'
import type { Dtype } from '../src/structure/dtype.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import { type Constant, constant } from '../src/tensor/tensor.js'
import * as arbitrary from './arbitrary.js'
import { away, between, bools, distinct, elementsOf, indices, integers, positive, real } from './arbitrary.js'
import type { AttributesOf, PrimitiveName, primitives } from './primitives.js'

/** Operands of a primitive, and what else it is given. */
export interface Sample<A> {
  readonly inputs: readonly Constant[]
  readonly attributes: A
}
export type Domain<A> = fc.Arbitrary<Sample<A>>
/** A domain for every primitive. */
export type Domains = { readonly [K in PrimitiveName]: Domain<AttributesOf<(typeof primitives)[K]>> }

type Operand = (s: Shape) => fc.Arbitrary<Constant>

const inside: Operand = elementsOf(between(-0.9, 0.9))
const aboveOne: Operand = elementsOf(between(1.2, 3))
/** Multiples of 1/8 that no integer is near to: float32 holds them and what differences add to them. */
const eighths: Operand = elementsOf(
  fc.integer({ min: -15, max: 15 }).map(n => (n % 8 === 0 ? n + Math.sign(n || 1) : n) / 8)
)
const offWhole: Operand = elementsOf(between(-1.9, 1.9).filter(x => Math.abs(x - Math.round(x)) > 0.05))
const offHalf: Operand = elementsOf(between(-1.9, 1.9).filter(x => Math.abs(Math.abs(x % 1) - 0.5) > 0.05))
/** Whole numbers are cases of their own for powers. */
const powers: Operand = elementsOf(fc.oneof(between(-2, 2), fc.integer({ min: -1, max: 3 })))
const shifts: Operand = elementsOf(fc.integer({ min: 0, max: 31 }), 'int32')

const axesOf = (s: Shape): fc.Arbitrary<readonly number[]> => fc.subarray([...range(s.length)])
/** The axes along which there is something. */
const filled = (s: Shape): readonly number[] => range(s.length).filter(axis => s[axis]! > 0)

/** A part of one axis: where it starts, in which steps, and how many. */
const partOf = (extent: number): fc.Arbitrary<readonly [number, number, number]> =>
  extent === 0
    ? fc.constant([0, 1, 0])
    : fc
        .integer({ min: 1, max: 2 })
        .chain(step =>
          fc
            .integer({ min: 1, max: Math.floor((extent - 1) / step) + 1 })
            .chain(count =>
              fc.integer({ min: 0, max: extent - (count - 1) * step - 1 }).map(start => [start, step, count] as const)
            )
        )
const part = (s: Shape): fc.Arbitrary<Window> =>
  fc
    .tuple(...s.map(partOf))
    .map(parts => ({ start: parts.map(p => p[0]), step: parts.map(p => p[1]), shape: parts.map(p => p[2]) }))

/** Domains over shapes of given extents. */
export const domainsOver = (extents: fc.Arbitrary<number>): Domains => {
  const shape = (rank?: number): fc.Arbitrary<Shape> => arbitrary.shape(rank, extents)
  const on = <A>(make: (s: Shape) => fc.Arbitrary<Sample<A>>): Domain<A> => shape().chain(make)
  /** Operands of one shape, and nothing else. */
  const plain = (...operands: readonly Operand[]): Domain<void> =>
    on(s => fc.tuple(...operands.map(operand => operand(s))).map(inputs => ({ inputs, attributes: undefined })))
  const one = <A>(attributes: (s: Shape) => fc.Arbitrary<A>, operand: Operand = real): Domain<A> =>
    on(s => fc.tuple(operand(s), attributes(s)).map(([x, chosen]) => ({ inputs: [x], attributes: chosen })))
  /** Shapes of rank 1 and more. */
  const ranked = <A>(make: (s: Shape) => fc.Arbitrary<Sample<A>>): Domain<A> =>
    fc.tuple(extents, shape(2)).chain(([first, rest]) => make([first, ...rest]))
  /** One axis, with something along it. */
  const anAxis = (operand: Operand): Domain<number> =>
    fc
      .tuple(arbitrary.extent, shape(2), fc.nat(2))
      .map(([some, rest, at]): Shape => [...rest.slice(0, at), some, ...rest.slice(at)])
      .chain(s =>
        fc.tuple(operand(s), fc.constantFrom(...filled(s))).map(([x, axis]) => ({ inputs: [x], attributes: axis }))
      )
  const someAxes = (operand: Operand): Domain<readonly number[]> => one(s => fc.subarray([...filled(s)]), operand)
  /** Two tensors whose elements differ by at least 0.3, so that no small step changes which is larger. */
  const apart: Domain<void> = on(s =>
    fc.tuple(real(s), away(s)).map(([x, d]) => {
      const at = (t: Constant, i: number): number => t.data[t.data.length === 1 ? 0 : i]!
      const y = Float64Array.from({ length: size(s) }, (_, i) => at(x, i) + at(d, i))
      return { inputs: [x, constant(s, 'float64', y)], attributes: undefined }
    })
  )
  const bits: Domain<void> = fc.oneof(plain(integers, integers), plain(bools, bools))
  /** The rows of a table, the shape of one of them, and a shape of row numbers. */
  const table = fc.tuple(arbitrary.extent, shape(1), shape(2))
  /** Windows of an axis among others, the extent of that axis, and the shape before it and behind it. */
  const windowed = fc
    .record({
      before: shape(1),
      after: shape(1),
      count: extents,
      size: arbitrary.extent,
      step: fc.integer({ min: 1, max: 3 }),
      dilation: fc.integer({ min: 1, max: 2 }),
      rest: fc.nat(2)
    })
    .map(({ before, after, count, size, step, dilation, rest }) => {
      const needed = count === 0 ? 0 : (count - 1) * step + span(size, dilation)
      // Fewer elements than another window would need.
      const spare = Math.min(rest, (count === 0 ? span(size, dilation) : step) - 1)
      return { before, after, axis: before.length, count, size, step, dilation, extent: needed + spare }
    })
  return {
    add: plain(real, real),
    sub: plain(real, real),
    neg: plain(real),
    mul: plain(real, real),
    scale: plain(real, away),
    div: plain(real, away),
    pow: plain(positive, powers),
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
    lgamma: plain(positive),
    digamma: plain(positive),
    polygamma: one(() => fc.integer({ min: 1, max: 4 }), positive),
    atan2: plain(away, away),
    hypot: plain(away, away),
    maximum: apart,
    minimum: apart,
    amax: someAxes(distinct),
    amin: someAxes(distinct),
    argmax: anAxis(distinct),
    argmin: anAxis(distinct),
    less: apart,
    lessEqual: apart,
    equal: apart,
    where: plain(bools, real, real),
    sign: plain(away),
    floor: plain(offWhole),
    ceil: plain(offWhole),
    round: plain(offHalf),
    bitAnd: bits,
    bitOr: bits,
    bitXor: bits,
    shiftLeft: plain(integers, shifts),
    shiftRight: plain(integers, shifts),
    cast: one(() => fc.constantFrom<Dtype>('float32', 'float32', 'float64', 'int32', 'bool'), eighths),
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
      .tuple(shape(2), fc.array(extents, { minLength: 1, maxLength: 3 }))
      .chain(([s, along]) =>
        fc
          .integer({ min: 0, max: s.length })
          .chain(axis =>
            fc
              .tuple(...along.map(d => real([...s.slice(0, axis), d, ...s.slice(axis)])))
              .map(inputs => ({ inputs, attributes: axis }))
          )
      ),
    reverse: one(axesOf),
    windows: windowed.chain(({ before, after, extent, axis, size, step, dilation }) =>
      real([...before, extent, ...after]).map(x => ({ inputs: [x], attributes: { axis, size, step, dilation } }))
    ),
    overlapAdd: fc.tuple(windowed, fc.nat(2)).chain(([{ before, after, extent, axis, count, size, ...along }, more]) =>
      real([...before, count, size, ...after]).map(y => ({
        inputs: [y],
        attributes: { axis, step: along.step, dilation: along.dilation, extent: extent + more }
      }))
    ),
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
          fc.tuple(extents, extents, extents),
          extents.map(n => [n, n, n] as const)
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
}

/** Samples of small tensors. */
export const domains = domainsOver(arbitrary.extent)
/** Samples of tensors of which many have no elements. */
export const emptyDomains = domainsOver(arbitrary.extentOrNone)
