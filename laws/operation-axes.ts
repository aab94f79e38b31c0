/** Operations along axes: folds, orders, products and indices, as cases for the laws, away from ties. */
import fc from 'fast-check'
import { add } from '../src/primitive/arithmetic.js'
import type { Shape } from '../src/structure/shape.js'
import * as Library from '../src/Tensor.js'
import type { Constant, Tensor } from '../src/tensor/tensor.js'
import { bools, distinct, indices, real } from './arbitrary.js'
import type { Case } from './case.js'
import {
  any,
  axisOf,
  cases,
  few,
  folding,
  lines,
  type OfOne,
  type Operand,
  ofOne,
  ofShapes,
  ranked,
  type Shapes,
  some
} from './operation-case.js'

type Table = { readonly [Name in keyof typeof Library]?: fc.Arbitrary<Case> }
type Folding = { readonly axis: number | readonly number[] | undefined; readonly keepDimensions: boolean }

/** More than one element along each axis. */
const wide = ranked(1, 2, fc.integer({ min: 2, max: 3 }))
const positive: Operand = s => distinct(s).map(x => add(x, 1.3) as Constant)

const fold = (f: (options: Folding) => OfOne, operand: Operand = real, shapes: Shapes = any): fc.Arbitrary<Case> =>
  ofOne(shapes, operand, folding, f)
const folds = {
  sum: fold(Library.sum),
  mean: fold(Library.mean),
  prod: fold(Library.prod),
  max: fold(Library.max, distinct),
  min: fold(Library.min, distinct),
  logsumexp: fold(Library.logsumexp),
  variance: ofOne(
    wide,
    real,
    s => fc.tuple(folding(s), fc.constantFrom(0, 1)),
    ([options, correction]) => Library.variance({ ...options, correction: options.axis === undefined ? correction : 0 })
  ),
  standardDeviation: ofOne(
    wide,
    distinct,
    s => fc.tuple(axisOf(s), fc.constantFrom(0, 1)),
    ([axis, correction]) => Library.standardDeviation({ axis, correction })
  ),
  norm: ofOne(
    any,
    positive,
    s => fc.tuple(folding(s), fc.constantFrom(0, 1, 2, 3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)),
    ([options, order]) => Library.norm({ ...options, order })
  ),
  cumsum: ofOne(lines, real, s => fc.record({ axis: axisOf(s), reverse: fc.boolean() }), Library.cumsum)
} satisfies Table

const orderOf = (s: Shape) => fc.record({ axis: axisOf(s), descending: fc.boolean() })
const orders = {
  sort: ofOne(lines, distinct, orderOf, Library.sort),
  topk: ofOne(
    lines,
    distinct,
    s => fc.tuple(fc.integer({ min: 1, max: s.at(-1)! }), fc.boolean()),
    ([k, largest]) =>
      x =>
        Library.topk(k, { largest })(x).values
  )
} satisfies Table

/** Shapes of matrices, rows and columns that can be multiplied, with leading axes that are broadcast. */
const factors = fc
  .tuple(
    some,
    some,
    some,
    fc.constantFrom<readonly Shape[]>(
      [[], []],
      [[2], []],
      [
        [1, 2],
        [2, 1]
      ]
    )
  )
  .chain(([m, k, n, [left = [], right = []]]) =>
    fc.constantFrom<readonly Shape[]>(
      [
        [...left, m, k],
        [...right, k, n]
      ],
      [[k], [k, n]],
      [[...left, m, k], [k]],
      [[k], [k]]
    )
  )
const equations = fc.constantFrom<readonly [string, readonly Shape[]]>(
  [
    'ij,jk->ik',
    [
      [2, 3],
      [3, 2]
    ]
  ],
  [
    'bij,bij->b',
    [
      [2, 2, 2],
      [2, 2, 2]
    ]
  ],
  ['ii->i', [[3, 3]]],
  ['i,j,k->kij', [[2], [1], [2]]],
  ['...i,...i', [[2, 3], [3]]]
)
const sequence = { weight: [2, 1, 2], x: [2, 4] } as const
const settings = fc.record({ stride: few, padding: fc.nat(1), dilation: few })
const convolution = <O>(
  weight: Shape,
  x: Shape,
  options: fc.Arbitrary<O>,
  f: (options: O) => (weight: Tensor) => OfOne
): fc.Arbitrary<Case> =>
  cases(
    fc.constantFrom(x, [2, ...x]),
    s => fc.tuple(real(weight), real(s)),
    () => options,
    chosen =>
      ([w, input]) =>
        f(chosen)(w!)(input!)
  )
const products = {
  matmul: ofShapes(factors, real, (a, b) => Library.matmul(b!)(a!)),
  dot: ofShapes(
    some.map(n => [[n], [n]]),
    real,
    (a, b) => Library.dot(b!)(a!)
  ),
  outer: ofShapes(
    fc.tuple(some, some).map(([m, n]) => [[m], [n]]),
    real,
    (a, b) => Library.outer(b!)(a!)
  ),
  einsum: cases(
    equations,
    ([, shapes]) => fc.tuple(...shapes.map(real)),
    ([equation]) => fc.constant(equation),
    equation => xs => Library.einsum(equation)(...xs)
  ),
  conv1d: convolution(
    sequence.weight,
    sequence.x,
    settings.map(chosen => ({ ...chosen, groups: 2 })),
    Library.conv1d
  ),
  conv2d: convolution([1, 2, 2, 1], [2, 3, 2], settings, Library.conv2d),
  conv3d: convolution([1, 1, 2, 1, 2], [1, 2, 2, 2], fc.constant({ padding: 'same' as const }), Library.conv3d),
  convTranspose1d: convolution(
    [2, 1, 3],
    [2, 2],
    fc.record({ stride: fc.constant(2), padding: fc.nat(1), outputPadding: fc.nat(1) }),
    Library.convTranspose1d
  ),
  convTranspose2d: convolution(
    [1, 2, 2, 2],
    [1, 2, 1],
    fc.record({ stride: few, dilation: few }),
    Library.convTranspose2d
  ),
  scaledDotProductAttention: cases(
    fc.tuple(ranked(0, 1), some, few, some, few),
    ([lead, queries, features, keys, out]) =>
      fc.tuple(
        real([...lead, queries, features]),
        real([keys, features]),
        real([...lead, keys, out]),
        real([queries, keys])
      ),
    () => fc.record({ causal: fc.boolean() }),
    options =>
      ([query, key, value, mask]) =>
        Library.scaledDotProductAttention({ key: key!, value: value!, mask: mask!, ...options })(query!)
  )
} satisfies Table

/** A matrix, and indices of its rows. */
const table = fc.tuple(some, few, some)
const indexing = {
  take: cases(
    table,
    ([rows, columns, count]) => fc.tuple(indices(rows)([count]), real([rows, columns])),
    () => fc.constantFrom(0, -2),
    axis =>
      ([at, x]) =>
        Library.take(at!, { axis })(x!)
  ),
  gather: cases(
    table,
    ([rows, columns, count]) => fc.tuple(indices(rows)([count, columns]), real([rows, columns])),
    () => fc.constantFrom(0, -2),
    axis =>
      ([at, x]) =>
        Library.gather(at!, { axis })(x!)
  ),
  scatterAdd: cases(
    table,
    ([rows, columns, count]) =>
      fc.tuple(indices(rows)([count, columns]), real([count, columns]), real([rows, columns])),
    () => fc.constantFrom(0, -2),
    axis =>
      ([at, updates, x]) =>
        Library.scatterAdd(at!, updates!, { axis })(x!)
  )
} satisfies Table

/** Operations whose results are floating numbers. */
export const alongAxes = { ...folds, ...orders, ...products, ...indexing } satisfies Table

const best = (f: typeof Library.argmax): fc.Arbitrary<Case> =>
  ofOne(
    lines,
    distinct,
    s => fc.record({ axis: fc.option(axisOf(s), { nil: undefined }), keepDimensions: fc.boolean() }),
    options => x => f(options)(x)
  )
/** Operations whose results are truth values or whole numbers: they have no derivative. */
export const discreteAlongAxes = {
  argmax: best(Library.argmax),
  argmin: best(Library.argmin),
  argsort: ofOne(lines, distinct, orderOf, Library.argsort),
  any: ofOne(any, bools, folding, Library.any),
  all: ofOne(any, bools, folding, Library.all)
} satisfies Table
