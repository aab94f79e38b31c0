/** Who reads what, seen through views. */
import type { Equation, Tensor } from '../../tensor/tensor.js'
import type { Program } from '../program.js'
import { isView } from './kind.js'
import type { Origin } from './origin.js'

export interface Readers {
  /** The equations, apart from views, that read a tensor or a view of it, each once. */
  readonly of: (x: Tensor) => readonly Equation[]
  /** Whether it, or a view of it, is a result of the program. */
  readonly isReturned: (x: Tensor) => boolean
}

const none: readonly Equation[] = []

export const readersIn = ({ equations, results }: Program, originOf: (x: Tensor) => Origin): Readers => {
  const readers = new Map<Tensor, Equation[]>()
  for (const e of equations) {
    if (isView(e.primitive)) continue
    for (const x of e.inputs) {
      const { source } = originOf(x)
      const list = readers.get(source)
      if (list === undefined) readers.set(source, [e])
      else if (list[list.length - 1] !== e) list.push(e)
    }
  }
  const returned = new Set(results.map(x => originOf(x).source))
  return { of: x => readers.get(x) ?? none, isReturned: x => returned.has(x) }
}
