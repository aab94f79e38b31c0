/** Forward mode: every expression means a pair, its primal and its tangent. */
import { add } from '../primitive/arithmetic.js'
import { ofType } from '../primitive/movement.js'
import { isFloat } from '../structure/dtype.js'
import { mistake } from '../structure/mistake.js'
import {
  apply,
  type Equation,
  type Linear,
  type Many,
  orZeros,
  reapply,
  type Tangent,
  type Tensor,
  type Type,
  type Variable,
  variable
} from '../tensor/tensor.js'
import { tracing } from '../tensor/tracing.js'
import { entries, leaves, matching, refill } from '../tensor/tree.js'
import { interpret, substitute } from './graph.js'

export interface Dual {
  readonly primal: Tensor
  readonly tangent: Tangent
}
export const addTangents = (a: Tangent, b: Tangent): Tangent => (a && b ? add(a, b) : (a ?? b))

const pushLinear = (
  primitive: Linear<Many, unknown>,
  inputs: Many,
  tangents: readonly Tangent[],
  attributes: unknown
): Tangent => {
  const { linearIn } = primitive
  const operands = inputs.flatMap((_, i) => (linearIn === 'all' || linearIn.includes(i) ? [i] : []))
  const moving = operands.filter(i => tangents[i] !== undefined)
  if (moving.length === 0) return undefined
  if (moving.length === 1 && primitive.along)
    return primitive.along(moving[0]!, tangents[moving[0]!]!, inputs, attributes)
  return apply(
    primitive,
    inputs.map((x, i) => (operands.includes(i) ? orZeros(tangents[i], x) : x)),
    attributes
  )
}

const tangentOf = (e: Equation, inputs: Many, tangents: readonly Tangent[], output: Tensor): Tangent => {
  const { primitive, attributes } = e
  if (!isFloat(output)) return undefined
  switch (primitive.kind) {
    case 'linear':
      return pushLinear(primitive, inputs, tangents, attributes)
    case 'multilinear':
      return tangents.reduce<Tangent>(
        (total, t, i) =>
          t
            ? addTangents(
                total,
                apply(
                  primitive,
                  inputs.map((x, j) => (i === j ? t : x)),
                  attributes
                )
              )
            : total,
        undefined
      )
    case 'smooth':
      return primitive.jvp(tangents, inputs, output, attributes)
    case 'locallyConstant':
    case 'control':
      return undefined
  }
}
const pushEquation = (e: Equation, duals: readonly Dual[]): readonly Dual[] => {
  const inputs = duals.map(dual => dual.primal)
  const tangents = duals.map(dual => dual.tangent)
  const moving = tangents.some(t => t !== undefined)
  if (moving && e.primitive.kind === 'control') {
    const [outputs, push] = e.primitive.linearize(
      inputs,
      tangents.map(t => t !== undefined),
      e.attributes
    )
    const pushed = push(tangents)
    return outputs.map((primal, i) => ({ primal, tangent: isFloat(primal) ? pushed[i] : undefined }))
  }
  return reapply(e, inputs).map(primal => ({
    primal,
    tangent: moving ? tangentOf(e, inputs, tangents, primal) : undefined
  }))
}
export const pushForward = (roots: Many, seeds: ReadonlyMap<Tensor, Dual>): readonly Dual[] =>
  interpret(roots, seeds, { independent: primal => ({ primal, tangent: undefined }), equation: pushEquation })

/** A function's result on unknowns: what every transformation starts from. */
export interface Traced<B> {
  readonly variables: readonly Variable[]
  readonly tree: B
  readonly roots: Many
}
export const trace = <A, B>(
  operation: string,
  f: (x: A) => B,
  x: A,
  types: readonly Type[] = leaves(x, operation)
): Traced<B> => {
  const variables = types.map(variable)
  const tree = tracing(() => f(refill(x, variables) as A))
  return { variables, tree, roots: leaves(tree, operation) }
}

/** Tangents for the leaves of x, checked against them; none for leaves that are not floating. */
export const tangentsFor = (operation: string, x: unknown, tangent: unknown): readonly Tangent[] => {
  const primals = leaves(x)
  return matching(operation, x, tangent).map((t, i) =>
    isFloat(primals[i]!) ? ofType(primals[i]!, operation)(t) : undefined
  )
}

/**
 * Forward mode: the value at x, and the derivative there in one direction, `J v`: `jax.jvp`.
 *
 * One walk computes both; the cost is that of a few evaluations, whatever the size of x.
 *
 * @throws a Mistake if the tangent is not a tree like x, with its shapes and dtypes
 *
 * @example
 * import { jvp, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [value, slope] = jvp((x: Tensor.Tensor<[2]>) => Tensor.square(x))(Tensor.tensor([2, 3]), Tensor.tensor([1, 10]))
 * deepStrictEqual([Tensor.toArray(value), Tensor.toArray(slope)], [[4, 9], [4, 60]])
 */
export const jvp =
  <A, B>(f: (x: A) => B) =>
  (x: A, tangent: A): readonly [B, B] => {
    const points = leaves(x, 'jvp')
    const directions = tangentsFor('jvp', x, tangent)
    const { variables, tree, roots } = trace('jvp', f, x, points)
    const duals = pushForward(
      roots,
      new Map(variables.map((v, i) => [v, { primal: points[i]!, tangent: directions[i] }]))
    )
    return [
      refill(
        tree,
        duals.map(dual => dual.primal)
      ) as B,
      refill(
        tree,
        duals.map(dual => orZeros(dual.tangent, dual.primal))
      ) as B
    ]
  }

/** The value at x, and the derivative there as an expression in tangent variables: its coefficients are known if x is. */
export interface Linearized<B> {
  readonly value: B
  readonly primals: Many
  /** A tangent variable for each leaf of x that is floating. */
  readonly directions: readonly (Variable | undefined)[]
  readonly tangents: readonly Tangent[]
}
export const linearizeAt = <A, B>(operation: string, f: (x: A) => B, x: A): Linearized<B> => {
  const { variables, tree, roots } = trace(operation, f, x)
  const points = leaves(x)
  const directions = points.map(p => (isFloat(p) ? variable(p) : undefined))
  const duals = pushForward(
    roots,
    new Map(variables.map((v, i) => [v, { primal: points[i]!, tangent: directions[i] }]))
  )
  const primals = duals.map(dual => dual.primal)
  return { value: refill(tree, primals) as B, primals, directions, tangents: duals.map(dual => dual.tangent) }
}

/**
 * The value at x, and the derivative there as a linear function that can be applied many times: `jax.linearize`.
 *
 * What the derivative needs of x is computed once.
 *
 * @example
 * import { linearize, Tensor } from 'cotangent'
 * import { deepStrictEqual } from 'node:assert'
 *
 * const [value, push] = linearize((x: Tensor.Tensor<[]>) => Tensor.square(x))(Tensor.scalar(3))
 * deepStrictEqual([value, push(Tensor.scalar(1)), push(Tensor.scalar(10))].map(Tensor.item), [9, 6, 60])
 */
export const linearize =
  <A, B>(f: (x: A) => B) =>
  (x: A): readonly [B, (tangent: A) => B] => {
    const { value, primals, directions, tangents } = linearizeAt('linearize', f, x)
    return [
      value,
      tangent => {
        const given = tangentsFor('linearize', x, tangent)
        const seeds = new Map<Tensor, Tensor>()
        directions.forEach((direction, i) => {
          if (direction) seeds.set(direction, orZeros(given[i], direction))
        })
        return refill(
          value,
          substitute(
            tangents.map((t, i) => orZeros(t, primals[i]!)),
            seeds
          )
        ) as B
      }
    ]
  }

/** Every leaf must be floating: an integer has no neighbours to differ from. */
export const checkDifferentiable = (operation: string, tree: unknown): void => {
  leaves(tree, operation)
  for (const [path, leaf] of entries(tree)) {
    if (!isFloat(leaf)) {
      throw mistake(
        'NotDifferentiable',
        operation,
        `cannot differentiate with respect to ${path.length > 0 ? `'${path.join('.')}', ` : ''}a tensor of ${leaf.dtype}; cast it to float32 or float64, or pass it as a further argument`
      )
    }
  }
}
