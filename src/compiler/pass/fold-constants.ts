/**
 * What is known before anything runs.
 *
 * An equation of constants alone is never met: `apply` computes it instead of making it, when a program is traced and in every pass. What is left are
 * constants that store one value many times, which no cluster can take in and which take memory, and choices whose condition is known.
 */
import { callPrimitive } from '../../control/call.js'
import { type Branches, condPrimitive } from '../../control/cond.js'
import {
  applyControl,
  type Constant,
  constant,
  isConstant,
  type Primitive,
  reapply,
  type Tensor
} from '../../tensor/tensor.js'
import { isUniformConstant } from './kind.js'
import type { Pass } from './pass.js'
import { rewrite } from './rewrite.js'

const storedOnce = (x: Constant): Constant => {
  const { data, shape, dtype } = x
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return x
  return data.length > 1 ? constant(shape, dtype, data.slice(0, 1)) : x
}

export const foldConstants: Pass = {
  name: 'foldConstants',
  statement:
    'constants with equal elements store one, and a known condition leaves the branch that it chooses, as a call',
  run: p => {
    const known = new Map<Tensor, Tensor>()
    const folded = (x: Tensor): Tensor => {
      if (!isConstant(x) || isUniformConstant(x)) return x
      const made = known.get(x) ?? storedOnce(x)
      known.set(x, made)
      return made
    }
    return rewrite(p, (e, inputs) => {
      const { primitive, attributes } = e
      if (primitive === (condPrimitive as Primitive) && isConstant(inputs[0]!)) {
        const { yes, no } = attributes as Branches
        return applyControl(callPrimitive, inputs.slice(1), inputs[0].data[0] ? yes : no)
      }
      if (!inputs.some(x => isConstant(x) && folded(x) !== x)) return undefined
      return reapply(e, inputs.map(folded))
    })
  }
}
