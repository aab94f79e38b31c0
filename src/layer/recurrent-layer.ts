/** Recurrences as layers, from a zero state and with their state carried. Time is the axis before the features; examples lead. */
import { permute, reshape } from '../primitive/movement.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, size } from '../structure/shape.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import { drawnWithin } from './drawing.js'
import { parametersOf, placesOf, type RecurrentSettings, runThrough } from './recurrent-fold.js'
import { inputAndState, partsOf, stacked, stateOf, unstacked } from './recurrent-state.js'
import type { Recurrence, State } from './recurrent-step.js'
import { empty, type Memory, type Mode, type RunLayer, type RunShape, unknownSize, type Values } from './runtime.js'
import { checkWhole, ending } from './tail.js'

/** A recurrent layer at run time: by itself it begins from zeros. */
export interface RecurrentLayer extends RunLayer {
  /** The same with its state going in and coming out. */
  readonly carried: RunLayer
}

const printed = ({ inFeatures, hiddenFeatures, layers, bias, dropout, bidirectional }: RecurrentSettings): string =>
  [
    `${inFeatures}, ${hiddenFeatures}`,
    layers === 1 ? '' : `num_layers=${layers}`,
    bias ? '' : 'bias=False',
    'batch_first=True',
    dropout === 0 ? '' : `dropout=${dropout}`,
    bidirectional ? 'bidirectional=True' : ''
  ]
    .filter(Boolean)
    .join(', ')

export const checkSizes = (operation: string, sizes: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(sizes)) checkWhole(operation, name, value)
}

/** `[…, steps, features]` as `[steps, examples, features]`. */
const timeLeading = (x: Tensor): Tensor => {
  const [steps, features] = x.shape.slice(-2) as [number, number]
  return permute([1, 0, 2])(reshape([size(x.shape.slice(0, -2)), steps, features])(x))
}
/** And back, under the leading axes that the examples have. */
const timeBack =
  (lead: Shape) =>
  (x: Tensor): Tensor => {
    const [steps, , features] = x.shape as [number, number, number]
    return reshape([...lead, steps, features])(permute([1, 0, 2])(x))
  }

export const recurrentOf = (
  recurrence: Recurrence,
  settings: RecurrentSettings,
  more: RunLayer['settings'] = empty
): RecurrentLayer => {
  const { kind, name, states: names } = recurrence
  const { inFeatures, hiddenFeatures, layers, bidirectional, dropout } = settings
  checkSizes(`Layer.${kind}`, { inFeatures, hiddenFeatures, layers })
  if (!(dropout >= 0 && dropout <= 1))
    throw mistake('InvalidArgument', `Layer.${kind}`, `dropout is ${dropout}, which is not between 0 and 1`)
  const places = placesOf(settings)
  const input: Shape = [unknownSize, inFeatures]
  const output: Shape = [unknownSize, hiddenFeatures * (bidirectional ? 2 : 1)]
  const own: Shape = [places.length, hiddenFeatures]
  const state = stateOf(
    names,
    names.map(() => own)
  ) as RunShape
  const shapeOf = ending(kind, input, ([steps]) => [steps!, ...output.slice(1)])
  const run = runThrough(recurrence, settings)
  /** From a start to the outputs and the state of each place after the last step. */
  const through = (params: Values, mode: Mode) => {
    const steps = run(params, mode)
    return (x: Tensor, start: (lead: Shape) => readonly State[], memory: Memory) => {
      shapeOf(x.shape)
      const lead = x.shape.slice(0, -2)
      const { sequence, ...after } = steps({ sequence: timeLeading(x), states: start(lead), memory })
      return { ...after, lead, output: timeBack(lead)(sequence) }
    }
  }
  const shared: Omit<RunLayer, 'kind' | 'input' | 'output' | 'shapeOf' | 'forward'> = {
    printed: { name, settings: printed(settings) },
    settings: { ...settings, ...more },
    children: [],
    // A mask of dropout has a coin for every element.
    batchCoupled: false,
    // As PyTorch draws all of a recurrent layer's parameters.
    init: drawnWithin(
      1 / Math.sqrt(hiddenFeatures),
      places.flatMap(place => parametersOf(recurrence, settings, place))
    ),
    buffers: empty
  }
  return {
    ...shared,
    kind,
    input,
    output,
    shapeOf,
    forward: (params, mode) => {
      const steps = through(params, mode)
      return x => memory => {
        // Truth values take the dtype of whatever they meet.
        const zero = (lead: Shape): State =>
          names.map(() => zeros({ shape: [size(lead), hiddenFeatures], dtype: 'bool' }))
        const after = steps(x as Tensor, lead => places.map(() => zero(lead)), memory)
        return [after.output, after.memory]
      }
    },
    carried: {
      ...shared,
      kind: 'carried',
      settings: { recurrence: kind, ...shared.settings },
      input: { input, state },
      output: { output, state },
      shapeOf: given => {
        const shapes = inputAndState<RunShape>(kind, given)
        return { output: shapeOf(shapes.input), state: shapes.state as RunShape }
      },
      forward: (params, mode) => {
        const steps = through(params, mode)
        return given => memory => {
          const before = inputAndState<Tensor>(kind, given)
          const start = (lead: Shape): readonly State[] => {
            const parts = partsOf(kind, names, before.state, [...lead, ...own]).map(unstacked)
            return places.map((_, place) => parts.map(part => part[place]!))
          }
          const { output: outputs, states, lead, ...after } = steps(before.input, start, memory)
          const last = names.map((_, i) =>
            stacked(
              lead,
              states.map(parts => parts[i]!)
            )
          )
          return [{ output: outputs, state: stateOf(names, last) }, after.memory]
        }
      }
    }
  }
}
