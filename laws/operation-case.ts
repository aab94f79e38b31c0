/** Operations at a point, as cases for the laws of functions and of derivatives: with what shapes, operands and settings they are tried. */
import fc from 'fast-check'
import { range, type Shape } from '../src/structure/shape.js'
import type { Constant, Tensor } from '../src/tensor/tensor.js'
import { between, elementsOf } from './arbitrary.js'
import type { Case, Tensors } from './case.js'
import { away } from './layer-case.js'

export type Operand = (s: Shape) => fc.Arbitrary<Constant>
export type OfOne = (x: Tensor) => Tensor
export type Shapes = fc.Arbitrary<Shape>

/** Sizes of which an operation of several axes has some dozen elements at most, for every one costs a derivative. */
export const few = fc.integer({ min: 1, max: 2 })
export const some = fc.integer({ min: 1, max: 3 })
/** Shapes of any rank from one to another, by themselves three elements at most along an axis. */
export const ranked = (minRank: number, maxRank: number, extents: fc.Arbitrary<number> = few): Shapes =>
  fc.array(extents, { minLength: minRank, maxLength: maxRank })
export const any = ranked(0, 3)
/** A line, or a few of them. */
export const lines: Shapes = fc.tuple(ranked(0, 1), some).map(([before, last]) => [...before, last])
export const matrices: Shapes = fc.tuple(ranked(0, 1), some, some).map(([before, m, n]) => [...before, m, n])

/** An axis, counted from the front or from the end. */
export const axisOf = ({ length }: Shape): fc.Arbitrary<number> => fc.integer({ min: -length, max: length - 1 })
/** All axes, one of them, or some in any order, and whether they are kept. */
export const folding = ({ length }: Shape) =>
  fc.record({
    axis: fc.oneof(
      fc.constant(undefined),
      ...(length === 0 ? [] : [axisOf({ length } as Shape)]),
      fc.shuffledSubarray([...range(length)])
    ),
    keepDimensions: fc.boolean()
  })

/** Numbers at a distance from where a function has no derivative, on both sides of it. */
export const awayFrom = (...kinks: readonly number[]): Operand => elementsOf(between(-8, 8).map(away(kinks, 0.1)))

/** A function of tensors with settings, at operands of which the settings may know the shapes. */
export const cases = <A, O>(
  operands: fc.Arbitrary<A>,
  inputs: (operands: A) => fc.Arbitrary<Tensors>,
  options: (operands: A) => fc.Arbitrary<O>,
  f: (options: O) => Case['f']
): fc.Arbitrary<Case> =>
  operands
    .chain(given => fc.tuple(inputs(given), options(given)))
    .map(([xs, chosen]) => ({ inputs: xs, f: f(chosen), about: `${JSON.stringify(chosen)}` }))

/** An operation on one tensor, with settings. */
export const ofOne = <O>(
  shapes: Shapes,
  operand: Operand,
  options: (s: Shape) => fc.Arbitrary<O>,
  f: (options: O) => OfOne
): fc.Arbitrary<Case> =>
  cases(
    shapes,
    s => fc.tuple(operand(s)),
    options,
    chosen =>
      ([x]) =>
        f(chosen)(x!)
  )
/** An operation on one tensor. */
export const plain = (shapes: Shapes, operand: Operand, f: OfOne): fc.Arbitrary<Case> =>
  ofOne(
    shapes,
    operand,
    () => fc.constant('no settings'),
    () => f
  )
/** An operation on several tensors of given shapes. */
export const ofShapes = (
  shapes: fc.Arbitrary<readonly Shape[]>,
  operand: Operand,
  f: (...xs: readonly Tensor[]) => Tensor
): fc.Arbitrary<Case> =>
  cases(
    shapes,
    all => fc.tuple(...all.map(operand)),
    () => fc.constant('no settings'),
    () => xs => f(...xs)
  )
