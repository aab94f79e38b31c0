/** Clusters of equations as `fused` equations, each of which an engine runs as one kernel. */
import { type Equation, isConstant, isExpression, reapply, type Tensor } from '../../tensor/tensor.js'
import { type Program, program } from '../program.js'
import { emitted } from './body.js'
import { emittedProduct, isProduct, withEpilogues } from './epilogue.js'
import { isView } from './kind.js'
import { isCluster, type Unit, unitsOf } from './levels.js'
import { findMasksAgain } from './masks.js'
import { originFinder } from './origin.js'
import type { Pass } from './pass.js'
import { readersIn } from './readers.js'
import { recomputed } from './recompute.js'

const fused = (given: Program): Program => {
  const { parameters, equations, results } = given
  const originOf = originFinder()
  const readers = readersIn(given, originOf)
  const sourcesOf = (unit: Unit): Iterable<Tensor> =>
    isCluster(unit) ? unit.operands.values() : unit.alone.inputs.map(x => originOf(x).source)
  const clusters = recomputed(unitsOf(equations, originOf, readers), sourcesOf, readers)
  const read = new Set<Tensor>()
  for (const unit of clusters) for (const source of sourcesOf(unit)) read.add(source)
  const isStored = (x: Tensor): boolean => read.has(x) || readers.isReturned(x)
  const units = withEpilogues(clusters, readers, isStored)
  if (units.every(unit => !isProduct(unit) && !isCluster(unit))) return given
  const renamed = new Map<Tensor, Tensor>(parameters.map(p => [p, p]))
  /** What a tensor of the given program has became; views of what is new are made where they are first read. */
  const became = (x: Tensor): Tensor => {
    const path: Equation[] = []
    let seen = x
    while (!renamed.has(seen) && isExpression(seen) && isView(seen.equation.primitive)) {
      path.push(seen.equation)
      seen = seen.equation.inputs[0]!
    }
    let made = isConstant(seen) ? seen : renamed.get(seen)!
    for (let view = path.pop(); view !== undefined; view = path.pop()) {
      made = made === view.inputs[0] ? view.outputs[0]! : reapply(view, [made])[0]!
      renamed.set(view.outputs[0]!, made)
    }
    return made
  }
  for (const unit of units) {
    const made = isProduct(unit)
      ? emittedProduct(unit, became)
      : isCluster(unit)
        ? emitted(unit, isStored, became)
        : reapply(unit.alone, unit.alone.inputs.map(became)).map((x, i) => [unit.alone.outputs[i]!, x] as const)
    for (const [old, x] of made) renamed.set(old, x)
  }
  return program(parameters, results.map(became))
}

export const fuse: Pass = {
  name: 'fuse',
  statement:
    'element-wise equations, folds and repetitions became nests, cheap ones behind a product part of it, bit for bit; no more equations, a cluster counted as one and views not at all',
  run: p => fused(findMasksAgain(p))
}
