/** The laws of convolutions, run on the library's; and convolutions that break them, which the laws must catch. */
import { describe, test } from 'vitest'
import * as _ from '../../laws/convolutions.js'
import { mul, square } from '../../src/primitive/arithmetic.js'
import { permute } from '../../src/primitive/movement.js'
import { reverse } from '../../src/primitive/window.js'
import { range } from '../../src/structure/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { fails, holds } from './verdict.js'

describe('convolutions', () => {
  for (const law of _.convolutionLaws) test(`${law.name}: ${law.statement}`, () => holds(law, _.convolutionCase(), 150))
})

describe('a broken convolution is caught', () => {
  const { convolve, deconvolve } = _.library
  const broken = (wrong: Partial<typeof _.library>) => _.convolutionCase({ ..._.library, ...wrong })
  const axesOf = (weight: Tensor): readonly number[] => range(weight.shape.length).slice(2)

  test('that reverses its kernel', () => {
    fails(_.convolutions.definition, broken({ convolve: g => w => convolve(g)(reverse(axesOf(w))(w)) }))
  })
  test('that takes dilations for 1', () => {
    fails(
      _.convolutions.definition,
      broken({ convolve: g => w => convolve({ ...g, dilation: g.dilation.map(() => 1) })(w) })
    )
  })
  test('whose transpose does not reverse what it does', () => {
    fails(_.convolutions.adjoint, broken({ deconvolve: g => w => deconvolve(g)(reverse(axesOf(w))(w)) }))
    fails(
      _.convolutions.adjoint,
      broken({ deconvolve: g => w => deconvolve({ ...g, outputPadding: g.outputPadding.map(() => 0) })(w) })
    )
  })
  test('that weighs places differently', () => {
    const ramp = (y: Tensor): Tensor => mul(y, y.shape.at(-1)!)
    fails(_.convolutions.equivariance, broken({ convolve: g => w => x => ramp(convolve(g)(w)(x)) }))
  })
  test('that mixes its groups', () => {
    const turned = (w: Tensor): Tensor => reverse([0])(w)
    fails(_.convolutions.groups, broken({ convolve: g => w => convolve(g)(g.groups === 1 ? w : turned(w)) }))
  })
  test('that is not linear in its weight', () => {
    fails(_.convolutions.bilinearity, broken({ convolve: g => w => convolve(g)(square(w)) }))
  })
  test('that exchanges the axes of a square kernel', () => {
    const exchanged = (w: Tensor): Tensor =>
      w.shape.length === 4 && w.shape[2] === w.shape[3] ? permute([0, 1, 3, 2])(w) : w
    fails(_.convolutions.definition, broken({ convolve: g => w => convolve(g)(exchanged(w)) }), 300)
  })
})
