/** Normalization of each example by itself: over its last axes, or over groups of its channels. Nothing is remembered, and nothing differs in training. */
import { keptMean, spread, standardized } from '../operation/normalization.js'
import { add, div, square } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { sqrt } from '../primitive/elementary.js'
import { reshape } from '../primitive/movement.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { range, showShape } from '../structure/shape.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { affineNames, checkEpsilon, constantParameters, scaledAndShifted } from './normalization-affine.js'
import type { AsShape, GroupNorm, LayerNorm, RmsNorm } from './normalization-types.js'
import { float, truth, tuple } from './printing.js'
import { pure, type RunLayer } from './runtime.js'
import { accepted, checkWhole, ending, open } from './tail.js'
import type { AnyLayer } from './types.js'

export interface NormOptions<Has extends boolean> {
  /** Added to the variance. */
  readonly epsilon?: number
  /** Whether there are parameters. */
  readonly affine?: Has
}

/** The last axes of a tensor, counted from 0. */
const last = (x: Tensor, axes: number): readonly number[] => range(axes).map(axis => x.shape.length - axes + axis)

const shapeOption = (layer: string, given: number | Shape): Shape => {
  const shape = typeof given === 'number' ? [given] : [...given]
  if (shape.length === 0)
    throw mistake('InvalidArgument', layer, 'the shape is []; name at least one axis to normalize over')
  for (const size of shape) checkWhole(layer, `the shape is ${showShape(shape)}, and a size of it`, size)
  return shape
}

/** A layer with parameters of its own last axes' shape, from what is done to a floating tensor along those. */
const overLast = (
  parts: Pick<RunLayer, 'kind' | 'printed' | 'settings'>,
  shape: Shape,
  names: readonly ('weight' | 'bias')[],
  normalized: (x: Tensor, axes: readonly number[]) => Tensor
): RunLayer => {
  const { kind } = parts
  const shapeOf = ending(kind, shape, own => own)
  const checked = accepted(shapeOf)
  return {
    ...parts,
    children: [],
    input: shape,
    output: shape,
    shapeOf,
    batchCoupled: false,
    init: constantParameters(shape, names),
    buffers: {},
    forward: pure(params => {
      const finished = scaledAndShifted(kind, params, shape, names)
      return given => {
        const x = cast(floating(given.dtype))(checked(given))
        return finished(normalized(x, last(x, shape.length)))
      }
    })
  }
}

/**
 * Each example normalized over its last axes: `(x − mean) / √(variance + ε) · weight + bias` (Ba et al. 2016), `torch.nn.LayerNorm`.
 *
 * Shapes: `[…, ...shape] → […, ...shape]`; one size stands for one axis. `weight` and `bias` have the shape, and are 1 and 0 at first;
 * with `affine: false` there are none. `epsilon` is 1e-5 unless given. The variance is that of the values themselves
 * (divided by their number). Values that are all equal become the bias.
 *
 * @throws a Mistake if a size is not a whole number of 1 or more, if epsilon is not positive, or if an input does not end in the shape
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const norm = Layer.layerNorm(4)
 * const y = norm.apply(Layer.initialize(norm)(Random.key(1)))(Tensor.tensor([[1, 2, 3, 4], [10, 20, 30, 40]]))
 * ok(Math.abs(pipe(y, Tensor.mean(), Tensor.item)) < 1e-6)
 * ok(Math.abs(pipe(y, Tensor.variance({ correction: 0 }), Tensor.item) - 1) < 1e-4)
 */
export const layerNorm = <const S extends number | Shape, Has extends boolean = true>(
  shape: S,
  { epsilon = 1e-5, affine = true as Has }: NormOptions<Has> = {}
): LayerNorm<AsShape<S>, Has> => {
  const own = shapeOption('Layer.layerNorm', shape)
  checkEpsilon('Layer.layerNorm', epsilon)
  const parts = {
    kind: 'layerNorm',
    printed: {
      name: 'LayerNorm',
      settings: `${tuple(own)}, eps=${float(epsilon)}, elementwise_affine=${truth(affine)}`
    },
    settings: { shape: own, epsilon, affine }
  }
  return typed<AnyLayer>(
    overLast(parts, own, affineNames(affine), (x, axes) => standardized(spread(x, axes), epsilon))
  ) as LayerNorm<AsShape<S>, Has>
}

/** The distance from 1 to the next number. */
const machineEpsilon = { float32: 2 ** -23, float64: 2 ** -52 } as const

/**
 * Each example divided by its root mean square over its last axes: `x / √(mean(x²) + ε) · weight` (Zhang and Sennrich 2019), `torch.nn.RMSNorm`.
 *
 * Shapes: `[…, ...shape] → […, ...shape]`; one size stands for one axis. `weight` has the shape, and is 1 at first; with
 * `affine: false` there is none. `epsilon`, unless given, is the distance from 1 to the next number in the input's dtype, 2⁻²³ or 2⁻⁵².
 *
 * @throws a Mistake if a size is not a whole number of 1 or more, if epsilon is not positive, or if an input does not end in the shape
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const norm = Layer.rmsNorm(2)
 * const y = norm.apply(Layer.initialize(norm)(Random.key(1)))(Tensor.tensor([3, 4]))
 * ok(Math.abs(pipe(y, Tensor.square, Tensor.mean(), Tensor.item) - 1) < 1e-6)
 */
export const rmsNorm = <const S extends number | Shape, Has extends boolean = true>(
  shape: S,
  { epsilon, affine = true as Has }: NormOptions<Has> = {}
): RmsNorm<AsShape<S>, Has> => {
  const own = shapeOption('Layer.rmsNorm', shape)
  if (epsilon !== undefined) checkEpsilon('Layer.rmsNorm', epsilon)
  const parts = {
    kind: 'rmsNorm',
    printed: {
      name: 'RMSNorm',
      settings: `${tuple(own)}, eps=${epsilon === undefined ? 'None' : float(epsilon)}, elementwise_affine=${truth(affine)}`
    },
    settings: { shape: own, epsilon: epsilon ?? null, affine }
  }
  return typed<AnyLayer>(
    overLast(parts, own, affine ? ['weight'] : [], (x, axes) => {
      const added = epsilon ?? machineEpsilon[x.dtype as 'float32' | 'float64']
      return div(x, sqrt(add(keptMean(square(x), axes), added)))
    })
  ) as RmsNorm<AsShape<S>, Has>
}

/**
 * Each example normalized over groups of neighbouring channels and all places: `(x − mean) / √(variance + ε) · weight + bias`
 * (Wu and He 2018), `torch.nn.GroupNorm`.
 *
 * Shapes: `[…, channels, ...places] → […, channels, ...places]`, with as many axes of places as `spatial` says: 2 unless given, for
 * images; 0 for features alone. `weight [channels]` and `bias [channels]` are 1 and 0 at first; with `affine: false` there are none.
 * `epsilon` is 1e-5 unless given. One group is a layer norm over all of an example; as many groups as channels are an instance norm.
 *
 * @throws a Mistake if the groups do not divide the channels, if epsilon is not positive, or if an input has other channels
 *
 * @example
 * import { Layer, pipe, Random, Tensor } from 'cotangent'
 * import { ok } from 'node:assert'
 *
 * const norm = Layer.groupNorm(2, 4, { spatial: 1 })
 * const x = pipe(Random.key(1), Random.normal([3, 4, 5]))
 * const y = norm.apply(Layer.initialize(norm)(Random.key(2)))(x)
 * const means = pipe(y, Tensor.reshape([3, 2, 10]), Tensor.mean({ axis: -1 }))
 * ok(pipe(means, Tensor.abs, Tensor.max(), Tensor.item) < 1e-6)
 */
export const groupNorm = <C extends number, Spatial extends 0 | 1 | 2 | 3 = 2, Has extends boolean = true>(
  groups: number,
  channels: C,
  {
    epsilon = 1e-5,
    affine = true as Has,
    spatial = 2 as Spatial
  }: NormOptions<Has> & { readonly spatial?: Spatial } = {}
): GroupNorm<C, Spatial, Has> => {
  const layer = 'Layer.groupNorm'
  checkWhole(layer, 'channels', channels)
  checkWhole(layer, 'groups', groups)
  checkWhole(layer, 'spatial', spatial, 0)
  checkEpsilon(layer, epsilon)
  if (channels % groups !== 0)
    throw mistake('InvalidArgument', layer, `${groups} groups do not divide ${channels} channels`)
  const kind = 'groupNorm'
  const input = [channels, ...open(spatial)]
  const shapeOf = ending(kind, input, own => own)
  const checked = accepted(shapeOf)
  const names = affineNames(affine)
  // The parameters are applied while channels lie in their groups, so that no reshape comes between.
  const grouped = [groups, channels / groups]
  const run: RunLayer = {
    kind,
    printed: {
      name: 'GroupNorm',
      settings: `${groups}, ${channels}, eps=${float(epsilon)}, affine=${truth(affine)}`
    },
    settings: { groups, channels, epsilon, affine, spatial },
    children: [],
    input,
    output: input,
    shapeOf,
    batchCoupled: false,
    init: constantParameters([channels], names),
    buffers: {},
    forward: pure(params => {
      const finished = scaledAndShifted(kind, params, [channels], names, [...grouped, ...range(spatial).map(() => 1)])
      return given => {
        const { shape } = checked(given)
        const lead = shape.slice(0, shape.length - input.length)
        const places = shape.slice(shape.length - spatial)
        const x = reshape([...lead, ...grouped, ...(spatial === 0 ? [] : places)])(cast(floating(given.dtype))(given))
        return reshape(shape)(finished(standardized(spread(x, last(x, 1 + spatial)), epsilon)))
      }
    })
  }
  return typed<AnyLayer>(run) as GroupNorm<C, Spatial, Has>
}
