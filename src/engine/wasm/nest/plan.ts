/** What is decided about a nest before there is code: lanes, loops, passes, how many vectors a step of a loop takes, and where operands lie. */
import type { Fused } from '../../../compiler/fused.js'
import type { Dtype } from '../../../structure/dtype.js'
import { size } from '../../../structure/shape.js'
import { bytesOf } from '../kernel.js'
import { type Graph, graphOf, type Node } from './graph.js'
import { instructionsOf } from './instructions.js'
import { type Lanes, lanesFor } from './registers.js'
import { type Pass, type Schedule, scheduleOf } from './schedule.js'
import { type Layout, type Space, spaceOf } from './space.js'

/** How an operand is walked through. */
export interface Operand {
  readonly dtype: Dtype
  /** Bytes between the elements of neighbouring lanes. */
  readonly step: number
  /** Bytes from a vector to the next. */
  readonly perVector: number
  /** For each loop the bytes of one iteration; of the loop over vectors, for each vector. */
  readonly perLoop: readonly number[]
  /** How far below its first element memory is touched, in bytes. */
  readonly below: number
}
export interface Plan {
  readonly graph: Graph
  readonly lanes: Lanes
  readonly space: Space
  readonly schedule: Schedule
  /** The extents of the loops, outermost first: those that are not folded, then the folded. */
  readonly extents: readonly number[]
  /** How many of them are not folded. */
  readonly outer: number
  /** Which of them goes over vectors. */
  readonly vectorLoop: number
  readonly vectors: number
  /** About how many instructions there are for one vector. */
  readonly weight: number
  /** Vectors held side by side when the vector axis is not folded. */
  readonly columns: number
  /** Inputs, results, then values kept between passes. */
  readonly operands: readonly Operand[]
  readonly kept: readonly Node[]
  /** Bytes of scratch memory for each value kept. */
  readonly keptBytes: number
}
export interface Shapes {
  readonly fused: Fused
  readonly inputs: readonly Layout[]
  readonly outputs: readonly Layout[]
}

/** About how many instructions one vector of a pass takes. */
export const weightOf = ({ nodes, folds, stored, kept, found }: Pass, lanes: Lanes): number =>
  nodes.reduce(
    (sum, node) => sum + (node.kind === 'parameter' || found.has(node) ? 1 : instructionsOf(node, lanes)),
    stored.length + kept.length
  ) + folds.reduce((sum, fold) => sum + instructionsOf(fold, lanes), 0)
/** Registers that accumulators take, for each vector. */
export const accumulatorsOf = ({ folds }: Pass): number =>
  folds.reduce((sum, { name, dtype }) => sum + (name !== 'sum' && dtype.startsWith('float') ? 2 : 1), 0)

/** And what is held of one vector. */
const heldWeight = ({ held, heldResults }: Schedule, lanes: Lanes): number =>
  held
    .flat()
    .reduce((sum, node) => sum + (node.kind === 'parameter' ? 1 : instructionsOf(node, lanes)), heldResults.length)

/** As many vectors as are written out one after the other without a loop, if they take no more instructions than that. */
const [fewVectors, fewInstructions] = [4, 200]
/** Up to how many instructions a vector is light, so that four of them are under way at once, or two; the heavy ones keep the machine busy alone. */
const [light, middling] = [8, 100]
const several = (weight: number): number => (weight <= light ? 4 : weight <= middling ? 2 : 1)
/** Registers that accumulators may take. */
const manyAccumulators = 8

/** Vectors side by side along an axis that is not folded. */
const columnsFor = (schedule: Schedule, vectors: number, lanes: Lanes, folding: boolean): number => {
  const { passes } = schedule
  const held = heldWeight(schedule, lanes)
  const weight = Math.max(1, ...passes.map(pass => weightOf(pass, lanes)))
  const accumulators = Math.max(1, ...passes.map(accumulatorsOf))
  if (vectors <= fewVectors && vectors * accumulators <= 12 && vectors * (weight + held) <= fewInstructions)
    return Math.max(1, vectors)
  // Two chains of dependent instructions overlap better than the machine finds out for itself; more take too many registers.
  if (!folding) return weight + held <= 2 * middling ? 2 : 1
  return Math.max(1, Math.min(Math.floor(manyAccumulators / accumulators), several(weight)))
}
/** Vectors that a step along a folded vector axis takes, and accumulators for each fold. */
export const waysFor = (
  pass: Pass,
  vectors: number,
  lanes: Lanes
): { readonly ways: number; readonly accumulators: number } => {
  const weight = weightOf(pass, lanes)
  const most = Math.floor(manyAccumulators / Math.max(1, accumulatorsOf(pass)))
  const accumulators = Math.max(1, Math.min(vectors, several(weight), most))
  if (vectors <= fewVectors && vectors * weight <= fewInstructions) return { ways: vectors, accumulators }
  return { ways: pass.folds.length > 0 ? accumulators : Math.min(2, several(weight)), accumulators }
}

export const planOf = ({ fused, inputs, outputs }: Shapes): Plan => {
  const graph = graphOf(fused.body)
  const lanes = lanesFor([...graph.nodes, ...graph.results].map(node => node.dtype))
  const space = spaceOf(fused, graph, lanes, inputs, outputs)
  const schedule = scheduleOf(fused, graph, inputs, lanes)
  const { vector } = space
  const axes = vector.folded ? [...space.outer, ...space.folded, vector] : [...space.outer, vector, ...space.folded]
  const outer = space.outer.length + (vector.folded ? 0 : 1)
  const vectorLoop = axes.indexOf(vector)
  const vectors = Math.ceil(vector.extent / lanes)
  const columns = vector.folded ? 1 : columnsFor(schedule, vectors, lanes, axes.length > outer)
  const located = [...inputs, ...outputs].map(({ dtype }, i): Operand => {
    const bytes = axes.map(axis => axis.steps[i]! * bytesOf[dtype])
    const step = bytes[vectorLoop]!
    return {
      dtype,
      step,
      perVector: step * lanes,
      perLoop: bytes.map((each, loop) => (loop === vectorLoop ? each * lanes : each)),
      below: bytes.reduce((sum, each, loop) => sum + Math.max(0, -each) * (axes[loop]!.extent - 1), 0)
    }
  })
  // Kept values lie as whole registers: rows of the folded axes, of all vectors along a folded vector axis or of the columns at hand.
  const rowBytes = 16 * (vector.folded ? vectors : columns)
  const keptSteps = axes.map((_, loop) => {
    if (loop < outer) return 0
    if (loop === vectorLoop) return 16
    return rowBytes * size(axes.slice(loop + 1, vector.folded ? -1 : undefined).map(axis => axis.extent))
  })
  const kept = schedule.passes.flatMap(pass => pass.kept)
  return {
    ...{ graph, lanes, space, schedule, outer, vectorLoop, vectors, columns, kept },
    // What is held counts for each vector if there is nothing else.
    weight:
      schedule.passes.reduce((sum, pass) => sum + weightOf(pass, lanes), 2) +
      (axes.length > outer ? 0 : heldWeight(schedule, lanes)),
    extents: axes.map(axis => axis.extent),
    operands: [
      ...located,
      ...kept.map(({ dtype }): Operand => ({ dtype, step: 16, perVector: 16, perLoop: keptSteps, below: 0 }))
    ],
    keptBytes: rowBytes * size(space.folded.map(axis => axis.extent))
  }
}
