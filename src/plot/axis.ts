/** Axes: what they show, and where on them numbers stand. */
import { extent, levels } from './levels.js'
import type { Channel } from './specification.js'

/** What an axis shows. */
export interface Axis {
  /** With its unit: `temperature (°C)`. */
  readonly label: string
  /** From where to where; all of the data unless said. */
  readonly domain?: readonly [number, number]
  /** `linear` unless said. What is not above 0 has no place on a logarithmic axis and is left out. */
  readonly scale?: 'linear' | 'log'
}

/** An axis with what its data have to say of it. */
export interface Scaled extends Axis {
  readonly ticks?: readonly number[]
  /** Pixels between the outermost points and the ends of the axis. */
  readonly padding?: number
}

/** A logarithmic axis reaches from one round number to another; the lines in between that are usual there would be clutter. */
export const scaled = (axis: Axis, padded: boolean, values: readonly number[]): Scaled => {
  if (axis.scale !== 'log') return padded && axis.domain === undefined ? { ...axis, padding: 10 } : axis
  const [low, high] = axis.domain ?? extent(values.filter(value => value > 0)) ?? [1, 10]
  const ticks = levels('log', low, high, 7)
  return axis.domain === undefined
    ? { ...axis, domain: [ticks[0] ?? low, ticks.at(-1) ?? high], ticks }
    : { ...axis, ticks: ticks.filter(tick => tick >= low && tick <= high) }
}

export const along = ({ label, scale = 'linear', domain, ticks, padding }: Scaled, field: string): Channel => ({
  field,
  type: 'quantitative',
  title: label,
  scale: {
    type: scale,
    ...(scale === 'log' ? {} : { zero: false }),
    ...(domain === undefined ? {} : { domain, nice: false }),
    ...(padding === undefined ? {} : { padding })
  },
  axis: ticks === undefined ? { tickCount: 6 } : { values: ticks }
})

/** What is drawn for a number: `null`, a gap, for what is not finite or has no logarithm. Adding 0 turns −0, which JSON lacks, into 0. */
export const placed = ({ scale }: Axis, value: number): number | null =>
  Number.isFinite(value) && (scale !== 'log' || value > 0) ? value + 0 : null

export const outside = ({ domain }: Axis, value: number): boolean =>
  domain !== undefined && (value < domain[0] || value > domain[1])
