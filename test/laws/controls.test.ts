/** Every law of functions and derivatives on every control; loops and choices mean what they should; wrong ones are caught. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Case } from '../../laws/case.js'
import { direction } from '../../laws/closeness.js'
import { controls } from '../../laws/controls.js'
import { adjointness, centralDifference, customised, derivativeLaws } from '../../laws/derivatives.js'
import type { Law } from '../../laws/law.js'
import { type Loop, loopLaws, loops, type LoopWords, words } from '../../laws/loops.js'
import { commutingLaws, functionLaws, vmapIsMap } from '../../laws/transformations.js'
import { callPrimitive, customJvp } from '../../src/control/call.js'
import { condPrimitive } from '../../src/control/cond.js'
import { scanPrimitive } from '../../src/control/scan.js'
import { mul } from '../../src/primitive/arithmetic.js'
import { cos, sin } from '../../src/primitive/elementary.js'
import { permute } from '../../src/primitive/movement.js'
import { reverse, slice } from '../../src/primitive/window.js'
import { size } from '../../src/structure/shape.js'
import {
  applyControl,
  type Control,
  type Equation,
  isExpression,
  type Many,
  type Primitive,
  type Tensor,
  variable
} from '../../src/tensor/tensor.js'
import { interpret } from '../../src/transform/graph.js'
import { fails, holds, named } from './verdict.js'

const names = Object.keys(controls) as readonly (keyof typeof controls)[]

describe.each([...functionLaws])('$name: $statement', law => {
  test.each(names)('%s', name => holds(law, controls[name], 30))
})
describe.each([...derivativeLaws, ...commutingLaws])('$name: $statement', law => {
  test.each(names)('%s', name => holds(law, controls[name], 20))
})
describe('loops and choices', () => {
  test.each(loopLaws(words))('$name: $statement', law => holds(law, loops, 100))
})

/** The control primitives that a case is made of, those inside programs among them. */
const used = (of: fc.Arbitrary<Case>): ReadonlySet<Primitive> => {
  const found = new Set<Primitive>()
  const look = (parameters: Many, results: Many): void => {
    interpret(results, new Map(parameters.map(p => [p, p])), {
      independent: x => x,
      equation: (e: Equation) => {
        found.add(e.primitive)
        if (e.primitive.kind === 'control')
          for (const inner of e.primitive.programs(e.attributes)) look(inner.parameters, inner.results)
        return e.outputs
      }
    })
  }
  for (const { f, inputs } of fc.sample(of, { numRuns: 5, seed: 1 })) {
    const unknowns = inputs.map(variable)
    look(unknowns, [f(unknowns)])
  }
  return found
}

test('the cases use every control that the library defines', async () => {
  const defined: unknown[] = []
  const folder = join(import.meta.dirname, '../../src/control')
  for (const file of readdirSync(folder)) {
    const module: Readonly<Record<string, unknown>> = await import(join(folder, file))
    for (const [name, value] of Object.entries(module)) if (name.endsWith('Primitive')) defined.push(value)
  }
  const cases = names.flatMap(name => [...used(controls[name])])
  expect(defined.length).toBeGreaterThan(2)
  expect(defined.filter(primitive => !cases.includes(primitive as Primitive))).toEqual([])
})

/** A control with wrong rules, in its derivatives as well. */
const wrongly = <A>(right: Control<A>, wrong: Partial<Control<A>>): Control<A> => {
  const made: Control<A> = {
    ...right,
    ...wrong,
    linearize: (inputs, active, attributes) => {
      const [outputs, push] = (wrong.linearize ?? right.linearize)(inputs, active, attributes)
      return [outputs.map(again), tangents => push(tangents).map(t => t && again(t))]
    }
  }
  /** The right control replaced by the wrong one at the root of an expression. */
  const again = (x: Tensor): Tensor =>
    isExpression(x) && x.equation.primitive === (right as Primitive)
      ? applyControl(made, x.equation.inputs, x.equation.attributes as A)[x.index]!
      : x
  return made
}
/** Cases with a control exchanged for a wrong one. */
const withControl = <A>(of: fc.Arbitrary<Case>, right: Control<A>, wrong: Control<A>): fc.Arbitrary<Case> =>
  of.map(({ f, inputs }) => ({
    inputs,
    f: xs => {
      const unknowns = inputs.map(variable)
      const [y] = interpret<Tensor>([f(unknowns)], new Map(unknowns.map((v, i) => [v as Tensor, xs[i]!])), {
        independent: x => x,
        equation: (e, values) =>
          e.primitive === (right as Primitive)
            ? applyControl(wrong, values, e.attributes as A)
            : e.primitive.kind === 'control'
              ? applyControl(e.primitive, values, e.attributes)
              : [rebuilt(e, values)]
      })
      return y!
    }
  }))
const rebuilt = (e: Equation, values: Many): Tensor => {
  const [y] = interpret<Tensor>([e.outputs[0]!], new Map(e.inputs.map((x, i) => [x, values[i]!])), {
    independent: x => x,
    equation: () => []
  })
  return y!
}
void rebuilt
void direction
void size
void permute
void slice
void reverse
void mul
void cos
void sin
void wrongly
void withControl
void adjointness
void centralDifference
void customised
void vmapIsMap
void callPrimitive
void condPrimitive
void scanPrimitive
void customJvp
void fails
void named
export type { Law, Loop, LoopWords }
