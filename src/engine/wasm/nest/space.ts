/**
 * The space of a nest as loops: axes that lie one after the other in every operand become one, and one axis is chosen for the lanes of vectors.
 */
import type { Fused } from '../../../compiler/fused.js'
import { sameShape, size } from '../../../structure/shape.js'
import type { Type } from '../../../tensor/tensor.js'
import type { Graph } from './graph.js'
import { instructions } from './instructions.js'
import type { Lanes } from './registers.js'

/** A tensor in memory but for its address. */
export interface Layout extends Type {
  readonly strides: readonly number[]
}
export interface Axis {
  readonly extent: number
  readonly folded: boolean
  /** For each operand how far apart neighbours lie, in elements: inputs, then outputs. */
  readonly steps: readonly number[]
}
export interface Space {
  /** Axes that are not folded, outermost first, without the vector axis. */
  readonly outer: readonly Axis[]
  readonly vector: Axis
  /** Folded axes, outermost first, without the vector axis. */
  readonly folded: readonly Axis[]
}

/** Whether a tensor has the axes that are folded. */
export const isStreamed = ({ space }: Fused, { shape }: Type): boolean => sameShape(shape, space)

/** Strides over the whole space: none along folded axes for what is held. */
const stepsOver = (fused: Fused, layout: Layout): readonly number[] => {
  if (isStreamed(fused, layout)) return layout.strides
  const kept = fused.space.map((_, axis) => axis).filter(axis => !fused.folded.includes(axis))
  return fused.space.map((_, axis) => (fused.folded.includes(axis) ? 0 : layout.strides[kept.indexOf(axis)]!))
}

const follows = (outer: Axis, inner: Axis): boolean =>
  outer.folded === inner.folded && outer.steps.every((step, i) => step === inner.steps[i]! * inner.extent)
/** Joins axes until no two lie one after the other everywhere. */
const merged = (axes: readonly Axis[]): readonly Axis[] => {
  for (const outer of axes)
    for (const inner of axes)
      if (outer !== inner && follows(outer, inner)) {
        const rest = axes.filter(axis => axis !== outer && axis !== inner)
        return merged([...rest, { ...inner, extent: outer.extent * inner.extent }])
      }
  return axes
}

/** How many indices some axes have together. */
export const extentOf = (axes: readonly Axis[]): number => size(axes.map(axis => axis.extent))

/** About how many instructions the nest takes with this axis in the lanes. */
const estimate = (
  axes: readonly Axis[],
  vector: Axis,
  graph: Graph,
  lanes: Lanes,
  streamed: readonly boolean[],
  inputs: number
): number => {
  const access = (operand: number): number => {
    const step = vector.steps[operand]!
    if (!streamed[operand]) return 0
    if (step === 1) return 1
    if (step === 0) return 0.3
    return step === -1 ? 2 : operand < inputs ? lanes * 1.2 : lanes * 1.5
  }
  const others = axes.filter(axis => axis !== vector)
  const vectors = Math.ceil(vector.extent / lanes) * extentOf(others)
  const each = instructions(graph, lanes) + streamed.reduce((sum, _, i) => sum + access(i), 0)
  const folds = graph.nodes.filter(node => node.kind === 'fold').length
  const rows = extentOf(axes.filter(axis => !axis.folded))
  return vectors * each + (vector.folded ? rows * folds * 12 : 0)
}

/** A dimensionless nest has one element. */
const single = (operands: number): Axis => ({ extent: 1, folded: false, steps: Array<number>(operands).fill(0) })

/** Axes whose neighbours lie far apart go outside. */
const farthestFirst = (axes: readonly Axis[]): readonly Axis[] => {
  const reach = ({ steps }: Axis): number => steps.reduce((sum, step) => sum + Math.abs(step), 0)
  return [...axes].sort((a, b) => reach(b) - reach(a))
}

/** The axes that make a difference: where nothing is held, folded ones are like others. */
export const foldedAxes = (fused: Fused, graph: Graph): readonly number[] =>
  graph.nodes.some(node => node.kind === 'fold') || fused.body.results.some(x => !isStreamed(fused, x))
    ? fused.folded
    : []

export const spaceOf = (
  fused: Fused,
  graph: Graph,
  lanes: Lanes,
  inputs: readonly Layout[],
  outputs: readonly Layout[]
): Space => {
  const operands = [...inputs, ...outputs]
  const streamed = operands.map(operand => isStreamed(fused, operand))
  const steps = operands.map(operand => stepsOver(fused, operand))
  const folded = foldedAxes(fused, graph)
  const axes = merged(
    fused.space.flatMap((extent, axis) =>
      extent === 1 ? [] : [{ extent, folded: folded.includes(axis), steps: steps.map(step => step[axis]!) }]
    )
  )
  if (axes.length === 0) return { outer: [], vector: single(operands.length), folded: [] }
  const costs = axes.map(axis => estimate(axes, axis, graph, lanes, streamed, inputs.length))
  const vector = axes[costs.lastIndexOf(Math.min(...costs))]!
  const others = axes.filter(axis => axis !== vector)
  return {
    outer: farthestFirst(others.filter(axis => !axis.folded)),
    vector,
    folded: farthestFirst(others.filter(axis => axis.folded))
  }
}
export const elementsIn = ({ outer, vector, folded }: Space): number =>
  extentOf(outer) * vector.extent * extentOf(folded)
export const emptyOutside = ({ outer, vector }: Space): boolean =>
  extentOf(outer) === 0 || (!vector.folded && vector.extent === 0)
