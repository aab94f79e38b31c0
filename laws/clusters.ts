/** What clusters are: bodies of one of two forms, which code can be made for, and nothing that could be in one is left outside. */
import { type Fused, fusedPrimitive } from '../src/compiler/fused.js'
import { isElementwise, isFold, isLight, isUniformConstant } from '../src/compiler/pass/kind.js'
import { everywhere, type Run } from '../src/compiler/pass/pass.js'
import { type Program, program, trace } from '../src/compiler/program.js'
import { matmulPrimitive } from '../src/primitive/contraction.js'
import { broadcastPrimitive, reshapePrimitive } from '../src/primitive/movement.js'
import { isFloat } from '../src/structure/dtype.js'
import { type Shape, sameShape, withOnes, without } from '../src/structure/shape.js'
import type { Equation, Primitive, Tensor } from '../src/tensor/tensor.js'
import type { EngineCase } from './engine-programs.js'
import { type Law, law } from './law.js'

/** Whether a value has the axes of the space, or what remains of them; `ones` is on the way from the latter to the former. */
type Role = 'streamed' | 'held' | 'ones'

/** The role of what an equation of a nest makes, given those of what it reads; nothing where a nest has no such equation. */
const roleIn = (
  { space, folded }: Pick<Fused, 'space' | 'folded'>,
  { primitive, inputs, outputs, attributes }: Equation,
  roleOf: (x: Tensor, shape: Shape) => Role | undefined
): Role | undefined => {
  const [output] = outputs
  const [first] = inputs.map(x => roleOf(x, output!.shape))
  const ones = withOnes(space, folded)
  if (isElementwise(primitive)) {
    const known = inputs.find(x => !isUniformConstant(x))
    const role = known && roleOf(known, known.shape)
    const isOne = (x: Tensor): boolean =>
      isUniformConstant(x) ? sameShape(x.shape, output!.shape) : roleOf(x, x.shape) === role
    return role !== 'ones' && inputs.every(isOne) ? role : undefined
  }
  if (isFold(primitive))
    return first === 'streamed' && sameShape(attributes as Shape, folded) && folded.length > 0 ? 'held' : undefined
  if (primitive === (reshapePrimitive as Primitive) && first === 'held' && sameShape(output!.shape, ones))
    return sameShape(ones, space) ? 'streamed' : 'ones'
  const lifts = first === 'ones' || (first === 'held' && sameShape(inputs[0]!.shape, ones))
  return primitive === (broadcastPrimitive as Primitive) && lifts && sameShape(output!.shape, space)
    ? 'streamed'
    : undefined
}
const isNest = ({ body, space, folded }: Fused): boolean => {
  const held = without(space, folded)
  const roles = new Map<Tensor, Role>()
  for (const p of body.parameters) {
    if (!sameShape(p.shape, space) && !sameShape(p.shape, held)) return false
    roles.set(p, sameShape(p.shape, space) ? 'streamed' : 'held')
  }
  for (const e of program(body.parameters, body.results).equations) {
    const role = roleIn({ space, folded }, e, x => roles.get(x))
    if (role === undefined) return false
    roles.set(e.outputs[0]!, role)
  }
  return body.results.length > 0 && body.results.every(x => roles.get(x) === 'streamed' || roles.get(x) === 'held')
}
const isProduct = ({ body, space, folded }: Fused): boolean => {
  const [left, right, ...others] = body.parameters
  const [whole, ...more] = body.results
  const { equations } = program(body.parameters, body.results)
  const products = equations.filter(({ primitive }) => primitive === (matmulPrimitive as Primitive))
  const fits = (x: Tensor): boolean => sameShape(x.shape, space) && (x.dtype === whole!.dtype || x.dtype === 'bool')
  return (
    folded.length === 0 &&
    more.length === 0 &&
    isFloat(whole!) &&
    products.length === 1 &&
    products[0]!.inputs[0] === left &&
    products[0]!.inputs[1] === right &&
    others.every(fits) &&
    equations.every(
      ({ primitive, outputs }) => fits(outputs[0]!) && (primitive === products[0]!.primitive || isLight(primitive))
    ) &&
    equations.every(e => e === products[0] || !e.inputs.some(x => x === left || x === right))
  )
}

/** The equations of a program and of the bodies of its controls; those of clusters are not taken apart. */
const equationsOf = ({ equations }: Program): readonly Equation[] =>
  equations.flatMap(e => {
    const { primitive, attributes } = e
    if (primitive.kind !== 'control' || primitive === (fusedPrimitive as Primitive)) return [e]
    return [e, ...primitive.programs(attributes).flatMap(b => equationsOf(program(b.parameters, b.results)))]
  })

/** The laws of a pass that makes clusters. */
export const ofClustering = (run: Run) => {
  const clustered = ({ f, inputs }: EngineCase): readonly Equation[] => equationsOf(everywhere(run)(trace(f)(inputs)))
  return {
    forms: law<EngineCase>('forms', 'each cluster of pass p is a nest or a product', c =>
      clustered(c).every(({ primitive, attributes }) => {
        if (primitive !== (fusedPrimitive as Primitive)) return true
        const fused = attributes as Fused
        return fused.form === 'nest' ? isNest(fused) : isProduct(fused)
      })
    ),
    whole: law<EngineCase>('whole', 'in pass p every element-wise equation and every fold is in a cluster', c =>
      clustered(c).every(({ primitive }) => !isElementwise(primitive) && !isFold(primitive))
    )
  }
}
export const clusterLaws = (run: Run): readonly Law<EngineCase>[] => Object.values(ofClustering(run))
