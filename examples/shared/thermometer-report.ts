/** What the thermometer's report shows, and the comparison of its two models in words. */
import { Plot } from 'cotangent'
import { figure, paragraph, printed, type Report, table } from './report.js'

export interface Readings {
  readonly celsius: readonly number[]
  readonly unknown: readonly number[]
}
/** A training run: its losses, epoch by epoch. */
export interface Run {
  readonly name: string
  readonly losses: readonly {
    readonly epoch: number
    readonly trainLoss: number
    readonly validationLoss: number | undefined
  }[]
}
/** A model as a function from readings of the unknown thermometer to °C. */
export interface Fitted extends Run {
  readonly predict: (unknown: readonly number[]) => readonly number[]
}
export interface Findings {
  readonly readings: Readings
  /** The readings of the unknown thermometer that the models learned from. */
  readonly learnedFrom: readonly number[]
  readonly line: Fitted
  readonly network: Fitted
  /** The network as a table. */
  readonly architecture: string
}

interface Losses {
  readonly epochs: number
  readonly training: number
  readonly validation: number
}
export const lastLosses = ({ losses }: Run): Losses => {
  const last = losses.at(-1)
  return {
    epochs: last?.epoch ?? 0,
    training: last?.trainLoss ?? Number.NaN,
    validation: last?.validationLoss ?? Number.NaN
  }
}

/** What the numbers say; nothing that they do not. */
export const observation = (line: Run, network: Run): string => {
  const [a, b] = [lastLosses(line), lastLosses(network)]
  const times = (larger: number, smaller: number): string => `${(larger / smaller).toFixed(1)} times`
  if (b.training < a.training && b.validation > a.validation) {
    return (
      `The network overfits: on the readings that it learned from its loss is ${times(a.training, b.training)} smaller than the line's, ` +
      `and on the readings held out ${times(b.validation, a.validation)} larger. It follows the noise of its readings, not the thermometer.`
    )
  }
  if (b.training < a.training) {
    const gap = b.validation / b.training
    return (
      `The network is below the line on the readings that it learned from (${times(a.training, b.training)}) and on those held out (${times(a.validation, b.validation)}). ` +
      (gap > 1
        ? `Held out, its loss is ${gap.toFixed(1)} times that of training: a sign of overfitting, which other seeds show more of.`
        : 'With so few readings another split may say otherwise.')
    )
  }
  return 'The network has not learned its readings better than the line has: it was trained for too few epochs to overfit.'
}

const domain = [20, 90] as const
const grid = Array.from({ length: 141 }, (_, i) => domain[0] + i / 2)
const over = (model: Fitted, unknown: readonly number[]): readonly (readonly [number, number])[] => {
  const celsius = model.predict(unknown)
  return unknown.map((u, i) => [u, celsius[i] ?? Number.NaN])
}

export const reportOf = ({ readings, learnedFrom, line, network, architecture }: Findings): Report => {
  const outside = [...readings.unknown].filter(u => u < domain[0] || u > domain[1])
  const shown =
    outside.length === 0 ? domain : ([Math.min(...readings.unknown) - 5, Math.max(...readings.unknown) + 5] as const)
  const inputs =
    outside.length === 0 ? grid : grid.map((_, i) => shown[0] + (i / (grid.length - 1)) * (shown[1] - shown[0]))
  const rows = [line, network].map(run => {
    const { epochs, training, validation } = lastLosses(run)
    return [run.name, epochs, training.toFixed(4), validation.toFixed(4)] as const
  })
  const every = [line, network].flatMap(({ losses }) =>
    losses.flatMap(l => [l.trainLoss, l.validationLoss ?? l.trainLoss])
  )
  const lossRange = [
    every.reduce((a, b) => Math.min(a, b)) / 1.5,
    every.reduce((a, b) => Math.max(a, b)) * 1.2
  ] as const
  return {
    title: 'A network against a line on eleven readings of a thermometer'.replace(
      'eleven',
      readings.unknown.length === 11 ? 'eleven' : String(readings.unknown.length)
    ),
    summary: observation(line, network),
    sections: [
      {
        heading: 'The fits',
        blocks: [
          figure(
            'Readings of both thermometers, the linear model and the network, and what the network says of the readings that it learned from.',
            Plot.fit({
              title: 'Celsius against Fahrenheit',
              width: 560,
              height: 360,
              x: { label: 'unknown thermometer, read as Fahrenheit (°F)', domain: shown },
              y: { label: 'temperature (°C)' },
              points: {
                name: 'readings',
                points: readings.unknown.map((u, i) => [u, readings.celsius[i] ?? Number.NaN] as const)
              },
              curves: [line, network].map(model => ({ name: model.name, points: over(model, inputs) })),
              crosses: {
                name: 'at training points',
                points: over(network, learnedFrom),
                curve: network.name
              }
            })
          )
        ]
      },
      {
        heading: 'The losses',
        blocks: [
          figure(
            'Mean squared errors over the epochs, each taken before its epoch’s update.',
            Plot.beside(
              ...[line, network].map(run =>
                Plot.history({
                  title: run.name,
                  label: 'mean squared error (°C²)',
                  width: 330,
                  height: 240,
                  legend: 'top',
                  domain: lossRange
                })(run.losses)
              )
            )
          ),
          table(
            'Mean squared errors in °C² at the end of training',
            ['model', 'epochs', 'training', 'validation'],
            rows
          ),
          paragraph(observation(line, network))
        ]
      },
      { heading: 'The network', blocks: [printed(architecture)] }
    ]
  }
}
