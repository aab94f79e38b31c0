/** The logarithm of the gamma function and its derivatives, of which each has the next for its slope. */
import * as loop from '../kernel/elementwise.js'
import { digamma as digammaScalar, lgamma as lgammaScalar, polygamma as polygammaScalar } from '../kernel/special.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { apply, type One, type Smooth, type Tensor, zeros } from '../tensor/tensor.js'
import { scale } from './arithmetic.js'
import { cast } from './conversion.js'
import { elementary, from, of } from './elementary.js'
import { map } from './pointwise.js'

export const lgammaPrimitive = elementary('lgamma', from(lgammaScalar), x => digamma(x))
export const digammaPrimitive = elementary('digamma', from(digammaScalar), x => polygamma(1)(x))

/** The highest derivative of `digamma` that is computed: from 170 on the factorial leaves float64. */
export const highestOrder = 100
/** The derivative of `digamma` of an order, its attribute, from 1 on. */
export const polygammaPrimitive: Smooth<One, number> = {
  kind: 'smooth',
  name: 'polygamma',
  type: ([x], order) => {
    if (!Number.isInteger(order) || order < 1 || order > highestOrder)
      throw mistake(
        'InvalidArgument',
        'polygamma',
        `order is ${order}; it must be a whole number from 0 to ${highestOrder}`
      )
    return x
  },
  evaluate: (inputs, order, type) => map(loop.unary(polygammaScalar(order)))(inputs, undefined, type),
  jvp: ([dx], [x], _, order) => scale(dx ?? zeros(x), polygamma(order + 1)(x)),
  batch: ([x], _, order) => polygamma(order)(x)
}

export const lgamma = of(lgammaPrimitive)
export const digamma: (x: Tensor) => Tensor = of(digammaPrimitive)
export const polygamma =
  (order: number) =>
  (x: Tensor): Tensor =>
    order === 0 ? digamma(x) : apply(polygammaPrimitive, [cast(floating(x.dtype))(x)], order)
