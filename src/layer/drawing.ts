/** How most parameters begin in PyTorch: equally likely from ±a bound. */
import { uniform } from '../random/distribution.js'
import { draw } from '../random/key.js'
import type { Shape } from '../structure/shape.js'
import type { RunLayer } from './runtime.js'

/** A record of tensors of these names and shapes, drawn one after the other. */
export const drawnWithin =
  (bound: number, shapes: readonly (readonly [string, Shape])[]): RunLayer['init'] =>
  ({ dtype }) =>
  key => {
    let rest = key
    const drawn = shapes.map(([name, shape]) => {
      const [value, next] = draw(uniform(shape, { min: -bound, max: bound, dtype }))(rest)
      rest = next
      return [name, value] as const
    })
    return [Object.fromEntries(drawn), rest]
  }

/** A weight, and a bias if there is one. */
export const affineWithin = (bound: number, weight: Shape, bias: Shape | undefined): RunLayer['init'] =>
  drawnWithin(bound, [['weight', weight], ...(bias === undefined ? [] : [['bias', bias] as const])])
