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

const table: Readonly<Record<string, Meaning>> = {
  tanh: unary(Tensor.tanh),
  relu: unary(Tensor.relu),
  sigmoid: unary(Tensor.sigmoid),
  hardtanh: withOptions({ min_val: t.number, max_val: t.number }, options =>
    Tensor.hardtanh({ min: options.min_val, max: options.max_val })
  ),
  softplus: withOptions({ beta: t.number, threshold: t.number }, options => Tensor.softplus(options)),
  leaky_relu: withOptions({ negative_slope: t.number }, options =>
    Tensor.leakyRelu({ negativeSlope: options.negative_slope })
  ),
  softmax: withOptions({ dim: t.number }, ({ dim }) => Tensor.softmax({ axis: dim })),
  log_softmax: withOptions({ dim: t.number }, ({ dim }) => Tensor.logSoftmax({ axis: dim })),
  logsumexp: withOptions({ dim: t.union([t.number, t.readonlyArray(t.number)]), keepdim: t.boolean }, options =>
    Tensor.logsumexp({ axis: options.dim, keepDimensions: options.keepdim })
  )
}

export const activations = functions('activations', table)
