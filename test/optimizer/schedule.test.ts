/** Schedules where they are used: at large steps, with rates that are unknown, compiled, and in a training. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  Schedule as _,
  grad,
  jit,
  Layer,
  Loss,
  Optimizer,
  pipe,
  Random,
  Tensor,
  Training,
  vmap
} from '../../src/index.js'
import { line, readings } from '../training/thermometer.js'

const at = (schedule: _.Schedule, step: number, dtype: 'int32' | 'float32' | 'float64' = 'float64'): number =>
  Tensor.item(schedule(Tensor.scalar(step, { dtype })))

describe('values', () => {
  test('steps beyond 2²⁴ are told apart in int32', () => {
    const jumping = _.multiStep({ initial: 1, milestones: [2 ** 24 + 1], gamma: 0.5 })
    expect([2 ** 24, 2 ** 24 + 1].map(step => at(jumping, step, 'int32'))).toEqual([1, 0.5])
  })
  test('restarts come at their first steps, whatever the logarithm', () => {
    for (const factor of [2, 3, 5, 10]) {
      const schedule = _.cosineRestarts({ initial: 1, final: 0, steps: 7, factor })
      let start = 0
      for (let n = 0; start < 1e6; n++) {
        expect(at(schedule, start)).toBe(1)
        if (n > 0) expect(at(schedule, start - 1)).toBeLessThan(0.06)
        start += 7 * factor ** n
      }
    }
  })
  test('one cycle stays at its end', () => {
    const cycle = _.oneCycle({ peak: 1, steps: 10, initial: 0.5, final: 0.25 })
    expect([9, 10, 1000].map(step => at(cycle, step))).toEqual([0.25, 0.25, 0.25])
  })
  test('one cycle without a way up, or with one of no length, begins at the peak', () => {
    const [none, short] = [0, 0.1].map(warmupFraction =>
      _.oneCycle({ peak: 1, steps: 10, warmupFraction, annealing: 'linear' })
    )
    expect(at(none!, 0)).toBeCloseTo(0.9, 4)
    expect(at(short!, 0)).toBe(1)
  })
  test('the warm-up of a cosine may be none', () => {
    expect(at(_.warmupCosine({ peak: 1, warmupSteps: 0, steps: 10 }), 0)).toBe(1)
  })
  test('the Transformer’s is that of LambdaLR', () => {
    const inverse = _.inverseSquareRoot({ peak: 0.1, warmupSteps: 10 })
    for (const t of [0, 3, 9, 10, 77])
      expect(at(inverse, t)).toBeCloseTo(0.1 * Math.min((t + 1) / 10, Math.sqrt(10 / (t + 1))), 15)
  })
  test('no milestones, no jumps', () => {
    expect(at(_.multiStep({ initial: 2, milestones: [] }), 5)).toBe(2)
  })
  test('a table of rates is a schedule, since whole steps reach every function', () => {
    const rates = Tensor.tensor([0.1, 0.2, 0.3])
    const table: _.Schedule = step => Tensor.take(step)(rates)
    const joined = _.join([2])(_.constant(1), table)
    expect(at(joined, 3, 'int32')).toBeCloseTo(0.2, 6)
  })
})

describe('rates that are unknown', () => {
  const scaled = (factor: Tensor.Tensor<[]>): Tensor.Tensor<[]> =>
    pipe(_.exponential({ initial: 1, gamma: 0.5 }), _.scale(factor))(Tensor.scalar(2))
  test('have derivatives', () => {
    expect(Tensor.item(grad(scaled)(Tensor.scalar(3)))).toBe(0.25)
  })
  test('may be many', () => {
    expect(Tensor.toArray(vmap(scaled)(Tensor.tensor([4, 8])))).toEqual([1, 2])
  })
  test('a schedule of many steps is vmap of it, compiled too', () => {
    const steps = Tensor.arange(5, { dtype: 'int32' })
    const rates = jit(vmap(_.linear({ initial: 0, final: 1, steps: 4 })))(steps)
    expectTypeOf(vmap(_.constant(1))(Tensor.zeros([3]))).toEqualTypeOf<Tensor.Tensor<[3]>>()
    expect(Tensor.toArray(rates)).toEqual([0, 0.25, 0.5, 0.75, 1])
  })
})

describe('in a training, compiled', () => {
  const data = readings('float64', 0.1)
  const run = (learningRate: Optimizer.Rate, epochs: number) => {
    const trainer = Training.make({
      model: Layer.linear(1, 1),
      loss: Loss.mse(),
      optimizer: Optimizer.sgd({ learningRate }),
      dtype: 'float64'
    })
    const end = trainer.epochs(epochs)(data)(trainer.from(line(1, 0, 'float64'), Random.key(0)))
    if (E.isLeft(end)) throw new Error('diverged')
    return [end.right.params.weight, end.right.params.bias].map(Tensor.item)
  }
  const schedules: Readonly<Record<string, _.Schedule>> = {
    step: _.step({ initial: 0.01, stepSize: 10 }),
    cosine: _.cosine({ initial: 0.01, steps: 30 }),
    cosineRestarts: _.cosineRestarts({ initial: 0.01, steps: 5, factor: 2 }),
    oneCycle: _.oneCycle({ peak: 0.01, steps: 40 }),
    cyclic: _.cyclic({ initial: 0.001, peak: 0.01, stepsUp: 4, mode: 'exponentialRange', gamma: 0.99 }),
    warmupCosine: _.warmupCosine({ peak: 0.01, warmupSteps: 5, steps: 40 }),
    inverseSquareRoot: _.inverseSquareRoot({ peak: 0.01, warmupSteps: 5 })
  }
  /** The same steps by hand: of w x + b, the slopes of the mean square. */
  const byHand = (schedule: _.Schedule, epochs: number): readonly [number, number] => {
    const [xs, ys] = [data.x, data.y].map(column => Array.from(Tensor.toData(column)))
    let [w, b] = [1, 0]
    for (let step = 0; step < epochs; step++) {
      const residuals = xs!.map((x, i) => w * x + b - ys![i]!)
      const mean = (terms: readonly number[]): number => terms.reduce((a, c) => a + c, 0) / terms.length
      const rate = at(schedule, step)
      const [dw, db] = [mean(residuals.map((r, i) => 2 * r * xs![i]!)), mean(residuals.map(r => 2 * r))]
      ;[w, b] = [w - rate * dw, b - rate * db]
    }
    return [w, b]
  }
  test.each(Object.entries(schedules))('%s', (_name, schedule) => {
    const expected = byHand(schedule, 40)
    run(schedule, 40).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 10))
  })
})

describe('on a plateau', () => {
  test('updates shrink when the loss stands still, and never by more than to the minimum', () => {
    const optimizer = Optimizer.chain(
      Optimizer.scale(-1),
      Optimizer.reduceOnPlateau({ factor: 0.5, patience: 1, minimum: 0.2 })
    )
    const p = Tensor.scalar(1)
    let state = optimizer.init(p)
    const updates = [5, 4, 4, 4, 4, 4, 4, 4].map((loss, i) => {
      const context = {
        loss: Tensor.scalar(loss),
        step: Tensor.scalar(i, { dtype: 'int32' }),
        valueAndGrad: () => [p, p] as const
      }
      const [update, next] = optimizer.update(p, state, p, context)
      state = next
      return Tensor.item(update)
    })
    const expected = [-1, -1, -1, -0.5, -0.5, -0.25, -0.25, -0.2]
    updates.forEach((update, i) => expect(update).toBeCloseTo(expected[i]!, 6))
  })
  test('the mean of some losses is one metric', () => {
    const optimizer = Optimizer.reduceOnPlateau({ factor: 0.5, patience: 0, every: 2 })
    const p = Tensor.scalar(1)
    let state = optimizer.init(p)
    const rates = [4, 2, 1, 4, 9, 9, 9].map((loss, i) => {
      const step = Tensor.scalar(i, { dtype: 'int32' })
      const [update, next] = optimizer.update(p, state, p, {
        loss: Tensor.scalar(loss),
        step,
        valueAndGrad: () => [p, p]
      })
      state = next
      return Tensor.item(update)
    })
    expect(rates).toEqual([1, 1, 1, 1, 1, 0.5, 0.5])
  })
  test('a metric that is not a number is no better', () => {
    const { init, update } = _.reduceOnPlateau({ initial: 1, factor: 0.5, patience: 0 })
    const [rate, next] = update(Tensor.scalar(Number.NaN))(init)
    expect(Tensor.item(rate)).toBe(0.5)
    expect(Tensor.item(update(Tensor.scalar(3))(next)[1].best)).toBe(3)
  })
})
