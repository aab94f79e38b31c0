/** Programs on values with errors: the interpreter's results, and how far any engine's may be from them. */
import { callPrimitive, customJvpPrimitive } from '../src/control/call.js'
import type { Closed } from '../src/control/closed.js'
import { condPrimitive } from '../src/control/cond.js'
import { type Loop, scanPrimitive } from '../src/control/scan.js'
import { type While, whilePrimitive } from '../src/control/while.js'
import { reshapePrimitive } from '../src/primitive/movement.js'
import { concatPrimitive, slicePrimitive } from '../src/primitive/window.js'
import {
  type Constant,
  type Equation,
  type FirstOrder,
  type Many,
  type Tensor,
  type Type,
  type Variable,
  zeros
} from '../src/tensor/tensor.js'
import { dependents } from '../src/transform/graph.js'
import { rules } from './engine-bounds.js'
import { type Bounded, exact, unsure } from './engine-error.js'
import { type PrimitiveName, primitives } from './primitives.js'

const isPrimitive = (name: string): name is PrimitiveName => name in primitives

/** One primitive on values with errors. */
const applied = (
  of: FirstOrder<Many, unknown>,
  inputs: readonly Bounded[],
  attributes: unknown,
  type: Type
): Bounded => {
  const value = of.evaluate(
    inputs.map(x => x.value),
    attributes,
    type
  )
  if (!isPrimitive(of.name)) throw new Error(`${of.name} has no rule of errors`)
  return { value, error: rules[of.name](of, inputs, attributes, value) }
}

const row = (x: Bounded, i: number): Bounded => {
  const { shape, dtype } = x.value
  const [, ...rest] = shape
  const window = { start: [i, ...rest.map(() => 0)], step: shape.map(() => 1), shape: [1, ...rest] }
  const cut = applied(slicePrimitive as FirstOrder<Many, unknown>, [x], window, { shape: window.shape, dtype })
  return applied(reshapePrimitive as FirstOrder<Many, unknown>, [cut], rest, { shape: rest, dtype })
}
const stack = (xs: readonly Bounded[], { shape, dtype }: Type): Bounded => {
  if (xs.length === 0) return exact(zeros({ shape: [0, ...shape], dtype }))
  const one = [1, ...shape]
  const rows = xs.map(x => applied(reshapePrimitive as FirstOrder<Many, unknown>, [x], one, { shape: one, dtype }))
  return applied(concatPrimitive as FirstOrder<Many, unknown>, rows, 0, { shape: [xs.length, ...shape], dtype })
}

const looped = (
  inputs: readonly Bounded[],
  { body, length, carries, sequences, backwards }: Loop
): readonly Bounded[] => {
  const rows = inputs.slice(carries, carries + sequences)
  const fixed = inputs.slice(carries + sequences)
  let carry = inputs.slice(0, carries)
  const outputs: (readonly Bounded[])[] = new Array(length)
  for (let step = 0; step < length; step++) {
    const i = backwards ? length - 1 - step : step
    const results = bounded(body, [...carry, ...rows.map(x => row(x, i)), ...fixed])
    carry = results.slice(0, carries)
    outputs[i] = results.slice(carries)
  }
  return [
    ...carry,
    ...body.results.slice(carries).map((type, j) =>
      stack(
        outputs.map(all => all[j]!),
        type
      )
    )
  ]
}

/** Where it is not sure whether there is another step, nothing is. */
const loopedWhile = (inputs: readonly Bounded[], { condition, body, carries }: While): readonly Bounded[] => {
  const fixed = inputs.slice(carries)
  let carry = inputs.slice(0, carries)
  let sure = true
  for (;;) {
    const [goesOn] = bounded(condition, [...carry, ...fixed])
    sure &&= goesOn!.error.data[0] === 0
    if (!goesOn!.value.data[0]) return sure ? carry : carry.map(({ value }) => unsure(value))
    carry = bounded(body, [...carry, ...fixed]).slice()
  }
}

const controlled = ({ primitive, attributes }: Equation, inputs: readonly Bounded[]): readonly Bounded[] => {
  if (primitive.kind !== 'control') throw new Error(`${primitive.name} is no control`)
  const bodies = primitive.programs(attributes) as readonly Closed[]
  switch (primitive) {
    case callPrimitive:
      return bounded(bodies[0]!, inputs)
    case customJvpPrimitive:
      return bounded(bodies[0]!, inputs.slice(0, bodies[0]!.parameters.length))
    case condPrimitive: {
      const [condition, ...rest] = inputs
      const chosen = bounded(bodies[condition!.value.data[0] ? 0 : 1]!, rest)
      return condition!.error.data[0] === 0 ? chosen : chosen.map(({ value }) => unsure(value))
    }
    case scanPrimitive:
      return looped(inputs, attributes as Loop)
    case whilePrimitive:
      return loopedWhile(inputs, attributes as While)
    default:
      throw new Error(`${primitive.name} has no rule of errors`)
  }
}

/** A program on values with errors, equation by equation. */
export const bounded = (
  { parameters, results }: { readonly parameters: readonly Variable[]; readonly results: Many },
  inputs: readonly Bounded[]
): readonly Bounded[] => {
  const values = new Map<Tensor, Bounded>(parameters.map((p, i) => [p, inputs[i]!]))
  const read = (x: Tensor): Bounded => values.get(x) ?? exact(x as Constant)
  for (const equation of dependents(results, values)) {
    const { primitive, attributes, outputs } = equation
    const given = equation.inputs.map(read)
    const found =
      primitive.kind === 'control' ? controlled(equation, given) : [applied(primitive, given, attributes, outputs[0]!)]
    outputs.forEach((x, i) => {
      values.set(x, found[i]!)
    })
  }
  return results.map(read)
}

/** Whether another number may stand where the interpreter has this one, given how far it may be off. NaN is one, whatever its bits. */
export const agrees = (expected: number, error: number, actual: number): boolean =>
  Object.is(expected, actual) ||
  (error > 0 && (error === Number.POSITIVE_INFINITY || Math.abs(expected - actual) <= error))
