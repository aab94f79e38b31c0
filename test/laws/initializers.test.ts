/** The laws of initializers, of every one of the library; and initializers that break them, which the laws must catch. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ScaleWords, scaleCase, scaleLaws, words } from '../../laws/initializer-scales.js'
import * as _ from '../../laws/initializers.js'
import { Initializer, pipe, Random, Tensor } from '../../src/index.js'
import { draw } from '../../src/random/key.js'
import { fails, holds, named } from './verdict.js'

describe('every initializer', () => {
  test('is in the table of initializers, or is a word about them', () => {
    expect([...Object.keys(_.initializers), ..._.words].sort()).toEqual(Object.keys(Initializer).sort())
  })
  for (const [name, entry] of Object.entries(_.initializers))
    test(`${name} obeys ${_.initializerLaws.length} laws`, () => {
      for (const law of _.initializerLaws) holds(law, _.initializerCase(entry), 25)
    })
})
describe('the distribution that is told', () => {
  for (const [name, drawn] of Object.entries(_.independent))
    for (const law of _.distributionLaws)
      test(`of ${name}`, () => holds(law, _.distributionCase(drawn as fc.Arbitrary<Initializer.Independent>), 25))
})
describe('orthogonal', () => {
  for (const law of _.orthogonalLaws)
    test(`${law.name}: ${law.statement}`, () => holds(law, _.orthogonalCase(Initializer.orthogonal), 12))
})
describe('fans, gains and the variances that they make', () => {
  test.each(scaleLaws())('$name: $statement', law => holds(law, scaleCase, 40))
})

describe('a broken initializer is caught', () => {
  const with64 = (initialize: Initializer.Initializer) => fc.constant(initialize)
  const broken = (initialize: Initializer.Initializer) => _.initializerCase([with64(initialize), fc.constant([3, 2])])
  test('that ignores the dtype, or the shape', () => {
    const law = named(_.initializerLaws, 'draws what is asked for')
    fails(
      law,
      broken(shape => draw(Random.normal(shape)))
    )
    fails(
      law,
      broken((_shape, { dtype }) => draw(Random.normal([2, 3], { dtype })))
    )
  })
  test('that counts its calls', () => {
    let calls = 0
    fails(
      named(_.initializerLaws, 'draws what is asked for'),
      broken((shape, { dtype }) => key => [Tensor.full(shape, calls++, { dtype }), key])
    )
  })
  test('that is something else when it is traced', () => {
    fails(
      named(_.initializerLaws, 'traced draws of parameters'),
      broken((shape, { dtype }) => key => [Tensor.full(shape, key.tag === 'constant' ? 0 : 1, { dtype }), key])
    )
  })
  const told = (
    distribution: Initializer.Distribution,
    initialize: Initializer.Standard
  ): fc.Arbitrary<Initializer.Independent> =>
    fc.constant(
      Object.assign(((...given: Parameters<Initializer.Standard>) => initialize(...given)) as Initializer.Standard, {
        distribution: () => distribution
      })
    )
  const law = named(_.distributionLaws, 'distribution')
  test('that draws too widely, or too narrowly', () => {
    fails(law, _.distributionCase(told({ kind: 'uniform', min: 0, max: 0.99 }, Initializer.uniform())))
    fails(law, _.distributionCase(told({ kind: 'uniform', min: 0, max: 1.2 }, Initializer.uniform())))
    fails(law, _.distributionCase(told({ kind: 'normal', mean: 0, standardDeviation: 1.4 }, Initializer.normal())))
  })
  test('that leaves a distribution as it is instead of cutting it off', () => {
    const cut = { kind: 'truncatedNormal', mean: 0, standardDeviation: 1, min: -2, max: 2 } as const
    fails(law, _.distributionCase(told(cut, Initializer.normal())))
    // Moved to the bounds, which makes them likely.
    const clipped: Initializer.Standard = ((...given: Parameters<Initializer.Standard>) =>
      key => {
        const [drawn, rest] = Initializer.normal()(...given)(key)
        return [pipe(drawn as Tensor.Tensor, Tensor.clamp({ min: -1, max: 1 })), rest]
      }) as Initializer.Standard
    fails(law, _.distributionCase(told({ ...cut, min: -1, max: 1 }, clipped)))
  })
  test('rows that are only of length one, and rows in whose diagonal a sign is preferred', () => {
    const unit =
      ({ gain }: { readonly gain: number }): Initializer.Initializer =>
      (shape, options) =>
      key => {
        const [drawn, rest] = Initializer.normal()(shape, options)(key)
        return [pipe(drawn, Tensor.div(pipe(drawn, Tensor.norm({}))), Tensor.mul(gain)) as Tensor.Tensor, rest]
      }
    fails(named(_.orthogonalLaws, 'orthogonal'), _.orthogonalCase(unit))
    // As a QR decomposition by reflections leaves them, if nobody minds the signs in R.
    const signed =
      (options: { readonly gain: number }): Initializer.Initializer =>
      (shape, { dtype }) =>
      key => {
        const [drawn, rest] = Initializer.orthogonal(options)(shape, { dtype })(key)
        const first = pipe(drawn as Tensor.Tensor, Tensor.select(0, 0), x =>
          x.shape.length > 0 ? Tensor.select(0, 0)(x) : x
        )
        return [pipe(drawn as Tensor.Tensor, Tensor.mul(pipe(first, Tensor.sign, Tensor.neg))), rest]
      }
    fails(named(_.orthogonalLaws, 'equally likely'), _.orthogonalCase(signed), 12)
  })
})

type Gain = ScaleWords['gain']
const gained =
  (wrong: (given: ReturnType<Gain>, ...of: Parameters<Gain>) => number): Gain =>
  (...of) =>
    wrong(words.gain(...of), ...of)
const fanned = (wrong: (shape: readonly number[], fans: Initializer.Fans) => Partial<Initializer.Fans>) => ({
  fans: (shape: readonly number[]) => ({ ...words.fans(shape), ...wrong(shape, words.fans(shape)) })
})
const brokenScales: readonly (readonly [string, string, Partial<ScaleWords>])[] = [
  [
    'fans exchanged, as for weights `[in, out]`',
    'fans',
    fanned((_shape, { fanIn, fanOut }) => ({ fanIn: fanOut, fanOut: fanIn }))
  ],
  ['a fanOut that is fanIn', 'fans the other way', fanned((_shape, { fanIn }) => ({ fanOut: fanIn }))],
  ['fans without the kernel', 'fans of a kernel', fanned(([out = 0, inputs = 0]) => ({ fanIn: inputs, fanOut: out }))],
  ['a fanOut without the kernel', 'what goes in and out', fanned(([out = 0]) => ({ fanOut: out }))],
  [
    'a gain for convolutions',
    'gain of what is linear',
    { gain: gained((given, of) => (of === 'conv2d' ? Math.SQRT2 : given)) }
  ],
  [
    'a slope that is not squared',
    'gain of rectifiers',
    { gain: gained((given, of, slope = 0.01) => (of === 'leakyRelu' ? Math.sqrt(2 / (1 + slope)) : given)) }
  ],
  [
    'a slope that is 0 unless given',
    'gain of rectifiers',
    { gain: gained((given, of, slope) => (of === 'leakyRelu' && slope === undefined ? Math.SQRT2 : given)) }
  ],
  ['a gain that is a variance', 'squares are kept', { gain: gained(given => given ** 2) }],
  [
    'a gain for relu of half',
    'squares are kept',
    { gain: gained((given, of) => (of === 'relu' ? 1 / Math.SQRT2 : given)) }
  ],
  [
    'uniform numbers as far out as a standard deviation',
    'kaiming',
    {
      kaimingUniform: options =>
        described(words.kaimingUniform(options), shape => {
          const { fanIn } = words.fans(shape)
          const bound = words.gain(options?.nonlinearity ?? 'leakyRelu', options?.negativeSlope ?? 0) / Math.sqrt(fanIn)
          return { kind: 'uniform', min: -bound, max: bound }
        })
    }
  ],
  [
    'a mode that is not looked at',
    'kaiming the other way',
    { kaimingNormal: options => words.kaimingNormal({ ...options, mode: 'fanIn' }) }
  ],
  ['a gain that is not looked at', 'xavier', { xavierNormal: () => words.xavierNormal() }],
  ['as kaiming draws for a relu', 'lecun', { lecunNormal: () => words.kaimingNormal() }],
  [
    'weights that are drawn for no nonlinearity',
    'signals keep their size',
    { kaimingNormal: options => words.kaimingNormal({ ...options, nonlinearity: 'linear' }) }
  ]
]
/** An initializer that tells another distribution. */
function described(
  initialize: Initializer.Independent,
  distribution: Initializer.Independent['distribution']
): Initializer.Independent {
  const standard: Initializer.Standard = (...given) => initialize(...given)
  return Object.assign(standard, { distribution })
}
describe('a broken scale is caught', () => {
  test.each(brokenScales)('%s (%s)', (_name, law, wrong) =>
    fails(named(scaleLaws({ ...words, ...wrong }), law), scaleCase)
  )
})
