/**
 * Matrix products for sizes and strides that are known when code is generated: `result[m, n] = epilogue(Σ_k left[m, k] · right[k, n])`, for every
 * index of the outer axes.
 *
 * Everything is one statement that calls a few routines for the register block; they are linked because they are called. Each element is the sum
 * of the same products in the same order however rows and columns are cut.
 */
import { nothing, type Statement } from '../assembler.js'
import type { Place } from '../kernel.js'
import { address } from './address.js'
import type { Corner } from './corner.js'
import { type At, computed } from './driver.js'
import { type Epilogue, finishOf } from './epilogue.js'
import { type Plan, planOf, scratchOf } from './plan.js'
import { isEmpty, type Problem, problemOf, type Shapes } from './problem.js'
import { divided, divisionOf } from './threads.js'
import { float32, float64, int32 } from './vectors.js'

export { type Epilogue, epilogueFits } from './epilogue.js'
export type { Layout, Shapes } from './problem.js'

export interface Product extends Shapes {
  readonly name: string
  readonly left: Place
  readonly right: Place
  readonly result: Place
  readonly operands?: readonly Place[]
  /** The address of `scratchBytes`, a multiple of 16. */
  readonly scratch: number
  readonly epilogue?: Epilogue
}

/** Whether the team computes it together: then memory has to be shared, and the program imports `ring`. */
export const isDivided = (shapes: Shapes): boolean => {
  const problem = problemOf(shapes)
  return !isEmpty(problem) && divisionOf(problem, shapes.team?.threads ?? 1) !== undefined
}

/** Bytes of memory for packed operands, of every thread. */
export const scratchBytes = (shapes: Shapes): number => {
  const problem = problemOf(shapes)
  if (isEmpty(problem)) return 0
  const division = divisionOf(problem, shapes.team?.threads ?? 1)
  return division && shapes.team ? shapes.team.threads * division.scratch : scratchOf(problem, planOf(problem)).bytes
}

/** Whether an operand of the epilogue may lie exactly where the result does. Sums that are cut into depths are kept there before they are finished. */
export const operandsMayBeOverwritten = (shapes: Shapes): boolean => {
  const problem = problemOf(shapes)
  const plan = planOf(problem)
  return plan.kind === 'dots' || plan.depth >= problem.k
}

/** About how many nanoseconds it takes. */
export const cost = (shapes: Shapes): number => {
  const { outer, m, n, k, dtype } = problemOf(shapes)
  const matrices = outer.reduce((product, extent) => product * extent, 1)
  return matrices * (20 + m * n * (1 + k * (dtype === 'float64' ? 0.16 : 0.08)))
}

/** Computes the product. */
export const product = (p: Product): Statement => {
  const problem = problemOf(p)
  if (isEmpty(problem)) return nothing
  const [left, right] = problem.flipped ? [p.right, p.left] : [p.left, p.right]
  const corner: Corner = {
    left: address(left.base),
    right: address(right.base),
    result: address(p.result.base),
    operands: (p.operands ?? []).map(({ base }) => address(base)),
    scratch: address(p.scratch)
  }
  const division = divisionOf(problem, p.team?.threads ?? 1)
  return division && p.team
    ? divided(p.name, problem, division, p.team, corner, codeOf(p, division.part, division.plan))
    : codeOf(p, problem, planOf(problem))(corner, problem)
}

const codeOf = ({ name, epilogue, fusedMultiplyAdd }: Product, problem: Problem, plan: Plan): At => {
  switch (problem.dtype) {
    case 'float32':
      return computed(float32(fusedMultiplyAdd), name, problem, plan, finishOf.float32(epilogue, problem))
    case 'float64':
      return computed(float64(fusedMultiplyAdd), name, problem, plan, finishOf.float64(epilogue, problem))
    default:
      return computed(int32, name, problem, plan, undefined)
  }
}
