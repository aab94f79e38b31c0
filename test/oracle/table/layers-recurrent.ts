/** Recurrent layers: PyTorch's time-leading or batch-leading inputs, and its states with the layers leading. */
import * as t from 'io-ts'
import { Layer, Tensor } from '../../../src/index.js'
import { type Meaning, type Named, optionsOf } from '../oracle.js'

const sizes = { input_size: t.number, hidden_size: t.number, batch_first: t.boolean }
const options = t.exact(t.intersection([t.type(sizes), t.partial({ bias: t.boolean })]))
const optionsOfRnn = t.exact(
  t.intersection([
    t.type({ ...sizes, nonlinearity: t.union([t.literal('tanh'), t.literal('relu')]) }),
    t.partial({ bias: t.boolean })
  ])
)

/** `[layers, examples, hidden]` and `[examples, layers, hidden]`, either from the other. */
const exchanged = (x: Tensor.Tensor): Tensor.Tensor => Tensor.swapAxes(0, 1)(x) as Tensor.Tensor

/** A carried layer as a function of an input with the examples leading, a start or none, and parameters. */
type Run = (
  input: Tensor.Tensor,
  start: Named,
  params: Named
) => { readonly output: Tensor.Tensor; readonly end: Named }

const meaning =
  (batchFirst: boolean, states: readonly string[], hidden: number, run: Run): Meaning =>
  () =>
  ({ input, h0, c0, ...params }) => {
    const x = batchFirst ? input! : exchanged(input!)
    const zero = Tensor.zeros([Tensor.shape(x)[0]!, 1, hidden], { dtype: 'float64' })
    const start = { h: h0 === undefined ? zero : exchanged(h0), c: c0 === undefined ? zero : exchanged(c0) }
    const { output, end } = run(x, start, params as Named)
    return {
      output: batchFirst ? output : exchanged(output),
      ...Object.fromEntries(states.map(name => [`${name}_n`, exchanged(end[name]!)]))
    }
  }

export const recurrentLayers: Readonly<Record<string, Meaning>> = {
  RNN: c => {
    const { input_size, hidden_size, batch_first, nonlinearity, bias = true } = optionsOf(optionsOfRnn, c)
    const layer = Layer.carried(Layer.rnn(input_size, hidden_size, { nonlinearity, bias }))
    return meaning(batch_first, ['h'], hidden_size, (input, { h }, params) => {
      const { output, state } = layer.apply(params as never)({ input, state: h! })
      return { output, end: { h: state } }
    })(c)
  },
  GRU: c => {
    const { input_size, hidden_size, batch_first, bias = true } = optionsOf(options, c)
    const layer = Layer.carried(Layer.gru(input_size, hidden_size, { bias }))
    return meaning(batch_first, ['h'], hidden_size, (input, { h }, params) => {
      const { output, state } = layer.apply(params as never)({ input, state: h! })
      return { output, end: { h: state } }
    })(c)
  },
  LSTM: c => {
    const { input_size, hidden_size, batch_first, bias = true } = optionsOf(options, c)
    const layer = Layer.carried(Layer.lstm(input_size, hidden_size, { bias }))
    return meaning(batch_first, ['h', 'c'], hidden_size, (input, { h, c }, params) => {
      const { output, state } = layer.apply(params as never)({ input, state: { h: h!, c: c! } })
      return { output, end: state }
    })(c)
  }
}
