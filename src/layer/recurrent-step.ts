/**
 * One step of each recurrence, as a function of what comes from its input and of the state before.
 *
 * The products with the inputs of all steps are made at once, outside the loop, and so is every addition of a bias that can be:
 * of PyTorch's two biases only the last part of GRU's second must stay inside, because a gate scales it.
 */
import { relu } from '../operation/activation.js'
import { add, mul, sub } from '../primitive/arithmetic.js'
import { matmul } from '../primitive/contraction.js'
import { sigmoid, tanh } from '../primitive/elementary.js'
import { broadcast } from '../primitive/movement.js'
import { pad, slice } from '../primitive/window.js'
import type { Tensor } from '../tensor/tensor.js'

/** What is carried from step to step, each `[examples, hidden]`: h, and for LSTM c. */
export type State = readonly Tensor[]

/** A recurrence over single steps. */
export interface Recurrence {
  readonly kind: 'rnn' | 'gru' | 'lstm'
  /** What PyTorch calls the layer. */
  readonly name: 'RNN' | 'GRU' | 'LSTM'
  /** How many times `hidden` rows a weight has: one for each gate, and for the candidate. */
  readonly gates: 1 | 3 | 4
  readonly states: readonly ('h' | 'c')[]
  /** The part of the bias of states that a gate scales. */
  readonly gatedBias: number | undefined
  /** From the products with the input and with the state, both `[examples, gates · hidden]`. */
  readonly step: (
    hidden: number,
    gatedBias: Tensor | undefined
  ) => (input: Tensor, product: Tensor, state: State) => State
}

/** Columns `index · hidden` to `(index + 1) · hidden`. */
const gate =
  (hidden: number, index: number) =>
  (x: Tensor): Tensor =>
    slice({ start: [0, index * hidden], step: [1, 1], shape: [x.shape[0]!, hidden] })(x)

const plain = (nonlinearity: (x: Tensor) => Tensor): Recurrence => ({
  kind: 'rnn',
  name: 'RNN',
  gates: 1,
  states: ['h'],
  gatedBias: undefined,
  step: () => (input, product) => [nonlinearity(add(input, product))]
})
/** `h′ = tanh(W x + b + U h + c)` or with relu. */
export const recurrent = { tanh: plain(tanh), relu: plain(relu) } as const

/** `r, z = σ(…)`, `n = tanh(Wₙ x + bₙ + r ∘ (Uₙ h + cₙ))`, `h′ = (1 − z) ∘ n + z ∘ h`. */
export const gated: Recurrence = {
  kind: 'gru',
  name: 'GRU',
  gates: 3,
  states: ['h'],
  gatedBias: 2,
  step:
    (hidden, gatedBias) =>
    (input, product, [h]) => {
      const [reset, update, candidate] = [gate(hidden, 0), gate(hidden, 1), gate(hidden, 2)]
      const r = sigmoid(add(reset(input), reset(product)))
      const z = sigmoid(add(update(input), update(product)))
      const fromState = candidate(product)
      const biased = gatedBias === undefined ? fromState : add(fromState, broadcast(fromState.shape)(gatedBias))
      const n = tanh(add(candidate(input), mul(r, biased)))
      return [add(mul(sub(h!, n), z), n)]
    }
}

/** `i, f, o = σ(…)`, `g = tanh(…)`, `c′ = f ∘ c + i ∘ g`, `h′ = o ∘ tanh(c′)`. */
export const longShortTerm: Recurrence = {
  kind: 'lstm',
  name: 'LSTM',
  gates: 4,
  states: ['h', 'c'],
  gatedBias: undefined,
  step:
    hidden =>
    (input, product, [, c]) => {
      const sum = add(input, product)
      const part = (index: number): Tensor => gate(hidden, index)(sum)
      const [i, f, g, o] = [sigmoid(part(0)), sigmoid(part(1)), tanh(part(2)), sigmoid(part(3))]
      const next = add(mul(f, c!), mul(i, g))
      return [mul(o, tanh(next)), next]
    }
}

/** The weights and biases of one direction of one layer, in one dtype. */
export interface Weights {
  readonly input: Tensor
  readonly state: Tensor
  /** Of inputs and of states: both or neither. */
  readonly biases: readonly [Tensor, Tensor] | undefined
}

/** What is added to the products with the inputs: both biases, without what must stay inside. */
export const outerBias = ({ gatedBias }: Recurrence, { state, biases }: Weights): Tensor | undefined => {
  if (biases === undefined) return undefined
  const [ofInput, ofState] = biases
  if (gatedBias === undefined) return add(ofInput, ofState)
  // The gated part is the last, so that the others are one stretch.
  const hidden = state.shape[1]!
  const outer = slice({ start: [0], step: [1], shape: [gatedBias * hidden] })(ofState)
  return add(ofInput, pad({ start: [0], step: [1], shape: ofState.shape })(outer))
}

/** The state after one more step, from that before and the biased product with the step's input. */
export const advance = (
  { gatedBias, step }: Recurrence,
  { state: weight, biases }: Weights
): ((state: State, input: Tensor) => State) => {
  const hidden = weight.shape[1]!
  const inner =
    gatedBias === undefined || biases === undefined
      ? undefined
      : slice({ start: [gatedBias * hidden], step: [1], shape: [hidden] })(biases[1])
  const next = step(hidden, inner)
  return (state, input) => next(input, matmul({ left: false, right: true })(state[0]!, weight), state)
}
