/**
 * Values that are cheaper to compute again than to store: one light equation on what is stored anyway, read by other clusters.
 *
 * The equation is then a member of each cluster that reads it, and of the cluster that made it only as far as that needs it.
 */

import { sameShape } from '../../structure/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type Cluster, less, more } from './cluster.js'
import { isElementwise, isLight } from './kind.js'
import { isCluster, type Unit } from './levels.js'
import type { Readers } from './readers.js'

/** To compute a value again for more clusters than these costs more than a store. */
const mostReaders = 2

/** The units that read a tensor that is no view, or a view of it. */
const unitsReading = (
  units: readonly Unit[],
  sourcesOf: (unit: Unit) => Iterable<Tensor>
): ReadonlyMap<Tensor, Unit[]> => {
  const found = new Map<Tensor, Unit[]>()
  for (const unit of units)
    for (const source of sourcesOf(unit)) {
      const list = found.get(source)
      if (list === undefined) found.set(source, [unit])
      else if (list[list.length - 1] !== unit) list.push(unit)
    }
  return found
}

export const recomputed = (
  units: readonly Unit[],
  sourcesOf: (unit: Unit) => Iterable<Tensor>,
  readers: Readers
): readonly Unit[] => {
  const reading = unitsReading(units, sourcesOf)
  const now = new Map<Unit, Cluster>()
  const current = (unit: Cluster): Cluster => now.get(unit) ?? unit
  const dropped = new Set<Tensor>()
  for (const unit of units) {
    if (!isCluster(unit)) continue
    for (const [x, member] of unit.members) {
      const { equation, reads, streamed } = member
      const others = reading.get(x)
      if (others === undefined || others.length > mostReaders || readers.isReturned(x)) continue
      if (!streamed || !isElementwise(equation.primitive) || !isLight(equation.primitive)) continue
      const isStored = reads.every(
        ({ source }) =>
          !dropped.has(source) && (!unit.members.has(source) || reading.has(source) || readers.isReturned(source))
      )
      if (!isStored) continue
      /** Whether a unit reads the value element by element, and no more operands if it reads those of the value in its place. */
      const canCompute = (other: Unit): boolean => {
        if (!isCluster(other)) return false
        const { extents, operands } = current(other)
        const further = reads.filter(({ tensor }) => !operands.has(tensor))
        return (
          sameShape(extents, unit.extents) &&
          further.length <= 1 &&
          [...operands].every(([tensor, source]) => source !== x || tensor === x)
        )
      }
      if (!others.every(canCompute)) continue
      for (const other of others) if (isCluster(other)) now.set(other, more(current(other), member))
      dropped.add(x)
    }
  }
  if (dropped.size === 0) return units
  return units.flatMap((unit): readonly Unit[] => {
    if (!isCluster(unit)) return [unit]
    const { members } = unit
    const gone = [...members.values()].filter(({ equation }) => {
      const x = equation.outputs[0]!
      return dropped.has(x) && !readers.of(x).some(e => members.has(e.outputs[0]!))
    })
    const rest = gone.length === 0 ? current(unit) : less(current(unit), gone)
    return rest === undefined ? [] : [rest]
  })
}
