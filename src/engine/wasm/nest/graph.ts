/** The body of a nest as a small graph of values: what only repeats or renames a value is gone, every other value is computed once. */
import { program } from '../../../compiler/program.js'
import type { Closed } from '../../../control/closed.js'
import type { Dtype } from '../../../structure/dtype.js'
import { mistake } from '../../../structure/mistake.js'
import { type Equation, isConstant, type Tensor } from '../../../tensor/tensor.js'

interface Valued {
  readonly dtype: Dtype
}
export interface Parameter extends Valued {
  readonly kind: 'parameter'
  readonly index: number
}
export interface Uniform extends Valued {
  readonly kind: 'uniform'
  readonly value: number
}
export interface Pointwise extends Valued {
  readonly kind: 'pointwise'
  readonly name: string
  readonly operands: readonly Node[]
  /** What the primitive is told besides. */
  readonly attributes?: unknown
}
export interface Fold extends Valued {
  readonly kind: 'fold'
  readonly name: FoldName
  readonly operand: Node
}
export type FoldName = 'sum' | 'amax' | 'amin'
export type Node = Parameter | Uniform | Pointwise | Fold

export interface Graph {
  readonly parameters: readonly Parameter[]
  /** What the results need, operands first. */
  readonly nodes: readonly Node[]
  /** The node of each result. */
  readonly results: readonly Node[]
}

/** Primitives that give their operand again, as far as single elements go. */
const renaming: ReadonlySet<string> = new Set(['reshape', 'broadcast', 'stopGradient'])
const folding: ReadonlySet<string> = new Set(['sum', 'amax', 'amin'])

export const operandsOf = (node: Node): readonly Node[] =>
  node.kind === 'pointwise' ? node.operands : node.kind === 'fold' ? [node.operand] : []

const reachable = (roots: readonly Node[]): ReadonlySet<Node> => {
  const found = new Set<Node>()
  const todo = [...roots]
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (found.has(node)) continue
    found.add(node)
    todo.push(...operandsOf(node))
  }
  return found
}

/**
 * Whether a node is the divisor of a softmax. It is at least 1 and never huge, so a product with its inverse is as good as the quotient, at a
 * third of the cost.
 */
const isSumOfShares = (node: Node): boolean =>
  node.kind === 'fold' &&
  node.name === 'sum' &&
  node.operand.kind === 'pointwise' &&
  node.operand.name === 'expOfNegative'

/** Whether a node is x less the largest of all that x is folded with: never positive. */
const isBelowLargest = (node: Node): boolean => {
  if (node.kind !== 'pointwise' || node.name !== 'sub') return false
  const [x, largest] = node.operands
  return largest!.kind === 'fold' && largest!.name === 'amax' && largest!.operand === x
}

export const graphOf = ({ parameters, results }: Closed): Graph => {
  const nodes: Node[] = []
  const known = new Map<Tensor, Node>()
  const add = (node: Node): Node => {
    nodes.push(node)
    return node
  }
  const inputs = parameters.map(({ dtype }, index): Parameter => ({ kind: 'parameter', index, dtype }))
  parameters.forEach((x, i) => {
    known.set(x, add(inputs[i]!))
  })
  const uniforms = new Map<string, Node>()
  const nodeOf = (x: Tensor): Node => {
    const found = known.get(x)
    if (found) return found
    if (!isConstant(x) || x.data.length !== 1)
      throw mistake('InvalidArgument', 'jit', `a cluster of element-wise operations uses ${x}, which is not uniform`)
    const value = x.data[0]!
    const key = `${x.dtype} ${Object.is(value, -0) ? '-0' : value}`
    const uniform = uniforms.get(key) ?? add({ kind: 'uniform', value, dtype: x.dtype })
    uniforms.set(key, uniform)
    return uniform
  }
  const meaning = ({ primitive, inputs, attributes, outputs }: Equation): Node => {
    const { name } = primitive
    if (renaming.has(name)) return nodeOf(inputs[0]!)
    const { dtype } = outputs[0]!
    if (folding.has(name)) return add({ kind: 'fold', name: name as FoldName, operand: nodeOf(inputs[0]!), dtype })
    const operands = inputs.map(nodeOf)
    if (name === 'div' && isSumOfShares(operands[1]!)) {
      const whole = add({ kind: 'uniform', value: 1, dtype })
      return add({
        kind: 'pointwise',
        name: 'mul',
        operands: [operands[0]!, add({ kind: 'pointwise', name: 'div', operands: [whole, operands[1]!], dtype })],
        dtype
      })
    }
    return add({
      kind: 'pointwise',
      name: name === 'exp' && isBelowLargest(operands[0]!) ? 'expOfNegative' : name,
      operands,
      attributes,
      dtype
    })
  }
  for (const e of program(parameters, results).equations) known.set(e.outputs[0]!, meaning(e))
  const found = results.map(nodeOf)
  const needed = reachable(found)
  return { parameters: inputs, nodes: nodes.filter(node => needed.has(node)), results: found }
}
