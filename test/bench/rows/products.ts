/** Matrix products: square, ragged, and whether ragged ones keep up with their rounder neighbours. */
import { type Engine, jit, pipe, Tensor } from 'cotangent'
import { functions, subject, toTensor } from '../contenders/cotangent.js'
import { jaxFunction } from '../contenders/jax.js'
import { tfFunctions } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { loop } from '../harness/measure.js'
import { uniform } from '../harness/random.js'
import { atLeast, type Family, type Row, race, type Settings, survey, type Target, type Value } from '../harness/row.js'
import { summary } from '../harness/statistics.js'

type Extents = readonly [number, number, number]
type Float = 'float32' | 'float64'
/** GFLOP/s of a hand-tuned 6×8 kernel in C compiled to SIMD128, measured on the machine that the target was set on. */
const storedC = 17.5

const factors = ([m, k, n]: Extents, dtype: Float = 'float32'): readonly [Value, Value] => [
  uniform([m, k], { seed: 1, dtype }),
  uniform([k, n], { seed: 2, dtype })
]
const operations = ([m, k, n]: Extents): number => 2 * m * k * n

const product = (extents: Extents, dtype: Float, targets: readonly Target[]): Row => {
  const inputs = factors(extents, dtype)
  const single = { of: 1e-5, because: 'it has no float64 and computes in float32' }
  return race({
    name: `${extents.join(' × ')}${dtype === 'float64' ? ', float64' : ''}`,
    unit: { _tag: 'Rate', operations: operations(extents) },
    tolerance: dtype === 'float32' ? 1e-5 : 1e-13,
    targets,
    contenders: [
      ...functions(inputs, (a, b) => pipe(a!, Tensor.matmul(b!))),
      jaxFunction(inputs, ({ numpy }) => (a, b) => [numpy.matmul(a!, b!)]),
      ...tfFunctions(
        inputs,
        ({ matMul }) =>
          (a, b) => [matMul(a!, b!)],
        dtype === 'float64' ? single : undefined
      ),
      torch('product', inputs)
    ],
    ...(dtype === 'float32' && extents[0] >= 64 ? { stored: { column: 'C', value: storedC } } : {})
  })
}

/** Milliseconds of a product on one engine. */
const timed = (engine: Engine.Engine, extents: Extents): ((iterations: number) => number) => {
  const multiply = jit((a: Tensor.Tensor, b: Tensor.Tensor) => pipe(a, Tensor.matmul(b)), { engine })
  const [a, b] = factors(extents).map(v => toTensor(v))
  return loop(() => multiply(a!, b!))
}
const enough = (time: (iterations: number) => number, sample: number): number => {
  let iterations = 1
  while (time(iterations) < sample) iterations *= 2
  return iterations
}
const up = (extent: number): number => 16 * Math.ceil(extent / 16)

/** Ragged sizes of which no dimension is below 8, small and middle ones, long and flat ones. */
const raggedSizes: readonly Extents[] = [
  [8, 8, 8], [9, 9, 9], [9, 17, 9], [11, 13, 15], [15, 8, 33], [17, 17, 17], [17, 100, 18], [20, 20, 20],
  [25, 33, 41], [31, 31, 31], [33, 33, 33], [33, 65, 9], [37, 128, 37], [49, 50, 51], [63, 63, 63], [65, 65, 65],
  [65, 9, 129], [67, 100, 10], [97, 97, 97], [100, 784, 10], [127, 127, 127], [127, 785, 129], [129, 129, 9], [130, 17, 131]
] // biome-ignore format: a list
const raggedRow = (settings: Settings): Row =>
  survey({
    name: 'the slowest ragged size, as a share of its neighbour rounded up to multiples of 16',
    unit: { _tag: 'Plain', name: 'of its rate' },
    targets: [atLeast(0.5)],
    remark: `of ${raggedSizes.length} sizes with all dimensions of 8 or more, each timed in turn with its neighbour`,
    measure: async ({ rounds, sample }) => {
      const sizes = settings.quick ? raggedSizes.filter((_, i) => i % 4 === 0) : raggedSizes
      const shares = sizes.map(extents => {
        const rounded = extents.map(up) as unknown as Extents
        const [mine, neighbour] = [timed(subject.engine, extents), timed(subject.engine, rounded)]
        const [often, less] = [enough(mine, sample / 2), enough(neighbour, sample / 2)]
        const each = Array.from({ length: rounds }, () => {
          const [a, b] = [mine(often) / often, neighbour(less) / less]
          return operations(extents) / a / (operations(rounded) / b)
        })
        return { extents, share: summary(each)?.median ?? Number.NaN }
      })
      const slowest = shares.reduce((a, b) => (b.share < a.share ? b : a))
      const all = summary(shares.map(s => s.share))
      return [
        {
          column: subject.column,
          samples: [slowest.share],
          remark: `slowest ${slowest.extents.join(' × ')}; median of all sizes ${all?.median.toFixed(2)}, best ${all?.high.toFixed(2)}`
        }
      ]
    }
  })

export const family: Family = {
  name: 'products',
  title: 'Matrix products, float32 unless said, m × k × n',
  rows: settings => {
    const squares = settings.quick ? [64, 128, 256] : [64, 128, 256, 512, 1024]
    const ragged: readonly Extents[] = [
      [128, 784, 10],
      [127, 785, 129],
      [9, 1, 13]
    ]
    return [
      ...squares.map(n => product([n, n, n], 'float32', n >= 256 ? [atLeast(20)] : [])),
      product(settings.quick ? [128, 128, 128] : [512, 512, 512], 'float64', []),
      ...ragged.map(extents => product(extents, 'float32', [])),
      raggedRow(settings)
    ]
  }
}
