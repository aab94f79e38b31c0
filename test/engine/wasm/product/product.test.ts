import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epilogueFits, type Layout } from '../../../../src/engine/wasm/product/product.js'
import type { Dtype } from '../../../../src/structure/dtype.js'
import { type Case, cases, holds, plainly, prepare } from './case.js'

describe('product', () => {
  it('is the sum of products for any sizes and strides, and writes nothing else', () => {
    fc.assert(
      fc.property(cases({ mn: 40, k: [0, 40] }), c => holds(prepare(c))),
      { numRuns: 1500 }
    )
  })
  it('cuts long sums into depths', () => {
    fc.assert(
      fc.property(cases({ mn: 24, k: [790, 1700] }), c => holds(prepare(c))),
      { numRuns: 60 }
    )
  })
  it.each<readonly [m: number, n: number, k: number, layout: string, dtype: Dtype]>([
    [300, 70, 1030, 'TN', 'float32'],
    [600, 90, 300, 'TN', 'float32'],
    [200, 50, 1030, 'TT', 'float64'],
    [260, 1030, 64, 'NN', 'float32'],
    [260, 1030, 20, 'NT', 'float64'],
    [129, 131, 900, 'NN', 'int32'],
    [40, 200, 300, 'NN', 'float32'],
    [1, 40, 2500, 'NT', 'float32'],
    [1000, 1, 301, 'NN', 'float64'],
    [16, 1024, 9, 'NN', 'float32'],
    [19, 512, 20, 'NN', 'float64']
  ])('packs what is large or meets in the cache: %i × %i × %i %s %s', (m, n, k, layout, dtype) => {
    const stored = (letter: string) => ({ ...plainly(2), order: letter === 'N' ? [0, 1] : [1, 0] })
    const operands = (['bool', dtype] as const).map(of => ({ dtype: of, storage: plainly(2) }))
    const c: Case = {
      dtype,
      outer: [],
      m,
      n,
      k,
      left: stored(layout[0]!),
      right: stored(layout[1]!),
      resultGap: 0,
      operands: dtype === 'int32' ? [] : operands,
      fusedMultiplyAdd: false,
      inPlace: false
    }
    holds(prepare(c))
  })
})

describe('epilogueFits', () => {
  const layout = (shape: readonly number[], strides: readonly number[], dtype: Dtype = 'float32'): Layout => ({
    shape,
    strides,
    dtype
  })
  const fits = (result: Layout, ...operands: readonly Layout[]): boolean =>
    epilogueFits({
      left: { ...result, shape: [result.shape[0]!, 5], strides: [5, 1] },
      right: { ...result, shape: [5, result.shape[1]!], strides: [result.shape[1]!, 1] },
      result,
      operands,
      fusedMultiplyAdd: false
    })
  it('takes what lies side by side or is repeated along columns', () => {
    const result = layout([3, 4], [4, 1])
    expect(fits(result, result, layout([3, 4], [0, 1]), layout([3, 4], [1, 0]), layout([3, 4], [4, 1], 'bool'))).toBe(
      true
    )
    expect(fits(result, layout([3, 4], [1, 3]))).toBe(false)
    expect(fits(result, layout([3, 4], [4, 1], 'float64'))).toBe(false)
  })
  it('is for floats', () => {
    expect(fits(layout([3, 4], [4, 1], 'int32'))).toBe(false)
  })
  it('takes any column of numbers', () => {
    expect(fits(layout([3, 1], [1, 1]), layout([3, 1], [7, 1]), layout([3, 1], [0, 0]))).toBe(true)
  })
})
