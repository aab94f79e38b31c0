/**
 * The mask of a rectifier, found again in what it rectified: `z ≤ 0` is `where(z ≤ 0, 0, z) ≤ 0`, for −0, NaN and ±∞ as well.
 *
 * Where the rectified values are stored for a product anyway, whoever needs the mask later reads them, and the mask is not stored.
 */
import { lessEqualPrimitive, wherePrimitive } from '../../primitive/selection.js'
import { apply, isExpression, isUniform, type Primitive, reapply, type Tensor, zeros } from '../../tensor/tensor.js'
import type { Program } from '../program.js'
import { isElementwise, isFold, isView } from './kind.js'
import { rewrite } from './rewrite.js'

const isZero = (x: Tensor): boolean => isUniform(x, 0) || isUniform(x, -0)
const isMaskOf = (mask: Tensor, x: Tensor): boolean =>
  isExpression(mask) &&
  mask.equation.primitive === (lessEqualPrimitive as Primitive) &&
  mask.equation.inputs[0] === x &&
  isZero(mask.equation.inputs[1]!)

export const findMasksAgain = (given: Program): Program => {
  const stored = new Set<Tensor>()
  for (const { primitive, inputs } of given.equations)
    if (!isElementwise(primitive) && !isFold(primitive) && !isView(primitive)) for (const x of inputs) stored.add(x)
  /** What stands for a mask after the equation that rectifies by it. */
  const again = new Map<Tensor, Tensor>()
  return rewrite(given, (e, inputs) => {
    const replaced = inputs.map(x => again.get(x) ?? x)
    const [mask, zero, x] = inputs
    const output = e.outputs[0]!
    if (
      inputs === e.inputs &&
      e.primitive === (wherePrimitive as Primitive) &&
      isZero(zero!) &&
      isMaskOf(mask!, x!) &&
      stored.has(output)
    ) {
      if (!again.has(mask!)) again.set(mask!, apply(lessEqualPrimitive, [output, zeros(output)], undefined))
      return undefined
    }
    return replaced.every((y, i) => y === inputs[i]) ? undefined : reapply(e, replaced)
  })
}
