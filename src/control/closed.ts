/** A program with named parameters and nothing free: what a control primitive carries as an attribute. */

import {
  birth,
  type Closed,
  type Equation,
  isConstant,
  isExpression,
  isVariable,
  type Many,
  orZeros,
  type Tangent,
  type Tensor,
  type Type,
  type Variable,
  variable
} from '../tensor/tensor.js'
import { tracing } from '../tensor/tracing.js'
import { type Dual, pushForward } from '../transform/forward.js'
import { dependents, substitute } from '../transform/graph.js'
import { transpose } from '../transform/reverse.js'
import { batch } from '../transform/vmap.js'

export type { Closed }

const pair = <V>(keys: Many, values: readonly V[]): ReadonlyMap<Tensor, V> =>
  new Map(keys.map((key, i) => [key, values[i]!]))
/** The pairs whose key is marked. */
const pairMarked = (keys: Many, marks: readonly boolean[], values: Many): ReadonlyMap<Tensor, Tensor> =>
  new Map(keys.flatMap((key, i) => (marks[i] ? [[key, values[i]!] as const] : [])))

/** The program's results on operands, known or not. */
export const run = ({ parameters, results }: Closed, inputs: Many): Many =>
  substitute(results, pair(parameters, inputs))

/** What the results use that was born before the parameters: the closure of a function, in order of meeting. */
export const captured = (results: Many, parameters: readonly Variable[]): Many => {
  const start = parameters.reduce((oldest, p) => Math.min(oldest, p.id), Number.POSITIVE_INFINITY)
  const own = new Set<Tensor>(parameters)
  const found = new Set<Tensor>()
  const seen = new Set<Equation>()
  const todo = [...results]
  for (let x = todo.pop(); x !== undefined; x = todo.pop()) {
    if (isConstant(x) || own.has(x)) continue
    if (isVariable(x) || birth(x) < start) found.add(x)
    else if (isExpression(x) && !seen.has(x.equation)) {
      seen.add(x.equation)
      for (const input of x.equation.inputs) todo.push(input)
    }
  }
  return [...found]
}
/** Closure conversion: the function on unknowns, with what it captured as further parameters. */
export const close = (f: (...xs: Many) => Many, types: readonly Type[]): readonly [Closed, Many] => {
  const parameters = types.map(variable)
  const results = tracing(() => f(...parameters))
  const free = captured(results, parameters)
  const names = free.map(variable)
  return [{ parameters: [...parameters, ...names], results: substitute(results, pair(free, names)) }, free]
}

/** Tangent variables for the active parameters, and the results with their tangents. */
const dualized = (
  { parameters, results }: Closed,
  active: readonly boolean[]
): { readonly directions: readonly Variable[]; readonly duals: readonly Dual[] } => {
  const directions = parameters.map((p, i) => (active[i] ? variable(p) : undefined))
  const seeds = new Map(parameters.map((p, i): [Tensor, Dual] => [p, { primal: p, tangent: directions[i] }]))
  return { directions: directions.filter(d => d !== undefined), duals: pushForward(results, seeds) }
}

export interface LinearizedClosed {
  /** The results, then the residuals that change from call to call. */
  readonly primal: Closed
  /** Parameters: the active directions, then the changing residuals, then the fixed ones. */
  readonly tangent: Closed
  /** Residuals that need only the parameters marked fixed: as programs over these. */
  readonly fixed: Closed
}
/** Splits a program into one that computes the results and the residuals, and a linear one in the active directions. */
export const linearizeClosed = (
  closed: Closed,
  active: readonly boolean[],
  fixed: readonly boolean[]
): LinearizedClosed => {
  const { parameters } = closed
  const { directions, duals } = dualized(closed, active)
  const tangents = duals.map(dual => orZeros(dual.tangent, dual.primal))
  const linear = new Set<Tensor>(directions)
  const order = dependents(tangents, linear)
  const inside = new Set(order)
  const outside = (x: Tensor): boolean =>
    !isConstant(x) && !linear.has(x) && !(isExpression(x) && inside.has(x.equation))
  // A tangent may itself be a primal (a sum of the primals' own makes none, a custom rule may): then it is a residual too.
  const residuals = [...new Set([...order.flatMap(e => e.inputs.filter(outside)), ...tangents.filter(outside)])]
  const moving = new Set<Tensor>(parameters.filter((_, i) => !fixed[i]))
  const changing = residuals.filter(x => moving.has(x) || dependents([x], moving).length > 0)
  const still = residuals.filter(x => !changing.includes(x))
  const names = [...changing, ...still].map(variable)
  return {
    primal: { parameters, results: [...duals.map(dual => dual.primal), ...changing] },
    tangent: {
      parameters: [...directions, ...names],
      results: substitute(tangents, pair([...changing, ...still], names))
    },
    fixed: { parameters, results: still }
  }
}

/** The tangents, recomputing all they need: parameters, then active directions. */
export const jvpClosed = (closed: Closed, active: readonly boolean[]): Closed => {
  const { directions, duals } = dualized(closed, active)
  return {
    parameters: [...closed.parameters, ...directions],
    results: duals.map(dual => orZeros(dual.tangent, dual.primal))
  }
}
/** The results, and then the tangents of those that are marked: parameters, then active directions. */
export const dualClosed = (closed: Closed, active: readonly boolean[], wanted: readonly boolean[]): Closed => {
  const { directions, duals } = dualized(closed, active)
  return {
    parameters: [...closed.parameters, ...directions],
    results: [
      ...duals.map(dual => dual.primal),
      ...duals.filter((_, i) => wanted[i]).map(dual => orZeros(dual.tangent, dual.primal))
    ]
  }
}
/** Which results have a tangent, if the active parameters have. */
export const moved = (closed: Closed, active: readonly boolean[]): readonly boolean[] =>
  dualized(closed, active).duals.map(dual => dual.tangent !== undefined)
/** Which results depend on the marked parameters. */
export const reached = ({ parameters, results }: Closed, marks: readonly boolean[]): readonly boolean[] => {
  const seeds = new Set<Tensor>(parameters.filter((_, i) => marks[i]))
  const inside = new Set(dependents(results, seeds))
  return results.map(x => seeds.has(x) || (isExpression(x) && inside.has(x.equation)))
}
/** For a program linear in the marked parameters: the others and cotangents of the results, to cotangents of the marked. */
export const transposeClosed = ({ parameters, results }: Closed, linear: readonly boolean[]): Closed => {
  const cotangents = results.map(variable)
  const directions = parameters.filter((_, i) => linear[i])
  const given: readonly Tangent[] = transpose(results, directions, cotangents)
  return {
    parameters: [...parameters.filter((_, i) => !linear[i]), ...cotangents],
    results: given.map((g, i) => orZeros(g, directions[i]!))
  }
}
/** The program for n members at once; a parameter that is not marked is the same for all, and so is a result that is known to be. */
export const batchClosed = (
  n: number,
  { parameters, results }: Closed,
  batched: readonly boolean[],
  isAlike: (result: number) => boolean = () => false
): Closed => {
  const wide = parameters.map((p, i) => variable(batched[i] ? { dtype: p.dtype, shape: [n, ...p.shape] } : p))
  const renamed = substitute(
    results,
    pairMarked(
      parameters,
      batched.map(b => !b),
      wide
    )
  )
  const repeated = batch(n, renamed, pairMarked(parameters, batched, wide))
  return { parameters: wide, results: repeated.map((x, i) => (isAlike(i) ? renamed[i]! : x)) }
}
