/**
 * Why some data are held out. A line and a wide network learn from nine readings of the thermometer; two readings are kept from them.
 * On the nine the network ends far below the line. On the two that it never saw it gets worse while it still "improves",
 * and early stopping ends it near its best.
 */

import { Dataset, Diverged, Layer, Loss, Optimizer, Plot, pipe, Random, Tensor, Training } from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'
import { picture } from './shared/picture.js'

const celsius = [0.5, 14, 15, 28, 11, 8, 3, -4, 6, 13, 21]
const unknown = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]
const column = (values: readonly number[]) => Tensor.tensor(values.map(v => [v] as const)) as Tensor.Tensor<[number, 1]>
const data = pipe(
  { x: column(unknown.map(u => (u - 50) / 20)), y: column(celsius.map(c => c / 10)) },
  Dataset.split({ fraction: 0.2, key: Random.key(3) })
)

const line = Layer.linear(1, 1)
const network = Layer.sequential(Layer.linear(1, 64), Layer.tanh, Layer.linear(64, 64), Layer.tanh, Layer.linear(64, 1))
const epochs = 1500

const orThrow = E.getOrElseW((failure: Diverged.Diverged<unknown, unknown>): never => {
  throw new Error(Diverged.show(failure))
})
const ofLine = Training.make({ model: line, loss: Loss.mse(), optimizer: Optimizer.adam({ learningRate: 0.01 }) })
const ofNetwork = Training.make({ model: network, loss: Loss.mse(), optimizer: Optimizer.adam({ learningRate: 0.01 }) })
const key = Random.key(1)

const lineRun = orThrow(pipe(ofLine.initialize(key), ofLine.history(epochs)(data), Training.toArray))
const networkRun = orThrow(pipe(ofNetwork.initialize(key), ofNetwork.history(epochs)(data), Training.toArray))
const stopped = orThrow(
  pipe(
    ofNetwork.initialize(key),
    ofNetwork.history(epochs)(data),
    Training.earlyStopping({ patience: 30 }),
    Training.last
  )
)

const cell = (value: number | undefined): string => (value ?? Number.NaN).toFixed(4).padStart(12)
console.log(
  `${Dataset.size(data.train)} readings to learn from, ${Dataset.size(data.validation)} held out; mean squared errors in (10 °C)²\n`
)
console.log(
  `${''.padEnd(8)}${'line'.padStart(16)}${''.padStart(8)}${`network (${Layer.countParameters(Layer.initialize(network)(key))} parameters)`.padStart(26)}`
)
console.log(
  `${'epoch'.padEnd(8)}${'training'.padStart(12)}${'held out'.padStart(12)}${'training'.padStart(14)}${'held out'.padStart(12)}`
)
for (const at of [1, 10, 30, 100, 300, 1000, epochs]) {
  const [a, b] = [lineRun[at - 1], networkRun[at - 1]]
  console.log(
    `${String(at).padEnd(8)}${cell(a?.trainLoss)}${cell(a?.validationLoss)}  ${cell(b?.trainLoss)}${cell(b?.validationLoss)}`
  )
}
const best = networkRun.reduce((a, b) =>
  (b.validationLoss ?? Number.POSITIVE_INFINITY) < (a.validationLoss ?? Number.POSITIVE_INFINITY) ? b : a
)
console.log(
  `\nthe network is best on the held-out readings after ${best.epoch} epochs (${best.validationLoss?.toFixed(4)}), and worse at the end (${networkRun.at(-1)?.validationLoss?.toFixed(4)})`
)
console.log(`with early stopping, patience 30, it ends after ${stopped.epoch} epochs`)

const shared = {
  width: 330,
  legend: 'top' as const,
  label: 'mean squared error ((10 °C)²)',
  domain: [1e-4, 10] as const
}
await picture('overfitting', 'Training and held-out loss', [
  Plot.beside(
    Plot.history({ title: 'Line', ...shared })(lineRun),
    Plot.history({ title: 'Network, 1-64-64-1', ...shared })(networkRun)
  )
])
