/**
 * Initializers by the names of `torch.nn.init`, and the draws of its layers. The oracle has no samples: it has fans, gains, bounds and standard
 * deviations, which are compared with what an initializer tells of its numbers, and with the numbers that it draws.
 */
import * as t from 'io-ts'
import { cumulative, likelyFrom } from '../../../laws/initializers.js'
import { Initializer, Layer, pipe, Random, Tensor, vmap } from '../../../src/index.js'
import { type Case, decoded, type Named, namedDifferences, optionsOf, toleranceOf } from '../oracle.js'
import { suite } from '../suite.js'
import type { Way } from '../ways.js'

type Shape = readonly number[]
/** Numbers by name, as the oracle has them, and what is wrong with what was drawn. */
interface Found {
  readonly outputs: Named
  readonly wrong: readonly string[]
}
type Meaning = (c: Case, way: Way) => Found

const scalar = (value: number): Tensor.Tensor => Tensor.scalar(value, { dtype: 'float64' })
const scalars = (values: Readonly<Record<string, number>>): Named =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scalar(value)]))
const shape = t.readonlyArray(t.number)
const numbersOf = (x: Tensor.Tensor): readonly number[] => Array.from(Tensor.toData(x))
const sizeOf = (extents: Shape): number => extents.reduce((product, extent) => product * extent, 1)

/** Some thousand numbers, drawn by as many keys as it takes. */
const drawn = <P>(draw: (key: Random.Key) => P, size: number, { run }: Way): P => {
  const keys = Random.keys(Math.ceil(4000 / size))(Random.key(42))
  return run((some: Tensor.Tensor<[number, 2]>) => vmap(draw)(some))(keys) as P
}

const fansOf = (extents: Shape): Readonly<Record<'fan_in' | 'fan_out', number>> => {
  const { fanIn, fanOut } = Initializer.fans(extents)
  return { fan_in: fanIn, fan_out: fanOut }
}
/** What is told of the distribution, and whether what is drawn looks like it. */
const described = (initializer: Initializer.Independent, extents: Shape, way: Way): Found => {
  const distribution = initializer.distribution(extents)
  const sample = numbersOf(drawn(key => initializer(extents, { dtype: 'float64' })(key)[0], sizeOf(extents), way))
  const wrong = likelyFrom(distribution, sample) ? [] : ['what is drawn is not from the distribution that is told']
  if (distribution.kind === 'normal') return { outputs: scalars({ std: distribution.standardDeviation }), wrong }
  if (distribution.kind !== 'uniform') return { outputs: {}, wrong: [...wrong, `${distribution.kind} is not expected`] }
  const { min, max } = distribution
  return {
    outputs: scalars({ bound: max, std: (max - min) / Math.sqrt(12) }),
    wrong: min === -max ? wrong : [...wrong, 'the bounds are not on both sides of 0']
  }
}

const nonlinearities: Readonly<Record<string, Initializer.Nonlinearity>> = {
  linear: 'linear',
  conv1d: 'conv1d',
  conv2d: 'conv2d',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  relu: 'relu',
  leaky_relu: 'leakyRelu',
  selu: 'selu'
}
const nonlinearity = new t.Type<Initializer.Nonlinearity, string, unknown>(
  'Nonlinearity',
  (value): value is Initializer.Nonlinearity => Object.values<unknown>(nonlinearities).includes(value),
  (value, context) => {
    const known = typeof value === 'string' ? nonlinearities[value] : undefined
    return known === undefined ? t.failure(value, context) : t.success(known)
  },
  String
)

const xavierOptions = t.strict({ shape, gain: t.number })
const xavier =
  (make: (options: { readonly gain: number }) => Initializer.Independent): Meaning =>
  (c, way) => {
    const { shape: extents, gain } = optionsOf(xavierOptions, c)
    const { outputs, wrong } = described(make({ gain }), extents, way)
    return { outputs: { ...scalars(fansOf(extents)), ...outputs }, wrong }
  }
const modes = { fan_in: 'fanIn', fan_out: 'fanOut' } as const
const kaimingOptions = t.strict({ shape, a: t.number, mode: t.keyof(modes), nonlinearity })
const kaiming =
  (make: (options: Initializer.KaimingOptions) => Initializer.Independent): Meaning =>
  (c, way) => {
    const { shape: extents, a, mode, nonlinearity: after } = optionsOf(kaimingOptions, c)
    const initializer = make({ negativeSlope: a, mode: modes[mode], nonlinearity: after })
    const { outputs, wrong } = described(initializer, extents, way)
    const gain = Initializer.gain(after, a)
    return { outputs: { ...scalars({ ...fansOf(extents), gain }), ...outputs }, wrong }
  }

/** The bounds within which a layer draws weights and biases, by its draws: as far out as so many would reach, and equally likely in between. */
const layerDraws = (
  c: Case,
  way: Way,
  draw: (key: Random.Key) => { readonly weight: Tensor.Tensor; readonly bias: Tensor.Tensor }
): Found => {
  const { weight, bias } = draw(Random.key(1))
  const extents = Tensor.shape(weight)
  const many = drawn(draw, Math.min(sizeOf(extents), sizeOf(Tensor.shape(bias))), way)
  const bound = (name: string, sample: readonly number[]): readonly [number, readonly string[]] => {
    const expected = decoded(t.number, numbersOf(c.outputs[name]!)[0])
    const distribution = { kind: 'uniform', min: -expected, max: expected } as const
    // Of n numbers the largest is so near to the bound, but for one case in some hundred million.
    const largest = sample.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    const reached = cumulative(distribution)(largest) * 2 - 1
    const fits = likelyFrom(distribution, sample) && reached > 1 - 18 / sample.length
    return fits ? [expected, []] : [largest, [`${name} is not ${expected}`]]
  }
  const [weightBound, wrongWeight] = bound('weight_bound', numbersOf(many.weight))
  const [biasBound, wrongBias] = bound('bias_bound', numbersOf(many.bias))
  return {
    outputs: scalars({ ...fansOf(extents), weight_bound: weightBound, bias_bound: biasBound }),
    wrong: [...wrongWeight, ...wrongBias]
  }
}
const linearOptions = t.strict({ in_features: t.number, out_features: t.number })
const convolutionOptions = t.strict({
  in_channels: t.number,
  out_channels: t.number,
  kernel_size: t.readonly(t.tuple([t.number, t.number])),
  groups: t.number
})

const table: Readonly<Record<string, Meaning>> = {
  Linear_default: (c, way) => {
    const { in_features: inFeatures, out_features: outFeatures } = optionsOf(linearOptions, c)
    return layerDraws(c, way, Layer.initialize(Layer.linear(inFeatures, outFeatures), { dtype: 'float64' }))
  },
  Conv2d_default: (c, way) => {
    const {
      in_channels: inputs,
      out_channels: outputs,
      kernel_size: kernelSize,
      groups
    } = optionsOf(convolutionOptions, c)
    const layer = Layer.conv2d(inputs, outputs, { kernelSize, groups })
    return layerDraws(c, way, Layer.initialize(layer, { dtype: 'float64' }))
  },
  calculate_gain: c => {
    const { nonlinearity: of, param } = optionsOf(t.strict({ nonlinearity, param: t.union([t.number, t.null]) }), c)
    return { outputs: scalars({ gain: Initializer.gain(of, param ?? undefined) }), wrong: [] }
  },
  xavier_uniform_: xavier(Initializer.xavierUniform),
  xavier_normal_: xavier(Initializer.xavierNormal),
  kaiming_uniform_: kaiming(Initializer.kaimingUniform),
  kaiming_normal_: kaiming(Initializer.kaimingNormal),
  orthogonal_: (c, { run }) => {
    const options = t.strict({
      shape,
      gain: t.number,
      flatten_to: shape,
      property: t.keyof({ 'W W^T': 0, 'W^T W': 0 })
    })
    const { shape: extents, gain, flatten_to: flat, property } = optionsOf(options, c)
    const draw = (key: Random.Key) => Initializer.orthogonal({ gain })(extents, { dtype: 'float64' })(key)[0]
    const weight = run(draw)(Random.key(7))
    const w = pipe(weight as Tensor.Tensor, Tensor.reshape(flat as readonly [number, number]))
    const [left, right] = property === 'W W^T' ? [w, Tensor.transpose(w)] : [Tensor.transpose(w), w]
    const wrong =
      Tensor.shape(weight).join() === extents.join() ? [] : [`drawn as [${Tensor.shape(weight).join(', ')}]`]
    return {
      outputs: { gram: pipe(left as Tensor.Tensor, Tensor.matmul(right as Tensor.Tensor)) as Tensor.Tensor },
      wrong
    }
  }
}

export const initializers = suite('initializers', table, (meaning, c, way) => {
  const { outputs, wrong } = meaning(c, way)
  return [...namedDifferences(toleranceOf(c))(c.outputs)(outputs), ...wrong]
})
