/** Layers over the last axes of their input, of which some may have any size: how those are checked, and what becomes of them. */
import { mistake } from '../structure/mistake.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import { empty, fitsTail, isShape, pure, type RunLayer, type RunShape, showSizes, unknownSize } from './runtime.js'
import type { ShapeFunction } from './types.js'

/** So many sizes that are not known when a layer is made. */
export const open = (axes: number): Shape => new Array<number>(axes).fill(unknownSize)

/** The shape rule of layers that make of their own last axes others, and leave the leading ones alone. */
export const ending =
  (kind: string, input: Shape, output: (own: Shape) => Shape) =>
  (given: RunShape): Shape => {
    if (!isShape(given) || given.length < input.length || !fitsTail(input, given))
      throw mistake('ShapeMismatch', kind, `input ${showSizes(given)} does not end in ${showSizes(input)}`)
    const lead = given.length - input.length
    return [...given.slice(0, lead), ...output(given.slice(lead))]
  }

/** The tensor, if a layer's shape rule accepts it. */
export const accepted =
  (shapeOf: (input: RunShape) => RunShape) =>
  (x: Tensor): Tensor => {
    shapeOf(x.shape)
    return x
  }

export interface OverTail extends Pick<RunLayer, 'kind' | 'printed' | 'settings'> {
  readonly input: Shape
  readonly output: Shape
  /** The last axes of the output for known ones of the input. */
  readonly sizes: (own: Shape) => Shape
  /** The output, for an input with these leading axes and these of its own. */
  readonly run: (x: Tensor, lead: Shape, own: Shape) => Tensor
}
/** A layer without parameters from the rule for its own axes; the leading ones are split off here. */
export const overTail = ({ kind, printed, settings, input, output, sizes, run }: OverTail): RunLayer => {
  const shapeOf = ending(kind, input, own => (own.includes(unknownSize) ? output : sizes(own)))
  const checked = accepted(shapeOf)
  return {
    kind,
    printed,
    settings,
    children: [],
    input,
    output,
    shapeOf,
    batchCoupled: false,
    init: () => key => [empty, key],
    buffers: empty,
    forward: pure(() => given => {
      const { shape } = checked(given)
      const lead = shape.length - input.length
      return run(given, shape.slice(0, lead), shape.slice(lead))
    })
  }
}

/** A whole number from some least one on; the least is 1 unless given. */
export const checkWhole = (layer: string, name: string, value: number, least = 1): number => {
  if (!Number.isInteger(value) || value < least)
    throw mistake('InvalidArgument', layer, `${name} is ${value}; it must be a whole number of ${least} or more`)
  return value
}

/** A layer that gives what it takes: the sizes that it leaves open are those of its input. */
export interface Keeping<I extends Shape> extends ShapeFunction {
  readonly result: this['given'] extends infer X extends Shape
    ? { -readonly [K in keyof I]: number extends I[K] ? (K extends keyof X ? X[K] : I[K]) : I[K] }
    : unknown
}
