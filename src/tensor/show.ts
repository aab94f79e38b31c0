/** How tensors print: as PyTorch prints them, four decimals, columns aligned, long axes shortened. */
import type { Data, Dtype } from '../structure/dtype.js'
import { type Shape, showShape, size, strides } from '../structure/shape.js'

const longest = 1000
const edge = 3

const decimals = (values: readonly number[]): ((value: number) => string) => {
  const finite = values.filter(Number.isFinite)
  const magnitudes = finite.filter(value => value !== 0).map(Math.abs)
  const [largest, smallest] = [Math.max(...magnitudes), Math.min(...magnitudes)]
  const whole = finite.every(Number.isInteger)
  const scientific = largest > 1e8 || (!whole && (smallest < 1e-4 || largest / smallest > 1e5))
  const show = scientific ? showScientific : (value: number) => (whole ? `${value}.` : value.toFixed(4))
  return value => (Number.isFinite(value) ? `${Object.is(value, -0) ? '-' : ''}${show(value)}` : showSpecial(value))
}
/** Two digits of exponent at least, so that columns align. */
const showScientific = (value: number): string =>
  value.toExponential(4).replace(/e(.)(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`)
const showSpecial = (value: number): string => (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf')

/** `tensor([[1., 2.], [3., 4.]])`; a dtype other than float32 is named. */
export const showData = (shape: Shape, dtype: Dtype, data: Data): string => {
  const suffix = dtype === 'float32' ? '' : `, dtype=${dtype}`
  if (size(shape) === 0) return `tensor([], shape=${showShape(shape)}${suffix})`
  const shortened = size(shape) > longest
  const steps = strides(shape)
  const at = (offset: number): number => data[data.length === 1 ? 0 : offset]!
  const indices = (extent: number): readonly (number | undefined)[] =>
    shortened && extent > 2 * edge
      ? [0, 1, 2, undefined, extent - 3, extent - 2, extent - 1]
      : Array.from({ length: extent }, (_, i) => i)
  const shown: number[] = []
  const collect = (axis: number, offset: number): void => {
    if (axis === shape.length) shown.push(at(offset))
    else for (const i of indices(shape[axis]!)) if (i !== undefined) collect(axis + 1, offset + i * steps[axis]!)
  }
  collect(0, 0)
  const format =
    dtype === 'bool' ? (value: number) => String(value !== 0) : dtype === 'int32' ? String : decimals(shown)
  const width = Math.max(...shown.map(value => format(value).length))
  const show = (axis: number, offset: number): string => {
    if (axis === shape.length) return shape.length === 0 ? format(at(offset)) : format(at(offset)).padStart(width)
    const innermost = axis === shape.length - 1
    const separator = innermost
      ? ', '
      : `,${'\n'.repeat(shape.length - 1 - axis)}${' '.repeat('tensor('.length + axis + 1)}`
    return `[${indices(shape[axis]!)
      .map(i => (i === undefined ? '...' : show(axis + 1, offset + i * steps[axis]!)))
      .join(separator)}]`
  }
  return `tensor(${show(0, 0)}${suffix})`
}
