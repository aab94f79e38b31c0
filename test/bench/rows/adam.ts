/**
 * Adam on 2²⁰ parameters whose gradient stays the same: many updates in one call, so that what goes in and out counts little; and
 * in training, whose loss, the product of parameters and gradient, costs about as little as one can.
 */
import { Control, type Engine, Optimizer, pipe, Random, Tensor, Training } from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'
import { each, functions, toResults, toTensor } from '../contenders/cotangent.js'
import { type JaxArray, jaxTraining } from '../contenders/jax.js'
import { onBackends, tfTraining, toTf } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { uniform, zeros } from '../harness/random.js'
import { type Contender, type Family, faster, type Ready, race, type Value } from '../harness/row.js'

const ours = (steps: number) => {
  const { init, update } = Optimizer.adam()
  return (start: Tensor.Tensor, gradient: Tensor.Tensor): Tensor.Tensor => {
    const context = { loss: Tensor.scalar(0), step: Tensor.scalar(0, { dtype: 'int32' }) }
    const [end] = Control.fold(
      ([params, state]: readonly [Tensor.Tensor, Optimizer.OptimizerState], _: Tensor.Tensor) => {
        const valueAndGrad = (): readonly [Tensor.Tensor<[]>, Tensor.Tensor] => [context.loss, gradient]
        const [updates, next] = update(gradient, state, params, { ...context, valueAndGrad })
        return [Optimizer.applyUpdates(updates)(params), next] as const
      }
    )([start, init(start)] as const, Tensor.zeros([steps]))
    return end
  }
}

/** A call for each update. What it reads of each is one number: the first parameter, or the loss where the gradient is its derivative. */
const jaxUpdates = (
  [start, gradient]: readonly [Value, Value],
  { steps, derive }: { readonly steps: number; readonly derive: boolean }
): Contender =>
  jaxTraining({
    initial: [start, zeros(start.shape), zeros(start.shape), { shape: [2], data: new Float32Array([1, 1]) }],
    data: [gradient],
    losses: 1,
    checked: { steps, losses: false, states: 1 },
    make: ({ numpy: np, valueAndGrad }) => {
      const loss = ([p]: readonly JaxArray[], x: JaxArray): JaxArray => p!.mul(x).sum()
      return ([p, m, v, powers], x) => {
        const [value, [g]] = derive ? valueAndGrad(loss)([p!.ref], x!) : [undefined, [x!]]
        const mean = m!.mul(0.9).add(g!.ref.mul(0.1))
        const size = v!.mul(0.999).add(np.square(g!).mul(0.001))
        const decay = np.array(new Float32Array([0.9, 0.999]), { shape: [2], dtype: np.float32 })
        const next = powers!.mul(decay)
        const correction = next.ref.mul(-1).add(1)
        const divisor = np
          .sqrt(size.ref)
          .div(np.sqrt(correction.ref.slice(1)))
          .add(1e-8)
        const moved = p!.sub(mean.ref.mul(1e-3).div(correction.slice(0)).div(divisor))
        return [value ?? moved.ref.slice(0), moved, mean, size, next]
      }
    }
  })
/** So many updates as one iteration, and the parameters after them as its only result. */
const jax = (inputs: readonly [Value, Value], steps: number): Contender => {
  const { prepare, column } = jaxUpdates(inputs, { steps, derive: false })
  return {
    column,
    prepare: async () => {
      const ready = await prepare()
      return { ...ready, results: async () => (await ready.results()).slice(1), time: n => ready.time(n * steps) }
    }
  }
}

/** Names of variables, which have to differ. */
let named = 0
const tf = (inputs: readonly [Value, Value], steps: number): readonly Contender[] =>
  onBackends(library => {
    const [start, gradient] = inputs.map(toTf(library))
    const name = `parameter ${named++}`
    const param = library.variable(start!, true, name)
    const train = (): void => {
      param.assign(start!)
      const optimizer = library.train.adam(1e-3, 0.9, 0.999, 1e-8)
      for (let i = 0; i < steps; i++) optimizer.applyGradients({ [name]: gradient! })
      optimizer.dispose()
    }
    return {
      results: () => {
        train()
        return [param.dataSync()]
      },
      time: iterations => {
        const begin = performance.now()
        for (let i = 0; i < iterations; i++) train()
        return performance.now() - begin
      },
      dispose: () => library.dispose([start, gradient, param])
    }
  })

type Vector = Tensor.Tensor<[number]>
const inTraining =
  (inputs: readonly [Value, Value]) =>
  (engine: Engine.Engine): Ready => {
    const [start, x] = inputs.map(v => toTensor<[number]>(v)) as [Vector, Vector]
    const trainer = Training.make({
      model: {
        init: () => key => [start, key],
        buffers: {},
        forward: (params: Vector) => (given: Vector) => state => [pipe(params, Tensor.dot(given)), state]
      },
      loss: (_: Vector) => (product: Tensor.Tensor<[]>) => product,
      optimizer: Optimizer.adam(),
      engine
    })
    const snapshot = trainer.from(start, Random.key(1))
    const train = (steps: number): typeof snapshot => {
      const end = trainer.epochs(steps)({ x, y: x })(snapshot)
      if (E.isLeft(end)) throw new Error('diverged')
      return end.right
    }
    return {
      results: () => [[], ...toResults(train(checked).params)],
      time: steps => {
        const begin = performance.now()
        train(steps)
        return performance.now() - begin
      }
    }
  }
const checked = 3

const trainers = (inputs: readonly [Value, Value]): readonly Contender[] => {
  const [start, gradient] = inputs
  return [
    ...each(inTraining(inputs)),
    jaxUpdates(inputs, { steps: checked, derive: true }),
    ...tfTraining({
      initial: [start],
      data: [gradient],
      optimizer: ({ train }) => train.adam(1e-3, 0.9, 0.999, 1e-8),
      loss: () => (params, x) => params[0]!.mul(x!).sum(),
      look: false,
      checkedSteps: checked
    }),
    torch('adam_training', inputs, { checked })
  ]
}

export const family: Family = {
  name: 'adam',
  title: 'Adam',
  rows: ({ quick }) => {
    const [n, steps] = quick ? [2 ** 14, 4] : [2 ** 20, 16]
    const size = quick ? '2^14' : '2^20'
    const inputs = [uniform([n], { seed: 1 }), uniform([n], { seed: 2 })] as const
    return [
      race({
        name: `${steps} updates of ${size} parameters in one call`,
        unit: { _tag: 'Time', per: `${steps} updates` },
        tolerance: 1e-4,
        targets: [faster('PyTorch', 2.5)],
        contenders: [
          ...functions(inputs, (start, gradient) => ours(steps)(start!, gradient!)),
          jax(inputs, steps),
          ...tf(inputs, steps),
          torch('adam', inputs, { steps })
        ]
      }),
      race({
        name: `a step of training ${size} parameters p, loss p · g`,
        unit: { _tag: 'Time', per: 'a step' },
        tolerance: 1e-4,
        targets: [faster('PyTorch', 2.5)],
        contenders: trainers(inputs)
      })
    ]
  }
}
