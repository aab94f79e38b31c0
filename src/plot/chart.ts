/** Series over a pair of axes: lines, points, crosses, paths, and bands between two heights. */
import { type Axis, along, outside, placed, type Scaled, scaled } from './axis.js'
import { type Channel, color, type Layer, type Point, type Specification, specification } from './specification.js'
import { thin } from './thin.js'

/** A pair of axes. Width and height are those of the area between the axes, in pixels. */
export interface Frame {
  readonly title?: string
  readonly x: Axis
  readonly y: Axis
  readonly width?: number
  readonly height?: number
  /** Where the legend stands: `right` unless said. There is none for a single name. */
  readonly legend?: 'right' | 'top' | 'bottom'
}

interface Called {
  readonly name: string
  /** The name of the series whose colour this one shares; a colour of its own unless said. */
  readonly like?: string
}
/** Points that belong together. A line goes from left to right, a path from point to point in their order. */
export interface PointSeries extends Called {
  readonly points: readonly Point[]
  readonly as?: 'line' | 'dashed' | 'path' | 'points' | 'crosses'
}
/** Where something lies, from left to right: at each x from one height to another. */
export type Interval = readonly [x: number, low: number, high: number]
/** All that lies between two heights, behind what else is drawn. */
export interface BandSeries extends Called {
  readonly points: readonly Interval[]
  readonly as: 'band'
}
export type Series = PointSeries | BandSeries
type Kind = NonNullable<Series['as']>

export const width = 420
export const height = 280

/** ×: an upright cross is a plus sign. */
export const cross = 'M-0.9,-0.9L0.9,0.9M0.9,-0.9L-0.9,0.9'
const stroke = 'M-1,0L1,0'
const shapes: Readonly<Record<Kind, string>> = {
  line: stroke,
  dashed: stroke,
  path: stroke,
  points: 'circle',
  crosses: cross,
  band: 'square'
}
const solid = [1, 0]
const broken = [4, 3]

// More strips than the eye tells apart on such a line, and few enough for a page to stay small.
const strips = 140

const isBand = (one: Series): one is BandSeries => one.as === 'band'
const isMarked = ({ as }: Series): boolean => as === 'points' || as === 'crosses'

/** What a legend says of each name: its colour, its shape, its dashes. */
interface Key {
  readonly color: Channel
  readonly shape: Channel
  readonly strokeDash: Channel
}
const key = (all: readonly Series[], orient: string): Key => {
  const byName = new Map(all.map(one => [one.name, one]))
  const names = [...byName.keys()]
  const leads = names.filter(name => !byName.has(byName.get(name)?.like ?? ''))
  const channel = (of: (series: Series) => string | readonly number[]): Channel => ({
    field: 'series',
    type: 'nominal',
    title: null,
    scale: { domain: names, range: [...byName.values()].map(of) },
    legend: names.length > 1 ? (all.some(isMarked) ? { orient } : { orient, symbolType: 'stroke' }) : null
  })
  return {
    color: channel(({ name, like }) => color(leads.indexOf(leads.includes(name) ? name : (like ?? name)))),
    shape: channel(({ as = 'line' }) => shapes[as]),
    strokeDash: channel(({ as }) => (as === 'dashed' ? broken : solid))
  }
}

interface Drawn {
  readonly series: readonly PointSeries[]
  readonly mark: Layer['mark']
  readonly encoding: Layer['encoding']
}

/**
 * The areas of bands, one layer each. Their colours stand in the mark where anything else brings the legend: an area that has its colour
 * from the scale would fill the legend's circles too.
 */
const areas = (bands: readonly BandSeries[], x: Scaled, y: Scaled, scale: Channel, legend: boolean): readonly Layer[] =>
  bands.map(({ name, points }) => {
    const clip = points.some(([at, low, high]) => outside(x, at) || outside(y, low) || outside(y, high))
    const values = points
      .filter(([at]) => placed(x, at) !== null)
      .sort(([a], [b]) => a - b)
      .map(([at, low, high]) => ({ series: name, x: placed(x, at), y: placed(y, low), y2: placed(y, high) }))
    const place = scale.scale?.domain?.indexOf(name) ?? 0
    const mark = { type: 'area', opacity: 0.2, ...(clip ? { clip } : {}) }
    const encoding = { x: along(x, 'x'), y: along(y, 'y'), y2: { field: 'y2' } }
    return legend
      ? { data: { values }, mark, encoding: { ...encoding, color: scale } }
      : { data: { values }, mark: { ...mark, color: String(scale.scale?.range?.[place] ?? color(place)) }, encoding }
  })

/** The layers of some series, with one legend for their names. */
export const layers = (given: Frame, series: readonly Series[]): readonly Layer[] => {
  const { color, shape, strokeDash } = key(series, given.legend ?? 'right')
  const bands = series.filter(isBand)
  const all = series.filter((one): one is PointSeries => !isBand(one))
  const marks = all.filter(isMarked)
  const paths = all.filter(({ as }) => as === 'path')
  const points = [
    ...all.flatMap(one => one.points),
    ...bands.flatMap(band =>
      band.points.flatMap(([x, low, high]): readonly Point[] => [
        [x, low],
        [x, high]
      ])
    )
  ]
  // Points on the border are hard to see; lines may well begin and end there.
  const padded = marks.length === series.length
  const x = scaled(
    given.x,
    padded,
    points.map(([x]) => x)
  )
  const y = scaled(
    given.y,
    padded,
    points.map(([, y]) => y)
  )
  const visible = (one: PointSeries): PointSeries => ({
    ...one,
    points: one.points.filter(point => placed(x, point[0]) !== null)
  })
  const ordered = (one: PointSeries): PointSeries => ({ ...one, points: [...one.points].sort(([a], [b]) => a - b) })
  const thinned = (one: PointSeries): PointSeries => ({
    ...one,
    points: thin(strips, x.scale === 'log' ? Math.log : Number)(one.points)
  })
  const lines = all.filter(one => !isMarked(one) && one.as !== 'path').map(one => thinned(ordered(visible(one))))

  const line = { type: 'line', strokeWidth: 2 }
  const dashed: Layer['encoding'] = all.some(({ as }) => as === 'dashed') ? { strokeDash } : {}
  const drawn: readonly Drawn[] = [
    { series: lines, mark: line, encoding: dashed },
    { series: paths.map(visible), mark: line, encoding: { ...dashed, order: { field: 'step', type: 'quantitative' } } },
    { series: marks.map(visible), mark: { type: 'point', strokeWidth: 2, size: 70, opacity: 1 }, encoding: { shape } }
  ]
  const drawings = drawn
    .filter(({ series }) => series.some(one => one.points.length > 0))
    .map(({ series, mark, encoding }) => {
      const clip = series.some(({ points }) => points.some(point => outside(x, point[0]) || outside(y, point[1])))
      return {
        data: {
          values: series.flatMap(({ name, points }) =>
            points.map((point, step) => ({ series: name, x: placed(x, point[0]), y: placed(y, point[1]), step }))
          )
        },
        mark: clip ? { ...mark, clip } : mark,
        encoding: { x: along(x, 'x'), y: along(y, 'y'), color, ...encoding }
      }
    })
  return [...areas(bands, x, y, color, drawings.length === 0), ...drawings]
}

/** A picture of layers over one frame. */
export const framed = (frame: Frame, drawn: readonly Layer[]): Specification =>
  specification({
    ...(frame.title === undefined ? {} : { title: frame.title }),
    width: frame.width ?? width,
    height: frame.height ?? height,
    layer: drawn
  })

/**
 * Series over a pair of axes, each drawn as it says (a line, if it says nothing), bands below lines below points.
 * Colours are told apart by readers with any kind of colour blindness; a point that is not finite is a gap in a line.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const picture = Plot.chart({ title: 'A fit', x: { label: 'x' }, y: { label: 'y' } })([
 *   { name: 'data', points: [[0, 0.1], [1, 0.9]], as: 'points' },
 *   { name: 'model', points: [[0, 0], [1, 1]] }
 * ])
 * strictEqual('title' in picture && picture.title, 'A fit')
 */
export const chart =
  (frame: Frame) =>
  (series: readonly Series[]): Specification =>
    framed(frame, layers(frame, series))

/**
 * Lines, from left to right.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const picture = Plot.line({ x: { label: 'x' }, y: { label: 'x²' } })([{ name: 'square', points: [[0, 0], [1, 1], [2, 4]] }])
 * strictEqual(JSON.stringify(JSON.parse(JSON.stringify(picture))), JSON.stringify(picture))
 */
export const line =
  (frame: Frame) =>
  (series: readonly Omit<PointSeries, 'as'>[]): Specification =>
    chart(frame)(series.map(one => ({ ...one, as: 'line' })))

/**
 * Points, one mark each.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { strictEqual } from 'node:assert'
 *
 * const frame = { x: { label: 'petal length (cm)' }, y: { label: 'petal width (cm)' }, width: 300 }
 * const picture = Plot.scatter(frame)([{ name: 'setosa', points: [[1.4, 0.2]] }, { name: 'virginica', points: [[6, 2.5]] }])
 * strictEqual('width' in picture && picture.width, 300)
 */
export const scatter =
  (frame: Frame) =>
  (series: readonly Omit<PointSeries, 'as'>[]): Specification =>
    chart(frame)(series.map(one => ({ ...one, as: 'points' })))
