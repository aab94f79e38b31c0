/** Values less their mean, by their spread: what normalizing layers compute, along axes counted from 0. */
import { add, div, square, sub } from '../primitive/arithmetic.js'
import { sqrt } from '../primitive/elementary.js'
import { reshape, sum } from '../primitive/movement.js'
import { withOnes } from '../structure/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { count } from './reduction.js'

/** The mean of floating values along axes, which stay with size 1. */
export const keptMean = (x: Tensor, axes: readonly number[]): Tensor =>
  div(reshape(withOnes(x.shape, axes))(sum(axes)(x)), count(x, axes))

export interface Spread {
  /** The values less their mean. */
  readonly centered: Tensor
  /** With the axes of the values, of which the folded ones have size 1; so has the variance. */
  readonly mean: Tensor
  /** The mean of the squares of what is centered, not of the values: what is large beside its spread would lose all its digits. */
  readonly variance: Tensor
}
export const spread = (x: Tensor, axes: readonly number[]): Spread => {
  const mean = keptMean(x, axes)
  const centered = sub(x, mean)
  return { centered, mean, variance: keptMean(square(centered), axes) }
}

/** `centered / √(variance + ε)`: 0, and not NaN, where all values are equal. */
export const standardized = ({ centered, variance }: Omit<Spread, 'mean'>, epsilon: number): Tensor =>
  div(centered, sqrt(add(variance, epsilon)))
