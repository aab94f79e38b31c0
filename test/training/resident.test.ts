/** Training with its state in a machine: how little crosses, alarms false and true, and what elements look like from outside. */

import { inspect } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { machineOf } from '../../src/engine/machine.js'
import {
  Dataset,
  Diverged,
  Engine,
  Layer,
  Loss,
  Optimizer,
  pipe,
  Random,
  Tensor,
  Training,
  type Tree
} from '../../src/index.js'
import { type Constant, constant } from '../../src/tensor/tensor.js'
import { line, readings } from './thermometer.js'

const train = readings('float32', 0.1)
const validation = { x: Tensor.tensor([[5]]), y: Tensor.tensor([[5]]) }
const trainerOn = (engine: Engine.Engine) =>
  Training.make({
    model: Layer.linear(1, 1),
    loss: Loss.mse(),
    optimizer: Optimizer.sgd({ learningRate: 1e-2 }),
    engine
  })
const start = trainerOn(Engine.interpreter).from(line(1, 0, 'float32'), Random.key(0))

/** An engine that notes the calls of its machines. */
const noting = () => {
  const calls: string[] = []
  const engine: Engine.ResidentEngine = {
    ...Engine.interpreter,
    machine: (program, options) => {
      const { load, feed, run, number, save } = Engine.interpreter.machine(program, options)
      const noted =
        <A extends readonly unknown[], B>(name: string, f: (...xs: A) => B) =>
        (...xs: A): B => {
          calls.push(typeof xs[0] === 'number' ? `${name} ${xs[0]}` : name)
          return f(...xs)
        }
      return {
        load: noted('load', load),
        feed: noted('feed', feed),
        run: noted('run', run),
        number,
        save: noted('save', save)
      }
    }
  }
  return { calls, trainer: trainerOn(engine) }
}

describe('what crosses between a training and its machine', () => {
  test('epochs run together, up to 1024 of them', () => {
    const { calls, trainer } = noting()
    expect(pipe(start, trainer.epochs(3000)(train))).toMatchObject({ right: { step: 3000, epoch: 3000 } })
    expect(calls).toEqual(['load', 'feed', 'run 1024', 'save', 'run 1024', 'save', 'run 952', 'save'])
  })
  test('a history loads and feeds once, validation or not', () => {
    for (const data of [{ train }, { train, validation }]) {
      const { calls, trainer } = noting()
      pipe(start, trainer.history(3)(data), Training.last)
      expect(calls).toEqual(['load', 'feed', 'run 1', 'save', 'run 1', 'save', 'run 1', 'save'])
    }
  })
  test('histories in turns load what the other left', () => {
    const { calls, trainer } = noting()
    const [a, b] = [0, 1].map(() => trainer.history(3)({ train })(start)[Symbol.iterator]())
    a!.next()
    a!.next()
    b!.next()
    a!.next()
    expect(calls.filter(call => call === 'load' || call.startsWith('run'))).toEqual([
      'load',
      'run 1',
      'run 1',
      'load',
      'run 1',
      'load',
      'run 1'
    ])
  })
  test('an epoch of batches saves at its end, and before a batch of another size', () => {
    const { calls, trainer } = noting()
    pipe(start, trainer.epoch(Dataset.batches({ size: 4, dropLast: true })(train)))
    expect(calls).toEqual(['load', 'feed', 'run 1', 'feed', 'run 1', 'save'])
    calls.length = 0
    pipe(start, trainer.epoch(Dataset.batches({ size: 5 })(train)))
    expect(calls.filter(call => call !== 'feed')).toEqual(['load', 'run 1', 'run 1', 'save', 'load', 'run 1', 'save'])
  })
  test('an engine without machines will do', () => {
    const { name, compile } = Engine.interpreter
    expect(trainerOn({ name, compile }).epochs(20)(train)(start)).toEqual(
      trainerOn(Engine.interpreter).epochs(20)(train)(start)
    )
  })
})

describe('alarms', () => {
  /** The interpreter, with other results of steps. */
  const altered = (
    change: (results: readonly Constant[], carried: number) => readonly Constant[]
  ): Engine.ResidentEngine => ({
    ...Engine.interpreter,
    machine: (program, options) =>
      machineOf(program => {
        const run = Engine.interpreter.compile(program)
        return inputs => change(run(inputs), options.carried)
      })(program, options)
  })
  const infinite = ({ shape, dtype, data }: Constant): Constant =>
    constant(shape, dtype, data.slice().fill(Number.POSITIVE_INFINITY))
  const replace = (xs: readonly Constant[], at: number): readonly Constant[] =>
    xs.map((x, i) => (i === at ? infinite(x) : x))
  const ends = (engine: Engine.Engine, epochs: number) => ({
    together: trainerOn(engine).epochs(epochs)(train)(start),
    looked: pipe(
      start,
      trainerOn(engine).history(epochs)({ train }),
      Training.last,
      E.map(({ state }) => state)
    ),
    inBatches: trainerOn(engine).epochs(epochs)(Dataset.batches({ size: 4 })(train))(start)
  })

  test('that are false change nothing', () => {
    const nervous = altered((results, carried) => replace(results, carried + 1))
    expect(ends(nervous, 5)).toEqual(ends(Engine.interpreter, 5))
  })
  test('of numbers whose sum overflows are false', () => {
    const model = Layer.linear(2, 1, { bias: false })
    const trainer = Training.make({ model, loss: Loss.mse(), optimizer: Optimizer.sgd({ learningRate: 1e-2 }) })
    const large = trainer.from({ weight: Tensor.tensor([[3e38, 3e38]]) }, Random.key(0))
    const zeros = { x: Tensor.zeros([3, 2]), y: Tensor.ones([3, 1]) }
    expect(trainer.epochs(3)(zeros)(large)).toMatchObject({ right: { step: 3, params: large.params } })
  })
  test('of an engine that diverges where the interpreter does not tell step and path, and that there is no equation', () => {
    // The third step of all, by the count that is carried last, makes an infinite bias.
    const other = altered((results, carried) =>
      results[carried - 1]!.data[0] === 3 ? replace(replace(results, 1), carried + 1) : results
    )
    const { together, looked, inBatches } = ends(other, 5)
    expect(together).toMatchObject({
      left: {
        what: 'parameter',
        path: 'bias',
        value: Number.POSITIVE_INFINITY,
        epoch: 3,
        step: 3,
        last: { step: 2, epoch: 2 }
      }
    })
    expect(looked).toEqual(together)
    expect(inBatches).toMatchObject({ left: { path: 'bias', epoch: 1, step: 3, last: { step: 2, epoch: 0 } } })
    expect(
      pipe(
        together,
        E.match(Diverged.show, () => 'fine')
      )
        .split('\n')
        .slice(0, 3)
    ).toEqual([
      'diverged in epoch 3 (step 3): the parameter bias became Infinity',
      '  first not finite: no equation where the interpreter takes the step, which rounds otherwise',
      '  last finite snapshot: after step 2 (epoch 2)'
    ])
    expect(E.isLeft(together) && E.right(together.left.last)).toEqual(
      trainerOn(Engine.interpreter).epochs(2)(train)(start)
    )
  })
})

describe('an element of a history', () => {
  const [element] = [...trainerOn(Engine.interpreter).history(1)({ train, validation })(start)]
  const epoch = E.isRight(element!) ? element.right : undefined
  test('is a record like any other', () => {
    expect(Object.keys(epoch!)).toEqual(['epoch', 'trainLoss', 'validationLoss', 'best', 'sinceBest', 'state'])
    expect({ ...epoch! }.state).toBe(epoch!.state)
    expect(epoch).toEqual({ ...epoch! })
    expect('state' in epoch!).toBe(true)
  })
  test('prints as one', () => {
    expect(inspect(epoch)).toBe(inspect({ ...epoch! }))
  })
})

test('state that changes its type is refused', () => {
  const widening = Optimizer.make({
    init: () => ({ steps: Tensor.scalar(0) as Tree.Tree }),
    update: (gradients, { steps }) => [
      gradients,
      { steps: Tensor.add(Tensor.scalar(1, { dtype: 'float64' }))(steps as Tensor.Tensor) }
    ]
  })
  const trainer = Training.make({ model: Layer.linear(1, 1), loss: Loss.mse(), optimizer: widening })
  expect(() => trainer.step(train)(trainer.initialize(Random.key(0)))).toThrow(
    "Training: 'optimizer.0.steps' is float32 [] before a step and float64 [] after it; layers and optimizers must keep shapes and dtypes of what they remember"
  )
})
