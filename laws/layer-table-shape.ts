/** Layers that move elements, drop some by chance, or fetch them by number. */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import type { AnyLayer } from '../src/layer/types.js'
import { type Shape, size } from '../src/structure/shape.js'
import { constant } from '../src/tensor/tensor.js'
import { type Subject, smooth, tensorOf } from './layer-case.js'

const few = fc.integer({ min: 1, max: 3 })
const shapes = fc.array(few, { minLength: 1, maxLength: 3 })
const probability = fc.constantFrom(0, 0.25, 0.9, 1)

/** On images whose sizes are multiples of these. */
const multiples =
  (...of: readonly number[]) =>
  (layer: AnyLayer): Subject => ({
    layer,
    kinks: [],
    input: lead =>
      fc
        .tuple(...of.map(factor => fc.integer({ min: 1, max: 2 }).map(n => n * factor)))
        .chain(own => tensorOf([...lead, ...own]))
  })

/** Numbers below a count, none of them the padding, whose gradient is not the derivative. */
const numbers =
  (count: number, padding: number | undefined) =>
  (lead: Shape): fc.Arbitrary<unknown> =>
    fc
      .array(
        fc.nat(count - 1).map(n => (n === padding ? (n + 1) % count : n)),
        { minLength: size(lead), maxLength: size(lead) }
      )
      .map(data => constant(lead, 'int32', Int32Array.from(data)))

export const shapeLayers = {
  flatten: fc.oneof(fc.integer({ min: 1, max: 3 }), shapes).map(axes => smooth(Layer.flatten(axes))),
  unflatten: shapes.map(sizes => smooth(Layer.unflatten(sizes))),
  reshape: shapes.chain(from =>
    fc
      .shuffledSubarray(from, { minLength: from.length })
      .map(to => smooth(Layer.reshape<Shape, Shape>(from, [...to.slice(1), -1])))
  ),
  pixelShuffle: few.map(factor => multiples(factor * factor, 1, 1)(Layer.pixelShuffle(factor))),
  pixelUnshuffle: few.map(factor => multiples(1, factor, factor)(Layer.pixelUnshuffle(factor))),
  upsample: fc
    .tuple(
      fc.constantFrom<readonly [number, number]>([1, 2], [2, 1], [1.5, 2], [3, 1]),
      fc.constantFrom(
        { mode: 'nearest' } as const,
        { mode: 'bilinear' } as const,
        {
          mode: 'bilinear',
          alignCorners: true
        } as const
      )
    )
    .map(([factor, options]) => multiples(1, 1)(Layer.upsample({ factor, ...options }))),
  dropout1d: probability.map(p => smooth(Layer.dropout1d({ probability: p }))),
  dropout2d: probability.map(p => smooth(Layer.dropout2d({ probability: p }))),
  alphaDropout: probability.map(p => smooth(Layer.alphaDropout({ probability: p }))),
  embedding: fc.tuple(fc.integer({ min: 2, max: 4 }), few, fc.boolean()).map(([count, dimension, pads]): Subject => {
    const padding = pads ? { paddingIndex: 0 } : {}
    return {
      layer: Layer.embedding(count, dimension, padding),
      kinks: [],
      input: numbers(count, padding.paddingIndex)
    }
  })
} satisfies Readonly<Record<string, fc.Arbitrary<Subject>>>
