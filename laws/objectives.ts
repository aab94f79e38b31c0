/** What must hold of every loss, and a table of those that the library exports. */
import type fc from 'fast-check'
import { select } from '../src/data/dataset.js'
import type * as Loss from '../src/Loss.js'
import { div } from '../src/primitive/arithmetic.js'
import { reshape, sumAll } from '../src/primitive/movement.js'
import { isFloat } from '../src/structure/dtype.js'
import { isMistake } from '../src/structure/mistake.js'
import { range, sameShape, size } from '../src/structure/shape.js'
import { elements, item, known, type Tensor } from '../src/tensor/tensor.js'
import { leaves, refill, type Tree } from '../src/tensor/tree.js'
import { hvp } from '../src/transform/jacobian.js'
import { valueAndGrad } from '../src/transform/reverse.js'
import { direction } from './closeness.js'
import { type Case, derivativeLaws } from './derivatives.js'
import { contramap, type Law, law } from './law.js'
import type { LossCase } from './objective-case.js'
import { classTable } from './objective-classes.js'
import { comparisonTable } from './objective-comparisons.js'
import { elementTable } from './objective-elements.js'
import { close } from './same.js'
import { functionLaws } from './transformations.js'

export { type LossCase, lossCase, type Reducible } from './objective-case.js'

const value = (x: Tensor): number => item('a law')(x)
const at = (reduction: Loss.Reduction, { loss, target, prediction }: LossCase): Tensor =>
  loss({ reduction })(target)(prediction)
/** The examples with these numbers, of a tree that may hold no tensor. */
const examples =
  (numbers: readonly number[]) =>
  <T extends Tree>(tree: T): T =>
    leaves(tree).length === 0 ? tree : select(numbers)(tree)
const chosen = (numbers: readonly number[], subject: LossCase): LossCase => ({
  ...subject,
  target: examples(numbers)(subject.target),
  prediction: examples(numbers)(subject.prediction)
})
/** Shapes that numpy would broadcast to that of a tensor, and others that it would take for equal. */
const similar = (x: Tensor): readonly Tensor[] =>
  [
    reshape([...x.shape, 1])(x),
    reshape([1, ...x.shape])(x),
    ...(x.shape.length > 0 && size(x.shape) > 1 ? [reshape([size(x.shape)])(x), select([0])(x)] : [])
  ].filter(other => !sameShape(other.shape, x.shape))
const refuses = (run: () => unknown): boolean => {
  try {
    run()
    return false
  } catch (error) {
    return isMistake(error) && error._tag === 'ShapeMismatch'
  }
}
const allFinite = (x: Tensor): boolean => elements(known('a law')(x)).every(Number.isFinite)

/** The tree with other leaves. */
const refilled = (tree: Tree, xs: readonly Tensor[]): Tree => refill<unknown, Tensor>(tree, xs) as Tree

/** The tensors of a case that it has derivatives in, and the loss of others in their place. */
const movable = ({ loss, target, prediction, throughTarget = false }: LossCase) => {
  const [targets, predictions] = [throughTarget ? leaves(target) : [], leaves(prediction)]
  return {
    inputs: [...predictions, ...targets],
    lossOf:
      (reduction: Loss.Reduction) =>
      (xs: readonly Tensor[]): Tensor =>
        loss({ reduction })(throughTarget ? refilled(target, xs.slice(predictions.length)) : target)(
          refilled(prediction, xs.slice(0, predictions.length))
        )
  }
}

export const losses = {
  leastAtOptimum: law<LossCase>('least at the optimum', 'loss(t)(optimum(t)) ≤ loss(t)(p), for every p', subject => {
    const least = at('sum', { ...subject, prediction: subject.optimum })
    return value(least) <= value(at('sum', subject)) + 1e-9
  }),
  reductions: law<LossCase>(
    'reductions',
    'sum ≈ Σ none, and mean ≈ sum / the number of losses, or the sum of their weights; reduced, it is one number',
    subject => {
      const [each, mean, sum] = [at('none', subject), at('mean', subject), at('sum', subject)]
      const divisor = subject.divisor ?? size(each.shape)
      return close(1e-12)([sum, mean], [sumAll(each), div(sumAll(each), divisor)])
    }
  ),
  apart: law<LossCase>('each by itself', 'loss(t)(p)[i] ≈ loss(t[i])(p[i]), where it is not reduced', subject => {
    const each = at('none', subject)
    return range(subject.order.length).every(i =>
      close(1e-12)(at('none', chosen([i], subject)), examples([i])(each as Tree) as Tensor)
    )
  }),
  invariance: law<LossCase>('invariance', 'loss(π t)(π p) ≈ loss(t)(p), where it is reduced', subject =>
    (['mean', 'sum'] as const).every(reduction =>
      close(1e-12)(at(reduction, chosen(subject.order, subject)), at(reduction, subject))
    )
  ),
  equivariance: law<LossCase>('equivariance', 'loss(π t)(π p) ≈ π loss(t)(p), where it is not', subject =>
    close(1e-12)(at('none', chosen(subject.order, subject)), select(subject.order)(at('none', subject)))
  ),
  noBroadcasting: law<LossCase>(
    'no broadcasting',
    'loss(t)(p) with a tensor whose shape is only similar is a Mistake',
    subject => {
      const { loss, target, prediction } = subject
      const both: unknown = [target, prediction]
      const all = leaves(both)
      return (['mean', 'sum', 'none'] as const).every(reduction =>
        all.every((x, i) =>
          similar(x).every(other => {
            const [t, p] = refill(
              both,
              all.map((own, j) => (j === i ? other : own))
            ) as readonly [Tree, Tree]
            return refuses(() => loss({ reduction })(t)(p))
          })
        )
      )
    }
  ),
  finite: law<LossCase>('finite', 'loss(t)(p), ∇loss and H v are finite, however large p is', (subject, choice) => {
    const { inputs, lossOf } = movable({ ...subject, prediction: subject.extreme, throughTarget: false })
    const f = (xs: readonly Tensor[]): Tensor<[]> => lossOf('mean')(xs) as Tensor<[]>
    const [loss, gradient] = valueAndGrad(f)(inputs)
    return [loss, ...gradient, ...hvp(f)(inputs, inputs.map(direction(choice)))].every(allFinite)
  })
}
const functionOf = (subject: LossCase): Case => {
  const { inputs, lossOf } = movable(subject)
  return { inputs: inputs.filter(isFloat), f: lossOf('mean') }
}
/** Every law of losses: their own, and those of derivatives and of functions. */
export const lossLaws: readonly Law<LossCase>[] = [
  ...Object.values(losses),
  ...[...derivativeLaws, ...functionLaws].map(contramap(functionOf))
]

/** Cases of every loss that the library exports; one that is missing here is a type error. */
export const lossTable: { readonly [Name in keyof typeof Loss]: fc.Arbitrary<LossCase> } = {
  ...elementTable,
  ...classTable,
  ...comparisonTable
}
