/** Polynomials by Horner's rule. */

/** `c₀ + c₁ x + c₂ x² + …`, the coefficients lowest power first; 0 without any. */
export const polynomial = (coefficients: readonly number[], x: number): number => {
  let value = 0
  for (let power = coefficients.length - 1; power >= 0; power--) value = value * x + coefficients[power]!
  return value
}
