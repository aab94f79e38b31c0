/**
 * The quality of white wines, told from eleven measures of each: tasters gave marks, most of them from 4 to 8. A network with batch
 * normalization and dropout learns them, and is compared with the best linear model. Of the 4,898 wines 937 are there more than once; each is
 * kept once, so that no wine held out is one that was learned.
 *
 * Data: P. Cortez, A. Cerdeira, F. Almeida, T. Matos and J. Reis, "Modeling wine preferences by data mining from physicochemical
 * properties", Decision Support Systems 47 (2009); UCI Machine Learning Repository.
 *
 * Result: on the fifth of the wines that is held out the network's R² is at least 0.36 (0.41 here), the linear model's 0.32; its error is smaller
 * by a twentieth or more, in the mean square and in the mean.
 */
import { readFileSync } from 'node:fs'
import {
  Csv,
  Dataset,
  DecodeError,
  Diverged,
  Layer,
  LinearAlgebra,
  Loss,
  Metric,
  Optimizer,
  pipe,
  Random,
  Schedule,
  Tensor,
  Training
} from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'

const measures = [
  'fixed acidity',
  'volatile acidity',
  'citric acid',
  'residual sugar',
  'chlorides',
  'free sulfur dioxide',
  'total sulfur dioxide',
  'density',
  'pH',
  'sulphates',
  'alcohol'
] as const
const columns = [...measures, 'quality'] as const
const row = Csv.row(Object.fromEntries(columns.map(name => [name, Csv.number])))

const wines = pipe(
  readFileSync(new URL('./data/winequality-white.csv', import.meta.url), 'utf8'),
  Csv.decode(row, { separator: ';' }),
  E.getOrElseW(error => {
    throw new Error(DecodeError.show(error))
  }),
  rows => [...new Map(rows.map(wine => [JSON.stringify(wine), wine])).values()]
)
const data = {
  x: Tensor.tensor(wines.map(wine => measures.map(name => wine[name] ?? Number.NaN))) as Tensor.Tensor<[number, 11]>,
  y: Tensor.tensor(wines.map(wine => [wine['quality'] ?? Number.NaN] as const)) as Tensor.Tensor<[number, 1]>
}
const { train, validation: heldOut } = pipe(data, Dataset.split({ fraction: 0.2, key: Random.key(2024) }))
console.log(`${Dataset.size(train)} wines to learn from, ${Dataset.size(heldOut)} held out\n`)

// Measures are centred and scaled, and marks centred, by what the training part shows.
const mean = Tensor.mean({ axis: 0 })(train.x)
const deviation = Tensor.standardDeviation({ axis: 0 })(train.x)
const meanMark = Tensor.mean({ axis: 0 })(train.y)
const prepare = ({ x, y }: typeof data): typeof data => ({
  x: pipe(x, Tensor.sub(mean), Tensor.div(deviation)),
  y: pipe(y, Tensor.sub(meanMark))
})
const [learned, asked] = [prepare(train), prepare(heldOut)]

const model = Layer.sequential(
  Layer.linear(11, 256),
  Layer.batchNorm1d(256),
  Layer.relu,
  Layer.dropout({ probability: 0.3 }),
  Layer.linear(256, 128),
  Layer.batchNorm1d(128),
  Layer.relu,
  Layer.dropout({ probability: 0.3 }),
  Layer.linear(128, 1)
)
const size = 64
const epochs = 40
const steps = epochs * Math.ceil(Dataset.size(learned) / size)
const learningRate = Schedule.warmupCosine({ peak: 3e-3, warmupSteps: steps / 10, steps })
const trainer = Training.make({ model, loss: Loss.mse(), optimizer: Optimizer.adamW({ learningRate }) })

console.log(Layer.show(model))
const end = pipe(
  trainer.initialize(Random.key(1)),
  trainer.history(epochs)({ train: pipe(learned, Dataset.batches({ size, shuffle: true })) }),
  Training.tap(({ epoch, trainLoss, state }) => {
    if (epoch === 1 || epoch % 10 === 0) {
      const rate = Tensor.item(learningRate(Tensor.scalar(state.step)))
      console.log(
        `epoch ${String(epoch).padStart(2)}  training loss ${trainLoss.toFixed(4)}  learning rate ${rate.toExponential(1)}`
      )
    }
  }),
  Training.last
)
if (E.isLeft(end)) throw new Error(Diverged.show(end.left))

/** The linear model that is best on the wines learned from, by least squares. */
const weights = LinearAlgebra.leastSquares(learned.x)(learned.y)
const predictions = {
  'the mean mark': Tensor.zerosLike(asked.y),
  'linear model': pipe(asked.x, Tensor.matmul(weights)) as typeof asked.y,
  network: Layer.predict(model)(end.right.state)(asked.x)
}
const errors = Metric.struct({ rootMeanSquare: Metric.rmse(), meanError: Metric.mae(), explained: Metric.r2() })
const told = (name: keyof typeof predictions) => Metric.evaluate(errors)(asked.y)(predictions[name])
console.log(
  `\n${'held-out wines'.padEnd(16)}${'root mean square'.padStart(18)}${'mean error'.padStart(12)}${'R²'.padStart(8)}`
)
for (const name of ['the mean mark', 'linear model', 'network'] as const) {
  const { rootMeanSquare, meanError, explained } = told(name)
  console.log(
    `${name.padEnd(16)}${rootMeanSquare.toFixed(3).padStart(18)}${meanError.toFixed(3).padStart(12)}${explained
      .toFixed(3)
      .replace(/^-(0\.0+)$/, '$1')
      .padStart(8)}`
  )
}
if (told('network').explained < 0.36) throw new Error('the network explains less than 0.36 of the variance')
