/**
 * Permutes moved to where they cost nothing: into the flags of products, behind sums, and through element-wise equations to what these are made of, where
 * they meet other permutes or views of parameters. An element-wise equation between two permutes would be a nest of its own otherwise.
 */
import { matmul, matmulPrimitive, type Transposed } from '../../primitive/contraction.js'
import { amaxPrimitive, aminPrimitive } from '../../primitive/extremum.js'
import { permute, permutePrimitive, sumPrimitive } from '../../primitive/movement.js'
import { range, sameShape } from '../../structure/shape.js'
import {
  apply,
  constant,
  type Equation,
  type FirstOrder,
  isExpression,
  type Primitive,
  reapply,
  type Tensor
} from '../../tensor/tensor.js'
import type { Program } from '../program.js'
import { isElementwise, isFold, isUniformConstant } from './kind.js'
import { type Pass, untilStill } from './pass.js'
import { rewrite } from './rewrite.js'
import { type ReadOnce, rule } from './rule.js'
import { madeBy } from './view-rules.js'

type Axes = readonly number[]

/** The last two axes exchanged. */
const exchange = (rank: number): Axes => [...range(rank - 2), rank - 1, rank - 2]

/** Rows and columns of a product exchanged are the product of its operands the other way round: the same numbers multiplied and added in the same order. */
const ofProduct = (x: Tensor, axes: Axes, readOnce: ReadOnce): Tensor | undefined => {
  const product = madeBy(matmulPrimitive, x)
  if (product === undefined || !sameShape(axes, exchange(axes.length)) || !readOnce(x)) return undefined
  const { left, right } = product.attributes as Transposed
  const [a, b] = product.inputs
  return matmul({ left: !right, right: !left })(b!, a!)
}

/** A fold of a permute is a permute of a fold where the folded axes keep their order: each result is made of the same elements in the same order. */
const ofPermuted = ({ primitive, attributes, inputs }: Equation, readOnce: ReadOnce): Tensor | undefined => {
  const moved = madeBy(permutePrimitive, inputs[0]!)
  if (moved === undefined) return undefined
  const [axes, folded] = [moved.attributes as Axes, attributes as Axes]
  const source = moved.inputs[0]!
  const kept = range(axes.length).filter(axis => !folded.includes(axis))
  const places = range(axes.length)
    .filter(axis => folded.includes(axis))
    .map(axis => axes[axis]!)
  const long = places.filter(axis => source.shape[axis] !== 1)
  if (long.some((axis, i) => i > 0 && axis < long[i - 1]!)) return undefined
  const remaining = range(axes.length).filter(axis => !places.includes(axis))
  const order = kept.map(axis => remaining.indexOf(axes[axis]!))
  if (!readOnce(inputs[0]!) && order.some((place, i) => place !== i)) return undefined
  return permute(order)(
    apply(
      primitive as FirstOrder,
      [source],
      [...places].sort((a, b) => a - b)
    )
  )
}

const rules = new Map([
  rule(permutePrimitive, ([x], axes: Axes, readOnce) => ofProduct(x!, axes, readOnce)),
  ...[sumPrimitive, amaxPrimitive, aminPrimitive].map(fold =>
    rule(fold, (_, __, readOnce, e) => ofPermuted(e, readOnce))
  )
])

/** Whether an equation could be in a cluster with what it reads. */
const canJoin = ({ primitive }: Equation): boolean => isElementwise(primitive) || isFold(primitive)
const isPermute = (x: Tensor): boolean => madeBy(permutePrimitive, x) !== undefined

/** Element-wise equations that are only read through one and the same permute, or by others like that, where it stands in the way. */
const turns = ({ equations, results }: Program): ReadonlyMap<Equation, Axes> => {
  const found = new Map<Equation, Axes>()
  if (!equations.some(e => e.primitive === (permutePrimitive as Primitive))) return found
  /** What all readers so far want; nothing if they want nothing, or not the same. */
  const wanted = new Map<Tensor, Axes | undefined>(results.map(x => [x, undefined]))
  const joined = new Set<Tensor>()
  const want = (x: Tensor, axes: Axes | undefined): void => {
    const before = wanted.get(x)
    const alike = !wanted.has(x) || (before !== undefined && axes !== undefined && sameShape(before, axes))
    wanted.set(x, alike ? axes : undefined)
  }
  for (let i = equations.length - 1; i >= 0; i--) {
    const e = equations[i]!
    const [output] = e.outputs
    if (isPermute(output!)) {
      const [x] = e.inputs
      const between = joined.has(output!) || (isExpression(x!) && x.equation.inputs.some(isPermute))
      want(x!, between ? (e.attributes as Axes) : undefined)
      continue
    }
    const turn = isElementwise(e.primitive) ? wanted.get(output!) : undefined
    if (turn !== undefined) found.set(e, turn)
    for (const x of e.inputs) {
      want(x, turn)
      if (canJoin(e)) joined.add(x)
    }
  }
  return found
}
const permuted = (axes: Axes, x: Tensor): Tensor =>
  isUniformConstant(x)
    ? constant(
        axes.map(axis => x.shape[axis]!),
        x.dtype,
        x.data
      )
    : permute(axes)(x)

/** Each such equation on permuted operands. For as long as the walk takes its tensor stands for one of another shape, which all its readers know. */
const turn = (p: Program): Program => {
  const found = turns(p)
  if (found.size === 0) return p
  const isTurned = (x: Tensor): boolean => isExpression(x) && found.has(x.equation)
  return rewrite(p, (e, inputs) => {
    const axes = found.get(e)
    if (axes !== undefined) {
      const operands = inputs.map((x, i) => (isTurned(e.inputs[i]!) ? x : permuted(axes, x)))
      return [apply(e.primitive as FirstOrder, operands, e.attributes)]
    }
    return isPermute(e.outputs[0]!) && isTurned(e.inputs[0]!) ? inputs : undefined
  })
}

export const layout: Pass = {
  name: 'layout',
  statement: 'permutes go into flags of products, behind folds and before element-wise equations, bit for bit',
  run: untilStill(p =>
    turn(
      rewrite(p, (e, inputs, readOnce) => {
        const rewritten = rules.get(e.primitive)
        if (rewritten === undefined) return undefined
        const [again] = inputs === e.inputs ? e.outputs : reapply(e, inputs)
        // What an operand has become may have made it another equation.
        const whole = again!
        const next =
          isExpression(whole) && whole.equation.primitive === e.primitive
            ? rewritten(whole.equation.inputs, whole.equation.attributes, readOnce, whole.equation)
            : undefined
        return next === undefined && whole === e.outputs[0] ? undefined : [next ?? whole]
      })
    )
  )
}
