/** A pass, and how passes get into what controls carry. */

import { applyControl, type Closed, type Control, type Primitive } from '../../tensor/tensor.js'
import { fusedPrimitive } from '../fused.js'
import type { Program } from '../program.js'
import { program } from '../program.js'
import { rewrite } from './rewrite.js'

/** A program for another that means the same. */
export interface Pass {
  readonly name: string
  /** What it does to the numbers and to the equations, in one line. */
  readonly statement: string
  /** Equations inside controls are not looked at: `everywhere` does that. What has nothing to be done to it is given back itself. */
  readonly run: Run
}
export type Run = (p: Program) => Program

/** One after the other. */
export const inOrder =
  (...runs: readonly Run[]): Run =>
  p =>
    runs.reduce((made, run) => run(made), p)

/** One, and where it did something the other. */
export const followedBy =
  (run: Run, next: Run): Run =>
  p => {
    const made = run(p)
    return made === p ? p : next(made)
  }

/** Rounds are few, because each walks from operands to results and finds what the equations before it have become. */
const mostRounds = 8
/** Again and again until nothing happens. */
export const untilStill =
  (run: Run): Run =>
  p => {
    let made = p
    for (let round = 0; round < mostRounds; round++) {
      const next = run(made)
      if (next === made) return made
      made = next
    }
    return made
  }

const inside = (run: Run, closed: Closed): Closed => {
  const before = program(closed.parameters, closed.results)
  const after = everywhere(run)(before)
  return after === before ? closed : { parameters: after.parameters, results: after.results }
}

/**
 * A pass on a program and on the bodies of its controls, innermost first, each as a program by itself: nothing moves into a body or out of it, so that what
 * a body computes does not depend on where it stands. A cluster is left as it is.
 */
export const everywhere =
  (run: Run): Run =>
  p =>
    run(
      rewrite(p, ({ primitive, attributes }, inputs) => {
        if (primitive.kind !== 'control' || primitive === (fusedPrimitive as Primitive)) return undefined
        const control: Control<unknown> = primitive
        const before = control.programs(attributes)
        const after = before.map(closed => inside(run, closed))
        if (after.every((closed, i) => closed === before[i])) return undefined
        return applyControl(control, inputs, control.withPrograms(attributes, after))
      })
    )
