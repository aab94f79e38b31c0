/** Pools with arbitrary settings, on inputs as large as their windows. */
import fc from 'fast-check'
import * as Layer from '../src/Layer.js'
import type { AnyLayer } from '../src/layer/types.js'
import { range, type Shape, size } from '../src/structure/shape.js'
import { constant, type Tensor } from '../src/tensor/tensor.js'
import { type Subject, tensorOf } from './layer-case.js'

/** Numbers of which no two are close: where the largest of some changes, it has no derivative. */
const apart = (shape: Shape): fc.Arbitrary<Tensor> => {
  const count = size(shape)
  return fc.shuffledSubarray([...range(count)], { minLength: count, maxLength: count }).map(order =>
    constant(
      shape,
      'float64',
      Float64Array.from(order, place => 0.2 * (place - count / 2))
    )
  )
}

interface Windows {
  readonly kernelSize: number
  readonly stride: number
  readonly padding: number
  readonly ceilMode: boolean
}
const windows = fc
  .record({
    kernelSize: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    pads: fc.boolean(),
    ceilMode: fc.boolean()
  })
  .map(({ pads, ...rest }): Windows => ({ ...rest, padding: pads ? Math.floor(rest.kernelSize / 2) : 0 }))
const dilation = fc.integer({ min: 1, max: 2 })
const places = (axes: number, least: number): fc.Arbitrary<Shape> =>
  fc.array(fc.integer({ min: least, max: Math.max(4 - axes + 1, least) }), { minLength: axes, maxLength: axes })

const on =
  (tensors: (shape: Shape) => fc.Arbitrary<Tensor>, axes: number, least: number) =>
  (layer: AnyLayer): Subject => ({
    layer,
    kinks: [],
    input: lead => places(axes, least).chain(own => tensors([...lead, ...own]))
  })
const outputs = fc.integer({ min: 1, max: 3 })

export const pools = {
  maxPool1d: fc
    .tuple(windows, dilation)
    .map(([options, dilation]) =>
      on(apart, 1, dilation * (options.kernelSize - 1) + 1)(Layer.maxPool1d({ ...options, dilation }))
    ),
  maxPool2d: fc
    .tuple(windows, dilation)
    .map(([options, dilation]) =>
      on(apart, 2, dilation * (options.kernelSize - 1) + 1)(Layer.maxPool2d({ ...options, dilation }))
    ),
  avgPool1d: fc
    .tuple(windows, fc.boolean())
    .map(([options, countIncludePad]) =>
      on(tensorOf, 1, options.kernelSize)(Layer.avgPool1d({ ...options, countIncludePad }))
    ),
  avgPool2d: fc
    .tuple(windows, fc.boolean())
    .map(([options, countIncludePad]) =>
      on(tensorOf, 2, options.kernelSize)(Layer.avgPool2d({ ...options, countIncludePad }))
    ),
  adaptiveAvgPool1d: outputs.map(n => on(tensorOf, 1, 1)(Layer.adaptiveAvgPool1d(n))),
  adaptiveAvgPool2d: fc.tuple(outputs, outputs).map(([h, w]) => on(tensorOf, 2, 1)(Layer.adaptiveAvgPool2d([h, w]))),
  adaptiveMaxPool1d: outputs.map(n => on(apart, 1, 1)(Layer.adaptiveMaxPool1d(n))),
  adaptiveMaxPool2d: fc.tuple(outputs, outputs).map(([h, w]) => on(apart, 2, 1)(Layer.adaptiveMaxPool2d([h, w])))
} satisfies Readonly<Record<string, fc.Arbitrary<Subject>>>
