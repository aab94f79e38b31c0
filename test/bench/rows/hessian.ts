/** The matrix of second derivatives of the loss of a small network in all of its parameters. */
import { hessian, pipe, Tensor } from 'cotangent'
import { functions } from '../contenders/cotangent.js'
import { type Jax, type JaxArray, jaxFunction } from '../contenders/jax.js'
import { type Tf, type TfTensor, tfFunctions } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { uniform } from '../harness/random.js'
import { type Family, race } from '../harness/row.js'

const [features, width, batch] = [3, 8, 16]
/** Hidden weights, hidden biases, output weights, output bias, one after the other. */
const ends = [width * features, width * features + width, width * features + 2 * width] as const
const size = ends[2] + 1

const ours =
  (x: Tensor.Tensor, y: Tensor.Tensor) =>
  (theta: Tensor.Tensor): Tensor.Tensor<[]> => {
    const part = (start: number, stop: number, shape: readonly number[]): Tensor.Tensor =>
      pipe(theta, Tensor.slice({ axis: 0, start, stop }), Tensor.reshape(shape))
    const [w1, b1] = [part(0, ends[0], [width, features]), part(ends[0], ends[1], [width])]
    const [w2, b2] = [part(ends[1], ends[2], [1, width]), part(ends[2], size, [1])]
    const hidden = pipe(x, Tensor.matmul(Tensor.transpose(w1)), Tensor.add(b1), Tensor.tanh)
    return pipe(
      hidden,
      Tensor.matmul(Tensor.transpose(w2)),
      Tensor.add(b2),
      Tensor.sub(y),
      Tensor.square,
      Tensor.mean()
    ) as Tensor.Tensor<[]>
  }

const jax =
  ({ numpy: np }: Jax, x: JaxArray, y: JaxArray) =>
  (theta: JaxArray): JaxArray => {
    const [w1, b1] = [theta.ref.slice([0, ends[0]]).reshape([width, features]), theta.ref.slice([ends[0], ends[1]])]
    const [w2, b2] = [theta.ref.slice([ends[1], ends[2]]).reshape([1, width]), theta.slice([ends[2], size])]
    const hidden = np.tanh(np.matmul(x, w1.transpose()).add(b1))
    return np.square(np.matmul(hidden, w2.transpose()).add(b2).sub(y)).mean()
  }

/** Row by row: the gradient of each element of the gradient. */
const tf =
  ({ grad, matMul, stack }: Tf) =>
  (theta: TfTensor, x: TfTensor, y: TfTensor): readonly TfTensor[] => {
    const loss = (t: TfTensor): TfTensor => {
      const [w1, b1] = [t.slice([0], [ends[0]]).reshape([width, features]), t.slice([ends[0]], [width])]
      const [w2, b2] = [t.slice([ends[1]], [width]).reshape([1, width]), t.slice([ends[2]], [1])]
      const hidden = matMul(x, w1, false, true).add(b1).tanh()
      return matMul(hidden, w2, false, true).add(b2).sub(y).square().mean()
    }
    const gradient = grad(loss)
    return [
      stack(
        Array.from({ length: size }, (_, i) => grad(t => gradient(t).slice([i], [1]).sum())(theta)),
        0
      )
    ]
  }

const inputs = [uniform([size], { seed: 1 }), uniform([batch, features], { seed: 2 }), uniform([batch, 1], { seed: 3 })]
export const family: Family = {
  name: 'hessian',
  title: `The Hessian of the loss of ${features}-${width}-1 in its ${size} parameters, batch ${batch}`,
  rows: () => [
    race({
      name: 'the Hessian',
      unit: { _tag: 'Time', per: 'a call' },
      tolerance: 1e-4,
      targets: [],
      remark:
        'TensorFlow.js takes the tanh that it saved for its first derivative for a constant, so its second one is another function',
      contenders: [
        ...functions(inputs, (theta, x, y) => hessian(ours(x!, y!))(theta!)),
        jaxFunction(inputs, library => (theta, x, y) => [library.hessian(jax(library, x!, y!))(theta!)]),
        ...tfFunctions(inputs, library => (theta, x, y) => tf(library)(theta!, x!, y!)),
        torch('hessian', inputs, { width })
      ]
    })
  ]
}
