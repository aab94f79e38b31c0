/** The element-wise equations of a body as one function of vectors: what other kernels do to their results before they store them. */
import type { Closed } from '../../../control/closed.js'
import {
  type Code,
  type Floating,
  type Floats,
  local,
  reinterpret,
  set,
  type Value,
  type Vector
} from '../assembler.js'
import { graphOf, type Node } from './graph.js'
import { type Mathematics, pointwise } from './pointwise.js'
import { lanesFor, type Register, splat } from './registers.js'

/**
 * The value of the body's first result, given those of its parameters by their numbers; each is read at most once. If anything is
 * float64 there are two lanes, and 32-bit numbers are in the low half of a vector. Bools are masks as wide as lanes.
 */
export const bodyValue = (body: Closed, math: Mathematics, read: (parameter: number) => Register): Value<Vector> => {
  const { nodes, results } = graphOf(body)
  const lanes = lanesFor(nodes.map(node => node.dtype))
  const apply = pointwise(math, lanes)
  const known = new Map<Node, Register>()
  const steps: Code[] = []
  for (const node of nodes) {
    if (node.kind === 'uniform') {
      known.set(node, splat(lanes, node.dtype, node.value))
      continue
    }
    if (node.kind === 'fold') throw new Error('a fold is not element-wise')
    const value =
      node.kind === 'parameter'
        ? read(node.index)
        : apply(
            node,
            node.operands.map(x => known.get(x)!)
          )
    const name = local<Vector>(value.type)
    steps.push(set(name, value).code)
    known.set(node, name)
  }
  const last = known.get(results[0]!)!
  return { type: last.type, code: [steps, last.code] }
}

/** The same as a function of vectors of floats: the first parameter, then the others. */
export const elementwise =
  (body: Closed, { math }: { readonly math: Mathematics }) =>
  <V extends Floating>(floats: Floats<V>, value: Value<V>, operands: readonly Value<V>[]): Value<V> =>
    reinterpret(
      floats.type as V,
      bodyValue(body, math, parameter => [value, ...operands][parameter]!)
    )
