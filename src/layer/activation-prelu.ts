/** The rectifier whose slope below 0 is a parameter. */
import { prelu as leaking } from '../operation/activation-rectifier.js'
import { reshape } from '../primitive/movement.js'
import { mistake } from '../structure/mistake.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import type { Kept } from './activation-pointwise.js'
import { typed } from './layer.js'
import { parameter } from './linear.js'
import { pure, type RunLayer, trailing, unknownSize } from './runtime.js'
import type { Empty, Layer } from './types.js'

/** So many axes of any size. */
type Open<Count extends number> = Count extends 1
  ? [number]
  : Count extends 2
    ? [number, number]
    : Count extends 3
      ? [number, number, number]
      : []
/** One slope is for features of any shape, several are one for each channel, before the spatial axes. */
type PreluShape<N extends number, Spatial extends number> = N extends 1 ? [] : [N, ...Open<Spatial>]
type PreluLayer<N extends number, Spatial extends number> = Layer<
  { readonly weight: Tensor<[N]> },
  PreluShape<N, Spatial>,
  PreluShape<N, Spatial>,
  Empty,
  'prelu',
  Kept
>

const preluOf = (parameters: number, spatial: number, initial: number): RunLayer => {
  if (!Number.isInteger(parameters) || parameters < 1)
    throw mistake(
      'InvalidArgument',
      'Layer.prelu',
      `parameters is ${parameters}; it must be a whole number of 1 or more`
    )
  if (![0, 1, 2, 3].includes(spatial))
    throw mistake('InvalidArgument', 'Layer.prelu', `spatial is ${spatial}; it must be 0, 1, 2 or 3`)
  const ones = new Array<number>(spatial).fill(1)
  const shape = parameters === 1 ? [] : [parameters, ...ones.map(() => unknownSize)]
  const fitting = trailing('prelu', shape, shape)
  return {
    kind: 'prelu',
    printed: { name: 'PReLU', settings: `num_parameters=${parameters}` },
    settings: { parameters, spatial, initial },
    children: [],
    input: shape,
    output: shape,
    shapeOf: given => {
      fitting(given)
      return given
    },
    batchCoupled: false,
    init:
      ({ dtype }) =>
      key => [{ weight: uniform({ shape: [parameters], dtype }, initial) }, key],
    buffers: {},
    forward: pure(params => x => {
      fitting(x.shape)
      const weight: Tensor = parameter('prelu', params, 'weight', [parameters])
      return leaking(reshape(parameters === 1 ? [] : [parameters, ...ones])(weight))(x)
    })
  }
}

/**
 * The rectifier whose slope below 0 is learnt, range (−∞, ∞), `x` where x > 0 and `weight · x` elsewhere: `torch.nn.PReLU`. Its derivative
 * at 0 is the weight.
 *
 * `weight [parameters]` starts as `initial`, ¼ unless given. `parameters` is 1 unless given, one slope for inputs of any shape; otherwise
 * there is one for each channel, and `spatial`, 0 unless given, says how many axes follow that of the channels: 2 for images `[C, H, W]`.
 * Shapes: `[…] → […]` of one, else `[…, parameters, spatial axes] → [… the same]`.
 *
 * K. He et al., "Delving Deep into Rectifiers" (2015).
 *
 * @throws a Mistake if `parameters` is not a whole number of 1 or more, or `spatial` not 0, 1, 2 or 3; and for an input of other channels
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const prelu = Layer.prelu()
 * const params = Layer.initialize(prelu)(Random.key(42))
 * deepStrictEqual(Tensor.toArray(params.weight), [0.25])
 * deepStrictEqual(Tensor.toArray(prelu.apply(params)(Tensor.tensor([-4, 3]))), [-1, 3])
 */
export const prelu = <N extends number = 1, Spatial extends 0 | 1 | 2 | 3 = 0>({
  parameters = 1 as N,
  spatial = 0 as Spatial,
  initial = 0.25
}: {
  readonly parameters?: N
  readonly spatial?: Spatial
  readonly initial?: number
} = {}): PreluLayer<N, Spatial> => typed(preluOf(parameters, spatial, initial))
