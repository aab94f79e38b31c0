/** What must hold of convolutions and their transposes: of the library's and of anybody's own. */
import fc from 'fast-check'
import { convolved, deconvolved } from '../src/operation/convolution-product.js'
import { type Geometry, paddingOf, type TransposedGeometry } from '../src/operation/convolution-settings.js'
import { add } from '../src/primitive/arithmetic.js'
import { concat, pad, slice } from '../src/primitive/window.js'
import { span, windowCount } from '../src/primitive/windows.js'
import { range, type Shape, size, strides } from '../src/structure/shape.js'
import { constant, elements, known, type Tensor } from '../src/tensor/tensor.js'
import { real } from './arbitrary.js'
import { direction, dotOf, nearTensors } from './closeness.js'
import { type Law, law } from './law.js'

/** A convolution as it is given: of settings, and then of a weight `[out, channels / groups, kernel…]` and images `[n, channels, image…]`. */
export type Convolve = (geometry: Geometry) => (weight: Tensor) => (x: Tensor) => Tensor
export type Deconvolve = (geometry: TransposedGeometry) => (weight: Tensor) => (x: Tensor) => Tensor

export interface ConvolutionCase {
  readonly convolve: Convolve
  /** What is said to be its transpose. */
  readonly deconvolve: Deconvolve
  readonly geometry: Geometry
  readonly weight: Tensor
  readonly x: Tensor
}

const imageOf = (x: Tensor): Shape => x.shape.slice(2)
/** All indices of a shape, the last axis fastest. */
const indices = (shape: Shape): readonly Shape[] => {
  const steps = strides(shape)
  return range(size(shape)).map(i => shape.map((extent, axis) => Math.floor(i / steps[axis]!) % extent))
}
const position = (index: Shape, steps: readonly number[]): number =>
  index.reduce((sum, at, axis) => sum + at * steps[axis]!, 0)
const numbers = (x: Tensor) => elements(known('a law')(x))

/** The definition, written as loops: every output is a sum over the channels of its group and the places of the kernel. */
export const byDefinition: Convolve = geometry => weight => x => {
  const { stride, dilation, groups } = geometry
  const [out, inside, ...kernel] = weight.shape as [number, number, ...number[]]
  const [images, channels, ...image] = x.shape as [number, number, ...number[]]
  const { before, behind } = paddingOf(geometry, kernel)
  const counts = image.map((extent, axis) =>
    windowCount(extent + before[axis]! + behind[axis]!, {
      size: kernel[axis]!,
      step: stride[axis]!,
      dilation: dilation[axis]!
    })
  )
  const [w, xs] = [numbers(weight), numbers(x)]
  const [weightSteps, steps] = [strides(weight.shape), strides(x.shape)]
  const values = indices([images, out, ...counts]).map(([n, o, ...place]) => {
    const first = Math.floor(o! / (out / groups)) * (channels / groups)
    let sum = 0
    for (const [c, ...k] of indices([inside, ...kernel])) {
      const at = place.map((i, axis) => i * stride[axis]! + k[axis]! * dilation[axis]! - before[axis]!)
      if (at.some((p, axis) => p < 0 || p >= image[axis]!)) continue
      sum += w[position([o!, c!, ...k], weightSteps)]! * xs[position([n!, first + c!, ...at], steps)]!
    }
    return sum
  })
  return constant([images, out, ...counts], 'float64', Float64Array.from(values))
}

/** The settings of the transpose whose output has just the sizes of the convolution's input. */
const transposedFor = (geometry: Geometry, kernel: Shape, image: Shape): TransposedGeometry => {
  const padding = geometry.padding === 'same' ? image.map(() => 0) : geometry.padding
  const outputPadding = image.map((extent, axis) => {
    const spare = extent + 2 * padding[axis]! - span(kernel[axis]!, geometry.dilation[axis]!)
    return spare % geometry.stride[axis]!
  })
  return { ...geometry, padding, outputPadding }
}
const part = (x: Tensor, axis: number, start: number, count: number): Tensor =>
  slice({
    start: x.shape.map((_, a) => (a === axis ? start : 0)),
    step: x.shape.map(() => 1),
    shape: x.shape.map((extent, a) => (a === axis ? count : extent))
  })(x)

const tolerance = 1e-12

/** The images one step of the windows further on, with zeros in front. */
const shifted = (x: Tensor, by: readonly number[]): Tensor =>
  pad({
    start: [0, 0, ...by],
    step: x.shape.map(() => 1),
    shape: x.shape.map((extent, axis) => (axis < 2 ? extent : extent + by[axis - 2]!))
  })(x)

export const convolutions = {
  definition: law<ConvolutionCase>(
    'definition',
    '(w ∗ x)[o, i] ≈ Σ_c Σ_k w[o, c, k] x[c, i · stride + k · dilation − padding]',
    ({ convolve, geometry, weight, x }) =>
      nearTensors(convolve(geometry)(weight)(x), byDefinition(geometry)(weight)(x), tolerance)
  ),
  adjoint: law<ConvolutionCase>(
    'adjoint',
    '⟨u, w ∗ x⟩ ≈ ⟨w ∗ᵀ u, x⟩',
    ({ convolve, deconvolve, geometry, weight, x }, choice) => {
      // What keeps sizes has no transpose among the settings of transposes.
      const plain: Geometry = geometry.padding === 'same' ? { ...geometry, padding: imageOf(x).map(() => 0) } : geometry
      const y = convolve(plain)(weight)(x)
      const u = direction(choice)(y)
      const back = deconvolve(transposedFor(plain, weight.shape.slice(2), imageOf(x)))(weight)(u)
      const [left, right] = [dotOf([u], [y]), dotOf([back], [x])]
      return (
        back.shape.join() === x.shape.join() &&
        Math.abs(left - right) <= tolerance * (1 + Math.abs(left) + size(y.shape))
      )
    }
  ),
  equivariance: law<ConvolutionCase>(
    'translation',
    'w ∗ (x moved by a stride) ≈ (w ∗ x) moved by one, where both are inside',
    ({ convolve, geometry, weight, x }) => {
      // Zeros around would move too.
      const plain: Geometry = { ...geometry, padding: imageOf(x).map(() => 0) }
      const y = convolve(plain)(weight)(x)
      const moved = convolve(plain)(weight)(shifted(x, plain.stride))
      const inside = imageOf(y).reduce((z, extent, axis) => part(z, axis + 2, 1, extent), moved)
      return nearTensors(inside, y, tolerance)
    }
  ),
  groups: law<ConvolutionCase>(
    'groups',
    'w ∗ x in groups ≈ w₁ ∗ x₁ ⧺ w₂ ∗ x₂ ⧺ …',
    ({ convolve, geometry, weight, x }) => {
      const { groups } = geometry
      const [out, channels] = [weight.shape[0]! / groups, x.shape[1]! / groups]
      const apart = range(groups).map(g =>
        convolve({ ...geometry, groups: 1 })(part(weight, 0, g * out, out))(part(x, 1, g * channels, channels))
      )
      return nearTensors(convolve(geometry)(weight)(x), concat(1)(apart), tolerance)
    }
  ),
  bilinearity: law<ConvolutionCase>(
    'bilinearity',
    '(v + w) ∗ x ≈ v ∗ x + w ∗ x, and w ∗ (x + y) ≈ w ∗ x + w ∗ y',
    ({ convolve, geometry, weight, x }, choice) => {
      const [v, y] = [direction(choice)(weight), direction(choice + 1)(x)]
      const of = convolve(geometry)
      return (
        nearTensors(of(add(v, weight))(x), add(of(v)(x), of(weight)(x)), tolerance) &&
        nearTensors(of(weight)(add(x, y)), add(of(weight)(x), of(weight)(y)), tolerance)
      )
    }
  )
}
export const convolutionLaws: readonly Law<ConvolutionCase>[] = Object.values(convolutions)

/** The library's. */
export const library: Pick<ConvolutionCase, 'convolve' | 'deconvolve'> = {
  convolve: geometry => weight => convolved('a law', weight.shape.length - 2, geometry)(weight),
  deconvolve: geometry => weight => deconvolved('a law', weight.shape.length - 2, geometry)(weight)
}

const few = fc.integer({ min: 1, max: 3 })
/** Convolutions, the library's unless others are given, of images of one to three axes: any strides, paddings, dilations and groups that fit. */
export const convolutionCase = (of = library): fc.Arbitrary<ConvolutionCase> =>
  fc
    .integer({ min: 1, max: 3 })
    .chain(axes => {
      const each = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: axes, maxLength: axes })
      const small = axes === 3 ? fc.integer({ min: 1, max: 2 }) : few
      return fc.record({
        groups: few,
        inside: fc.integer({ min: 1, max: 2 }),
        out: fc.integer({ min: 1, max: 2 }),
        images: fc.integer({ min: 1, max: 2 }),
        kernel: each(small),
        stride: each(few),
        dilation: each(fc.integer({ min: 1, max: 2 })),
        padding: each(fc.nat(2)),
        same: fc.boolean(),
        more: each(fc.nat(axes === 3 ? 1 : 4))
      })
    })
    .chain(({ groups, inside, out, images, kernel, stride, dilation, padding, same, more }) => {
      const image = kernel.map((extent, axis) =>
        Math.max(1, span(extent, dilation[axis]!) - (same ? 0 : 2 * padding[axis]!) + more[axis]!)
      )
      // The translation law looks at what is not padded, so a kernel fits there too.
      const fitting = image.map((extent, axis) => Math.max(extent, span(kernel[axis]!, dilation[axis]!)))
      const geometry: Geometry = {
        groups,
        stride: same ? stride.map(() => 1) : stride,
        dilation,
        padding: same ? 'same' : padding
      }
      return fc
        .tuple(real([groups * out, inside, ...kernel]), real([images, groups * inside, ...fitting]))
        .map(([weight, x]) => ({ ...of, geometry, weight, x }))
    })
