/** A step of 784-128-10 with a rectifier, cross-entropy and Adam on a batch of 128, over and over on the same batch. */
import { type Engine, Layer, Loss, Optimizer, Random, type Tensor, Training } from 'cotangent'
import { definition, each, engines, type Named, steps, threaded, toTensor } from '../contenders/cotangent.js'
import { jaxAdam } from '../contenders/jax.js'
import { tfTraining } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { classes, uniform } from '../harness/random.js'
import { type Contender, type Family, faster, type Ready, race, type Value } from '../harness/row.js'

const [inputs, hidden, outputs, batch] = [784, 128, 10, 128]
const initial: readonly [Value, Value, Value, Value] = [
  uniform([hidden, inputs], { seed: 1, scale: 1 / 28 }),
  uniform([hidden], { seed: 2, scale: 1 / 28 }),
  uniform([outputs, hidden], { seed: 3, scale: 1 / 11 }),
  uniform([outputs], { seed: 4, scale: 1 / 11 })
]
const data: readonly [Value, Value] = [uniform([batch, inputs], { seed: 5 }), classes(batch, outputs)]
const checked = 3

/** The training, ready to be used. */
export const trainingOf = (engine: Engine.Engine) => {
  const trainer = Training.make({
    model: Layer.sequential(
      Layer.named('hidden', Layer.linear(inputs, hidden)),
      Layer.relu,
      Layer.named('output', Layer.linear(hidden, outputs))
    ),
    loss: Loss.crossEntropy(),
    optimizer: Optimizer.adam(),
    engine
  })
  const [w1, b1, w2, b2] = initial
  const params = {
    hidden: { weight: toTensor<[128, 784]>(w1), bias: toTensor<[128]>(b1) },
    output: { weight: toTensor<[10, 128]>(w2), bias: toTensor<[10]>(b2) }
  }
  const [x, y] = data
  return {
    trainer,
    start: trainer.from(params, Random.key(1)),
    batch: { x: toTensor<[128, 784]>(x), y: toTensor<[128]>(y) as Tensor.Tensor }
  }
}

const ours =
  (look: boolean) =>
  (engine: Engine.Engine): Ready =>
    steps(trainingOf(engine), { look, checked })

const jax = (look: boolean): Contender =>
  jaxAdam({
    initial,
    data,
    look,
    checked,
    loss: ({ nn, numpy: np }) => {
      return ([w1, b1, w2, b2], x, y) => {
        const activated = nn.relu(np.matmul(x!, w1!.transpose()).add(b1!))
        const logits = np.matmul(activated, w2!.transpose()).add(b2!)
        return nn
          .logSoftmax(logits, -1)
          .mul(nn.oneHot(y!, outputs))
          .sum()
          .mul(-1 / batch)
      }
    }
  })

const tf = (look: boolean): readonly Contender[] =>
  tfTraining({
    initial,
    data,
    optimizer: ({ train }) => train.adam(1e-3, 0.9, 0.999, 1e-8),
    loss: ({ losses, matMul, oneHot }) => {
      return ([w1, b1, w2, b2], x, y) => {
        const activated = matMul(x!, w1!, false, true).add(b1!).relu()
        return losses.softmaxCrossEntropy(oneHot(y!, outputs), matMul(activated, w2!, false, true).add(b2!))
      }
    },
    look,
    checkedSteps: checked
  })

const peers = (look: boolean): readonly Contender[] => [
  jax(look),
  ...tf(look),
  torch('network', [...initial, ...data], { look, checked })
]
const contenders = (look: boolean, among: readonly Named[] = engines): readonly Contender[] => each(ours(look), among)

/** Everybody who takes steps. */
export const stepping: readonly Contender[] = [...contenders(false), ...peers(false)]

/** How long an engine takes to trace and compile a step: until it has what would run it, and then stops. */
export const compileTime = (engine: Engine.ResidentEngine): number => {
  let end = Number.NaN
  const stopped = new Error('stopped')
  const stopping: Engine.ResidentEngine = {
    ...engine,
    machine: (program, options) => {
      engine.machine(program, options)
      end = performance.now()
      throw stopped
    }
  }
  const { trainer, start, batch: one } = trainingOf(stopping)
  const begin = performance.now()
  try {
    trainer.epochs(1)(one)(start)
  } catch (error) {
    if (error !== stopped) throw error
  }
  return end - begin
}

export const family: Family = {
  name: 'network',
  title: '784-128-10, rectifier, cross-entropy, Adam, batch 128',
  rows: () => {
    const unit = { _tag: 'Time', per: 'a step' } as const
    return [
      race({
        name: 'one step after the other',
        unit,
        tolerance: 1e-3,
        targets: [faster('PyTorch', 0.85), faster('jax-js', 2), faster('tfjs wasm', 10)],
        contenders: stepping
      }),
      race({
        name: 'each loss read, each snapshot taken out',
        unit,
        tolerance: 1e-3,
        targets: [],
        contenders: [...contenders(true), ...peers(true)]
      }),
      race({
        name: 'one after the other, two threads each',
        unit,
        tolerance: 1e-3,
        targets: [faster('PyTorch', 1.2)],
        contenders: [
          ...contenders(false, definition),
          { column: 'wasm', prepare: () => ours(false)(threaded(2).engine) },
          torch('network', [...initial, ...data], { look: false, checked }, 2)
        ]
      })
    ]
  }
}
