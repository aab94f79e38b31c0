/** Recurrences through time: several layers of one or two directions, from a state to outputs and a state. */

import { scan } from '../control/scan.js'
import { cast } from '../primitive/conversion.js'
import { concat, reverse } from '../primitive/window.js'
import { type Dtype, promote } from '../structure/dtype.js'
import { range, type Shape } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { affine, parameter } from './linear.js'
import { advance, outerBias, type Recurrence, type State, type Weights } from './recurrent-step.js'
import { empty, type Memory, type Mode, type Values } from './runtime.js'
import { dropoutOf } from './stateful.js'

export interface RecurrentSettings {
  readonly inFeatures: number
  readonly hiddenFeatures: number
  readonly layers: number
  readonly bidirectional: boolean
  readonly bias: boolean
  readonly dropout: number
}
/** One direction of one layer. */
export interface Place {
  readonly layer: number
  readonly backwards: boolean
  /** Of its input. */
  readonly features: number
}
export const placesOf = ({ inFeatures, hiddenFeatures, layers, bidirectional }: RecurrentSettings): readonly Place[] =>
  range(layers).flatMap(layer => {
    const features = layer === 0 ? inFeatures : hiddenFeatures * (bidirectional ? 2 : 1)
    return (bidirectional ? [false, true] : [false]).map(backwards => ({ layer, backwards, features }))
  })

/** The names and shapes of one direction's parameters, in PyTorch's order. */
export const parametersOf = (
  { gates }: Recurrence,
  { hiddenFeatures: hidden, bias }: RecurrentSettings,
  { layer, backwards, features }: Place
): readonly (readonly [string, Shape])[] => {
  const rows = gates * hidden
  const named = (what: string): string => `${what}_l${layer}${backwards ? '_reverse' : ''}`
  const weights: readonly (readonly [string, Shape])[] = [
    [named('weight_ih'), [rows, features]],
    [named('weight_hh'), [rows, hidden]]
  ]
  return bias ? [...weights, [named('bias_ih'), [rows]], [named('bias_hh'), [rows]]] : weights
}

/** Inputs with the time leading, and the state of every direction of every layer. */
export interface Run {
  readonly sequence: Tensor
  readonly states: readonly State[]
  readonly memory: Memory
}

/** Through all time steps in one direction: `[steps, examples, features] → [steps, examples, hidden]`. */
const throughTime = (
  recurrence: Recurrence,
  weights: Weights,
  backwards: boolean,
  sequence: Tensor,
  start: State
): readonly [Tensor, State] => {
  const next = advance(recurrence, weights)
  const inputs = affine(weights.input, outerBias(recurrence, weights), sequence)
  const turned = backwards ? reverse([0]) : (x: Tensor): Tensor => x
  const [last, outputs] = scan((state: State, input: Tensor) => {
    const after = next(state, input)
    return [after, after[0]!] as const
  })(start, turned(inputs) as never)
  return [turned(outputs as Tensor), last]
}

/** The dtype in which everything meets. */
const commonDtype = (tensors: readonly Tensor[]): Dtype => tensors.map(x => x.dtype).reduce(promote)

/** Layers over layers, and directions side by side. */
export const runThrough = (recurrence: Recurrence, settings: RecurrentSettings) => {
  const places = placesOf(settings)
  const directions = settings.bidirectional ? 2 : 1
  const coins = { kind: 'dropout', name: 'Dropout', probability: settings.dropout, shared: 0 }
  const dropped = dropoutOf(coins).forward({}, 'training')
  return (params: Values, mode: Mode) => {
    const values = places.map(place =>
      parametersOf(recurrence, settings, place).map(([name, shape]) => parameter(recurrence.kind, params, name, shape))
    )
    return ({ sequence, states, memory }: Run): Run => {
      const dtype = commonDtype([sequence, ...values.flat(), ...states.flat()])
      const weights = values.map((own): Weights => {
        const [input, state, ofInput, ofState] = own.map(cast(dtype))
        return { input: input!, state: state!, biases: ofInput && ofState && [ofInput, ofState] }
      })
      let current = cast(dtype)(sequence)
      let { key } = memory
      const finals = range(settings.layers).flatMap(layer => {
        if (layer > 0 && mode === 'training') {
          const [rest, after] = dropped(current)({ buffers: empty, key })
          current = rest as Tensor
          key = after.key
        }
        const results = range(directions).map(direction => {
          const place = layer * directions + direction
          const start = states[place]!.map(cast(dtype))
          return throughTime(recurrence, weights[place]!, direction === 1, current, start)
        })
        current = concat(2)(results.map(([outputs]) => outputs))
        return results.map(([, last]) => last)
      })
      return { sequence: current, states: finals, memory: { ...memory, key } }
    }
  }
}
