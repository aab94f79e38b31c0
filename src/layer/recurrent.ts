/**
 * Recurrent layers: from a sequence to one as long, by a fold over time. The axis of time is the one before the features; examples lead.
 *
 * 1. A fold: `run(xs ⧺ ys)` from a state is `run(xs)`, and then `run(ys)` from the state after it (in one direction)
 * 2. Two directions: the features of `bidirectional` are those of the forward layer, then those of the other one run on the reversed
 *    sequence and reversed back
 */
import { reshape } from '../primitive/movement.js'
import { slice } from '../primitive/window.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, showShape } from '../structure/shape.js'
import { typed, untyped } from './layer.js'
import { type RecurrentLayer, recurrentOf } from './recurrent-layer.js'
import { gated, longShortTerm, type Recurrence, recurrent } from './recurrent-step.js'
import type { AnyRecurrent, CarriedOf, RecurrenceKind, Recurrent } from './recurrent-types.js'
import { elementwise, pure, type RunLayer, unknownSize } from './runtime.js'
import type { AnyLayer, Empty, Layer, ShapeFunction } from './types.js'

/** The settings of a recurrent layer. */
export interface RecurrentOptions<Layers extends number, Bidirectional extends boolean, Bias extends boolean> {
  /** How many layers lie over one another, 1 unless given. Each reads the outputs of the one below. */
  readonly layers?: Layers
  /** Whether every layer also reads the sequence from its end; its features come after those of the first direction. */
  readonly bidirectional?: Bidirectional
  /** True unless given. */
  readonly bias?: Bias
  /** The probability with which an output of any layer but the last is dropped in training, 0 unless given. */
  readonly dropout?: number
}

const make =
  <K extends RecurrenceKind>(recurrence: Recurrence, more?: RunLayer['settings']) =>
  <
    In extends number,
    Hidden extends number,
    Layers extends number,
    Bidirectional extends boolean,
    Bias extends boolean
  >(
    inFeatures: In,
    hiddenFeatures: Hidden,
    {
      layers = 1 as Layers,
      bidirectional = false as Bidirectional,
      bias = true as Bias,
      dropout = 0
    }: RecurrentOptions<Layers, Bidirectional, Bias>
  ): Recurrent<K, In, Hidden, Layers, Bidirectional, Bias> =>
    typed<AnyLayer>(
      recurrentOf(recurrence, { inFeatures, hiddenFeatures, layers, bidirectional, bias, dropout }, more)
    ) as Recurrent<K, In, Hidden, Layers, Bidirectional, Bias>

/**
 * The simplest recurrence, `hₜ = tanh(W xₜ + b + U hₜ₋₁ + c)`, or with relu: `torch.nn.RNN` (Elman 1990).
 *
 * Every output is a state, so its range is that of the nonlinearity.
 *
 * `weight_ih_l0 [hidden, in]`, `weight_hh_l0 [hidden, hidden]`, `bias_ih_l0` and `bias_hh_l0 [hidden]` are drawn equally
 * likely from ±1/√hidden; further layers are `…_l1` and so on, and read as many features as the layer below gives; the parameters of
 * the direction back end in `_reverse`. Shapes: `[…, steps, in] → […, steps, hidden · directions]`, which is PyTorch's `batch_first`.
 * Defaults: one layer, one direction, `bias` true, `dropout` (between layers, in training) 0, `nonlinearity` tanh. It begins from a zero state;
 * `Layer.carried` takes another and gives the last.
 *
 * @throws a Mistake if a number of features or layers is not a whole number of 1 or more, or `dropout` no probability
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.rnn(3, 4, { nonlinearity: 'relu' })
 * const params = Layer.initialize(model)(Random.key(1))
 * deepStrictEqual(Object.keys(params), ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'])
 * deepStrictEqual(Tensor.shape(model.apply(params)(Tensor.ones([5, 7, 3]))), [5, 7, 4])
 */
export const rnn = <
  In extends number,
  Hidden extends number,
  Layers extends number = 1,
  Bidirectional extends boolean = false,
  Bias extends boolean = true
>(
  inFeatures: In,
  hiddenFeatures: Hidden,
  {
    nonlinearity = 'tanh',
    ...options
  }: RecurrentOptions<Layers, Bidirectional, Bias> & { readonly nonlinearity?: 'tanh' | 'relu' } = {}
): Recurrent<'rnn', In, Hidden, Layers, Bidirectional, Bias> =>
  make<'rnn'>(recurrent[nonlinearity], { nonlinearity })(inFeatures, hiddenFeatures, options)

/**
 * A gated recurrent unit, `torch.nn.GRU` (Cho et al. 2014): its state is the mean of the old one and a candidate, weighted by a gate.
 *
 * `r = σ(W_r x + b_r + U_r h + c_r)`, `z = σ(W_z x + b_z + U_z h + c_z)`, `n = tanh(W_n x + b_n + r ∘ (U_n h + c_n))`,
 * `h′ = (1 − z) ∘ n + z ∘ h`. Range (−1, 1).
 *
 * `weight_ih_l0 [3 · hidden, in]`, `weight_hh_l0 [3 · hidden, hidden]`, `bias_ih_l0` and `bias_hh_l0 [3 · hidden]` (for r, z and n) are drawn equally
 * likely from ±1/√hidden; further layers are `…_l1` and so on, and read as many features as the layer below gives; the parameters of
 * the direction back end in `_reverse`. Shapes: `[…, steps, in] → […, steps, hidden · directions]`, which is PyTorch's `batch_first`.
 * Defaults: one layer, one direction, `bias` true, `dropout` (between layers, in training) 0. It begins from a zero state;
 * `Layer.carried` takes another and gives the last.
 *
 * @throws a Mistake if a number of features or layers is not a whole number of 1 or more, or `dropout` no probability
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // A classifier of sequences of any length.
 * const model = Layer.sequential(Layer.gru(3, 8, { layers: 2, dropout: 0.1 }), Layer.lastStep, Layer.linear(8, 2))
 * const params = Layer.initialize(model)(Random.key(1))
 * deepStrictEqual(Tensor.shape(params[0].weight_ih_l1), [24, 8])
 * deepStrictEqual(Tensor.shape(model.apply(params)(Tensor.ones([5, 7, 3]))), [5, 2])
 */
export const gru = <
  In extends number,
  Hidden extends number,
  Layers extends number = 1,
  Bidirectional extends boolean = false,
  Bias extends boolean = true
>(
  inFeatures: In,
  hiddenFeatures: Hidden,
  options: RecurrentOptions<Layers, Bidirectional, Bias> = {}
): Recurrent<'gru', In, Hidden, Layers, Bidirectional, Bias> => make<'gru'>(gated)(inFeatures, hiddenFeatures, options)

/**
 * A long short-term memory, `torch.nn.LSTM` (Hochreiter & Schmidhuber 1997, with forget gates): what it remembers, c, is only added to and forgotten by gates.
 *
 * `i, f, o = σ(W x + b + U h + c)`, each with its own rows, `g = tanh(…)`, `c′ = f ∘ c + i ∘ g`, `h′ = o ∘ tanh(c′)`. The outputs are
 * h, range (−1, 1).
 *
 * `weight_ih_l0 [4 · hidden, in]`, `weight_hh_l0 [4 · hidden, hidden]`, `bias_ih_l0` and `bias_hh_l0 [4 · hidden]` (for i, f, g and o) are drawn equally
 * likely from ±1/√hidden; further layers are `…_l1` and so on, and read as many features as the layer below gives; the parameters of
 * the direction back end in `_reverse`. Shapes: `[…, steps, in] → […, steps, hidden · directions]`, which is PyTorch's `batch_first`.
 * Defaults: one layer, one direction, `bias` true, `dropout` (between layers, in training) 0. It begins from a zero state;
 * `Layer.carried` takes another and gives the last.
 *
 * @throws a Mistake if a number of features or layers is not a whole number of 1 or more, or `dropout` no probability
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const model = Layer.lstm(3, 4, { bidirectional: true })
 * const params = Layer.initialize(model)(Random.key(1))
 * deepStrictEqual(Tensor.shape(params.weight_hh_l0_reverse), [16, 4])
 * deepStrictEqual(Tensor.shape(model.apply(params)(Tensor.ones([5, 7, 3]))), [5, 7, 8])
 */
export const lstm = <
  In extends number,
  Hidden extends number,
  Layers extends number = 1,
  Bidirectional extends boolean = false,
  Bias extends boolean = true
>(
  inFeatures: In,
  hiddenFeatures: Hidden,
  options: RecurrentOptions<Layers, Bidirectional, Bias> = {}
): Recurrent<'lstm', In, Hidden, Layers, Bidirectional, Bias> =>
  make<'lstm'>(longShortTerm)(inFeatures, hiddenFeatures, options)

/**
 * A recurrent layer with its state going in and coming out, of the same parameters: `{ input, state } → { output, state }`.
 *
 * The state is `[…, layers · directions, hidden]`, for LSTM a record `{ h, c }` of two such; its leading axes are the input's, so that
 * unlike PyTorch's `h_0` and `h_n` the examples lead here too. Its places are in PyTorch's order: layer by layer, forwards before back.
 * A name that the layer has is kept.
 *
 * @throws a Mistake when applied to a state of another shape, or to something else than such a record
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // A long sequence in two parts is the whole.
 * const gru = Layer.gru(2, 4)
 * const params = Layer.initialize(gru)(Random.key(1))
 * const step = Layer.carried(gru).apply(params)
 * const first = step({ input: Tensor.ones([3, 2]), state: Tensor.zeros([1, 4]) })
 * const second = step({ input: Tensor.ones([2, 2]), state: first.state })
 * const whole = gru.apply(params)(Tensor.ones([5, 2]))
 * deepStrictEqual(Tensor.toArray(Tensor.concat(0)([first.output, second.output])), Tensor.toArray(whole))
 */
export const carried = <L extends AnyRecurrent>(layer: L): CarriedOf<L> => {
  const { carried: inner, name, kind } = untyped(layer) as RunLayer & Partial<RecurrentLayer>
  if (inner === undefined)
    throw mistake('InvalidArgument', 'Layer.carried', `${kind} carries no state; it takes an rnn, a gru or an lstm`)
  return typed<AnyLayer>(name === undefined ? inner : { ...inner, name }) as CarriedOf<L>
}

interface LastShape extends ShapeFunction {
  readonly result: this['given'] extends readonly [number, infer Features extends number] ? [Features] : unknown
}
/** The leading axes of a sequence, and how many steps it has: one or more. */
const lastOf = (shape: Shape): { readonly lead: Shape; readonly steps: number } => {
  const steps = shape[shape.length - 2]
  if (steps === undefined || steps === 0)
    throw mistake('ShapeMismatch', 'lastStep', `${showShape(shape)} has no last step; it takes […, steps, features]`)
  return { lead: shape.slice(0, -2), steps }
}
/**
 * The last time step of a sequence, `[…, steps, features] → […, features]`: what a classifier reads of a recurrent layer in one direction.
 *
 * Of a layer in two directions it has the first one's last state, but of the other only the first step from the end;
 * the last states of both are in the state that `Layer.carried` gives.
 *
 * @throws a Mistake when applied to a sequence without steps
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.toArray(Layer.lastStep.apply({})(Tensor.tensor([[1, 2], [3, 4], [5, 6]]))), [5, 6])
 */
export const lastStep: Layer<Empty, [number, number], [number], Empty, 'lastStep', LastShape> = /* @__PURE__ */ typed({
  ...elementwise('lastStep', 'LastStep'),
  input: [unknownSize, unknownSize],
  output: [unknownSize],
  shapeOf: given => [...lastOf(given as Shape).lead, (given as Shape)[(given as Shape).length - 1]!],
  forward: pure(() => x => {
    const { lead, steps } = lastOf(x.shape)
    const features = x.shape[x.shape.length - 1]!
    const start = [...lead.map(() => 0), steps - 1, 0]
    const part = slice({ start, step: start.map(() => 1), shape: [...lead, 1, features] })(x)
    return reshape([...lead, features])(part)
  })
})
