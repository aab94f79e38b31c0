/** Walks over the graph of an expression: without recursion, and each equation once. */
import { birth, type Equation, isExpression, type Many, reapply, type Tensor } from '../tensor/tensor.js'

/**
 * The equations that the roots need and that depend on the seeds, operands first.
 * What was born before the oldest seed cannot depend on it, so the walk never enters the history of an outer function.
 */
export const dependents = (
  roots: Many,
  seeds: { has(x: Tensor): boolean; keys(): Iterable<Tensor> }
): readonly Equation[] => {
  let oldest = Number.POSITIVE_INFINITY
  for (const seed of seeds.keys()) oldest = Math.min(oldest, birth(seed))
  const depends = new Map<Equation, boolean>()
  const order: Equation[] = []
  const path: Equation[] = []
  const next: number[] = []
  const enter = (x: Tensor): void => {
    if (isExpression(x) && x.equation.id >= oldest && !depends.has(x.equation) && !seeds.has(x)) {
      depends.set(x.equation, false)
      path.push(x.equation)
      next.push(0)
    }
  }
  for (const root of roots) {
    enter(root)
    while (path.length > 0) {
      const equation = path[path.length - 1]!
      const operand = next[next.length - 1]!
      next[next.length - 1] = operand + 1
      if (operand < equation.inputs.length) {
        enter(equation.inputs[operand]!)
        continue
      }
      path.pop()
      next.pop()
      if (equation.inputs.some(x => seeds.has(x) || (isExpression(x) && depends.get(x.equation) === true))) {
        depends.set(equation, true)
        order.push(equation)
      }
    }
  }
  return order
}

/** Another meaning for expressions: of what does not depend on the seeds, and of an equation, given those of its inputs. */
export interface Meaning<V> {
  readonly independent: (x: Tensor) => V
  readonly equation: (e: Equation, inputs: readonly V[]) => readonly V[]
}

/**
 * The meanings of the roots: the one fold over expressions, of which every transformation but transposing is a case.
 * A meaning is forgotten after its last use, so that only what is still needed takes memory.
 */
export const interpret = <V>(roots: Many, seeds: ReadonlyMap<Tensor, V>, meaning: Meaning<V>): readonly V[] => {
  const order = dependents(roots, seeds)
  const values = new Map<Equation, readonly V[]>()
  const lastUse = new Map<Equation, number>()
  order.forEach((e, i) => {
    for (const x of e.inputs) if (isExpression(x)) lastUse.set(x.equation, i)
  })
  for (const x of roots) if (isExpression(x)) lastUse.set(x.equation, order.length)
  const meaningOf = (x: Tensor): V =>
    seeds.get(x) ?? (isExpression(x) ? values.get(x.equation)?.[x.index] : undefined) ?? meaning.independent(x)
  for (let i = 0; i < order.length; i++) {
    const e = order[i]!
    values.set(e, meaning.equation(e, e.inputs.map(meaningOf)))
    for (const x of e.inputs) if (isExpression(x) && lastUse.get(x.equation) === i) values.delete(x.equation)
  }
  return roots.map(meaningOf)
}

/** The roots with other tensors in place of the seeds. Where those are known this computes: it is the evaluator as well. */
export const substitute = (roots: Many, seeds: ReadonlyMap<Tensor, Tensor>): Many =>
  interpret(roots, seeds, { independent: x => x, equation: reapply })
