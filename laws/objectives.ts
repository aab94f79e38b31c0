/** What must hold of every loss, and a table of those that the library exports. */
import fc from 'fast-check'
import { select } from '../src/data/dataset.js'
import * as Loss from '../src/Loss.js'
import { div } from '../src/primitive/arithmetic.js'
import { log } from '../src/primitive/elementary.js'
import { reshape, sumAll } from '../src/primitive/movement.js'
import { isMistake } from '../src/structure/mistake.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import { constant, item, type Tensor } from '../src/tensor/tensor.js'
import { type Case, derivativeLaws } from './derivatives.js'
import { contramap, type Law, law } from './law.js'
import { close } from './same.js'
import { functionLaws } from './transformations.js'

/** A loss in each of its reductions, as `Loss.mse` is. */
export type Reducible = (options: {
  readonly reduction: Loss.Reduction
}) => (target: Tensor) => (prediction: Tensor) => Tensor

export interface LossCase {
  readonly loss: Reducible
  readonly target: Tensor
  /** Away from kinks. */
  readonly prediction: Tensor
  /** A prediction at which the loss for this target is least, or so near to it that nothing else comes below. */
  readonly optimum: Tensor
  /** The examples of a batch in another order. */
  readonly order: readonly number[]
}

const value = (x: Tensor): number => item('a law')(x)
const at = (reduction: Loss.Reduction, { loss, target, prediction }: LossCase): Tensor =>
  loss({ reduction })(target)(prediction)
const permuted = (subject: LossCase): LossCase => ({
  ...subject,
  target: select(subject.order)(subject.target),
  prediction: select(subject.order)(subject.prediction)
})
/** Shapes that numpy would broadcast to that of a tensor, and others that it would take for equal. */
const similar = (x: Tensor): readonly Tensor[] => [
  reshape([...x.shape, 1])(x),
  reshape([1, ...x.shape])(x),
  ...(x.shape.length > 0 && size(x.shape) > 1 ? [reshape([size(x.shape)])(x), select([0])(x)] : [])
]
const refuses = (run: () => unknown): boolean => {
  try {
    run()
    return false
  } catch (error) {
    return isMistake(error) && error._tag === 'ShapeMismatch'
  }
}
const sameSizes = (a: Tensor, b: Tensor): boolean =>
  a.shape.length === b.shape.length && a.shape.every((extent, axis) => extent === b.shape[axis])

export const losses = {
  leastAtOptimum: law<LossCase>('least at the optimum', 'loss(t)(optimum(t)) ≤ loss(t)(p), for every p', subject => {
    const least = at('sum', { ...subject, prediction: subject.optimum })
    return value(least) <= value(at('sum', subject)) + 1e-9
  }),
  reductions: law<LossCase>(
    'reductions',
    'sum ≈ Σ none, and mean ≈ sum / the number of losses; reduced, it is one number',
    subject => {
      const [each, mean, sum] = [at('none', subject), at('mean', subject), at('sum', subject)]
      return close(1e-12)([sum, mean], [sumAll(each), div(sumAll(each), size(each.shape))])
    }
  ),
  invariance: law<LossCase>('invariance', 'loss(π t)(π p) ≈ loss(t)(p), where it is reduced', subject =>
    (['mean', 'sum'] as const).every(reduction =>
      close(1e-12)(at(reduction, permuted(subject)), at(reduction, subject))
    )
  ),
  equivariance: law<LossCase>('equivariance', 'loss(π t)(π p) ≈ π loss(t)(p), where it is not', subject =>
    close(1e-12)(at('none', permuted(subject)), select(subject.order)(at('none', subject)))
  ),
  noBroadcasting: law<LossCase>(
    'no broadcasting',
    'loss(t)(p) with shapes that are only similar is a Mistake',
    subject => {
      const { loss, target, prediction } = subject
      return (['mean', 'sum', 'none'] as const).every(reduction =>
        similar(target)
          .filter(other => !sameSizes(other, target))
          .every(other => refuses(() => loss({ reduction })(other)(prediction)))
      )
    }
  )
}
const functionOf = ({ loss, target, prediction }: LossCase): Case => ({
  inputs: [prediction],
  f: ([p]) => loss({ reduction: 'mean' })(target)(p!)
})
/** Every law of losses. */
export const lossLaws: readonly Law<LossCase>[] = [
  ...Object.values(losses),
  ...[...derivativeLaws, ...functionLaws].map(contramap(functionOf))
]

const numbers = (count: number) =>
  fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: count, maxLength: count })
const float64 = (shape: Shape) => (values: readonly number[]) => constant(shape, 'float64', Float64Array.from(values))
const orderOf = (n: number) => fc.shuffledSubarray([...range(n)], { minLength: n, maxLength: n })
const batch = fc.integer({ min: 1, max: 4 })

/** Losses of an error that is 0 where prediction and target are equal: they differ by at least 0.05 here. */
const ofDifference = (loss: Reducible): fc.Arbitrary<LossCase> =>
  fc.tuple(batch, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 })).chain(([n, rest]) => {
    const shape = [n, ...rest]
    return fc.tuple(numbers(size(shape)), numbers(size(shape)), orderOf(n)).map(([wanted, errors, order]) => ({
      loss,
      target: float64(shape)(wanted),
      optimum: float64(shape)(wanted),
      prediction: float64(shape)(wanted.map((t, i) => t + errors[i]! + (errors[i]! < 0 ? -0.05 : 0.05))),
      order
    }))
  })

const ofClasses = (loss: Reducible): fc.Arbitrary<LossCase> =>
  fc.tuple(batch, fc.integer({ min: 2, max: 4 })).chain(([n, classes]) =>
    fc
      .tuple(
        numbers(n * classes),
        fc.array(fc.nat(classes - 1), { minLength: n, maxLength: n }),
        numbers(n * classes),
        fc.boolean(),
        orderOf(n)
      )
      .map(([logits, numbered, weights, soft, order]) => {
        const shape = [n, classes]
        const prediction = float64(shape)(logits)
        if (!soft) {
          const optimum = range(n * classes).map(i => (i % classes === numbered[Math.floor(i / classes)] ? 100 : -100))
          return {
            loss,
            target: constant([n], 'int32', Int32Array.from(numbered)),
            prediction,
            optimum: float64(shape)(optimum),
            order
          }
        }
        const likely = range(n).flatMap(row => {
          const exponentials = range(classes).map(i => Math.exp(weights[row * classes + i]!))
          const total = exponentials.reduce((a, b) => a + b)
          return exponentials.map(e => e / total)
        })
        const target = float64(shape)(likely)
        return { loss, target, prediction, optimum: log(target), order }
      })
  )

/** Cases of every loss that the library exports; one that is missing here is a type error. */
export const lossTable: { readonly [Name in keyof typeof Loss]: fc.Arbitrary<LossCase> } = {
  mse: ofDifference(Loss.mse as Reducible),
  l1: ofDifference(Loss.l1 as Reducible),
  crossEntropy: ofClasses(Loss.crossEntropy)
}
