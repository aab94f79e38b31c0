/** Products of matrices, summed in float64 along k in order, so that reading an operand transposed changes no bit. */
import { allocate, type Data, type Dtype } from '../structure/dtype.js'

export interface MatmulSizes {
  readonly batch: number
  readonly m: number
  readonly k: number
  readonly n: number
}

/** out[b] = x[b] · y[b] for row-major [m, k] and [k, n]; either may be stored transposed. */
export const matmul = (
  dtype: Dtype,
  { batch, m, k, n }: MatmulSizes,
  x: Data,
  leftTransposed: boolean,
  y: Data,
  rightTransposed: boolean
): Data => {
  const out = allocate(dtype, batch * m * n)
  const [stepI, stepP] = leftTransposed ? [1, m] : [k, 1]
  const sums = new Float64Array(n)
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < m; i++) {
      const left = b * m * k + i * stepI
      const right = b * k * n
      const row = (b * m + i) * n
      if (rightTransposed) {
        for (let j = 0; j < n; j++) {
          let total = 0
          for (let p = 0, q = right + j * k; p < k; p++, q++) total += x[left + p * stepP]! * y[q]!
          out[row + j] = total
        }
      } else {
        sums.fill(0)
        for (let p = 0; p < k; p++) {
          const factor = x[left + p * stepP]!
          for (let j = 0, q = right + p * n; j < n; j++, q++) sums[j] = sums[j]! + factor * y[q]!
        }
        out.set(sums, row)
      }
    }
  }
  return out
}
