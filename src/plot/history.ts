/** Losses over the epochs of a training run. */
import { chart, type Frame } from './chart.js'
import type { Specification } from './specification.js'

/** What is drawn of an epoch. */
export interface Losses {
  readonly epoch: number
  readonly trainLoss: number
  readonly validationLoss?: number | undefined
}

export interface HistoryOptions extends Partial<Omit<Frame, 'x' | 'y'>> {
  /** What the loss is, with its unit; `loss` unless said. */
  readonly label?: string
  /** `log` unless said, as losses fall over orders of magnitude. */
  readonly scale?: 'linear' | 'log'
  /** From where to where on the axis of losses: give two histories the same, and they can be compared. */
  readonly domain?: readonly [number, number]
}

/**
 * Training loss over epochs, and validation loss, dashed, where there is one. Long runs are drawn with fewer points and every peak.
 *
 * @example
 * import { pipe, Plot } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const epochs = [{ epoch: 1, trainLoss: 80.4, validationLoss: 93.2 }, { epoch: 2, trainLoss: 37.6, validationLoss: 55.1 }]
 * const picture = pipe(epochs, Plot.history({ title: 'Linear model', label: 'mean squared error (°C²)' }))
 * strictEqual('title' in picture && picture.title, 'Linear model')
 */
export const history =
  ({ label = 'loss', scale = 'log', domain, ...frame }: HistoryOptions = {}) =>
  (epochs: readonly Losses[]): Specification => {
    const validation = epochs.flatMap(({ epoch, validationLoss }) =>
      validationLoss === undefined ? [] : [[epoch, validationLoss] as const]
    )
    const y = { label, scale, ...(domain === undefined ? {} : { domain }) }
    return chart({ ...frame, x: { label: 'epoch' }, y })([
      { name: 'training', points: epochs.map(({ epoch, trainLoss }) => [epoch, trainLoss]) },
      ...(validation.length === 0 ? [] : [{ name: 'validation', points: validation, as: 'dashed' } as const])
    ])
  }
