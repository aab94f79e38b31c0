/** More pixels between the pixels: each repeated, or with others interpolated between them. */
import { matmul } from '../operation/contraction.js'
import { take } from '../operation/indexing.js'
import { transpose } from '../operation/movement.js'
import { cast } from '../primitive/conversion.js'
import { broadcast, reshape } from '../primitive/movement.js'
import { floating } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import { range, showShape } from '../structure/shape.js'
import type { Shape } from '../structure/shape-types.js'
import { constant, type Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import { float, sizes as shown } from './printing.js'
import type { Upsample } from './shape-types.js'
import { open, overTail } from './tail.js'
import type { AnyLayer } from './types.js'

export interface UpsampleOptions<Factor extends number | readonly [number, number]> {
  /** How many times as many rows and columns. */
  readonly factor: Factor
  readonly mode?: 'nearest' | 'bilinear'
  /** Whether the corners of input and output are at the same places, not the corners of their corner pixels. */
  readonly alignCorners?: boolean
}

const outputExtent = (extent: number, factor: number): number => Math.floor(extent * factor)

/** Which old pixel is nearest to each new one, as PyTorch rounds: in float32. */
const nearest = (extent: number, factor: number): readonly number[] => {
  const scale = Math.fround(1 / factor)
  return range(outputExtent(extent, factor)).map(i => Math.min(Math.floor(Math.fround(i * scale)), extent - 1))
}
/** Along an axis, each element repeated, or some of them where the factor is not whole. */
const repeated =
  (axis: number, factor: number) =>
  (x: Tensor): Tensor => {
    const extent = x.shape[axis]!
    if (factor === 1) return x
    if (!Number.isInteger(factor))
      return take(constant([outputExtent(extent, factor)], 'int32', Int32Array.from(nearest(extent, factor))), {
        axis
      })(x)
    const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)]
    const apart = reshape([...before, extent, 1, ...after])(x)
    return reshape([...before, extent * factor, ...after])(broadcast([...before, extent, factor, ...after])(apart))
  }

/** `[old, new]`: the weights of the old elements in each new one, at most two of them not 0. */
const weights = (extent: number, factor: number, alignCorners: boolean, dtype: 'float32' | 'float64'): Tensor => {
  const count = outputExtent(extent, factor)
  const data = dtype === 'float32' ? new Float32Array(extent * count) : new Float64Array(extent * count)
  const step = alignCorners ? (count > 1 ? (extent - 1) / (count - 1) : 0) : 1 / factor
  for (let i = 0; i < count; i++) {
    const place = alignCorners ? i * step : Math.max(0, (i + 0.5) * step - 0.5)
    const before = Math.min(Math.floor(place), extent - 1)
    const after = Math.min(before + 1, extent - 1)
    const part = place - before
    data[before * count + i]! += 1 - part
    data[after * count + i]! += part
  }
  return constant([extent, count], dtype, data)
}
/** Along the last axis, elements interpolated between elements; as PyTorch, an axis that keeps its size is left alone. */
const interpolated =
  (factor: number, alignCorners: boolean) =>
  (x: Tensor): Tensor => {
    const extent = x.shape[x.shape.length - 1]!
    if (outputExtent(extent, factor) === extent) return x
    return matmul(weights(extent, factor, alignCorners, x.dtype as 'float32' | 'float64'))(x)
  }

const checkFactors = (factors: Shape): void => {
  for (const factor of factors)
    if (!(factor > 0 && Number.isFinite(factor)))
      throw mistake('InvalidArgument', 'Layer.upsample', `factor is ${factor}; it must be positive and finite`)
}

/**
 * Images with more rows and columns: `torch.nn.Upsample(scale_factor=factor)`.
 *
 * Shapes: `[…, height, width] → […, ⌊height · factor⌋, ⌊width · factor⌋]`, for channels as for any leading axis; the factor is one for both
 * or one for each. With `mode: 'nearest'`, which it is unless given, each pixel is repeated; with `'bilinear'` the new ones lie on straight
 * lines between the old, along both axes. The corners of the images coincide, so that new pixel i lies at `(i + ½) / factor − ½`; with
 * `alignCorners: true` the middles of their corner pixels do, at `i · (height − 1) / (new height − 1)`.
 *
 * @throws a Mistake if a factor is not positive, if corners are to be aligned though the mode is nearest, or if an input has fewer than
 * two axes or would become one without pixels
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[1, 3]])
 * deepStrictEqual(pipe(x, Layer.upsample({ factor: 2 }).apply({}), Tensor.toArray), [[1, 1, 3, 3], [1, 1, 3, 3]])
 * const smooth = Layer.upsample({ factor: [1, 2], mode: 'bilinear' })
 * deepStrictEqual(pipe(x, smooth.apply({}), Tensor.toArray), [[1, 1.5, 2.5, 3]])
 */
export const upsample = <const Factor extends number | readonly [number, number]>({
  factor,
  mode = 'nearest',
  alignCorners = false
}: UpsampleOptions<Factor>): Upsample<Factor> => {
  const given: number | Shape = factor
  const factors = typeof given === 'number' ? [given, given] : [...given]
  checkFactors(factors)
  if (alignCorners && mode === 'nearest')
    throw mistake('InvalidArgument', 'Layer.upsample', "alignCorners is true, which needs mode: 'bilinear'")
  const sizes = (own: Shape): Shape => {
    const output = own.map((extent, axis) => outputExtent(extent, factors[axis]!))
    if (output.includes(0))
      throw mistake(
        'ShapeMismatch',
        'upsample',
        `input ${showShape(own)} would become ${showShape(output)}, without pixels`
      )
    return output
  }
  const bilinear = (x: Tensor): Tensor => {
    const [rows, columns] = factors.map(factor => interpolated(factor, alignCorners))
    // Rows as columns, so that one matrix of weights stands on the right of all images.
    return transpose(rows!(transpose(columns!(cast(floating(x.dtype))(x)))))
  }
  return typed<AnyLayer>(
    overTail({
      kind: 'upsample',
      printed: { name: 'Upsample', settings: `scale_factor=${shown(factors, float)}, mode=${mode}` },
      settings: { factor: factors, mode, alignCorners },
      input: open(2),
      output: open(2),
      sizes,
      run: (x, lead) =>
        mode === 'bilinear'
          ? bilinear(x)
          : factors.reduce((found, factor, axis) => repeated(lead.length + axis, factor)(found), x)
    })
  ) as Upsample<Factor>
}
