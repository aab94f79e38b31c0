/** Pools that are asked for a number of windows: they cut the last axes into that many pieces, of almost equal size. */
import { adaptivePool } from '../operation/pooling.js'
import { meanAlong } from '../operation/reduction.js'
import { amax } from '../primitive/extremum.js'
import { mistake } from '../structure/mistake.js'
import { range, showShape } from '../structure/shape.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { perAxis } from './pooling.js'
import type { AdaptivePool, PerAxis } from './pooling-types.js'
import { sizes as shown } from './printing.js'
import type { RunLayer } from './runtime.js'
import { open, overTail } from './tail.js'
import type { AnyLayer } from './types.js'

type Fold = (axes: readonly number[]) => (x: Tensor) => Tensor

const mean: Fold = axes => x => meanAlong(x, axes)

const adaptive = (kind: string, name: string, axes: number, given: PerAxis<Shape>, fold: Fold): RunLayer => {
  const outputs = perAxis(`Layer.${kind}`, 'outputSize', axes, given)
  return overTail({
    kind,
    printed: { name, settings: `output_size=${shown(outputs)}` },
    settings: { outputSize: outputs },
    input: open(axes),
    output: outputs,
    sizes: own => {
      if (own.includes(0)) throw mistake('ShapeMismatch', kind, `input ${showShape(own)} has no elements to pool`)
      return outputs
    },
    run: (x, lead) =>
      adaptivePool(fold)(
        range(axes).map(axis => lead.length + axis),
        outputs
      )(x)
  })
}

/**
 * The means of so many pieces of the last axis: `torch.nn.AdaptiveAvgPool1d`.
 *
 * Shapes: `[…, length] → […, outputSize]`, for channels as for any leading axis. Piece i of n is from `⌊i · length / n⌋` up to
 * `⌈(i + 1) · length / n⌉`: pieces are of one size where n divides the length, and overlap by an element where it does not.
 *
 * @throws a Mistake if the output size is not a whole number of 1 or more, or if an input has no elements
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([1, 2, 3, 4, 5])
 * deepStrictEqual(pipe(x, Layer.adaptiveAvgPool1d(1).apply({}), Tensor.toArray), [3])
 * deepStrictEqual(pipe(x, Layer.adaptiveAvgPool1d(2).apply({}), Tensor.toArray), [2, 4])
 */
export const adaptiveAvgPool1d = <const Output extends PerAxis<[number]>>(
  outputSize: Output
): AdaptivePool<[number], Output, 'adaptiveAvgPool1d'> =>
  typed<AnyLayer>(adaptive('adaptiveAvgPool1d', 'AdaptiveAvgPool1d', 1, outputSize, mean)) as AdaptivePool<
    [number],
    Output,
    'adaptiveAvgPool1d'
  >

/**
 * The means of so many pieces of the last two axes: `torch.nn.AdaptiveAvgPool2d`. With 1 it is the mean of each channel.
 *
 * Shapes: `[…, height, width] → […, ...outputSize]`, one number standing for both axes; the pieces are those of `adaptiveAvgPool1d`.
 *
 * @throws a Mistake if the output size is not a whole number of 1 or more, or if an input has no elements
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const pool = Layer.adaptiveAvgPool2d(1)
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2], [3, 6]]), pool.apply({}), Tensor.toArray), [[3]])
 * deepStrictEqual(Tensor.shape(pool.apply({})(Tensor.zeros([8, 3, 7, 5]))), [8, 3, 1, 1])
 */
export const adaptiveAvgPool2d = <const Output extends PerAxis<[number, number]>>(
  outputSize: Output
): AdaptivePool<[number, number], Output, 'adaptiveAvgPool2d'> =>
  typed<AnyLayer>(adaptive('adaptiveAvgPool2d', 'AdaptiveAvgPool2d', 2, outputSize, mean)) as AdaptivePool<
    [number, number],
    Output,
    'adaptiveAvgPool2d'
  >

/**
 * The largest elements of so many pieces of the last axis: `torch.nn.AdaptiveMaxPool1d`.
 *
 * Shapes: `[…, length] → […, outputSize]`; the pieces are those of `adaptiveAvgPool1d`. Elements that tie share the derivative.
 *
 * @throws a Mistake if the output size is not a whole number of 1 or more, or if an input has no elements
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([1, 7, 3, 4, 5]), Layer.adaptiveMaxPool1d(2).apply({}), Tensor.toArray), [7, 5])
 */
export const adaptiveMaxPool1d = <const Output extends PerAxis<[number]>>(
  outputSize: Output
): AdaptivePool<[number], Output, 'adaptiveMaxPool1d'> =>
  typed<AnyLayer>(adaptive('adaptiveMaxPool1d', 'AdaptiveMaxPool1d', 1, outputSize, amax)) as AdaptivePool<
    [number],
    Output,
    'adaptiveMaxPool1d'
  >

/**
 * The largest elements of so many pieces of the last two axes: `torch.nn.AdaptiveMaxPool2d`.
 *
 * Shapes: `[…, height, width] → […, ...outputSize]`, one number standing for both axes; the pieces are those of `adaptiveAvgPool1d`.
 * Elements that tie share the derivative.
 *
 * @throws a Mistake if the output size is not a whole number of 1 or more, or if an input has no elements
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(pipe(Tensor.tensor([[1, 2], [3, 6]]), Layer.adaptiveMaxPool2d([1, 2]).apply({}), Tensor.toArray), [[3, 6]])
 */
export const adaptiveMaxPool2d = <const Output extends PerAxis<[number, number]>>(
  outputSize: Output
): AdaptivePool<[number, number], Output, 'adaptiveMaxPool2d'> =>
  typed<AnyLayer>(adaptive('adaptiveMaxPool2d', 'AdaptiveMaxPool2d', 2, outputSize, amax)) as AdaptivePool<
    [number, number],
    Output,
    'adaptiveMaxPool2d'
  >
