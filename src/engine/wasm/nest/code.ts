/**
 * The loops of a nest that is planned.
 *
 * Within a step everything is read before anything is stored, vector by vector, so a result may lie where an operand lies that has been read for
 * the last time.
 */
import { type Statement, sequence } from '../assembler.js'
import type { Place } from '../kernel.js'
import { type Accumulation, accumulation, isRounded, longAccumulation } from './folding.js'
import type { Node } from './graph.js'
import { type Pointers, type Walk, walk, walkVectors } from './loops.js'
import { placesOf } from './places.js'
import { type Plan, waysFor } from './plan.js'
import type { Mathematics } from './pointwise.js'
import type { Pass } from './schedule.js'
import { computing, find, lanesIn, levelsOf, name, type Scope, type Step, scopeIn, waysIn } from './values.js'

/** What the code needs besides the plan. */
export interface Setting {
  readonly inputs: readonly Place[]
  readonly outputs: readonly Place[]
  readonly scratch: number
  readonly math: Mathematics
  readonly flushSubnormals?: readonly boolean[]
}

/** Loops are written out if that makes no more than so many instructions. */
const fewInstructions = 64
/** Sums of more terms, one after the other, are made of partial sums of about so many. */
const [longSum, block] = [64, 32]

export const codeOf = (plan: Plan, { inputs, outputs, scratch, math, flushSubnormals = [] }: Setting): Statement => {
  const { graph, lanes, space, schedule, extents, outer, vectorLoop, vectors, columns, weight } = plan
  const acrossLanes = space.vector.folded
  const innermost = extents.length
  const places = placesOf(plan, inputs, outputs, scratch, flushSubnormals)
  const levels = levelsOf(plan)
  const compute = computing(plan, places, math)
  const entering = (nodes: readonly Node[], loops: number): readonly Node[] =>
    nodes.filter(node => levels.get(node) === loops)

  /** Whether so many iterations of a loop are written out one after the other. */
  const isWritten = (loop: number, times: number): boolean => {
    const inside = extents.reduce(
      (product, extent, i) => (i > loop ? product * Math.max(1, i === vectorLoop ? vectors : extent) : product),
      weight * (loop === vectorLoop && !acrossLanes ? columns : 1)
    )
    return times * inside <= fewInstructions
  }

  /** One pass over the folded axes; what it folds gets its names in the scope. */
  const passCode = (pass: Pass, pointers: Pointers, scope: Scope, step: Step): readonly Statement[] => {
    const { ways, accumulators } = acrossLanes
      ? waysFor(pass, vectors, lanes)
      : { ways: step.ways, accumulators: step.ways }
    const chains = extents.map((extent, loop) => (loop === vectorLoop ? Math.ceil(vectors / accumulators) : extent))
    const blocks = pass.folds.some(isRounded) ? blocksOf(chains.slice(outer)) : undefined
    const long = blocks && pass.folds.map(fold => longAccumulation(lanes, fold, accumulators, acrossLanes))
    const sums = long ?? pass.folds.map(fold => accumulation(lanes, fold, accumulators))
    const flush = sequence(...(long ?? []).map(sum => sum.flush))
    const blockIn = (loop: number): Walk['block'] =>
      blocks && loop === outer + blocks.loop ? { times: blocks.times, after: flush } : undefined

    const leaf = (at: Pointers, inner: Scope, now: Step): Statement =>
      sequence(
        ...waysIn(now).flatMap(way => {
          const count = lanesIn(plan, now, way)
          const value = (node: Node) => find(plan, inner, node, way)
          return [
            ...(innermost > outer
              ? compute.ofWay(entering(pass.nodes, innermost), inner, at, way, count, pass.found)
              : []),
            ...pass.kept.map(node => places.keep(node, at, way, value(node))),
            ...pass.folds.map(({ operand }, i) =>
              sums[i]!.take(way % accumulators, value(operand), acrossLanes ? count : lanes)
            ),
            ...pass.stored.map(result => places.write(result, at, way, count, value(graph.results[result]!)))
          ]
        })
      )
    const loops = (loop: number, at: Pointers, around: Scope): Statement => {
      const inner = scopeIn(around, step.ways)
      const nodes = loop > outer ? entering(pass.nodes, loop) : []
      if (loop === innermost) return sequence(...compute.shared(nodes, inner, at, pass.found), leaf(at, inner, step))
      const first = compute.all(nodes, inner, at, step, pass.found)
      const [steps, times, block] = [places.stepsOf(loop), extents[loop]!, blockIn(loop)]
      if (loop !== vectorLoop)
        return sequence(
          ...first,
          walk(at, { steps, times, written: isWritten(loop, times), block }, there => loops(loop + 1, there, inner))
        )
      const row = (there: Pointers, now: number, lastLanes: number): Statement => {
        const scope = scopeIn(inner, now)
        return sequence(
          ...compute.shared(entering(pass.nodes, innermost), scope, there, pass.found),
          leaf(there, scope, { ways: now, lastLanes })
        )
      }
      const written = (count: number): boolean => isWritten(loop, count)
      return sequence(...first, walkVectors(at, { perVector: steps, count: times, lanes, ways, written, block }, row))
    }
    const code = loops(outer, pointers, scope)
    return [
      ...sums.map(sum => sum.start),
      code,
      flush,
      ...pass.folds.flatMap((fold, i) => namesOf(scope, fold, sums[i]!, step))
    ]
  }
  const namesOf = (scope: Scope, fold: Node, sum: Accumulation, step: Step): readonly Statement[] =>
    acrossLanes
      ? [name(scope, fold, 'all', sum.ofAll)]
      : waysIn(step).map(way => name(scope, fold, way, sum.ofWay(way)))

  /** Inside of the loops that are not folded: passes, and what is held before, between and after them. */
  const body = (pointers: Pointers, around: Scope | undefined, step: Step): Statement => {
    const scope = scopeIn(around, step.ways)
    return sequence(
      ...compute.all(entering(schedule.held[0]!, outer), scope, pointers, step),
      ...schedule.passes.flatMap((pass, i) => [
        ...passCode(pass, pointers, scope, step),
        ...compute.all(schedule.held[i + 1]!, scope, pointers, step)
      ]),
      ...schedule.heldResults.flatMap(result =>
        waysIn(step).map(way =>
          places.write(
            result,
            pointers,
            way,
            acrossLanes ? 1 : lanesIn(plan, step, way),
            find(plan, scope, graph.results[result]!, way)
          )
        )
      )
    )
  }
  const loops = (loop: number, pointers: Pointers, around: Scope | undefined): Statement => {
    if (loop === outer) return body(pointers, around, { ways: 1, lastLanes: lanes })
    const inner = scopeIn(around, 0)
    const first = compute.shared(entering(schedule.held[0]!, loop), inner, pointers)
    const [steps, times] = [places.stepsOf(loop), extents[loop]!]
    const written = (count: number): boolean => isWritten(loop, count)
    return sequence(
      ...first,
      loop === vectorLoop
        ? walkVectors(
            pointers,
            { perVector: steps, count: times, lanes, ways: columns, written },
            (there, ways, lastLanes) => body(there, inner, { ways, lastLanes })
          )
        : walk(pointers, { steps, times, written: written(times) }, there => loops(loop + 1, there, inner))
    )
  }
  return loops(0, places.start, undefined)
}

/** Where, and after how many iterations, long sums begin anew: in the outermost loop whose inside is no longer than a block. */
const blocksOf = (chains: readonly number[]): { readonly loop: number; readonly times: number } | undefined => {
  if (chains.reduce((product, chain) => product * chain, 1) <= longSum) return undefined
  let [loop, within] = [chains.length - 1, 1]
  while (loop > 0 && chains[loop]! * within <= block) within *= chains[loop--]!
  const parts = Math.ceil((chains[loop]! * within) / block)
  return { loop, times: Math.max(1, Math.ceil(chains[loop]! / parts)) }
}
