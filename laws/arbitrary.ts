/** Tensors and trees to try laws on; they shrink to few and simple numbers, and print as tensors print. */
import fc from 'fast-check'
import type { Key } from '../src/random/key.js'
import { key } from '../src/random/key.js'
import { allocate, type Dtype } from '../src/structure/dtype.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import { type Constant, constant, type Tensor, uniform } from '../src/tensor/tensor.js'
import type { Tree } from '../src/tensor/tree.js'

/** Small sizes of one axis. */
export const extent = fc.integer({ min: 1, max: 3 })
/** Small sizes, none among them. */
export const extentOrNone = fc.integer({ min: 0, max: 2 })

/** Shapes of small sizes, up to a rank; scalars among them. */
export const shape = (maxRank = 3, extents: fc.Arbitrary<number> = extent): fc.Arbitrary<Shape> =>
  fc.array(extents, { maxLength: maxRank })

/** Finite numbers of an interval. */
export const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true, noDefaultInfinity: true })

/** Tensors of given elements: one for each index, or now and then one stored for all. */
export const elementsOf =
  (element: fc.Arbitrary<number>, dtype: Dtype = 'float64') =>
  (s: Shape): fc.Arbitrary<Constant> =>
    fc
      .oneof(
        { weight: 6, arbitrary: fc.array(element, { minLength: size(s), maxLength: size(s) }) },
        { weight: 1, arbitrary: element.map(x => [x]) }
      )
      .map(xs => {
        const data = allocate(dtype, xs.length)
        data.set(xs)
        return constant(s, dtype, data)
      })

export const real = elementsOf(between(-2, 2))
/** Numbers under which a loop does not amplify: repeated, a map of slope 2 has derivatives that no difference quotient can follow. */
export const small = elementsOf(between(-0.6, 0.6))
export const positive = elementsOf(between(0.3, 3))
/** At least 0.3 away from 0, on either side. */
export const away = elementsOf(fc.tuple(between(0.3, 3), fc.boolean()).map(([x, minus]) => (minus ? -x : x)))
export const bools = elementsOf(fc.integer({ min: 0, max: 1 }), 'bool')
export const integers = elementsOf(fc.integer(), 'int32')
export const indices = (rows: number): ((s: Shape) => fc.Arbitrary<Constant>) =>
  elementsOf(fc.integer({ min: 0, max: rows - 1 }), 'int32')
/** −0, NaN, infinities, subnormals and the ends of the range, among ordinary numbers. */
export const special = elementsOf(
  fc.oneof(
    fc.constantFrom(
      0,
      -0,
      1,
      -1,
      2,
      0.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.MIN_VALUE,
      Number.MAX_VALUE
    ),
    fc.double()
  )
)
/** The units and zeros that simplification looks for, stored once for all indices. */
export const unit = (s: Shape): fc.Arbitrary<Constant> =>
  fc.constantFrom(0, -0, 1, -1, 2).map(value => uniform({ shape: s, dtype: 'float64' }, value))
/** All elements different, by steps that no small change closes. */
export const distinct = (s: Shape): fc.Arbitrary<Constant> =>
  fc.shuffledSubarray([...range(size(s))], { minLength: size(s), maxLength: size(s) }).map(xs =>
    constant(
      s,
      'float64',
      Float64Array.from(xs, x => x / 4 - 1)
    )
  )

/** Any tensor of float64. */
export const tensor: fc.Arbitrary<Tensor> = shape(2).chain(real)

/** Trees of tensors: records and arrays, empty ones among them. */
export const tree: fc.Arbitrary<Tree> = fc.letrec<{ readonly node: Tree }>(tie => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tensor as fc.Arbitrary<Tree>,
    fc.array(tie('node'), { maxLength: 3 }) as fc.Arbitrary<Tree>,
    fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,5}$/), tie('node'), {
      maxKeys: 3,
      noNullPrototype: true
    }) as fc.Arbitrary<Tree>
  )
})).node

export const keys: fc.Arbitrary<Key> = fc.maxSafeInteger().map(key)
