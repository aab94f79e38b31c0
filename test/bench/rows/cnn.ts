/**
 * A step of a small convolutional network with cross-entropy and Adam, over and over on the same batch: twice a convolution of 3×3, a
 * rectifier and the largest of 2×2, from 1 to 16 to 32 channels, and a linear layer. Images of 28×28, as MNIST's, and of 8×8, as UCI's.
 */
import { type Engine, Layer, Loss, Optimizer, Random, Training } from 'cotangent'
import { each, steps, toTensor } from '../contenders/cotangent.js'
import { jaxAdam } from '../contenders/jax.js'
import { tfTraining } from '../contenders/tensorflow.js'
import { torch } from '../contenders/torch.js'
import { classes, permuted, uniform } from '../harness/random.js'
import { type Contender, type Family, faster, race, type Value } from '../harness/row.js'

const [middle, deep, outputs, checked] = [16, 32, 10, 3]

interface Work {
  /** Of the parameters in PyTorch's order and layouts. */
  readonly initial: readonly [Value, Value, Value, Value, Value, Value]
  readonly data: readonly [Value, Value]
  readonly batch: number
  /** The extent of what the linear layer reads of each channel. */
  readonly end: number
}
const workOf = (side: number, batch: number): Work => {
  const end = side / 4
  const flat = deep * end * end
  return {
    initial: [
      uniform([middle, 1, 3, 3], { seed: 1, scale: 1 / 3 }),
      uniform([middle], { seed: 2, scale: 1 / 3 }),
      uniform([deep, middle, 3, 3], { seed: 3, scale: 1 / 12 }),
      uniform([deep], { seed: 4, scale: 1 / 12 }),
      uniform([outputs, flat], { seed: 5, scale: 1 / Math.sqrt(flat) }),
      uniform([outputs], { seed: 6, scale: 1 / Math.sqrt(flat) })
    ],
    data: [uniform([batch, 1, side, side], { seed: 7 }), classes(batch, outputs)],
    batch,
    end
  }
}

const stepsOf =
  ({ initial, data, end }: Work) =>
  (engine: Engine.Engine) => {
    const trainer = Training.make({
      model: Layer.sequential(
        Layer.named('first', Layer.conv2d(1, middle, { kernelSize: 3, padding: 1 })),
        Layer.relu,
        Layer.maxPool2d({ kernelSize: 2 }),
        Layer.named('second', Layer.conv2d(middle, deep, { kernelSize: 3, padding: 1 })),
        Layer.relu,
        Layer.maxPool2d({ kernelSize: 2 }),
        Layer.flatten([deep, end, end]),
        Layer.named('output', Layer.linear(deep * end * end, outputs))
      ),
      loss: Loss.crossEntropy(),
      optimizer: Optimizer.adam(),
      engine
    })
    const [w1, b1, w2, b2, w3, b3] = initial
    const [x, y] = data
    const params = {
      first: { weight: toTensor<[number, number, 3, 3]>(w1), bias: toTensor<[number]>(b1) },
      second: { weight: toTensor<[number, number, 3, 3]>(w2), bias: toTensor<[number]>(b2) },
      output: { weight: toTensor<[number, number]>(w3), bias: toTensor<[number]>(b3) }
    }
    return steps(
      {
        trainer,
        start: trainer.from(params, Random.key(1)),
        batch: { x: toTensor<[number, 1, number, number]>(x), y: toTensor<[number]>(y) }
      },
      { look: false, checked }
    )
  }

const jax = ({ initial, data, batch, end }: Work): Contender =>
  jaxAdam({
    initial,
    data,
    look: false,
    checked,
    loss: ({ lax, nn, numpy: np }) => {
      return ([w1, b1, w2, b2, w3, b3], x, y) => {
        const first = nn.relu(lax.conv(x!, w1!, [1, 1], 'SAME').add(b1!.reshape([middle, 1, 1])))
        const pooled = np.max(first.reshape([batch, middle, 2 * end, 2, 2 * end, 2]), [3, 5])
        const second = nn.relu(lax.conv(pooled, w2!, [1, 1], 'SAME').add(b2!.reshape([deep, 1, 1])))
        const flat = np.max(second.reshape([batch, deep, end, 2, end, 2]), [3, 5]).reshape([batch, deep * end * end])
        return nn
          .logSoftmax(np.matmul(flat, w3!.transpose()).add(b3!), -1)
          .mul(nn.oneHot(y!, outputs))
          .sum()
          .mul(-1 / batch)
      }
    }
  })

/** Channels are the last axis in all that it works on. */
const tf = ({ initial: [w1, b1, w2, b2, w3, b3], data: [x, y], end }: Work): readonly Contender[] => {
  const places = { ...w3, shape: [outputs, deep, end, end] }
  return tfTraining({
    initial: [permuted([2, 3, 1, 0], w1), b1, permuted([2, 3, 1, 0], w2), b2, permuted([0, 2, 3, 1], places), b3],
    data: [permuted([0, 2, 3, 1], x), y],
    optimizer: ({ train }) => train.adam(1e-3, 0.9, 0.999, 1e-8),
    loss: ({ conv2d, losses, matMul, maxPool, oneHot }) => {
      return ([v1, c1, v2, c2, v3, c3], images, labels) => {
        const first = maxPool(conv2d(images!, v1!, 1, 'same').add(c1!).relu(), 2, 2, 'valid')
        const second = maxPool(conv2d(first, v2!, 1, 'same').add(c2!).relu(), 2, 2, 'valid')
        const [flat, weight] = [second, v3!].map(each => each.reshape([each.shape[0]!, deep * end * end]))
        return losses.softmaxCrossEntropy(oneHot(labels!, outputs), matMul(flat!, weight!, false, true).add(c3!))
      }
    },
    look: false,
    checkedSteps: checked,
    compared: (_, [v1, c1, v2, c2, v3, c3]) => [
      v1!.transpose([3, 2, 0, 1]),
      c1!,
      v2!.transpose([3, 2, 0, 1]),
      c2!,
      v3!.transpose([0, 3, 1, 2]),
      c3!
    ]
  })
}

const contenders = (work: Work): readonly Contender[] => [
  ...each(stepsOf(work)),
  jax(work),
  ...tf(work),
  torch('convolutions', [...work.initial, ...work.data], { look: false, checked })
]

export const family: Family = {
  name: 'cnn',
  title: 'A small convolutional network: 1-16-32 channels of 3×3, each pooled by 2×2, then linear; cross-entropy, Adam',
  rows: ({ quick }) => {
    const batch = quick ? 8 : 64
    return [28, 8].map(side =>
      race({
        name: `a step on ${batch} images of ${side}×${side}`,
        unit: { _tag: 'Time', per: 'a step' },
        tolerance: 1e-3,
        targets: [faster('PyTorch', 1), faster('jax-js', 1), faster('tfjs cpu', 1)],
        contenders: contenders(workOf(side, batch))
      })
    )
  }
}
