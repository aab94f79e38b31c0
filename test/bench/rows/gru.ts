/** A gated recurrent unit over 50 time steps: the loss of its last state and the gradient. */
import { Layer, pipe, Tensor, valueAndGrad } from 'cotangent'
import { brainCannot } from '../contenders/brain.js'
import { functions } from '../contenders/cotangent.js'
import { type Jax, type JaxArray, jaxFunction } from '../contenders/jax.js'
import { type Tf, type TfTensor, tfFunctions } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { uniform, zeros } from '../harness/random.js'
import { type Family, faster, race } from '../harness/row.js'

const [batch, features, hidden] = [32, 16, 64]
type Parameters<T> = readonly T[]
/** Sequences, targets, and as PyTorch has them the weights and biases of inputs and of states, for reset, update and candidate. */
const inputsOf = (steps: number) => [
  uniform([steps, batch, features], { seed: 1 }),
  uniform([batch, hidden], { seed: 2 }),
  uniform([3 * hidden, features], { seed: 3, scale: 1 / 8 }),
  uniform([3 * hidden, hidden], { seed: 4, scale: 1 / 8 }),
  uniform([3 * hidden], { seed: 5, scale: 1 / 8 }),
  uniform([3 * hidden], { seed: 6, scale: 1 / 8 })
]

const layer = Layer.gru(features, hidden)
const ours =
  (xs: Tensor.Tensor, target: Tensor.Tensor) =>
  ([w, u, b, c]: Parameters<Tensor.Tensor>): Tensor.Tensor<[]> => {
    const params = { weight_ih_l0: w!, weight_hh_l0: u!, bias_ih_l0: b!, bias_hh_l0: c! }
    // The layer has examples before time steps.
    const sequences = pipe(xs as Tensor.Tensor<[number, number, number]>, Tensor.permute([1, 0, 2]))
    const last = pipe(sequences, layer.apply(params), Layer.lastStep.apply({}))
    return pipe(last, Tensor.sub(target), Tensor.square, Tensor.mean()) as Tensor.Tensor<[]>
  }

/** Unrolled: it has no loops. */
const jax =
  ({ nn, numpy: np }: Jax, steps: number) =>
  ([w, u, b, c]: Parameters<JaxArray>, xs: JaxArray, target: JaxArray): JaxArray => {
    const part = (x: JaxArray, i: number): JaxArray => x.slice([], [i * hidden, (i + 1) * hidden])
    let state = np.array(new Float32Array(batch * hidden), { shape: [batch, hidden], dtype: np.float32 })
    for (let t = 0; t < steps; t++) {
      const fromInput = np.matmul(xs.ref.slice(t), w!.ref.transpose()).add(b!.ref)
      const fromState = np.matmul(state.ref, u!.ref.transpose()).add(c!.ref)
      const reset = nn.sigmoid(part(fromInput.ref, 0).add(part(fromState.ref, 0)))
      const update = nn.sigmoid(part(fromInput.ref, 1).add(part(fromState.ref, 1)))
      const candidate = np.tanh(part(fromInput, 2).add(reset.mul(part(fromState, 2))))
      state = state.sub(candidate.ref).mul(update).add(candidate)
    }
    for (const x of [xs, w!, u!, b!, c!]) x.dispose()
    return np.square(state.sub(target)).mean()
  }

const tf =
  ({ matMul, tensor }: Tf, steps: number) =>
  ([w, u, b, c]: Parameters<TfTensor>, xs: TfTensor, target: TfTensor): TfTensor => {
    const part = (x: TfTensor, i: number): TfTensor => x.slice([0, i * hidden], [batch, hidden])
    let state = tensor(zeros([batch, hidden]).data, [batch, hidden], 'float32')
    for (let t = 0; t < steps; t++) {
      const x = xs.slice([t, 0, 0], [1, batch, features]).reshape([batch, features])
      const fromInput = matMul(x, w!, false, true).add(b!)
      const fromState = matMul(state, u!, false, true).add(c!)
      const reset = part(fromInput, 0).add(part(fromState, 0)).sigmoid()
      const update = part(fromInput, 1).add(part(fromState, 1)).sigmoid()
      const candidate = part(fromInput, 2)
        .add(reset.mul(part(fromState, 2)))
        .tanh()
      state = state.sub(candidate).mul(update).add(candidate)
    }
    return state.sub(target).square().mean()
  }

export const family: Family = {
  name: 'gru',
  title: `A gated recurrent unit, ${features} features, ${hidden} states, batch ${batch}`,
  rows: ({ quick }) => {
    const steps = quick ? 10 : 50
    const inputs = inputsOf(steps)
    return [
      race({
        name: `the loss and its gradient over ${steps} time steps`,
        unit: { _tag: 'Time', per: 'a call' },
        tolerance: 1e-4,
        targets: [faster('jax-js', 1), faster('tfjs wasm', 1), faster('tfjs cpu', 1)],
        contenders: [
          ...functions(inputs, (xs, target, ...params) => valueAndGrad(ours(xs!, target!))(params)),
          jaxFunction(inputs, library => (xs, target, ...params) => {
            const [value, gradients] = library.valueAndGrad(jax(library, steps))(params, xs!, target!)
            return [value, ...gradients]
          }),
          ...tfFunctions(inputs, library => (xs, target, ...params) => {
            const loss = tf(library, steps)
            const { value, grads } = library.valueAndGrads((...ps) => loss(ps, xs!, target!))(params)
            return [value, ...grads]
          }),
          brainCannot('its recurrent networks read characters, one at a time'),
          torch('gru', inputs)
        ]
      })
    ]
  }
}
