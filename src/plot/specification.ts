/**
 * Pictures as values: the part of the Vega-Lite 6 specification that this library writes.
 *
 * A specification is plain data, the same after `JSON.parse ∘ JSON.stringify`; any page or tool that knows Vega-Lite draws it
 * (`vegaEmbed('#here', specification)`), and no drawing library is needed to make one.
 */

/** A point of a picture. */
export type Point = readonly [x: number, y: number]

/** How one property of a mark is read off the data, or the same for all. */
export interface Channel {
  readonly field: string
  readonly type?: 'quantitative' | 'nominal'
  readonly title?: string | null
  readonly scale?: {
    readonly type?: 'linear' | 'log' | 'threshold'
    readonly domain?: readonly (number | string)[]
    readonly range?: readonly (number | string | readonly number[])[]
    readonly zero?: boolean
    readonly nice?: boolean
    readonly padding?: number
  }
  readonly axis?: { readonly tickCount?: number; readonly values?: readonly number[] } | null
  readonly legend?: { readonly orient: string; readonly symbolType?: string; readonly labelExpr?: string } | null
}

/** What is drawn by one mark. */
export type Values = Readonly<Record<string, string | number | null>>

/** One layer of a chart: data and how they are drawn. */
export interface Layer {
  readonly data: { readonly values: readonly Values[] }
  readonly mark: Readonly<Record<string, string | number | boolean>>
  readonly encoding: Readonly<Record<string, Channel>>
}

/** A pair of axes and what is drawn over it. */
export interface Chart {
  readonly title?: string
  readonly width: number
  readonly height: number
  readonly layer: readonly Layer[]
}
type Independent = {
  readonly scale: Readonly<Record<'color' | 'shape' | 'strokeDash', 'independent'>>
}
/** Pictures from left to right. */
export interface Row {
  readonly spacing: number
  readonly resolve: Independent
  readonly hconcat: readonly View[]
}
/** Pictures from top to bottom. */
export interface Column {
  readonly spacing: number
  readonly resolve: Independent
  readonly vconcat: readonly View[]
}
/** A picture without what belongs to the whole document. */
export type View = Chart | Row | Column

/** A Vega-Lite specification. */
export type Specification = View & Document
interface Document {
  readonly $schema: string
  readonly background: null
  readonly config: typeof config
}

/** Okabe and Ito's colours, which readers with any kind of colour blindness can tell apart (jfly.uni-koeln.de/color), the strongest first. */
export const palette = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'] as const

/** The colour with a number; after the last comes the first again. */
export const color = (index: number): string => palette[index % palette.length] ?? palette[0]

// `currentColor` is the colour of the text around the picture, so that one specification serves light and dark pages.
const ink = 'currentColor'

const config = {
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  title: { color: ink, fontSize: 14, fontWeight: 600, anchor: 'start', offset: 10 },
  axis: {
    labelColor: ink,
    titleColor: ink,
    domainColor: ink,
    tickColor: ink,
    gridColor: ink,
    gridOpacity: 0.12,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 400,
    titlePadding: 8,
    tickSize: 4,
    labelFlush: false
  },
  // Vertical axes of one width, so that pictures above each other stand in line.
  axisY: { minExtent: 36 },
  legend: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 400,
    labelLimit: 260,
    symbolSize: 121,
    symbolStrokeWidth: 2,
    rowPadding: 5,
    columnPadding: 8
  }
} as const

/** A picture as a document of its own. */
export const specification = (view: View): Specification => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: null,
  config,
  ...view
})

/** A document's picture. */
export const view = (whole: Specification): View => {
  const { $schema, background, config, ...rest } = whole
  return rest
}
