/** An activation function and its slope. */
import { chart, type Frame } from './chart.js'
import type { Point, Specification } from './specification.js'

export interface Activation extends Partial<Frame> {
  readonly name: string
  /** The function. */
  readonly points: readonly Point[]
  /** Its derivative. A jump is drawn as one where the points have something that is not finite between its two sides. */
  readonly derivative?: readonly Point[]
}

/**
 * A function's curve and, dashed, that of its derivative. Small, so that several make a table: see `grid`.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const inputs = Array.from({ length: 61 }, (_, i) => (i - 30) / 10)
 * const picture = Plot.activation({
 *   name: 'tanh',
 *   points: inputs.map(x => [x, Math.tanh(x)]),
 *   derivative: inputs.map(x => [x, 1 - Math.tanh(x) ** 2])
 * })
 * strictEqual('title' in picture && picture.title, 'tanh')
 */
export const activation = ({ name, points, derivative, ...frame }: Activation): Specification =>
  chart({
    title: name,
    x: { label: 'input' },
    y: { label: 'value' },
    width: 200,
    height: 150,
    legend: 'top',
    ...frame
  })([
    { name: 'function', points },
    ...(derivative === undefined ? [] : [{ name: 'derivative', points: derivative, as: 'dashed' } as const])
  ])
