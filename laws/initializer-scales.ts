/**
 * How large weights are drawn: by what goes into each number and out of it, and by what a nonlinearity takes away, so that signals and gradients
 * stay as large as they were.
 */
import fc from 'fast-check'
import * as Library from '../src/Initializer.js'
import { leakyRelu } from '../src/operation/activation-rectifier.js'
import { matmul } from '../src/operation/contraction.js'
import { convolved } from '../src/operation/convolution-product.js'
import { geometryOf } from '../src/operation/convolution-settings.js'
import { add, mul, square } from '../src/primitive/arithmetic.js'
import { sumAll } from '../src/primitive/movement.js'
import { key as keyOf } from '../src/random/key.js'
import { type Shape, size } from '../src/structure/shape.js'
import { elements, item, known, type Tensor, uniform } from '../src/tensor/tensor.js'
import { grad } from '../src/transform/reverse.js'
import { direction, near, nearTensors } from './closeness.js'
import { type Law, law } from './law.js'

/** What the laws are about: this library's words, or an instance that may be wrong. */
export type ScaleWords = Pick<
  typeof Library,
  | 'fans'
  | 'gain'
  | 'kaimingNormal'
  | 'kaimingUniform'
  | 'lecunNormal'
  | 'lecunUniform'
  | 'xavierNormal'
  | 'xavierUniform'
>
const { fans, gain, kaimingNormal, kaimingUniform, lecunNormal, lecunUniform, xavierNormal, xavierUniform } = Library
export const words: ScaleWords = {
  fans,
  gain,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  xavierNormal,
  xavierUniform
}

const linear = ['linear', 'conv1d', 'conv2d', 'conv3d'] as const
const transposed = ['convTranspose1d', 'convTranspose2d', 'convTranspose3d'] as const
const bent = ['sigmoid', 'tanh', 'relu', 'leakyRelu', 'selu'] as const

/** The shape of a weight `[out, in, …kernel]`, and what comes after it. */
export interface ScaleCase {
  readonly out: number
  readonly inputs: number
  readonly kernel: Shape
  readonly nonlinearity: Library.Nonlinearity
  /** Below 0, of a leaky relu. */
  readonly slope: number
  readonly seed: number
}
const extent = fc.integer({ min: 1, max: 5 })
export const scaleCase: fc.Arbitrary<ScaleCase> = fc.record({
  out: extent,
  inputs: extent,
  kernel: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  nonlinearity: fc.constantFrom<Library.Nonlinearity[]>(...linear, ...transposed, ...bent),
  slope: fc.constantFrom(0, 0.01, 0.2, 1, -0.5, Math.sqrt(5)),
  seed: fc.nat(1e6)
})
const shapeOf = ({ out, inputs, kernel }: ScaleCase): Shape => [out, inputs, ...kernel]
const flipped = ({ out, inputs, kernel }: ScaleCase): Shape => [inputs, out, ...kernel]
const ones = (shape: Shape): Tensor => uniform({ shape, dtype: 'float64' }, 1)
const all = (x: Tensor, value: number): boolean => elements(known('a law')(x)).every(each => each === value)

/** How many numbers go into each, and out of it. */
export const fanLaws = (w: ScaleWords): readonly Law<ScaleCase>[] => [
  law('fans', 'out · fanIn = in · fanOut = the size of the weight', subject => {
    const { fanIn, fanOut } = w.fans(shapeOf(subject))
    const whole = size(shapeOf(subject))
    return subject.out * fanIn === whole && subject.inputs * fanOut === whole
  }),
  law('fans the other way', 'fanIn [in, out, …kernel] = fanOut [out, in, …kernel], and fanOut likewise', subject => {
    const [there, back] = [w.fans(shapeOf(subject)), w.fans(flipped(subject))]
    return there.fanIn === back.fanOut && there.fanOut === back.fanIn
  }),
  law('fans of a kernel', 'fans [out, in, …kernel] are |kernel| times fans [out, in]', subject => {
    const [whole, flat] = [w.fans(shapeOf(subject)), w.fans([subject.out, subject.inputs])]
    const field = size(subject.kernel)
    return whole.fanIn === field * flat.fanIn && whole.fanOut === field * flat.fanOut
  }),
  law(
    'what goes in and out',
    'a convolution of ones with ones gives fanIn, and its derivative in the middle is fanOut',
    ({ out, inputs, kernel }) => {
      const field = kernel.length === 0 ? [1] : kernel
      const axes = field.length as 1 | 2
      const convolve = convolved('a law', axes, geometryOf('a law', axes, {}))(ones([out, inputs, ...field]))
      // Each window that fits has the middle in it.
      const image = field.map(extent => 2 * extent - 1)
      const middle = image.reduce((position, extent) => position * extent + (extent - 1) / 2, 0)
      const x = ones([1, inputs, ...image])
      const { fanIn, fanOut } = w.fans([out, inputs, ...kernel])
      const gradient = grad((y: Tensor) => sumAll(convolve(y)))(x)
      return all(convolve(x), fanIn) && elements(known('a law')(gradient))[middle] === fanOut
    }
  )
]

/** What a nonlinearity takes away, and a gain gives back. */
export const gainLaws = (w: ScaleWords): readonly Law<ScaleCase>[] => [
  law('gain of what is linear', 'gain(linear) = gain(convolutions) = gain(leakyRelu, 1) = 1', () =>
    [...linear, ...transposed].every(each => w.gain(each) === 1 && near(w.gain('leakyRelu', 1), 1, 1e-15))
  ),
  law(
    'gain of rectifiers',
    'gain(leakyRelu, a)² (1 + a²) = 2, gain(relu) = gain(leakyRelu, 0), and a is 0.01 unless given',
    ({ slope }) =>
      near(w.gain('leakyRelu', slope) ** 2 * (1 + slope ** 2), 2, 1e-14) &&
      w.gain('relu') === w.gain('leakyRelu', 0) &&
      w.gain('leakyRelu') === w.gain('leakyRelu', 0.01)
  ),
  law(
    'squares are kept',
    'f(g z)² + f(−g z)² = z² + (−z)² for f linear, relu or leakyRelu and g its gain, so of all that is symmetric the second moment',
    ({ slope, seed }) => {
      const z = direction(seed)(ones([6]))
      // A slope of 1 is linear, one of 0 the plain rectifier.
      const factors = [
        [1, w.gain('linear')],
        [0, w.gain('relu')],
        [0.01, w.gain('leakyRelu')],
        [slope, w.gain('leakyRelu', slope)]
      ] as const
      return factors.every(([negativeSlope, factor]) => {
        const f = leakyRelu({ negativeSlope })
        const [up, down] = [factor, -factor].map(by => square(f(mul(z, by))))
        return nearTensors(add(up!, down!), mul(square(z), 2), 1e-14)
      })
    }
  )
]

/** The variance of numbers that are drawn around 0; of others it is no number. */
const variance = (distribution: Library.Distribution): number =>
  distribution.kind === 'normal' && distribution.mean === 0
    ? distribution.standardDeviation ** 2
    : distribution.kind === 'uniform' && distribution.min === -distribution.max
      ? distribution.max ** 2 / 3
      : Number.NaN
const rows = 2000

/** How fans and gain make the variance of what is drawn. */
export const varianceLaws = (w: ScaleWords): readonly Law<ScaleCase>[] => {
  const kaiming = [w.kaimingNormal, w.kaimingUniform]
  const modes = ['fanIn', 'fanOut'] as const
  const exactly = (a: number, b: number): boolean => near(a, b, 1e-13)
  return [
    law('kaiming', 'variance · fan = gain², the mean being 0', subject => {
      const { nonlinearity, slope } = subject
      return kaiming.every(make =>
        modes.every(mode => {
          const { distribution } = make({ nonlinearity, negativeSlope: slope, mode })
          const counts = w.fans(shapeOf(subject))
          return exactly(variance(distribution(shapeOf(subject))) * counts[mode], w.gain(nonlinearity, slope) ** 2)
        })
      )
    }),
    law('kaiming the other way', 'fanOut of [out, in, …kernel] is drawn as fanIn of [in, out, …kernel]', subject => {
      const { nonlinearity, slope } = subject
      return kaiming.every(make => {
        const [forwards, backwards] = modes.map(mode => make({ nonlinearity, negativeSlope: slope, mode }).distribution)
        return exactly(variance(backwards!(shapeOf(subject))), variance(forwards!(flipped(subject))))
      })
    }),
    law('xavier', 'variance · (fanIn + fanOut) / 2 = gain²: between the two ways of kaiming', subject => {
      const factor = w.gain(subject.nonlinearity, subject.slope)
      const { fanIn, fanOut } = w.fans(shapeOf(subject))
      return [w.xavierNormal, w.xavierUniform].every(make =>
        exactly((variance(make({ gain: factor }).distribution(shapeOf(subject))) * (fanIn + fanOut)) / 2, factor ** 2)
      )
    }),
    law('lecun', 'variance · fanIn = 1 = gain(linear)²', subject =>
      [w.lecunNormal, w.lecunUniform].every(make =>
        exactly(variance(make().distribution(shapeOf(subject))) * w.fans(shapeOf(subject)).fanIn, w.gain('linear') ** 2)
      )
    ),
    law(
      'signals keep their size',
      'for weights of kaiming, leakyRelu (W x) has on average the squares of x',
      ({ inputs, slope, seed }) => {
        const x = direction(seed)(ones([inputs, 1])) as Tensor<[number, number]>
        const squares = item('a law')(sumAll(square(x))) / inputs
        // The fourth moment of a normal number is 3, and of a sum of uniform ones less.
        const spread = (6 * (1 + slope ** 4)) / (1 + slope ** 2) ** 2 - 1
        return kaiming.every(make => {
          const [weight] = make({ negativeSlope: slope })([rows, inputs], { dtype: 'float64' })(keyOf(seed))
          const out = leakyRelu({ negativeSlope: slope })(matmul(x)(weight))
          const found = item('a law')(sumAll(square(out))) / rows
          return Math.abs(found - squares) <= 5 * squares * Math.sqrt(spread / rows)
        })
      }
    )
  ]
}

/** Every law of the scale of weights. */
export const scaleLaws = (w: ScaleWords = words): readonly Law<ScaleCase>[] => [
  ...fanLaws(w),
  ...gainLaws(w),
  ...varianceLaws(w)
]
