/**
 * Code for a fused nest of loops.
 *
 * Outside are loops over the axes that are not folded; inside, for each of their indices, passes over the folded axes, one after the other, with
 * the folded values in registers. The lanes of vectors go along one axis: along a folded one each row is folded across lanes at its end, along
 * another a few vectors of columns are folded side by side. A nest without folded axes is the latter with a single pass of a single step.
 */
import type { Fused } from '../../../compiler/fused.js'
import { sameShape } from '../../../structure/shape.js'
import { type Statement, sequence } from '../assembler.js'
import { bytesOf, type Place } from '../kernel.js'
import { codeOf } from './code.js'
import { graphOf, type Node } from './graph.js'
import { type Plan, planOf, type Shapes } from './plan.js'
import type { Mathematics } from './pointwise.js'
import { lanesFor } from './registers.js'
import { scheduleOf } from './schedule.js'
import { elementsIn, emptyOutside, extentOf, isStreamed, type Layout } from './space.js'

export { bodyValue, elementwise } from './elementwise.js'
export type { Shapes } from './plan.js'

export interface Nest {
  /** Of the form `nest`. */
  readonly fused: Fused
  /** One for each parameter of the body, of its shape; any strides. */
  readonly inputs: readonly Place[]
  /** One for each result; no two elements in the same place. */
  readonly outputs: readonly Place[]
  /** The address of `scratchBytes` bytes, a multiple of 16. */
  readonly scratch: number
  readonly math: Mathematics
  readonly fusedMultiplyAdd: boolean
  /** For each result whether numbers too small to be normal are stored as 0: states that shrink step by step get stuck there, and are slow. */
  readonly flushSubnormals?: readonly boolean[]
}

/** Nanoseconds for an instruction on one vector, for what is around a pass over a row, and for the nest as a whole. */
const [perInstruction, perRow, perNest] = [0.16, 1.5, 1.5]
const costOf = ({ space, schedule, vectors, weight }: Plan): number => {
  if (elementsIn(space) === 0) return perNest
  const rows = space.vector.folded ? extentOf(space.outer) * schedule.passes.length : extentOf(space.outer)
  return perNest + vectors * extentOf([...space.outer, ...space.folded]) * weight * perInstruction + rows * perRow
}

/** A nest whose loops are decided; where its operands lie is not. */
export interface Planned {
  /** Bytes of memory that the nest uses for itself: rows of values that several passes need. */
  readonly scratchBytes: number
  /** About how many nanoseconds it takes. */
  readonly cost: number
  readonly code: (at: Omit<Nest, 'fused'>) => Statement
}
export const planned = (shapes: Shapes): Planned => {
  const plan = planOf(shapes)
  return {
    scratchBytes: plan.kept.length * plan.keptBytes,
    cost: costOf(plan),
    code: at => (emptyOutside(plan.space) ? sequence() : codeOf(plan, at))
  }
}
export const nest = (n: Nest): Statement => planned(n).code(n)

/**
 * Whether a result may lie where the operand of a parameter lies, at the same address, with the same strides and elements of the same size:
 * nothing is read after it is overwritten.
 */
export const mayOverwrite = (
  { fused, inputs }: { readonly fused: Fused; readonly inputs: readonly Layout[] },
  parameter: number,
  result: number
): boolean => {
  const [from, to] = [fused.body.parameters[parameter]!, fused.body.results[result]!]
  if (!sameShape(from.shape, to.shape) || bytesOf[from.dtype] !== bytesOf[to.dtype]) return false
  if (!isStreamed(fused, to)) return true
  const graph = graphOf(fused.body)
  const { passes } = scheduleOf(fused, graph, inputs, lanesFor(graph.nodes.map(node => node.dtype)))
  const storedIn = passes.findIndex(pass => pass.stored.includes(result))
  return passes.every((pass, i) => i <= storedIn || !pass.nodes.includes(graph.parameters[parameter]!))
}

/**
 * Whether a result is c · old + …, 0 < c < 1, of the old value of a parameter: as the moments of an optimizer are. A state like that, when nothing more
 * is added, shrinks until it is subnormal, and stays there, because c times the smallest numbers is rounded up again.
 */
export const decays = ({ body }: Fused, parameter: number, result: number): boolean => {
  const { results, parameters } = graphOf(body)
  const isShrunk = (node: Node): boolean =>
    node.kind === 'pointwise' &&
    node.name === 'mul' &&
    node.operands.includes(parameters[parameter]!) &&
    node.operands.some(x => x.kind === 'uniform' && x.value > 0 && x.value < 1)
  const node = results[result]!
  return isShrunk(node) || (node.kind === 'pointwise' && node.name === 'add' && node.operands.some(isShrunk))
}
