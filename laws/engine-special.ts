/** Errors of the gamma function's logarithm and derivatives, and of polar coordinates. */
import { elements } from '../src/tensor/tensor.js'
import { each, holdsZero, open, places, type Rule, unit } from './engine-error.js'
import { smooth } from './engine-functions.js'

/** Whether there is a pole, at 0, −1, −2, …, in what an operand may be. */
const holdsPole = (x: number, e: number): boolean => e > 0 && x - e <= 0 && Math.floor(Math.min(0, x + e)) >= x - e
/**
 * Between their poles these functions rise, fall, or have their only minimum or maximum, so that they are farthest off at the ends of an error. Around
 * their zeros the errors of an implementation are absolute: they are sums of large parts of both signs.
 */
const gammaLike =
  (absolute: (x: number, order: number) => number, factor = 1): Rule =>
  (of, inputs, attributes, value) => {
    const [xs, es] = [elements(inputs[0]!.value), elements(inputs[0]!.error)]
    const found = elements(smooth(of, inputs, attributes, value))
    return each(value, (i, v) => {
      const [x, e] = [xs[i]!, es[i]!]
      if (holdsPole(x, e)) return open
      const around = Number.isFinite(v) && found[i] !== 0 ? absolute(x, attributes as number) * 2 ** -52 : 0
      return found[i]! * factor + around
    })
  }
const magnitude = (x: number): number => 1 + Math.log1p(Math.abs(x))
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

export const lgamma = gammaLike(x => (x < 0 ? 16 * (1 + Math.abs(x)) * magnitude(x) : 0))
export const digamma = gammaLike(x => (x < 0 ? 16 * magnitude(x) : 4))
/** Powers of an order cost digits of that order. */
export const polygamma = gammaLike((x, order) => (x < 0 ? 8 * factorial(order) * 2 ** (order + 1) : 0), 2)

/** Of two operands, with errors that are open where one of theirs is, or where the result is no number that is finite and not known either. */
const ofPoints =
  (rule: (x: number, ex: number, y: number, ey: number) => number): Rule =>
  (_, [x, y], __, value) => {
    const [xs, exs, ys, eys] = [elements(x!.value), elements(x!.error), elements(y!.value), elements(y!.error)]
    return each(value, (i, v) => {
      const [a, ea, b, eb] = [xs[i]!, exs[i]!, ys[i]!, eys[i]!]
      if (ea === open || eb === open) return open
      if (!Number.isFinite(v)) return ea + eb === 0 && !(Number.isFinite(a) && Number.isFinite(b)) ? 0 : open
      return rule(a, ea, b, eb) + places(value.dtype) * unit(v, value.dtype)
    })
  }
/** A length changes by no more than its ends are moved. */
export const hypot = ofPoints((_, ex, __, ey) => ex + ey)
/** Seen from the origin, an error makes an angle; where it holds the origin, or reaches across the line where the angle jumps, anything may come out. */
export const atan2 = ofPoints((y, ey, x, ex) => {
  if (ex + ey === 0) return 0
  const [reach, distance] = [Math.hypot(ex, ey), Math.hypot(x, y)]
  if (!(reach < distance) || (holdsZero(y, ey) && x - ex <= 0)) return open
  return Math.asin(Math.min(1, reach / distance)) * (1 + 1e-9)
})
