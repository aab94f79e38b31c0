/** The chapter's network, 1-13-1, on its nine readings to learn from and two held out; and the same made larger. */
import { type Engine, Layer, Loss, Optimizer, Random, Training } from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'
import { brainChapter } from '../contenders/brain.js'
import { each, toResults, toTensor } from '../contenders/cotangent.js'
import { type JaxArray, jaxTraining } from '../contenders/jax.js'
import { type Tf, type TfTensor, tfTraining } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { uniform } from '../harness/random.js'
import { atMost, type Contender, type Family, faster, type Ready, race, type Value } from '../harness/row.js'

const readings = [3.57, 5.59, 5.82, 8.19, 5.63, 4.89, 3.39, 2.18, 4.84, 6.04, 6.84]
const answers = [0.5, 14, 15, 28, 11, 8, 3, -4, 6, 13, 21]
const column = (numbers: readonly number[]): Value => ({ shape: [numbers.length, 1], data: Float32Array.from(numbers) })

export interface Size {
  readonly width: number
  readonly batch: number
  readonly learningRate: number
}
interface Work extends Size {
  /** Whether both losses are read in every epoch; if not, the held-out readings are not looked at either. */
  readonly look: boolean
}

/** Readings over and over until there are as many as wanted. */
const learned = (batch: number, from: readonly number[]): Value =>
  column(Array.from({ length: batch }, (_, i) => from[i % 9]!))
const initialOf = (width: number): readonly [Value, Value, Value, Value] => [
  uniform([width, 1], { seed: 1 }),
  uniform([width], { seed: 2 }),
  uniform([1, width], { seed: 3, scale: 1 / Math.sqrt(width) }),
  uniform([1], { seed: 4, scale: 1 / Math.sqrt(width) })
]
const dataOf = (batch: number): readonly [Value, Value, Value, Value] => [
  learned(batch, readings),
  learned(batch, answers),
  column(readings.slice(9)),
  column(answers.slice(9))
]
const checked = 10

const ours =
  ({ width, batch, learningRate, look }: Work) =>
  (engine: Engine.Engine): Ready => {
    const trainer = Training.make({
      model: Layer.sequential(
        Layer.named('hidden', Layer.linear(1, width)),
        Layer.tanh,
        Layer.named('output', Layer.linear(width, 1))
      ),
      loss: Loss.mse(),
      optimizer: Optimizer.sgd({ learningRate }),
      engine
    })
    const [w1, b1, w2, b2] = initialOf(width)
    const params = {
      hidden: { weight: toTensor<[number, 1]>(w1), bias: toTensor<[number]>(b1) },
      output: { weight: toTensor<[1, number]>(w2), bias: toTensor<[1]>(b2) }
    }
    const start = trainer.from(params, Random.key(1))
    const [x, y, xv, yv] = dataOf(batch)
    const train = { x: toTensor<[number, 1]>(x), y: toTensor<[number, 1]>(y) }
    const validation = { x: toTensor<[number, 1]>(xv), y: toTensor<[number, 1]>(yv) }
    const watch = (epochs: number, seen: (trainLoss: number, validationLoss: number) => void): typeof start => {
      let last = start
      for (const epoch of trainer.history(epochs)({ train, validation })(start)) {
        if (E.isLeft(epoch)) throw new Error('diverged')
        seen(epoch.right.trainLoss, epoch.right.validationLoss ?? Number.NaN)
        last = epoch.right.state
      }
      return last
    }
    const blind = (epochs: number): typeof start => {
      const end = trainer.epochs(epochs)(train)(start)
      if (E.isLeft(end)) throw new Error('diverged')
      return end.right
    }
    return {
      results: () => {
        const losses: number[] = []
        const end = look ? watch(checked, (a, b) => losses.push(a, b)) : blind(checked)
        return [losses, ...toResults(end.params)]
      },
      time: epochs => {
        let sum = 0
        const begin = performance.now()
        if (look) {
          watch(epochs, (a, b) => {
            sum += a + b
          })
        } else blind(epochs)
        const spent = performance.now() - begin
        if (Number.isNaN(sum)) throw new Error('a loss is not a number')
        return spent
      }
    }
  }

/** Its losses are always read, because it computes when it is read; without looking they are left out of the comparison. */
const jax = ({ width, batch, learningRate, look }: Work): Contender =>
  jaxTraining({
    initial: initialOf(width),
    data: look ? dataOf(batch) : dataOf(batch).slice(0, 2),
    losses: look ? 2 : 1,
    checked: { steps: checked, losses: look },
    make: ({ numpy: np, valueAndGrad }) => {
      const loss = ([w1, b1, w2, b2]: readonly JaxArray[], x: JaxArray, y: JaxArray): JaxArray => {
        const hidden = np.tanh(np.matmul(x, w1!.transpose()).add(b1!))
        return np.square(np.matmul(hidden, w2!.transpose()).add(b2!).sub(y)).mean()
      }
      return (params, x, y, xv, yv) => {
        const watched =
          xv && yv
            ? [
                loss(
                  params.map(p => p.ref),
                  xv,
                  yv
                )
              ]
            : []
        const [value, gradients] = valueAndGrad(loss)(
          params.map(p => p.ref),
          x!,
          y!
        )
        return [value, ...watched, ...params.map((p, i) => p.sub(gradients[i]!.mul(learningRate)))]
      }
    }
  })

const tf = ({ width, batch, learningRate, look }: Work): readonly Contender[] => {
  const lossOf =
    ({ matMul }: Tf) =>
    ([w1, b1, w2, b2]: readonly TfTensor[], x: TfTensor, y: TfTensor): TfTensor => {
      const hidden = matMul(x, w1!, false, true).add(b1!).tanh()
      return matMul(hidden, w2!, false, true).add(b2!).sub(y).square().mean()
    }
  return tfTraining({
    initial: initialOf(width),
    data: dataOf(batch),
    optimizer: ({ train }) => train.sgd(learningRate),
    loss: library => {
      const loss = lossOf(library)
      return (params, x, y) => loss(params, x!, y!)
    },
    validation: library => {
      const loss = lossOf(library)
      return (params, _x, _y, xv, yv) => loss(params, xv!, yv!)
    },
    look,
    checkedSteps: checked
  })
}

/** Everybody who can train a network of this size. */
export const contenders = (work: Work): readonly Contender[] => [
  ...each(ours(work)),
  jax(work),
  ...tf(work),
  torch('chapter', [...initialOf(work.width), ...dataOf(work.batch)], {
    learningRate: work.learningRate,
    look: work.look,
    checked
  })
]

const chapter = { width: 13, batch: 9, learningRate: 1e-3 }
export const family: Family = {
  name: 'chapter',
  title: 'The chapter: 1-13-1, SGD, 9 readings to learn from and 2 held out',
  rows: () => [
    race({
      name: 'every epoch looked at, both losses read',
      unit: { _tag: 'Time', per: 'an epoch' },
      tolerance: 1e-4,
      targets: [atMost(1e-3), faster('PyTorch', 200), faster('jax-js', 400)],
      contenders: [...contenders({ ...chapter, look: true }), brainChapter(readings.slice(0, 9), answers.slice(0, 9))]
    }),
    race({
      name: 'none looked at, training readings only',
      unit: { _tag: 'Time', per: 'an epoch' },
      tolerance: 1e-4,
      targets: [],
      contenders: contenders({ ...chapter, look: false })
    })
  ]
}
