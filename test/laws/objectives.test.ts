/** The laws of losses, run on every loss of the library; and losses that break them. */
import { describe, expect, test } from 'vitest'
import * as _ from '../../laws/objectives.js'
import { Tensor } from '../../src/index.js'
import * as Loss from '../../src/Loss.js'
import { add, mul, square, sub } from '../../src/primitive/arithmetic.js'
import { stopGradient } from '../../src/primitive/conversion.js'
import { sumAll } from '../../src/primitive/movement.js'
import { size } from '../../src/structure/shape.js'
import { constant, item } from '../../src/tensor/tensor.js'
import { fails, holds, named } from './verdict.js'

describe('every loss', () => {
  test('is in the table', () => expect(Object.keys(_.lossTable).sort()).toEqual(Object.keys(Loss).sort()))
  for (const [name, cases] of Object.entries(_.lossTable)) {
    test(`${name} obeys ${_.lossLaws.length} laws`, () => {
      for (const law of _.lossLaws) holds(law, cases, 40)
    })
  }
})

describe('a broken loss is caught', () => {
  const broken = (change: (loss: _.Reducible) => _.Reducible) =>
    _.lossTable.mse.map(subject => ({ ...subject, loss: change(subject.loss) }))
  const law = (name: string) => named(_.lossLaws, name)

  test('that broadcasts', () => {
    const careless: _.Reducible =
      ({ reduction }) =>
      target =>
      prediction => {
        const errors = Tensor.square(Tensor.sub(target)(prediction) as Tensor.Tensor)
        return reduction === 'none' ? errors : reduction === 'sum' ? sumAll(errors) : Tensor.mean()(errors)
      }
    fails(
      _.losses.noBroadcasting,
      broken(() => careless)
    )
  })
  test('that is least elsewhere', () => {
    fails(
      _.losses.leastAtOptimum,
      broken(loss => options => target => p => loss(options)(add(target, 1))(p))
    )
  })
  test('that weighs the first example more', () => {
    const first: _.Reducible = options => target => prediction => {
      const count = size(target.shape)
      const weight = constant(
        target.shape,
        'float64',
        Float64Array.from({ length: count }, (_, i) => (i === 0 ? 2 : 1))
      )
      const errors = mul(weight, square(sub(prediction, target)))
      return options.reduction === 'none' ? errors : sumAll(errors)
    }
    fails(
      _.losses.invariance,
      broken(() => first)
    )
    fails(
      _.losses.equivariance,
      broken(() => first)
    )
    fails(
      _.losses.reductions,
      broken(() => first)
    )
  })
  test('that divides its sum by the batch alone', () => {
    fails(
      _.losses.reductions,
      broken(
        loss => options => target => prediction =>
          options.reduction === 'mean'
            ? mul(loss({ reduction: 'sum' })(target)(prediction), 1 / (target.shape[0] ?? 1))
            : loss(options)(target)(prediction)
      )
    )
  })
  test('whose gradient is half of what it should be', () => {
    fails(
      law('central difference'),
      broken(loss => options => target => p => loss(options)(target)(mul(add(p, stopGradient(p)), 0.5)))
    )
  })
  test('that reads numbers, so that nothing can be derived', () => {
    const reading: _.Reducible = options => target => prediction =>
      add(Loss.mse(options)(target)(stopGradient(prediction)), prediction.tag === 'constant' ? 0 : 1)
    fails(
      law('one meaning'),
      broken(() => reading)
    )
    expect(item('test')(reading({ reduction: 'sum' })(Tensor.scalar(1))(Tensor.scalar(3)))).toBe(4)
  })
})
