/** Run by memory.test.ts with `--expose-gc`: how many bytes a loop leaves behind, printed. */
import { Layer, Loss, Optimizer, pipe, Random, Tensor, Training } from '../src/index.js'

const collected = (): number => {
  for (let i = 0; i < 4; i++) globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
/** What is held after so many more turns than after a warm-up. */
const growth = (turns: number, turn: () => void): number => {
  for (let i = 0; i < 2000; i++) turn()
  const before = collected()
  for (let i = 0; i < turns; i++) turn()
  return collected() - before
}

const eager = (): number => {
  let x: Tensor.Tensor<[10]> = Tensor.ones([10])
  return growth(100_000, () => {
    x = pipe(x, Tensor.mul(1.0001), Tensor.tanh)
  })
}
const trainer = Training.make({
  model: Layer.linear(1, 1),
  loss: Loss.mse(),
  optimizer: Optimizer.sgd({ learningRate: 1e-3, momentum: 0.9 })
})
const train = { x: Tensor.ones([11, 1]), y: Tensor.zeros([11, 1]) }
const training = (): number => {
  const step = trainer.step(train)
  let snapshot = trainer.initialize(Random.key(1))
  return growth(100_000, () => {
    snapshot = step(snapshot)[1]
  })
}
/** A million epochs, each looked at. */
const history = (): number => {
  const epochs = trainer.history(1_002_001)({ train, validation: train })(trainer.initialize(Random.key(1)))
  const walk = epochs[Symbol.iterator]()
  return growth(1_000_000, () => {
    walk.next()
  })
}

const loops: Readonly<Record<string, () => number>> = { eager, training, history }
if (globalThis.gc === undefined) throw new Error('run with --expose-gc')
console.log(loops[process.argv[2] ?? '']?.())
