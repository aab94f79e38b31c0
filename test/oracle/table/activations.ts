/** Activations by the names of PyTorch's functions. */
import * as t from 'io-ts'
import { Tensor } from '../../../src/index.js'
import { type Meaning, meaning, unary } from '../oracle.js'
import { functions } from '../suite.js'

const withOptions = <P extends t.Props>(
  props: P,
  f: (options: t.TypeOf<t.ExactC<t.TypeC<P>>>) => (input: Tensor.Tensor) => Tensor.Tensor
) =>
  meaning(
    ['input'],
    t.strict(props),
    options =>
      ({ input }) =>
        f(options)(input)
  )

const alpha = { alpha: t.number }
const lambda = { lambd: t.number }
const axis = { dim: t.number }
const table: Readonly<Record<string, Meaning>> = {
  tanh: unary(Tensor.tanh),
  sigmoid: unary(Tensor.sigmoid),
  softplus: withOptions({ beta: t.number, threshold: t.number }, options => Tensor.softplus(options)),
  logsigmoid: unary(Tensor.logSigmoid),
  silu: unary(Tensor.silu),
  gelu: withOptions({ approximate: t.keyof({ none: null, tanh: null }) }, options => Tensor.gelu(options)),
  mish: unary(Tensor.mish),
  softsign: unary(Tensor.softsign),
  tanhshrink: unary(Tensor.tanhshrink),

  relu: unary(Tensor.relu),
  leaky_relu: withOptions({ negative_slope: t.number }, options =>
    Tensor.leakyRelu({ negativeSlope: options.negative_slope })
  ),
  elu: withOptions(alpha, options => Tensor.elu(options)),
  selu: unary(Tensor.selu),
  celu: withOptions(alpha, options => Tensor.celu(options)),

  relu6: unary(Tensor.relu6),
  hardtanh: withOptions({ min_val: t.number, max_val: t.number }, options =>
    Tensor.hardtanh({ min: options.min_val, max: options.max_val })
  ),
  hardsigmoid: unary(Tensor.hardsigmoid),
  hardswish: unary(Tensor.hardswish),
  softshrink: withOptions(lambda, ({ lambd }) => Tensor.softshrink({ lambda: lambd })),
  hardshrink: withOptions(lambda, ({ lambd }) => Tensor.hardshrink({ lambda: lambd })),
  threshold: withOptions({ threshold: t.number, value: t.number }, options => Tensor.threshold(options)),

  softmax: withOptions(axis, ({ dim }) => Tensor.softmax({ axis: dim })),
  log_softmax: withOptions(axis, ({ dim }) => Tensor.logSoftmax({ axis: dim })),
  logsumexp: withOptions({ dim: t.union([t.number, t.readonlyArray(t.number)]), keepdim: t.boolean }, options =>
    Tensor.logsumexp({ axis: options.dim, keepDimensions: options.keepdim })
  )
}

export const activations = functions('activations', table)
