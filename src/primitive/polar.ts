/** Points of the plane in polar coordinates: how far from the origin, and in which direction. */
import * as loop from '../kernel/elementwise.js'
import { floating } from '../structure/dtype.js'
import { apply, type Smooth, type Tensor, type Two, zeros } from '../tensor/tensor.js'
import { add, div, scale, sub } from './arithmetic.js'
import { type Operand, operands } from './conversion.js'
import { abs } from './elementary.js'
import { together } from './movement.js'
import { pairType, zip } from './pointwise.js'
import { equal, sign, where } from './selection.js'

/** A divisor that is not 0: at the origin, where there is no direction, slopes are 0. */
const nonZero = (distance: Tensor): Tensor => where(equal(distance, 0), 1, distance)
/** One coordinate of the direction of a point, its cosine or sine; an infinite one is ±1. */
const direction = (x: Tensor, distance: Tensor): Tensor =>
  where(equal(abs(x), Number.POSITIVE_INFINITY), sign(x), div(x, nonZero(distance)))

/** `r = √(x² + y²)`: `dr = (x dx + y dy) / r`. */
export const hypotPrimitive: Smooth<Two> = {
  kind: 'smooth',
  name: 'hypot',
  type: pairType('hypot'),
  evaluate: zip(loop.binary(Math.hypot)),
  jvp: ([dx, dy], [x, y], r) => {
    const along = dx && scale(dx, direction(x, r))
    const across = dy && scale(dy, direction(y, r))
    return along === undefined ? (across ?? zeros(r)) : across === undefined ? along : add(along, across)
  },
  batch: together(inputs => apply(hypotPrimitive, inputs, undefined))
}
/** The angle of the point with abscissa x, its second operand: `dφ = (x dy − y dx) / r²`, by way of r so that no square overflows. */
export const atan2Primitive: Smooth<Two> = {
  kind: 'smooth',
  name: 'atan2',
  type: pairType('atan2'),
  evaluate: zip(loop.binary(Math.atan2)),
  jvp: ([dy, dx], [y, x], angle) => {
    const r = hypot(x, y)
    const slope = (coordinate: Tensor): Tensor => div(direction(coordinate, r), nonZero(r))
    const along = dy && scale(dy, slope(x))
    if (dx === undefined) return along ?? zeros(angle)
    const across = scale(dx, slope(y))
    return sub(along ?? zeros(angle), across)
  },
  batch: together(inputs => apply(atan2Primitive, inputs, undefined))
}
/** Of integers, float32. */
export const hypot = (a: Operand, b: Operand): Tensor =>
  apply(hypotPrimitive, operands('hypot', a, b, floating), undefined)
/** Of integers, float32. */
export const atan2 = (y: Operand, x: Operand): Tensor =>
  apply(atan2Primitive, operands('atan2', y, x, floating), undefined)
