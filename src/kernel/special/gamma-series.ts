/** Coefficients of the series of log Γ and its derivatives, lowest power first; `gamma.ts` says of which. */

/** B₂, B₄, …, B₂₀. */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330]
/** ζ(2) − 1, ζ(3) − 1, …, ζ(29) − 1. */
const zetaLessOne = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914,
  0.008349277381922827, 0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645,
  0.0002460865533080483, 0.00012271334757848915, 6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5,
  7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8, 1.4901554828365043e-8,
  7.45071178983543e-9, 3.725334024788457e-9, 1.862659723513049e-9
]
/** 1 − γ, γ being Euler's constant. */
const oneLessEuler = 0.42278433509846713
/** ψ(2 + z) by powers of z. */
export const digammaAt2 = [oneLessEuler, ...zetaLessOne.map((zeta, i) => (i % 2 === 0 ? zeta : -zeta))]
/** log Γ(2 + z) / z by powers of z. */
export const lgammaAt2 = digammaAt2.map((c, i) => c / (i + 1))
/** x (log Γ(x) − (x − ½) log x + x − ½ log 2π), and x² (log x − 1/(2x) − ψ(x)), by powers of x⁻². */
export const lgammaFar = bernoulli.map((b, i) => b / ((2 * i + 1) * (2 * i + 2)))
export const digammaFar = bernoulli.map((b, i) => b / (2 * i + 2))
/** ½ log 2π − ½. */
export const stirling = 0.4189385332046727

/** For Hurwitz's ζ(s, x), s ≥ 2, from x = 8 + s on: x^(1 − s) (1/(s − 1) + (½ + Σ of these by powers of x⁻² / x) / x). */
export const hurwitzFar = (s: number): readonly number[] => {
  // B₂ⱼ/(2j)! · s (s + 1) … (s + 2j − 2): what the power −s − 2j + 1 is multiplied by.
  let rising = 1
  return bernoulli.map((b, i) => {
    const j2 = 2 * i + 2
    rising *= i === 0 ? s / 2 : ((s + j2 - 3) * (s + j2 - 2)) / ((j2 - 1) * j2)
    return b * rising
  })
}
/** From here on the first correction left out is below 10⁻¹⁶ of the whole. */
export const hurwitzReach = (s: number): number => 8 + s
