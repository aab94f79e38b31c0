/** The chapter's eleven readings. */
import { Tensor } from '../../src/index.js'

const celsius = [0.5, 14, 15, 28, 11, 8, 3, -4, 6, 13, 21]
const unknown = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]
const column = (numbers: readonly number[], dtype: 'float32' | 'float64'): Tensor.Tensor<[11, 1]> =>
  Tensor.fromData([11, 1], dtype === 'float32' ? Float32Array.from(numbers) : Float64Array.from(numbers))

export const readings = (
  dtype: 'float32' | 'float64',
  scale = 1
): { readonly x: Tensor.Tensor<[11, 1]>; readonly y: Tensor.Tensor<[11, 1]> } => ({
  x: column(
    unknown.map(t => scale * t),
    dtype
  ),
  y: column(celsius, dtype)
})
/** The line w · x + b. */
export const line = (w: number, b: number, dtype: 'float32' | 'float64') => ({
  weight: Tensor.full([1, 1], w, { dtype }),
  bias: Tensor.full([1], b, { dtype })
})
