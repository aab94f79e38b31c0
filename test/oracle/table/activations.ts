/** Activations by the names of PyTorch's functions: each as an operation, and all but logsumexp as layers too. */
import * as t from 'io-ts'
import { Layer, Tensor } from '../../../src/index.js'
import { checkMeaning, type Meaning, meaning, optionsOf, unary } from '../oracle.js'
import { suite } from '../suite.js'

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
const operations: Readonly<Record<string, Meaning>> = {
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

/** A layer without parameters. */
interface Activation {
  readonly apply: (params: Layer.Empty) => (input: Tensor.Tensor) => Tensor.Tensor
}
const fixed = (activation: unknown): Meaning => unary((activation as Activation).apply({}))
const made = <P extends t.Props>(props: P, make: (options: t.TypeOf<t.TypeC<P>>) => unknown): Meaning => {
  const decoder = t.strict(props)
  return c =>
    unary((make(optionsOf(decoder, c) as t.TypeOf<t.TypeC<P>>) as Activation).apply({}))({ ...c, options: {} })
}
/** Layers count axes from the end, for those before are a batch's. */
const along =
  (make: (options: { readonly axis: -1 | -2 | -3 }) => unknown): Meaning =>
  c => {
    const { dim } = optionsOf(t.strict(axis), c)
    const fromEnd = dim < 0 ? dim : dim - c.inputs['input']!.shape.length
    return unary((make({ axis: fromEnd as -1 | -2 | -3 }) as Activation).apply({}))({ ...c, options: {} })
  }

const layers: Readonly<Record<string, Meaning>> = {
  tanh: fixed(Layer.tanh),
  sigmoid: fixed(Layer.sigmoid),
  softplus: made({ beta: t.number, threshold: t.number }, options => Layer.softplus(options)),
  logsigmoid: fixed(Layer.logSigmoid),
  silu: fixed(Layer.silu),
  gelu: made({ approximate: t.keyof({ none: null, tanh: null }) }, options => Layer.gelu(options)),
  mish: fixed(Layer.mish),
  softsign: fixed(Layer.softsign),
  tanhshrink: fixed(Layer.tanhshrink),

  relu: fixed(Layer.relu),
  leaky_relu: made({ negative_slope: t.number }, options => Layer.leakyRelu({ negativeSlope: options.negative_slope })),
  elu: made(alpha, options => Layer.elu(options)),
  selu: fixed(Layer.selu),
  celu: made(alpha, options => Layer.celu(options)),

  relu6: fixed(Layer.relu6),
  hardtanh: made({ min_val: t.number, max_val: t.number }, options =>
    Layer.hardtanh({ min: options.min_val, max: options.max_val })
  ),
  hardsigmoid: fixed(Layer.hardsigmoid),
  hardswish: fixed(Layer.hardswish),
  softshrink: made(lambda, ({ lambd }) => Layer.softshrink({ lambda: lambd })),
  hardshrink: made(lambda, ({ lambd }) => Layer.hardshrink({ lambda: lambd })),
  threshold: made({ threshold: t.number, value: t.number }, options => Layer.threshold(options)),

  softmax: along(options => Layer.softmax(options)),
  log_softmax: along(options => Layer.logSoftmax(options))
}

const table = Object.fromEntries(
  Object.entries(operations).map(([kind, operation]) => {
    const activation = layers[kind]
    return [kind, activation === undefined ? [operation] : [operation, activation]] as const
  })
)
export const activations = suite('activations', table, (meanings, c, way) =>
  meanings.flatMap(meaning => checkMeaning(meaning, c, way))
)
