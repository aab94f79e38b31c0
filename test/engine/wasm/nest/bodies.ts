/** Bodies of nests put together at random, of primitives whose results are the same bits in every engine. */
import fc from 'fast-check'
import type { Fused } from '../../../../src/compiler/fused.js'
import { add, addPrimitive, div, mul, neg, scale, sub } from '../../../../src/primitive/arithmetic.js'
import { cast } from '../../../../src/primitive/conversion.js'
import { abs, sqrt } from '../../../../src/primitive/elementary.js'
import { amax, amin, maximum, minimum } from '../../../../src/primitive/extremum.js'
import { broadcast, reshape, sum } from '../../../../src/primitive/movement.js'
import {
  bitAnd,
  bitOr,
  bitXor,
  ceil,
  equal,
  floor,
  less,
  lessEqual,
  round,
  shiftLeft,
  shiftRight,
  sign,
  where
} from '../../../../src/primitive/selection.js'
import { allocate, type Dtype, isFloat } from '../../../../src/structure/dtype.js'
import { type Shape, size, withOnes, without } from '../../../../src/structure/shape.js'
import {
  apply,
  type Constant,
  constant,
  type Tensor,
  uniform,
  type Variable,
  variable
} from '../../../../src/tensor/tensor.js'
import { type Layout, plain, type Trial } from './harness.js'

export const dtypes: readonly Dtype[] = ['float32', 'float64', 'int32', 'bool']
const whole = (x: Tensor): Tensor => (x.dtype === 'bool' ? cast('int32')(x) : x)
const integer = (x: Tensor): Tensor => cast('int32')(x)
const float = (x: Tensor): Tensor => (isFloat(x) ? x : cast('float32')(x))
/** Whole numbers of which thousands can be added up exactly. */
const tame = (x: Tensor): Tensor => (isFloat(x) ? where(less(abs(x), 1000), round(x), 1) : whole(x))

type Operation = (x: Tensor, y: Tensor, condition: Tensor, number: number) => Tensor
/** Operands come with one shape and dtype, the condition as a bool of that shape. */
const operations: { readonly [name: string]: Operation } = {
  add: (x, y) => add(x, y),
  sub: (x, y) => sub(x, y),
  mul: (x, y) => mul(x, y),
  scale: (x, y) => scale(float(x), float(y)),
  div: (x, y) => div(x, y),
  maximum: (x, y) => maximum(x, y),
  minimum: (x, y) => minimum(x, y),
  'maximum of a number': (x, _, __, n) => maximum(whole(x), n),
  'minimum of a number': (x, _, __, n) => minimum(uniform(whole(x), n), whole(x)),
  neg: x => neg(x),
  abs: x => abs(x),
  sqrt: x => sqrt(x),
  sign: x => sign(x),
  floor: x => floor(x),
  ceil: x => ceil(x),
  round: x => round(x),
  less: (x, y) => less(x, y),
  lessEqual: (x, y) => lessEqual(x, y),
  equal: (x, y) => equal(x, y),
  where: (x, y, condition) => where(condition, x, y),
  bitAnd: (x, y) => bitAnd(x.dtype === 'bool' ? x : integer(x), x.dtype === 'bool' ? y : integer(y)),
  bitOr: (x, y) => bitOr(x.dtype === 'bool' ? x : integer(x), x.dtype === 'bool' ? y : integer(y)),
  bitXor: (x, y) => bitXor(x.dtype === 'bool' ? x : integer(x), x.dtype === 'bool' ? y : integer(y)),
  'shiftLeft by a number': (x, _, __, n) => shiftLeft(integer(x), n * 7),
  'shiftRight by a number': (x, _, __, n) => shiftRight(integer(x), n * 5),
  shiftLeft: (x, y) => shiftLeft(integer(x), integer(y)),
  shiftRight: (x, y) => shiftRight(integer(x), integer(y)),
  'to float32': x => cast('float32')(x),
  'to float64': x => cast('float64')(x),
  'to int32': x => cast('int32')(x),
  'to bool': x => cast('bool')(x),
  number: (x, _, __, n) => add(whole(x), n / 2)
}
/** −0 and 0 are equally large: which of them a fold finds first is left open. */
const unsigned = (x: Tensor): Tensor => (isFloat(x) ? apply(addPrimitive, [x, uniform(x, 0)], undefined) : x)
const folds: { readonly [name: string]: (x: Tensor, axes: readonly number[]) => Tensor } = {
  sum: (x, axes) => sum(axes)(tame(x)),
  amax: (x, axes) => unsigned(amax(axes)(x)),
  amin: (x, axes) => unsigned(amin(axes)(x))
}
export interface Line {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly condition: number
  readonly number: number
}
const line: fc.Arbitrary<Line> = fc.record({
  name: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...Object.keys(operations)) },
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(folds)) }
  ),
  x: fc.nat(7),
  y: fc.nat(7),
  condition: fc.nat(7),
  number: fc.integer({ min: -3, max: 3 })
})

const bodyOf = (
  space: Shape,
  folded: readonly number[],
  streamed: readonly Dtype[],
  held: readonly Dtype[],
  lines: readonly Line[],
  count: number
): Fused => {
  const rest = without(space, folded)
  const parameters: readonly Variable[] = [
    ...streamed.map(dtype => variable({ shape: space, dtype })),
    ...held.map(dtype => variable({ shape: rest, dtype }))
  ]
  const values: Tensor[] = [...parameters]
  const read = (back: number): Tensor => values[values.length - 1 - (back % values.length)]!
  const isStreamed = ({ shape }: Tensor): boolean => shape.length === space.length
  const spread = (x: Tensor): Tensor => (isStreamed(x) ? x : broadcast(space)(reshape(withOnes(space, folded))(x)))
  const empty = size(folded.map(axis => space[axis]!)) === 0
  for (const { name, number, ...places } of lines) {
    const [x, y, condition] = [read(places.x), read(places.y), read(places.condition)]
    const fold = folds[name]
    if (fold) {
      if (folded.length > 0 && isStreamed(x) && !(empty && name !== 'sum')) values.push(fold(x, folded))
      continue
    }
    const lift = [x, y, condition].some(isStreamed) ? spread : (t: Tensor) => t
    values.push(operations[name]!(lift(x), cast(x.dtype)(lift(y)), cast('bool')(lift(condition)), number))
  }
  const results = [...new Set(values.slice(parameters.length).reverse())].slice(0, count)
  return {
    form: 'nest',
    space,
    folded,
    body: { parameters, results: results.length > 0 ? results : [values[0]!] }
  }
}

const numbers: Readonly<Record<Dtype, fc.Arbitrary<number>>> = {
  float32: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -40, max: 40 }).map(n => n / 4) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        0,
        -0,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        1e-40,
        3e38,
        -2147483648,
        0.1
      )
    }
  ),
  float64: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -40, max: 40 }).map(n => n / 4) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        0,
        -0,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        1e-310,
        1e300,
        4e9,
        0.1
      )
    }
  ),
  int32: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: -9, max: 9 }) },
    { weight: 1, arbitrary: fc.constantFrom(2147483647, -2147483648, 1 << 20, 0x12345678) }
  ),
  bool: fc.nat(1)
}
/** Elements drawn from a few, since nests are large and numbers matter less than places. */
export const elements = (shape: Shape, dtype: Dtype): fc.Arbitrary<Constant> =>
  fc
    .tuple(fc.array(numbers[dtype], { minLength: 1, maxLength: 24 }), fc.integer({ min: 1, max: 1000 }))
    .map(([few, seed]) => {
      const data = allocate(dtype, size(shape))
      for (let i = 0; i < data.length; i++) data[i] = few[((i * 7919 + seed * i * i) >>> 0) % few.length]!
      return constant(shape, dtype, data)
    })

export const layout = (rank: number, repeating: boolean): fc.Arbitrary<Layout> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(plain(rank)) },
    {
      weight: 3,
      arbitrary: fc.record({
        order: fc.shuffledSubarray(
          Array.from({ length: rank }, (_, axis) => axis),
          { minLength: rank }
        ),
        gaps: fc.array(fc.constantFrom(1, 1, 1, 2, 3), { minLength: rank, maxLength: rank }),
        reversed: fc.array(fc.constantFrom(false, false, true), { minLength: rank, maxLength: rank }),
        repeated: fc.array(repeating ? fc.constantFrom(false, false, true) : fc.constant(false), {
          minLength: rank,
          maxLength: rank
        })
      })
    }
  )
/** An element that is seen at many indices is the same at all of them. */
const sameWhereRepeated = (x: Constant, { repeated }: Layout): Constant => {
  const data = x.data.slice()
  let stride = 1
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    if (repeated[axis])
      for (let i = 0; i < data.length; i++) data[i] = data[i - (Math.floor(i / stride) % x.shape[axis]!) * stride]!
    stride *= x.shape[axis]!
  }
  return constant(x.shape, x.dtype, data)
}

const extent = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 10, max: 40 }) }
)
const spaces = fc
  .array(extent, { maxLength: 4 })
  .filter(space => size(space) <= 4000)
  .chain(space => fc.tuple(fc.constant(space), fc.subarray(space.map((_, axis) => axis))))

export interface Sample extends Trial {
  readonly told: string
}
/** Nests whose results are the same bits wherever they are computed. */
export const exactTrials: fc.Arbitrary<Sample> = fc
  .tuple(
    spaces,
    fc.array(fc.constantFrom(...dtypes), { minLength: 1, maxLength: 3 }),
    fc.array(fc.constantFrom(...dtypes), { maxLength: 2 }),
    fc.array(line, { minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: 3 })
  )
  .chain(([[space, folded], streamed, held, lines, count]) => {
    const fused = bodyOf(space, folded, streamed, held, lines, count)
    const { parameters, results } = fused.body
    return fc
      .tuple(
        fc.tuple(...parameters.map(p => elements(p.shape, p.dtype))),
        fc.tuple(...parameters.map(p => layout(p.shape.length, true))),
        fc.tuple(...results.map(x => layout(x.shape.length, false)))
      )
      .map(([inputs, layouts, outputLayouts]) => ({
        fused,
        layouts,
        outputLayouts,
        inputs: inputs.map((x, i) => sameWhereRepeated(x, layouts[i]!)),
        told: `${JSON.stringify({ space, folded, streamed, held })} ${lines.map(l => `${l.name} ${l.x} ${l.y}`).join('; ')}`
      }))
  })
