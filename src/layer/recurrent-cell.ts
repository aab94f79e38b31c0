/** Single steps of the recurrences as layers, for those who fold by themselves. */
import { cast } from '../primitive/conversion.js'
import { reshape } from '../primitive/movement.js'
import { promote } from '../structure/dtype.js'
import { type Shape, size } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { drawnWithin } from './drawing.js'
import { typed } from './layer.js'
import { affine, parameter } from './linear.js'
import { checkSizes } from './recurrent-layer.js'
import { inputAndState, partsOf, stateOf } from './recurrent-state.js'
import { advance, gated, longShortTerm, outerBias, type Recurrence, recurrent, type Weights } from './recurrent-step.js'
import type { RecurrenceKind, RecurrentCell } from './recurrent-types.js'
import { empty, type RunLayer, type RunShape, trailing } from './runtime.js'
import type { AnyLayer } from './types.js'

interface CellSettings {
  readonly inFeatures: number
  readonly hiddenFeatures: number
  readonly bias: boolean
}

const cellOf = (recurrence: Recurrence, settings: CellSettings, nonlinearity?: 'tanh' | 'relu'): RunLayer => {
  const { name, gates, states: names } = recurrence
  const { inFeatures, hiddenFeatures: hidden, bias } = settings
  const kind = `${recurrence.kind}Cell`
  checkSizes(`Layer.${kind}`, { inFeatures, hiddenFeatures: hidden })
  const rows = gates * hidden
  const parameters: readonly (readonly [string, Shape])[] = [
    ['weight_ih', [rows, inFeatures]],
    ['weight_hh', [rows, hidden]],
    ...(bias
      ? ([
          ['bias_ih', [rows]],
          ['bias_hh', [rows]]
        ] as const)
      : [])
  ]
  const state = stateOf(
    names,
    names.map((): Shape => [hidden])
  ) as RunShape
  const shapeOf = trailing(kind, [inFeatures], [hidden])
  return {
    kind,
    printed: {
      name: `${name}Cell`,
      settings: `${inFeatures}, ${hidden}${bias ? '' : ', bias=False'}${nonlinearity === 'relu' ? ', nonlinearity=relu' : ''}`
    },
    settings: { ...settings, ...(nonlinearity === undefined ? {} : { nonlinearity }) },
    children: [],
    input: { input: [inFeatures], state },
    output: state,
    shapeOf: given => {
      const shapes = inputAndState<RunShape>(kind, given)
      shapeOf(shapes.input)
      return shapes.state as RunShape
    },
    batchCoupled: false,
    init: drawnWithin(1 / Math.sqrt(hidden), parameters),
    buffers: empty,
    forward: params => {
      const values = parameters.map(([named, shape]) => parameter(kind, params, named, shape))
      return given => memory => {
        const before = inputAndState<Tensor>(kind, given)
        const { shape } = before.input
        shapeOf(shape)
        const lead = shape.slice(0, -1)
        const parts = partsOf(kind, names, before.state, [...lead, hidden])
        const dtype = [before.input, ...parts, ...values].map(x => x.dtype).reduce(promote)
        const [input, own, ofInput, ofState] = values.map(cast(dtype))
        const weights: Weights = { input: input!, state: own!, biases: ofInput && ofState && [ofInput, ofState] }
        const examples = size(lead)
        const fromInput = affine(
          weights.input,
          outerBias(recurrence, weights),
          reshape([examples, inFeatures])(before.input)
        )
        const after = advance(recurrence, weights)(
          parts.map(part => reshape([examples, hidden])(cast(dtype)(part))),
          fromInput
        )
        return [stateOf(names, after.map(reshape([...lead, hidden]))), memory]
      }
    }
  }
}

const make =
  <K extends RecurrenceKind>(recurrence: Recurrence, nonlinearity?: 'tanh' | 'relu') =>
  <In extends number, Hidden extends number, Bias extends boolean>(
    inFeatures: In,
    hiddenFeatures: Hidden,
    bias: Bias
  ): RecurrentCell<K, In, Hidden, Bias> =>
    typed<AnyLayer>(cellOf(recurrence, { inFeatures, hiddenFeatures, bias }, nonlinearity)) as RecurrentCell<
      K,
      In,
      Hidden,
      Bias
    >

/**
 * One step of the simplest recurrence, `{ input, state } → h′ = tanh(W x + b + U h + c)`, or with relu: `torch.nn.RNNCell`.
 *
 * `weight_ih [hidden, in]`, `weight_hh [hidden, hidden]`, `bias_ih` and `bias_hh [hidden]` are drawn equally likely from ±1/√hidden.
 * Shapes: `{ input: […, in], state: […, hidden] } → […, hidden]`. `nonlinearity` is tanh and `bias` true unless given.
 *
 * @throws a Mistake if a number of features is not a whole number of 1 or more
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const cell = Layer.rnnCell(3, 4)
 * const params = Layer.initialize(cell)(Random.key(1))
 * const state = cell.apply(params)({ input: Tensor.ones([5, 3]), state: Tensor.zeros([5, 4]) })
 * deepStrictEqual(Tensor.shape(state), [5, 4])
 */
export const rnnCell = <In extends number, Hidden extends number, Bias extends boolean = true>(
  inFeatures: In,
  hiddenFeatures: Hidden,
  { bias = true as Bias, nonlinearity = 'tanh' }: { readonly bias?: Bias; readonly nonlinearity?: 'tanh' | 'relu' } = {}
): RecurrentCell<'rnn', In, Hidden, Bias> =>
  make<'rnn'>(recurrent[nonlinearity], nonlinearity)(inFeatures, hiddenFeatures, bias)

/**
 * One step of a gated recurrent unit, `{ input, state } → h′`: `torch.nn.GRUCell`. For the formula see `gru`.
 *
 * `weight_ih [3 · hidden, in]`, `weight_hh [3 · hidden, hidden]`, `bias_ih` and `bias_hh [3 · hidden]`, for reset, update and candidate,
 * are drawn equally likely from ±1/√hidden. Shapes: `{ input: […, in], state: […, hidden] } → […, hidden]`. `bias` is true unless given.
 *
 * @throws a Mistake if a number of features is not a whole number of 1 or more
 *
 * @example
 * import { Control, Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * // A fold of one's own over a sequence of three.
 * const cell = Layer.gruCell(2, 4)
 * const params = Layer.initialize(cell)(Random.key(1))
 * const last = Control.fold((state: Tensor.Tensor<[4]>, input: Tensor.Tensor<[2]>) => cell.apply(params)({ input, state }))(
 *   Tensor.zeros([4]),
 *   Tensor.ones([3, 2])
 * )
 * deepStrictEqual(Tensor.shape(last), [4])
 */
export const gruCell = <In extends number, Hidden extends number, Bias extends boolean = true>(
  inFeatures: In,
  hiddenFeatures: Hidden,
  { bias = true as Bias }: { readonly bias?: Bias } = {}
): RecurrentCell<'gru', In, Hidden, Bias> => make<'gru'>(gated)(inFeatures, hiddenFeatures, bias)

/**
 * One step of a long short-term memory, `{ input, state: { h, c } } → { h, c }`: `torch.nn.LSTMCell`. For the formula see `lstm`.
 *
 * `weight_ih [4 · hidden, in]`, `weight_hh [4 · hidden, hidden]`, `bias_ih` and `bias_hh [4 · hidden]`, for input gate, forget gate,
 * candidate and output gate, are drawn equally likely from ±1/√hidden. `bias` is true unless given.
 *
 * @throws a Mistake if a number of features is not a whole number of 1 or more
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const cell = Layer.lstmCell(3, 4)
 * const params = Layer.initialize(cell)(Random.key(1))
 * const zero = { h: Tensor.zeros([5, 4]), c: Tensor.zeros([5, 4]) }
 * const { h, c } = cell.apply(params)({ input: Tensor.ones([5, 3]), state: zero })
 * deepStrictEqual([Tensor.shape(h), Tensor.shape(c)], [[5, 4], [5, 4]])
 */
export const lstmCell = <In extends number, Hidden extends number, Bias extends boolean = true>(
  inFeatures: In,
  hiddenFeatures: Hidden,
  { bias = true as Bias }: { readonly bias?: Bias } = {}
): RecurrentCell<'lstm', In, Hidden, Bias> => make<'lstm'>(longShortTerm)(inFeatures, hiddenFeatures, bias)
