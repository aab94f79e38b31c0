/** What follows a matrix product and is cheap, as a part of it: a bias, a rectifier, the mask of a gradient. */
import { matmulPrimitive } from '../../primitive/contraction.js'
import { reshape } from '../../primitive/movement.js'
import { isFloat } from '../../structure/dtype.js'
import { sameShape } from '../../structure/shape.js'
import {
  apply,
  applyControl,
  constant,
  type Equation,
  type FirstOrder,
  type Primitive,
  type Tensor,
  variable
} from '../../tensor/tensor.js'
import { type Fused, fusedPrimitive } from '../fused.js'
import { type Cluster, less, type Member } from './cluster.js'
import { isElementwise, isLight, isUniformConstant } from './kind.js'
import { isCluster, type Unit } from './levels.js'
import { extentsOf } from './origin.js'
import type { Readers } from './readers.js'

/** A product and the equations that are done to its elements before they are stored, operands first. */
export interface Product {
  readonly product: Equation
  readonly epilogue: readonly Member[]
}
export const isProduct = (unit: Unit | Product): unit is Product => 'product' in unit

/** More operands and equations would take the registers that the product needs. */
const mostOperands = 4
const mostEquations = 8

const isIdentity = (axes: readonly number[] | undefined): boolean => axes?.every((axis, i) => axis === i) ?? false

/** All of the cluster that a member needs, if a product can do it; the product's elements are read one for one. */
const epilogueOf = (last: Member, product: Equation, cluster: Cluster): ReadonlySet<Member> | undefined => {
  const whole = product.outputs[0]!
  const found = new Set<Member>([last])
  const operands = new Set<Tensor>()
  for (const { equation, reads, streamed } of found) {
    if (!streamed || !isElementwise(equation.primitive) || !isLight(equation.primitive)) return undefined
    for (const { operand, tensor, source, axes } of reads) {
      if (operand.dtype !== whole.dtype && operand.dtype !== 'bool') return undefined
      const maker = cluster.members.get(source)
      if (maker !== undefined) found.add(maker)
      else if (source !== whole) operands.add(tensor)
      else if (!isIdentity(axes)) return undefined
    }
    if (found.size > mostEquations || operands.size > mostOperands) return undefined
  }
  return found
}

/** The part of a cluster that goes to the product whose result it reads: it ends with a value that is stored anyway. */
const attached = (
  product: Equation,
  cluster: Cluster,
  readers: Readers,
  isStored: (x: Tensor) => boolean
): readonly Member[] | undefined => {
  const whole = product.outputs[0]!
  const candidates = [...cluster.members.values()].sort((a, b) => b.equation.id - a.equation.id)
  for (const last of candidates) {
    const output = last.equation.outputs[0]!
    if (output.dtype !== whole.dtype || !isStored(output)) continue
    const found = epilogueOf(last, product, cluster)
    if (found === undefined) continue
    const equations = new Set([...found].map(member => member.equation))
    const alone = [whole, ...[...found].flatMap(({ equation }) => (equation === last.equation ? [] : equation.outputs))]
    if (alone.every(x => !readers.isReturned(x) && readers.of(x).every(e => equations.has(e))))
      return [...found].sort((a, b) => a.equation.id - b.equation.id)
  }
  return undefined
}

/** Products take what they can of the clusters behind them. */
export const withEpilogues = (
  units: readonly Unit[],
  readers: Readers,
  isStored: (x: Tensor) => boolean
): readonly (Unit | Product)[] => {
  const products = new Map<Tensor, Equation>()
  for (const unit of units) {
    if (isCluster(unit) || unit.alone.primitive !== (matmulPrimitive as Primitive)) continue
    const whole = unit.alone.outputs[0]!
    if (isFloat(whole) && !readers.isReturned(whole)) products.set(whole, unit.alone)
  }
  if (products.size === 0) return units
  const taken = new Map<Unit, readonly (Unit | Product)[]>()
  const gone = new Set<Equation>()
  for (const unit of units) {
    if (!isCluster(unit)) continue
    const product = [...unit.operands.values()].map(x => products.get(x)).find(e => e !== undefined && !gone.has(e))
    if (product === undefined || !sameShape(unit.extents, extentsOf(product.outputs[0]!.shape))) continue
    const epilogue = attached(product, unit, readers, isStored)
    if (epilogue === undefined) continue
    gone.add(product)
    const rest = less(unit, epilogue)
    taken.set(unit, [{ product, epilogue }, ...(rest === undefined ? [] : [rest])])
  }
  return units.flatMap(unit => (!isCluster(unit) && gone.has(unit.alone) ? [] : (taken.get(unit) ?? [unit])))
}

/** The result of a product with its epilogue, given what its operands have become. */
export const emittedProduct = (
  { product, epilogue }: Product,
  read: (x: Tensor) => Tensor
): readonly (readonly [Tensor, Tensor])[] => {
  const whole = product.outputs[0]!
  const operands = product.inputs.map(read)
  const parameters = operands.map(variable)
  const values = new Map<Tensor, Tensor>([
    [whole, apply(product.primitive as FirstOrder, parameters.slice(), product.attributes)]
  ])
  const names = new Map<Tensor, Tensor>()
  const parameter = (x: Tensor): Tensor => {
    const known = names.get(x)
    if (known !== undefined) return known
    const operand = reshape(whole.shape)(read(x))
    const name = variable(operand)
    operands.push(operand)
    parameters.push(name)
    names.set(x, name)
    return name
  }
  for (const { equation, reads } of epilogue) {
    const inputs = equation.inputs.map(x => {
      if (isUniformConstant(x)) return constant(whole.shape, x.dtype, x.data)
      const { tensor, source } = reads.find(({ operand }) => operand === x)!
      return values.get(source) ?? parameter(tensor)
    })
    values.set(equation.outputs[0]!, apply(equation.primitive as FirstOrder, inputs, equation.attributes))
  }
  const last = epilogue[epilogue.length - 1]!.equation.outputs[0]!
  const fused: Fused = {
    form: 'product',
    body: { parameters, results: [values.get(last)!] },
    space: whole.shape,
    folded: []
  }
  const [made] = applyControl(fusedPrimitive, operands, fused)
  return [[last, reshape(last.shape)(made!)]]
}
