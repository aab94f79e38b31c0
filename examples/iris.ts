/**
 * Fisher's irises, classified: 150 flowers, 4 measures, 3 species. A fifth is held out, and the network is asked about it.
 */
import { readFileSync } from 'node:fs'
import { Csv, Dataset, DecodeError, Diverged, Layer, Loss, Optimizer, pipe, Random, Tensor, Training } from 'cotangent'
import * as E from 'fp-ts/lib/Either.js'

const species = ['setosa', 'versicolor', 'virginica'] as const
const row = Csv.row({
  sepal_length: Csv.number,
  sepal_width: Csv.number,
  petal_length: Csv.number,
  petal_width: Csv.number,
  species: Csv.category(species)
})

const flowers = pipe(
  readFileSync(new URL('./data/iris.csv', import.meta.url), 'utf8'),
  Csv.decode(row),
  E.getOrElseW(error => {
    throw new Error(DecodeError.show(error))
  })
)
const data = {
  x: Tensor.tensor(
    flowers.map(f => [f.sepal_length, f.sepal_width, f.petal_length, f.petal_width] as const)
  ) as Tensor.Tensor<[number, 4]>,
  y: Tensor.tensor(
    flowers.map(f => f.species),
    { dtype: 'int32' }
  )
}
const { train, validation } = pipe(data, Dataset.split({ fraction: 0.2, key: Random.key(2024) }))

// The measures are centred and scaled by what the training part shows: the held-out part must not leak into them.
const mean = Tensor.mean({ axis: 0 })(train.x)
const deviation = Tensor.standardDeviation({ axis: 0 })(train.x)
const standardize = (x: typeof train.x): typeof train.x => pipe(x, Tensor.sub(mean), Tensor.div(deviation))
const prepared = {
  train: { x: standardize(train.x), y: train.y },
  validation: { x: standardize(validation.x), y: validation.y }
}

const model = Layer.sequential(Layer.linear(4, 16), Layer.tanh, Layer.linear(16, 3))
const trainer = Training.make({ model, loss: Loss.crossEntropy(), optimizer: Optimizer.adam({ learningRate: 0.01 }) })
const accuracy = (logits: Tensor.Tensor, y: Tensor.Tensor): number =>
  pipe(logits, Tensor.argmax({ axis: -1 }), Tensor.equal(y), Tensor.mean(), Tensor.item)

console.log(Layer.show(model))
console.log(`${Dataset.size(train)} flowers to learn from, ${Dataset.size(validation)} held out\n`)
const end = pipe(
  trainer.initialize(Random.key(1)),
  trainer.history(300)(prepared),
  Training.tap(e => {
    if (e.epoch === 1 || e.epoch % 100 === 0) {
      console.log(
        `epoch ${String(e.epoch).padStart(3)}  training loss ${e.trainLoss.toFixed(4)}  held-out loss ${e.validationLoss?.toFixed(4)}`
      )
    }
  }),
  Training.last
)
if (E.isLeft(end)) throw new Error(Diverged.show(end.left))

const predict = Layer.predict(model)(end.right.state)
const logits = predict(prepared.validation.x)
const found = Tensor.toArray(Tensor.argmax({ axis: -1 })(logits)) as readonly number[]
const truth = Tensor.toArray(prepared.validation.y) as readonly number[]
console.log(`\n${'held-out flowers'.padEnd(18)}${species.map(s => `called ${s}`.padStart(20)).join('')}`)
species.forEach((name, actual) => {
  const counts = species.map((_, called) => truth.filter((t, i) => t === actual && found[i] === called).length)
  console.log(`${name.padEnd(18)}${counts.map(n => String(n).padStart(20)).join('')}`)
})
const held = accuracy(logits, prepared.validation.y)
console.log(
  `\naccuracy: ${(100 * accuracy(predict(prepared.train.x), prepared.train.y)).toFixed(1)}% of the training flowers, ${(100 * held).toFixed(1)}% of the held-out ones`
)
if (held < 0.95) throw new Error('less than 95% of the held-out flowers')
