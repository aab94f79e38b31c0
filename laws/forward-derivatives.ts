/** What derivatives obey that can only be taken forwards, as those of loops of unknown length. In float64. */
import { interpreter } from '../src/engine/interpreter.js'
import { jit } from '../src/engine/jit.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import { tanh } from '../src/primitive/elementary.js'
import { sum } from '../src/primitive/movement.js'
import { range } from '../src/structure/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { leaves } from '../src/tensor/tree.js'
import { type Case, inFloats, type Tensors, type Vector } from './case.js'
import { direction, nearTensors, nearTrees, sameBits } from './closeness.js'
import { centralDifference, linearTangent, oneLinearMap } from './derivatives.js'
import { type DerivativeWords, differences, words } from './first-derivatives.js'
import { type Law, law } from './law.js'
import { vmapOfJvp } from './transformations.js'

/** A derivative `[…result, …argument]` times a direction. */
const times = (jacobian: Tensor, v: Tensor): Tensor => {
  const before = jacobian.shape.length - v.shape.length
  return sum(range(v.shape.length).map(axis => before + axis))(mul(jacobian, v))
}

/** The laws of everything differentiable that need no reverse mode, by name, of whatever takes the derivatives. */
export const forwardDerivatives = (w: DerivativeWords) => {
  const along =
    (f: Vector, v: Tensors): Vector =>
    xs =>
      w.jvp(f)(xs, v)[1]
  return {
    sameValueForwards: law<Case>(
      'same value forwards',
      'jvp and linearize of f give f(x), bit for bit',
      (c, choice) => {
        const { g, at } = inFloats(c, choice)
        const y = g(at)
        return sameBits(w.jvp(g)(at, at.map(direction(choice)))[0], y) && sameBits(w.linearize(g)(at)[0], y)
      }
    ),
    chainRuleForwards: law<Case>('chain rule forwards', 'J(h ∘ f) v = Jh (Jf v)', (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const v = at.map(direction(choice))
      const outer: Vector = ([y]) => tanh(mul(y!, 0.5))
      const [y, dy] = w.jvp(g)(at, v)
      return nearTensors(along(xs => outer([g(xs)]), v)(at), w.jvp(outer)([y], [dy])[1], 1e-10)
    }),
    columns: law<Case>('columns', 'jacfwd f · v = jvp f v', (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const v = at.map(direction(choice))
      const parts = leaves(w.jacfwd(g)(at)).map((block, i) => times(block, v[i]!))
      return nearTensors(
        parts.reduce((a, b) => add(a, b)),
        along(g, v)(at),
        1e-10
      )
    }),
    secondForwards: law<Case>(
      'second derivative forwards',
      'd/dw (Jv) = d/dv (Jw) ≈ its central difference',
      (c, choice) => {
        const { g, at } = inFloats(c, choice)
        const [v, u] = [at.map(direction(choice)), at.map(direction(choice + 9))]
        const twice = along(along(g, v), u)(at)
        return (
          nearTensors(twice, along(along(g, u), v)(at), 1e-8) &&
          nearTensors(twice, differences(along(g, v), at, u), 1e-6)
        )
      }
    ),
    compiledForwards: law<Case>('jit commutes forwards', 'jit (jvp (jit f)) = jvp f', (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const v = at.map(direction(choice))
      const compiled = <A extends readonly unknown[], B>(f: (...xs: A) => B): ((...xs: A) => B) =>
        jit(f, { engine: interpreter })
      const both = compiled((xs: Tensors, t: Tensors) => w.jvp((ys: Tensors) => compiled(g)(ys))(xs, t))
      return nearTrees(both(at, v), w.jvp(g)(at, v), 1e-12)
    })
  }
}

/** Of the words of this library; those of derivatives at large that go forwards only are among them. */
export const forwardLaws: readonly Law<Case>[] = [
  ...Object.values(forwardDerivatives(words)),
  linearTangent,
  centralDifference,
  oneLinearMap,
  vmapOfJvp
]
