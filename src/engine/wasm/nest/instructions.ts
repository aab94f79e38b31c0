/** About how many instructions values take: rough figures, by which nests choose between forms of code. */
import { type Graph, type Node, operandsOf } from './graph.js'
import type { Lanes } from './registers.js'

/** Of functions that are written out or called; what is missing takes one instruction. */
const light: { readonly [name: string]: number } = {
  div: 4,
  sqrt: 4,
  scale: 7,
  maximum: 4,
  minimum: 4,
  where: 3,
  sign: 7,
  cast: 2
}
const heavy: { readonly [name: string]: number } = {
  exp: 24,
  expOfNegative: 18,
  expm1: 35,
  log: 28,
  log1p: 35,
  tanh: 28,
  sigmoid: 30,
  sin: 35,
  cos: 35,
  tan: 45,
  asin: 40,
  acos: 40,
  atan: 40,
  sinh: 45,
  cosh: 40,
  asinh: 60,
  acosh: 60,
  atanh: 50,
  erf: 55,
  erfc: 60,
  erfinv: 80,
  pow: 100,
  lgamma: 170,
  digamma: 200,
  polygamma: 400,
  atan2: 55,
  hypot: 25
}

/** Exponents for which a power is a product, a quotient or a root. */
const simplePowers: ReadonlySet<number> = new Set([0, 1, 2, -1, 0.5])
const isSimplePower = (exponent: Node): boolean => exponent.kind === 'uniform' && simplePowers.has(exponent.value)

export const instructionsOf = (node: Node, lanes: Lanes): number => {
  switch (node.kind) {
    case 'parameter':
    case 'uniform':
      return 0
    case 'fold':
      return node.name === 'sum' ? 1 : 3
    case 'pointwise':
      if (node.name === 'pow' && isSimplePower(node.operands[1]!)) return 4
      // float64 takes longer polynomials for half as many lanes.
      return light[node.name] ?? (heavy[node.name] ?? 1) * (node.name in heavy && lanes === 2 ? 1.8 : 1)
  }
}
/** Of all values, each once. */
export const instructions = ({ nodes }: Graph, lanes: Lanes): number =>
  nodes.reduce((sum, node) => sum + instructionsOf(node, lanes), 0)

/** Of a value and of all that it needs as far as `stop` does not say that it is there. */
export const instructionsFor = (node: Node, lanes: Lanes, stop: (node: Node) => boolean): number => {
  const seen = new Set<Node>()
  const todo = [node]
  let sum = 0
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (seen.has(next) || (next !== node && stop(next))) continue
    seen.add(next)
    sum += next.kind === 'parameter' ? 1 : instructionsOf(next, lanes)
    todo.push(...operandsOf(next))
  }
  return sum
}
