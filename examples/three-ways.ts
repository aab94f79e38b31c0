/**
 * Linear regression three ways, on the thermometer: the derivative by hand, by `grad`, and with everything by `Training`.
 * The numbers are the same, because the three are the same program written at three heights.
 */

import { Diverged, grad, Layer, Loss, Optimizer, pipe, Random, Tensor, Training, Tree } from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'

const celsius = [0.5, 14, 15, 28, 11, 8, 3, -4, 6, 13, 21]
const unknown = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4].map(u => 0.1 * u)
const learningRate = 1e-2
const epochs = 5000
const looked = [1, 2, 3, 10, 100, 5000]
const dtype = 'float64'

type Line = { readonly w: number; readonly b: number }

// 1. By hand: d/dw and d/db of the mean of (w · u + b − c)².
const byHand = (): readonly number[] => {
  const n = celsius.length
  const losses: number[] = []
  let line: Line = { w: 1, b: 0 }
  for (let epoch = 0; epoch < epochs; epoch++) {
    const errors = unknown.map((u, i) => line.w * u + line.b - (celsius[i] ?? 0))
    losses.push(errors.reduce((sum, e) => sum + e * e, 0) / n)
    const dw = errors.reduce((sum, e, i) => sum + 2 * e * (unknown[i] ?? 0), 0) / n
    const db = errors.reduce((sum, e) => sum + 2 * e, 0) / n
    line = { w: line.w - learningRate * dw, b: line.b - learningRate * db }
  }
  console.log(`by hand    w = ${line.w.toFixed(4)}, b = ${line.b.toFixed(4)}`)
  return losses
}

// 2. With grad: the loss is written, its derivative is not.
const withGrad = (): readonly number[] => {
  const x = Tensor.tensor(unknown, { dtype })
  const y = Tensor.tensor(celsius, { dtype })
  const scalar = (value: number) => Tensor.scalar(value, { dtype })
  const loss = ({ w, b }: { readonly w: Tensor.Tensor<[]>; readonly b: Tensor.Tensor<[]> }): Tensor.Tensor<[]> =>
    pipe(x, Tensor.mul(w), Tensor.add(b), Loss.mse()(y))
  const descend = Tree.zipWith((p, g) => pipe(p, Tensor.sub(pipe(g, Tensor.mul(learningRate)))))
  const losses: number[] = []
  let params = { w: scalar(1), b: scalar(0) }
  for (let epoch = 0; epoch < epochs; epoch++) {
    losses.push(Tensor.item(loss(params)))
    params = pipe(params, descend(grad(loss)(params)))
  }
  console.log(`with grad  w = ${Tensor.item(params.w).toFixed(4)}, b = ${Tensor.item(params.b).toFixed(4)}`)
  return losses
}

// 3. With Training: model, loss and optimizer are values, and the loop is a fold.
const withTraining = (): readonly number[] => {
  const column = (values: readonly number[]) =>
    Tensor.tensor(
      values.map(v => [v]),
      { dtype }
    )
  const trainer = Training.make({
    model: Layer.linear(1, 1),
    loss: Loss.mse(),
    optimizer: Optimizer.sgd({ learningRate }),
    dtype
  })
  const start = trainer.from(
    { weight: Tensor.tensor([[1]], { dtype }), bias: Tensor.tensor([0], { dtype }) },
    Random.key(0)
  )
  const losses: number[] = []
  pipe(
    start,
    trainer.history(epochs)({ train: { x: column(unknown), y: column(celsius) } }),
    Training.tap(e => losses.push(e.trainLoss)),
    Training.last,
    E.match(
      Diverged.show,
      ({ state: { params } }) =>
        `Training   w = ${Tensor.item(params.weight).toFixed(4)}, b = ${Tensor.item(params.bias).toFixed(4)}`
    ),
    console.log
  )
  return losses
}

const [first, second, third] = [byHand(), withGrad(), withTraining()]
console.log('\n epoch     by hand   with grad    Training')
for (const epoch of looked) {
  const cell = (losses: readonly number[]): string => (losses[epoch - 1] ?? Number.NaN).toFixed(6).padStart(10)
  console.log(`${String(epoch).padStart(6)}  ${cell(first)}  ${cell(second)}  ${cell(third)}`)
}
const apart = Math.max(
  ...first.map((loss, i) => Math.max(Math.abs(loss - (second[i] ?? 0)), Math.abs(loss - (third[i] ?? 0))) / loss)
)
if (!(apart < 1e-9)) throw new Error(`the three differ by ${apart}`)
console.log(`\nlargest relative difference over all ${epochs} epochs: ${apart.toExponential(1)}`)
