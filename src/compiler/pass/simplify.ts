/** Equations that can be told with less, by rules that look at one equation and what its operands are made of. */
import { isExpression, type Primitive, reapply, type Tensor } from '../../tensor/tensor.js'
import { arithmeticRules } from './arithmetic-rules.js'
import { choiceRules } from './choice-rules.js'
import { type Pass, untilStill } from './pass.js'
import { rewrite } from './rewrite.js'
import type { ReadOnce, Rewritten } from './rule.js'
import { viewRules } from './view-rules.js'

const rules: ReadonlyMap<Primitive, Rewritten<unknown>> = new Map([...viewRules, ...arithmeticRules, ...choiceRules])

/** Rules one after the other lead to simpler equations, so that they end; this many are more than there are. */
const mostSteps = 16

/** A tensor by all rules that fit it, the result of each being looked at again. */
const simplest = (x: Tensor, readOnce: ReadOnce): Tensor => {
  let found = x
  for (let step = 0; step < mostSteps && isExpression(found); step++) {
    const { equation } = found
    const next = rules.get(equation.primitive)?.(equation.inputs, equation.attributes, readOnce, equation)
    if (next === undefined || next === found) break
    found = next
  }
  return found
}

export const simplify: Pass = {
  name: 'simplify',
  statement: 'equations are told with less, bit for bit: views of views, double signs, factors of 1, choices of equals',
  run: untilStill(p =>
    rewrite(p, (e, inputs, readOnce) => {
      if (e.primitive.kind === 'control' || !(rules.has(e.primitive) || inputs !== e.inputs)) return undefined
      const again = inputs === e.inputs ? e.outputs : reapply(e, inputs)
      const simple = simplest(again[0]!, readOnce)
      return simple === again[0] ? again : [simple]
    })
  )
}
