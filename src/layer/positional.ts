/** What tells positions apart: attention alone does not know the order of what it attends to. */
import { add, mul, sub } from '../primitive/arithmetic.js'
import { cast } from '../primitive/conversion.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { concat, slice } from '../primitive/window.js'
import { normal } from '../random/distribution.js'
import { draw } from '../random/key.js'
import { type Dtype, floating, promote } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, showShape } from '../structure/shape.js'
import { constant, type Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { parameter } from './linear.js'
import { elementwise, pure, type RunLayer, unknownSize } from './runtime.js'
import { accepted, checkWhole, ending, type Keeping } from './tail.js'
import type { AnyLayer, Empty, Layer } from './types.js'

/** The angle of a position in a pair of features: pairs turn ever slower, from 1 a position down to 1/base. */
const angle = (position: number, pair: number, features: number, base: number): number =>
  position / base ** ((2 * pair) / features)

const table = (
  rows: number,
  columns: number,
  dtype: Dtype,
  element: (row: number, column: number) => number
): Tensor => {
  const data = dtype === 'float64' ? new Float64Array(rows * columns) : new Float32Array(rows * columns)
  return constant(
    [rows, columns],
    dtype,
    data.map((_, i) => element(Math.floor(i / columns), i % columns))
  )
}

/** Pairs of features (2i, 2i + 1) along the last axis, turned by their angle at the position along the axis before. */
export const rotated =
  (base: number) =>
  (given: Tensor): Tensor => {
    const x = cast(floating(given.dtype))(given)
    const [positions, features] = x.shape.slice(-2) as [number, number]
    const pairs = features / 2
    const shape = [...x.shape.slice(0, -1), pairs]
    const half = (offset: number): Tensor =>
      slice({
        start: x.shape.map((_, i) => (i === shape.length - 1 ? offset : 0)),
        step: x.shape.map((_, i) => (i === shape.length - 1 ? 2 : 1)),
        shape
      })(x)
    const turning = (f: (angle: number) => number): Tensor =>
      broadcast(shape)(table(positions, pairs, x.dtype, (position, pair) => f(angle(position, pair, features, base))))
    const [even, odd, cosine, sine] = [half(0), half(1), turning(Math.cos), turning(Math.sin)]
    const turned = [sub(mul(even, cosine), mul(odd, sine)), add(mul(even, sine), mul(odd, cosine))]
    return reshape(x.shape)(concat(shape.length)(turned.map(reshape([...shape, 1]))))
  }
export const checkRotated = (operation: string, name: string, features: number): void => {
  if (features % 2 !== 0)
    throw mistake('InvalidArgument', operation, `${name} are ${features}; an even number is turned, in pairs`)
}

const checkBase = (operation: string, base: number): void => {
  if (!(base > 1 && Number.isFinite(base)))
    throw mistake('InvalidArgument', operation, `base is ${base}, which is not greater than 1 and finite`)
}
/** A limit of the number of positions. */
const within = (kind: string, limit: number, x: Tensor): Tensor => {
  if (x.shape[x.shape.length - 2]! > limit)
    throw mistake('ShapeMismatch', kind, `input ${showShape(x.shape)} has more than ${limit} positions`)
  return x
}

/** A layer over sequences of any length of so many features, which keeps their shape. */
const overPositions = (
  kind: string,
  name: string,
  settings: RunLayer['settings'],
  printed: string,
  features: number
): Omit<RunLayer, 'forward'> & { readonly checked: (x: Tensor) => Tensor } => {
  const own: Shape = [unknownSize, features]
  const shapeOf = ending(kind, own, x => x)
  return { ...elementwise(kind, name, settings, printed), input: own, output: own, shapeOf, checked: accepted(shapeOf) }
}

/**
 * Waves of geometrically growing lengths are added to the features, so that positions and their distances can be read off:
 * `x + e` with `e[p, 2i] = sin(p / base^(2i / features))` and `e[p, 2i + 1] = cos(…)` (Vaswani et al. 2017).
 *
 * Shapes: `[…, positions, features] → […, positions, features]`, for as many positions as there are. Nothing is learned. `base` is 10000 unless given;
 * with `maximumLength`, more positions are a mistake.
 *
 * @throws a Mistake if a size is not a whole number of 1 or more, or the base not greater than 1
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const encoded = Layer.sinusoidalEncoding(4).apply({})(Tensor.zeros([3, 4]))
 * deepStrictEqual(Tensor.toArray(encoded)[0], [0, 1, 0, 1])
 */
export const sinusoidalEncoding = <E extends number>(
  features: E,
  { maximumLength, base = 10000 }: { readonly maximumLength?: number; readonly base?: number } = {}
): Layer<Empty, [number, E], [number, E], Empty, 'sinusoidalEncoding', Keeping<[number, E]>> => {
  const operation = 'Layer.sinusoidalEncoding'
  checkWhole(operation, 'features', features)
  checkBase(operation, base)
  const limit =
    maximumLength === undefined ? Number.POSITIVE_INFINITY : checkWhole(operation, 'maximumLength', maximumLength)
  const kind = 'sinusoidalEncoding'
  const settings = { features, base, ...(maximumLength === undefined ? {} : { maximumLength }) }
  const { checked, ...layer } = overPositions(kind, 'SinusoidalEncoding', settings, `${features}`, features)
  return typed({
    ...layer,
    forward: pure(() => given => {
      const x = cast(floating(given.dtype))(within(kind, limit, checked(given)))
      const waves = table(x.shape[x.shape.length - 2]!, features, x.dtype, (position, feature) => {
        const at = angle(position, Math.floor(feature / 2), features, base)
        return feature % 2 === 0 ? Math.sin(at) : Math.cos(at)
      })
      return add(x, broadcast(x.shape)(waves))
    })
  })
}

/**
 * A learned vector for each position is added to the features: `x + weight[0 … positions]`, as BERT (Devlin et al. 2019), GPT-2 and vision
 * transformers have it.
 *
 * Shapes: `[…, positions, features] → […, positions, features]`, for up to `length` positions. `weight [length, features]` is drawn
 * from a normal distribution of standard deviation 0.02 unless told otherwise.
 *
 * @throws a Mistake if a size is not a whole number of 1 or more, or the deviation is negative; when applied, if there are more positions
 *
 * @example
 * import { Layer, Random, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const encoding = Layer.learnedEncoding(10, 4)
 * const params = Layer.initialize(encoding)(Random.key(1))
 * deepStrictEqual(Tensor.shape(params.weight), [10, 4])
 * deepStrictEqual(Tensor.shape(encoding.apply(params)(Tensor.zeros([3, 4]))), [3, 4])
 */
export const learnedEncoding = <N extends number, E extends number>(
  length: N,
  features: E,
  { standardDeviation = 0.02 }: { readonly standardDeviation?: number } = {}
): Layer<
  { readonly weight: Tensor<[N, E]> },
  [number, E],
  [number, E],
  Empty,
  'learnedEncoding',
  Keeping<[number, E]>
> => {
  const kind = 'learnedEncoding'
  checkWhole(`Layer.${kind}`, 'length', length)
  checkWhole(`Layer.${kind}`, 'features', features)
  if (!(standardDeviation >= 0 && Number.isFinite(standardDeviation)))
    throw mistake(
      'InvalidArgument',
      `Layer.${kind}`,
      `standardDeviation is ${standardDeviation}, which is not 0 or more and finite`
    )
  const { checked, ...layer } = overPositions(
    kind,
    'LearnedEncoding',
    { length, features, standardDeviation },
    `${length}, ${features}`,
    features
  )
  return typed<AnyLayer>({
    ...layer,
    init:
      ({ dtype }) =>
      key => {
        const [weight, rest] = draw(normal([length, features], { standardDeviation, dtype }))(key)
        return [{ weight }, rest]
      },
    forward: pure(params => {
      const weight = parameter(kind, params, 'weight', [length, features])
      return given => {
        const x = within(kind, length, checked(given))
        const rows = slice({ start: [0, 0], step: [1, 1], shape: [x.shape[x.shape.length - 2]!, features] })(weight)
        const dtype = promote(x.dtype, weight.dtype)
        return add(cast(dtype)(x), broadcast(x.shape)(cast(dtype)(rows)))
      }
    })
  }) as Layer<
    { readonly weight: Tensor<[N, E]> },
    [number, E],
    [number, E],
    Empty,
    'learnedEncoding',
    Keeping<[number, E]>
  >
}

/**
 * Pairs of features are turned by angles in proportion to the position, so that products of two depend on their distance only:
 * features (2i, 2i + 1) at position p by `p / base^(2i / features)` (RoPE, Su et al. 2021).
 *
 * Shapes: `[…, positions, features] → […, positions, features]`, for as many positions as there are. Nothing is learned, and lengths of vectors stay.
 * `base` is 10000 unless given. It is meant for queries and keys, where `selfAttention` applies it with `rotary: true`.
 *
 * @throws a Mistake if the number of features is not even, or the base not greater than 1
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const turned = Layer.rotaryEncoding(2).apply({})(Tensor.tensor([[1, 0], [1, 0]], { dtype: 'float64' }))
 * deepStrictEqual(Tensor.toArray(turned), [[1, 0], [Math.cos(1), Math.sin(1)]])
 */
export const rotaryEncoding = <E extends number>(
  features: E,
  { base = 10000 }: { readonly base?: number } = {}
): Layer<Empty, [number, E], [number, E], Empty, 'rotaryEncoding', Keeping<[number, E]>> => {
  const operation = 'Layer.rotaryEncoding'
  checkWhole(operation, 'features', features)
  checkRotated(operation, 'features', features)
  checkBase(operation, base)
  const { checked, ...layer } = overPositions(
    'rotaryEncoding',
    'RotaryEncoding',
    { features, base },
    `${features}`,
    features
  )
  const turn = rotated(base)
  return typed({ ...layer, forward: pure(() => x => turn(checked(x))) })
}
