/** Where the elements of a view come from: the tensor that it shows, and how its axes follow the axes of that. */
import { broadcastPrimitive, permutePrimitive, reshapePrimitive } from '../../primitive/movement.js'
import { range, type Shape, sameShape } from '../../structure/shape.js'
import { type Equation, type Expression, isExpression, type Tensor } from '../../tensor/tensor.js'
import { isView } from './kind.js'

/** The extents that matter to a loop: axes of size 1 are nowhere. */
export const extentsOf = (shape: Shape): Shape => (shape.includes(1) ? shape.filter(extent => extent !== 1) : shape)

/** Axes of size 1 are not counted: an axis is a place among the extents of its tensor. */
export interface Origin {
  /** A tensor that is no view. */
  readonly source: Tensor
  /** For each axis of the view the axis of the source that it follows, or −1 where the source is repeated; nothing where axes do not tell. */
  readonly axes: readonly number[] | undefined
}

/** The axes of a view of what has these axes. */
const followed = (e: Equation, axes: readonly number[]): readonly number[] | undefined => {
  const [from, to] = [e.inputs[0]!.shape, e.outputs[0]!.shape]
  if (e.primitive === broadcastPrimitive) {
    const missing = to.length - from.length
    let next = 0
    const found: number[] = []
    to.forEach((extent, axis) => {
      const kept = axis >= missing && from[axis - missing] !== 1
      if (kept) found.push(axes[next++]!)
      else if (extent !== 1) found.push(-1)
    })
    return found
  }
  if (e.primitive === permutePrimitive) {
    let place = 0
    const places = from.map(extent => (extent === 1 ? -1 : place++))
    return (e.attributes as readonly number[]).flatMap(axis => (places[axis]! < 0 ? [] : [axes[places[axis]!]!]))
  }
  if (e.primitive === reshapePrimitive) return sameShape(extentsOf(from), extentsOf(to)) ? axes : undefined
  return sameShape(from, to) && e.primitive.name === 'stopGradient' ? axes : undefined
}

/** Finds origins, each view once. */
export const originFinder = (): ((x: Tensor) => Origin) => {
  const known = new Map<Tensor, Origin>()
  const identities: (readonly number[])[] = []
  const own = (x: Tensor): Origin => {
    const { length } = extentsOf(x.shape)
    identities[length] ??= range(length)
    return { source: x, axes: identities[length] }
  }
  return x => {
    if (!isExpression(x) || !isView(x.equation.primitive)) return own(x)
    const path: Expression[] = []
    let seen: Tensor = x
    while (isExpression(seen) && isView(seen.equation.primitive) && !known.has(seen)) {
      path.push(seen)
      seen = seen.equation.inputs[0]!
    }
    let origin = known.get(seen) ?? own(seen)
    for (let view = path.pop(); view !== undefined; view = path.pop()) {
      origin = { source: origin.source, axes: origin.axes && followed(view.equation, origin.axes) }
      known.set(view, origin)
    }
    return origin
  }
}
