/** A cluster as a `fused` equation. */

import { add } from '../../primitive/arithmetic.js'
import { broadcast, reshape, sumPrimitive } from '../../primitive/movement.js'
import { isFloat } from '../../structure/dtype.js'
import { type Shape, withOnes, without } from '../../structure/shape.js'
import {
  apply,
  applyControl,
  constant,
  type FirstOrder,
  isExpression,
  isVariable,
  type Tensor,
  type Variable,
  variable
} from '../../tensor/tensor.js'
import { type Fused, fusedPrimitive } from '../fused.js'
import { type Cluster, foldsElements, type Member } from './cluster.js'
import { isFold, isUniformConstant } from './kind.js'

interface Space {
  readonly space: Shape
  readonly folded: readonly number[]
  readonly held: Shape
}

/** The space of a cluster with the axes of size 1 that its equations have. */
const spaceOf = ({ extents, folded }: Cluster, members: readonly Member[]): Space => {
  const first =
    members.find(member => member.streamed && foldsElements(member.equation)) ?? members.find(member => member.streamed)
  const space = first === undefined ? extents : first.equation.inputs[0]!.shape
  if (folded === undefined) return { space, folded: [], held: space }
  if (first !== undefined && foldsElements(first.equation)) {
    const axes = first.equation.attributes as readonly number[]
    return { space, folded: axes, held: without(space, axes) }
  }
  return { space, folded, held: without(space, folded) }
}

/** An equation of one element from one: what a fold of axes of size 1 is. Of −0 a sum is 0, as a sum from 0 on is. */
const foldedAlone = ({ equation: { primitive } }: Member, x: Tensor): Tensor =>
  primitive === (sumPrimitive as unknown) && isFloat(x) ? add(x, 0) : x

/** The results of a cluster that are needed, given what its operands have become. */
export const emitted = (
  cluster: Cluster,
  needed: (x: Tensor) => boolean,
  read: (x: Tensor) => Tensor
): readonly (readonly [Tensor, Tensor])[] => {
  const members = [...cluster.members.values()].sort((a, b) => a.equation.id - b.equation.id)
  const { space, folded, held } = spaceOf(cluster, members)
  const parameters: Variable[] = []
  const operands: Tensor[] = []
  /** Parameters by the operand, and by the shape it is read in. */
  const named = { streamed: new Map<Tensor, Variable>(), held: new Map<Tensor, Variable>() }
  const parameter = (x: Tensor, streamed: boolean): Variable => {
    const names = streamed ? named.streamed : named.held
    const known = names.get(x)
    if (known !== undefined) return known
    const shape = streamed ? space : held
    const name = variable({ shape, dtype: x.dtype })
    parameters.push(name)
    operands.push(reshape(shape)(read(x)))
    names.set(x, name)
    return name
  }
  const values = new Map<Tensor, Tensor>()
  const lifts = new Map<Tensor, Tensor>()
  const lifted = (x: Tensor): Tensor => {
    const known = lifts.get(x) ?? broadcast(space)(reshape(withOnes(space, folded))(x))
    lifts.set(x, known)
    return known
  }
  for (const member of members) {
    const { equation, reads, streamed } = member
    const inside = equation.inputs.map(x => {
      if (isUniformConstant(x)) return constant(streamed ? space : held, x.dtype, x.data)
      const { tensor, source } = reads.find(({ operand }) => operand === x)!
      const maker = cluster.members.get(source)
      if (maker === undefined) return parameter(tensor, streamed)
      const value = values.get(source)!
      return streamed && !(maker.streamed && !foldsElements(maker.equation)) ? lifted(value) : value
    })
    values.set(
      equation.outputs[0]!,
      isFold(equation.primitive)
        ? foldsElements(equation)
          ? apply(equation.primitive as FirstOrder, inside, folded)
          : foldedAlone(member, inside[0]!)
        : apply(equation.primitive as FirstOrder, inside, equation.attributes)
    )
  }
  const results: Tensor[] = []
  const places: (readonly [Tensor, number])[] = []
  const given: (readonly [Tensor, Tensor])[] = []
  for (const x of cluster.members.keys()) {
    if (!needed(x)) continue
    const value = values.get(x)!
    if (isExpression(value)) {
      const known = results.indexOf(value)
      places.push([x, known < 0 ? results.push(value) - 1 : known])
    } else {
      // It is an operand again, or known.
      const whole = isVariable(value) ? operands[parameters.indexOf(value)]! : value
      given.push([x, reshape(x.shape)(whole)])
    }
  }
  if (results.length === 0) return given
  const fused: Fused = { form: 'nest', body: { parameters, results }, space, folded }
  const made = applyControl(fusedPrimitive, operands, fused)
  return [...given, ...places.map(([x, i]): readonly [Tensor, Tensor] => [x, reshape(x.shape)(made[i]!)])]
}
