/** What normalizing layers have in common: settings, and a scale and a shift for each feature, drawn as 1 and 0. */
import { add, mul } from '../primitive/arithmetic.js'
import { reshape } from '../primitive/movement.js'
import { mistake } from '../structure/mistake.js'
import type { Shape } from '../structure/shape-types.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { parameter } from './linear.js'
import { empty, type RunLayer, type Values } from './runtime.js'

export const checkEpsilon = (layer: string, epsilon: number): void => {
  if (!(epsilon > 0 && Number.isFinite(epsilon)))
    throw mistake(
      'InvalidArgument',
      layer,
      `epsilon is ${epsilon}; it must be positive and finite, so that values that are all equal are not divided by 0`
    )
}

/** Parameters that are 1 (`weight`) and 0 (`bias`) before the first step; none are named where there are none. */
export const constantParameters =
  (shape: Shape, names: readonly ('weight' | 'bias')[]): RunLayer['init'] =>
  ({ dtype }) =>
  key => [
    names.length === 0
      ? empty
      : Object.fromEntries(names.map(name => [name, uniform({ shape, dtype }, name === 'weight' ? 1 : 0)])),
    key
  ]

/** `x · weight + bias`, the parameters seen under a shape that is repeated to that of x. */
export const scaledAndShifted = (
  kind: string,
  params: Values,
  shape: Shape,
  names: readonly ('weight' | 'bias')[],
  seen: Shape = shape
): ((x: Tensor) => Tensor) => {
  const [weight, bias] = (['weight', 'bias'] as const).map(name =>
    names.includes(name) ? reshape(seen)(parameter(kind, params, name, shape)) : undefined
  )
  return x => {
    const scaled = weight === undefined ? x : mul(x, weight)
    return bias === undefined ? scaled : add(scaled, bias)
  }
}

/** The names of a scale and a shift, or of neither. */
export const affineNames = (affine: boolean): readonly ('weight' | 'bias')[] => (affine ? ['weight', 'bias'] : [])
