/** A loss at a point: what the laws of losses are about, and what cases are made of. */
import fc from 'fast-check'
import type { Reduction } from '../src/Loss.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import { type Constant, constant, type Tensor } from '../src/tensor/tensor.js'
import type { Tree } from '../src/tensor/tree.js'

/** A loss in each of its reductions, as `Loss.mse` is. */
export type Reducible<T = Tree, P = Tree> = (options: {
  readonly reduction: Reduction
}) => (target: T) => (prediction: P) => Tensor

/** All trees have one leading axis, that of the examples. */
export interface LossCase<T = Tree, P = Tree> {
  readonly loss: Reducible<T, P>
  readonly target: T
  /** Away from kinks. */
  readonly prediction: P
  /** A prediction at which the loss for this target is least, or so near to it that nothing else comes below. */
  readonly optimum: P
  /** A prediction as far out as the loss has to bear. */
  readonly extreme: P
  /** The examples of a batch in another order. */
  readonly order: readonly number[]
  /** What the mean divides the sum by, where it is not the number of the losses. */
  readonly divisor?: number
  /** Whether the loss has derivatives in its target too. */
  readonly throughTarget?: boolean
}
/** The same for laws that look at no tree's type. */
export const lossCase = <T extends Tree, P extends Tree>(given: LossCase<T, P>): LossCase =>
  given as unknown as LossCase

export const float64 = (shape: Shape, values: readonly number[]): Constant =>
  constant(shape, 'float64', Float64Array.from(values))
const steps = 2 ** 20
/** Numbers that fill an interval evenly, which `fc.double` does not: half of its numbers are too small to see. They shrink to the middle. */
export const number = (min = -2, max = 2): fc.Arbitrary<number> =>
  fc.integer({ min: -steps, max: steps }).map(i => (min + max + ((max - min) * i) / steps) / 2)
export const listOf = <A>(element: fc.Arbitrary<A>, length: number): fc.Arbitrary<readonly A[]> =>
  fc.array(element, { minLength: length, maxLength: length })
export const orderOf = (n: number): fc.Arbitrary<readonly number[]> =>
  fc.shuffledSubarray([...range(n)], { minLength: n, maxLength: n })
export const sign: fc.Arbitrary<number> = fc.constantFrom(1, -1)
/** Numbers from −2 to 2 of at least so much. */
export const atLeast = (gap: number): fc.Arbitrary<number> =>
  fc.tuple(number(gap, 2), sign).map(([size, side]) => side * size)
export const large: fc.Arbitrary<number> = fc.constantFrom(700, -700, 1e4, -1e4, 0, 1)

/** A batch of a few examples, of shape `[n]`, or of more axes. */
export const batchShape: fc.Arbitrary<Shape> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 1 }))
  .map(([n, rest]) => [n, ...rest])

/** What is chosen for one element of a loss that looks at elements. */
export interface Element {
  readonly target: number
  readonly prediction: number
  readonly optimum: number
  readonly extreme: number
}

/** Cases of a loss that looks at each element by itself. */
export const ofElements = <O>(
  options: fc.Arbitrary<O>,
  loss: (options: O, shape: Shape) => Reducible<Tensor, Tensor>,
  element: (options: O) => fc.Arbitrary<Element>,
  throughTarget: (options: O) => boolean
): fc.Arbitrary<LossCase> =>
  fc.tuple(options, batchShape).chain(([chosen, shape]) =>
    fc.tuple(listOf(element(chosen), size(shape)), orderOf(shape[0]!)).map(([elements, order]) => {
      const part = (of: (element: Element) => number): Tensor => float64(shape, elements.map(of))
      return lossCase({
        loss: loss(chosen, shape),
        target: part(e => e.target),
        prediction: part(e => e.prediction),
        optimum: part(e => e.optimum),
        extreme: part(e => e.extreme),
        order,
        throughTarget: throughTarget(chosen)
      })
    })
  )
