/** Pictures as values: Vega-Lite specifications, plain data that any page draws. */
export { type Activation, activation } from './plot/activation.js'
export type { Axis } from './plot/axis.js'
export {
  type BandSeries,
  chart,
  type Frame,
  type Interval,
  line,
  type PointSeries,
  type Series,
  scatter
} from './plot/chart.js'
export { above, beside, empty, grid } from './plot/composition.js'
export { type Band, type Fit, fit, type Named } from './plot/fit.js'
export { type HeatmapFrame, heatmap, type Surface } from './plot/heatmap.js'
export { type HistoryOptions, history, type Losses } from './plot/history.js'
export { type Point, palette, type Specification } from './plot/specification.js'
