/**
 * Clusters: equations that can be one nest of loops, and when two of them can be one.
 *
 * Axes of size 1 do not count, so that a column `[9, 1]` meets a row of sums `[9]`.
 */
import { type Shape, sameShape, size } from '../../structure/shape.js'
import type { Equation, Tensor } from '../../tensor/tensor.js'
import { isFold, isUniformConstant } from './kind.js'
import { extentsOf, type Origin } from './origin.js'

/** What an equation reads, seen through views. */
export interface Read extends Origin {
  readonly operand: Tensor
  /** The source itself, if the elements are the same in the same order; else the operand. */
  readonly tensor: Tensor
}
export interface Member {
  readonly equation: Equation
  readonly reads: readonly Read[]
  /** Whether its operands have the axes of the space; the result of a fold is held whatever its operand is. */
  readonly streamed: boolean
}
/** Loops: extents, and which of them are folded, as places among the extents; not known as long as nothing is folded. */
export interface Layout {
  readonly extents: Shape
  readonly folded: readonly number[] | undefined
}
export interface Cluster extends Layout {
  /** By what they make. */
  readonly members: ReadonlyMap<Tensor, Member>
  /** What it reads of others, and the tensors that these are views of. */
  readonly operands: ReadonlyMap<Tensor, Tensor>
  /** Two lanes a vector, because something is float64. */
  readonly wide: boolean
}

/** More equations take long to compile and many registers; where few tensors are read, as in hashing, registers are not what is scarce. */
const mostEquations = 60
const mostEquationsOfFewOperands = 250
const fewOperands = 6
const mostOperands = 12
/** Float64 and 32-bit numbers meet only in a space as small as this: beside float64, 32-bit numbers use half of each vector. */
const smallSpace = 64

/** Folded axes of size more than 1, as places among the extents. */
const foldedPlaces = (e: Equation): readonly number[] => {
  const axes = e.attributes as readonly number[]
  let next = 0
  return e.inputs[0]!.shape.flatMap((extent, axis) => {
    if (extent === 1) return []
    const place = next++
    return axes.includes(axis) ? [place] : []
  })
}
/** Whether axes of more than one element are folded; otherwise each result is made of one operand. */
export const foldsElements = (e: Equation): boolean =>
  isFold(e.primitive) && (e.attributes as readonly number[]).some(axis => e.inputs[0]!.shape[axis] !== 1)

const isIdentity = (axes: readonly number[]): boolean => axes.every((axis, i) => axis === i)
export const clusterOf = (equation: Equation, originOf: (x: Tensor) => Origin): Cluster => {
  const reads = equation.inputs.flatMap((operand): readonly Read[] => {
    if (isUniformConstant(operand)) return []
    const origin = originOf(operand)
    // A view of the same elements in the same order is what it shows.
    const tensor = origin.axes !== undefined && isIdentity(origin.axes) ? origin.source : operand
    return [{ operand, tensor, ...origin }]
  })
  return {
    extents: extentsOf(equation.inputs[0]!.shape),
    folded: foldsElements(equation) ? foldedPlaces(equation) : undefined,
    members: new Map([[equation.outputs[0]!, { equation, reads, streamed: true }]]),
    operands: new Map(reads.map(({ tensor, source }) => [tensor, source])),
    wide: [...equation.inputs, ...equation.outputs].some(x => x.dtype === 'float64')
  }
}

/** The extents of what is held. */
export const heldExtents = ({ extents, folded }: Layout): Shape =>
  folded === undefined ? extents : extents.filter((_, place) => !folded.includes(place))

/** Whether a view repeats what is held along the folded axes. */
const isLift = (axes: readonly number[], folded: readonly number[]): boolean => {
  let next = 0
  return axes.every((axis, place) => axis === (folded.includes(place) ? -1 : next++))
}

/** Whether the members of a cluster are streamed or held in a layout, or nothing if they have no place in it. */
const placeIn = (c: Cluster, layout: Layout): 'as they are' | 'held' | undefined => {
  if (sameShape(c.extents, layout.extents))
    return c.folded === undefined || sameShape(c.folded, layout.folded ?? []) ? 'as they are' : undefined
  return c.folded === undefined && layout.folded !== undefined && sameShape(c.extents, heldExtents(layout))
    ? 'held'
    : undefined
}
const layoutOf = (a: Cluster, b: Cluster): Layout =>
  a.extents.length > b.extents.length || (a.extents.length === b.extents.length && a.folded !== undefined) ? a : b

/** Whether what a reader reads of a maker inside is what a nest has: the same element, or what is held where it is streamed. */
const fits = ({ axes }: Read, reader: boolean, maker: boolean, { folded }: Layout): boolean => {
  if (axes === undefined) return false
  return reader === maker ? isIdentity(axes) : reader && folded !== undefined && isLift(axes, folded)
}
const isStreamed = (member: Member, place: 'as they are' | 'held'): boolean =>
  place === 'as they are' && member.streamed
const makesStreamed = (member: Member, place: 'as they are' | 'held'): boolean =>
  isStreamed(member, place) && !foldsElements(member.equation)

/** A cluster that takes another in, in a layout, without looking again at what it had; the first must not read of the second. */
const taken = (a: Cluster, b: Cluster, layout: Layout): (() => Cluster) | undefined => {
  const [placeA, placeB] = [placeIn(a, layout), placeIn(b, layout)]
  if (placeA === undefined || placeB === undefined) return undefined
  const further = new Map<Tensor, Tensor>()
  for (const member of b.members.values())
    for (const read of member.reads) {
      const maker = a.members.get(read.source)
      if (maker !== undefined && !fits(read, isStreamed(member, placeB), makesStreamed(maker, placeA), layout))
        return undefined
      if (maker === undefined && !b.members.has(read.source) && !a.operands.has(read.tensor))
        further.set(read.tensor, read.source)
    }
  const operands = a.operands.size + further.size
  const equations = a.members.size + b.members.size
  if (operands > mostOperands || equations > (operands > fewOperands ? mostEquations : mostEquationsOfFewOperands))
    return undefined
  return () => {
    // The first is used no more, so that what it had need not be copied for each equation that joins.
    const members = a.members as Map<Tensor, Member>
    const all = a.operands as Map<Tensor, Tensor>
    if (placeA === 'held') for (const [x, member] of members) members.set(x, { ...member, streamed: false })
    for (const [x, member] of b.members) members.set(x, { ...member, streamed: isStreamed(member, placeB) })
    for (const [x, source] of further) all.set(x, source)
    return { extents: layout.extents, folded: layout.folded, members, operands: all, wide: a.wide || b.wide }
  }
}

const readsFrom = (reader: Cluster, maker: Cluster): boolean => {
  for (const source of reader.operands.values()) if (maker.members.has(source)) return true
  return false
}
/** How the two become one, which uses them up, if a nest can be. */
export const united = (a: Cluster, b: Cluster): (() => Cluster) | undefined => {
  const layout = layoutOf(a, b)
  if (a.wide !== b.wide && size(layout.extents) > smallSpace) return undefined
  return readsFrom(a, b) || (!readsFrom(b, a) && a.members.size < b.members.size)
    ? taken(b, a, layout)
    : taken(a, b, layout)
}

/** A cluster of fewer or more members, with what these read of others. Where no fold is left and all is held, that is the space. */
const ofMembers = (c: Cluster, members: ReadonlyMap<Tensor, Member>): Cluster => {
  const all = [...members.values()]
  const operands = new Map<Tensor, Tensor>()
  for (const { reads } of all)
    for (const { tensor, source } of reads) if (!members.has(source)) operands.set(tensor, source)
  if (all.some(({ equation }) => foldsElements(equation)) || new Set(all.map(({ streamed }) => streamed)).size > 1)
    return { ...c, members, operands }
  return {
    extents: all[0]!.streamed ? c.extents : heldExtents(c),
    folded: undefined,
    members: new Map(all.map(member => [member.equation.outputs[0]!, { ...member, streamed: true }])),
    operands,
    wide: c.wide
  }
}
/** A cluster without some of its members, which it then reads as others do; nothing if none are left. */
export const less = (c: Cluster, gone: readonly Member[]): Cluster | undefined => {
  const members = new Map(c.members)
  for (const { equation } of gone) members.delete(equation.outputs[0]!)
  return members.size === 0 ? undefined : ofMembers(c, members)
}
/** A cluster that computes for itself what it read before. */
export const more = (c: Cluster, member: Member): Cluster =>
  ofMembers(c, new Map([...c.members, [member.equation.outputs[0]!, member]]))
