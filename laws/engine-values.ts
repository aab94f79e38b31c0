/**
 * Tensors for whole programs, each made from a few numbers: what it is like, and a seed. A thousand elements cost no more to draw than one, and
 * shrink with the shape.
 */
import fc from 'fast-check'
import { allocate, type Dtype } from '../src/structure/dtype.js'
import { type Shape, size } from '../src/structure/shape.js'
import { type Constant, constant } from '../src/tensor/tensor.js'

/** What the elements are like: small whole numbers, ordinary ones, of all sizes, zeros of both signs and ones, or the ends and corners of the range. */
export type Kind = 'whole' | 'ordinary' | 'wide' | 'zeros' | 'special'

/** A tensor to be filled. */
export interface Recipe {
  readonly shape: Shape
  readonly dtype: Dtype
  readonly kind: Kind
  readonly seed: number
  /** One stored element for all indices. */
  readonly uniform: boolean
}

/** A 32-bit word for a seed and a place, all bits of it mixed. */
export const word = (seed: number, place: number): number => {
  let x = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}
/** A number in [0, 1). */
const fraction = (seed: number, place: number): number => word(seed, place) / 2 ** 32

const corners = {
  float32: [
    0,
    -0,
    1,
    -1,
    0.5,
    -2,
    NaN,
    Infinity,
    -Infinity,
    2 ** -149,
    -(2 ** -149),
    2 ** -127,
    2 ** -126,
    3.4028234663852886e38
  ],
  float64: [0, -0, 1, -1, 0.5, -2, NaN, Infinity, -Infinity, 5e-324, -5e-324, 2 ** -1023, 2 ** -1022, Number.MAX_VALUE],
  int32: [0, 1, -1, 2147483647, -2147483648, 65536, 31, -32]
} as const

const real = (dtype: 'float32' | 'float64', kind: Kind, bits: number, u: number): number => {
  switch (kind) {
    case 'whole':
      return (bits % 7) - 3
    case 'ordinary':
      return 4 * u - 2
    case 'wide':
      return (bits % 2 === 0 ? 1 : -1) * (1 + u) * 2 ** ((bits >>> 8) % 41) * 2 ** -20
    case 'zeros':
      return [0, -0, 1, -1][bits % 4]!
    case 'special':
      return bits % 2 === 0 ? corners[dtype][(bits >>> 4) % 14]! : 4 * u - 2
  }
}
const integer = (kind: Kind, bits: number): number => {
  switch (kind) {
    case 'whole':
      return (bits % 7) - 3
    case 'ordinary':
      return (bits % 201) - 100
    case 'wide':
      return bits | 0
    case 'zeros':
      return (bits % 3) - 1
    case 'special':
      return corners.int32[bits % 8]!
  }
}

/** The tensor of a recipe. */
export const filled = ({ shape, dtype, kind, seed, uniform }: Recipe): Constant => {
  const data = allocate(dtype, uniform ? 1 : size(shape))
  for (let i = 0; i < data.length; i++) {
    const bits = word(seed, i)
    data[i] =
      dtype === 'bool'
        ? bits & 1
        : dtype === 'int32'
          ? integer(kind, bits)
          : real(dtype, kind, bits, fraction(seed, i + 7919))
  }
  return constant(shape, dtype, data)
}

/** A shape of no more than so many elements, by halving what is largest; an axis without any hides none of the others. */
export const limited = (shape: Shape, limit: number): Shape => {
  const found = [...shape]
  while (size(found.map(extent => Math.max(1, extent))) > limit) {
    const largest = found.indexOf(Math.max(...found))
    found[largest] = Math.ceil(found[largest]! / 2)
  }
  return found
}

/** How large tensors are: the sizes of one axis, and the largest number of elements. */
export interface Sizes {
  readonly extents: fc.Arbitrary<number>
  readonly limit: number
}
/** Small and ragged, now and then none or many: enough for every tail, few enough for thousands of programs a minute. */
const ragged: fc.Arbitrary<number> = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 8, arbitrary: fc.integer({ min: 2, max: 17 }) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(33, 100, 257) }
)
export const small: Sizes = { extents: ragged, limit: 4096 }
/** Beyond what is unrolled, and what blocks of products and caches hold. */
export const large: Sizes = {
  extents: fc.oneof(ragged, fc.integer({ min: 17, max: 140 }), fc.constantFrom(256, 257, 511, 1000, 4099)),
  limit: 50_000
}

/** Now and then all alike: in a square no shape tells which axis is which. */
export const shapesOf = ({ extents, limit }: Sizes): fc.Arbitrary<Shape> =>
  fc
    .tuple(fc.array(extents, { maxLength: 4, size: 'max' }), fc.nat(3))
    .map(([shape, square]) => limited(square === 3 ? shape.map(() => Math.min(17, shape[0]!)) : shape, limit))

const dtypes: fc.Arbitrary<Dtype> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Dtype>('float32') },
  { weight: 3, arbitrary: fc.constant<Dtype>('float64') },
  { weight: 2, arbitrary: fc.constant<Dtype>('int32') },
  { weight: 1, arbitrary: fc.constant<Dtype>('bool') }
)
const kinds: fc.Arbitrary<Kind> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Kind>('whole') },
  { weight: 5, arbitrary: fc.constant<Kind>('ordinary') },
  { weight: 1, arbitrary: fc.constant<Kind>('wide') },
  { weight: 1, arbitrary: fc.constant<Kind>('zeros') },
  { weight: 2, arbitrary: fc.constant<Kind>('special') }
)

export const recipesOf = (sizes: Sizes): fc.Arbitrary<Recipe> =>
  fc.record({
    shape: shapesOf(sizes),
    dtype: dtypes,
    kind: kinds,
    seed: fc.nat(0xffff),
    uniform: fc.nat(9).map(n => n === 9)
  })
