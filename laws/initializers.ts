/**
 * Initializers: the same key draws the same, in the shape and dtype that is asked for; numbers are distributed as is told.
 *
 * Statistics are of some hundred numbers, within five standard errors or, for whole distributions, at a level of one in a million.
 */
import fc from 'fast-check'
import { interpreter } from '../src/engine/interpreter.js'
import { jit } from '../src/engine/jit.js'
import * as Initializer from '../src/Initializer.js'
import { erf } from '../src/kernel/special.js'
import { matmul } from '../src/operation/contraction.js'
import { transpose } from '../src/operation/movement.js'
import { reshape } from '../src/primitive/movement.js'
import { type Key, key as keyOf, keys } from '../src/random/key.js'
import { range, type Shape, sameShape, size } from '../src/structure/shape.js'
import { constant, elements, known, type Tensor } from '../src/tensor/tensor.js'
import { vmap } from '../src/transform/vmap.js'
import { member, nearTensors, sameBits } from './closeness.js'
import { type Law, law } from './law.js'

/** An initializer, a shape to draw, and a key. */
export interface InitializerCase {
  readonly initializer: Initializer.Initializer
  readonly shape: Shape
  readonly seed: number
}

/** What `Initializer` exports beside initializers and their makers. */
export const words = ['fans', 'gain'] as const
export type InitializerName = Exclude<keyof typeof Initializer, (typeof words)[number]>

const gain = fc.constantFrom(0.5, 1, Math.SQRT2)
const kaiming = fc.record({
  negativeSlope: fc.constantFrom(0, 0.2, Math.sqrt(5)),
  mode: fc.constantFrom('fanIn' as const, 'fanOut' as const),
  nonlinearity: fc.constantFrom('linear' as const, 'relu' as const, 'leakyRelu' as const, 'tanh' as const)
})
/** Those that draw each number from one distribution. */
export const independent = {
  zeros: fc.constant(Initializer.zeros),
  ones: fc.constant(Initializer.ones),
  constant: fc.constantFrom(-1.5, 0, 3).map(Initializer.constant),
  uniform: fc.constantFrom({}, { min: -2, max: 0.5 }).map(Initializer.uniform),
  normal: fc.constantFrom({}, { mean: 3, standardDeviation: 0.02 }).map(Initializer.normal),
  truncatedNormal: fc
    .constantFrom(
      {},
      { standardDeviation: 0.02, min: -0.04, max: 0.04 },
      { min: 1, max: Number.POSITIVE_INFINITY },
      { mean: 10, standardDeviation: 2, min: 0, max: 2 },
      { mean: -3, min: -1, max: 5 }
    )
    .map(Initializer.truncatedNormal),
  xavierUniform: fc.record({ gain }).map(Initializer.xavierUniform),
  xavierNormal: fc.record({ gain }).map(Initializer.xavierNormal),
  kaimingUniform: kaiming.map(Initializer.kaimingUniform),
  kaimingNormal: kaiming.map(Initializer.kaimingNormal),
  lecunUniform: fc.constant(Initializer.lecunUniform()),
  lecunNormal: fc.constant(Initializer.lecunNormal())
} satisfies { readonly [Name in InitializerName]?: fc.Arbitrary<Initializer.Independent> }

const small = fc.integer({ min: 1, max: 5 })
const matrices = fc.tuple(small, small)
const tensors = fc.oneof(matrices, fc.tuple(small, small, small)) as fc.Arbitrary<Shape>
/** Every initializer, with shapes that it takes; one that is missing is a type error. */
export const initializers: {
  readonly [Name in InitializerName]: readonly [fc.Arbitrary<Initializer.Initializer>, fc.Arbitrary<Shape>]
} = {
  zeros: [independent.zeros, tensors],
  ones: [independent.ones, tensors],
  constant: [independent.constant, tensors],
  uniform: [independent.uniform, tensors],
  normal: [independent.normal, tensors],
  truncatedNormal: [independent.truncatedNormal, tensors],
  xavierUniform: [independent.xavierUniform, tensors],
  xavierNormal: [independent.xavierNormal, tensors],
  kaimingUniform: [independent.kaimingUniform, tensors],
  kaimingNormal: [independent.kaimingNormal, tensors],
  lecunUniform: [independent.lecunUniform, tensors],
  lecunNormal: [independent.lecunNormal, tensors],
  orthogonal: [fc.record({ gain }).map(Initializer.orthogonal), tensors],
  sparse: [
    fc.record({ sparsity: fc.constantFrom(0, 0.3, 1) }).map(Initializer.sparse),
    matrices as fc.Arbitrary<Shape>
  ],
  identity: [fc.constant(Initializer.identity), matrices as fc.Arbitrary<Shape>],
  dirac: [fc.constant(Initializer.dirac()), fc.tuple(small, small, small, small) as fc.Arbitrary<Shape>]
}
export const initializerCase = ([
  drawn,
  shapes
]: (typeof initializers)[InitializerName]): fc.Arbitrary<InitializerCase> =>
  fc.tuple(drawn, shapes, fc.nat(1e6)).map(([initializer, shape, seed]) => ({ initializer, shape, seed }))

const dtypes = ['float32', 'float64'] as const
const in64 =
  ({ initializer, shape }: Pick<InitializerCase, 'initializer' | 'shape'>) =>
  (key: Key): Tensor =>
    initializer(shape, { dtype: 'float64' })(key)[0]

/** Laws of every initializer. */
export const initializerLaws: readonly Law<InitializerCase>[] = [
  law(
    'draws what is asked for',
    'initialize(s, d) has shape s and dtype d, and the same key draws the same',
    subject => {
      const { initializer, shape, seed } = subject
      return dtypes.every(dtype => {
        const [[a, next], [b, again]] = [0, 0].map(() => initializer(shape, { dtype })(keyOf(seed))) as [
          [Tensor, Key],
          [Tensor, Key]
        ]
        return sameShape(a.shape, shape) && a.dtype === dtype && sameBits(a, b) && sameBits(next, again)
      })
    }
  ),
  law('traced draws of parameters', 'jit(initialize) = initialize, vmap(initialize) = map(initialize)', subject => {
    const draw = in64(subject)
    const key = keyOf(subject.seed)
    const some = keys(3)(key)
    const near = (a: Tensor, b: Tensor): boolean => nearTensors(a, b, 1e-11)
    return (
      near(jit(draw, { engine: interpreter })(key), draw(key)) &&
      range(3).every(i => near(member(vmap(draw)(some as Tensor<[3, 2]>), i), draw(member(some, i) as Key)))
    )
  })
]

/** How much of a distribution lies at or below a number. */
export const cumulative = (distribution: Initializer.Distribution): ((x: number) => number) => {
  switch (distribution.kind) {
    case 'constant':
      return x => (x < distribution.value ? 0 : 1)
    case 'uniform': {
      const { min, max } = distribution
      return x => Math.min(1, Math.max(0, (x - min) / (max - min)))
    }
    case 'normal':
    case 'truncatedNormal': {
      const { mean, standardDeviation } = distribution
      const whole = (x: number): number => (1 + erf((x - mean) / (standardDeviation * Math.SQRT2))) / 2
      if (distribution.kind === 'normal') return whole
      const [low, high] = [whole(distribution.min), whole(distribution.max)]
      return x => Math.min(1, Math.max(0, (whole(x) - low) / (high - low)))
    }
  }
}
/** The bounds of a distribution. */
export const support = (distribution: Initializer.Distribution): readonly [number, number] =>
  distribution.kind === 'constant'
    ? [distribution.value, distribution.value]
    : distribution.kind === 'normal'
      ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      : [distribution.min, distribution.max]
/**
 * Whether numbers may well be drawn from a distribution: all within its bounds, and nowhere further from it than chance (Kolmogorov–Smirnov, one
 * in a million).
 */
export const likelyFrom = (distribution: Initializer.Distribution, numbers: readonly number[]): boolean => {
  const [min, max] = support(distribution)
  if (!numbers.every(x => x >= min && x <= max)) return false
  if (distribution.kind === 'constant') return true
  const below = cumulative(distribution)
  const sorted = [...numbers].sort((a, b) => a - b)
  const n = sorted.length
  const distance = sorted.reduce((largest, x, i) => {
    const at = below(x)
    return Math.max(largest, Math.abs(at - i / n), Math.abs(at - (i + 1) / n))
  }, 0)
  return distance * Math.sqrt(n) < 2.7
}
const numbersOf = (x: Tensor): readonly number[] => Array.from(elements(known('a law')(x)))

/** An initializer that tells its distribution, a shape of some hundred numbers, and a key. */
export interface DistributionCase extends InitializerCase {
  readonly initializer: Initializer.Independent
}
export const distributionCase = (drawn: fc.Arbitrary<Initializer.Independent>): fc.Arbitrary<DistributionCase> =>
  fc
    .tuple(drawn, fc.constantFrom<Shape[]>([20, 30], [40, 3, 5], [6, 100]), fc.nat(1e6))
    .map(([initializer, shape, seed]) => ({ initializer, shape, seed }))
export const distributionLaws: readonly Law<DistributionCase>[] = [
  law('distribution', 'numbers are drawn from the distribution that is told for their shape', subject =>
    likelyFrom(subject.initializer.distribution(subject.shape), numbersOf(in64(subject)(keyOf(subject.seed))))
  )
]

/** A maker of orthogonal weights, to be put to laws beside the library's. */
export interface OrthogonalCase extends InitializerCase {
  readonly gain: number
}
export const orthogonalCase = (
  make: (options: { readonly gain: number }) => Initializer.Initializer
): fc.Arbitrary<OrthogonalCase> =>
  fc
    .tuple(gain, tensors, fc.nat(1e6))
    .map(([factor, shape, seed]) => ({ gain: factor, initializer: make({ gain: factor }), shape, seed }))
const draws = 400
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length
/** Whether a mean of so many draws with a known variance is near enough to what it should be. */
const likely = (found: number, expected: number, variance: number): boolean =>
  Math.abs(found - expected) < 5 * Math.sqrt(variance / draws)
export const orthogonalLaws: readonly Law<OrthogonalCase>[] = [
  law('orthogonal', 'W Wᵀ = gain² 1, or Wᵀ W where W has more rows than columns', subject => {
    const { shape, seed, gain: factor } = subject
    const [rows = 1, ...others] = shape
    const columns = size(others)
    const w = reshape([rows, columns])(in64(subject)(keyOf(seed))) as Tensor<[number, number]>
    const flipped = transpose(w)
    const gram = rows > columns ? matmul(w)(flipped) : matmul(flipped)(w)
    const count = Math.min(rows, columns)
    const expected = Float64Array.from(range(count * count), i => (i % (count + 1) === 0 ? factor ** 2 : 0))
    return nearTensors(gram, constant([count, count], 'float64', expected), 1e-13)
  }),
  law(
    'equally likely',
    'of n × n matrices each entry, the trace and its square are as of the uniform distribution',
    subject => {
      const n = 3
      const some = vmap(in64({ ...subject, shape: [n, n] }))(keys(draws)(keyOf(subject.seed)) as Tensor<[number, 2]>)
      const matrices = range(draws).map(i => numbersOf(member(some, i)).map(x => x / subject.gain))
      const traces = matrices.map(q => q[0]! + q[4]! + q[8]!)
      const fourth = 3 / (n * (n + 2))
      return (
        range(n * n).every(
          i =>
            likely(mean(matrices.map(q => q[i]!)), 0, 1 / n) &&
            likely(mean(matrices.map(q => q[i]! ** 2)), 1 / n, fourth - 1 / n ** 2)
        ) &&
        likely(mean(traces), 0, 1) &&
        likely(mean(traces.map(t => t ** 2)), 1, 2)
      )
    }
  )
]
