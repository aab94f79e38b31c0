/** The fully connected layer. */
import { add } from '../primitive/arithmetic.js'
import { matmul } from '../primitive/contraction.js'
import { cast } from '../primitive/conversion.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { promote } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { type Shape, sameShape, showShape, size } from '../structure/shape.js'
import { isTensor, type Tensor } from '../tensor/tensor.js'
import { affineWithin } from './drawing.js'
import { pure, type RunLayer, trailing, type Values } from './runtime.js'

const checkSize = (name: string, value: number): void => {
  if (!Number.isInteger(value) || value < 1)
    throw mistake('InvalidArgument', 'Layer.linear', `${name} is ${value}; it must be a whole number of 1 or more`)
}

/** A tensor of the parameters, of the shape that the layer made it with. */
export const parameter = (kind: string, params: Values, name: string, shape: Shape): Tensor => {
  const value = (params as Readonly<Record<string, unknown>> | undefined)?.[name]
  if (!isTensor(value))
    throw mistake('TreeMismatch', kind, `the parameters have no '${name}'; are they of another model?`)
  if (!sameShape(value.shape, shape))
    throw mistake(
      'ShapeMismatch',
      kind,
      `${name} is ${showShape(value.shape)}, and should be ${showShape(shape)}; are these parameters of another model?`
    )
  return value
}

/** `x Wᵀ + b` over all leading axes. */
export const affine = (weight: Tensor, bias: Tensor | undefined, x: Tensor): Tensor => {
  const dtype = promote(x.dtype, weight.dtype)
  const lead = x.shape.slice(0, -1)
  const rows = reshape([size(lead), x.shape[x.shape.length - 1] ?? 1])(cast(dtype)(x))
  const product = matmul({ left: false, right: true })(rows, cast(dtype)(weight))
  const sum = bias === undefined ? product : add(product, broadcast(product.shape)(cast(dtype)(bias)))
  return reshape([...lead, weight.shape[0]!])(sum)
}

export const linearOf = (inFeatures: number, outFeatures: number, bias: boolean): RunLayer => {
  checkSize('inFeatures', inFeatures)
  checkSize('outFeatures', outFeatures)
  const weightShape = [outFeatures, inFeatures]
  return {
    kind: 'linear',
    printed: {
      name: 'Linear',
      settings: `in_features=${inFeatures}, out_features=${outFeatures}, bias=${bias ? 'True' : 'False'}`
    },
    settings: { inFeatures, outFeatures, bias },
    children: [],
    input: [inFeatures],
    output: [outFeatures],
    shapeOf: trailing('linear', [inFeatures], [outFeatures]),
    batchCoupled: false,
    init: affineWithin(1 / Math.sqrt(inFeatures), weightShape, bias ? [outFeatures] : undefined),
    buffers: {},
    forward: pure(params => x => {
      const weight = parameter('linear', params, 'weight', weightShape)
      const offset = bias ? parameter('linear', params, 'bias', [outFeatures]) : undefined
      if (x.shape.length === 0)
        throw mistake(
          'ShapeMismatch',
          'linear',
          `a scalar has no axis of ${inFeatures} features; Tensor.unsqueeze gives it one`
        )
      return affine(weight, offset, x)
    })
  }
}
