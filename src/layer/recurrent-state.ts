/** The state of a recurrence as its holder sees it: one tensor for h, a record of two for h and c. */
import { reshape } from '../primitive/movement.js'
import { concat, slice } from '../primitive/window.js'
import { mistake } from '../structure/mistake.js'
import { range, type Shape, sameShape, showShape, size } from '../structure/shape.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import type { Recurrence } from './recurrent-step.js'
import type { Values } from './runtime.js'

/** What stands for each of h and c, as one value. */
export const stateOf = (names: Recurrence['states'], parts: readonly Values[]): Values =>
  names.length === 1 ? parts[0] : Object.fromEntries(names.map((name, i) => [name, parts[i]]))

/** The tensors of a state, each of a shape. */
export const partsOf = (
  operation: string,
  names: Recurrence['states'],
  state: Values,
  wanted: Shape
): readonly Tensor[] => {
  const check = (part: Values, name: string): Tensor => {
    if (!isTensor(part))
      throw mistake(
        'TreeMismatch',
        operation,
        `the state ${names.length === 1 ? 'must be a tensor' : `must be a record { ${names.join(', ')} } of tensors, and ${name} is none`}`
      )
    if (!sameShape(part.shape, wanted))
      throw mistake(
        'ShapeMismatch',
        operation,
        `the state ${name} is ${showShape(part.shape)}, and beside this input should be ${showShape(wanted)}`
      )
    return part
  }
  if (names.length === 1) return [check(state, names[0]!)]
  const record = state as Readonly<Record<string, Values>> | null | undefined
  return names.map(name => check(record?.[name], name))
}

/** The parts of what a layer with a state takes. */
export const inputAndState = <V>(operation: string, given: Values): { readonly input: V; readonly state: Values } => {
  const { input, state } = (given ?? {}) as { readonly input?: V; readonly state?: Values }
  if (input === undefined || state === undefined)
    throw mistake('TreeMismatch', operation, 'with its state it takes a record { input, state }')
  return { input, state }
}

/** `[…, places, hidden]` as `[examples, hidden]` for each place: a direction of a layer. */
export const unstacked = (x: Tensor): readonly Tensor[] => {
  const [places, hidden] = x.shape.slice(-2) as [number, number]
  const examples = size(x.shape.slice(0, -2))
  const flat = reshape([examples, places, hidden])(x)
  return range(places).map(place =>
    reshape([examples, hidden])(slice({ start: [0, place, 0], step: [1, 1, 1], shape: [examples, 1, hidden] })(flat))
  )
}
/** The inverse, under the leading axes that the examples have. */
export const stacked = (lead: Shape, parts: readonly Tensor[]): Tensor => {
  const [examples, hidden] = parts[0]!.shape as [number, number]
  return reshape([...lead, parts.length, hidden])(concat(1)(parts.map(reshape([examples, 1, hidden]))))
}
