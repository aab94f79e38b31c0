/** What transformations obey, of any function: they mean the same function, and they commute. */
import { interpreter } from '../src/engine/interpreter.js'
import { jit } from '../src/engine/jit.js'
import { add, mul, neg } from '../src/primitive/arithmetic.js'
import { cast } from '../src/primitive/conversion.js'
import { tanh } from '../src/primitive/elementary.js'
import { permute, reshape, sumAll } from '../src/primitive/movement.js'
import { not } from '../src/primitive/selection.js'
import { isFloat } from '../src/structure/dtype.js'
import { range, sameShape, size } from '../src/structure/shape.js'
import { constant, isConstant, type Tensor, zeros } from '../src/tensor/tensor.js'
import { jvp, trace } from '../src/transform/forward.js'
import { substitute } from '../src/transform/graph.js'
import { grad } from '../src/transform/reverse.js'
import { type Batched, vmap } from '../src/transform/vmap.js'
import { type Case, inFloats, type Tensors, type Vector } from './case.js'
import { direction, member, nearTensors, nearTrees, sameBits, sameTrees, stack } from './closeness.js'
import { type Law, law } from './law.js'

/** What laws of transformations are about: this library's words, or an instance that may be wrong. */
export interface TransformationWords {
  /** The results of an expression with the unknowns known. */
  readonly evaluate: (results: Tensors, values: ReadonlyMap<Tensor, Tensor>) => Tensors
  readonly vmap: <B>(f: (xs: Tensors) => B) => (xs: Tensors) => Batched<B, number>
  readonly jit: <B>(f: (xs: Tensors) => B) => (xs: Tensors) => B
}
export const words: TransformationWords = {
  evaluate: substitute,
  vmap: f => xs => vmap(f)(xs),
  jit: f => jit(f, { engine: interpreter })
}

/** The function traced on unknowns, and then evaluated. */
const evaluated = ({ evaluate }: TransformationWords, f: Vector, inputs: Tensors): Tensor => {
  const { variables, roots } = trace('a law', f, inputs)
  return evaluate(roots, new Map(variables.map((v, i) => [v as Tensor, inputs[i]!])))[0]!
}

/** A way to build a tensor that simplification looks through, and back. */
interface Wrapping {
  readonly wrap: (x: Tensor) => Tensor
  readonly unwrap: (x: Tensor) => Tensor
}
const plain: Wrapping = { wrap: x => x, unwrap: x => x }
const negated: Wrapping = { wrap: neg, unwrap: neg }
const flattened = ({ shape }: Tensor): Wrapping => ({ wrap: reshape(shape), unwrap: reshape([size(shape)]) })
const exchanged = ({ shape }: Tensor): Wrapping => {
  const rank = shape.length
  const turn = permute([...range(rank - 2), rank - 1, rank - 2])
  return { wrap: turn, unwrap: turn }
}
const wrappings = (x: Tensor): readonly Wrapping[] => [
  plain,
  flattened(x),
  ...(x.dtype === 'bool' ? [] : [negated]),
  ...(x.shape.length < 2 ? [] : [exchanged(x)])
]

/** The elements of a known tensor moved on by so many places. */
const rolled = (x: Tensor, by: number): Tensor =>
  isConstant(x)
    ? constant(
        x.shape,
        x.dtype,
        x.data.map((_, i) => x.data[(i + by) % x.data.length]!)
      )
    : x
/** Another point beside x: floating numbers a little moved, conditions the other way, indices in another order. */
const beside = (x: Tensor, j: number): Tensor =>
  isFloat(x)
    ? add(x, mul(direction(0)(zeros(x)), 0.01 * j))
    : x.dtype === 'bool'
      ? j % 2 === 0
        ? x
        : not(x)
      : rolled(x, j)

/** Members of a batch around a point, for the inputs that are marked. */
const batchAround = (inputs: Tensors, choice: number, n: number) => {
  const marks = inputs.map((_, i) => i === choice % inputs.length || (choice >> (i + 3)) % 2 === 0)
  const batches = inputs.map((x, i) =>
    !marks[i]
      ? x
      : n === 0
        ? zeros({ dtype: x.dtype, shape: [0, ...x.shape] })
        : stack(Array.from({ length: n }, (_, j) => beside(x, j)))
  )
  const marked = (xs: Tensors): Tensors => xs.filter((_, i) => marks[i])
  /** f of the marked inputs, the others being closed over. */
  const ofMarked =
    (f: Vector): Vector =>
    xs => {
      let next = 0
      return f(batches.map((x, i) => (marks[i] ? xs[next++]! : x)))
    }
  const memberOf = (j: number): Tensors => batches.map((b, i) => (marks[i] ? member(b, j) : b))
  return { given: marked(batches), ofMarked, memberOf }
}

/** The laws of every function, by name. */
export const ofFunctions = (w: TransformationWords) => ({
  oneMeaning: law<Case>('one meaning', 'evaluate (trace f) x = f x, bit for bit', ({ f, inputs }) => {
    return sameBits(evaluated(w, f, inputs), f(inputs))
  }),
  /** What is known may be simplified away, and nothing may change by that. */
  partlyKnown: law<Case>(
    'partly known',
    'evaluate (trace f(·, k)) x = f(x, k), bit for bit',
    ({ f, inputs }, choice) => {
      const unknown = choice % inputs.length
      const ofOne: Vector = ([x]) => f(inputs.map((known, i) => (i === unknown ? x! : known)))
      return sameBits(evaluated(w, ofOne, [inputs[unknown]!]), f(inputs))
    }
  ),
  /** So may what an operand is made of. */
  simplified: law<Case>(
    'simplified',
    'evaluate (trace (f ∘ w)) x = f (w x), bit for bit, for w a negation, reshape or permutation',
    ({ f, inputs }, choice) => {
      const chosen = inputs.map((x, i) => {
        const possible = wrappings(x)
        return possible[(choice >> (2 * i)) % possible.length]!
      })
      const points = inputs.map((x, i) => chosen[i]!.unwrap(x))
      const whole: Vector = xs => f(xs.map((x, i) => chosen[i]!.wrap(x)))
      return sameBits(evaluated(w, whole, points), whole(points))
    }
  ),
  vmapIsMap: law<Case>(
    'vmap is map',
    'vmap f = stack ∘ map f, whichever inputs are batched, for no member, one or three',
    ({ f, inputs }, choice) => {
      const n = [3, 1, 0][choice % 3]!
      const { given, ofMarked, memberOf } = batchAround(inputs, choice, n)
      const whole = w.vmap(ofMarked(f))(given)
      const one = f(inputs)
      return (
        sameShape(whole.shape, [n, ...one.shape]) &&
        whole.dtype === one.dtype &&
        range(n).every(j => nearTensors(member(whole, j), f(memberOf(j)), 1e-12))
      )
    }
  ),
  vmapComposes: law<Case>('vmap composes', 'vmap (g ∘ f) = vmap g ∘ vmap f', ({ f, inputs }, choice) => {
    const { given, ofMarked } = batchAround(inputs, choice, 2)
    const outer: Vector = ([y]) => (isFloat(y!) ? tanh(y!) : y!)
    const inner = ofMarked(f)
    return nearTensors(w.vmap(xs => outer([inner(xs)]))(given), w.vmap(outer)([w.vmap(inner)(given)]), 1e-12)
  }),
  vmapTwice: law<Case>('vmap of vmap', 'vmap (vmap f) = stack ∘ map (stack ∘ map f)', ({ f, inputs }, choice) => {
    const { given, ofMarked, memberOf } = batchAround(inputs, choice, 2)
    const near = (x: Tensor, k: number): Tensor => (isFloat(x) ? beside(x, 2 * k) : x)
    const inner: Vector = ys => w.vmap(f)(ys.map(y => stack([y, near(y, 1)])))
    const twice = w.vmap(ofMarked(inner))(given)
    return range(2).every(j =>
      range(2).every(k => nearTensors(member(member(twice, j), k), f(memberOf(j).map(x => near(x, k))), 1e-12))
    )
  }),
  vmapOfConstant: law<Case>('vmap of a constant', 'vmap (_ ↦ y) = y for each member', ({ f, inputs }) => {
    const y = f(inputs)
    const all = w.vmap(() => y)(inputs.map(x => stack([x, x])))
    return range(2).every(j => sameBits(member(all, j), y))
  }),
  jitIsIdentity: law<Case>('jit', 'jit f = f, at one point, again, and at another, bit for bit', ({ f, inputs }) => {
    const compiled = w.jit(f)
    const others = inputs.map(x => beside(x, 1))
    return [inputs, inputs, others, inputs].every(xs => sameBits(compiled(xs), f(xs)))
  }),
  jitLooksAtTypes: law<Case>('jit looks at types', 'jit f = f for arguments of any shapes and dtypes', ({ inputs }) => {
    const f: Vector = ([x]) => add(x!, 1)
    const compiled = w.jit(f)
    return inputs
      .flatMap(x => [x, reshape([size(x.shape), 1])(x), cast('float32')(x), cast('int32')(x), x])
      .every(x => sameBits(compiled([x]), f([x])))
  })
})

/** The laws of transformations of everything differentiable, by name. */
export const ofDifferentiable = (w: TransformationWords) => ({
  vmapOfGrad: law<Case>('vmap of grad', 'vmap (grad s) = grad (sum ∘ vmap s) = stack ∘ map (grad s)', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const s = (xs: Tensors): Tensor<[]> => sumAll(g(xs))
    const members = [at, at.map(x => add(x, mul(direction(choice % 7)(zeros(x)), 0.01)))]
    const batches = at.map((_, i) => stack(members.map(xs => xs[i]!)))
    const each = w.vmap(grad(s))(batches)
    const all = grad((xs: Tensors): Tensor<[]> => sumAll(w.vmap(s)(xs)))(batches)
    const apart = members.map(grad(s))
    return (
      nearTrees(
        each,
        at.map((_, i) => stack(apart.map(gs => gs[i]!))),
        1e-9
      ) && nearTrees(each, all, 1e-9)
    )
  }),
  vmapOfJvp: law<Case>('vmap of jvp', 'vmap (jvp f) = jvp (vmap f)', (c, choice) => {
    const { g, at } = inFloats(c, choice)
    const n = at.length
    const batches = at.map(x => stack([x, beside(x, 1)]))
    const tangents = batches.map(direction(choice))
    const each = w.vmap(xs => jvp(g)(xs.slice(0, n), xs.slice(n)))([...batches, ...tangents])
    return nearTrees(each, jvp(w.vmap(g))(batches, tangents), 1e-9)
  }),
  jitCommutes: law<Case>(
    'jit commutes',
    'jit (grad (jit f)) = grad f, jit (vmap (jit f)) = vmap f, jit (grad (grad f)) = grad (grad f)',
    (c, choice) => {
      const { g, at } = inFloats(c, choice)
      const s = (xs: Tensors): Tensor<[]> => sumAll(g(xs))
      const t = (xs: Tensors): Tensor<[]> =>
        grad(s)(xs)
          .map((x, i) => sumAll(mul(x, direction(i)(x))))
          .reduce((a, b) => add(a, b))
      const batches = at.map(x => stack([x, x]))
      return (
        nearTrees(w.jit(grad(w.jit(s)))(at), grad(s)(at), 1e-12) &&
        nearTrees(w.jit(grad(w.jit(t)))(at), grad(t)(at), 1e-12) &&
        sameTrees(w.jit(w.vmap(w.jit(g)))(batches), w.vmap(g)(batches))
      )
    }
  )
})

const functions = ofFunctions(words)
const differentiable = ofDifferentiable(words)

export const { jitIsIdentity, jitLooksAtTypes, oneMeaning, partlyKnown, simplified } = functions
export const { vmapComposes, vmapIsMap, vmapOfConstant, vmapTwice } = functions
export const { jitCommutes, vmapOfGrad, vmapOfJvp } = differentiable

/** The laws of every function. */
export const functionLaws: readonly Law<Case>[] = Object.values(functions)
/** The laws of transformations of everything differentiable. */
export const commutingLaws: readonly Law<Case>[] = Object.values(differentiable)
