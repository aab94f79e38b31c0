/** Settings as Python prints them, for `Layer.show`. */
import type { Shape } from '../structure/shape-types.js'

/** `1.0`, `0.5`, `1e-05`. */
export const float = (value: number): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  const magnitude = Math.abs(value)
  if (value !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    const [digits = '', sign = '', power = ''] = value.toExponential().split(/e([+-])/)
    return `${digits}e${sign}${power.padStart(2, '0')}`
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}

/** `True` and `False`. */
export const truth = (value: boolean): string => (value ? 'True' : 'False')

/** `(2, 3)`, and `(5,)` for one size. */
export const tuple = (sizes: Shape, element: (size: number) => string = String): string =>
  sizes.length === 1 ? `(${element(sizes[0]!)},)` : `(${sizes.map(element).join(', ')})`

/** One number where all sizes are the same, as PyTorch prints what was given as one. */
export const sizes = (all: Shape, element: (size: number) => string = String): string =>
  all.every(size => size === all[0]) ? element(all[0]!) : tuple(all, element)
