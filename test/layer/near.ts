/** Whether tensors are close, told element by element. */
import { expect } from 'vitest'
import { Tensor } from '../../src/index.js'

export const near =
  (tolerance: number) =>
  (actual: Tensor.Tensor, expected: Tensor.Tensor): void => {
    expect(Tensor.shape(actual)).toEqual(Tensor.shape(expected))
    const wanted = Tensor.toData(expected)
    const off = Array.from(Tensor.toData(actual), (x, i) => Math.abs(x - wanted[i]!)).filter(
      (distance, i) => !(distance <= tolerance * Math.max(1, Math.abs(wanted[i]!)))
    )
    expect(off).toEqual([])
  }
