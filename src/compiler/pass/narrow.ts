/** Operands that are repeated are repeated after the element-wise equation that reads them, not before, where all are. */
import { broadcast, broadcastPrimitive, reshape } from '../../primitive/movement.js'
import { type Shape, size } from '../../structure/shape.js'
import { apply, constant, type FirstOrder, type Many, type Tensor } from '../../tensor/tensor.js'
import { isElementwise, isUniformConstant } from './kind.js'
import { type Pass, untilStill } from './pass.js'
import { rewrite } from './rewrite.js'
import { madeBy, trimmed } from './view-rules.js'

/** What a tensor repeats in the end, if it does. */
const sourceOf = (x: Tensor): Tensor | undefined => {
  let source = madeBy(broadcastPrimitive, x)?.inputs[0]
  for (let inner = source; inner !== undefined; inner = madeBy(broadcastPrimitive, inner)?.inputs[0]) source = inner
  return source
}

/** The smallest shape that all operands can be repeated from: that of an operand as it is, where one has as many elements, and more than one. */
const supportOf = (inputs: Many, rank: number): Shape | undefined => {
  const extents = new Array<number>(rank).fill(1)
  const sources: Tensor[] = []
  for (const x of inputs) {
    if (isUniformConstant(x)) continue
    const source = sourceOf(x)
    if (source === undefined) return undefined
    sources.push(source)
    const missing = rank - source.shape.length
    source.shape.forEach((extent, axis) => {
      if (extent !== 1) extents[missing + axis] = extent
    })
  }
  const whole = sources.find(source => size(source.shape) === size(extents))
  return whole === undefined || size(extents) === 1 ? trimmed(extents) : whole.shape
}
/** What an operand is before it is repeated beyond the support. */
const narrowed = (x: Tensor, support: Shape): Tensor => {
  if (isUniformConstant(x)) return constant(support, x.dtype, x.data)
  const source = sourceOf(x)!
  if (size(source.shape) === size(support)) return reshape(support)(source)
  const tooMany = Math.max(0, source.shape.length - support.length)
  return broadcast(support)(reshape(source.shape.slice(tooMany))(source))
}

export const narrow: Pass = {
  name: 'narrow',
  statement: 'f(repeat x, repeat y) = repeat (f(x, y)), bit for bit, for element-wise f; views are not counted',
  run: untilStill(p =>
    rewrite(p, (e, inputs) => {
      if (!isElementwise(e.primitive)) return undefined
      const { shape } = e.outputs[0]!
      const support = supportOf(inputs, shape.length)
      if (support === undefined || size(support) >= size(shape)) return undefined
      const operands = inputs.map(x => narrowed(x, support))
      return [broadcast(shape)(apply(e.primitive as FirstOrder, operands, e.attributes))]
    })
  )
}
