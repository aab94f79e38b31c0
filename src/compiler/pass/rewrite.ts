/** A program again, with some of its equations replaced. */
import { type Equation, isExpression, type Many, reapply, type Tensor } from '../../tensor/tensor.js'
import { type Program, program } from '../program.js'

/**
 * What takes the place of an equation's results, given its inputs as they are now; nothing where the equation stays. `readOnce` tells of a tensor as
 * it is now whether it is read by a single operand in all, so that nothing is left of it once its reader is replaced.
 */
export type Rewriting = (e: Equation, inputs: Many, readOnce: (x: Tensor) => boolean) => Many | undefined

/** How often each tensor is read or returned. */
const usesOf = ({ equations, results }: Program): ReadonlyMap<Tensor, number> => {
  const uses = new Map<Tensor, number>()
  const count = (x: Tensor): void => {
    uses.set(x, (uses.get(x) ?? 0) + 1)
  }
  for (const { inputs } of equations) for (const x of inputs) count(x)
  for (const x of results) count(x)
  return uses
}

/** Operands first, each equation once. A program that nothing happens to is given back itself, by which it is known that there is no more to do. */
export const rewrite = (given: Program, rewriting: Rewriting): Program => {
  const renamed = new Map<Tensor, Tensor>()
  /** Uses before, and of what a tensor stands for beside itself: it is read as often as all of that together. Few rewritings ask. */
  let counts: { readonly before: ReadonlyMap<Tensor, number>; readonly further: Map<Tensor, number> } | undefined
  const countFor = (x: Tensor, old: Tensor): void => {
    if (counts !== undefined) counts.further.set(x, (counts.further.get(x) ?? 0) + (counts.before.get(old) ?? 0))
  }
  const readOnce = (x: Tensor): boolean => {
    if (!isExpression(x)) return false
    if (counts === undefined) {
      counts = { before: usesOf(given), further: new Map() }
      for (const [old, made] of renamed) countFor(made, old)
    }
    return (counts.before.get(x) ?? 0) + (counts.further.get(x) ?? 0) <= 1
  }
  const now = (x: Tensor): Tensor => renamed.get(x) ?? x
  for (const e of given.equations) {
    const inputs = renamed.size > 0 && e.inputs.some(x => renamed.has(x)) ? e.inputs.map(now) : e.inputs
    const made = rewriting(e, inputs, readOnce) ?? (inputs === e.inputs ? e.outputs : reapply(e, inputs))
    if (made === e.outputs) continue
    e.outputs.forEach((old, i) => {
      const x = made[i]!
      if (x === old) return
      renamed.set(old, x)
      countFor(x, old)
    })
  }
  return renamed.size === 0 ? given : program(given.parameters, given.results.map(now))
}
