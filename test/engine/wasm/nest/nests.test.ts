import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../../../src/engine/wasm/kernel.js'
import { mayOverwrite } from '../../../../src/engine/wasm/nest/nest.js'
import type { Data } from '../../../../src/structure/dtype.js'
import { exactTrials, type Sample } from './bodies.js'
import { locate, meant, plain, run } from './harness.js'

/** The first element that differs. */
const difference = (found: readonly Data[], wanted: readonly Data[]): string | undefined => {
  for (const [i, data] of found.entries())
    for (const [j, x] of data.entries())
      if (!Object.is(x, wanted[i]![j])) return `result ${i}, element ${j}: ${x} instead of ${wanted[i]![j]}`
  return undefined
}
const agrees = (sample: Sample): void => {
  const found = difference(run(sample), meant(sample))
  if (found !== undefined) throw new Error(`${sample.told}: ${found}`)
}

describe('a nest', () => {
  it('means what its body means, and writes nothing else', () => {
    fc.assert(fc.property(exactTrials, agrees), { numRuns: 1200 })
  })
  it('may write where it has read for the last time', () => {
    let tried = 0
    fc.assert(
      fc.property(exactTrials, sample => {
        const { fused, layouts = [] } = sample
        const { parameters, results } = fused.body
        const inputs = parameters.map((p, i) => locate(p.shape, p.dtype, layouts[i] ?? plain(p.shape.length), 64).place)
        const taken = new Set<number>()
        const inPlace = results.map((x, result) => {
          const chosen = parameters.findIndex(
            (p, i) =>
              !taken.has(i) &&
              bytesOf[p.dtype] === bytesOf[x.dtype] &&
              inputs[i]!.strides.every((step, axis) => step !== 0 || x.shape[axis] === 1) &&
              mayOverwrite({ fused, inputs }, i, result)
          )
          if (chosen < 0) return undefined
          taken.add(chosen)
          tried++
          return chosen
        })
        agrees({ ...sample, inPlace })
      }),
      { numRuns: 800 }
    )
    expect(tried).toBeGreaterThan(200)
  })
})
