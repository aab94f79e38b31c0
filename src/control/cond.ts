/** A choice between two programs by a condition that may be unknown. */
import { batchSize, reshape } from '../primitive/movement.js'
import { where } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import { sameShape, showShape } from '../structure/shape.js'
import { applyControl, type Control, isTensor, type Many, orZeros, type Tensor, variable } from '../tensor/tensor.js'
import { leaves, matching, refill } from '../tensor/tree.js'
import { spread } from './call.js'
import { batchClosed, type Closed, close, jvpClosed, run, transposeClosed } from './closed.js'

export interface Branches {
  readonly yes: Closed
  readonly no: Closed
}
const both = (f: (branch: Closed) => Closed, { yes, no }: Branches): Branches => ({ yes: f(yes), no: f(no) })

/** One of two programs over the same operands, by a scalar bool. Derivatives choose again, and recompute the branch they take. */
export const condPrimitive: Control<Branches> = {
  kind: 'control',
  name: 'cond',
  types: (_, { yes }) => yes.results,
  evaluate: ([condition, ...inputs], { yes, no }) => run(condition!.data[0] ? yes : no, inputs),
  linearize: (all, [, ...active], branches) => [
    applyControl(condPrimitive, all, branches),
    ([, ...tangents]) =>
      applyControl(
        condPrimitive,
        [...all, ...tangents.filter(t => t !== undefined)],
        both(branch => jvpClosed(branch, active), branches)
      )
  ],
  transpose: ([, ...linear], cotangents, [condition, ...inputs], branches) => {
    const fixed = inputs.filter((_, i) => !linear[i])
    const given = cotangents.map((c, i) => orZeros(c, branches.yes.results[i]!))
    const pulled = applyControl(
      condPrimitive,
      [condition!, ...fixed, ...given],
      both(branch => transposeClosed(branch, linear), branches)
    )
    return [undefined, ...spread(linear, pulled)]
  },
  batch: (all, [chosenApart, ...batched], branches) => {
    const n = batchSize(all, [chosenApart!, ...batched])
    const [condition, ...inputs] = all
    const apart = batched.includes(true)
    const wide = apart ? both(branch => batchClosed(n, branch, batched), branches) : branches
    if (!chosenApart) return applyControl(condPrimitive, all, wide)
    // Each member chooses for itself: both branches are computed, and a member keeps its own.
    const [yes, no] = [run(wide.yes, inputs), run(wide.no, inputs)]
    return yes.map((y, i) => {
      const rank = y.shape.length - (apart ? 1 : 0)
      return where(reshape([n, ...new Array<number>(rank).fill(1)])(condition!), y, no[i]!)
    })
  },
  programs: ({ yes, no }) => [yes, no],
  withPrograms: (_, [yes, no]) => ({ yes: yes!, no: no! })
}

/**
 * `condition ? yes(x) : no(x)` for a condition that may be unknown: `jax.lax.cond`.
 *
 * Only the chosen branch is computed, except under `vmap`, where members may choose apart. Both give trees of one kind.
 *
 * @throws a Mistake if the condition is not one bool, or the branches' results differ in kind
 *
 * @example
 * import { Control, grad, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const f = (x: Tensor.Tensor<[]>) => Control.cond(Tensor.less(0)(x), Tensor.neg<[]>, Tensor.square<[]>)(x)
 * deepStrictEqual([-3, 3].map(x => Tensor.item(f(Tensor.scalar(x)))), [3, 9])
 * deepStrictEqual([-3, 3].map(x => Tensor.item(grad(f)(Tensor.scalar(x)))), [-1, 6])
 */
export const cond =
  <A, B>(condition: Tensor, yes: (x: A) => B, no: (x: A) => B) =>
  (x: A): B => {
    if (!isTensor(condition) || condition.dtype !== 'bool' || condition.shape.length > 0) {
      throw mistake(
        'ShapeMismatch',
        'cond',
        `the condition must be one bool, not ${isTensor(condition) ? `${condition.dtype} ${showShape(condition.shape)}` : `the ${typeof condition} ${String(condition)}, for which ?: is enough`}`
      )
    }
    const inputs = leaves(x, 'cond')
    const trees: B[] = []
    const trace = (f: (x: A) => B): readonly [Closed, Many] =>
      close((...xs) => {
        const tree = f(refill(x, xs) as A)
        trees.push(tree)
        return trees.length === 1
          ? leaves(tree, 'cond')
          : matching('cond', trees[0], tree, "the second branch's result")
      }, inputs)
    const [bodyYes, freeYes] = trace(yes)
    const [bodyNo, freeNo] = trace(no)
    bodyYes.results.forEach((a, i) => {
      const b = bodyNo.results[i]!
      if (!sameShape(a.shape, b.shape) || a.dtype !== b.dtype) {
        throw mistake(
          'ShapeMismatch',
          'cond',
          `the branches give ${a.dtype} ${showShape(a.shape)} and ${b.dtype} ${showShape(b.shape)}`
        )
      }
    })
    const n = inputs.length
    /** Both branches take what either captured. */
    const widen = (body: Closed, before: Many, after: Many): Closed => ({
      parameters: [
        ...body.parameters.slice(0, n),
        ...before.map(variable),
        ...body.parameters.slice(n),
        ...after.map(variable)
      ],
      results: body.results
    })
    return refill(
      trees[0],
      applyControl(condPrimitive, [condition, ...inputs, ...freeYes, ...freeNo], {
        yes: widen(bodyYes, [], freeNo),
        no: widen(bodyNo, freeYes, [])
      })
    ) as B
  }
