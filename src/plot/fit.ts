/** Models beside the data that they were fitted to. */
import { chart, type Frame, type Interval, type Series } from './chart.js'
import type { Point, Specification } from './specification.js'

export interface Named {
  readonly name: string
  readonly points: readonly Point[]
}

export interface Fit extends Frame {
  /** The data, as circles; called `data` unless a name is given. */
  readonly points: readonly Point[] | Named
  /** What the models say, from left to right; the last one solid, those before it dashed. */
  readonly curves: readonly Named[]
  /** How sure a model is, in the colour of a curve: the last one unless `curve` names another. */
  readonly bands?: readonly Band[]
  /** What a model says at the points of the data, as crosses in the colour of a curve: the last one unless `curve` names another. */
  readonly crosses?: readonly Point[] | Marked
}

/** At each x the heights between which something lies. */
export interface Band {
  readonly name: string
  readonly points: readonly Interval[]
  readonly curve?: string
}

type Marked = Named & { readonly curve?: string }
const named = (given: readonly Point[] | Marked, name: string): Marked =>
  'name' in given ? given : { name, points: given }

/**
 * Data, the curves fitted to them, the bands in which these lie, and a model's outputs at the data.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const picture = Plot.fit({
 *   title: 'Two readings of one temperature',
 *   x: { label: 'unknown thermometer (°F)', domain: [20, 90] },
 *   y: { label: 'temperature (°C)' },
 *   points: { name: 'readings', points: [[35.7, 0.5], [55.9, 14], [81.9, 28]] },
 *   curves: [{ name: 'linear model', points: [[20, -6.6], [90, 31]] }, { name: 'network', points: [[20, -4.7], [55, 11], [90, 29]] }],
 *   crosses: [[35.7, 1.6], [55.9, 11.8], [81.9, 26.1]]
 * })
 * strictEqual('title' in picture && picture.title, 'Two readings of one temperature')
 */
export const fit = ({ points, curves, bands = [], crosses, ...frame }: Fit): Specification => {
  const last = curves.at(-1)?.name
  const colored = (curve: string | undefined) => (curve === undefined ? {} : { like: curve })
  const data = named(points, 'data')
  const at =
    crosses === undefined ? [] : [named(crosses, last === undefined ? 'model at the data' : `${last} at the data`)]
  return chart(frame)([
    { name: data.name, points: data.points, as: 'points' },
    ...curves.map(({ name, points }, i): Series => ({ name, points, as: i < curves.length - 1 ? 'dashed' : 'line' })),
    ...at.map(
      ({ name, points, curve = last }): Series => ({
        name,
        points,
        as: 'crosses',
        ...colored(curve)
      })
    ),
    ...bands.map(({ name, points, curve = last }): Series => ({ name, points, as: 'band', ...colored(curve) }))
  ])
}
