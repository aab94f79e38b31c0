/**
 * Which equations become one cluster: a greedy walk over a program.
 *
 * Units, clusters and equations by themselves, have levels, and read only units of lower levels: so they never depend on each other in a circle,
 * and to see whether two can be one takes a look at their neighbours. A unit's level goes up where that makes room.
 */

import { size } from '../../structure/shape.js'
import type { Equation, Tensor } from '../../tensor/tensor.js'
import { type Cluster, clusterOf, united } from './cluster.js'
import { isElementwise, isFold, isView } from './kind.js'
import type { Origin } from './origin.js'
import type { Readers } from './readers.js'

/** What is run at once. */
export type Unit = Cluster | { readonly alone: Equation }
export const isCluster = (unit: Unit): unit is Cluster => 'members' in unit

/** A unit among others. Neighbours are found in what has taken them in; some may be told twice, or be inside by now. */
interface Node {
  unit: Unit
  level: number
  /** What has taken it in. */
  inside: Node | undefined
  readonly producers: Node[]
  readonly consumers: Node[]
}

/** Neighbours that are looked at before a union is given up. */
const patience = 64
/** Loops over no more than so many elements are one wherever they can be. */
const fewElements = 512
/** Clusters that read the same tensor are tried from the latest on. */
const mostSiblings = 8

const outermost = (node: Node): Node => {
  let found = node
  while (found.inside !== undefined) found = found.inside
  for (let seen = node; seen !== found; ) {
    const next = seen.inside!
    seen.inside = found
    seen = next
  }
  return found
}

const unmoved: ReadonlyMap<Node, number> = new Map()
/** The levels that others need if two are at a level together; nothing if one of them would have to come before as well as after. */
const raised = (a: Node, b: Node, level: number): ReadonlyMap<Node, number> | undefined => {
  const levels = new Map<Node, number>()
  const todo: Node[] = [a, b]
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    const isOneOfTwo = node === a || node === b
    const at = isOneOfTwo ? level : levels.get(node)!
    if (node.consumers.length > patience || levels.size > patience) return undefined
    for (const told of node.consumers) {
      const consumer = outermost(told)
      if (consumer === node) continue
      if (consumer === a || consumer === b) {
        if (isOneOfTwo) continue
        return undefined
      }
      if ((levels.get(consumer) ?? consumer.level) > at) continue
      levels.set(consumer, at + 1)
      todo.push(consumer)
    }
  }
  return levels.size === 0 ? unmoved : levels
}

const addAll = (nodes: Node[], further: readonly Node[]): void => {
  for (const node of further) if (!nodes.includes(node)) nodes.push(node)
}
/** How the second takes the first in, if that can be. */
const joining = (a: Node, b: Node): (() => Node) | undefined => {
  if (!isCluster(a.unit) || !isCluster(b.unit)) return undefined
  const union = united(a.unit, b.unit)
  if (union === undefined) return undefined
  let level = 1
  for (const { producers } of [a, b])
    for (const told of producers) {
      const producer = outermost(told)
      if (producer !== a && producer !== b) level = Math.max(level, producer.level + 1)
    }
  const levels = raised(a, b, level)
  if (levels === undefined) return undefined
  return () => {
    for (const [node, to] of levels) node.level = to
    b.unit = union()
    b.level = level
    addAll(b.producers, a.producers)
    addAll(b.consumers, a.consumers)
    a.inside = b
    return b
  }
}

/** By what clusters are found that may be one: operands of every element, and small loops. */
const companyOf = ({ extents, folded, operands, members }: Cluster): readonly (Tensor | string)[] => {
  const whole = [...operands].flatMap(([x, source]) => (size(source.shape) === size(extents) ? [x] : []))
  return size(extents) > fewElements || members.size > 4
    ? whole
    : [...whole, `${extents.join()} / ${folded?.join() ?? ''}`]
}

const isFusible = ({ primitive }: Equation): boolean => isElementwise(primitive) || isFold(primitive)

/**
 * The units of a program, each after those that it reads.
 *
 * What a single equation reads waits for it: a product of a moment and its decay goes where the gradient arrives, the slope of an activation
 * where the cotangent does, a product that is summed where the sum is. What waits together is placed at once: first with what makes an operand,
 * then beside what reads the same.
 */
export const unitsOf = (
  equations: readonly Equation[],
  originOf: (x: Tensor) => Origin,
  readers: Readers
): readonly Unit[] => {
  const owners = new Map<Tensor, Node>()
  const company = new Map<Tensor | string, Node[]>()
  const stored = new Set<Tensor>()
  const waiting = new Map<Tensor, Cluster>()
  const nodes: Node[] = []

  const nodeOf = (unit: Unit, sources: Iterable<Tensor>): Node => {
    const producers: Node[] = []
    let level = 1
    for (const source of sources) {
      const owner = owners.get(source)
      if (owner === undefined) continue
      const producer = outermost(owner)
      if (!producers.includes(producer)) producers.push(producer)
      level = Math.max(level, producer.level + 1)
    }
    return { unit, level, inside: undefined, producers, consumers: [] }
  }
  const joined = (node: Node, other: Node): Node => (node === other ? node : (joining(node, other)?.() ?? node))
  /** Known to those that it reads, and as the owner of what it makes. */
  const enter = (node: Node, made: Iterable<Tensor>): void => {
    nodes.push(node)
    for (const x of made) owners.set(x, node)
    for (const producer of node.producers) producer.consumers.push(node)
  }
  const isInside = (source: Tensor, node: Node): boolean => {
    const owner = owners.get(source)
    return owner !== undefined && outermost(owner) === node
  }
  const store = (sources: Iterable<Tensor>, reader: Node): void => {
    for (const source of sources) if (!isInside(source, reader)) stored.add(source)
  }
  /** Whether a cluster reads several values of what a node makes that are not stored so far. */
  const isDear = ({ operands }: Cluster, producer: Node): boolean => {
    let [only, several]: [Tensor | undefined, boolean] = [undefined, false]
    for (const source of operands.values()) {
      if (source === only || stored.has(source) || !isInside(source, producer)) continue
      several ||= only !== undefined
      only = source
    }
    return several
  }

  const place = (first: Node, cluster: Cluster): void => {
    const keys = companyOf(cluster)
    const sources = [...cluster.operands.values()]
    enter(first, cluster.members.keys())
    const producers =
      first.producers.length > 1 ? [...first.producers].sort((a, b) => b.level - a.level) : first.producers
    let node = first
    for (const producer of producers) node = joined(node, outermost(producer))
    for (const key of keys) {
      const list = company.get(key)
      if (list === undefined) {
        company.set(key, [first])
        continue
      }
      for (let i = Math.max(0, list.length - mostSiblings); i < list.length; i++)
        node = joined(node, outermost(list[i]!))
      list.push(first)
    }
    store(sources, node)
  }
  /** What waited together goes apart if what makes its operands would otherwise store several of them for it. */
  const placeTogether = (cluster: Cluster): void => {
    const node = nodeOf(cluster, cluster.operands.values())
    const apart =
      cluster.members.size > 1 &&
      node.producers.some(producer => isDear(cluster, producer) && joining(node, producer) === undefined)
    if (!apart) place(node, cluster)
    else
      for (const { equation } of cluster.members.values()) {
        const part = clusterOf(equation, originOf)
        place(nodeOf(part, part.operands.values()), part)
      }
  }
  for (const e of equations) {
    if (isView(e.primitive)) continue
    if (!isFusible(e)) {
      const sources = e.inputs.map(x => originOf(x).source)
      const node = nodeOf({ alone: e }, sources)
      enter(node, e.outputs)
      store(sources, node)
      continue
    }
    let cluster = clusterOf(e, originOf)
    for (const source of waiting.size === 0 ? [] : [...cluster.operands.values()]) {
      const before = waiting.get(source)
      if (before === undefined) continue
      waiting.delete(source)
      const both = united(before, cluster)
      if (both === undefined) placeTogether(before)
      else cluster = both()
    }
    const output = e.outputs[0]!
    const [reader, ...others] = readers.of(output)
    const waits = reader !== undefined && others.length === 0 && isFusible(reader) && !readers.isReturned(output)
    if (waits && isElementwise(e.primitive)) waiting.set(output, cluster)
    else placeTogether(cluster)
  }
  return nodes
    .filter(node => node.inside === undefined)
    .sort((a, b) => a.level - b.level)
    .map(node => node.unit)
}
