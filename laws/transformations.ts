/** What transformations obey, of any function: they mean the same function, and they commute. */

import { jit } from '../src/engine/jit.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import { tanh } from '../src/primitive/elementary.js'
import { sumAll } from '../src/primitive/movement.js'
import { isFloat } from '../src/structure/dtype.js'
import { type Tensor, variable, zeros } from '../src/tensor/tensor.js'
import { substitute } from '../src/transform/graph.js'
import { grad } from '../src/transform/reverse.js'
import { vmap } from '../src/transform/vmap.js'
import { direction, member, nearTensors, nearTrees, sameBits, stack } from './closeness.js'
import { type Case, inFloats } from './derivatives.js'
import { type Law, law } from './law.js'

type Tensors = readonly Tensor[]

export const oneMeaning: Law<Case> = law('one meaning', 'evaluate (trace f) x = f x, bit for bit', ({ f, inputs }) => {
  const unknowns = inputs.map(variable)
  const [traced] = substitute([f(unknowns)], new Map(unknowns.map((v, i) => [v as Tensor, inputs[i]!])))
  return sameBits(traced!, f(inputs))
})

/** Some inputs unknown and others known: what is known may be simplified away, and nothing may change by that. */
export const partlyKnown: Law<Case> = law(
  'partly known',
  'evaluate (trace f(·, k)) x = f(x, k), bit for bit',
  ({ f, inputs }, choice) => {
    const unknown = inputs.map((_, i) => i === choice % inputs.length)
    const arguments_ = inputs.map((x, i) => (unknown[i] ? variable(x) : x))
    const seeds = new Map(arguments_.flatMap((v, i) => (unknown[i] ? [[v, inputs[i]!] as const] : [])))
    const [traced] = substitute([f(arguments_)], seeds)
    return sameBits(traced!, f(inputs))
  }
)

/** Members of a batch around a point, for the inputs that are marked. */
const batchAround = (inputs: Tensors, choice: number, n: number) => {
  const marks = inputs.map((_, i) => i === choice % inputs.length || (choice >> (i + 3)) % 2 === 0)
  const shifted = (x: Tensor, j: number): Tensor => (isFloat(x) ? add(x, mul(direction(0)(zeros(x)), 0.01 * j)) : x)
  const batches = inputs.map((x, i) => (marks[i] ? stack(Array.from({ length: n }, (_, j) => shifted(x, j))) : x))
  return { marks, batches }
}
/** f of the marked inputs, the others being closed over. */
const ofMarked =
  (f: Case['f'], marks: readonly boolean[], all: Tensors) =>
  (xs: Tensors): Tensor => {
    let next = 0
    return f(all.map((x, i) => (marks[i] ? xs[next++]! : x)))
  }

export const vmapIsMap: Law<Case> = law(
  'vmap is map',
  'vmap f = stack ∘ map f, whichever inputs are batched',
  ({ f, inputs }, choice) => {
    const n = 3
    const { marks, batches } = batchAround(inputs, choice, n)
    const whole: Tensor = vmap(ofMarked(f, marks, batches))(batches.filter((_, i) => marks[i]))
    return Array.from({ length: n }, (_, j) => j).every(j =>
      nearTensors(member(whole, j), f(batches.map((b, i) => (marks[i] ? member(b, j) : b))), 1e-12)
    )
  }
)

export const vmapComposes: Law<Case> = law(
  'vmap composes',
  'vmap (g ∘ f) = vmap g ∘ vmap f',
  ({ f, inputs }, choice) => {
    const { marks, batches } = batchAround(inputs, choice, 2)
    const marked = batches.filter((_, i) => marks[i])
    const inner = ofMarked(f, marks, batches)
    const outer = (y: Tensor): Tensor => (isFloat(y) ? tanh(y) : y)
    const together: Tensor = vmap((xs: Tensors) => outer(inner(xs)))(marked)
    const apart: Tensor = vmap(outer)(vmap(inner)(marked))
    return nearTensors(together, apart, 1e-12)
  }
)

export const jitIsIdentity: Law<Case> = law('jit', 'jit f = f, called twice, bit for bit', ({ f, inputs }) => {
  const compiled = jit(f)
  const [first, second, own] = [compiled(inputs), compiled(inputs), f(inputs)]
  return sameBits(first, own) && sameBits(second, own)
})

/** The laws of every function. */
export const functionLaws: readonly Law<Case>[] = [oneMeaning, partlyKnown, vmapIsMap, vmapComposes, jitIsIdentity]

export const vmapOfGrad: Law<Case> = law('vmap of grad', 'vmap (grad f) = grad (sum ∘ vmap f)', (c, choice) => {
  const { g, at } = inFloats(c)
  const s = (xs: Tensors): Tensor<[]> => sumAll(g(xs))
  const batches = at.map(x => stack([x, add(x, mul(direction(choice % 7)(zeros(x)), 0.01))]))
  const each = vmap(grad(s))(batches)
  const all = grad((xs: Tensors): Tensor<[]> => sumAll(vmap(s)(xs)))(batches)
  return nearTrees(each, all, 1e-9)
})

export const jitCommutes: Law<Case> = law(
  'jit commutes',
  'jit (grad (jit f)) = grad f, jit (vmap f) = vmap (jit f)',
  c => {
    const { g, at } = inFloats(c)
    const s = (xs: Tensors): Tensor<[]> => sumAll(g(xs))
    const batches = at.map(x => stack([x, x]))
    return (
      nearTrees(jit(grad(jit(s)))(at), grad(s)(at), 1e-12) &&
      nearTrees(jit((xs: Tensors) => vmap(g)(xs))(batches), vmap(jit(g))(batches), 1e-12)
    )
  }
)

/** The laws of transformations of everything differentiable. */
export const commutingLaws: readonly Law<Case>[] = [vmapOfGrad, jitCommutes]
