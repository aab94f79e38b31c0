/**
 * A nest as passes over the folded axes: each accumulates what it can, and later ones use what earlier ones have folded.
 *
 * A softmax has three: the largest, the sum of exponentials, the quotients. A value that several passes need is computed again if that is cheap,
 * read back where it has been stored as a result, and otherwise kept in a row of scratch memory.
 */
import type { Fused } from '../../../compiler/fused.js'
import { type Fold, type Graph, type Node, operandsOf } from './graph.js'
import { instructionsFor } from './instructions.js'
import type { Lanes } from './registers.js'
import { foldedAxes, isStreamed, type Layout } from './space.js'

/** Where a value is found that an earlier pass has computed: in the result of a number, or in scratch memory. */
export type Found = number | 'scratch'
export interface Pass {
  /** Values that vary along folded axes, operands first, parameters included. */
  readonly nodes: readonly Node[]
  readonly folds: readonly Fold[]
  /** Numbers of the streamed results that are stored. */
  readonly stored: readonly number[]
  /** Values that are kept for later passes. */
  readonly kept: readonly Node[]
  /** Values that are not computed but found. */
  readonly found: ReadonlyMap<Node, Found>
}
export interface Schedule {
  readonly passes: readonly Pass[]
  /** Values that do not vary along folded axes, operands first, by the number of passes that have to come before. */
  readonly held: readonly (readonly Node[])[]
  /** Numbers of the results that are held. */
  readonly heldResults: readonly number[]
}

/** To compute a value again may take so many instructions before it is kept instead, or read from a result. */
const cheap = 12
const cheaperThanReading = 3

/** The values that vary along folded axes. */
const varying = (fused: Fused, graph: Graph, inputs: readonly Layout[]): ReadonlySet<Node> => {
  const folded = foldedAxes(fused, graph)
  const found = new Set<Node>()
  for (const node of graph.nodes) {
    if (node.kind === 'parameter') {
      const input = inputs[node.index]!
      if (isStreamed(fused, input) && folded.some(axis => input.strides[axis] !== 0 && fused.space[axis] !== 1))
        found.add(node)
    } else if (node.kind === 'pointwise' && node.operands.some(x => found.has(x))) found.add(node)
  }
  return found
}
/** The number of passes that each value has to wait for. */
const waiting = (graph: Graph): ReadonlyMap<Node, number> => {
  const found = new Map<Node, number>()
  for (const node of graph.nodes) {
    const operands = operandsOf(node).map(x => found.get(x)!)
    found.set(node, Math.max(0, ...operands) + (node.kind === 'fold' ? 1 : 0))
  }
  return found
}

export const scheduleOf = (fused: Fused, graph: Graph, inputs: readonly Layout[], lanes: Lanes): Schedule => {
  const varies = varying(fused, graph, inputs)
  const waits = waiting(graph)
  const streamed = (result: number): boolean => isStreamed(fused, fused.body.results[result]!)
  const results = graph.results.map((_, i) => i)
  const isFold = (node: Node): node is Fold => node.kind === 'fold'
  const count = Math.max(
    0,
    ...graph.nodes.filter(isFold).map(node => waits.get(node)!),
    ...results.filter(streamed).map(i => waits.get(graph.results[i]!)! + 1)
  )

  const firstComputed = new Map<Node, number>()
  const storedAs = new Map<Node, number>()
  const everFound = new Map<Node, Found>()
  const drafts = Array.from({ length: count }, (_, pass) => {
    const folds = graph.nodes.filter(isFold).filter(node => waits.get(node) === pass + 1)
    const stored = results.filter(i => streamed(i) && waits.get(graph.results[i]!) === pass)
    const needed = new Set<Node>()
    const found = new Map<Node, Found>()
    const where = (node: Node): Found | undefined => {
      const known = everFound.get(node)
      if (known !== undefined) return known
      const effort = instructionsFor(node, lanes, x => !varies.has(x))
      return effort > cheaperThanReading && storedAs.has(node)
        ? storedAs.get(node)
        : effort > cheap
          ? 'scratch'
          : undefined
    }
    const todo: Node[] = [...folds.map(fold => fold.operand), ...stored.map(i => graph.results[i]!)]
    for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
      if (!varies.has(node) || needed.has(node)) continue
      needed.add(node)
      const place = node.kind !== 'parameter' && firstComputed.has(node) ? where(node) : undefined
      if (place === undefined) {
        todo.push(...operandsOf(node))
        continue
      }
      found.set(node, place)
      everFound.set(node, place)
    }
    for (const node of needed) if (!firstComputed.has(node)) firstComputed.set(node, pass)
    for (const result of stored) storedAs.set(graph.results[result]!, result)
    return { folds, stored, needed, found }
  })
  return {
    passes: drafts.map(
      ({ folds, stored, needed, found }, pass): Pass => ({
        folds,
        stored,
        found,
        nodes: graph.nodes.filter(node => needed.has(node)),
        kept: [...needed].filter(node => everFound.get(node) === 'scratch' && firstComputed.get(node) === pass)
      })
    ),
    held: Array.from({ length: count + 1 }, (_, pass) =>
      graph.nodes.filter(node => !varies.has(node) && waits.get(node) === pass)
    ),
    heldResults: results.filter(i => !streamed(i))
  }
}
