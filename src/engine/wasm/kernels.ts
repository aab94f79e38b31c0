/** One equation as one kernel: clusters, products, and what goes by number. */
import type { Fused } from '../../compiler/fused.js'
import { matmulPrimitive, type Transposed } from '../../primitive/contraction.js'
import type { Overlap } from '../../primitive/windows.js'
import { range, size } from '../../structure/shape.js'
import { type Equation, isExpression, type Tensor, type Type, type Variable, variable } from '../../tensor/tensor.js'
import { dependents, substitute } from '../../transform/graph.js'
import { type Builder, dense, kernel, room } from './builder.js'
import { fill } from './indexing/fill.js'
import { type IndexingKernel, indexing } from './indexing/indexing.js'
import { overlapAdd } from './indexing/overlap-add.js'
import * as nests from './nest/nest.js'
import * as products from './product/product.js'
import { flipped, permuteView, type View } from './view.js'

export const fusedKernel = (
  to: Builder,
  inputs: readonly View[],
  fused: Fused,
  types: readonly Type[]
): readonly View[] =>
  fused.form === 'nest' ? nestKernel(to, inputs, fused, types) : [withEpilogue(to, inputs, fused, types[0]!)]

const nestKernel = (to: Builder, inputs: readonly View[], fused: Fused, types: readonly Type[]): readonly View[] => {
  const { math, fusedMultiplyAdd } = to.settings
  const outputs = types.map(type => room(to, type))
  const flushSubnormals = types.map(
    (type, result) =>
      to.lasting.has(type as Tensor) &&
      inputs.some((input, i) => input.buffer.kind === 'carried' && nests.decays(fused, i, result))
  )
  const { scratchBytes, cost, code } = nests.planned({ fused, inputs, outputs })
  to.emit(
    kernel({
      name: fused.body.results.map(x => (isExpression(x) ? x.equation.primitive.name : 'value')).join('_'),
      reads: inputs,
      writes: outputs,
      scratch: scratchBytes,
      cost,
      mayOverwrite: (read, write) => nests.mayOverwrite({ fused, inputs }, read, write),
      code: (place, scratch) =>
        code({
          inputs: inputs.map(place),
          outputs: outputs.map(place),
          scratch,
          math,
          fusedMultiplyAdd,
          flushSubnormals
        })
    })
  )
  return outputs
}

/** A matrix product; the operands of an epilogue have the shape of the result. */
export const productKernel = (
  to: Builder,
  left: View,
  right: View,
  type: Type,
  epilogue?: { readonly operands: readonly View[]; readonly code: products.Epilogue }
): View => {
  const { fusedMultiplyAdd, team } = to.settings
  const result = room(to, type)
  const operands = epilogue?.operands ?? []
  const shapes = { left, right, result, operands, fusedMultiplyAdd, ...(team ? { team } : {}) }
  if (products.isDivided(shapes)) to.needs.ring = true
  const overwritten = products.operandsMayBeOverwritten(shapes)
  to.emit(
    kernel({
      name: 'matmul',
      reads: [left, right, ...operands],
      writes: [result],
      scratch: products.scratchBytes(shapes),
      cost: products.cost(shapes),
      mayOverwrite: read => read >= 2 && overwritten,
      code: (place, scratch) =>
        products.product({
          name: 'matmul',
          left: place(left),
          right: place(right),
          result: place(result),
          operands: operands.map(place),
          fusedMultiplyAdd,
          ...(team ? { team } : {}),
          scratch,
          ...(epilogue ? { epilogue: epilogue.code } : {})
        })
    })
  )
  return result
}
/** The operands of a matmul as [m, k] and [k, n]. */
export const factors = (left: View, right: View, transposed: Transposed): readonly [View, View] => [
  transposed.left ? flipped(left) : left,
  transposed.right ? flipped(right) : right
]

/** The one product in a body, and the rest of the body as a function of it. */
const split = ({ body, space }: Fused): { readonly product: Equation; readonly rest: Fused } => {
  const product = dependents(body.results, new Set<Tensor>(body.parameters)).find(e => e.primitive === matmulPrimitive)!
  const whole: Variable = variable(product.outputs[0]!)
  return {
    product,
    rest: {
      form: 'nest',
      space,
      folded: [],
      body: {
        parameters: [whole, ...body.parameters.slice(2)],
        results: substitute(body.results, new Map([[product.outputs[0]!, whole]]))
      }
    }
  }
}
const withEpilogue = (to: Builder, inputs: readonly View[], fused: Fused, type: Type): View => {
  const { product, rest } = split(fused)
  const [left, right] = factors(inputs[0]!, inputs[1]!, product.attributes as Transposed)
  const operands = inputs.slice(2)
  const shapes = { left, right, result: room(to, type), operands, fusedMultiplyAdd: to.settings.fusedMultiplyAdd }
  if (products.epilogueFits(shapes) && product.outputs[0]!.dtype === type.dtype) {
    const code: products.Epilogue = nests.elementwise(rest.body, to.settings)
    return productKernel(to, left, right, type, { operands, code })
  }
  const made = productKernel(to, left, right, product.outputs[0]!)
  return nestKernel(to, [made, ...operands], rest, [type])[0]!
}

/** A rule for a primitive that goes by number: operands side by side, a result of its own. */
export const indexingKernel =
  <A>(name: string, { code, scratchBytes, cost }: IndexingKernel<A>) =>
  (to: Builder, inputs: readonly View[], attributes: A, [type]: readonly Type[]): readonly View[] => {
    const operands = inputs.map(x => dense(to, x))
    const result = room(to, type!)
    to.emit(
      kernel({
        name,
        reads: operands,
        writes: [result],
        scratch: scratchBytes(inputs, attributes),
        cost: cost(inputs, attributes),
        code: (place, scratch) => code({ inputs: operands.map(place), attributes, result: place(result), scratch })
      })
    )
    return [result]
  }
export { indexing }

/**
 * Windows laid over one another. The axes of the result lie in memory in the order of the operand's, whatever order they are counted in: then
 * neighbours are added to neighbours.
 */
export const overlapAddKernel = (
  to: Builder,
  [source]: readonly View[],
  { axis, step, dilation }: Overlap,
  [type]: readonly Type[]
): readonly View[] => {
  const { length } = type!.shape
  const along = range(length).map(a => Math.abs(source!.strides[a <= axis ? a : a + 1]!))
  // What is repeated has no place in memory to follow.
  const order = along.includes(0) ? range(length) : [...range(length)].sort((a, b) => along[b]! - along[a]!)
  const stored = room(to, { shape: order.map(a => type!.shape[a]!), dtype: type!.dtype })
  const result = permuteView(
    range(length).map(a => order.indexOf(a)),
    stored
  )
  to.emit(
    kernel({
      name: 'overlapAdd',
      reads: [source!],
      writes: [result],
      cost: 10 + (size(source!.shape) + size(type!.shape)) / 2,
      code: place => overlapAdd({ source: place(source!), result: place(result), axis, step, dilation })
    })
  )
  return [result]
}

/** Zeros. */
export const zeroFill = (to: Builder, type: Type): View => {
  const result = room(to, type)
  to.emit(
    kernel({
      name: 'fill',
      reads: [],
      writes: [result],
      cost: 5 + size(type.shape) / 4,
      code: place => fill({ result: place(result), value: 0 })
    })
  )
  return result
}
