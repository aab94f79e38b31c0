/**
 * The logistic function and its integral. Only e to a power that is not positive is taken, so that nothing overflows.
 */

/**
 * `σ(x) = 1 / (1 + e⁻ˣ)`, for every x: 0 at −∞, 1 at +∞, its relative accuracy kept down to the smallest number.
 *
 * Error at most 2 ulp.
 */
export const sigmoid = (x: number): number => {
  const e = Math.exp(-Math.abs(x))
  return (x < 0 ? e : 1) / (1 + e)
}

/**
 * `log (1 + eˣ)`, softplus, as `max(x, 0) + log1p(e^−|x|)`, for every x: eˣ far below 0, x far above.
 *
 * Error at most 2 ulp.
 */
export const log1pExp = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
