/**
 * Vector functions, one source for float32 and float64; what differs is a table of coefficients. Each evaluates its argument once, handles ±0, ±∞,
 * NaN, and subnormal arguments and results, and states its largest measured error.
 *
 * The light ones are written out wherever they are used, the heavy ones are routines that are linked into the program when they are.
 */
import type { Floating, Floats, Value } from '../assembler.js'
import { arithmetic } from './arithmetic.js'
import { narrowComplement, wideComplement } from './complementary-error-function.js'
import { errorFunction } from './error-function.js'
import { exponential } from './exponential.js'
import { type Format, float32, float64 } from './format.js'
import { type Gamma, narrowGamma, wideGamma } from './gamma.js'
import { halves } from './halves.js'
import { hyperbolic } from './hyperbolic.js'
import { narrowInverse, wideInverse } from './inverse-error-function.js'
import { inverseTrigonometric } from './inverse-trigonometric.js'
import { logarithm } from './logarithm.js'
import { narrowPolar, type Polar, widePolar } from './polar.js'
import { narrowPower, power, widePower } from './power.js'
import { quadrants } from './quadrant.js'
import { narrowReduction, trigonometric } from './trigonometric.js'

/** The elementary functions of one variable that there are vector functions for, by the names of the primitives. */
export type Unary =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'sigmoid'
  | 'erf'
  | 'erfc'
  | 'erfinv'
  | 'lgamma'
  | 'digamma'

export type VectorMath<V extends Floating> = { readonly [name in Unary]: (x: Value<V>) => Value<V> } & {
  readonly F: Floats<V>
  /** e^x for x ≤ 0 where results too small to be normal numbers may be 0: a third cheaper than `exp`, for softmax. */
  readonly expOfNegative: (x: Value<V>) => Value<V>
  /** x ** y as JavaScript has it (1 ** NaN and 1 ** ±∞ are NaN), and x · x where y is 2. */
  readonly pow: (x: Value<V>, y: Value<V>) => Value<V>
} & Polar<V> &
  Pick<Gamma<V>, 'polygamma'>

/** What the families are made from. */
const foundations = <V extends Floating>(format: Format<V>, fused: boolean) => {
  const numbers = arithmetic(format, fused)
  return { numbers, exponentials: exponential(numbers), logarithms: logarithm(numbers) }
}
/** The functions that differ in coefficients only. */
const common = <V extends Floating>({ numbers, exponentials, logarithms }: ReturnType<typeof foundations<V>>) => {
  const { exp, expm1, expOfNegative } = exponentials
  const { log, log1p } = logarithms
  return {
    F: numbers.F,
    ...{ exp, expm1, expOfNegative, log, log1p },
    ...hyperbolic(numbers, exponentials, logarithms),
    ...inverseTrigonometric(numbers),
    ...errorFunction(numbers, exponentials)
  }
}

/**
 * Both widths. `fusedMultiplyAdd` lets polynomials be rounded once a step where the machine can: faster, but no longer the same bits on every
 * machine.
 */
export const vectorMath = (
  fusedMultiplyAdd: boolean
): { readonly f32x4: VectorMath<'f32x4'>; readonly f64x2: VectorMath<'f64x2'> } => {
  const narrow = foundations(float32, fusedMultiplyAdd)
  const wide = foundations(float64, fusedMultiplyAdd)
  const inWide = halves(wide.numbers, wide.logarithms)
  const reduce = quadrants()
  const inWidth = { narrow: common(narrow), wide: common(wide) }
  const wideWaves = trigonometric(wide.numbers, reduce)
  const [gamma, polar] = [wideGamma(wide.numbers, wide.logarithms, wideWaves), widePolar(wide.numbers, inWidth.wide)]
  return {
    f32x4: {
      ...inWidth.narrow,
      ...trigonometric(narrow.numbers, narrowReduction(reduce)),
      ...power(narrow.numbers, narrowPower(inWide)),
      ...narrowComplement(narrow.numbers, inWide),
      ...narrowInverse(narrow.numbers, inWide),
      ...narrowGamma(narrow.numbers, inWide, gamma),
      ...narrowPolar(narrow.numbers, inWide, polar)
    },
    f64x2: {
      ...inWidth.wide,
      ...wideWaves,
      ...power(wide.numbers, widePower(wide.numbers, wide.exponentials, wide.logarithms)),
      ...wideComplement(wide.numbers, wide.exponentials),
      ...wideInverse(wide.numbers, wide.logarithms),
      ...gamma,
      ...polar
    }
  }
}
