/** Rounding to integers. */

/** The nearest integer, of two equally near the even one; −0, NaN and ±∞ stay as they are. Exact. */
export const roundHalfEven = (x: number): number => {
  // Math.round takes halves up.
  const rounded = Math.round(x)
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
