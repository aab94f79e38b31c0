/** Expressions on known operands, many times over: the walk is done once, and each call is one loop over the equations. */
import {
  type Constant,
  type Equation,
  escaped,
  isConstant,
  type Many,
  type Tensor,
  type Type,
  type Variable
} from '../tensor/tensor.js'
import { dependents } from './graph.js'

interface Step {
  readonly equation: Equation
  /** The places of its operands. */
  readonly operands: readonly number[]
  /** The places of its results. */
  readonly results: readonly number[]
  /** The places that nothing reads any more. */
  readonly done: readonly number[]
}

/** The results as a function of the parameters. */
export const evaluator = (
  parameters: readonly Variable[],
  results: Many
): ((inputs: readonly Constant[]) => readonly Constant[]) => {
  const places = new Map<Tensor, number>()
  const initial: (Constant | undefined)[] = []
  const place = (x: Tensor, value?: Constant): number => {
    places.set(x, initial.length)
    return initial.push(value) - 1
  }
  for (const p of parameters) place(p)
  const find = (x: Tensor, reader: string): number => {
    const known = places.get(x)
    if (known !== undefined) return known
    if (!isConstant(x)) throw escaped(reader, x)
    return place(x, x)
  }
  const order = dependents(results, new Set<Tensor>(parameters))
  const lastUse = new Map<number, number>()
  const draft = order.map((equation, i) => {
    const operands = equation.inputs.map(x => find(x, equation.primitive.name))
    for (const operand of operands) lastUse.set(operand, i)
    return { equation, operands, results: equation.outputs.map(x => place(x)) }
  })
  const found = results.map(x => find(x, 'the function'))
  const kept = new Set(found)
  const steps = draft.map(
    (step, i): Step => ({
      ...step,
      done: [...new Set(step.operands)].filter(p => lastUse.get(p) === i && !kept.has(p))
    })
  )
  return inputs => {
    const values = initial.slice()
    for (let i = 0; i < inputs.length; i++) values[i] = inputs[i]!
    for (const { equation, operands, results, done } of steps) {
      const { primitive, attributes } = equation
      const given = new Array<Constant>(operands.length)
      for (let i = 0; i < operands.length; i++) given[i] = values[operands[i]!]!
      if (primitive.kind === 'control') {
        const outputs = primitive.evaluate(given, attributes) as readonly Constant[]
        for (let i = 0; i < results.length; i++) values[results[i]!] = outputs[i]!
      } else values[results[0]!] = primitive.evaluate(given, attributes, equation.outputs[0] as Type)
      for (let i = 0; i < done.length; i++) values[done[i]!] = undefined
    }
    return found.map(p => values[p]!)
  }
}
