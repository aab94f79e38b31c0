/** Householder's reflections, which take what is below the diagonal of a column to 0. */
import { add, mul, sub } from '../primitive/arithmetic.js'
import { abs, sqrt } from '../primitive/elementary.js'
import { amax } from '../primitive/extremum.js'
import { take } from '../primitive/indexing.js'
import { broadcast, sum } from '../primitive/movement.js'
import { equal, less, lessEqual, where } from '../primitive/selection.js'
import { type Tensor, zeros } from '../tensor/tensor.js'
import { asColumn, extents, indices, only, outer, quotient, transposed } from './matrix.js'

/** The reflection `1 − v vᵀ / half`; the identity, where `half` is 0. */
export interface Mirror {
  readonly vector: Tensor
  readonly half: Tensor
}

/**
 * The reflection for a column: the diagonal gets the sign opposite to what stood there, so that nothing cancels, as in LAPACK. A column that is
 * triangular already is left alone, where `always` does not ask for it: that is a jump, which those who mend the signs themselves have no use for.
 */
export const mirrorOf = (matrix: Tensor, place: Tensor, always: boolean): Mirror => {
  const [m] = extents(matrix)
  const column = take(place)(transposed(matrix))
  const places = indices(m)
  const at = broadcast([m])(place)
  const rest = only(lessEqual(at, places), column)
  // Scaled by the largest element: squares neither overflow nor vanish.
  const scaled = quotient(rest, broadcast([m])(amax([0])(abs(rest))))
  const norm = sqrt(sum([0])(mul(scaled, scaled)))
  const first = take(place)(scaled)
  const pivot = add(first, where(less(first, 0), mul(norm, -1), norm))
  const below = only(less(at, places), scaled)
  // ‖v‖² / 2 = ‖x‖ (‖x‖ + |x₁|)
  const half = mul(norm, abs(pivot))
  return {
    vector: where(equal(places, at), broadcast([m])(pivot), below),
    half: always ? half : where(equal(sum([0])(abs(below)), 0), zeros(half), half)
  }
}

/** The columns of a matrix in the mirror. */
export const reflected = ({ vector, half }: Mirror, x: Tensor): Tensor => {
  const [, n] = extents(x)
  const along = sum([0])(mul(asColumn(vector, n), x))
  return sub(x, outer(vector, quotient(along, broadcast([n])(half))))
}
