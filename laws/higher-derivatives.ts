/** What derivatives of derivatives obey: every order of nesting gives the same, and none takes another's perturbation for its own. */
import { add, mul } from '../src/primitive/arithmetic.js'
import { reshape, sum, sumAll } from '../src/primitive/movement.js'
import { range } from '../src/structure/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { leaves } from '../src/tensor/tree.js'
import { type Case, inFloats, onLine, type Scalar, scalarOf, type Tensors, value } from './case.js'
import { direction, dot, dotOf, near, nearTensors, nearTrees, scalar } from './closeness.js'
import { type DerivativeWords, differences } from './first-derivatives.js'
import { law } from './law.js'

/** A block of a Hessian times a direction: `[…rows, …columns] · […columns]`. */
const blockTimes = (block: Tensor, v: Tensor): Tensor => {
  const rows = block.shape.slice(0, block.shape.length - v.shape.length)
  return sum(range(v.shape.length).map(axis => axis + rows.length))(
    mul(block, reshape([...rows.map(() => 1), ...v.shape])(v))
  )
}
/** A whole Hessian, a tree of trees, times a direction. */
const hessianTimes = (hessian: unknown, at: Tensors, v: Tensors): Tensors => {
  const blocks = leaves(hessian)
  return at.map((_, i) => at.map((__, j) => blockTimes(blocks[i * at.length + j]!, v[j]!)).reduce((a, b) => add(a, b)))
}

/** The laws of everything twice and three times differentiable, by name, of whatever takes the derivatives. */
export const higherDerivatives = (w: DerivativeWords) => {
  const along =
    (f: Scalar, v: Tensors): Scalar =>
    xs =>
      w.jvp(f)(xs, v)[1]
  const overReverse = (s: Scalar, at: Tensors, v: Tensors, u: Tensors): number =>
    value(w.jvp(xs => dot(w.grad(s)(xs), u))(at, v)[1])
  return {
    symmetric: law<Case>(
      'symmetric second derivative',
      'vᵀHw = wᵀHv, forward over reverse = reverse over forward',
      (c, choice) => {
        const { g, at } = inFloats(c, choice)
        const s = scalarOf(g, at, choice + 5)
        const [v, u] = [at.map(direction(choice)), at.map(direction(choice + 9))]
        const curved = overReverse(s, at, v, u)
        return (
          near(curved, overReverse(s, at, u, v), 1e-8) &&
          near(curved, dotOf(w.grad(along(s, v))(at), u), 1e-8) &&
          near(curved, value(along(along(s, v), u)(at)), 1e-8)
        )
      }
    ),
    secondDifference: law<Case>('difference of gradients', 'Hv ≈ (∇s(x + hv) − ∇s(x − hv)) / 2h', (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const s = scalarOf(g, at, choice + 5)
      const v = at.map(direction(choice))
      const gradient = w.grad(s)
      return w
        .hvp(s)(at, v)
        .every((hv, i) =>
          nearTensors(
            hv,
            differences(xs => gradient(xs)[i]!, at, v),
            1e-6
          )
        )
    }),
    oneHessian: law<Case>('one Hessian', 'hessian s · v = hvp s v, jacfwd ∘ grad = jacrev ∘ grad', (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const s = scalarOf(g, at, choice + 5)
      const v = at.map(direction(choice))
      const first = (xs: Tensors): Tensor => w.grad(s)(xs)[0]!
      return (
        nearTrees(hessianTimes(w.hessian(s)(at), at, v), w.hvp(s)(at, v), 1e-8) &&
        nearTrees(w.jacfwd(first)(at), w.jacrev(first)(at), 1e-8)
      )
    }),
    thirdDerivative: law<Case>(
      'third derivative',
      'd³s(x + tv) the same forwards, in reverse over forwards, and in reverse three times',
      (c, choice) => {
        const { g, at } = inFloats(c, choice)
        const s = scalarOf(g, at, choice + 5)
        const v = at.map(direction(choice))
        const down =
          (f: Scalar): Scalar =>
          xs =>
            dot(w.grad(f)(xs), v)
        const forwards = value(along(along(along(s, v), v), v)(at))
        return (
          near(forwards, dotOf(w.grad(along(along(s, v), v))(at), v), 1e-7) &&
          near(forwards, value(down(down(down(s)))(at)), 1e-7)
        )
      }
    ),
    noConfusion: law<Case>(
      'no perturbation confusion',
      'd/dx (d/dy s(x y) at y = 1) = s′(1) + s″(1) at x = 1, forwards and in reverse',
      (c, choice) => {
        const { g, at } = inFloats(c, choice)
        const v = at.map(direction(choice))
        const line = onLine(scalarOf(g, at, choice + 5), at, v)
        const one = [scalar(1)]
        const reverse =
          (f: Scalar): Scalar =>
          xs =>
            sumAll(w.grad(f)(xs)[0]!)
        const forward = (f: Scalar): Scalar => along(f, one)
        return [reverse, forward].every(d => {
          const nested: Scalar = ([x]) => d(([y]) => line([mul(x!, y!)]))(one)
          return near(value(d(nested)(one)), value(d(line)(one)) + value(d(d(line))(one)), 1e-8)
        })
      }
    )
  }
}
