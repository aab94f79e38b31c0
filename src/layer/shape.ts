/** Layers that give the same elements in another shape or order. They have no parameters. */
import { reshape as reshapeTensor } from '../operation/movement.js'
import { permute, reshape as reshapePrimitive } from '../primitive/movement.js'
import { mistake } from '../structure/mistake.js'
import { checkShape, range, showShape, size } from '../structure/shape.js'
import type { Shape } from '../structure/shape-types.js'
import { type Tensor, uniform } from '../tensor/tensor.js'
import { typed } from './layer.js'
import type { AsShape } from './normalization-types.js'
import { tuple } from './printing.js'
import { unknownSize } from './runtime.js'
import type { Flatten, Open, PixelShuffle, PixelUnshuffle, Reshaped, ReshapeTo, Unflatten } from './shape-types.js'
import { checkWhole, open, overTail } from './tail.js'
import type { AnyLayer } from './types.js'

/**
 * The last axes as one: `torch.nn.Flatten`, which counts its axes from the front, with a batch among them.
 *
 * The axes are given by their number, or by their sizes, which are then checked. Shapes, for three axes:
 * `[…, channels, height, width] → […, channels · height · width]`. Where sizes are literal, the compiler multiplies them.
 *
 * @throws a Mistake if the number of axes or a size is not a whole number of 1 or more, or if an input does not end in such axes
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const images = Tensor.zeros([8, 3, 4, 5])
 * deepStrictEqual(Tensor.shape(Layer.flatten(3).apply({})(images)), [8, 60])
 * deepStrictEqual(Tensor.shape(Layer.flatten([4, 5]).apply({})(images)), [8, 3, 20])
 */
export const flatten = <const Axes extends number | Shape>(
  axes: Axes
): Flatten<Axes extends number ? Open<Axes> : AsShape<Axes>> => {
  const given: number | Shape = axes
  const input = typeof given === 'number' ? open(checkWhole('Layer.flatten', 'the number of axes', given)) : [...given]
  if (typeof given !== 'number') {
    if (given.length === 0)
      throw mistake('InvalidArgument', 'Layer.flatten', 'the shape is []; name at least one axis to flatten')
    for (const extent of given)
      checkWhole('Layer.flatten', `the shape is ${showShape(given)}, and a size of it`, extent)
  }
  return typed<AnyLayer>(
    overTail({
      kind: 'flatten',
      printed: { name: 'Flatten', settings: `start_dim=${-input.length}, end_dim=-1` },
      settings: typeof given === 'number' ? { axes: given } : { shape: [...given] },
      input,
      output: [input.includes(unknownSize) ? unknownSize : size(input)],
      sizes: own => [size(own)],
      run: (x, lead, own) => reshapePrimitive([...lead, size(own)])(x)
    })
  ) as Flatten<Axes extends number ? Open<Axes> : AsShape<Axes>>
}

/**
 * The last axis as several, the inverse of `flatten`: `torch.nn.Unflatten(-1, sizes)`.
 *
 * Shapes: `[…, product of the sizes] → […, ...sizes]`.
 *
 * @throws a Mistake if a size is not a whole number from 0 on, or if the last axis of an input is not their product
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * deepStrictEqual(Tensor.shape(Layer.unflatten([3, 4]).apply({})(Tensor.zeros([8, 12]))), [8, 3, 4])
 */
export const unflatten = <const S extends Shape>(sizes: S): Unflatten<[...S]> => {
  const output = [...checkShape('Layer.unflatten', sizes)]
  return typed<AnyLayer>(
    overTail({
      kind: 'unflatten',
      printed: { name: 'Unflatten', settings: `dim=-1, unflattened_size=${tuple(output)}` },
      settings: { sizes: output },
      input: [size(output)],
      output,
      sizes: () => output,
      run: (x, lead) => reshapePrimitive([...lead, ...output])(x)
    })
  ) as Unflatten<[...S]>
}

/**
 * The last axes as others with the same elements in the same order: `jnp.reshape`, `torch.reshape`, as a layer.
 *
 * Shapes: `[…, ...from] → […, ...to]`; one size of `to` may be −1, which stands for what is left.
 *
 * @throws a Mistake if the shapes differ in their number of elements, or if an input does not end in `from`
 *
 * @example
 * import { Layer, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const split = Layer.reshape([6, 4], [2, 3, -1])
 * deepStrictEqual(Tensor.shape(split.apply({})(Tensor.zeros([8, 6, 4]))), [8, 2, 3, 4])
 */
export const reshape = <const From extends Shape, const To extends Shape>(
  from: From,
  to: ReshapeTo<From, To>
): Reshaped<From, To> => {
  const input = [...checkShape('Layer.reshape', from)]
  // Zeros without data: the operation's own rule says what −1 stands for, and what does not fit.
  const { shape: output } = reshapeTensor(to as Shape)(uniform({ shape: input, dtype: 'bool' }, 0)) as Tensor
  return typed<AnyLayer>(
    overTail({
      kind: 'reshape',
      printed: { name: 'Reshape', settings: `${tuple(input)}, ${tuple(output)}` },
      settings: { from: input, to: output },
      input,
      output,
      sizes: () => output,
      run: (x, lead) => reshapePrimitive([...lead, ...output])(x)
    })
  ) as Reshaped<From, To>
}

const checkDivisible = (kind: string, own: Shape, what: string, extent: number, by: number, name: string): void => {
  if (extent % by !== 0)
    throw mistake('ShapeMismatch', kind, `${extent} ${what} of ${showShape(own)} are not a multiple of ${name}`)
}

/** Axes in another order, counted behind the leading ones. */
const reordered =
  (lead: Shape, axes: readonly number[]) =>
  (x: Tensor): Tensor =>
    permute([...range(lead.length), ...axes.map(axis => lead.length + axis)])(x)

/**
 * Channels become pixels: of each `factor · factor` channels one that is so many times as high and as wide (Shi et al. 2016),
 * `torch.nn.PixelShuffle`.
 *
 * Shapes: `[…, channels · factor², height, width] → […, channels, height · factor, width · factor]`. Pixel (i, j) of each block of
 * `factor · factor` pixels is from channel `i · factor + j` of its group.
 *
 * @throws a Mistake if the factor is not a whole number of 1 or more, or if the channels of an input are not a multiple of its square
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[[1]], [[2]], [[3]], [[4]]])
 * deepStrictEqual(pipe(x, Layer.pixelShuffle(2).apply({}), Tensor.toArray), [[[1, 2], [3, 4]]])
 */
export const pixelShuffle = <Factor extends number>(factor: Factor): PixelShuffle<Factor> => {
  const r: number = checkWhole('Layer.pixelShuffle', 'factor', factor)
  const sizes = (own: Shape): Shape => {
    const [channels, height, width] = own as readonly [number, number, number]
    checkDivisible('pixelShuffle', own, 'channels', channels, r * r, `${r * r}, the square of the factor`)
    return [channels / (r * r), height * r, width * r]
  }
  return typed<AnyLayer>(
    overTail({
      kind: 'pixelShuffle',
      printed: { name: 'PixelShuffle', settings: `upscale_factor=${r}` },
      settings: { factor: r },
      input: open(3),
      output: open(3),
      sizes,
      run: (x, lead, own) => {
        const [, height, width] = own as readonly [number, number, number]
        const output = sizes(own)
        const blocks = reshapePrimitive([...lead, output[0]!, r, r, height, width])(x)
        return reshapePrimitive([...lead, ...output])(reordered(lead, [0, 3, 1, 4, 2])(blocks))
      }
    })
  ) as PixelShuffle<Factor>
}

/**
 * Pixels become channels, the inverse of `pixelShuffle`: `torch.nn.PixelUnshuffle`.
 *
 * Shapes: `[…, channels, height · factor, width · factor] → […, channels · factor², height, width]`.
 *
 * @throws a Mistake if the factor is not a whole number of 1 or more, or if height or width of an input are not a multiple of it
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const x = Tensor.tensor([[[1, 2], [3, 4]]])
 * deepStrictEqual(pipe(x, Layer.pixelUnshuffle(2).apply({}), Tensor.toArray), [[[1]], [[2]], [[3]], [[4]]])
 */
export const pixelUnshuffle = <Factor extends number>(factor: Factor): PixelUnshuffle<Factor> => {
  const r: number = checkWhole('Layer.pixelUnshuffle', 'factor', factor)
  const sizes = (own: Shape): Shape => {
    const [channels, height, width] = own as readonly [number, number, number]
    checkDivisible('pixelUnshuffle', own, 'rows', height, r, `${r}, the factor`)
    checkDivisible('pixelUnshuffle', own, 'columns', width, r, `${r}, the factor`)
    return [channels * r * r, height / r, width / r]
  }
  return typed<AnyLayer>(
    overTail({
      kind: 'pixelUnshuffle',
      printed: { name: 'PixelUnshuffle', settings: `downscale_factor=${r}` },
      settings: { factor: r },
      input: open(3),
      output: open(3),
      sizes,
      run: (x, lead, own) => {
        const output = sizes(own)
        const blocks = reshapePrimitive([...lead, own[0]!, output[1]!, r, output[2]!, r])(x)
        return reshapePrimitive([...lead, ...output])(reordered(lead, [0, 2, 4, 1, 3])(blocks))
      }
    })
  ) as PixelUnshuffle<Factor>
}
