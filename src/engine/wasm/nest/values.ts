/**
 * Values of a nest while its code is made: where they vary, and what they are called.
 *
 * A value is computed at the entry of the innermost loop in which it varies: once for all vectors of a step, or once for each.
 */
import { type Local, local, type Statement, set } from '../assembler.js'
import type { Node } from './graph.js'
import type { Pointers } from './loops.js'
import type { Places } from './places.js'
import type { Plan } from './plan.js'
import { type Mathematics, pointwise } from './pointwise.js'
import { type Register, splat } from './registers.js'
import type { Found } from './schedule.js'

/** How many loops have to be entered before each value can be computed. */
export const levelsOf = ({ graph, operands, outer }: Plan): ReadonlyMap<Node, number> => {
  const level = new Map<Node, number>()
  for (const node of graph.nodes)
    level.set(
      node,
      node.kind === 'parameter'
        ? 1 + operands[node.index]!.perLoop.reduce((last, bytes, loop) => (bytes === 0 ? last : loop), -1)
        : node.kind === 'fold'
          ? outer
          : node.kind === 'pointwise'
            ? Math.max(...node.operands.map(x => level.get(x)!))
            : 0
    )
  return level
}
/** The values that differ from lane to lane. */
export const lanewiseOf = ({ graph, operands, space }: Plan): ReadonlySet<Node> => {
  const found = new Set<Node>()
  for (const node of graph.nodes)
    if (
      node.kind === 'parameter'
        ? operands[node.index]!.step !== 0
        : node.kind === 'fold'
          ? !space.vector.folded
          : node.kind === 'pointwise' && node.operands.some(x => found.has(x))
    )
      found.add(node)
  return found
}

/** Names inside of others: for all vectors of a step, and for each. */
export interface Scope {
  readonly around: Scope | undefined
  readonly shared: Map<Node, Register>
  readonly ways: readonly Map<Node, Register>[]
}
export const scopeIn = (around: Scope | undefined, ways: number): Scope => ({
  around,
  shared: new Map(),
  ways: Array.from({ length: ways }, () => new Map())
})
export const find = ({ lanes }: Plan, scope: Scope, node: Node, way: number): Register => {
  if (node.kind === 'uniform') return splat(lanes, node.dtype, node.value)
  for (let at: Scope | undefined = scope; at !== undefined; at = at.around) {
    const value = at.ways[way]?.get(node) ?? at.shared.get(node)
    if (value) return value
  }
  throw new Error('a value of a nest is used before it is computed')
}
export const name = (scope: Scope, node: Node, way: number | 'all', value: Register): Statement => {
  const called: Local<Register['type']> = local(value.type)
  ;(way === 'all' ? scope.shared : scope.ways[way]!).set(node, called)
  return set(called, value)
}

/** The vectors that one step of a loop takes, and how many lanes of the last matter. */
export interface Step {
  readonly ways: number
  readonly lastLanes: number
}
export const waysIn = ({ ways }: Step): readonly number[] => Array.from({ length: ways }, (_, way) => way)
export const lanesIn = ({ lanes }: Plan, { ways, lastLanes }: Step, way: number): number =>
  way === ways - 1 ? lastLanes : lanes

const nothing: ReadonlyMap<Node, Found> = new Map()

/** Computes those of some values, operands first, that are the same for all vectors of a step, or those that are not for one of them. */
export const computing = (plan: Plan, places: Places, math: Mathematics) => {
  const apply = pointwise(math, plan.lanes)
  const lanewise = lanewiseOf(plan)
  const compute = (
    node: Node,
    scope: Scope,
    pointers: Pointers,
    way: number,
    count: number,
    found: ReadonlyMap<Node, Found>
  ): Register => {
    const place = found.get(node)
    if (place === 'scratch') return places.recall(node, pointers, way)
    if (place !== undefined) return places.readResult(place, pointers, way, count)
    if (node.kind === 'parameter') return places.read(node.index, pointers, way, count)
    if (node.kind !== 'pointwise') throw new Error('only numbers and loops are left')
    return apply(
      node,
      node.operands.map(x => find(plan, scope, x, way))
    )
  }
  const isComputed = ({ kind }: Node): boolean => kind === 'parameter' || kind === 'pointwise'
  const shared = (nodes: readonly Node[], scope: Scope, pointers: Pointers, found = nothing): readonly Statement[] =>
    nodes
      .filter(node => isComputed(node) && !lanewise.has(node))
      .map(node => name(scope, node, 'all', compute(node, scope, pointers, 0, plan.lanes, found)))
  const ofWay = (
    nodes: readonly Node[],
    scope: Scope,
    pointers: Pointers,
    way: number,
    count: number,
    found = nothing
  ): readonly Statement[] =>
    nodes
      .filter(node => isComputed(node) && lanewise.has(node))
      .map(node => name(scope, node, way, compute(node, scope, pointers, way, count, found)))
  const all = (
    nodes: readonly Node[],
    scope: Scope,
    pointers: Pointers,
    step: Step,
    found = nothing
  ): readonly Statement[] => [
    ...shared(nodes, scope, pointers, found),
    ...waysIn(step).flatMap(way => ofWay(nodes, scope, pointers, way, lanesIn(plan, step, way), found))
  ]
  return { shared, ofWay, all }
}
