/** Convolutions with arbitrary settings, on images that are as large as their kernels need, or a little larger. */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import { range } from '../src/structure/shape.js'
import { type Subject, tensorOf } from './layer-case.js'

const few = fc.integer({ min: 1, max: 2 })
const perAxis = (axes: number, value: fc.Arbitrary<number>): fc.Arbitrary<readonly number[]> =>
  fc.array(value, { minLength: axes, maxLength: axes })

interface Drawn {
  readonly channels: readonly [number, number]
  readonly settings: Record<string, unknown>
  /** Images that fit. */
  readonly image: readonly number[]
}
/** Settings that fit each other: groups divide the channels, and nothing is larger than the image. */
const drawn = (axes: 1 | 2 | 3): fc.Arbitrary<Drawn> =>
  fc
    .record({
      groups: few,
      per: fc.tuple(few, few),
      kernelSize: perAxis(axes, few),
      stride: perAxis(axes, few),
      dilation: perAxis(axes, few),
      padding: fc.oneof(perAxis(axes, fc.integer({ min: 0, max: 1 })), fc.constant('same' as const)),
      bias: fc.boolean(),
      more: perAxis(axes, few)
    })
    .map(({ groups, per, kernelSize, stride, dilation, padding, bias, more }) => ({
      channels: [groups * per[0], groups * per[1]],
      settings: { groups, kernelSize, stride: padding === 'same' ? 1 : stride, dilation, padding, bias },
      image: kernelSize.map((size, axis) => dilation[axis]! * (size - 1) + more[axis]!)
    }))
/** The same for transposes: at least one element is left, and what is added behind is less than a step. */
const transposed = (axes: 1 | 2): fc.Arbitrary<Drawn> =>
  fc.tuple(drawn(axes), perAxis(axes, fc.nat(1))).map(([{ channels, settings, image }, outputPadding]) => {
    const { padding, stride, dilation } = settings as { [name: string]: number | readonly number[] | 'same' }
    const at = (value: unknown, axis: number): number =>
      typeof value === 'number' ? value : (value as number[])[axis]!
    return {
      channels,
      settings: {
        ...settings,
        padding: padding === 'same' ? 0 : padding,
        outputPadding: range(axes).map(axis =>
          Math.min(outputPadding[axis]!, Math.max(at(stride, axis), at(dilation, axis)) - 1)
        )
      },
      // A padding of 1 takes two elements away.
      image: image.map(extent => extent + 2)
    }
  })

const subject =
  (make: (inChannels: number, outChannels: number, settings: never) => Subject['layer']) =>
  ({ channels, settings, image }: Drawn): Subject => ({
    layer: make(...channels, settings as never),
    kinks: [],
    input: lead => tensorOf([...lead, channels[0], ...image])
  })

export const convolutions = {
  conv1d: drawn(1).map(subject(Layer.conv1d)),
  conv2d: drawn(2).map(subject(Layer.conv2d)),
  conv3d: drawn(3).map(subject(Layer.conv3d)),
  convTranspose1d: transposed(1).map(subject(Layer.convTranspose1d)),
  convTranspose2d: transposed(2).map(subject(Layer.convTranspose2d))
} satisfies Readonly<Record<string, fc.Arbitrary<Subject>>>
