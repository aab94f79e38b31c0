/** Whether a contender computes what the interpreter computes. */
import type { Results } from './row.js'

/** The largest difference relative to the largest number of its array; infinite where lengths differ or a number is NaN. */
export const difference = (expected: Results, found: Results): number => {
  if (expected.length !== found.length) return Number.POSITIVE_INFINITY
  const each = expected.map((wanted, i) => {
    const given = found[i]!
    if (wanted.length !== given.length) return Number.POSITIVE_INFINITY
    let [largest, size] = [0, 0]
    for (let j = 0; j < wanted.length; j++) {
      const apart = Math.abs(wanted[j]! - given[j]!)
      if (Number.isNaN(apart)) return Number.POSITIVE_INFINITY
      largest = Math.max(largest, apart)
      size = Math.max(size, Math.abs(wanted[j]!))
    }
    return largest === 0 ? 0 : largest / size
  })
  return Math.max(0, ...each)
}
