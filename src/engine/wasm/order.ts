/**
 * An order of equations in which what is carried is overwritten as late as possible.
 *
 * A program that is run again and again makes the next value of a parameter. If everything else that reads the parameter comes before, the
 * next value can be written over the old one; otherwise it has to be kept apart and copied.
 */
import { type Equation, isExpression, type Tensor } from '../../tensor/tensor.js'

/** A tensor and what takes its place. */
export type Succession = readonly [before: Tensor, after: Tensor]

/** The same equations, operands first; after those that read `before` comes the one that makes `after`, where that is possible. */
export const overwritingLast = (
  equations: readonly Equation[],
  successions: readonly Succession[],
  isView: (e: Equation) => boolean
): readonly Equation[] => {
  if (successions.length === 0) return equations
  /** The tensor that a view is a view of. */
  const origin = new Map<Tensor, Tensor>()
  const readers = new Map<Tensor, Equation[]>(successions.map(([before]) => [before, []]))
  const inside = new Set(equations)
  for (const e of equations) {
    for (const input of e.inputs) {
      const seen = origin.get(input) ?? input
      if (isView(e)) origin.set(e.outputs[0]!, seen)
      else readers.get(seen)?.push(e)
    }
  }
  const waitsFor = new Map<Equation, Equation[]>()
  for (const [before, after] of successions) {
    const made = origin.get(after) ?? after
    if (!isExpression(made) || !inside.has(made.equation)) continue
    const list = waitsFor.get(made.equation) ?? []
    for (const reader of readers.get(before)!) if (reader !== made.equation) list.push(reader)
    waitsFor.set(made.equation, list)
  }
  // Depth first over both kinds of edges; an edge that would close a circle is left out if it is only a wish.
  const state = new Map<Equation, 'open' | 'done'>()
  const order: Equation[] = []
  const path: { readonly equation: Equation; readonly before: readonly Equation[]; next: number }[] = []
  const enter = (equation: Equation): void => {
    if (!inside.has(equation) || state.has(equation)) return
    state.set(equation, 'open')
    const needed = equation.inputs.flatMap(x => (isExpression(x) ? [x.equation] : []))
    path.push({ equation, before: [...needed, ...(waitsFor.get(equation) ?? [])], next: 0 })
  }
  // What overwrites nothing first: it is what the others wait for.
  for (const root of [...equations.filter(e => !waitsFor.has(e)), ...equations]) {
    enter(root)
    while (path.length > 0) {
      const top = path[path.length - 1]!
      const before = top.before[top.next++]
      if (before !== undefined) enter(before)
      else {
        path.pop()
        state.set(top.equation, 'done')
        order.push(top.equation)
      }
    }
  }
  return isInOrder(order) ? order : equations
}

/** Wishes that cross can put an operand behind its reader; then the order stays as it was. */
const isInOrder = (order: readonly Equation[]): boolean => {
  const place = new Map(order.map((e, i) => [e, i]))
  return order.every((e, i) => e.inputs.every(x => !isExpression(x) || (place.get(x.equation) ?? -1) < i))
}
