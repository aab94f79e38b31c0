/**
 * Jacobi's method in rounds: n/2 rotations at once, each of two rows that no other rotation touches, and between rounds the rows change places
 * as the players of a round-robin tournament, so that in n − 1 rounds every two rows meet once (Brent and Luk 1985).
 */
import { add, div, mul, sub } from '../primitive/arithmetic.js'
import { stopGradient } from '../primitive/conversion.js'
import { abs, sqrt } from '../primitive/elementary.js'
import { amax, maximum } from '../primitive/extremum.js'
import { take } from '../primitive/indexing.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { equal, less, where } from '../primitive/selection.js'
import { concat, slice } from '../primitive/window.js'
import { constant, type Tensor, uniform } from '../tensor/tensor.js'
import { quotient } from './matrix.js'

/** The cosine and sine of half of the rotations, one for each pair of rows. */
export interface Rotations {
  readonly cosine: Tensor
  readonly sine: Tensor
}
/**
 * The smaller of the two rotations after which `[[p, o], [o, q]]` is diagonal: its tangent is `2o / (δ ± √(δ² + 4o²))` with δ = q − p, which is
 * smooth in o, at 0 too, so that the method has the derivatives of what it converges to.
 */
export const rotations = (p: Tensor, q: Tensor, off: Tensor): Rotations => {
  const difference = sub(q, p)
  const double = mul(off, 2)
  // By the larger of both, so that squares do not vanish: a tangent above 1 is no rotation's.
  const larger = stopGradient(maximum(abs(difference), abs(double)))
  const unit = where(equal(larger, 0), uniform(larger, 1), larger)
  const [along, across] = [div(difference, unit), div(double, unit)]
  const size = add(abs(difference), mul(unit, sqrt(add(mul(along, along), mul(across, across)))))
  const signed = where(less(difference, 0), mul(double, -1), double)
  const tangent = quotient(signed, size)
  const cosine = div(1, sqrt(add(mul(tangent, tangent), 1)))
  return { cosine, sine: mul(tangent, cosine) }
}

const half = (x: Tensor, which: 0 | 1): Tensor => {
  const [rows, columns] = x.shape
  return slice({ start: [which * (rows! / 2), 0], step: [1, 1], shape: [rows! / 2, columns!] })(x)
}
/** Where each place takes its row from: the first stays, the others go round, out along the first half and back along the second. */
const places = (rows: number): Tensor => {
  const pairs = rows / 2
  const from = Array.from({ length: rows }, (_, place) =>
    place === 0 ? 0 : place === 1 ? pairs : place < pairs ? place - 1 : place < rows - 1 ? place + 1 : pairs - 1
  )
  return constant([rows], 'int32', Int32Array.from(from))
}
/** Rows `i` and `n/2 + i` turned by the i-th rotation, and then all in their next places. */
export const turn = (x: Tensor, { cosine, sine }: Rotations): Tensor => {
  const [rows] = x.shape
  const [p, q] = [half(x, 0), half(x, 1)]
  const wide = (factor: Tensor): Tensor => broadcast(p.shape)(reshape([rows! / 2, 1])(factor))
  const turned = concat(0)([
    sub(mul(p, wide(cosine)), mul(q, wide(sine))),
    add(mul(p, wide(sine)), mul(q, wide(cosine)))
  ])
  return take(places(rows!))(turned)
}
/** An even number of rows: one that is alone gets a row of zeros to meet, with which nothing happens. */
export const paired = (n: number): number => n + (n % 2)
/** Whole tournaments, after which every row is back in its place: convergence is quadratic, and so many sweeps leave nothing to turn in float64. */
export const rounds = (n: number): number => (paired(n) - 1) * (6 + Math.ceil(Math.log2(n + 1)))
/** The largest element's size, to divide by, so that squares neither overflow nor vanish; 1 for zeros. Constant, as scaling changes nothing. */
export const sizeOf = (x: Tensor): Tensor => {
  const size = stopGradient(amax([0, 1])(abs(x)))
  return where(equal(size, 0), uniform(size, 1), size)
}
