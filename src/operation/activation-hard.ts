/**
 * Piecewise linear activations: what is cut off, what is shrunk, and cheap stand-ins for smooth ones.
 *
 * NaN stays NaN, and the derivatives at kinks are PyTorch's.
 */
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { abs } from '../primitive/elementary.js'
import { less, lessEqual, sign, where } from '../primitive/selection.js'
import { mistake } from '../structure/mistake.js'
import type { Unary } from './signatures.js'

/**
 * The identity between two ends, −1 and 1 unless told otherwise, range [min, max], constant outside: `torch.nn.functional.hardtanh`.
 * The derivative at the ends is 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-2, 0.5, 3]), Tensor.hardtanh(), Tensor.toArray), [-1, 0.5, 1])
 */
export const hardtanh =
  ({ min = -1, max = 1 }: { readonly min?: number; readonly max?: number } = {}): Unary =>
  x =>
    where(lessEqual(x, min), min, where(lessEqual(max, x), max, x))

/**
 * The rectifier cut off at 6, range [0, 6], min(max(0, x), 6): `torch.nn.functional.relu6`. The derivative at 0 and at 6 is 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-2, 3, 9]), Tensor.relu6, Tensor.toArray), [0, 3, 6])
 */
export const relu6: Unary = /* @__PURE__ */ hardtanh({ min: 0, max: 6 })

/**
 * A logistic function of three straight lines, range [0, 1], min(max(0, x + 3), 6) / 6: `torch.nn.functional.hardsigmoid`.
 * The derivative at −3 and at 3 is 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-4, 0, 4]), Tensor.hardsigmoid, Tensor.toArray), [0, 0.5, 1])
 */
export const hardsigmoid: Unary = x => where(lessEqual(x, -3), 0, where(lessEqual(3, x), 1, div(add(x, 3), 6)))

/**
 * x times its `hardsigmoid`, range [−0.375, ∞), x · min(max(0, x + 3), 6) / 6: `torch.nn.functional.hardswish`.
 * The derivative at −3 is −½, and at 3 it is 3/2, those of the parabola between.
 *
 * A. Howard et al., "Searching for MobileNetV3" (2019).
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-4, 0, 1.5, 4]), Tensor.hardswish, Tensor.toArray), [0, 0, 1.125, 4])
 */
export const hardswish: Unary = x => where(less(x, -3), 0, where(less(3, x), x, mul(x, div(add(x, 3), 6))))

const checkReach = (operation: string, lambda: number): void => {
  if (!(lambda >= 0)) throw mistake('InvalidArgument', operation, `lambda is ${lambda}; it must be 0 or more`)
}

/**
 * What is nearer to 0 than lambda is 0, the rest comes nearer by lambda, range (−∞, ∞), x − lambda · sign(x) where |x| > lambda and 0
 * elsewhere: `torch.nn.functional.softshrink`. `lambda` is ½ unless given; the derivative at ±lambda is 0.
 *
 * @throws a Mistake if lambda is negative
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-2, 0.25, 3]), Tensor.softshrink(), Tensor.toArray), [-1.5, 0, 2.5])
 */
export const softshrink = ({ lambda = 0.5 }: { readonly lambda?: number } = {}): Unary => {
  checkReach('softshrink', lambda)
  return x => where(lessEqual(abs(x), lambda), 0, sub(x, mul(sign(x), lambda)))
}

/**
 * What is nearer to 0 than lambda is 0, range (−∞, ∞), x where |x| > lambda and 0 elsewhere: `torch.nn.functional.hardshrink`.
 * `lambda` is ½ unless given; the derivative at ±lambda is 0.
 *
 * @throws a Mistake if lambda is negative
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([-2, 0.25, 3]), Tensor.hardshrink(), Tensor.toArray), [-2, 0, 3])
 */
export const hardshrink = ({ lambda = 0.5 }: { readonly lambda?: number } = {}): Unary => {
  checkReach('hardshrink', lambda)
  return x => where(lessEqual(abs(x), lambda), 0, x)
}

/**
 * Another value for all that is not above a threshold, range {value} ∪ (threshold, ∞), x where x > threshold and value elsewhere:
 * `torch.nn.functional.threshold`. The derivative at the threshold is 0.
 *
 * @example
 * import { pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const cut = Tensor.threshold({ threshold: 1, value: -5 })
 * deepStrictEqual(pipe(Tensor.tensor([0, 1, 2]), cut, Tensor.toArray), [-5, -5, 2])
 */
export const threshold =
  ({ threshold, value }: { readonly threshold: number; readonly value: number }): Unary =>
  x =>
    where(lessEqual(x, threshold), value, x)
