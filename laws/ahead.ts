/**
 * What is compiled ahead is what is compiled when it is called: the function itself, already traced for arguments like those that it was given.
 *
 * Compiling ahead takes time in between, which no law waits for: `compiledAhead` makes the cases, and laws are about what came of it.
 */
import type { Task } from 'fp-ts/lib/Task.js'
import type { Engine } from '../src/compiler/program.js'
import { jit } from '../src/engine/jit.js'
import { add, mul } from '../src/primitive/arithmetic.js'
import { cast } from '../src/primitive/conversion.js'
import { sumAll } from '../src/primitive/movement.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { grad } from '../src/transform/reverse.js'
import { vmap } from '../src/transform/vmap.js'
import type { Case, Tensors, Vector } from './case.js'
import { direction, nearTensors, nearTrees, sameBits, stack } from './closeness.js'
import { type Law, law } from './law.js'

/** A function at a point, and the same compiled ahead for arguments like it. */
export interface AheadCase extends Case {
  readonly ahead: Vector
  readonly engine: Engine
  /** How often the function has been called so far, as when it is traced. */
  readonly calls: () => number
}
export type Precompile = (f: Vector, options: { readonly engine: Engine }) => (xs: Tensors) => Task<Vector>

/** Cases compiled ahead, one after the other. */
export const compiledAhead =
  (precompile: Precompile, engine: Engine) =>
  (cases: readonly Case[]): Task<readonly AheadCase[]> =>
  async () => {
    const compiled: AheadCase[] = []
    for (const { f, inputs, about } of cases) {
      let calls = 0
      const counted: Vector = xs => {
        calls++
        return f(xs)
      }
      const ahead = await precompile(counted, { engine })(inputs)()
      compiled.push({ f, inputs, ahead, engine, calls: () => calls, ...(about === undefined ? {} : { about }) })
    }
    return compiled
  }

/** Another point of the same types, a little moved. */
const beside = (inputs: Tensors, choice: number): Tensors =>
  inputs.map((x, i) => add(x, mul(direction(choice)(x, i), 0.01)))

/** The laws of functions of floating numbers that are compiled ahead. */
export const aheadLaws: readonly Law<AheadCase>[] = [
  law(
    'compiled ahead',
    'precompile f = jit f, bit for bit, at the point, again, at another, and for arguments of other types',
    ({ f, inputs, ahead, engine }, choice) => {
      const compiled = jit(f, { engine })
      const others = beside(inputs, choice)
      return [inputs, inputs, others, others.map(cast('float32')), inputs].every(xs =>
        sameBits(ahead(xs), compiled(xs))
      )
    }
  ),
  law('the same function ahead', 'precompile f ≈ f', ({ f, inputs, ahead }, choice) =>
    [inputs, beside(inputs, choice)].every(xs => nearTensors(ahead(xs), f(xs), 1e-12))
  ),
  law(
    'traced ahead',
    'precompile f calls f no more, for arguments of the types that it was given',
    (subject, choice) => {
      const { inputs, ahead, calls } = subject
      const before = calls()
      for (const xs of [inputs, beside(inputs, choice)]) ahead(xs)
      return calls() === before && before > 0
    }
  ),
  law(
    'transformed when compiled',
    'grad (precompile f) ≈ grad f, vmap (precompile f) ≈ vmap f',
    ({ f, inputs, ahead }, choice) => {
      const weight = direction(choice)(f(inputs))
      const scalarOf =
        (g: Vector) =>
        (xs: Tensors): Tensor<[]> =>
          sumAll(mul(g(xs), weight))
      const others = beside(inputs, choice)
      const batches = inputs.map((x, i) => stack([x, others[i]!]))
      return (
        nearTrees(grad(scalarOf(ahead))(inputs), grad(scalarOf(f))(inputs), 1e-12) &&
        nearTensors(vmap(ahead)(batches), vmap(f)(batches), 1e-12)
      )
    }
  )
]
