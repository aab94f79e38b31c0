/**
 * Pictures beside and above each other. Both are Monoids on lists of pictures:
 *
 *   `beside() = empty`   `beside(a) = a`   `beside(beside(...as), beside(...bs)) = beside(...as, ...bs)`   and so for `above`
 */
import { type Specification, specification, type View, view } from './specification.js'

const between = 32
const resolve = { scale: { color: 'independent', shape: 'independent', strokeDash: 'independent' } } as const

const row = (views: readonly View[]): View => ({ spacing: between, resolve, hconcat: views })
const column = (views: readonly View[]): View => ({ spacing: between, resolve, vconcat: views })

const isEmpty = (one: View): boolean => 'hconcat' in one && one.hconcat.length === 0

/**
 * No picture: the unit of `beside` and of `above`.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Plot.beside(Plot.empty, Plot.empty), Plot.empty)
 */
export const empty: Specification = /* @__PURE__ */ specification(row([]))

const join = (
  wrap: (views: readonly View[]) => View,
  parts: (one: View) => readonly View[],
  all: readonly Specification[]
): Specification => {
  const views = all
    .map(view)
    .filter(one => !isEmpty(one))
    .flatMap(parts)
  const [only] = views
  return views.length === 0 ? empty : specification(views.length === 1 && only !== undefined ? only : wrap(views))
}

/**
 * Pictures from left to right.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const frame = { x: { label: 'x' }, y: { label: 'x²' } }
 * const picture = Plot.line(frame)([{ name: 'square', points: [[0, 0], [1, 1], [2, 4]] }])
 *
 * deepStrictEqual(Plot.beside(picture, Plot.beside(picture, picture)), Plot.beside(picture, picture, picture))
 * deepStrictEqual(Plot.beside(picture, Plot.empty), picture)
 */
export const beside = (...pictures: readonly Specification[]): Specification =>
  join(row, one => ('hconcat' in one ? one.hconcat : [one]), pictures)

/**
 * Pictures from top to bottom.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const frame = { x: { label: 'x' }, y: { label: 'x²' } }
 * const picture = Plot.line(frame)([{ name: 'square', points: [[0, 0], [1, 1], [2, 4]] }])
 *
 * deepStrictEqual(Plot.above(Plot.above(picture, picture), picture), Plot.above(picture, picture, picture))
 */
export const above = (...pictures: readonly Specification[]): Specification =>
  join(column, one => ('vconcat' in one ? one.vconcat : [one]), pictures)

/**
 * Pictures in rows of so many, like the words of a page.
 *
 * @example
 * import { Plot } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const frame = { x: { label: 'x' }, y: { label: 'x²' } }
 * const picture = Plot.line(frame)([{ name: 'square', points: [[0, 0], [1, 1], [2, 4]] }])
 *
 * deepStrictEqual(Plot.grid(2)([picture, picture, picture]), Plot.above(Plot.beside(picture, picture), picture))
 */
export const grid =
  (columns: number) =>
  (pictures: readonly Specification[]): Specification => {
    const rows = Array.from({ length: Math.ceil(pictures.length / columns) }, (_, i) =>
      pictures.slice(i * columns, (i + 1) * columns)
    )
    return above(...rows.map(one => beside(...one)))
  }
