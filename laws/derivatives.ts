/** What derivatives obey, whatever they are derivatives of: a primitive, a loop, a layer, a user's own function. In float64. */
import { checkpoint } from '../src/control/call.js'
import { add, div, mul, sub } from '../src/primitive/arithmetic.js'
import { stopGradient } from '../src/primitive/conversion.js'
import { tanh } from '../src/primitive/elementary.js'
import { sumAll } from '../src/primitive/movement.js'
import { isFloat } from '../src/structure/dtype.js'
import { item, type Tensor, uniform } from '../src/tensor/tensor.js'
import { jvp } from '../src/transform/forward.js'
import { jacfwd, jacrev } from '../src/transform/jacobian.js'
import { grad, vjp } from '../src/transform/reverse.js'
import { direction, dotOf, moved, near, nearTensors, nearTrees } from './closeness.js'
import { type Law, law } from './law.js'

type Tensors = readonly Tensor[]
/** A function of tensors, and a point of its domain away from kinks. */
export interface Case {
  readonly f: (inputs: Tensors) => Tensor
  readonly inputs: Tensors
  /** Whether central differences are to be trusted to 1e-6: false where a function is too steep for their step. */
  readonly steep?: boolean
}

/** The same as a function of its floating inputs alone. */
export const inFloats = ({ f, inputs }: Case): { readonly g: Case['f']; readonly at: Tensors } => ({
  at: inputs.filter(isFloat),
  g: xs => {
    let next = 0
    return f(inputs.map(x => (isFloat(x) ? xs[next++]! : x)))
  }
})
/** The same followed by a fixed weighted sum: a scalar function. */
const scalarOf = (g: Case['f'], like: Tensor, choice: number) => {
  const weight = direction(choice)(like)
  return (xs: Tensors): Tensor<[]> => sumAll(mul(weight, g(xs)))
}
const scaled = (xs: Tensors, by: number): Tensors => xs.map(x => mul(x, by))
const plus = (xs: Tensors, ys: Tensors): Tensors => xs.map((x, i) => add(x, ys[i]!))

export const linearTangent: Law<Case> = law('linear tangents', 'J(av + bw) = a Jv + b Jw', (c, choice) => {
  const { g, at } = inFloats(c)
  const [v, w] = [at.map(direction(choice)), at.map(direction(choice + 3))]
  const push = (t: Tensors) => jvp(g)(at, t)[1]
  return nearTensors(push(plus(scaled(v, 2), scaled(w, -0.5))), add(mul(push(v), 2), mul(push(w), -0.5)), 1e-9)
})

export const linearCotangent: Law<Case> = law('linear cotangents', 'Jᵀ(au + bw) = a Jᵀu + b Jᵀw', (c, choice) => {
  const { g, at } = inFloats(c)
  const [y, pull] = vjp(g)(at)
  const [u, w] = [direction(choice)(y), direction(choice + 3)(y)]
  return nearTrees(pull(add(mul(u, 2), mul(w, -0.5))), plus(scaled(pull(u), 2), scaled(pull(w), -0.5)), 1e-9)
})

export const adjointness: Law<Case> = law('adjointness', '⟨u, Jv⟩ = ⟨Jᵀu, v⟩', (c, choice) => {
  const { g, at } = inFloats(c)
  const v = at.map(direction(choice))
  const [y, jv] = jvp(g)(at, v)
  const u = direction(choice + 17)(y)
  return near(dotOf([u], [jv]), dotOf(vjp(g)(at)[1](u), v), 1e-9)
})

export const centralDifference: Law<Case> = law(
  'central difference',
  'Jv ≈ (f(x + hv) − f(x − hv)) / 2h',
  (c, choice) => {
    const { g, at } = inFloats(c)
    const v = at.map(direction(choice))
    const at2 = (h: number) => g(at.map((x, i) => moved(x, v[i]!, h)))
    const slope = (h: number) => div(sub(at2(h), at2(-h)), 2 * h)
    // Two steps together (Richardson) leave an error of order h⁴, which one small step cannot reach for rounding.
    const h = c.steep ? 1e-4 : 1e-3
    return nearTensors(jvp(g)(at, v)[1], div(sub(mul(slope(h), 4), slope(2 * h)), 3), 1e-6)
  }
)

export const chainRule: Law<Case> = law('chain rule', 'J(g ∘ f) v = Jg (Jf v)', (c, choice) => {
  const { g, at } = inFloats(c)
  const v = at.map(direction(choice))
  const outer = (y: Tensor): Tensor => tanh(mul(y, 0.5))
  const [y, dy] = jvp(g)(at, v)
  return nearTensors(jvp((xs: Tensors) => outer(g(xs)))(at, v)[1], jvp(outer)(y, dy)[1], 1e-10)
})

export const sameJacobians: Law<Case> = law('jacobians', 'jacfwd f = jacrev f', c => {
  const { g, at } = inFloats(c)
  return nearTrees(jacfwd(g)(at), jacrev(g)(at), 1e-9)
})

export const symmetric: Law<Case> = law(
  'symmetric second derivative',
  'vᵀHw = wᵀHv, forward over reverse = reverse over forward',
  (c, choice) => {
    const { g, at } = inFloats(c)
    const s = scalarOf(g, g(at), choice + 5)
    const [v, w] = [at.map(direction(choice)), at.map(direction(choice + 9))]
    const overReverse = (a: Tensors, b: Tensors) => dotOf(jvp(grad(s))(at, a)[1], b)
    const overForward = dotOf(grad((xs: Tensors): Tensor<[]> => jvp(s)(xs, v)[1])(at), w)
    return near(overReverse(v, w), overReverse(w, v), 1e-8) && near(overReverse(v, w), overForward, 1e-8)
  }
)

export const thirdDerivative: Law<Case> = law(
  'third derivative',
  'd³f(x + tv) forwards = d(vᵀHv) in reverse',
  (c, choice) => {
    const { g, at } = inFloats(c)
    const s = scalarOf(g, g(at), choice + 5)
    const v = at.map(direction(choice))
    const along =
      (f: (xs: Tensors) => Tensor<[]>) =>
      (xs: Tensors): Tensor<[]> =>
        jvp(f)(xs, v)[1]
    return near(item('a law')(along(along(along(s)))(at)), dotOf(grad(along(along(s)))(at), v), 1e-7)
  }
)

export const stoppedGradient: Law<Case> = law('stopGradient', '∇(x · stop f(x)) = f(x)', (c, choice) => {
  const { g, at } = inFloats(c)
  const t = uniform({ shape: [], dtype: 'float64' }, 0.5 + (choice % 5))
  const f = (x: Tensor): Tensor<[]> =>
    mul(x, stopGradient(sumAll(g(at.map(y => mul(y, mul(x, 1 / (0.5 + (choice % 5)))))))))
  return near(
    item('a law')(grad(f)(t)),
    item('a law')(sumAll(g(at.map(y => mul(y, mul(t, 1 / (0.5 + (choice % 5)))))))),
    1e-9
  )
})

export const checkpointed: Law<Case> = law(
  'checkpoint',
  'checkpoint f = f, with the same first and second derivatives',
  (c, choice) => {
    const { g, at } = inFloats(c)
    const kept = checkpoint(g)
    const [s, t] = [scalarOf(g, g(at), choice), scalarOf(kept, g(at), choice)]
    const v = at.map(direction(choice + 2))
    return (
      nearTensors(kept(at), g(at), 0) &&
      nearTrees(grad(t)(at), grad(s)(at), 1e-10) &&
      nearTrees(jvp(grad(t))(at, v)[1], jvp(grad(s))(at, v)[1], 1e-9)
    )
  }
)

/** Inner and outer derivatives do not take each other's perturbations for their own. */
export const noConfusion: Law<Case> = law(
  'no perturbation confusion',
  'd/dx (x · d/dy (x + y f(z))) = f(z) summed',
  (c, choice) => {
    const { g, at } = inFloats(c)
    const x = uniform({ shape: [], dtype: 'float64' }, 1 + (choice % 7))
    const total = sumAll(g(at))
    const inner = (x: Tensor) =>
      grad((y: Tensor): Tensor<[]> => add(x, mul(y, total)))(uniform({ shape: [], dtype: 'float64' }, 1))
    return near(item('a law')(grad((x: Tensor): Tensor<[]> => mul(x, inner(x)))(x)), item('a law')(total), 1e-9)
  }
)

/** The law of linear maps: transposed twice, they are themselves. */
export const doubleTranspose: Law<Case> = law('double transpose', 'Lᵀᵀ = L', (c, choice) => {
  const { g, at } = inFloats(c)
  const v = at.map(direction(choice))
  const zero = at.map(x => uniform(x, 0))
  const [y, pull] = vjp(g)(zero)
  const twice = vjp(pull)(uniform(y, 0))[1](v)
  return nearTensors(twice, jvp(g)(zero, v)[1], 1e-9)
})

/** The law of products: the derivative is the sum of those in each operand alone. */
export const leibniz: Law<Case> = law('Leibniz', 'd(f(x, y)) = f(dx, y) + f(x, dy)', (c, choice) => {
  const { g, at } = inFloats(c)
  const v = at.map(direction(choice))
  const alone = at.map((_, i) => g(at.map((x, j) => (i === j ? v[j]! : x))))
  return nearTensors(
    jvp(g)(at, v)[1],
    alone.reduce((a, b) => add(a, b)),
    1e-9
  )
})

/** The laws of everything differentiable. */
export const derivativeLaws: readonly Law<Case>[] = [
  linearTangent,
  linearCotangent,
  adjointness,
  centralDifference,
  chainRule,
  sameJacobians,
  symmetric,
  thirdDerivative,
  stoppedGradient,
  checkpointed,
  noConfusion
]
