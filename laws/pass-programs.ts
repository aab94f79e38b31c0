/**
 * Programs dense in what passes look for: views of views, signs, units, powers of two, choices, conversions and folds, the same equation twice, beside
 * numbers for which algebra does not hold. Values are small tensors of any shape; a line names an operation and has a few numbers.
 */
import fc from 'fast-check'
import { show, trace } from '../src/compiler/program.js'
import { checkpoint } from '../src/control/call.js'
import { cond } from '../src/control/cond.js'
import { scan } from '../src/control/scan.js'
import { add, div, mul, neg, scale, sub } from '../src/primitive/arithmetic.js'
import { matmul } from '../src/primitive/contraction.js'
import { cast, stopGradient } from '../src/primitive/conversion.js'
import { abs, exp, pow, tanh } from '../src/primitive/elementary.js'
import { amax, amin, maximum } from '../src/primitive/extremum.js'
import { broadcast, permute, reshape, sum } from '../src/primitive/movement.js'
import { bitXor, equal, less, lessEqual, not, where } from '../src/primitive/selection.js'
import { concat, pad, reverse, slice } from '../src/primitive/window.js'
import { type Dtype, isFloat } from '../src/structure/dtype.js'
import { range, type Shape, size, without } from '../src/structure/shape.js'
import { type Constant, type Many, type Tensor, uniform } from '../src/tensor/tensor.js'
import type { EngineCase } from './engine-programs.js'
import { filled, type Recipe } from './engine-values.js'

/** The largest number of elements. */
const limit = 64
const dtypes: readonly Dtype[] = ['float32', 'float64', 'int32', 'bool']
const constants = [1, -1, 0, -0, 2, 0.5, -4, 0.25, 3, 2 ** 100, 2 ** -149, Number.POSITIVE_INFINITY, Number.NaN]

/** What a line does to two values, with a number to choose by, and a few constants. */
type Operation = (x: Tensor, y: Tensor, n: number, palette: readonly number[]) => Tensor

/** A permutation of so many things, for each number one. */
const order = (length: number, n: number): readonly number[] => {
  const left = [...range(length)]
  return range(length).map(i => left.splice((n >> (2 * i)) % left.length, 1)[0]!)
}
const some = <A>(xs: readonly A[], n: number): readonly A[] => xs.filter((_, i) => (n >> i) % 2 === 1)
const number = (x: Tensor): Tensor => (x.dtype === 'bool' ? cast('int32')(x) : x)
const ones = (x: Tensor): readonly number[] => range(x.shape.length).filter(axis => x.shape[axis] === 1)

/** The second operand as one of the first's type, repeated if that can be. */
const beside = (x: Tensor, y: Tensor): Tensor => {
  const other = cast(x.dtype)(y)
  const missing = x.shape.length - other.shape.length
  const fits = missing >= 0 && other.shape.every((extent, axis) => extent === 1 || extent === x.shape[missing + axis])
  return fits ? broadcast(x.shape)(other) : x
}
const pairwise =
  (f: (x: Tensor, y: Tensor) => Tensor) =>
  (x: Tensor, y: Tensor): Tensor =>
    f(number(x), beside(number(x), y))
const withConstant =
  (f: (x: Tensor, value: number) => Tensor): Operation =>
  (x, _, n, palette) => {
    const value = palette[n % palette.length]!
    return f(number(x), isFloat(x) || Number.isInteger(Math.fround(value)) ? value : 1)
  }
/** A part of x: fewer elements along each axis, from some place on. */
const window = (
  { shape }: Tensor,
  n: number
): { readonly start: Shape; readonly step: Shape; readonly shape: Shape } => {
  const kept = shape.map((extent, axis) => Math.max(Math.min(1, extent), extent - ((n >> axis) % 2)))
  return {
    start: shape.map((extent, axis) => (extent - kept[axis]!) * ((n >> (axis + 4)) % 2)),
    step: shape.map(() => 1),
    shape: kept
  }
}
const withoutOnes = (x: Tensor): Tensor => reshape(without(x.shape, ones(x)))(x)

const operations: { readonly [name: string]: Operation } = {
  permute: (x, _, n) => permute(order(x.shape.length, n))(x),
  transpose: x => permute([...range(x.shape.length)].reverse())(x),
  flat: x => reshape([size(x.shape)])(x),
  row: x => reshape([1, ...x.shape])(x),
  column: x => reshape([...x.shape, 1])(x),
  withoutOnes,
  repeat: (x, _, n) => broadcast([1 + (n % 3), ...x.shape])(x),
  stretch: (x, _, n) => broadcast(x.shape.map((extent, axis) => (extent === 1 ? 1 + ((n >> axis) % 3) : extent)))(x),
  slice: (x, _, n) => slice(window(x, n))(x),
  again: (x, _, n) => {
    const part = window(x, n)
    return slice(part)(pad({ ...part, shape: x.shape })(slice(part)(x)))
  },
  reverse: (x, _, n) => reverse(some(range(x.shape.length), n))(x),
  part: (x, y) =>
    x.shape.length === 0
      ? x
      : slice({ start: x.shape.map(() => 0), step: x.shape.map(() => 1), shape: x.shape })(
          concat(0)([x, beside(x, y)])
        ),
  stopGradient: x => stopGradient(x),
  cast: (x, _, n) => cast(dtypes[n % 4]!)(x),
  neg: x => neg(x),
  abs: x => abs(x),
  exp: x => exp(x),
  tanh: x => tanh(x),
  add: pairwise(add),
  sub: pairwise(sub),
  mul: pairwise(mul),
  scale: pairwise(scale),
  maximum: pairwise(maximum),
  div: (x, y) => div(x, beside(x, y)),
  twice: x => add(number(x), number(x)),
  addConstant: withConstant(add),
  subConstant: withConstant(sub),
  mulConstant: withConstant(mul),
  scaleConstant: withConstant((x, value) => scale(x, uniform(x, value))),
  divConstant: withConstant((x, value) => div(x, value)),
  constantDiv: withConstant((x, value) => div(value, x)),
  pow: (x, _, n) => pow(x, n % 3),
  less: pairwise(less),
  notLess: pairwise((x, y) => not(less(x, y))),
  flip: x => bitXor(x.dtype === 'bool' ? x : cast('int32')(x), x.dtype === 'bool' ? uniform(x, 1) : 5),
  where: pairwise((x, y) => where(less(x, y), x, y)),
  whereNot: pairwise((x, y) => where(not(lessEqual(x, 0)), x, y)),
  whereSame: pairwise((x, y) => where(equal(x, y), x, x)),
  rectify: x => where(lessEqual(number(x), 0), 0, number(x)),
  sum: (x, _, n) => sum(some(range(x.shape.length), n))(number(x)),
  sumOfOnes: x => sum(ones(x))(number(x)),
  amax: (x, _, n) => amax(some(range(x.shape.length), n))(x),
  amin: x => amin(ones(x))(x),
  lessMean: (x, _, n) => {
    const axes = some(range(x.shape.length), n)
    const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent))
    return sub(number(x), reshape(kept)(sum(axes)(number(x))))
  },
  matmul: (x, y) => {
    if (x.shape.length < 2) return x
    const rank = x.shape.length
    const turned = permute([...range(rank - 2), rank - 1, rank - 2])(beside(x, y))
    return matmul({ left: false, right: false })(number(x), number(turned))
  },
  checkpoint: (x, y) => checkpoint(([p, q]: readonly [Tensor, Tensor]) => sub(p, neg(beside(p, q))))([number(x), y]),
  cond: (x, y) =>
    cond(
      less(sum(range(y.shape.length))(cast('float32')(y)), 1),
      (p: Tensor) => neg(neg(mul(p, 1))),
      p => add(p, p)
    )(number(x)),
  scan: (x, y) =>
    x.shape.length === 0
      ? x
      : scan((carry: Tensor, row: Tensor) => [add(carry, neg(row)), neg(carry)] as const)(
          sum([0])(number(x)),
          beside(number(x), y)
        )[1]
}

/** All that a line can be. */
export const passOperationNames: readonly string[] = Object.keys(operations)

interface Line {
  readonly name: number
  readonly x: number
  readonly y: number
  readonly n: number
}
const line: fc.Arbitrary<Line> = fc.record({
  name: fc.nat(255),
  // The latest mostly, so that operations meet.
  x: fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, fc.nat(7)),
  y: fc.nat(7),
  n: fc.nat(255)
})
const recipe: fc.Arbitrary<Recipe> = fc.record({
  shape: fc.oneof(
    { weight: 2, arbitrary: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }) },
    // No shape tells which axis of a square is which.
    { weight: 1, arbitrary: fc.constantFrom<Shape>([2, 2], [2, 2, 2], [3, 3], [2, 1, 2]) }
  ),
  dtype: fc.constantFrom<Dtype>('float32', 'float64', 'float32', 'float64', 'int32', 'bool'),
  kind: fc.constantFrom<Recipe['kind']>('whole', 'ordinary', 'special', 'special'),
  seed: fc.nat(0xffff),
  uniform: fc.nat(9).map(n => n === 9)
})

interface Draft {
  readonly recipes: readonly Recipe[]
  /** The operations and constants that a program is made of: few, so that they meet each other again and again. */
  readonly names: readonly string[]
  readonly palette: readonly number[]
  readonly lines: readonly Line[]
  /** Places of further results. */
  readonly results: readonly number[]
}

const run =
  ({ names, palette, lines, results }: Draft) =>
  (given: Many): Many => {
    const values = [...given]
    for (const { name, x, y, n } of lines) {
      const read = (back: number): Tensor => values[values.length - 1 - (back % values.length)]!
      const value = operations[names[name % names.length]!]!(read(x), read(y), n, palette)
      values.push(size(value.shape) > limit || value.shape.length > 4 ? read(x) : value)
    }
    return [values[values.length - 1]!, ...results.map(place => values[place % values.length]!)]
  }

const caseOf = (draft: Draft): EngineCase => {
  const inputs: readonly Constant[] = draft.recipes.map(filled)
  const f = run(draft)
  const about = (): string => [show(trace(f)(inputs)), ...inputs.map((x, i) => `x${i} = ${x}`)].join('\n')
  return {
    f,
    inputs,
    others: draft.recipes.map(each => filled({ ...each, seed: each.seed ^ 0x5a5a })),
    about,
    [fc.toStringMethod]: () => `\n${about()}\n`
  } as EngineCase
}

/** Programs of up to so many lines, made of some of these operations, with two points. */
export const passProgramsOf = (
  maxLines: number,
  from: readonly string[] = passOperationNames
): fc.Arbitrary<EngineCase> =>
  fc
    .record<Draft>({
      recipes: fc.array(recipe, { minLength: 1, maxLength: 3 }),
      names: fc.subarray([...from], { minLength: 1, maxLength: Math.min(5, from.length) }),
      palette: fc.subarray([...constants], { minLength: 1, maxLength: 3 }),
      lines: fc.array(line, { minLength: 1, maxLength: maxLines, size: 'max' }),
      results: fc.array(fc.nat(20), { maxLength: 6 })
    })
    .map(caseOf)
export const passPrograms: fc.Arbitrary<EngineCase> = passProgramsOf(12)
