/** A cluster of equations as one: what the pass `fuse` makes, and what an engine runs as one kernel. It means what its body means. */
import { callPrimitive } from '../control/call.js'
import type { Closed } from '../control/closed.js'
import type { Shape } from '../structure/shape.js'
import type { Control } from '../tensor/tensor.js'

/**
 * A body of one of two forms, over a space of indices.
 *
 * `nest`: every value of the body is *streamed*, of the shape of the space, or *held*, of the shape that remains when the folded axes are
 * taken away. Streamed and held values come from element-wise primitives on their like; held ones also from `sum`, `amax` and `amin` of
 * streamed ones along exactly the folded axes; streamed ones also from held ones through `reshape` to the space with ones at the folded axes
 * and then `broadcast` to the space. Constants are uniform. Parameters and results are streamed or held.
 *
 * `product`: one `matmul` of the first two parameters, of the shape of the space; then cheap element-wise primitives on it and on further
 * parameters of the shape of the space; one result. Nothing is folded.
 */
export interface Fused {
  readonly form: 'nest' | 'product'
  readonly body: Closed
  readonly space: Shape
  readonly folded: readonly number[]
}

export const fusedPrimitive: Control<Fused> = {
  kind: 'control',
  name: 'fused',
  types: (inputs, { body }) => callPrimitive.types(inputs, body),
  evaluate: (inputs, { body }) => callPrimitive.evaluate(inputs, body),
  linearize: (inputs, active, { body }) => callPrimitive.linearize(inputs, active, body),
  transpose: (linear, cotangents, inputs, { body }) => callPrimitive.transpose(linear, cotangents, inputs, body),
  batch: (inputs, batched, { body }) => callPrimitive.batch(inputs, batched, body),
  programs: ({ body }) => [body],
  withPrograms: (fused, [body]) => ({ ...fused, body: body! }),
  show: ({ form, space, folded }) =>
    `${form} [${space.join(',')}]${folded.length > 0 ? ` folded [${folded.join(',')}]` : ''}`
}
