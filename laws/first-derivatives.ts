/** What first derivatives obey, whatever they are derivatives of: a primitive, a loop, a layer, a user's own function. In float64. */
import { checkpoint, customJvp } from '../src/control/call.js'
import { add, div, mul, sub } from '../src/primitive/arithmetic.js'
import { cast, stopGradient } from '../src/primitive/conversion.js'
import { tanh } from '../src/primitive/elementary.js'
import { sumAll } from '../src/primitive/movement.js'
import { type Tensor, uniform } from '../src/tensor/tensor.js'
import { leaves } from '../src/tensor/tree.js'
import { jvp, linearize } from '../src/transform/forward.js'
import { hessian, hvp, jacfwd, jacrev } from '../src/transform/jacobian.js'
import { grad, valueAndGrad, valueAndGradAux, vjp } from '../src/transform/reverse.js'
import { type Case, inFloats, onLine, type Scalar, scalarOf, type Tensors, type Vector, value } from './case.js'
import { direction, dotOf, moved, near, nearTensors, nearTrees, sameBits, sameTrees, scalar } from './closeness.js'
import { law } from './law.js'

/** What laws of derivatives are about: this library's words, or an instance that may be wrong. */
export interface DerivativeWords {
  readonly jvp: (f: Vector) => (at: Tensors, v: Tensors) => readonly [Tensor, Tensor]
  readonly linearize: (f: Vector) => (at: Tensors) => readonly [Tensor, (v: Tensors) => Tensor]
  readonly vjp: (f: Vector) => (at: Tensors) => readonly [Tensor, (u: Tensor) => Tensors]
  readonly grad: (f: Scalar) => (at: Tensors) => Tensors
  readonly valueAndGrad: (f: Scalar) => (at: Tensors) => readonly [Tensor, Tensors]
  readonly valueAndGradAux: <X>(
    f: (xs: Tensors) => readonly [Tensor<[]>, X]
  ) => (at: Tensors) => readonly [readonly [Tensor, X], Tensors]
  /** Trees of tensors `[…result, …argument]`. */
  readonly jacfwd: (f: Vector) => (at: Tensors) => unknown
  readonly jacrev: (f: Vector) => (at: Tensors) => unknown
  readonly hessian: (f: Scalar) => (at: Tensors) => unknown
  readonly hvp: (f: Scalar) => (at: Tensors, v: Tensors) => Tensors
  readonly stopGradient: (x: Tensor) => Tensor
  readonly checkpoint: (f: Vector) => Vector
  readonly customJvp: (f: Vector, rule: (at: Tensors, v: Tensors) => Tensor) => Vector
}
export const words: DerivativeWords = {
  jvp,
  linearize,
  vjp,
  grad,
  valueAndGrad,
  valueAndGradAux,
  jacfwd,
  jacrev,
  hessian,
  hvp,
  stopGradient,
  checkpoint,
  customJvp
}

/** The derivative along v by central differences: two steps together (Richardson) leave an error of order h⁴, which one small step cannot reach for rounding. */
export const differences = (g: (xs: Tensors) => Tensor, at: Tensors, v: Tensors): Tensor => {
  const ahead = (h: number): Tensor => g(at.map((x, i) => moved(x, v[i]!, h)))
  const slope = (h: number): Tensor => div(sub(ahead(h), ahead(-h)), 2 * h)
  // A power of two near 10⁻³, so that steps from whole numbers round nothing.
  const h = 2 ** -10
  return div(sub(mul(slope(h), 4), slope(2 * h)), 3)
}

const scaled = (xs: Tensors, by: number): Tensors => xs.map(x => mul(x, by))
const plus = (xs: Tensors, ys: Tensors): Tensors => xs.map((x, i) => add(x, ys[i]!))

/** The laws of everything differentiable, by name, of whatever takes the derivatives. */
export const firstDerivatives = (w: DerivativeWords) => ({
  sameValue: law<Case>(
    'same value',
    'jvp, vjp, linearize and valueAndGrad of f give f(x), bit for bit',
    (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const [y, s] = [g(at), scalarOf(g, at, choice)]
      return (
        sameBits(w.jvp(g)(at, at.map(direction(choice)))[0], y) &&
        sameBits(w.vjp(g)(at)[0], y) &&
        sameBits(w.linearize(g)(at)[0], y) &&
        sameBits(w.valueAndGrad(s)(at)[0], s(at))
      )
    }
  ),
  linearTangent: law<Case>('linear tangents', 'J(av + bw) = a Jv + b Jw', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const [v, u] = [at.map(direction(choice)), at.map(direction(choice + 3))]
    const push = (t: Tensors): Tensor => w.jvp(g)(at, t)[1]
    return nearTensors(push(plus(scaled(v, 2), scaled(u, -0.5))), add(mul(push(v), 2), mul(push(u), -0.5)), 1e-9)
  }),
  linearCotangent: law<Case>('linear cotangents', 'Jᵀ(au + bw) = a Jᵀu + b Jᵀw', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const [y, pull] = w.vjp(g)(at)
    const [u, v] = [direction(choice)(y), direction(choice + 3)(y)]
    return nearTrees(pull(add(mul(u, 2), mul(v, -0.5))), plus(scaled(pull(u), 2), scaled(pull(v), -0.5)), 1e-9)
  }),
  adjointness: law<Case>('adjointness', '⟨u, Jv⟩ = ⟨Jᵀu, v⟩', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const v = at.map(direction(choice))
    const [y, jv] = w.jvp(g)(at, v)
    const u = direction(choice + 17)(y)
    return near(dotOf([u], [jv]), dotOf(w.vjp(g)(at)[1](u), v), 1e-9)
  }),
  centralDifference: law<Case>('central difference', 'Jv ≈ (f(x + hv) − f(x − hv)) / 2h', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const v = at.map(direction(choice))
    return nearTensors(w.jvp(g)(at, v)[1], differences(g, at, v), 1e-6)
  }),
  oneLinearMap: law<Case>('one linear map', 'linearize f x = jvp f x, used twice', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const [, push] = w.linearize(g)(at)
    return [choice, choice + 1].every(i => {
      const v = at.map(direction(i))
      return nearTensors(push(v), w.jvp(g)(at, v)[1], 1e-10)
    })
  }),
  gradient: law<Case>('gradient', '∇s = Jᵀw for s = ⟨w, f⟩', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const s = scalarOf(g, at, choice)
    const pulled = w.vjp(g)(at)[1](direction(choice)(g(at)))
    return nearTrees(w.grad(s)(at), pulled, 1e-10) && nearTrees(w.valueAndGrad(s)(at)[1], pulled, 1e-10)
  }),
  chainRule: law<Case>('chain rule', 'J(h ∘ f) v = Jh (Jf v), J(h ∘ f)ᵀ u = Jfᵀ (Jhᵀ u)', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const v = at.map(direction(choice))
    const outer: Vector = ([y]) => tanh(mul(y!, 0.5))
    const whole: Vector = xs => outer([g(xs)])
    const [y, dy] = w.jvp(g)(at, v)
    const u = direction(choice + 1)(y)
    const between = w.vjp(outer)([y])[1](u)[0]!
    return (
      nearTensors(w.jvp(whole)(at, v)[1], w.jvp(outer)([y], [dy])[1], 1e-10) &&
      nearTrees(w.vjp(whole)(at)[1](u), w.vjp(g)(at)[1](between), 1e-10)
    )
  }),
  sameJacobians: law<Case>('jacobians', 'jacfwd f = jacrev f', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    // The one is in the dtype of the result, the other in that of the argument.
    const inFloat64 = (jacobian: unknown): Tensors => leaves(jacobian).map(cast('float64'))
    return nearTrees(inFloat64(w.jacfwd(g)(at)), inFloat64(w.jacrev(g)(at)), 1e-9)
  }),
  stoppedGradient: law<Case>('stopGradient', 'd/dt (t · stop s(t)) = s(t)', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const line = onLine(scalarOf(g, at, choice), at, at.map(direction(choice + 1)))
    const stopped: Scalar = ([t]) => mul(t!, w.stopGradient(line([t!])))
    return near(value(w.grad(stopped)([scalar(1)])[0]!), value(line([scalar(1)])), 1e-12)
  }),
  checkpointed: law<Case>('checkpoint', 'checkpoint f = f, with the same first and second derivatives', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    return nearTensors(w.checkpoint(g)(at), g(at), 0) && sameDerivatives(w, g, w.checkpoint(g), at, choice)
  }),
  customised: law<Case>(
    'custom rule',
    'customJvp (f, jvp f) = f, with the same first and second derivatives',
    (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const custom = w.customJvp(g, (xs, v) => w.jvp(g)(xs, v)[1])
      return nearTensors(custom(at), g(at), 0) && sameDerivatives(w, g, custom, at, choice)
    }
  )
})
const sameDerivatives = (w: DerivativeWords, f: Vector, g: Vector, at: Tensors, choice: number): boolean => {
  const [s, t] = [f, g].map(h => w.grad(scalarOf(h, at, choice)))
  const v = at.map(direction(choice + 2))
  const along = (gradient: (xs: Tensors) => Tensors): Tensor => w.jvp(xs => sumTo(gradient(xs), v))(at, v)[1]
  return nearTrees(s!(at), t!(at), 1e-10) && nearTensors(along(s!), along(t!), 1e-9)
}
const sumTo = (xs: Tensors, weights: Tensors): Tensor =>
  xs.map((x, i) => sumAll(mul(x, weights[i]!))).reduce((a, b) => add(a, b), scalar(0))

/** The laws of linear maps. */
export const linearMaps = (w: DerivativeWords) => ({
  ownDerivative: law<Case>('own derivative', 'JL(x) v = L v − L 0, at every x', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const [v, zero] = [at.map(direction(choice)), at.map(x => uniform(x, 0))]
    return nearTensors(w.jvp(g)(at, v)[1], sub(g(v), g(zero)), 1e-9)
  }),
  doubleTranspose: law<Case>('double transpose', 'Lᵀᵀ = L', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const v = at.map(direction(choice))
    const zero = at.map(x => uniform(x, 0))
    const [y, pull] = w.vjp(g)(zero)
    // The transpose, a function with several results, through each of them.
    const transposed = at.map((_, i) => w.vjp(([u]) => pull(u!)[i]!)([uniform(y, 0)])[1](v[i]!)[0]!)
    return nearTensors(
      transposed.reduce((a, b) => add(a, b)),
      w.jvp(g)(zero, v)[1],
      1e-9
    )
  })
})
/** The law of products. */
export const products = (w: DerivativeWords) => ({
  leibniz: law<Case>('Leibniz', 'd f(x, y) = f(dx, y) + f(x, dy)', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const v = at.map(direction(choice))
    const alone = at.map((_, i) => g(at.map((x, j) => (i === j ? v[j]! : x))))
    return nearTensors(
      w.jvp(g)(at, v)[1],
      alone.reduce((a, b) => add(a, b)),
      1e-9
    )
  })
})
/** The laws of what is computed beside a value. */
export const besides = (w: DerivativeWords) => ({
  passedAlong: law<Case>(
    'passed along',
    'valueAndGradAux (s, f) = (valueAndGrad s, f): what is beside has no part in the gradient',
    (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const s = scalarOf(g, at, choice)
      const [[value, { beside, whole }], gradient] = w.valueAndGradAux(xs => [
        s(xs),
        { beside: [g(xs), ...xs], whole: xs.map(cast('int32')) }
      ])(at)
      const [plain, slope] = w.valueAndGrad(s)(at)
      return (
        sameBits(value, plain) &&
        sameTrees(gradient, slope) &&
        sameTrees(beside, [g(at), ...at]) &&
        sameTrees(whole, at.map(cast('int32')))
      )
    }
  ),
  derivedBeside: law<Case>(
    'derived beside',
    'the derivative of what valueAndGradAux (s, f) passes along is that of f, and of its gradient that of ∇s',
    (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const s = scalarOf(g, at, choice)
      const v = at.map(direction(choice + 1))
      const both = (xs: Tensors) => w.valueAndGradAux(ys => [s(ys), g(ys)])(xs)
      return (
        nearTensors(w.jvp(xs => both(xs)[0][1])(at, v)[1], w.jvp(g)(at, v)[1], 1e-10) &&
        nearTensors(w.jvp(xs => sumTo(both(xs)[1], v))(at, v)[1], w.jvp(xs => sumTo(w.grad(s)(xs), v))(at, v)[1], 1e-9)
      )
    }
  )
})
