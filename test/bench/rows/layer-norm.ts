/** A block of layer normalization, a linear layer, GELU, and a linear layer back, beside the identity: loss and gradient. */
import { Layer, pipe, Tensor, valueAndGrad } from 'cotangent'
import { functions } from '../contenders/cotangent.js'
import { type Jax, type JaxArray, jaxFunction } from '../contenders/jax.js'
import { type Tf, type TfTensor, tfFunctions } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { ones, uniform, zeros } from '../harness/random.js'
import { type Family, faster, race } from '../harness/row.js'

const [batch, width, hidden, epsilon] = [128, 256, 512, 1e-5]
/** Inputs, targets, scale, shift, and the weights and biases of two linear layers. */
const inputs = [
  uniform([batch, width], { seed: 1 }),
  uniform([batch, width], { seed: 2 }),
  ones([width]),
  zeros([width]),
  uniform([hidden, width], { seed: 3, scale: 1 / 16 }),
  uniform([hidden], { seed: 4, scale: 1 / 16 }),
  uniform([width, hidden], { seed: 5, scale: 1 / 22 }),
  uniform([width], { seed: 6, scale: 1 / 22 })
]

const norm = Layer.layerNorm(width, { epsilon })
const ours =
  (x: Tensor.Tensor, target: Tensor.Tensor) =>
  ([weight, bias, w1, b1, w2, b2]: readonly Tensor.Tensor[]): Tensor.Tensor<[]> => {
    const normal = norm.apply({ weight: weight!, bias: bias! })(x)
    const before = pipe(normal, Tensor.matmul(Tensor.transpose(w1!)), Tensor.add(b1!))
    const gate = pipe(before, Tensor.mul(Math.SQRT1_2), Tensor.erf, Tensor.add(1), Tensor.mul(0.5))
    const bent = pipe(before, Tensor.mul(gate))
    const out = pipe(bent, Tensor.matmul(Tensor.transpose(w2!)), Tensor.add(b2!), Tensor.add(x))
    return pipe(out, Tensor.sub(target), Tensor.square, Tensor.mean()) as Tensor.Tensor<[]>
  }

const jax =
  ({ lax, numpy: np }: Jax) =>
  ([scale, shift, w1, b1, w2, b2]: readonly JaxArray[], x: JaxArray, target: JaxArray): JaxArray => {
    const centered = x.ref.sub(x.ref.mean(-1, { keepdims: true }))
    const deviation = np.sqrt(np.square(centered.ref).mean(-1, { keepdims: true }).add(epsilon))
    const normal = centered.div(deviation).mul(scale!).add(shift!)
    const before = np.matmul(normal, w1!.transpose()).add(b1!)
    const gate = lax.erf(before.ref.mul(Math.SQRT1_2)).add(1).mul(0.5)
    const out = np.matmul(before.mul(gate), w2!.transpose()).add(b2!).add(x)
    return np.square(out.sub(target)).mean()
  }

const tf =
  ({ matMul }: Tf) =>
  ([scale, shift, w1, b1, w2, b2]: readonly TfTensor[], x: TfTensor, target: TfTensor): TfTensor => {
    const centered = x.sub(x.mean(-1, true))
    const deviation = centered.square().mean(-1, true).add(epsilon).sqrt()
    const normal = centered.div(deviation).mul(scale!).add(shift!)
    const before = matMul(normal, w1!, false, true).add(b1!)
    const gate = before.mul(Math.SQRT1_2).erf().add(1).mul(0.5)
    const out = matMul(before.mul(gate), w2!, false, true).add(b2!).add(x)
    return out.sub(target).square().mean()
  }

export const family: Family = {
  name: 'layer-norm',
  title: `Layer normalization, GELU: ${width}-${hidden}-${width} beside the identity, batch ${batch}`,
  rows: () => [
    race({
      name: 'the loss and its gradient',
      unit: { _tag: 'Time', per: 'a call' },
      tolerance: 1e-4,
      targets: [faster('jax-js', 1), faster('tfjs wasm', 1), faster('tfjs cpu', 1)],
      contenders: [
        ...functions(inputs, (x, target, ...params) => valueAndGrad(ours(x!, target!))(params)),
        jaxFunction(inputs, library => (x, target, ...params) => {
          const [value, gradients] = library.valueAndGrad(jax(library))(params, x!, target!)
          return [value, ...gradients]
        }),
        ...tfFunctions(inputs, library => (x, target, ...params) => {
          const loss = tf(library)
          const { value, grads } = library.valueAndGrads((...ps) => loss(ps, x!, target!))(params)
          return [value, ...grads]
        }),
        torch('layer_norm', inputs)
      ]
    })
  ]
}
