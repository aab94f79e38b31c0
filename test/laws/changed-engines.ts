/** Engines made from the interpreter by changing something about it, and whether a law catches them. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { EngineCase } from '../../laws/engine-programs.js'
import type { Law } from '../../laws/law.js'
import { type Engine, type Program, program } from '../../src/compiler/program.js'
import { interpreter } from '../../src/engine/interpreter.js'
import {
  apply,
  type Constant,
  constant,
  type Equation,
  elements,
  type FirstOrder,
  type Many,
  reapply,
  type Tensor,
  type Type
} from '../../src/tensor/tensor.js'
import { interpret } from '../../src/transform/graph.js'

export type Run = (inputs: readonly Constant[]) => readonly Constant[]
type Evaluate = (inputs: readonly Constant[], attributes: unknown, type: Type) => Constant
/** A primitive of any kind, as tables hold it. */
export type AnyPrimitive = FirstOrder<Many, unknown>

/** The interpreter with something done around each program. */
export const around = (name: string, compile: (run: Run, of: Program) => Run): Engine => ({
  name,
  compile: of => compile(interpreter.compile(of), of)
})

/** The same tensor with its elements changed in place. */
export const rewritten = (x: Constant, change: (data: Constant['data'], x: Constant) => void): Constant => {
  const data = elements(x).slice()
  change(data, x)
  return constant(x.shape, x.dtype, data)
}
/** The interpreter with something done to the elements of its results. */
export const after = (name: string, change: (data: Constant['data'], x: Constant) => void): Engine =>
  around(name, run => inputs => run(inputs).map(x => rewritten(x, change)))

/** The interpreter on programs of which every equation means something else, apart from those inside controls. */
export const rewriting = (name: string, equation: (e: Equation, inputs: Many) => Many | undefined): Engine => ({
  name,
  compile: ({ parameters, results }) => {
    const seeds = new Map<Tensor, Tensor>(parameters.map(p => [p, p]))
    const again = interpret<Tensor>(results, seeds, {
      independent: x => x,
      equation: (e, inputs) => equation(e, inputs) ?? reapply(e, inputs)
    })
    return interpreter.compile(program(parameters, again))
  }
})
/** A primitive, and another evaluation of it, given the right one. */
export type Change = readonly [AnyPrimitive, (right: Evaluate) => Evaluate]
/** The interpreter with another evaluation of some primitives; where there is none it is the right one. */
export const evaluating = (name: string, changes: readonly Change[]): Engine => {
  const wrong = new Map(
    changes.map(([right, change]) => [
      right as unknown,
      // Nothing is simplified: it would put the right one back.
      {
        ...right,
        evaluate: change((inputs, attributes, type) => right.evaluate(inputs, attributes, type)),
        simplify: () => undefined
      } as AnyPrimitive
    ])
  )
  return rewriting(name, (e, inputs) => {
    const found = wrong.get(e.primitive)
    return found && [apply(found, inputs, e.attributes)]
  })
}
/** One primitive whose result is changed in place. */
export const spoiling = (
  name: string,
  right: AnyPrimitive,
  change: (data: Constant['data'], inputs: readonly Constant[], result: Constant) => void
): Engine =>
  evaluating(name, [
    [
      right,
      evaluate => (inputs, attributes, type) => {
        const result = evaluate(inputs, attributes, type)
        return rewritten(result, data => change(data, inputs, result))
      }
    ]
  ])

/** That it fails within so many programs, whatever the seed; what the smallest would be is not looked for. */
export const caught = (law: Law<EngineCase>, subjects: fc.Arbitrary<EngineCase>, numRuns: number): void => {
  for (const seed of [1, 2, 3, 4, 5])
    expect(fc.check(law.property(subjects), { numRuns, seed, endOnFailure: true }).failed).toBe(true)
}
