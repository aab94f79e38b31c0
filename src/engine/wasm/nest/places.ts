/** Where the operands of a nest are, by pointers that its loops move; and the way from memory to registers and back. */
import { local, type Statement, sequence, set, type Vector } from '../assembler.js'
import type { Place } from '../kernel.js'
import type { Node } from './graph.js'
import type { Pointers } from './loops.js'
import type { Plan } from './plan.js'
import { type Address, load, loadWhole, type Register, store, storeWhole, vectorOf } from './registers.js'
import { flushed } from './subnormal.js'

export interface Places {
  /** Before any loop; operands that are walked through in the same way share a pointer. */
  readonly start: Pointers
  /** What an iteration of a loop adds to each pointer. */
  readonly stepsOf: (loop: number) => readonly number[]
  /** The first `count` lanes of a vector of a step: of an operand, or of a result stored before. */
  readonly read: (operand: number, pointers: Pointers, way: number, count: number) => Register
  readonly readResult: (result: number, pointers: Pointers, way: number, count: number) => Register
  readonly write: (result: number, pointers: Pointers, way: number, count: number, value: Register) => Statement
  /** A value from an earlier pass, and for a later one. */
  readonly recall: (node: Node, pointers: Pointers, way: number) => Register
  readonly keep: (node: Node, pointers: Pointers, way: number, value: Register) => Statement
}

export const placesOf = (
  { operands, lanes, kept, keptBytes }: Plan,
  inputs: readonly Place[],
  outputs: readonly Place[],
  scratch: number,
  flushSubnormals: readonly boolean[]
): Places => {
  const keys = operands.map(({ perLoop, perVector }) => [...perLoop, perVector].join())
  const groups = [...new Set(keys)]
  const groupOf = keys.map(key => groups.indexOf(key))
  const walked = groups.map(key => operands[keys.indexOf(key)]!)
  // Pointers never go below 0, so what lies below an operand's first element is taken from its base and given to its pointer.
  const addresses = [...[...inputs, ...outputs].map(({ base }) => base), ...kept.map((_, i) => scratch + i * keptBytes)]
  const bases = operands.map(({ below }, i) => addresses[i]! - below)
  const addressOf = (operand: number, pointers: Pointers, way: number): Address => {
    const { local, plus } = pointers[groupOf[operand]!]!
    return { local, plus: plus + bases[operand]! + way * operands[operand]!.perVector }
  }
  const keptAt = (node: Node, pointers: Pointers, way: number): Address =>
    addressOf(inputs.length + outputs.length + kept.indexOf(node), pointers, way)
  const read: Places['read'] = (operand, pointers, way, count) => {
    const { dtype, step } = operands[operand]!
    return load(lanes, dtype, addressOf(operand, pointers, way), step, count)
  }
  return {
    start: walked.map(({ below }) => ({ local: undefined, plus: below })),
    stepsOf: loop => walked.map(({ perLoop }) => perLoop[loop]!),
    read,
    readResult: (result, ...where) => read(inputs.length + result, ...where),
    write: (result, pointers, way, count, value) => {
      const operand = inputs.length + result
      const { dtype, step } = operands[operand]!
      const at = addressOf(operand, pointers, way)
      if (!flushSubnormals[result] || (dtype !== 'float32' && dtype !== 'float64'))
        return store(lanes, dtype, at, step, count, value)
      const normal = local<Vector>(value.type)
      return sequence(set(normal, flushed(dtype, value)), store(lanes, dtype, at, step, count, normal))
    },
    recall: (node, ...where) => loadWhole(vectorOf(lanes, node.dtype), keptAt(node, ...where)),
    keep: (node, pointers, way, value) => storeWhole(keptAt(node, pointers, way), value)
  }
}
