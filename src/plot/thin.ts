/**
 * Fewer points that draw the same line: of all points that fall on one strip of the picture the first, the lowest, the highest and the last
 * are kept, so that no peak is lost (M4: Jugel et al., "M4: a visualization-oriented time series data aggregation", 2014).
 */
import type { Point } from './specification.js'

/** At most four points for each of `strips` parts of the x axis; `position` says where on the axis, in any unit. Points are in the order of x. */
export const thin =
  (strips: number, position: (x: number) => number = x => x) =>
  (points: readonly Point[]): readonly Point[] => {
    const first = points[0]
    const last = points[points.length - 1]
    if (first === undefined || last === undefined || points.length <= 4 * strips) return points
    const start = position(first[0])
    const width = (position(last[0]) - start) / strips
    const kept: Point[] = []
    let strip: Point[] = []
    let at = 0
    const close = (): void => {
      const heights = strip.map(([, y]) => y)
      const finite = heights.filter(Number.isFinite)
      const chosen = new Set([
        0,
        heights.indexOf(finite.reduce((a, b) => Math.min(a, b), Infinity)),
        heights.indexOf(finite.reduce((a, b) => Math.max(a, b), -Infinity)),
        strip.length - 1
      ])
      // What is not finite is a gap in the line, and stays one.
      kept.push(...strip.filter((point, i) => chosen.has(i) || !Number.isFinite(point[1])))
      strip = []
    }
    for (const point of points) {
      const next = Math.min(strips - 1, Math.floor((position(point[0]) - start) / width))
      if (next !== at && strip.length > 0) close()
      at = next
      strip.push(point)
    }
    close()
    return kept
  }
