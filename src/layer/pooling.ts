/** Pools: the largest or the mean of the elements in each window over the last axes, channels and batch being leading axes. */
import { maxPool, meanPool, poolCount, type Pool as Windows } from '../operation/pooling.js'
import { mistake } from '../structure/mistake.js'
import { range, showShape } from '../structure/shape.js'
import type { Shape } from '../structure/shape-types.js'
import type { Tensor } from '../tensor/tensor.js'
import { typed } from './layer.js'
import type { AvgPoolOptions, MaxPoolOptions, PerAxis, Pool, Steps } from './pooling-types.js'
import { sizes as shown, truth, tuple } from './printing.js'
import type { RunLayer } from './runtime.js'
import { checkWhole, open, overTail } from './tail.js'
import type { AnyLayer } from './types.js'

/** One number for each axis. */
export const perAxis = (layer: string, name: string, axes: number, given: PerAxis<Shape>, least = 1): Shape => {
  const all: readonly number[] = typeof given === 'number' ? new Array<number>(axes).fill(given) : [...given]
  if (all.length !== axes)
    throw mistake('InvalidArgument', layer, `${name} is ${showShape(all)}; it must be one number, or ${axes}`)
  for (const value of all) checkWhole(layer, name, value, least)
  return all
}

interface Given {
  readonly kernelSize: PerAxis<Shape>
  readonly stride?: PerAxis<Shape> | undefined
  readonly padding?: PerAxis<Shape> | undefined
  readonly dilation?: PerAxis<Shape> | undefined
  readonly ceilMode?: boolean | undefined
}
interface Settings {
  readonly kernelSize: Shape
  readonly stride: Shape
  readonly padding: Shape
  readonly dilation: Shape
  readonly ceilMode: boolean
}
const settingsOf = (layer: string, axes: number, given: Given): Settings => {
  const kernelSize = perAxis(layer, 'kernelSize', axes, given.kernelSize)
  const padding = perAxis(layer, 'padding', axes, given.padding ?? 0, 0)
  padding.forEach((width, axis) => {
    if (width > kernelSize[axis]! / 2)
      throw mistake(
        'InvalidArgument',
        layer,
        `padding is ${width}; it must be at most half of the kernel size ${kernelSize[axis]}, so that no window is padding alone`
      )
  })
  return {
    kernelSize,
    stride: given.stride === undefined ? kernelSize : perAxis(layer, 'stride', axes, given.stride),
    padding,
    dilation: perAxis(layer, 'dilation', axes, given.dilation ?? 1),
    ceilMode: given.ceilMode ?? false
  }
}

/** One number where all are the same. */
const plain = (all: Shape): string => (all.every(one => one === all[0]) ? String(all[0]) : showShape(all))
const detail = (name: string, all: Shape, usual: number): string =>
  all.every(one => one === usual) ? '' : ` with ${name} ${plain(all)}`

const poolOf = (
  { kind, printed, settings }: Pick<RunLayer, 'kind' | 'printed' | 'settings'>,
  { kernelSize, stride, padding, dilation, ceilMode }: Settings,
  pool: (axes: readonly number[], windows: readonly Windows[]) => (x: Tensor) => Tensor
): RunLayer => {
  const windows = kernelSize.map(
    (size, axis): Windows => ({
      size,
      step: stride[axis]!,
      padding: padding[axis]!,
      dilation: dilation[axis]!,
      ceil: ceilMode
    })
  )
  const axes = windows.length
  return overTail({
    kind,
    printed,
    settings,
    input: open(axes),
    output: open(axes),
    sizes: own => {
      const counts = own.map((extent, axis) => poolCount(extent, windows[axis]!))
      if (counts.includes(0))
        throw mistake(
          'ShapeMismatch',
          kind,
          `windows of ${plain(kernelSize)} do not fit into ${showShape(own)}${detail('padding', padding, 0)}${detail('dilation', dilation, 1)}`
        )
      return counts
    },
    run: (x, lead) =>
      pool(
        range(axes).map(axis => lead.length + axis),
        windows
      )(x)
  })
}

const maxPoolOf = (axes: number, given: Given): RunLayer => {
  const settings = settingsOf(`Layer.maxPool${axes}d`, axes, given)
  const { kernelSize, stride, padding, dilation, ceilMode } = settings
  const printed = `kernel_size=${shown(kernelSize)}, stride=${shown(stride)}, padding=${shown(padding)}, dilation=${shown(dilation)}, ceil_mode=${truth(ceilMode)}`
  return poolOf(
    { kind: `maxPool${axes}d`, printed: { name: `MaxPool${axes}d`, settings: printed }, settings: { ...settings } },
    settings,
    maxPool
  )
}
const avgPoolOf = (axes: number, countIncludePad: boolean, given: Given): RunLayer => {
  const settings = settingsOf(`Layer.avgPool${axes}d`, axes, { ...given, dilation: 1 })
  const { kernelSize, stride, padding, ceilMode } = settings
  // PyTorch prints tuples for one axis, and numbers for two.
  const show = axes === 1 ? tuple : shown
  return poolOf(
    {
      kind: `avgPool${axes}d`,
      printed: {
        name: `AvgPool${axes}d`,
        settings: `kernel_size=${show(kernelSize)}, stride=${show(stride)}, padding=${show(padding)}`
      },
      settings: { kernelSize, stride, padding, ceilMode, countIncludePad }
    },
    settings,
    (along, windows) => meanPool(along, windows, countIncludePad)
  )
}

/**
 * The largest element of each window along the last axis: `torch.nn.MaxPool1d`.
 *
 * Shapes: `[…, length] → […, ⌊(length + 2 · padding − dilation · (kernelSize − 1) − 1) / stride⌋ + 1]`, for channels as for any leading axis.
 * `stride` is `kernelSize` unless given, `padding` 0, `dilation` 1. The padding is less than every element. With `ceilMode` a last window that
 * reaches beyond the end counts too. Elements that tie for the largest share the derivative, where PyTorch takes the first.
 *
 * @throws a Mistake if a setting is out of its range, if the padding is more than half of a window, or if no window fits into an input
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const pool = Layer.maxPool1d({ kernelSize: 2 })
 * deepStrictEqual(pipe(Tensor.tensor([1, 5, 2, 3]), pool.apply({}), Tensor.toArray), [5, 3])
 */
export const maxPool1d = <
  const Size extends PerAxis<[number]>,
  const Step extends PerAxis<[number]> = Size,
  const Padding extends PerAxis<[number]> = 0,
  const Dilation extends PerAxis<[number]> = 1,
  Ceil extends boolean = false
>(
  options: MaxPoolOptions<Size, Step, Padding, Dilation, Ceil>
): Pool<[number], Size, Steps<Step, Ceil>, Padding, Dilation, 'maxPool1d'> =>
  typed<AnyLayer>(maxPoolOf(1, options)) as Pool<[number], Size, Steps<Step, Ceil>, Padding, Dilation, 'maxPool1d'>

/**
 * The largest element of each window over the last two axes: `torch.nn.MaxPool2d`.
 *
 * Shapes: `[…, height, width] → […, new height, new width]`, each axis as in `maxPool1d`, whose options and defaults these are; a number
 * stands for both axes, a pair for height and width. Elements that tie for the largest share the derivative, where PyTorch takes the first.
 *
 * @throws a Mistake if a setting is out of its range, if the padding is more than half of a window, or if no window fits into an input
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const image = Tensor.tensor([[1, 5, 2, 3], [4, 0, 7, 6]])
 * deepStrictEqual(pipe(image, Layer.maxPool2d({ kernelSize: 2 }).apply({}), Tensor.toArray), [[5, 7]])
 * deepStrictEqual(Tensor.shape(Layer.maxPool2d({ kernelSize: 2 }).apply({})(Tensor.zeros([8, 3, 28, 28]))), [8, 3, 14, 14])
 */
export const maxPool2d = <
  const Size extends PerAxis<[number, number]>,
  const Step extends PerAxis<[number, number]> = Size,
  const Padding extends PerAxis<[number, number]> = 0,
  const Dilation extends PerAxis<[number, number]> = 1,
  Ceil extends boolean = false
>(
  options: MaxPoolOptions<Size, Step, Padding, Dilation, Ceil>
): Pool<[number, number], Size, Steps<Step, Ceil>, Padding, Dilation, 'maxPool2d'> =>
  typed<AnyLayer>(maxPoolOf(2, options)) as Pool<
    [number, number],
    Size,
    Steps<Step, Ceil>,
    Padding,
    Dilation,
    'maxPool2d'
  >

/**
 * The mean of each window along the last axis: `torch.nn.AvgPool1d`.
 *
 * Shapes: `[…, length] → […, ⌊(length + 2 · padding − kernelSize) / stride⌋ + 1]`, for channels as for any leading axis. `stride` is `kernelSize`
 * unless given, `padding` 0. The zeros of the padding count in the mean, unless `countIncludePad` is false. With `ceilMode` a last window
 * that reaches beyond the end counts too; what lies beyond the padding is in no mean.
 *
 * @throws a Mistake if a setting is out of its range, if the padding is more than half of a window, or if no window fits into an input
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const pool = Layer.avgPool1d({ kernelSize: 2 })
 * deepStrictEqual(pipe(Tensor.tensor([1, 5, 2, 3]), pool.apply({}), Tensor.toArray), [3, 2.5])
 */
export const avgPool1d = <
  const Size extends PerAxis<[number]>,
  const Step extends PerAxis<[number]> = Size,
  const Padding extends PerAxis<[number]> = 0,
  Ceil extends boolean = false
>({
  countIncludePad = true,
  ...options
}: AvgPoolOptions<Size, Step, Padding, Ceil>): Pool<[number], Size, Steps<Step, Ceil>, Padding, 1, 'avgPool1d'> =>
  typed<AnyLayer>(avgPoolOf(1, countIncludePad, options)) as Pool<
    [number],
    Size,
    Steps<Step, Ceil>,
    Padding,
    1,
    'avgPool1d'
  >

/**
 * The mean of each window over the last two axes: `torch.nn.AvgPool2d`.
 *
 * Shapes: `[…, height, width] → […, new height, new width]`, each axis as in `avgPool1d`, whose options and defaults these are; a number
 * stands for both axes, a pair for height and width.
 *
 * @throws a Mistake if a setting is out of its range, if the padding is more than half of a window, or if no window fits into an input
 *
 * @example
 * import { Layer, pipe, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const image = Tensor.tensor([[1, 5, 2, 3], [4, 2, 7, 4]])
 * deepStrictEqual(pipe(image, Layer.avgPool2d({ kernelSize: 2 }).apply({}), Tensor.toArray), [[3, 4]])
 */
export const avgPool2d = <
  const Size extends PerAxis<[number, number]>,
  const Step extends PerAxis<[number, number]> = Size,
  const Padding extends PerAxis<[number, number]> = 0,
  Ceil extends boolean = false
>({
  countIncludePad = true,
  ...options
}: AvgPoolOptions<Size, Step, Padding, Ceil>): Pool<
  [number, number],
  Size,
  Steps<Step, Ceil>,
  Padding,
  1,
  'avgPool2d'
> =>
  typed<AnyLayer>(avgPoolOf(2, countIncludePad, options)) as Pool<
    [number, number],
    Size,
    Steps<Step, Ceil>,
    Padding,
    1,
    'avgPool2d'
  >
