/** brain.js: it has one activation for all layers and one update for each example, so it does none of this work exactly. */
import { createRequire } from 'node:module'
import type { Contender } from '../harness/row.js'

interface Network {
  readonly train: (
    data: readonly { readonly input: readonly number[]; readonly output: readonly number[] }[],
    options: Readonly<Record<string, number>>
  ) => unknown
}
interface Brain {
  readonly NeuralNetwork: new (options: {
    readonly hiddenLayers: readonly number[]
    readonly activation: string
  }) => Network
}

const load = (): Brain => {
  try {
    return createRequire(import.meta.url)('brain.js') as Brain
  } catch (error) {
    const [first] = String(error instanceof Error ? error.message : error).split('\n')
    throw new Error(`cannot be imported: ${first}`)
  }
}

/** Why it cannot, and what the nearest that it can do takes. */
export const brainChapter = (readings: readonly number[], answers: readonly number[]): Contender => ({
  column: 'brain.js',
  prepare: () => {
    const { NeuralNetwork } = load()
    const network = new NeuralNetwork({ hiddenLayers: [13], activation: 'tanh' })
    const data = readings.map((reading, i) => ({ input: [reading], output: [answers[i]! / 30] }))
    const epochs = 2000
    const train = (): unknown => network.train(data, { iterations: epochs, errorThresh: 1e-9, learningRate: 1e-3 })
    train()
    const start = performance.now()
    train()
    const each = (1e3 * (performance.now() - start)) / epochs
    throw new Error(
      `has no linear output layer and updates after every reading; its own 1-13-1 epoch, tanh at the end too, without validation, takes about ${each.toPrecision(2)} µs`
    )
  }
})

export const brainCannot = (reason: string): Contender => ({
  column: 'brain.js',
  prepare: () => {
    load()
    throw new Error(reason)
  }
})
