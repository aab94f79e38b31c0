/**
 * The logarithm of the gamma function and its derivatives, by the series of the interpreter's (`kernel/special/gamma.ts`): from the nearest whole
 * number to 2 step by step, from 8 on Stirling's, below −8 reflected. Lanes that need fewer steps wait for those that need more. float32 is
 * computed in float64.
 */
import {
  digammaAt2,
  digammaFar,
  hurwitzFar,
  hurwitzReach,
  lgammaAt2,
  lgammaFar,
  stirling
} from '../../../kernel/special/gamma-series.js'
import { branchIf, type Local, label, loop, type Statement, set, type Value, when } from '../assembler.js'
import { type Arithmetic, compute, type Name, perform } from './arithmetic.js'
import type { Halves } from './halves.js'
import type { Logarithm } from './logarithm.js'

type E = Value<'f64x2'>
type Function = (x: E) => E
interface Trigonometric {
  readonly sin: Function
  readonly tan: Function
}
export interface Gamma<V extends 'f32x4' | 'f64x2'> {
  readonly lgamma: (x: Value<V>) => Value<V>
  readonly digamma: (x: Value<V>) => Value<V>
  /** The derivative of `digamma` of an order from 1 on: a routine for each. */
  readonly polygamma: (order: number) => (x: Value<V>) => Value<V>
}

/** One function for each number, made when it is first asked for. */
const byNumber = <F>(make: (n: number) => F): ((n: number) => F) => {
  const made = new Map<number, F>()
  return n => {
    const found = made.get(n) ?? make(n)
    made.set(n, found)
    return found
  }
}

/**
 * In float64. Errors for x > 0, in units in the last place: 3.8 (`lgamma`), 1.6 (`digamma`, but around its zero), and 2.1, 3.5, 5.6 and 12.3 (`polygamma`
 * of order 1, 2, 3 and 10), whose digits end where a power of x is no normal number any more. Around zeros, and so for x < 0, errors are absolute, as
 * those of the interpreter's kernel are.
 */
export const wideGamma = (
  { F, c, float, polynomial, shared }: Arithmetic<'f64x2'>,
  { log }: Logarithm<'f64x2'>,
  { sin, tan }: Trigonometric
): Gamma<'f64x2'> => {
  /** Runs the body as long as it has something to do in some lane. */
  const during = (isBusy: () => E, body: (busy: Local<'f64x2'>) => Statement): Statement =>
    perform((name, run) => {
      const again = label()
      const busy = name(isBusy())
      run(when(F.any(busy), loop(again, body(busy), set(busy, isBusy()), branchIf(again, F.any(busy)))))
    })
  const isNumber = (x: E, n: number): E => float(F.eq(x, c(n)))
  const squareInverse = (name: Name, x: E): Local<'f64x2'> => name(F.div(c(1), F.mul(x, x)))
  /** The nearest whole number and the rest, both exact. */
  const split = (name: Name, x: E) => {
    const n = name(F.nearest(x))
    return { n, z: name(F.sub(x, n)) }
  }
  /** Visits the factors between x = n + z, |x| < 8, and 2 + z: n + z, …, 1 + z or 2 + z, …, n − 1 + z; `step` is −1 in the former case, 1 in the latter. */
  const stepping = (
    name: Name,
    { n, z }: { readonly n: Local<'f64x2'>; readonly z: Local<'f64x2'> },
    isNear: E,
    visit: (factor: Local<'f64x2'>, busy: E, step: E) => Statement
  ) => {
    const isBelow = name(float(F.lt(n, c(2))))
    const step = name(F.select(isBelow, c(-1), c(1)))
    const whole = name(F.select(isBelow, c(1), c(2)))
    const left = name(F.and(F.abs(F.sub(n, c(2))), isNear))
    const steps = during(
      () => float(F.gt(left, c(0))),
      busy =>
        perform((name, run) => {
          run(visit(name(F.add(whole, z)), busy, step))
          run(set(whole, F.add(whole, step)))
          run(set(left, F.sub(left, c(1))))
        })
    )
    return { isBelow, steps }
  }

  const lgamma = shared('lgamma', x =>
    compute((name, run) => {
      const size = name(F.abs(x))
      const isNear = name(float(F.lt(size, c(8))))
      const parts = split(name, x)
      const product = name(c(1))
      const { isBelow, steps } = stepping(name, parts, isNear, (factor, busy) =>
        set(product, F.mul(product, F.select(busy, factor, c(1))))
      )
      run(steps)
      const logarithm = name(log(F.select(isNear, F.abs(product), size)))
      const at2 = F.mul(parts.z, polynomial(parts.z, lgammaAt2))
      const near = F.add(at2, F.select(isBelow, F.neg(logarithm), logarithm))
      const series = polynomial(squareInverse(name, size), lgammaFar)
      const far = F.add(F.mul(F.sub(size, c(0.5)), F.sub(logarithm, c(1))), F.add(F.div(series, size), c(stirling)))
      const value = name(F.select(isNear, near, far))
      const isReflected = name(float(F.le(x, c(-8))))
      const reflecting = perform((name, run) => {
        const wave = F.mul(x, sin(F.mul(parts.z, c(Math.PI))))
        const reflected = name(F.sub(log(F.abs(F.div(c(Math.PI), wave))), value))
        run(set(value, F.select(isReflected, reflected, value)))
      })
      run(when(F.any(isReflected), reflecting))
      // ∞ at either end.
      return F.select(isNumber(size, Infinity), size, F.select(F.ne(x, x), x, value))
    })
  )

  const digamma = shared('digamma', x =>
    compute((name, run) => {
      const size = name(F.abs(x))
      const isNear = name(float(F.lt(size, c(8))))
      const parts = split(name, x)
      const sum = name(polynomial(parts.z, digammaAt2))
      run(
        stepping(name, parts, isNear, (factor, busy, step) => set(sum, F.add(sum, F.and(F.div(step, factor), busy))))
          .steps
      )
      const z2 = squareInverse(name, size)
      const series = F.add(F.div(c(0.5), size), F.mul(z2, polynomial(z2, digammaFar)))
      const value = name(F.select(isNear, sum, F.sub(log(size), series)))
      const isReflected = name(float(F.le(x, c(-8))))
      const reflecting = perform((_, run) => {
        const reflected = F.sub(F.sub(value, F.div(c(1), x)), F.div(c(Math.PI), tan(F.mul(parts.z, c(Math.PI)))))
        run(set(value, F.select(isReflected, reflected, value)))
      })
      run(when(F.any(isReflected), reflecting))
      const isPole = F.and(isNumber(parts.z, 0), float(F.le(x, c(0))))
      return F.select(isPole, F.select(isNumber(x, 0), F.div(c(-1), x), c(NaN)), value)
    })
  )

  /** A whole power, by squares. */
  const power = (name: Name, x: Local<'f64x2'>, exponent: number): E => {
    let square = x
    let product: Local<'f64x2'> | undefined
    for (let rest = exponent; ; square = name(F.mul(square, square))) {
      if (rest % 2 === 1) product = product === undefined ? square : name(F.mul(product, square))
      rest = Math.floor(rest / 2)
      if (rest === 0) return product ?? c(1)
    }
  }
  /** ζ(s, x) of Hurwitz for x > 0: by Euler and Maclaurin's sum far from 0, and the terms before that from the last to the first. */
  const hurwitz = byNumber(s =>
    shared(`zeta${s}`, x =>
      compute((name, run) => {
        const steps = name(F.pmax(F.ceil(F.sub(c(hurwitzReach(s)), x)), c(0)))
        const y = name(F.add(x, steps))
        const inverse = name(F.div(c(1), y))
        const corrections = polynomial(name(F.mul(inverse, inverse)), hurwitzFar(s))
        const tail = F.add(c(1 / (s - 1)), F.mul(F.add(c(0.5), F.mul(corrections, inverse)), inverse))
        const sum = name(F.mul(power(name, inverse, s - 1), tail))
        const k = name(F.sub(steps, c(1)))
        run(
          during(
            () => float(F.ge(k, c(0))),
            busy =>
              perform((name, run) => {
                const term = power(name, name(F.div(c(1), F.add(x, k))), s)
                run(set(sum, F.add(sum, F.and(term, busy))))
                run(set(k, F.sub(k, c(1))))
              })
          )
        )
        return sum
      })
    )
  )
  const polygamma = byNumber(order => {
    const s = order + 1
    const zeta = hurwitz(s)
    const sign = order % 2 === 1 ? 1 : -1
    let factorial = sign
    for (let k = 2; k <= order; k++) factorial *= k
    return shared(`polygamma${order}`, x =>
      compute((name, run) => {
        const { z } = split(name, x)
        const isPositive = name(float(F.gt(x, c(0))))
        const sum = name(zeta(F.select(isPositive, x, F.add(c(1), z))))
        const isOther = name(float(F.le(x, c(0))))
        // The sum over all whole numbers, less those below x.
        const reflecting = perform((name, run) => {
          const below = F.sub(zeta(F.sub(c(1), z)), zeta(F.select(isOther, F.sub(c(1), x), c(1))))
          const all = F.add(F.add(power(name, name(F.div(c(1), z)), s), sum), F.mul(below, c(sign)))
          const pole = sign === 1 ? c(Infinity) : F.select(isNumber(x, 0), F.div(c(1), x), c(NaN))
          run(set(sum, F.select(isOther, F.select(isNumber(z, 0), pole, all), sum)))
        })
        run(when(F.any(isOther), reflecting))
        return F.mul(sum, c(factorial))
      })
    )
  })
  return { lgamma, digamma, polygamma }
}

/** In float32: all of that, rounded. Error: 0.51 units in the last place. */
export const narrowGamma = (
  { shared }: Arithmetic<'f32x4'>,
  { inHalves }: Halves,
  wide: Gamma<'f64x2'>
): Gamma<'f32x4'> => {
  const rounded = (called: string, f: Function) => shared(called, x => compute(name => inHalves(name, x => f(x), x)))
  return {
    lgamma: rounded('lgamma', wide.lgamma),
    digamma: rounded('digamma', wide.digamma),
    polygamma: byNumber(order => rounded(`polygamma${order}`, wide.polygamma(order)))
  }
}
