/** The laws of losses, run on every loss of the library; and losses that break them. */
import type fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as _ from '../../laws/objectives.js'
import { customJvp } from '../../src/control/call.js'
import * as Loss from '../../src/Loss.js'
import { add, mul, square, sub } from '../../src/primitive/arithmetic.js'
import { stopGradient } from '../../src/primitive/conversion.js'
import { exp, log } from '../../src/primitive/elementary.js'
import { sumAll } from '../../src/primitive/movement.js'
import { size } from '../../src/structure/shape.js'
import * as Tensor from '../../src/Tensor.js'
import { constant, item } from '../../src/tensor/tensor.js'
import { fails, holds, named } from './verdict.js'

type OfTensors = _.Reducible<Tensor.Tensor, Tensor.Tensor>

describe('every loss', () => {
  test('is in the table', () => expect(Object.keys(_.lossTable).sort()).toEqual(Object.keys(Loss).sort()))
  for (const [name, cases] of Object.entries(_.lossTable)) {
    test(`${name} obeys ${_.lossLaws.length} laws`, () => {
      for (const law of _.lossLaws) holds(law, cases, 40)
    })
  }
})

describe('a broken loss is caught', () => {
  /** One of the library's losses of a tensor against a tensor with something wrong about it. */
  const wrong = (
    name: 'mse' | 'crossEntropy' | 'binaryCrossEntropyWithLogits',
    change: (loss: OfTensors) => OfTensors
  ) =>
    _.lossTable[name].map(subject => ({
      ...subject,
      loss: change(subject.loss as unknown as OfTensors) as unknown as _.Reducible
    }))
  const broken = (change: (loss: OfTensors) => OfTensors): fc.Arbitrary<_.LossCase> => wrong('mse', change)
  const law = (name: string) => named(_.lossLaws, name)
  const reduced = ({ reduction }: { readonly reduction: Loss.Reduction }, losses: Tensor.Tensor): Tensor.Tensor =>
    reduction === 'none' ? losses : reduction === 'sum' ? sumAll(losses) : Tensor.mean()(losses)

  test('that broadcasts', () => {
    const careless: OfTensors = options => target => prediction =>
      reduced(options, Tensor.square(Tensor.sub(target)(prediction) as Tensor.Tensor))
    fails(
      _.losses.noBroadcasting,
      broken(() => careless)
    )
  })
  test('that broadcasts one of several predictions', () => {
    const careless = _.lossTable.gaussianNll.map(subject => ({
      ...subject,
      loss: (options => target => prediction => {
        const { mean, variance } = prediction as unknown as {
          readonly mean: Tensor.Tensor
          readonly variance: Tensor.Tensor
        }
        const whole = Tensor.broadcastTo(mean.shape)(
          mean.shape.length < variance.shape.length ? Tensor.mean()(variance) : variance
        )
        return Loss.gaussianNll(options)(target as unknown as Tensor.Tensor)({ mean, variance: whole as Tensor.Tensor })
      }) as _.Reducible
    }))
    fails(_.losses.noBroadcasting, careless)
  })
  test('that is least elsewhere', () => {
    fails(
      _.losses.leastAtOptimum,
      broken(loss => options => target => p => loss(options)(add(target, 1))(p))
    )
  })
  test('that weighs the first example more', () => {
    const first: OfTensors = options => target => prediction => {
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
  test('that looks at an example beside the others', () => {
    const relative: OfTensors = options => target => prediction => {
      const errors = sub(prediction, target)
      return reduced(options, square(sub(errors, Tensor.mean()(errors))))
    }
    holds(
      _.losses.equivariance,
      broken(() => relative),
      40
    )
    fails(
      _.losses.apart,
      broken(() => relative)
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
  test('whose mean forgets the weights', () => {
    const forgetful = wrong(
      'crossEntropy',
      loss => options => target => prediction => reduced(options, loss({ reduction: 'none' })(target)(prediction))
    )
    fails(_.losses.reductions, forgetful)
  })
  test('that overflows, in its value or in its derivative', () => {
    const naive: OfTensors = options => target => x => reduced(options, sub(log(add(exp(x), 1)), mul(target, x)))
    fails(
      _.losses.finite,
      wrong('binaryCrossEntropyWithLogits', () => naive)
    )
    const steep: OfTensors = options => target => x => {
      const right = Loss.binaryCrossEntropyWithLogits(options)(target)(x)
      const slope = reduced({ reduction: options.reduction }, mul(exp(x), exp(x)))
      return add(right, sub(slope, stopGradient(slope)))
    }
    fails(
      _.losses.finite,
      wrong('binaryCrossEntropyWithLogits', () => steep)
    )
  })
  test('whose gradient is half of what it should be', () => {
    fails(
      law('central difference'),
      broken(loss => options => target => p => loss(options)(target)(mul(add(p, stopGradient(p)), 0.5)))
    )
  })
  test('whose gradient is right, and whose second derivative is not', () => {
    const straight: OfTensors = options => target => p =>
      reduced(
        options,
        customJvp(
          (error: Tensor.Tensor) => square(error),
          (error, tangent) => mul(tangent, mul(stopGradient(error), 2))
        )(sub(p, target))
      )
    holds(
      law('central difference')!,
      broken(() => straight),
      40
    )
    fails(
      law('difference of gradients'),
      broken(() => straight)
    )
  })
  test('that reads numbers, so that nothing can be derived', () => {
    const reading: OfTensors = options => target => prediction =>
      add(Loss.mse(options)(target)(stopGradient(prediction)), prediction.tag === 'constant' ? 0 : 1)
    fails(
      law('one meaning'),
      broken(() => reading)
    )
    expect(item('test')(reading({ reduction: 'sum' })(Tensor.scalar(1))(Tensor.scalar(3)))).toBe(4)
  })
})
