/**
 * The chapter, end to end: "Using a neural network to fit the data", on its eleven readings of a thermometer without units.
 *
 * It prints what the chapter prints, in the chapter's order, and writes a report with the pictures.
 * `--epochs`, `--seed`, `--csv FILE`, `--out FILE` and `--help` are its flags.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  Csv,
  Dataset,
  DecodeError,
  Diverged,
  flow,
  grad,
  Layer,
  Loss,
  Optimizer,
  pipe,
  Random,
  Tensor,
  Training
} from 'cotangent'
import { readText, showFileError } from 'cotangent/node'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Arguments, run } from './shared/command-line.js'
import { progress } from './shared/progress.js'
import { writeReport } from './shared/report.js'
import { lastLosses, observation, type Readings, type Run, reportOf } from './shared/thermometer-report.js'

type Column = Tensor.Tensor<[number, 1]>
/** Readings are scaled to about 1 for the models; pictures show them as they were read. */
const scaling = 0.1
const column = (values: readonly number[]): Column => Tensor.tensor(values.map(v => [v] as const))
const scaled = (unknown: readonly number[]): Column => column(unknown.map(u => u * scaling))

const heading = (text: string): void => console.log(`\n${text}\n${'─'.repeat(text.length)}`)
const fixed = (value: number | undefined, digits = 4): string => (value ?? Number.NaN).toFixed(digits)
const shapeOf = (tensor: Tensor.Tensor): string => `[${Tensor.shape(tensor).join(', ')}]`
const indented = (text: string): string => text.replace(/^/gm, '  ')

const decode = flow(
  Csv.decode(Csv.row({ celsius: Csv.number, unknown: Csv.number })),
  E.mapLeft(DecodeError.show),
  E.filterOrElse(
    rows => rows.length >= 4,
    rows => `${rows.length} readings are too few: some to learn from and some to hold out make at least 4`
  ),
  E.map((rows): Readings => ({ celsius: rows.map(r => r.celsius), unknown: rows.map(r => r.unknown) }))
)

const tellScores = (): void => {
  heading('A neuron bends its input: the scores that tanh gives')
  for (const [score, meaning] of [
    [-2.2, 'cold'],
    [0.1, 'mild'],
    [2.5, 'hot']
  ] as const) {
    console.log(
      `  tanh(${fixed(score, 1).padStart(4)}) = ${fixed(pipe(Tensor.scalar(score), Tensor.tanh, Tensor.item)).padStart(7)}   ${meaning}`
    )
  }
}

const line = Layer.linear(1, 1)
const tellLinear = (key: Random.Key): void => {
  heading('A linear layer; its weight and bias are drawn at random')
  const { weight, bias } = Layer.initialize(line)(key)
  console.log(`  ${Layer.show(line)}`)
  console.log(`  weight ${fixed(Tensor.item(weight))}, bias ${fixed(Tensor.item(bias))}`)
  console.log(
    `  applied to [[0.5], [14.0]]:\n${indented(Tensor.show(line.apply({ weight, bias })(Tensor.tensor([[0.5], [14]]))))}`
  )
}

const tellBatching = (readings: Readings): void => {
  heading('Batching: a layer takes B × N_in and gives B × N_out')
  const three = Tensor.tensor(readings.celsius.slice(0, 3))
  const batch = Tensor.unsqueeze(1)(three)
  console.log(`  three readings, ${shapeOf(three)}, unsqueezed to ${shapeOf(batch)}:\n${indented(Tensor.show(batch))}`)
}

const sequential = Layer.sequential(Layer.linear(1, 13), Layer.tanh, Layer.linear(13, 1))
const network = Layer.sequential(
  Layer.named('hidden_linear', Layer.linear(1, 8)),
  Layer.named('hidden_activation', Layer.tanh),
  Layer.named('output_linear', Layer.linear(8, 1))
)
const tellNetworks = (key: Random.Key): void => {
  heading('A network: linear, tanh, linear')
  const parameters = Layer.namedParameters(sequential)(Layer.initialize(sequential)(key))
  console.log(indented(Layer.show(sequential)))
  console.log(`  parameter shapes: ${parameters.map(([, tensor]) => shapeOf(tensor)).join(', ')}`)
  console.log(`  parameter names:  ${parameters.map(([name]) => name).join(', ')}`)
  heading('The same with names, and 8 hidden neurons')
  console.log(indented(Layer.show(network)))
  for (const [name, tensor] of Layer.namedParameters(network)(Layer.initialize(network)(key))) {
    console.log(`  ${name.padEnd(20)} ${shapeOf(tensor)}`)
  }
}

type Split = Dataset.Split<{ readonly x: Column; readonly y: Column }>
type Learned<P, B> = Run & { readonly state: Training.Snapshot<P, B> }
/** Trains with a bar where somebody watches, prints losses where the chapter prints them, and keeps them all. */
const learn = <P, B>(
  name: string,
  trainer: Training.Trainer<P, B, Column, Column>,
  epochs: number,
  data: Split,
  key: Random.Key
): E.Either<string, Learned<P, B>> => {
  const bar = progress(epochs)(name)
  const losses: Run['losses'][number][] = []
  const end = pipe(
    trainer.initialize(key),
    trainer.history(epochs)(data),
    Training.tap(({ epoch, trainLoss, validationLoss }) => {
      losses.push({ epoch, trainLoss, validationLoss })
      bar.tick(epoch)
      if (epoch === 1 || epoch % 1000 === 0 || epoch === epochs) {
        bar.print(
          `  epoch ${String(epoch).padStart(4)}   training loss ${fixed(trainLoss).padStart(9)}   validation loss ${fixed(validationLoss).padStart(9)}`
        )
      }
    }),
    Training.last
  )
  bar.stop()
  return pipe(
    end,
    E.bimap(Diverged.show, ({ state }) => ({ name, losses, state }))
  )
}

const tellComparison = (runs: readonly [Run, Run]): void => {
  heading('Side by side: mean squared error in °C²')
  console.log(`  ${''.padEnd(14)}${'epochs'.padStart(8)}${'training'.padStart(12)}${'validation'.padStart(12)}`)
  for (const one of runs) {
    const { epochs, training, validation } = lastLosses(one)
    console.log(
      `  ${one.name.padEnd(14)}${String(epochs).padStart(8)}${fixed(training).padStart(12)}${fixed(validation).padStart(12)}`
    )
  }
  console.log(
    `\n${indented(
      observation(...runs)
        .replace(/(: |\. |, )(?=\S)/g, '$1')
        .replace(/(.{60,100}?) /g, '$1\n')
    )}`
  )
}

const main =
  ({ epochs, seed, out }: Arguments) =>
  (readings: Readings): TE.TaskEither<string, void> => {
    const [ofSplit, ofModels] = Random.split(Random.key(seed))
    const data = pipe(
      { x: scaled(readings.unknown), y: column(readings.celsius) },
      Dataset.split({ fraction: 0.2, key: ofSplit })
    )
    tellScores()
    tellLinear(ofModels)
    tellBatching(readings)

    heading('The linear model: SGD, learning rate 1e-2')
    console.log(`  ${Dataset.size(data.train)} readings to learn from, ${Dataset.size(data.validation)} held out`)
    const lineTrainer = Training.make({
      model: line,
      loss: Loss.mse(),
      optimizer: Optimizer.sgd({ learningRate: 1e-2 })
    })
    const lineRun = learn('linear model', lineTrainer, epochs ?? 3000, data, ofModels)
    if (E.isLeft(lineRun)) return TE.left(lineRun.left)
    const fitted = lineRun.right.state.params
    console.log(`  weight ${fixed(Tensor.item(fitted.weight))}, bias ${fixed(Tensor.item(fitted.bias))}`)

    tellNetworks(ofModels)
    heading('The network: SGD, learning rate 1e-3')
    const networkTrainer = Training.make({
      model: network,
      loss: Loss.mse(),
      optimizer: Optimizer.sgd({ learningRate: 1e-3 })
    })
    const networkRun = learn('network', networkTrainer, epochs ?? 5000, data, ofModels)
    if (E.isLeft(networkRun)) return TE.left(networkRun.left)
    const learned = networkRun.right.state.params

    heading('Outputs against answers, on the readings held out')
    const outputs = Tensor.toArray(network.apply(learned)(data.validation.x))
    Tensor.toArray(data.validation.y).forEach(([answer], i) => {
      console.log(`  output ${fixed(outputs[i]?.[0]).padStart(8)} °C   answer ${fixed(answer, 1).padStart(5)} °C`)
    })
    heading('The gradient of the hidden weights')
    const loss = (at: typeof learned): Tensor.Tensor<[]> =>
      pipe(data.train.x, network.apply(at), Loss.mse()(data.train.y))
    console.log(indented(Tensor.show(grad(loss)(learned).hidden_linear.weight)))
    tellComparison([lineRun.right, networkRun.right])

    const predict =
      (apply: (x: Column) => Column) =>
      (unknown: readonly number[]): readonly number[] =>
        Tensor.toArray(apply(scaled(unknown))).flat()
    return pipe(
      reportOf({
        readings,
        learnedFrom: Tensor.toArray(data.train.x)
          .flat()
          .map(x => x / scaling),
        line: { ...lineRun.right, predict: predict(x => line.apply(fitted)(x)) },
        network: { ...networkRun.right, predict: predict(x => network.apply(learned)(x)) },
        architecture: Layer.summary(network, [Dataset.size(data.train), 1])
      }),
      writeReport(out),
      TE.bimap(showFileError, () => console.log(`\nThe report with its pictures: ${resolve(out)}`))
    )
  }

await run({
  name: 'thermometer',
  description: 'A network against a line on eleven readings of a thermometer without units.',
  epochs: 'of each model (3000 of the line and 5000 of the network without it)',
  defaults: {
    seed: 3,
    csv: fileURLToPath(new URL('./data/thermometer.csv', import.meta.url)),
    out: 'thermometer.html'
  }
})(given =>
  pipe(
    readText(given.csv),
    TE.mapLeft(showFileError),
    TE.chainEitherK(text =>
      pipe(
        decode(text),
        E.mapLeft(wrong => `${given.csv}: ${wrong}`)
      )
    ),
    TE.chain(main(given))
  )
)
