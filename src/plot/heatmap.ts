/** Surfaces from above: a number for each point of a grid, in bands of grey, and paths across them. */
import { type Axis, along } from './axis.js'
import { cross, type Frame, framed, layers } from './chart.js'
import { extent, levels } from './levels.js'
import type { Layer, Point, Specification, Values } from './specification.js'

export interface HeatmapFrame extends Frame {
  /** What the heights are. `log` divides them by factors and not by differences. */
  readonly z: { readonly label: string; readonly scale?: 'linear' | 'log' }
}

export interface Surface {
  readonly xs: readonly number[]
  readonly ys: readonly number[]
  /** A row for each y: `values[j][i]` is the height at `(xs[i], ys[j])`. */
  readonly values: readonly (readonly number[])[]
  /** Ways over the surface, each from a circle to a cross. */
  readonly paths?: readonly { readonly name: string; readonly points: readonly Point[] }[]
}

const bandCount = 10

/** From light to dark greys: beside them every colour of a path stands out. */
const greys = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `hsl(215, 12%, ${Math.round(96 - (40 * i) / Math.max(1, count - 1))}%)`)

/** The borders of cells that reach half way to their neighbours. */
const borders = (centres: readonly number[]): readonly number[] => {
  const between = centres.slice(1).map((next, i) => (next + (centres[i] ?? next)) / 2)
  const [first = 0, second = first + 1] = centres
  const [last = 0, beforeLast = last - 1] = [...centres].reverse()
  return [first - (second - first) / 2, ...between, last + (last - beforeLast) / 2]
}

/** Each cell is drawn so much too large: the next one lies over it, and no seam shows where they meet. */
const overlap = 0.2

/** The cells with the number of their band, those of one band side by side as one: a tenth of the drawing for the same picture. */
const cells = (surface: Surface, between: readonly number[]): readonly Values[] => {
  const [xs, ys] = [borders(surface.xs), borders(surface.ys)]
  const band = (value: number | undefined): number | undefined =>
    value === undefined || !Number.isFinite(value) ? undefined : between.filter(level => level <= value).length
  const reach = (all: readonly number[], i: number): number => {
    const [to = 0, next = to] = [all[i + 1], all[i + 2]]
    return to + overlap * (next - to)
  }
  return surface.values.flatMap((row, j) => {
    const bands = surface.xs.map((_, i) => band(row[i]))
    const starts = bands.flatMap((one, i) => (one !== undefined && one !== bands[i - 1] ? [i] : []))
    return starts.map(from => {
      const after = bands.findIndex((one, i) => i > from && one !== bands[from])
      const to = (after < 0 ? bands.length : after) - 1
      return { x: xs[from] ?? 0, x2: reach(xs, to), y: ys[j] ?? 0, y2: reach(ys, j), band: bands[from] ?? 0 }
    })
  })
}

/** Where bands meet. On a logarithmic scale the lowest hundredth may go to any depth: it is one band. */
const division = (heights: readonly number[], scale: 'linear' | 'log'): readonly number[] => {
  const seen = heights
    .filter(height => Number.isFinite(height) && (scale === 'linear' || height > 0))
    .sort((a, b) => a - b)
  const low = seen[scale === 'log' ? Math.floor(seen.length / 100) : 0] ?? 1
  return levels(scale, low, seen.at(-1) ?? 2, bandCount)
}

const over = (axis: Axis, borders: readonly number[]): Axis => ({
  ...axis,
  domain: axis.domain ?? extent(borders) ?? [0, 1]
})

/**
 * A surface from above, low light and high dark, with paths over it: a loss over two parameters, and ways down.
 *
 * @example
 * import { pipe, Plot } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const xs = [-1, 0, 1]
 * const bowl = { xs, ys: xs, values: xs.map(y => xs.map(x => x * x + y * y)), paths: [{ name: 'descent', points: [[1, 1], [0.5, 0.5], [0, 0]] }] as const }
 * const picture = pipe(bowl, Plot.heatmap({ title: 'A bowl', x: { label: 'w' }, y: { label: 'b' }, z: { label: 'loss' } }))
 * strictEqual('title' in picture && picture.title, 'A bowl')
 */
export const heatmap =
  ({ z, ...given }: HeatmapFrame) =>
  (surface: Surface): Specification => {
    const frame = { ...given, x: over(given.x, borders(surface.xs)), y: over(given.y, borders(surface.ys)) }
    const steps = division(surface.values.flat(), z.scale ?? 'linear')
    const between = steps.slice(1, -1)
    const ground: Layer = {
      data: { values: cells(surface, between) },
      mark: { type: 'rect', clip: true },
      encoding: {
        x: along(frame.x, 'x'),
        x2: { field: 'x2' },
        y: along(frame.y, 'y'),
        y2: { field: 'y2' },
        // By number, so that bands are equally high in the legend, whatever their heights; labels say where each begins.
        fill: {
          field: 'band',
          type: 'quantitative',
          title: z.label,
          scale: { type: 'threshold', domain: between.map((_, i) => i + 1), range: greys(between.length + 1) },
          legend: {
            orient: 'right',
            labelExpr: `${JSON.stringify(between.map(level => String(level).replace('-', '−')))}[datum.value - 1]`
          }
        }
      }
    }
    const paths = surface.paths ?? []
    const ways = layers(
      frame,
      paths.map(path => ({ ...path, as: 'path' }))
    )
    const ends = (shape: string, size: number, at: (points: readonly Point[]) => Point | undefined): readonly Layer[] =>
      ways.map(({ encoding: { order, ...encoding } }) => ({
        data: {
          values: paths.flatMap(({ name, points }) => {
            const end = at(points)
            return end === undefined ? [] : [{ series: name, x: end[0], y: end[1] }]
          })
        },
        mark: { type: 'point', shape, size, strokeWidth: 2, opacity: 1, clip: true },
        encoding
      }))
    return framed(frame, [
      ground,
      ...ways,
      ...ends('circle', 60, points => points[0]),
      ...ends(cross, 60, points => points.at(-1))
    ])
  }
