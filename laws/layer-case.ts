/** Layers at a point: with parameters, memory and an input that fits, for the laws to look at. */
import fc from 'fast-check'
import { untyped } from '../src/layer/layer.js'
import { isShape, type Memory, type RunLayer, type RunShape, unknownSize, type Values } from '../src/layer/runtime.js'
import type { AnyLayer } from '../src/layer/types.js'
import { key as keyOf } from '../src/random/key.js'
import { type Shape, size } from '../src/structure/shape.js'
import { constant, type Tensor } from '../src/tensor/tensor.js'

/** A layer, the inputs at which it has no derivative, and its inputs, where numbers of the declared sizes would not do. */
export interface Subject {
  readonly layer: AnyLayer
  readonly kinks: readonly number[]
  /** One tensor or a tree of them, all with these leading axes: indices, masks, images as large as a kernel. */
  readonly input?: (lead: Shape) => fc.Arbitrary<Values>
}
export const smooth = (layer: AnyLayer): Subject => ({ layer, kinks: [] })

/** A layer with all that a forward pass reads. */
export interface LayerCase {
  readonly layer: AnyLayer
  readonly params: Values
  readonly memory: Memory
  /** One tensor or a tree of them, all with the same leading axes. */
  readonly x: Values
  readonly lead: Shape
  readonly seed: number
}

/** A number at least `gap` away from each kink, on the side where it was. */
export const away =
  (kinks: readonly number[], gap = 0.05) =>
  (x: number): number =>
    kinks.reduce((at, kink) => (Math.abs(at - kink) < gap ? kink + (at < kink ? -gap : gap) : at), x)

export const tensorOf = (shape: Shape, kinks: readonly number[] = []): fc.Arbitrary<Tensor> =>
  fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: size(shape), maxLength: size(shape) })
    .map(numbers => constant(shape, 'float64', Float64Array.from(numbers, away(kinks))))

const extent = fc.integer({ min: 1, max: 3 })
/** The shape with every size that the layer leaves open chosen. */
const chosen = (shape: Shape): fc.Arbitrary<Shape> =>
  fc.tuple(...shape.map(size => (size === unknownSize ? extent : fc.constant(size))))

const inputOf = (shape: RunShape, lead: Shape, kinks: readonly number[]): fc.Arbitrary<Values> =>
  isShape(shape)
    ? chosen(shape).chain(own => tensorOf([...lead, ...own], kinks))
    : Array.isArray(shape)
      ? fc.tuple(...(shape as readonly RunShape[]).map(part => inputOf(part, lead, kinks)))
      : fc.record(
          Object.fromEntries(
            Object.entries(shape).map(([name, part]) => [name, inputOf(part as RunShape, lead, kinks)])
          )
        )

const forward = (layer: RunLayer, params: Values, x: Values, memory: Memory): Memory =>
  layer.forward(params, 'training')(x)(memory)[1]

/** Layers with fresh float64 parameters, an input with any leading axes, and buffers that have seen it. */
export const layerCase = (
  subjects: fc.Arbitrary<Subject>,
  leads: fc.Arbitrary<Shape> = fc.array(extent, { maxLength: 2 })
): fc.Arbitrary<LayerCase> =>
  fc.tuple(subjects, leads, fc.nat(1e6)).chain(([{ layer, kinks, input }, lead, seed]) => {
    const run = untyped(layer)
    const [params, key] = run.init({ dtype: 'float64' })(keyOf(seed))
    return (input?.(lead) ?? inputOf(run.input, lead, kinks)).map(x => ({
      layer,
      params,
      memory: { key, buffers: forward(run, params, x, { key, buffers: run.buffers }).buffers },
      x,
      lead,
      seed
    }))
  })
