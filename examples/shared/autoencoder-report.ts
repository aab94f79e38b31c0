/** What the autoencoders' report shows, and their comparison with principal components in words. */
import { Plot } from 'cotangent'
import { type Block, figure, paragraph, printed, type Report, table } from './report.js'

/** Mean squared errors of pixels. */
export interface Errors {
  readonly components: number
  readonly linear: number
  readonly nonlinear: number
}
export interface Row {
  /** How many numbers stand for a picture. */
  readonly count: number
  readonly learned: Errors
  readonly heldOut: Errors
  /** The largest angle between the linear autoencoder's subspace and the components', in degrees. */
  readonly angle: number
}
/** A character at a place. */
export interface Letter {
  readonly text: string
  readonly x: number
  readonly y: number
}
/** Pictures of one kind, each of 8 rows of 8 pixels. */
export interface Drawings {
  readonly words: string
  readonly pictures: readonly (readonly number[])[]
}
export interface Findings {
  readonly rows: readonly Row[]
  /** The components' error on the pictures held out, for each number of components. */
  readonly curve: readonly (readonly [count: number, error: number])[]
  readonly labels: readonly number[]
  /** The pictures held out, and below them what each way makes of them, in groups. */
  readonly drawings: readonly (readonly Drawings[])[]
  readonly planes: readonly { readonly title: string; readonly letters: readonly Letter[] }[]
  /** The network as a table. */
  readonly architecture: string
}

const span = (values: readonly number[], show: (value: number) => string): string => {
  const [low, high] = [show(Math.min(...values)), show(Math.max(...values))]
  return low === high ? low : `${low} to ${high}`
}

/** What the numbers say; nothing that they do not. */
export const observation = (rows: readonly Row[]): string => {
  const excess = Math.max(...rows.map(({ learned: { linear, components } }) => linear / components - 1))
  const saved = rows.map(({ heldOut: { nonlinear, components } }) => 1 - nonlinear / components)
  const found =
    excess < 1e-3
      ? 'By descent the linear autoencoder has found the principal components: on the pictures learned from its error is theirs to a thousandth.'
      : `The linear autoencoder has not yet found the principal components: on the pictures learned from its error is up to ${(100 * excess).toFixed(1)} % above theirs.`
  const bent = saved.every(part => part > 0)
    ? `The nonlinear one’s error on the pictures held out is smaller than theirs by ${span(saved, part => (100 * part).toFixed(0))} %.`
    : 'After so short a training the nonlinear one is not better everywhere on the pictures held out.'
  return `${found} ${bent}`
}

/** A view of nothing but what is put into it: one unit is one pixel, from the upper left corner. */
const canvas = (width: number, height: number) => {
  const along = (domain: readonly [number, number]) => ({
    type: 'quantitative' as const,
    axis: null,
    scale: { domain, nice: false, zero: false }
  })
  const across = along([0, width])
  const down = along([height, 0])
  return { across, down }
}
type Chart = Extract<Plot.Specification, { readonly layer: unknown }>
const frame = (width: number, height: number, layer: Chart['layer'], title?: string): Plot.Specification => ({
  ...Plot.scatter({ x: { label: '' }, y: { label: '' } })([]),
  ...(title === undefined ? {} : { title }),
  width,
  height,
  layer
})

const ink = 'currentColor'
const pixel = 6
const side = 8 * pixel
const step = side + 8
const margin = 130

/** Pixels of one darkness side by side are one rectangle; paper is none. */
const runs = (pixels: readonly number[], left: number, top: number) =>
  Array.from({ length: 8 }, (_, i) => {
    const darkness = pixels.slice(8 * i, 8 * i + 8).map(value => Math.round(16 * Math.min(1, Math.max(0, value))))
    const starts = darkness.flatMap((one, j) => (one > 0 && one !== darkness[j - 1] ? [j] : []))
    return starts.map(from => {
      const after = darkness.findIndex((one, j) => j > from && one !== darkness[from])
      const to = after < 0 ? 8 : after
      const y = top + i * pixel
      return { x: left + from * pixel, x2: left + to * pixel, y, y2: y + pixel, ink: (darkness[from] ?? 0) / 16 }
    })
  }).flat()

/** Pictures in rows, one below the other, with words to their left and a digit above each column. */
const sheet = (labels: readonly number[], groups: Findings['drawings']): Plot.Specification => {
  const between = 14
  const placed = groups.flatMap((group, g) => {
    const before = groups.slice(0, g).reduce((sum, { length }) => sum + length, 0)
    return group.map((row, i) => ({ ...row, top: 24 + (before + i) * step + g * between }))
  })
  const width = margin + labels.length * step
  const height = (placed.at(-1)?.top ?? 0) + side
  const { across, down } = canvas(width, height)
  const left = (column: number): number => margin + column * step
  const place = { x: { field: 'x', ...across }, y: { field: 'y', ...down } }
  const area = { ...place, x2: { field: 'x2' }, y2: { field: 'y2' } }
  const text = { ...place, text: { field: 'text', type: 'nominal' as const } }
  return frame(width, height, [
    {
      data: {
        values: placed.flatMap(({ top, pictures }) =>
          pictures.map((_, i) => ({ x: left(i), x2: left(i) + side, y: top, y2: top + side }))
        )
      },
      mark: { type: 'rect', fill: ink, fillOpacity: 0.04, stroke: ink, strokeOpacity: 0.3, strokeWidth: 1 },
      encoding: area
    },
    {
      data: {
        values: placed.flatMap(({ top, pictures }) => pictures.flatMap((pixels, i) => runs(pixels, left(i), top)))
      },
      mark: { type: 'rect', fill: ink, strokeWidth: 0 },
      encoding: {
        ...area,
        fillOpacity: { field: 'ink', type: 'quantitative', scale: { domain: [0, 1], range: [0, 1] }, legend: null }
      }
    },
    {
      data: { values: placed.map(({ words, top }) => ({ x: 0, y: top + side / 2, text: words })) },
      mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 13, fill: ink },
      encoding: text
    },
    {
      data: { values: labels.map((digit, i) => ({ x: left(i) + side / 2, y: 9, text: String(digit) })) },
      mark: { type: 'text', align: 'center', baseline: 'middle', fontSize: 13, fontWeight: 600, fill: ink },
      encoding: text
    }
  ])
}

const colors = [...Plot.palette, '#8A63D2', '#8C6D46', '#8A9A00', '#808890']

/** Digits where their two numbers put them. */
const plane = (title: string, letters: readonly Letter[]): Plot.Specification => {
  const axis = (field: string, name: string) => ({
    field,
    type: 'quantitative' as const,
    title: name,
    scale: { zero: false, nice: false, padding: 14 },
    axis: { tickCount: 6 }
  })
  const texts = [...new Set(letters.map(({ text }) => text))].sort()
  return frame(
    380,
    380,
    [
      {
        data: { values: letters.map(({ text, x, y }) => ({ text, x, y })) },
        mark: { type: 'text', fontSize: 12, fontWeight: 600 },
        encoding: {
          x: axis('x', 'first number'),
          y: axis('y', 'second number'),
          text: { field: 'text', type: 'nominal' },
          color: { field: 'text', type: 'nominal', scale: { domain: texts, range: colors }, legend: null }
        }
      }
    ],
    title
  )
}

const errorTable = (caption: string, rows: readonly Row[], of: (row: Row) => Errors): Block =>
  table(
    `${caption}: mean squared errors of pixels from 0, paper, to 1, ink`,
    ['numbers', 'principal components', 'linear autoencoder', 'nonlinear autoencoder'],
    rows.map(row => {
      const { components, linear, nonlinear } = of(row)
      return [row.count, ...[components, linear, nonlinear].map(error => error.toFixed(4))]
    })
  )

export const reportOf = ({ rows, curve, labels, drawings, planes, architecture }: Findings): Report => ({
  title: 'Digits told in a few numbers, and drawn again',
  summary: observation(rows),
  sections: [
    {
      heading: 'Drawn again',
      blocks: [
        figure(
          'The first held-out picture of each digit, and what is drawn from a few numbers of it: by principal components, and by the nonlinear autoencoder.',
          sheet(labels, drawings)
        )
      ]
    },
    {
      heading: 'Two numbers a picture',
      blocks: [
        figure(
          'The pictures held out, each drawn as its digit where its two numbers put it. No training saw what digit a picture shows.',
          Plot.beside(...planes.map(({ title, letters }) => plane(title, letters)))
        )
      ]
    },
    {
      heading: 'The errors',
      blocks: [
        figure(
          'Mean squared error of the pixels of pictures held out, over how many numbers stand for a picture.',
          Plot.chart({
            width: 480,
            height: 300,
            x: { label: 'numbers a picture', domain: [0, Math.max(...curve.map(([count]) => count)) + 1] },
            y: { label: 'mean squared error', scale: 'log' }
          })([
            { name: 'principal components', points: curve },
            {
              name: 'linear autoencoder',
              points: rows.map(({ count, heldOut }) => [count, heldOut.linear] as const),
              as: 'crosses'
            },
            {
              name: 'nonlinear autoencoder',
              points: rows.map(({ count, heldOut }) => [count, heldOut.nonlinear] as const),
              as: 'points'
            }
          ])
        ),
        errorTable('Pictures held out', rows, ({ heldOut }) => heldOut),
        errorTable('Pictures learned from', rows, ({ learned }) => learned),
        paragraph(
          `The subspace that the linear autoencoder has found is off the components’ by an angle of ${Math.max(...rows.map(({ angle }) => angle)).toFixed(2)}° at most.`
        )
      ]
    },
    { heading: 'The nonlinear autoencoder of 8 numbers', blocks: [printed(architecture)] }
  ]
})
